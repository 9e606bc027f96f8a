//! What still has to be posted: the entries as they now are, less what the ledger already holds.
//!
//! Rule that must hold: after the changes are appended, the ledger's sum for every (event, line, household, dimensions)
//! equals the entry computed afresh; posting again then changes nothing. A change is booked on its event's day, or, if
//! that month is locked, on the first day of the first month that is not, naming the month it adjusts (调整).
//! Nothing is ever taken away: an entry that no longer stands, or moved to another stream or listing, is reversed by a
//! row of its own.

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
    let mut rows: Vec<Entry> = Vec::with_capacity(target.len() + posted.len());
    rows.extend_from_slice(target);
    rows.extend(posted.iter().map(reversal));
    // stable, so that the target, whose baseline a row carries, stands first among equals
    rows.sort_by_key(key);
    rows.chunk_by(|a, b| key(a) == key(b)).filter_map(|of_key| change(of_key, book)).collect()
}

/// What posted and target rows must share to be taken off each other. The day is part of it: an event found to have
/// happened on another day moves there.
fn key(entry: &Entry) -> (Day, i64, i64, Dimensions) {
    (entry.event_on, entry.event_id, entry.line_id, entry.dimensions)
}

/// What is posted, with its sign turned.
fn reversal(sum: &PostedSum) -> Entry {
    Entry {
        line_id: sum.line_id,
        event_id: sum.event_id,
        event_kind: sum.event_kind,
        event_on: sum.event_on,
        dimensions: sum.dimensions,
        baseline_id: sum.baseline_id,
        amounts: -sum.amounts,
    }
}

/// The row to append for one key, if anything is missing.
fn change(of_key: &[Entry], book: &Book) -> Option<Change> {
    let amounts: Amounts = of_key.iter().map(|entry| entry.amounts).sum();
    if amounts.is_zero() {
        return None;
    }
    let entry = Entry { amounts, ..of_key[0] };
    Some(Change { entry, booking: book.booking(entry.event_on) })
}
