//! What a lock freezes, what reaches the next entry, and what moves by mirror pairs.

use super::trade::{LINE_ID, LISTING_ID, PRODUCT_ID, Trade, day, price, refund, settled, share, terms, version};
use red_anchor::domain::amounts::Col;
use red_anchor::domain::ledger::Change;
use red_anchor::domain::ledger::book::Model;
use red_anchor::domain::ledger::facts::{Attribution, Class, EventKind, Listing, Outcome};

const ONLY: Option<i64> = Some(LINE_ID);

fn paid_in_january() -> Trade {
    let mut trade = Trade::new(terms(Model::Consignment));
    trade.happens("2026-01-20", EventKind::Paid);
    trade
}

/// A corrected farm-gate price of 7.00.
fn correct_price(trade: &mut Trade) {
    let batch_id = trade.next_batch();
    trade.book.baselines.get_mut(&PRODUCT_ID).expect("has prices").push(version(batch_id, price(700)));
    trade.post();
}

fn rows_since(trade: &Trade, count: usize) -> &[Change] {
    &trade.ledger[count..]
}

#[test]
fn a_price_corrected_between_lock_and_settlement_reaches_the_settlement() {
    let mut trade = paid_in_january();
    trade.locks("2026-01-01");
    correct_price(&mut trade);
    assert_eq!(trade.total()[Col::BaselineMid], 1_785);
    trade.happens("2026-02-12", settled(ONLY, 4_490, 90, 449));
    assert_eq!((trade.total()[Col::BaselineMid], trade.total()[Col::SettledBaselineMid]), (1_838, 1_838));
    let baselines: Vec<_> = trade.ledger.iter().map(|row| row.entry.baseline_id).collect();
    assert_eq!(baselines, [1, 3]);
}

#[test]
fn a_price_corrected_after_the_settled_month_is_locked_never_reaches_the_line() {
    let mut trade = paid_in_january();
    trade.happens("2026-01-28", settled(ONLY, 4_490, 90, 449)).locks("2026-01-01");
    correct_price(&mut trade);
    trade.happens("2026-02-09", refund(ONLY, 500, Outcome::Kept));
    assert_eq!(trade.total()[Col::BaselineMid], 1_785);
}

#[test]
fn a_household_that_no_longer_supplies_is_taken_back_by_the_next_entry() {
    let mut trade = paid_in_january();
    trade.locks("2026-01-01");
    let batch_id = trade.next_batch();
    let supply = trade.book.supply.get_mut(&LISTING_ID).expect("has supply");
    supply.push(version(batch_id, vec![share(2, 10_000)]));
    trade.post();
    assert_eq!(trade.of_farmer(1)[Col::Farmer], 3_037);
    trade.happens("2026-02-12", settled(ONLY, 4_490, 90, 449));
    assert!(trade.of_farmer(1).is_zero());
    assert_eq!(trade.of_farmer(2)[Col::SettledFarmer], 3_037);
}

#[test]
fn households_first_named_after_a_lock_are_not_given_the_locked_entry() {
    let mut trade = Trade::new(terms(Model::Consignment));
    trade.book.supply.clear();
    trade.happens("2026-01-20", EventKind::Paid).locks("2026-01-01");
    let batch_id = trade.next_batch();
    trade.book.supply.insert(LISTING_ID, vec![version(batch_id, vec![share(1, 10_000)])]);
    trade.post();
    assert!(trade.of_farmer(1).is_zero());
    trade.happens("2026-02-12", settled(ONLY, 4_490, 90, 449));
    assert_eq!(trade.of_farmer(1)[Col::SettledFarmer], 3_037);
    assert!(trade.of_farmer(0).is_zero());
}

#[test]
fn another_version_of_the_same_price_gives_no_entry() {
    let mut trade = paid_in_january();
    let rows = trade.ledger.len();
    let batch_id = trade.next_batch();
    trade.book.baselines.get_mut(&PRODUCT_ID).expect("has prices").push(version(batch_id, price(680)));
    trade.post();
    assert_eq!(trade.ledger.len(), rows);
}

#[test]
fn attribution_of_a_locked_month_moves_by_a_mirror_pair_in_the_open_one() {
    let mut trade = paid_in_january();
    trade.locks("2026-01-01");
    let rows = trade.ledger.len();
    trade.order.lines[0].attribution = Attribution { stream_id: 5, room_id: 2, anchor_id: 3, class: Class::Red };
    trade.post();
    let pair = rows_since(&trade, rows);
    assert_eq!(pair.len(), 2);
    assert_eq!(pair[0].entry.amounts, -pair[1].entry.amounts);
    assert_eq!((pair[0].entry.dimensions.stream_id, pair[1].entry.dimensions.stream_id), (0, 5));
    for row in pair {
        assert_eq!((row.booking.booked_on, row.booking.adjusts_on), (day("2026-02-01"), Some(day("2026-01-01"))));
    }
}

#[test]
fn a_listing_given_late_brings_the_terms_it_came_with() {
    let mut trade = Trade::new(terms(Model::Consignment));
    trade.order.lines[0].listing = None;
    trade.happens("2026-01-20", EventKind::Paid).locks("2026-01-01");
    assert_eq!(trade.total()[Col::Unassigned], 4_490);
    trade.order.lines[0].listing = Some(Listing { listing_id: LISTING_ID, product_id: PRODUCT_ID });
    trade.post();
    assert_eq!((trade.total()[Col::Unassigned], trade.total()[Col::Farmer]), (0, 3_037));
    assert_eq!(trade.month("2026-01-01").unassigned_fen, 4_490, "January stands");
    assert_eq!(trade.month("2026-02-01").unassigned_fen, -4_490);
}

#[test]
fn an_event_of_two_locked_months_ago_is_booked_in_the_first_open_month() {
    let mut trade = paid_in_january();
    trade.locks("2026-01-01").locks("2026-02-01");
    trade.happens("2026-01-25", refund(ONLY, 500, Outcome::Kept));
    let row = trade.ledger.last().expect("a row");
    assert_eq!((row.booking.booked_on, row.booking.adjusts_on), (day("2026-03-01"), Some(day("2026-01-01"))));
}

#[test]
fn an_event_found_to_have_happened_on_another_day_moves_there() {
    let mut trade = paid_in_january();
    trade.happens("2026-01-20", refund(ONLY, 500, Outcome::Kept));
    trade.order.events[1].on = day("2026-02-03");
    trade.post();
    assert_eq!((trade.month("2026-01-01").refund_fen, trade.month("2026-02-01").refund_fen), (0, 500));
    let rows = trade.ledger.len();
    trade.post();
    assert_eq!(trade.ledger.len(), rows);
}

#[test]
fn an_event_that_turns_out_not_to_have_happened_is_taken_back() {
    let mut trade = paid_in_january();
    let before = trade.total();
    trade.happens("2026-01-22", refund(ONLY, 500, Outcome::Kept));
    trade.order.events.pop();
    trade.post();
    assert_eq!(trade.total(), before);
}
