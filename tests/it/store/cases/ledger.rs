//! Ledger rows, locks, slices.

use super::orders::{line, order};
use crate::store::contract::{Place, day};
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::ledger::book::{Booking, Category};
use red_anchor::domain::ledger::facts::Class;
use red_anchor::domain::ledger::{Change, Dimensions, Entry, PostedSum, State};
use red_anchor::domain::regions::RegionCode;
use red_anchor::store::facts::{self, Selection};
use red_anchor::store::filings;
use red_anchor::store::ledger::{self, LedgerRow, MonthLock, NewRow, SliceRow};
use red_anchor::store::{Work, orders};

/// Another number in every column, in balance.
pub fn amounts(start: i64) -> Amounts {
    let mut amounts = Amounts::ZERO;
    for (column, place) in Col::ALL.into_iter().zip(0..) {
        amounts[column] = start + place;
    }
    amounts[Col::Unassigned] = 0;
    amounts[Col::Unassigned] = amounts.paid_in() - amounts.paid_out();
    amounts
}

pub fn dimensions(farmer_id: i64) -> Dimensions {
    Dimensions {
        room_id: 1,
        anchor_id: 2,
        stream_id: 3,
        listing_id: 11,
        product_id: 1,
        farmer_id,
        village_code: RegionCode::parse("360827100215").unwrap(),
        household_category: Category::Marginal,
        lot_ticket_id: 0,
        class: Class::RedSupervised,
    }
}

/// A row of a household, booked a month late.
pub fn row(line_id: i64, farmer_id: i64, entry_no: i64) -> NewRow {
    let entry = Entry {
        line_id,
        event_id: 70 + entry_no,
        event_kind: "refund",
        event_on: day("2026-01-31"),
        dimensions: dimensions(farmer_id),
        baseline_id: 5,
        amounts: amounts(100 * entry_no),
    };
    let booking = Booking { booked_on: day("2026-02-01"), adjusts_on: Some(day("2026-01-01")) };
    NewRow { change: Change { entry, booking }, entry_no, paid_on: day("2026-01-30"), shop_id: 1 }
}

pub fn slice(line_id: i64, farmer_id: i64) -> SliceRow {
    SliceRow {
        line_id,
        farmer_id,
        order_id: 1,
        shop_id: 1,
        listing_id: 11,
        product_id: 1,
        room_id: 1,
        anchor_id: 2,
        stream_id: 3,
        village_code: "360827100215".into(),
        class: "red_supervised".into(),
        state: "settled".into(),
        without_listing: false,
        without_baseline: true,
        created_on: day("2026-01-30"),
        paid_counted_on: None,
        refund_counted_on: Some(day("2026-02-01")),
        facts_mark: i64::MIN,
    }
}

fn read_back(work: &Work, new: &NewRow) -> LedgerRow {
    let (entry, booking) = (new.change.entry, new.change.booking);
    LedgerRow {
        slice_no: entry.dimensions.farmer_id,
        entry_no: new.entry_no,
        booked_on: booking.booked_on,
        paid_on: new.paid_on,
        adjusts_on: booking.adjusts_on,
        batch_id: work.batch_id,
        posted_at: work.at,
        shop_id: 1,
        posted: PostedSum {
            line_id: entry.line_id,
            event_id: entry.event_id,
            event_kind: entry.event_kind,
            event_on: entry.event_on,
            dimensions: entry.dimensions,
            baseline_id: entry.baseline_id,
            amounts: entry.amounts,
        },
    }
}

pub async fn rows_are_appended_and_read(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_orders(&mut work, &[order(1), order(2)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(1, 1), line(2, 2)]).await.unwrap();
    let mut open = row(1, 4, 2);
    open.change.booking.adjusts_on = None;
    let new = [row(2, 4, 1), open, row(1, 4, 1), row(1, 0, 1)];
    ledger::append(&mut work, &new).await.unwrap();
    let expected: Vec<LedgerRow> = [3, 2, 1, 0].iter().map(|&n: &usize| read_back(&work, &new[n])).collect();
    assert_eq!(ledger::list_rows(&mut work, Selection::All, 1, 2).await.unwrap(), expected);
    facts::queue(&mut work, &[2]).await.unwrap();
    assert_eq!(ledger::list_rows(&mut work, Selection::Queued, 1, 2).await.unwrap(), expected[3..]);
    facts::queue_new(&mut work, &[1, 2]).await.unwrap();
    assert_eq!(ledger::list_rows(&mut work, Selection::Queued, 1, 2).await.unwrap(), expected);
    assert_eq!(ledger::list_rows(&mut work, Selection::QueuedAgain, 1, 2).await.unwrap(), expected[3..]);
    let of_line = ledger::list_rows_of_line(&mut work, 1).await.unwrap();
    assert_eq!(of_line, [expected[0], expected[1], expected[2]]);
}

/// Amounts of some columns, each with what stands against it where the sums must balance.
fn only(columns: &[(Col, i64)]) -> Amounts {
    let mut amounts = Amounts::ZERO;
    for &(column, value) in columns {
        amounts[column] = value;
    }
    amounts
}

pub async fn rows_read_back_whatever_sums_they_say_something_of(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(1, 1)]).await.unwrap();
    let sums = [
        only(&[(Col::Gmv, 300), (Col::Farmer, 200), (Col::Packaging, 100), (Col::Goods, 7), (Col::BaselineHigh, 9)]),
        only(&[(Col::SettledNet, 5), (Col::SettledFarmer, 4), (Col::SettledBaselineLow, -3)]),
        amounts(100),
        Amounts::ZERO,
        only(&[(Col::SettledNet, 1), (Col::Platform, 2), (Col::Farmer, -2)]),
        only(&[(Col::Gmv, 6), (Col::Village, 6)]),
    ];
    let new: Vec<NewRow> = (1..)
        .zip(sums)
        .map(|(entry_no, amounts)| {
            let mut row = row(1, 4, entry_no);
            row.change.entry.amounts = amounts;
            row
        })
        .collect();
    ledger::append(&mut work, &new).await.unwrap();
    let expected: Vec<LedgerRow> = new.iter().map(|row| read_back(&work, row)).collect();
    assert_eq!(ledger::list_rows(&mut work, Selection::All, 1, 1).await.unwrap(), expected);
}

pub async fn what_goes_wrong_under_way_is_told_and_undone(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(1, 1)]).await.unwrap();
    let mut out_of_balance = row(1, 4, 2);
    out_of_balance.change.entry.amounts[Col::Gmv] += 1;
    let appended = ledger::append(&mut work, &[row(1, 4, 1), out_of_balance]).await;
    let queued = facts::queue(&mut work, &[1]).await;
    assert!(appended.is_err() || queued.is_err(), "whoever goes on is told");
    assert!(work.commit(&crate::audit::any_change()).await.is_err(), "and whoever does not listen");
    let mut work = place.work().await;
    assert_eq!(ledger::list_rows(&mut work, Selection::All, 1, 1).await.unwrap(), [], "and nothing is kept");
}

pub async fn months_are_locked(place: &Place) {
    let mut work = place.work().await;
    ledger::insert_lock(&mut work, day("2026-02-01"), "茶没有基准价", 9_123).await.unwrap();
    ledger::insert_lock(&mut work, day("2026-01-01"), "", 10_000).await.unwrap();
    let lock = |month: &str, reason: &str, coverage_bp: i64| MonthLock {
        month: day(month),
        batch_id: work.batch_id,
        locked_at: work.at,
        actor: "command line".into(),
        reason: reason.into(),
        coverage_bp,
    };
    let expected = [lock("2026-01-01", "", 10_000), lock("2026-02-01", "茶没有基准价", 9_123)];
    assert_eq!(ledger::list_locks(&mut work).await.unwrap(), expected);
}

pub async fn months_are_put_forward_and_decided_on(place: &Place) {
    let mut work = place.work().await;
    for month in ["2026-02-01", "2026-01-01", "2025-12-01"] {
        filings::insert(&mut work, day(month), "茶没有基准价").await.unwrap();
    }
    filings::decide(&mut work, day("2026-01-01"), filings::Outcome::Locked).await.unwrap();
    filings::decide(&mut work, day("2025-12-01"), filings::Outcome::Withdrawn).await.unwrap();
    let expected = filings::Filing {
        filing_id: 1,
        month: day("2026-02-01"),
        reason: "茶没有基准价".into(),
        account_id: 0,
        filed_by: "command line".into(),
        role: "branch_admin".into(),
        came_from: "command line".into(),
        filed_at: work.at,
    };
    assert_eq!(filings::list_waiting(&mut work).await.unwrap(), [expected]);
    filings::insert(&mut work, day("2025-12-01"), "").await.unwrap();
    let waiting = filings::list_waiting(&mut work).await.unwrap();
    assert_eq!(waiting.iter().map(|f| f.month).collect::<Vec<_>>(), [day("2025-12-01"), day("2026-02-01")]);
    assert!(filings::insert(&mut work, day("2026-02-01"), "").await.is_err(), "one that waits is its month's only one");
}

pub async fn slices_are_written_and_removed(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(1, 1), line(2, 1)]).await.unwrap();
    ledger::insert_slices(&mut work, &[slice(2, 0), slice(1, 5)]).await.unwrap();
    ledger::upsert_slices(&mut work, &[slice(1, 4)]).await.unwrap();
    let changed =
        SliceRow { without_listing: true, facts_mark: 9, paid_counted_on: Some(day("2026-02-02")), ..slice(1, 4) };
    ledger::upsert_slices(&mut work, std::slice::from_ref(&changed)).await.unwrap();
    ledger::remove_slices(&mut work, &[(1, 5)]).await.unwrap();
    let all = ledger::list_slices(&mut work, Selection::All, 1, 1).await.unwrap();
    assert_eq!(all, [changed.clone(), slice(2, 0)]);
    let restated = SliceRow { state: "refunded".into(), facts_mark: 10, ..changed.clone() };
    // what else a restated slice says is not written
    let elsewhere = SliceRow { class: "bulk".into(), ..restated.clone() };
    ledger::restate_slices(&mut work, &[elsewhere, SliceRow { line_id: 99, ..restated.clone() }]).await.unwrap();
    let all = ledger::list_slices(&mut work, Selection::All, 1, 1).await.unwrap();
    assert_eq!(all, [restated, slice(2, 0)]);
    let (state, seen) = changed.state().unwrap();
    assert_eq!((state, seen.dimensions.class, seen.without_baseline), (State::Settled, Class::RedSupervised, true));
}
