//! What a source says: orders, refunds and statement rows as the product understands them, whatever platform or file
//! they came from.
//!
//! A record carries its evidence: the source's own answer, scrubbed by an allow-list (a field not named is dropped),
//! as canonical JSON. Buyers' names, phones and addresses never reach a record; province and the platform's buyer id
//! do, and the id is hashed with the county's key before it is stored.
//!
//! Rule: a source declares what it knows. Absent is `None`, never zero, so that a file without refunds cannot undo
//! refunds that an interface delivered.
//!
//! Not here: how a platform's answer becomes a record (`platforms::*::convert`), what is stored (`ingest`).

use super::calendar::Instant;
use super::lang::in_both;
use super::ledger::facts::{Coupons, Outcome};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Ending of the number of a line that stands for a whole order, or for a piece of one, until its real lines come.
pub const STAND_IN: &str = "#order";
/// Ending of the number of a refund known only as a sum: it yields to those stated by themselves.
pub const CUMULATIVE: &str = "#total";
/// Beginning of the numbers of statement rows that come from files: an interface numbers the same movements otherwise.
pub const FILE_STATEMENT: &str = "file:";

/// A record with the scrubbed answer it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidenced<T> {
    pub record: T,
    /// Scrubbed canonical JSON; shared with whoever packs it.
    pub evidence: Arc<str>,
    /// Of the evidence.
    pub sha256: [u8; 32],
}

impl<T> Evidenced<T> {
    /// A record with its evidence.
    pub fn new(record: T, evidence: String) -> Self {
        let sha256 = Sha256::digest(evidence.as_bytes()).into();
        Self { record, evidence: evidence.into(), sha256 }
    }

    /// The first eight bytes of the hash, which the fact keeps: evidence that has not changed says nothing new.
    pub fn mark(&self) -> i64 {
        let head = self.sha256.first_chunk::<8>().expect("a sha256 has 32 bytes");
        i64::from_be_bytes(*head)
    }

    /// The same evidence of what is made of the record.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Evidenced<U> {
        let Self { record, evidence, sha256 } = self;
        Evidenced { record: make(record), evidence, sha256 }
    }
}

/// A record that could not be understood; kept, counted and shown, never guessed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The platform's number of the record, or where it stood ([`row_no`]).
    pub record_no: String,
    /// Why, for a person, in both languages.
    pub reason: String,
    /// The scrubbed record.
    pub evidence: String,
}

/// How a record is called that cannot say its number; counted from 1.
pub fn row_no(row: usize) -> String {
    in_both(&format!("第 {row} 行"), &format!("row {row}"))
}

/// Where an order stands, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// Awaiting payment.
    Unpaid,
    /// Paid and not yet complete.
    Paid,
    /// Received by the buyer.
    Completed,
    /// Closed, before or after payment.
    Cancelled,
    /// A status this program does not know: counted and shown, and pending, never success.
    Unknown,
}

impl OrderStatus {
    /// All statuses.
    pub const ALL: [Self; 5] = [Self::Unpaid, Self::Paid, Self::Completed, Self::Cancelled, Self::Unknown];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// An order and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRecord {
    /// The platform's number of the order; text, 19 digits are above 2^53.
    pub order_no: String,
    /// When the platform last changed it: of two versions the newer wins, whatever arrives last.
    pub updated_at: Instant,
    pub created_at: Instant,
    /// `None`: not paid.
    pub paid_at: Option<Instant>,
    /// When the buyer received it or the order completed.
    pub completed_at: Option<Instant>,
    pub status: OrderStatus,
    /// The platform's own word for the status.
    pub platform_status: String,
    /// Freight the buyer paid, fen.
    pub buyer_freight_fen: i64,
    /// Coupons known only for the whole order.
    pub coupons: Coupons,
    /// Parcels it took, where the platform says.
    pub parcels: Option<i64>,
    /// Province of delivery, the only thing kept of an address.
    pub province: Option<String>,
    /// The platform's buyer id; hashed before it is stored.
    pub buyer_no: Option<String>,
    pub lines: Vec<LineRecord>,
}

impl OrderRecord {
    /// Goods and freight, as the buyer pays them.
    pub fn paid_fen(&self) -> i64 {
        let coupons = |c: &Coupons| c.shop_fen + c.platform_fen + c.anchor_fen;
        let lines: i64 = self.lines.iter().map(|l| l.list_fen - coupons(&l.coupons)).sum();
        lines - coupons(&self.coupons) + self.buyer_freight_fen
    }
}

impl SettlementRecord {
    /// What the row moved to the shop.
    pub const fn moved_fen(&self) -> i64 {
        self.goods_fen + self.freight_fen + self.subsidy_fen - self.refund_fen - self.platform_fen - self.anchor_fen
    }
}

/// One line of an order: one SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRecord {
    /// The platform's number of the line; `<order_no>#order` for a source that knows only orders.
    pub line_no: String,
    /// The platform's product and SKU numbers; empty where the source has none.
    pub product_no: String,
    pub sku_no: String,
    pub title: String,
    pub pieces: i64,
    /// Price × pieces before every coupon, fen.
    pub list_fen: i64,
    pub coupons: Coupons,
    /// The platform's live room and author (anchor) numbers, where it states them.
    pub live_room_no: Option<String>,
    pub author_no: Option<String>,
}

/// Where a refund stands. Only success moves the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundStatus {
    /// Asked for, in progress, or in a status this program does not know.
    Pending,
    Succeeded,
    /// Refused, failed or withdrawn.
    Closed,
}

impl RefundStatus {
    /// All statuses.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Succeeded, Self::Closed];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Closed => "closed",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// A refund or after-sale case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRecord {
    pub refund_no: String,
    pub order_no: String,
    /// `None`: known only for the order.
    pub line_no: Option<String>,
    pub updated_at: Instant,
    pub status: RefundStatus,
    /// The platform's own word for the status; a word this program does not know is `unknown: …`.
    pub platform_status: String,
    /// True if the status is not one this program knows.
    pub status_unknown: bool,
    /// Money that went back, fen; 0 until it succeeded.
    pub refund_fen: i64,
    /// The part of it that is freight, where stated.
    pub freight_fen: Option<i64>,
    /// Subsidy the platform takes back with it.
    pub subsidy_back_fen: i64,
    /// When the money went back; `None` while it has not, or where the source does not say (then the pay day, counted).
    pub refunded_at: Option<Instant>,
    pub outcome: Outcome,
    /// Pieces the outcome concerns.
    pub pieces: i64,
    /// Pieces sent once more instead of money (补寄); 0 for a refund.
    pub resent_pieces: i64,
    /// The buyer's reason, in the platform's words.
    pub reason: String,
}

/// One row of a settlement statement (动账明细).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementRecord {
    /// The platform's number of the row.
    pub statement_no: String,
    pub order_no: String,
    /// `None`: known only for the order.
    pub line_no: Option<String>,
    pub settled_at: Instant,
    /// Buyers' money for goods in this row, refunds contained in it not taken off.
    pub goods_fen: i64,
    pub freight_fen: i64,
    /// Platform and anchor coupons paid out to the shop.
    pub subsidy_fen: i64,
    /// Refunds contained in the row, positive.
    pub refund_fen: i64,
    /// All platform fees.
    pub platform_fen: i64,
    /// Commission.
    pub anchor_fen: i64,
}

/// Money paid to a buyer outside sales and refunds (消费者赔付, 小额打款).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompensationRecord {
    /// The platform's number of the movement.
    pub statement_no: String,
    pub order_no: String,
    /// `None`: known only for the order.
    pub line_no: Option<String>,
    pub paid_at: Instant,
    /// Positive as paid; negative when it came back.
    pub paid_fen: i64,
}

/// What a source says of a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRecord {
    /// The platform's number of the broadcast, or of its author; empty where the source has none.
    pub live_room_no: String,
    pub author_no: String,
    pub starts_at: Instant,
    pub ends_at: Option<Instant>,
    /// 观看人次.
    pub views: Option<i64>,
}
