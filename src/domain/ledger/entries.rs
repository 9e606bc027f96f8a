//! From the facts of an order to its dated entries.

use super::book::{Book, Category};
use super::facts::{Class, OrderFacts};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::Day;
use crate::domain::regions::RegionCode;

/// What an entry is about; copied into every ledger row. 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimensions {
    pub room_id: i64,
    pub anchor_id: i64,
    pub stream_id: i64,
    pub listing_id: i64,
    pub product_id: i64,
    pub farmer_id: i64,
    /// The household's village, the county for what has none.
    pub village_code: RegionCode,
    pub household_category: Category,
    pub lot_ticket_id: i64,
    pub class: Class,
}

/// One event's effect on one household's slice of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub line_id: i64,
    pub event_id: i64,
    pub event_kind: &'static str,
    pub event_on: Day,
    pub dimensions: Dimensions,
    /// The baseline version used, 0 = none.
    pub baseline_id: i64,
    pub amounts: Amounts,
}

/// Where the sale of a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Unpaid,
    /// 暂计
    Provisional,
    /// 已结算
    Settled,
    /// Wholly refunded.
    Refunded,
}

impl State {
    /// As stored and printed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Provisional => "provisional",
            Self::Settled => "settled",
            Self::Refunded => "refunded",
        }
    }
}

/// The present state of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineState {
    pub line_id: i64,
    pub state: State,
    pub without_listing: bool,
    /// Households now (one with farmer 0 where there is none), by farmer.
    pub slices: Vec<SliceState>,
}

/// The present state of one slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceState {
    pub dimensions: Dimensions,
    /// Has kilograms and no price on its day.
    pub without_baseline: bool,
    /// The whole position of the slice now.
    pub position: Amounts,
}

/// Everything the ledger says of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderEntries {
    /// Non-zero entries, by event order, line, dimensions.
    pub entries: Vec<Entry>,
    pub lines: Vec<LineState>,
}

/// Computes all entries of an order as they are with what is now known.
pub fn entries(order: &OrderFacts, book: &Book) -> OrderEntries {
    let _ = (order, book);
    OrderEntries::default()
}
