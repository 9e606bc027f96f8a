//! What is known of one order, as the ledger sees it: money, pieces, events. No platform words, no storage.
//!
//! The order is the unit because its lines depend on one another: order-level coupons, freight and parcels are
//! split over them. Amounts are fen, weights grams, days Asia/Shanghai, rates basis points.

use super::book::{BatchId, Known};
use crate::domain::calendar::Day;
use crate::domain::regions::RegionCode;

/// One order with everything known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFacts {
    /// Row id of the order.
    pub order_id: i64,
    /// The shop it was sold in.
    pub shop_id: i64,
    /// Lines, by `line_id`.
    pub lines: Vec<LineFacts>,
    /// Coupons known only for the order, split over the lines, each kind by itself.
    pub order_coupons: Coupons,
    /// Freight the buyer paid, split over the lines.
    pub buyer_freight_fen: i64,
    /// What happened, in any order; without [`EventKind::Paid`] nothing is posted.
    pub events: Vec<Event>,
}

/// Reductions of the list price by who bears them. Only the shop's own lowers what reaches the shop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coupons {
    pub shop_fen: i64,
    pub platform_fen: i64,
    pub anchor_fen: i64,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFacts {
    pub line_id: i64,
    pub pieces: i64,
    /// Price × pieces, before every coupon.
    pub list_fen: i64,
    /// Coupons the platform states for the line itself, beside the order's.
    pub coupons: Coupons,
    /// The listing this SKU is mapped to, and its product.
    pub listing: Option<Listing>,
    /// Which stream sold it.
    pub attribution: Attribution,
    /// The day the goods left the farmer, where it is known without a lot; else the pay day prices them.
    pub intake_on: Option<Day>,
    /// Which tickets its goods came from, by household and ticket; none where they do not come from lots.
    pub draws: Vec<Draw>,
}

/// A part of a line's goods and the ticket it was drawn from (`domain::draws`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    pub ticket_id: i64,
    pub farmer_id: i64,
    pub village_code: RegionCode,
    pub drawn_g: i64,
    /// The day the lot was weighed in: it prices these goods.
    pub intake_on: Day,
    /// Purchase: what was agreed when they were; 0 = as the terms say.
    pub agreed_fen_per_kg: i64,
    /// The operator bought them at that price: whatever terms sell them, it is what they bring the household.
    pub bought: bool,
    pub batch_id: BatchId,
    /// Made when the line had been posted without it.
    pub late: bool,
}

impl Draw {
    /// A draw is made with its line, and a line that arrives late brings its own; only one that was added later can be
    /// news to a lock.
    pub fn is_known(&self, known: Known) -> bool {
        !self.late || known.includes(self.batch_id)
    }
}

/// A listing and the product it never leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    pub listing_id: i64,
    pub product_id: i64,
}

/// The stream a line belongs to, with its place and seller; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribution {
    pub stream_id: i64,
    pub room_id: i64,
    pub anchor_id: i64,
    pub class: Class,
}

impl Attribution {
    /// 非直播: sold outside every stream.
    pub const NONE: Self = Self { stream_id: 0, room_id: 0, anchor_id: 0, class: Class::Other };
}

/// Whether a line stands inside the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A stream in a Red Livestream Room, or by a certified Red Anchor.
    Red,
    /// A supervised trainee's stream in a Red Livestream Room: counted, shown apart.
    RedSupervised,
    /// Attribution by shelf and time, not yet confirmed by a person.
    Inferred,
    /// 以购代捐: bulk buying by work units.
    Bulk,
    /// Everything else.
    Other,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 5] = [Self::Red, Self::RedSupervised, Self::Inferred, Self::Bulk, Self::Other];

    /// As stored and printed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::RedSupervised => "red_supervised",
            Self::Inferred => "inferred",
            Self::Bulk => "bulk",
            Self::Other => "other",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.key() == key)
    }

    /// Counted in the headline.
    pub const fn in_headline(self) -> bool {
        matches!(self, Self::Red | Self::RedSupervised)
    }
}

/// Something that happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Orders events of one moment; unique in the county.
    pub id: i64,
    pub on: Day,
    /// Second of the day, 0 where only the day is known.
    pub second: u32,
    pub kind: EventKind,
}

/// What happened. `line_id: None` means the source knows it only for the whole order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// The buyer paid.
    Paid,
    /// A refund succeeded; negative when the platform brought one back (追缴).
    Refund {
        line_id: Option<i64>,
        refund_fen: i64,
        /// The part that is freight, where the platform says so; else goods first, freight when they are used up.
        freight_fen: Option<i64>,
        /// Subsidy the platform says it takes back with this refund.
        subsidy_back_fen: i64,
        outcome: Outcome,
        /// Pieces the outcome concerns.
        pieces: i64,
    },
    /// One statement row.
    Settled {
        line_id: Option<i64>,
        goods_fen: i64,
        freight_fen: i64,
        subsidy_fen: i64,
        refund_fen: i64,
        platform_fen: i64,
        anchor_fen: i64,
    },
    /// 推定结算: the shop's "settled after N days" was reached.
    Inferred,
    /// The number of parcels the order really took.
    Parcels { parcels: i64 },
    /// Goods sent once more without money.
    Resend { line_id: i64, pieces: i64 },
    /// Money paid to the buyer outside sales and refunds (小额打款, 消费者赔付).
    Compensation { line_id: i64, fen: i64 },
}

impl EventKind {
    /// As stored in `ledger_entry.event_kind`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Refund { .. } => "refund",
            Self::Settled { .. } => "settled",
            Self::Inferred => "inferred",
            Self::Parcels { .. } => "parcels",
            Self::Resend { .. } => "resend",
            Self::Compensation { .. } => "offplatform_compensation",
        }
    }
}

/// What became of refunded goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    NeverLeft,
    /// Came back saleable.
    Returned,
    Lost,
    /// Money only: bad fruit, price protection.
    Kept,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 4] = [Self::NeverLeft, Self::Returned, Self::Lost, Self::Kept];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NeverLeft => "never_left",
            Self::Returned => "returned",
            Self::Lost => "lost",
            Self::Kept => "kept",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.key() == key)
    }
}
