//! A line whose goods come from lots: its households are its draws, and everything still adds up.

use super::trade::{LINE_ID, Trade, day, price, refund, region, settled, terms, version};
use proptest::prelude::*;
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::calendar::{local, parse_day};
use red_anchor::domain::draws::{Demand, OpenTicket, draw, needed_g, shared_loss};
use red_anchor::domain::ledger::EventKind;
use red_anchor::domain::ledger::book::Model;
use red_anchor::domain::ledger::facts::{Draw, Outcome};
use std::collections::BTreeMap;

fn drawn(ticket_id: i64, farmer_id: i64, drawn_g: i64) -> Draw {
    Draw {
        ticket_id,
        farmer_id,
        village_code: region("360827101210"),
        drawn_g,
        intake_on: day("2026-01-08"),
        agreed_fen_per_kg: 0,
        bought: false,
        batch_id: 1,
        late: false,
    }
}

fn from_lots(model: Model, draws: Vec<Draw>) -> Trade {
    let mut trade = Trade::new(terms(model));
    trade.book.supply.clear();
    trade.order.lines[0].draws = draws;
    trade
}

#[test]
fn a_drawn_line_belongs_to_the_households_of_its_tickets() {
    let mut trade = from_lots(Model::Consignment, vec![drawn(11, 1, 750), drawn(12, 2, 1_875)]);
    trade.happens("2026-01-10", EventKind::Paid);
    assert_eq!((trade.of_farmer(1)[Col::Goods], trade.of_farmer(2)[Col::Goods]), (750, 1_875));
    assert_eq!(trade.of_farmer(1)[Col::Farmer] + trade.of_farmer(2)[Col::Farmer], 3_037);
    assert!(trade.of_farmer(0).is_zero());
    let tickets: Vec<i64> = trade.ledger.iter().map(|c| c.entry.dimensions.lot_ticket_id).collect();
    assert_eq!(tickets, [11, 12]);
}

#[test]
fn goods_from_lots_are_priced_on_the_day_they_were_weighed_in() {
    let mut trade = from_lots(Model::Consignment, vec![drawn(11, 1, 2_625)]);
    let mut earlier = version(1, price(600));
    earlier.valid_to = Some(day("2026-01-09"));
    let mut later = version(2, price(680));
    later.valid_from = day("2026-01-10");
    trade.book.baselines.insert(1, vec![earlier, later]);
    trade.happens("2026-01-10", EventKind::Paid);
    assert_eq!(trade.total()[Col::BaselineMid], 1_575);
}

#[test]
fn purchase_pays_what_the_ticket_was_agreed_at() {
    let agreed = |farmer_id, fen| Draw { agreed_fen_per_kg: fen, ..drawn(10 + farmer_id, farmer_id, 1_000) };
    let mut trade = from_lots(Model::Purchase, vec![agreed(1, 800), agreed(2, 0)]);
    trade.happens("2026-01-10", EventKind::Paid);
    // 2.625 kg: 1 kg each and 0.625 kg of nobody's; the terms say 7.40
    assert_eq!((trade.of_farmer(1)[Col::Farmer], trade.of_farmer(2)[Col::Farmer]), (800, 740));
    assert_eq!((trade.of_farmer(0)[Col::Goods], trade.of_farmer(0)[Col::Farmer]), (625, 0));
}

#[test]
fn goods_that_were_bought_bring_their_price_whatever_terms_sell_them() {
    let bought = |farmer_id| Draw { agreed_fen_per_kg: 800, bought: true, ..drawn(10 + farmer_id, farmer_id, 1_000) };
    let own = drawn(13, 3, 625);
    for model in [Model::Consignment, Model::Share, Model::Purchase] {
        let mut trade = from_lots(model, vec![bought(1), bought(2), own]);
        trade.happens("2026-01-10", EventKind::Paid);
        let got = |trade: &Trade, farmer_id| trade.of_farmer(farmer_id)[Col::Farmer];
        assert_eq!((got(&trade, 1), got(&trade, 2)), (800, 800), "{model:?}");
        // what was not bought is paid as the terms of the day say, in the same parcel
        let paid_as_sold = match model {
            Model::Consignment => 723,
            Model::Share => 695,
            Model::Purchase => 463,
        };
        assert_eq!(got(&trade, 3), paid_as_sold, "{model:?}");
        trade.happens("2026-02-12", settled(None, 4_490, 90, 449));
        assert!(trade.total().balances());
        assert_eq!(trade.of_farmer(1)[Col::SettledFarmer], 800, "{model:?}");
        // the buyer gets everything back and the goods are lost: who sold them keeps his price
        trade.happens("2026-02-20", refund(Some(LINE_ID), 4_490, Outcome::Lost));
        assert_eq!(
            (got(&trade, 1), got(&trade, 3)),
            (800, if model == Model::Purchase { 463 } else { 0 }),
            "{model:?}"
        );
        assert!(trade.total().balances());
    }
}

#[test]
fn raw_goods_are_agreed_by_the_kilogram_as_weighed_in() {
    let mut terms = terms(Model::Purchase);
    (terms.pack_g, terms.shrink_bp, terms.conversion_bp) = (250, 0, 45_000);
    assert_eq!(needed_g(&terms, 2), 2_250);
    let mut trade = Trade::new(terms);
    trade.order.lines[0].draws = vec![Draw { agreed_fen_per_kg: 8_000, ..drawn(11, 1, 1_125) }];
    trade.happens("2026-01-10", EventKind::Paid);
    assert_eq!((trade.of_farmer(1)[Col::Goods], trade.of_farmer(1)[Col::Farmer]), (250, 9_000));
}

#[test]
fn a_household_with_two_tickets_in_a_line_is_one_household_of_it() {
    let mut trade = from_lots(Model::Consignment, vec![drawn(11, 1, 750), drawn(15, 1, 1_875)]);
    trade.happens("2026-01-10", EventKind::Paid);
    assert_eq!(trade.ledger.len(), 2, "a row a ticket");
    let slices = &trade.state().lines[0].slices;
    assert_eq!((slices.len(), slices[0].position[Col::Goods]), (1, 2_625));
}

#[test]
fn a_draw_added_later_is_news_to_a_month_that_was_locked_before() {
    let mut trade = from_lots(Model::Consignment, Vec::new());
    trade.happens("2026-01-10", EventKind::Paid);
    trade.locks("2026-01-01");
    let batch_id = trade.next_batch();
    trade.order.lines[0].draws = vec![Draw { batch_id, late: true, ..drawn(11, 1, 2_625) }];
    trade.post();
    assert!(trade.of_farmer(1).is_zero(), "January knows of no household");
    trade.happens("2026-02-12", settled(Some(LINE_ID), 4_490, 90, 449));
    assert_eq!(trade.of_farmer(1)[Col::SettledFarmer], trade.of_farmer(1)[Col::Farmer]);
    assert!(trade.of_farmer(0).is_zero() && trade.of_farmer(1)[Col::Goods] == 2_625);
}

#[test]
fn a_line_that_comes_after_the_lock_brings_its_draw() {
    let mut trade = from_lots(Model::Consignment, Vec::new());
    trade.locks("2026-01-01");
    let batch_id = trade.next_batch();
    trade.order.lines[0].draws = vec![Draw { batch_id, ..drawn(11, 1, 2_625) }];
    trade.happens("2026-01-10", EventKind::Paid);
    assert_eq!(trade.of_farmer(1)[Col::Goods], 2_625);
}

#[test]
fn goods_that_came_back_are_taken_off_each_ticket_they_came_from() {
    let mut trade = from_lots(Model::Consignment, vec![drawn(11, 1, 750), drawn(12, 2, 1_875)]);
    trade.happens("2026-01-10", EventKind::Paid);
    trade.happens("2026-01-12", refund(Some(LINE_ID), 4_490, Outcome::Returned));
    assert_eq!((trade.of_farmer(1)[Col::Goods], trade.of_farmer(2)[Col::Goods]), (0, 0));
    assert_eq!(trade.of_farmer(1)[Col::Farmer] + trade.of_farmer(2)[Col::Farmer], 0);
}

/// Tickets of up to three lots of two products, in no order.
fn tickets() -> impl Strategy<Value = Vec<OpenTicket>> {
    prop::collection::vec((1_i64..3, 1_i64..9_000), 0..12).prop_map(|rows| {
        (1..).zip(rows).map(|(ticket_id, (product_id, open_g))| OpenTicket { ticket_id, product_id, open_g }).collect()
    })
}

fn demands() -> impl Strategy<Value = Vec<Demand>> {
    prop::collection::vec((1_i64..3, 0_u32..90, 1_i64..6_000), 0..20).prop_map(|rows| {
        let on = parse_day("2026-01-10").expect("a day");
        (1..)
            .zip(rows)
            .map(|(line_id, (product_id, minute, missing_g))| {
                let time = on.and_hms_opt(minute / 60, minute % 60, 0).expect("a time");
                Demand { line_id, product_id, paid_at: local(time), missing_g }
            })
            .collect()
    })
}

/// Grams each ticket gave.
fn given(open: &[OpenTicket], before: &[OpenTicket]) -> Vec<i64> {
    open.iter().zip(before).map(|(after, before)| before.open_g - after.open_g).collect()
}

proptest! {
    #[test]
    fn nothing_is_drawn_twice_and_nothing_is_left_while_a_line_waits(tickets in tickets(), demands in demands()) {
        let mut open = tickets.clone();
        let (drawn, short) = draw(&mut open, demands.clone());
        prop_assert!(open.iter().all(|t| t.open_g >= 0));
        prop_assert!(drawn.iter().all(|d| d.drawn_g > 0));
        for (ticket, gave) in tickets.iter().zip(given(&open, &tickets)) {
            let of_ticket: i64 = drawn.iter().filter(|d| d.ticket_id == ticket.ticket_id).map(|d| d.drawn_g).sum();
            prop_assert_eq!(of_ticket, gave);
        }
        for demand in &demands {
            let got: i64 = drawn.iter().filter(|d| d.line_id == demand.line_id).map(|d| d.drawn_g).sum();
            let lacks = short.iter().find(|s| s.line_id == demand.line_id).map_or(0, |s| s.missing_g);
            prop_assert_eq!(got + lacks, demand.missing_g);
            let left: i64 = open.iter().filter(|t| t.product_id == demand.product_id).map(|t| t.open_g).sum();
            prop_assert!(lacks == 0 || left == 0);
        }
    }

    #[test]
    fn a_parcel_has_a_second_household_only_where_it_uses_a_ticket_up(tickets in tickets(), demands in demands()) {
        let mut open = tickets.clone();
        let (drawn, _) = draw(&mut open, demands);
        for pair in drawn.windows(2).filter(|pair| pair[0].line_id == pair[1].line_id) {
            let used_up = open.iter().any(|t| t.ticket_id == pair[0].ticket_id && t.open_g == 0);
            prop_assert!(used_up, "{:?}", pair);
        }
    }

    #[test]
    fn the_order_of_arrival_never_moves_what_a_lot_gives(
        tickets in tickets(), demands in demands(), first in 0_usize..20, lots in prop::collection::vec(0_usize..3, 12)
    ) {
        let mut at_once = tickets.clone();
        draw(&mut at_once, demands.clone());
        let mut in_turns = tickets.clone();
        let (early, late) = demands.split_at(first.min(demands.len()));
        draw(&mut in_turns, late.to_vec());
        draw(&mut in_turns, early.to_vec());
        let of_lots = |open: &[OpenTicket]| {
            let mut sums: BTreeMap<usize, i64> = BTreeMap::new();
            for (lot, gave) in lots.iter().zip(given(open, &tickets)) {
                *sums.entry(*lot).or_default() += gave;
            }
            sums
        };
        prop_assert_eq!(of_lots(&at_once), of_lots(&in_turns));
    }

    #[test]
    fn what_came_in_is_sold_left_or_lost(open in prop::collection::vec(0_i64..9_000, 1..30), part in 0_i64..=100, lot_id in 1_i64..99) {
        let all: i64 = open.iter().sum();
        let lost = shared_loss(all * part / 100, &open, lot_id).expect("not more than there is");
        prop_assert_eq!(lost.iter().sum::<i64>(), all * part / 100);
        prop_assert!(lost.iter().zip(&open).all(|(lost, open)| (0..=*open).contains(lost)));
    }

    #[test]
    fn a_drawn_lines_parts_sum_to_the_line(weights in prop::collection::vec(1_i64..1_300, 1..4), back in any::<bool>()) {
        let draws: Vec<Draw> = (1..).zip(&weights).map(|(n, &g)| drawn(10 + n, n % 3 + 1, g)).collect();
        let mut trade = from_lots(Model::Consignment, draws);
        trade.happens("2026-01-10", EventKind::Paid);
        if back {
            trade.happens("2026-01-15", refund(Some(LINE_ID), 600, Outcome::Kept));
        }
        let shared = {
            let mut by_shares = Trade::new(terms(Model::Consignment));
            by_shares.happens("2026-01-10", EventKind::Paid);
            if back {
                by_shares.happens("2026-01-15", refund(Some(LINE_ID), 600, Outcome::Kept));
            }
            by_shares.total()
        };
        let of_all: Amounts = trade.total();
        for column in [Col::Goods, Col::Gmv, Col::Refund, Col::Platform, Col::Anchor, Col::Logistics, Col::Packaging] {
            prop_assert_eq!(of_all[column], shared[column]);
        }
        prop_assert!(of_all.balances());
    }
}
