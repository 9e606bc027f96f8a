//! What must hold for any order, whatever happened to it and in whatever order that became known.

use super::trade::{LISTING_ID, Trade, day, line, share, terms, uplift, version};
use proptest::prelude::*;
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::calendar::{Day, month_start};
use red_anchor::domain::ledger::book::{LossBearer, Model, Terms};
use red_anchor::domain::ledger::facts::{Coupons, Outcome};
use red_anchor::domain::ledger::{Dimensions, Event, EventKind, LineFacts, State};
use std::collections::BTreeMap;

fn models() -> impl Strategy<Value = Model> {
    prop_oneof![Just(Model::Consignment), Just(Model::Share), Just(Model::Purchase)]
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let rates = (0_i64..600, 0_i64..2_000, 0_i64..1_500, 0_i64..500);
    let costs = (0_i64..1_500, 0_i64..500, 200_i64..6_000, 0_i64..80, any::<bool>());
    (models(), rates, costs).prop_map(|(model, (platform, anchor, operator, village), costs)| Terms {
        platform_bp: platform,
        anchor_bp: anchor,
        operator_bp: operator,
        village_bp: village,
        freight_fen: costs.0,
        packaging_fen: costs.1,
        pack_g: costs.2,
        extra_cost_fen_per_kg: costs.3,
        loss_borne_by: if costs.4 { LossBearer::Farmer } else { LossBearer::Operator },
        ..terms(model)
    })
}

/// One to three lines with ids far from one another; some are gifts, some have no listing.
fn lines() -> impl Strategy<Value = Vec<LineFacts>> {
    let one =
        (1_i64..40, 0_i64..20_000, 1_i64..4, 0_i64..9, 0_i64..300).prop_map(|(gap, list, pieces, kind, coupon)| {
            let mut facts = line(gap, if kind == 0 { 0 } else { list.max(1_000) });
            facts.pieces = pieces;
            if kind == 1 {
                facts.listing = None;
            }
            if facts.list_fen > 0 {
                facts.coupons = Coupons { shop_fen: coupon / 2, platform_fen: coupon, anchor_fen: coupon / 3 };
            }
            facts
        });
    prop::collection::vec(one, 1..4).prop_map(|mut lines| {
        let mut id = 100;
        for line in &mut lines {
            id += line.line_id;
            line.line_id = id;
        }
        lines
    })
}

/// Households 1… with shares that may leave something to nobody.
fn shares() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(1_i64..2_500, 0..5)
}

fn trades() -> impl Strategy<Value = Trade> {
    (any_terms(), lines(), shares(), 0_i64..1_200, 0_i64..400).prop_map(|(terms, lines, shares, freight, coupon)| {
        let mut trade = Trade::new(terms).with_lines(lines);
        let households = (1..).zip(shares).map(|(farmer, share_bp)| share(farmer, share_bp)).collect();
        trade.book.supply.insert(LISTING_ID, vec![version(1, households)]);
        trade.order.buyer_freight_fen = freight;
        trade.order.order_coupons = Coupons { shop_fen: coupon / 3, platform_fen: coupon / 2, anchor_fen: 0 };
        trade
    })
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop::sample::select(Outcome::ALL.to_vec())
}

/// Something that may happen after the payment; `None` is the whole order, else the line's place in it.
fn happening() -> impl Strategy<Value = (Option<usize>, EventKind)> {
    let refund = (-500_i64..9_000, prop::option::of(0_i64..500), 0_i64..100, outcomes(), 0_i64..2).prop_map(
        |(refund_fen, freight_fen, subsidy_back_fen, outcome, pieces)| EventKind::Refund {
            line_id: None,
            refund_fen,
            freight_fen,
            subsidy_back_fen,
            outcome,
            pieces,
        },
    );
    let row = (-3_000_i64..20_000, 0_i64..500, 0_i64..2_000, -100_i64..500, -300_i64..2_000).prop_map(
        |(goods_fen, subsidy_fen, refund_fen, platform_fen, anchor_fen)| EventKind::Settled {
            line_id: None,
            goods_fen,
            freight_fen: 0,
            subsidy_fen,
            refund_fen,
            platform_fen,
            anchor_fen,
        },
    );
    let kind = prop_oneof![
        4 => refund,
        4 => row,
        1 => Just(EventKind::Inferred),
        1 => (1_i64..4).prop_map(|parcels| EventKind::Parcels { parcels }),
        1 => (1_i64..3).prop_map(|pieces| EventKind::Resend { line_id: 0, pieces }),
        1 => (1_i64..900).prop_map(|fen| EventKind::Compensation { line_id: 0, fen }),
    ];
    (prop::option::of(0_usize..3), kind)
}

/// The payment on 10 January and up to six events until March, ids in no order of time.
fn events() -> impl Strategy<Value = Vec<(Day, Option<usize>, EventKind)>> {
    let paid = (day("2026-01-10"), None, EventKind::Paid);
    prop::collection::vec((0_u64..75, happening()), 0..7).prop_map(move |happenings| {
        let later = happenings
            .into_iter()
            .map(|(days, (place, kind))| (day("2026-01-10") + chrono::Days::new(days), place, kind));
        std::iter::once(paid).chain(later).collect()
    })
}

/// Gives events their ids and the lines they are about.
fn about(lines: &[LineFacts], happenings: &[(Day, Option<usize>, EventKind)]) -> Vec<Event> {
    (1..)
        .zip(happenings)
        .map(|(id, &(on, place, mut kind))| {
            let stated = place.map(|at| lines[at % lines.len()].line_id);
            match &mut kind {
                EventKind::Refund { line_id, .. } | EventKind::Settled { line_id, .. } => *line_id = stated,
                EventKind::Resend { line_id, .. } | EventKind::Compensation { line_id, .. } => {
                    *line_id = stated.unwrap_or(lines[0].line_id);
                }
                EventKind::Paid | EventKind::Inferred | EventKind::Parcels { .. } => {}
            }
            Event { id, on, second: 0, kind }
        })
        .collect()
}

/// An order with everything that happened to it, nothing posted.
fn histories() -> impl Strategy<Value = Trade> {
    (trades(), events()).prop_map(|(mut trade, happenings)| {
        trade.order.events = about(&trade.order.lines, &happenings);
        trade
    })
}

type Booked = BTreeMap<(Day, i64, i64, Dimensions), [i64; 25]>;

/// Ledger sums by booked day, event, line and dimensions, without what is zero.
fn booked(trade: &Trade) -> Booked {
    let mut sums: BTreeMap<_, Amounts> = BTreeMap::new();
    for row in &trade.ledger {
        let entry = &row.entry;
        let place = (row.booking.booked_on, entry.event_id, entry.line_id, entry.dimensions);
        *sums.entry(place).or_default() += entry.amounts;
    }
    sums.into_iter().filter(|(_, sum)| !sum.is_zero()).map(|(place, sum)| (place, sum.0)).collect()
}

/// Posts after each event, in this order of arrival.
fn posted_in(trade: &Trade, arrival: &[Event]) -> Trade {
    let mut out = trade.clone();
    out.order.events.clear();
    for event in arrival {
        out.order.events.push(*event);
        out.post();
    }
    out
}

proptest! {
    #[test]
    fn every_row_balances_and_rows_sum_to_the_position(mut trade in histories()) {
        trade.post();
        for row in &trade.ledger {
            prop_assert!(row.entry.amounts.balances(), "{row:?}");
        }
        for line in &trade.state().lines {
            for slice in &line.slices {
                let sum = trade.sum(|row| row.entry.line_id == line.line_id && row.entry.dimensions == slice.dimensions);
                prop_assert_eq!(sum, slice.position);
            }
            let whole: Amounts = line.slices.iter().map(|slice| slice.position).sum();
            prop_assert_eq!(trade.of_line(line.line_id), whole);
        }
    }

    #[test]
    fn households_parts_sum_to_what_one_household_would_have(trade in histories()) {
        let mut one = trade.clone();
        one.book.supply.insert(LISTING_ID, vec![version(1, vec![share(1, 10_000)])]);
        let (mut many, mut one) = (trade, one);
        many.post();
        one.post();
        let (many, one) = (many.total(), one.total());
        for column in [
            Col::Goods, Col::Gmv, Col::Subsidy, Col::Refund, Col::Platform, Col::Anchor, Col::Village,
            Col::Logistics, Col::Packaging, Col::Loss, Col::Unassigned,
        ] {
            prop_assert_eq!(many[column], one[column], "{}", column.name());
        }
        prop_assert_eq!(many[Col::Farmer] + many[Col::Operator], one[Col::Farmer] + one[Col::Operator]);
    }

    #[test]
    fn what_is_wholly_settled_has_equal_columns_and_wholly_refunded_no_uplift(trade in histories()) {
        let state = trade.state();
        for line in &state.lines {
            for amounts in line.slices.iter().map(|slice| &slice.position) {
                if matches!(line.state, State::Settled | State::Refunded) {
                    prop_assert_eq!(amounts[Col::SettledFarmer], amounts[Col::Farmer]);
                    prop_assert_eq!(amounts[Col::SettledNet], amounts[Col::Gmv] - amounts[Col::Refund]);
                    prop_assert_eq!(amounts[Col::SettledBaselineMid], amounts[Col::BaselineMid]);
                }
                if line.state == State::Refunded {
                    prop_assert!(uplift(amounts) <= 0);
                }
            }
        }
    }

    #[test]
    fn an_order_refunded_before_it_left_is_zero_for_every_party(mut trade in trades()) {
        trade.order.lines.retain(|line| line.list_fen > 0);
        prop_assume!(!trade.order.lines.is_empty());
        trade.happens("2026-01-10", EventKind::Paid);
        let paid = trade.total()[Col::Gmv];
        trade.happens("2026-01-11", super::trade::refund(None, paid, Outcome::NeverLeft));
        let mut left = trade.total();
        prop_assert_eq!((left[Col::Gmv], left[Col::Refund]), (paid, paid));
        (left[Col::Gmv], left[Col::Refund]) = (0, 0);
        prop_assert!(left.is_zero(), "{left:?}");
    }

    #[test]
    fn an_order_refunded_after_it_left_sums_to_its_named_losses(mut trade in trades(), outcome in outcomes()) {
        prop_assume!(outcome != Outcome::NeverLeft);
        trade.order.lines.retain(|line| line.list_fen > 0 && line.listing.is_some());
        prop_assume!(!trade.order.lines.is_empty());
        trade.happens("2026-01-10", EventKind::Paid);
        let paid = trade.total()[Col::Gmv];
        let parcel = trade.total()[Col::Logistics] + trade.total()[Col::Packaging];
        trade.happens("2026-01-20", super::trade::refund(None, paid, outcome));
        let left = trade.total();
        prop_assert_eq!(left.paid_out(), 0);
        prop_assert_eq!(left[Col::Logistics] + left[Col::Packaging], parcel);
        prop_assert_eq!((left[Col::Platform], left[Col::Anchor], left[Col::Village]), (0, 0, 0));
        prop_assert_eq!(left[Col::Farmer] + left[Col::Operator], -parcel);
    }

    #[test]
    fn the_order_in_which_facts_arrive_does_not_matter(
        (trade, arrival) in histories().prop_flat_map(|trade| {
            let events = trade.order.events.clone();
            (Just(trade), Just(events).prop_shuffle())
        })
    ) {
        let mut once = trade.clone();
        once.post();
        prop_assert_eq!(booked(&posted_in(&trade, &trade.order.events)), booked(&once));
        prop_assert_eq!(booked(&posted_in(&trade, &arrival)), booked(&once));
    }

    #[test]
    fn a_locked_month_stays_as_it_was_and_the_total_is_still_right(
        (trade, arrival) in histories().prop_flat_map(|trade| {
            let events = trade.order.events.clone();
            (Just(trade), Just(events).prop_shuffle())
        }),
        lock_after in 0_usize..6,
    ) {
        let first = &arrival[..lock_after.min(arrival.len())];
        let mut locked = posted_in(&trade, first);
        locked.locks("2026-01-01");
        let january = |trade: &Trade| trade.sum(|row| month_start(row.booking.booked_on) == day("2026-01-01"));
        let before = january(&locked);
        for event in &arrival[first.len()..] {
            locked.order.events.push(*event);
            locked.post();
        }
        prop_assert_eq!(january(&locked), before);
        let mut once = trade;
        once.post();
        prop_assert_eq!(locked.total(), once.total());
    }
}
