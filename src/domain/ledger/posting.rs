//! What still has to be posted: the entries as they now are, less what the ledger already holds.

use super::book::{Book, Booking};
use super::entries::{Dimensions, Entry};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::Day;

/// What the ledger holds for one (event, line, slice, dimensions).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostedSum {
    pub line_id: i64,
    pub event_id: i64,
    pub event_kind: &'static str,
    pub event_on: Day,
    pub dimensions: Dimensions,
    pub baseline_id: i64,
    pub amounts: Amounts,
}

/// A row to append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub entry: Entry,
    pub booking: Booking,
}

/// The rows that bring the ledger from `posted` to `target`: none when they agree, mirror pairs when only the
/// dimensions moved. Sorted by (event day, event id, line, dimensions).
pub fn differences(target: &[Entry], posted: &[PostedSum], book: &Book) -> Vec<Change> {
    let _ = (target, posted, book);
    Vec::new()
}
