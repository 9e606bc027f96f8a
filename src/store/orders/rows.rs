//! The rows facts of sales are kept in, and how they are read: packed, for posting reads them by the hundred thousand.

use crate::domain::calendar::{Day, Instant};
use crate::store::StoreError;
use crate::store::packed::{Packed, Unpacked, packed};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    pub order_id: i64,
    pub shop_id: i64,
    pub order_no: String,
    pub updated_at: Instant,
    pub created_at: Instant,
    pub created_on: Day,
    pub paid_at: Option<Instant>,
    pub paid_on: Option<Day>,
    pub completed_at: Option<Instant>,
    pub completed_on: Option<Day>,
    pub status: String,
    pub platform_status: String,
    pub buyer_freight_fen: i64,
    pub shop_coupon_fen: i64,
    pub platform_coupon_fen: i64,
    pub anchor_coupon_fen: i64,
    pub province: String,
    pub buyer_hash: String,
    pub paid_event_id: i64,
    pub evidence_mark: i64,
}

impl Packed for OrderRow {
    fn columns() -> String {
        packed!("o.order_id", "o.shop_id", "o.updated_at", "o.created_at", "o.created_on", "o.status", "o.buyer_freight_fen", "o.shop_coupon_fen", "o.platform_coupon_fen", "o.anchor_coupon_fen", "o.buyer_hash", "o.paid_event_id", "o.evidence_mark", "o.order_no", "o.platform_status", "o.province"; "o.paid_at", "o.paid_on", "o.completed_at", "o.completed_on").to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            order_id: of.number()?,
            shop_id: of.number()?,
            updated_at: of.instant()?,
            created_at: of.instant()?,
            created_on: of.day()?,
            status: of.text()?.to_owned(),
            buyer_freight_fen: of.number()?,
            shop_coupon_fen: of.number()?,
            platform_coupon_fen: of.number()?,
            anchor_coupon_fen: of.number()?,
            buyer_hash: of.text()?.to_owned(),
            paid_event_id: of.number()?,
            evidence_mark: of.number()?,
            order_no: of.text()?.to_owned(),
            platform_status: of.text()?.to_owned(),
            province: of.text()?.to_owned(),
            paid_at: of.optional_instant()?,
            paid_on: of.optional_day()?,
            completed_at: of.optional_instant()?,
            completed_on: of.optional_day()?,
        })
    }
}

/// What posting needs of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderNumbers {
    pub order_id: i64,
    pub shop_id: i64,
    pub created_on: Day,
    pub paid_at: Option<Instant>,
    pub paid_on: Option<Day>,
    pub buyer_freight_fen: i64,
    pub shop_coupon_fen: i64,
    pub platform_coupon_fen: i64,
    pub anchor_coupon_fen: i64,
    pub paid_event_id: i64,
}

impl Packed for OrderNumbers {
    fn columns() -> String {
        packed!(
            "o.order_id", "o.shop_id", "o.created_on", "o.buyer_freight_fen", "o.shop_coupon_fen",
            "o.platform_coupon_fen", "o.anchor_coupon_fen", "o.paid_event_id"; "o.paid_at", "o.paid_on"
        )
        .to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            order_id: of.number()?,
            shop_id: of.number()?,
            created_on: of.day()?,
            buyer_freight_fen: of.number()?,
            shop_coupon_fen: of.number()?,
            platform_coupon_fen: of.number()?,
            anchor_coupon_fen: of.number()?,
            paid_event_id: of.number()?,
            paid_at: of.optional_instant()?,
            paid_on: of.optional_day()?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    pub line_id: i64,
    pub order_id: i64,
    pub shop_id: i64,
    pub line_no: String,
    pub sku_id: i64,
    pub pieces: i64,
    pub list_fen: i64,
    pub shop_coupon_fen: i64,
    pub platform_coupon_fen: i64,
    pub anchor_coupon_fen: i64,
    pub live_room_no: String,
    pub author_no: String,
    pub replaced: bool,
}

impl Packed for LineRow {
    fn columns() -> String {
        packed!("l.line_id", "l.order_id", "l.shop_id", "l.sku_id", "l.pieces", "l.list_fen", "l.shop_coupon_fen", "l.platform_coupon_fen", "l.anchor_coupon_fen", "l.replaced", "l.line_no", "l.live_room_no", "l.author_no"; ).to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            line_id: of.number()?,
            order_id: of.number()?,
            shop_id: of.number()?,
            sku_id: of.number()?,
            pieces: of.number()?,
            list_fen: of.number()?,
            shop_coupon_fen: of.number()?,
            platform_coupon_fen: of.number()?,
            anchor_coupon_fen: of.number()?,
            replaced: of.flag()?,
            line_no: of.text()?.to_owned(),
            live_room_no: of.text()?.to_owned(),
            author_no: of.text()?.to_owned(),
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRow {
    pub refund_id: i64,
    pub shop_id: i64,
    pub refund_no: String,
    pub order_id: i64,
    pub order_no: String,
    pub line_no: String,
    pub updated_at: Instant,
    pub status: String,
    pub platform_status: String,
    pub status_unknown: bool,
    pub refund_fen: i64,
    pub freight_fen: Option<i64>,
    pub subsidy_back_fen: i64,
    pub refunded_at: Option<Instant>,
    pub refunded_on: Option<Day>,
    pub day_inferred: bool,
    pub outcome: String,
    pub pieces: i64,
    pub resent_pieces: i64,
    pub reason: String,
    pub evidence_mark: i64,
}

impl Packed for RefundRow {
    fn columns() -> String {
        packed!("r.refund_id", "r.shop_id", "r.order_id", "r.updated_at", "r.status", "r.status_unknown", "r.refund_fen", "r.subsidy_back_fen", "r.day_inferred", "r.outcome", "r.pieces", "r.resent_pieces", "r.evidence_mark", "r.refund_no", "r.order_no", "r.line_no", "r.platform_status", "r.reason"; "r.freight_fen", "r.refunded_at", "r.refunded_on").to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            refund_id: of.number()?,
            shop_id: of.number()?,
            order_id: of.number()?,
            updated_at: of.instant()?,
            status: of.text()?.to_owned(),
            status_unknown: of.flag()?,
            refund_fen: of.number()?,
            subsidy_back_fen: of.number()?,
            day_inferred: of.flag()?,
            outcome: of.text()?.to_owned(),
            pieces: of.number()?,
            resent_pieces: of.number()?,
            evidence_mark: of.number()?,
            refund_no: of.text()?.to_owned(),
            order_no: of.text()?.to_owned(),
            line_no: of.text()?.to_owned(),
            platform_status: of.text()?.to_owned(),
            reason: of.text()?.to_owned(),
            freight_fen: of.optional_number()?,
            refunded_at: of.optional_instant()?,
            refunded_on: of.optional_day()?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementRow {
    pub settlement_id: i64,
    pub shop_id: i64,
    pub statement_no: String,
    pub order_id: i64,
    pub order_no: String,
    pub line_no: String,
    pub settled_at: Instant,
    pub settled_on: Day,
    pub goods_fen: i64,
    pub freight_fen: i64,
    pub subsidy_fen: i64,
    pub refund_fen: i64,
    pub platform_fen: i64,
    pub anchor_fen: i64,
    pub evidence_mark: i64,
}

impl Packed for SettlementRow {
    fn columns() -> String {
        packed!("s.settlement_id", "s.shop_id", "s.order_id", "s.settled_at", "s.settled_on", "s.goods_fen", "s.freight_fen", "s.subsidy_fen", "s.refund_fen", "s.platform_fen", "s.anchor_fen", "s.evidence_mark", "s.statement_no", "s.order_no", "s.line_no"; ).to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            settlement_id: of.number()?,
            shop_id: of.number()?,
            order_id: of.number()?,
            settled_at: of.instant()?,
            settled_on: of.day()?,
            goods_fen: of.number()?,
            freight_fen: of.number()?,
            subsidy_fen: of.number()?,
            refund_fen: of.number()?,
            platform_fen: of.number()?,
            anchor_fen: of.number()?,
            evidence_mark: of.number()?,
            statement_no: of.text()?.to_owned(),
            order_no: of.text()?.to_owned(),
            line_no: of.text()?.to_owned(),
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    pub event_id: i64,
    pub order_id: i64,
    pub line_id: i64,
    pub kind: String,
    pub happened_on: Day,
    pub quantity: i64,
}

impl Packed for EventRow {
    fn columns() -> String {
        packed!("v.event_id", "v.order_id", "v.line_id", "v.kind", "v.happened_on", "v.quantity"; ).to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            event_id: of.number()?,
            order_id: of.number()?,
            line_id: of.number()?,
            kind: of.text()?.to_owned(),
            happened_on: of.day()?,
            quantity: of.number()?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributionRow {
    pub line_id: i64,
    pub version_id: i64,
    pub batch_id: i64,
    pub stream_id: i64,
    pub rule: String,
    pub bulk: bool,
    pub actor: String,
    pub reason: String,
}

impl Packed for AttributionRow {
    fn columns() -> String {
        packed!("a.line_id", "a.version_id", "a.batch_id", "a.stream_id", "a.rule", "a.bulk", "a.actor", "a.reason"; )
            .to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            line_id: of.number()?,
            version_id: of.number()?,
            batch_id: of.number()?,
            stream_id: of.number()?,
            rule: of.text()?.to_owned(),
            bulk: of.flag()?,
            actor: of.text()?.to_owned(),
            reason: of.text()?.to_owned(),
        })
    }
}
