//! What is known only for the order, and what its lines share: refunds, statement rows, parcels, gifts.

use super::trade::{LISTING_ID, PRODUCT_ID, Trade, line, refund, settled, terms, version};
use red_anchor::domain::amounts::Col;
use red_anchor::domain::ledger::book::{LossBearer, Model};
use red_anchor::domain::ledger::facts::{EventKind, Listing, Outcome};
use red_anchor::domain::ledger::{LineFacts, State};

/// Two lines, one three times the other, paid.
fn two_lines() -> Trade {
    let mut trade = Trade::new(terms(Model::Consignment)).with_lines(vec![line(101, 2_000), line(102, 6_000)]);
    trade.happens("2026-01-10", EventKind::Paid);
    trade
}

#[test]
fn a_refund_of_the_order_is_split_by_what_each_line_has_still_unrefunded() {
    let mut trade = two_lines();
    trade.happens("2026-01-11", refund(Some(102), 4_000, Outcome::Kept));
    trade.happens("2026-01-12", refund(None, 1_000, Outcome::Kept));
    assert_eq!((trade.of_line(101)[Col::Refund], trade.of_line(102)[Col::Refund]), (500, 4_500));
}

#[test]
fn a_whole_refund_of_the_order_takes_back_all_pieces_of_each_line() {
    let mut trade = two_lines();
    trade.happens("2026-01-11", refund(None, 8_000, Outcome::NeverLeft));
    assert!(trade.total()[Col::Gmv] == 8_000 && trade.total().paid_in() == 0);
    assert_eq!((trade.total()[Col::Goods], trade.total()[Col::Logistics], trade.total()[Col::Operator]), (0, 0, 0));
    assert!(trade.state().lines.iter().all(|line| line.state == State::Refunded));
}

#[test]
fn a_statement_of_the_order_is_split_by_the_goods_money_not_yet_settled() {
    let mut trade = two_lines();
    trade.happens("2026-01-20", settled(Some(101), 2_000, 40, 200));
    trade.happens("2026-01-28", settled(None, 6_000, 121, 599));
    assert_eq!((trade.of_line(101)[Col::Platform], trade.of_line(102)[Col::Platform]), (40, 121));
    assert!(trade.state().lines.iter().all(|line| line.state == State::Settled));
    // its reversal goes back by what each line then has to give back
    trade.happens("2026-02-01", refund(Some(101), 2_000, Outcome::Returned));
    trade.happens("2026-02-08", settled(None, -2_000, -40, -200));
    assert_eq!((trade.of_line(101)[Col::Platform], trade.of_line(102)[Col::Platform]), (0, 121));
}

#[test]
fn a_reversal_row_of_the_order_goes_to_the_lines_that_were_refunded() {
    let mut trade = two_lines();
    trade.happens("2026-01-20", settled(None, 8_000, 160, 800));
    trade.happens("2026-02-01", refund(Some(101), 500, Outcome::Kept));
    trade.happens("2026-02-02", refund(Some(102), 1_500, Outcome::Kept));
    trade.happens("2026-02-08", settled(None, -2_000, -20, -100));
    // 1 : 3 of what is given back, from 0.40 and 1.20 charged
    assert_eq!((trade.of_line(101)[Col::Platform], trade.of_line(102)[Col::Platform]), (35, 105));
    assert_eq!((trade.of_line(101)[Col::Anchor], trade.of_line(102)[Col::Anchor]), (175, 525));
}

#[test]
fn an_amount_for_a_line_the_order_does_not_have_is_the_orders() {
    let mut trade = two_lines();
    trade.happens("2026-01-11", refund(Some(999), 800, Outcome::Kept));
    assert_eq!((trade.of_line(101)[Col::Refund], trade.of_line(102)[Col::Refund]), (200, 600));
    trade.happens("2026-01-12", EventKind::Compensation { line_id: 999, fen: 400 });
    assert_eq!((trade.of_line(101)[Col::Loss], trade.of_line(102)[Col::Loss]), (100, 300));
}

#[test]
fn freight_brought_back_comes_before_goods() {
    let mut trade = Trade::new(terms(Model::Share));
    trade.order.buyer_freight_fen = 500;
    trade.happens("2026-01-10", EventKind::Paid);
    trade.happens("2026-01-12", refund(Some(17), 4_990, Outcome::Kept));
    assert_eq!(trade.total()[Col::Farmer], 0);
    trade.happens("2026-01-14", refund(Some(17), -500, Outcome::Kept));
    assert_eq!((trade.total()[Col::Farmer], trade.total()[Col::Refund]), (0, 4_490));
    trade.happens("2026-01-15", refund(Some(17), -490, Outcome::Kept));
    assert_eq!((trade.total()[Col::Farmer], trade.total()[Col::Refund]), (319, 4_000));
}

#[test]
fn goods_of_several_listings_in_one_parcel_cost_the_largest_of_their_amounts() {
    let mut heavy = terms(Model::Consignment);
    (heavy.freight_fen, heavy.packaging_fen) = (800, 100);
    let other =
        LineFacts { listing: Some(Listing { listing_id: LISTING_ID + 1, product_id: PRODUCT_ID }), ..line(102, 6_000) };
    let mut trade = Trade::new(terms(Model::Consignment)).with_lines(vec![line(101, 2_000), other]);
    trade.book.terms.insert(LISTING_ID + 1, vec![version(1, heavy)]);
    trade.happens("2026-01-10", EventKind::Paid).happens("2026-01-11", EventKind::Parcels { parcels: 2 });
    // freight 8.00 and packaging 2.50, twice, by 1 : 3
    assert_eq!((trade.of_line(101)[Col::Logistics], trade.of_line(102)[Col::Logistics]), (400, 1_200));
    assert_eq!((trade.of_line(101)[Col::Packaging], trade.of_line(102)[Col::Packaging]), (125, 375));
}

#[test]
fn a_line_that_drops_out_leaves_the_parcel_to_the_others_dated_by_its_refund() {
    let mut trade = two_lines();
    assert_eq!(trade.of_line(102)[Col::Logistics], 353);
    trade.happens("2026-01-11", refund(Some(101), 2_000, Outcome::NeverLeft));
    let row = trade.ledger.iter().find(|row| row.entry.line_id == 102 && row.entry.event_kind == "refund");
    assert_eq!(row.map(|row| row.entry.amounts[Col::Logistics]), Some(117));
}

#[test]
fn a_gift_settles_when_every_line_with_money_has() {
    let gift = line(103, 0);
    let mut trade = Trade::new(terms(Model::Consignment)).with_lines(vec![line(101, 2_000), line(102, 6_000), gift]);
    trade.happens("2026-01-10", EventKind::Paid).happens("2026-01-20", settled(Some(101), 2_000, 40, 200));
    assert_eq!((trade.of_line(103)[Col::BaselineMid], trade.of_line(103)[Col::SettledBaselineMid]), (1_785, 0));
    trade.happens("2026-01-21", refund(Some(102), 6_000, Outcome::Lost));
    assert_eq!(trade.of_line(103)[Col::SettledBaselineMid], 1_785);
    assert_eq!(trade.of_line(103)[Col::Farmer], 0);
}

#[test]
fn a_gift_that_travels_alone_costs_the_operator_even_where_households_bear_losses() {
    let mut terms = terms(Model::Consignment);
    terms.loss_borne_by = LossBearer::Farmer;
    let mut trade = Trade::new(terms).with_lines(vec![line(101, 2_000), line(102, 0)]);
    trade.happens("2026-01-10", EventKind::Paid);
    trade.happens("2026-01-11", refund(Some(101), 2_000, Outcome::NeverLeft));
    let gift = trade.of_line(102);
    assert_eq!((gift[Col::Farmer], gift[Col::Operator], gift[Col::Logistics] + gift[Col::Packaging]), (0, -720, 720));
}

#[test]
fn goods_sent_again_cost_the_operator_a_parcel_and_the_household_its_kilograms() {
    let mut trade = Trade::new(terms(Model::Consignment));
    trade.happens("2026-01-10", EventKind::Paid);
    let before = trade.total();
    trade.happens("2026-01-16", EventKind::Resend { line_id: 17, pieces: 1 });
    let change = trade.total() - before;
    assert_eq!((change[Col::Farmer], change[Col::Operator], change[Col::Logistics]), (0, -720, 470));
    assert_eq!((change[Col::Goods], change[Col::BaselineMid]), (2_625, 1_785));
}
