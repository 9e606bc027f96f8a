//! One order's ledger rows and slices against its facts.
//!
//! The entries are computed afresh and whatever posting would still append is a difference. What that comparison does
//! not see is checked row by row: balance, numbering, the day a row is booked on, the price it names.

use super::Report;
use super::history::History;
use crate::domain::amounts::Col;
use crate::domain::ledger::{Entry, entries};
use crate::services::assemble::{self, OrderRows};
use crate::services::book::Knowledge;
use crate::services::post::{self, Unposted};
use crate::store::StoreError;
use crate::store::ledger::{LedgerRow, SliceRow};
use crate::store::orders::OrderNumbers;

/// Checks one order.
pub(super) fn check(
    rows: &OrderRows,
    knowledge: &Knowledge,
    posted: &[&LedgerRow],
    stored: &[SliceRow],
    history: &History,
    report: &mut Report,
) -> Result<(), StoreError> {
    let order = rows.order;
    let facts = assemble::facts(rows, knowledge)?;
    let result = entries(&facts, &knowledge.book);
    let unposted = post::unposted(order.paid_on, &result.entries, posted, &knowledge.book);
    for missing in &unposted {
        report.add("ledger_entry", event_of(&missing.change.entry), lacks(missing));
    }
    for of_slice in posted.chunk_by(|a, b| (a.posted.line_id, a.slice_no) == (b.posted.line_id, b.slice_no)) {
        for (row, number) in of_slice.iter().zip(1..) {
            check_row(row, number, order, &result.entries, knowledge, history, report);
        }
        for pair in of_slice.windows(2).filter(|pair| pair[0].batch_id > pair[1].batch_id) {
            report.add("ledger_entry", name_of(pair[1]), "was posted before the entry it follows");
        }
    }
    let days = post::counted_days(stored, &facts, posted, &unposted, &knowledge.book);
    check_slices(&post::slices_of(rows, &result, days, &knowledge.book), stored, report);
    Ok(())
}

/// What is wrong with one row by itself.
fn check_row(
    row: &LedgerRow,
    number: i64,
    order: &OrderNumbers,
    target: &[Entry],
    knowledge: &Knowledge,
    history: &History,
    report: &mut Report,
) {
    let mut wrong = |what: &str| report.add("ledger_entry", name_of(row), what);
    if !row.posted.amounts.balances() {
        wrong("does not balance");
    }
    if row.entry_no != number {
        wrong("an entry before it is missing");
    }
    if row.slice_no != row.posted.dimensions.farmer_id {
        wrong("names another household than its slice");
    }
    if row.shop_id != order.shop_id {
        wrong("names another shop than its order");
    }
    if history.at(row.batch_id) != Some(row.posted_at) {
        wrong("was not posted by its batch at that time");
    }
    let booking = history.booking(row.posted.event_on, row.posted_at);
    if row.booked_on != booking.booked_on {
        wrong(&format!("is booked on {}, should be {}", row.booked_on, booking.booked_on));
    }
    if row.adjusts_on != booking.adjusts_on {
        wrong("adjusts another month than its event's");
    }
    let of_event = |e: &&Entry| (e.event_id, e.line_id) == (row.posted.event_id, row.posted.line_id);
    if target.iter().find(of_event).is_some_and(|e| e.event_kind != row.posted.event_kind) {
        wrong("names another kind of event than the facts");
    }
    if !names_a_price(row, knowledge) {
        wrong("names a baseline that is not one of its product and village");
    }
}

/// True if the baseline a row names is one it can have been computed with.
fn names_a_price(row: &LedgerRow, knowledge: &Knowledge) -> bool {
    let (id, dimensions) = (row.posted.baseline_id, &row.posted.dimensions);
    let versions = knowledge.book.baselines.get(&dimensions.product_id);
    id == 0
        || versions
            .into_iter()
            .flatten()
            .any(|v| v.version_id == id && v.batch_id <= row.batch_id && dimensions.village_code.within(v.value.region))
}

/// Slices as the facts give them against those stored.
fn check_slices(expected: &[SliceRow], stored: &[SliceRow], report: &mut Report) {
    let key = |s: &SliceRow| (s.line_id, s.farmer_id);
    let name = |s: &SliceRow| format!("line {} household {}", s.line_id, s.farmer_id);
    for slice in expected {
        match stored.iter().find(|s| key(s) == key(slice)) {
            None => report.add("line_slice", name(slice), "is missing"),
            Some(found) if found != slice => report.add("line_slice", name(slice), "is not what the facts say"),
            Some(_) => {}
        }
    }
    for slice in stored.iter().filter(|s| expected.iter().all(|e| key(e) != key(s))) {
        report.add("line_slice", name(slice), "has no part of its line");
    }
}

fn name_of(row: &LedgerRow) -> String {
    format!("line {} slice {} entry {}", row.posted.line_id, row.slice_no, row.entry_no)
}

fn event_of(entry: &Entry) -> String {
    format!(
        "line {} slice {} {} of {} (event {})",
        entry.line_id, entry.dimensions.farmer_id, entry.event_kind, entry.event_on, entry.event_id
    )
}

/// The columns in which the facts give more or less than the ledger holds.
fn lacks(missing: &Unposted) -> String {
    let amounts = &missing.change.entry.amounts;
    let columns: Vec<String> =
        Col::ALL.into_iter().filter(|&c| amounts[c] != 0).map(|c| format!("{} {:+}", c.name(), amounts[c])).collect();
    format!("the facts differ by {}", columns.join(", "))
}
