//! The worked numbers of docs/MONEY.md, one line at a time.

use super::trade::{LINE_ID, Trade, day, line, price, refund, settled, share, terms, uplift, version};
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::ledger::book::{LossBearer, Model};
use red_anchor::domain::ledger::facts::{Coupons, EventKind, Outcome};
use red_anchor::domain::ledger::{Dimensions, LineFacts, OrderFacts, State, entries};

const ONLY: Option<i64> = Some(LINE_ID);

/// The parties of a position: farmer, operator, platform, anchor, logistics and packaging together.
fn parties(amounts: &Amounts) -> [i64; 5] {
    [
        amounts[Col::Farmer],
        amounts[Col::Operator],
        amounts[Col::Platform],
        amounts[Col::Anchor],
        amounts[Col::Logistics] + amounts[Col::Packaging],
    ]
}

/// A statement row without fees.
fn statement(goods_fen: i64, subsidy_fen: i64) -> EventKind {
    EventKind::Settled {
        line_id: ONLY,
        goods_fen,
        freight_fen: 0,
        subsidy_fen,
        refund_fen: 0,
        platform_fen: 0,
        anchor_fen: 0,
    }
}

fn sold(model: Model) -> Trade {
    let mut trade = Trade::new(terms(model));
    trade.happens("2026-01-10", EventKind::Paid);
    trade
}

#[test]
fn consignment_pays_the_farmer_what_is_left_after_everyone() {
    let coupons = Coupons { shop_fen: 500, platform_fen: 300, anchor_fen: 200 };
    let mut terms = terms(Model::Consignment);
    terms.freight_fen = 550;
    let mut trade = Trade::new(terms).with_lines(vec![LineFacts { coupons, ..line(LINE_ID, 4_990) }]);
    trade.book.baselines.insert(1, vec![version(1, price(640))]);
    trade.happens("2026-01-10", EventKind::Paid);
    let total = trade.total();
    assert_eq!((total[Col::Gmv], total[Col::Subsidy]), (3_990, 500));
    assert_eq!(parties(&total), [2_962, 189, 90, 449, 550 + 250]);
    assert_eq!((total[Col::Goods], total[Col::BaselineMid], uplift(&total)), (2_625, 1_680, 1_282));
    assert_eq!(trade.figures().uplift_fen, 0, "nothing is settled yet");
}

#[test]
fn a_locked_month_keeps_its_figures_and_the_next_carries_settlement_and_refund() {
    let mut terms = terms(Model::Consignment);
    (terms.freight_fen, terms.operator_bp) = (520, 910);
    let mut trade = Trade::new(terms).with_lines(vec![line(LINE_ID, 4_000)]);
    trade.book.baselines.insert(1, vec![version(1, price(640))]);
    trade.happens("2026-01-20", EventKind::Paid).locks("2026-01-01");
    let january = trade.month("2026-01-01");
    trade.happens("2026-02-12", settled(ONLY, 4_000, 80, 400));
    trade.happens("2026-02-20", refund(ONLY, 600, Outcome::Kept));
    assert_eq!(trade.month("2026-01-01"), january);
    assert_eq!((january.gmv_fen, january.farmer_income_provisional_fen, january.uplift_fen), (4_000, 2_500, 0));
    let february = trade.month("2026-02-01");
    assert_eq!((february.farmer_income_fen, february.uplift_fen), (2_020, 340));
    assert_eq!(february.farmer_income_provisional_fen, -2_500);
}

#[test]
fn a_share_is_of_goods_value_and_leaves_buyer_paid_freight_apart() {
    let mut terms = terms(Model::Share);
    terms.share_bp = 5_000;
    let mut trade = Trade::new(terms).with_lines(vec![line(LINE_ID, 3_990)]);
    trade.order.buyer_freight_fen = 800;
    trade.happens("2026-01-10", EventKind::Paid);
    assert_eq!((trade.total()[Col::Gmv], trade.total()[Col::Farmer]), (4_790, 1_995));
}

#[test]
fn goods_that_never_left_leave_nobody_anything() {
    for model in [Model::Consignment, Model::Share, Model::Purchase] {
        let mut trade = sold(model);
        trade.happens("2026-01-11", refund(ONLY, 4_490, Outcome::NeverLeft));
        let total = trade.total();
        assert_eq!((parties(&total), total[Col::Goods], uplift(&total)), ([0; 5], 0, 0), "{model:?}");
        assert_eq!(trade.state().lines[0].state, State::Refunded);
    }
}

#[test]
fn goods_returned_saleable_cost_the_operator_the_parcel() {
    for model in [Model::Consignment, Model::Share, Model::Purchase] {
        let mut trade = sold(model);
        trade.happens("2026-01-20", refund(ONLY, 4_490, Outcome::Returned));
        let total = trade.total();
        assert_eq!((parties(&total), total[Col::Goods]), ([0, -720, 0, 0, 720], 0), "{model:?}");
    }
}

#[test]
fn lost_goods_leave_the_farmer_the_farm_gate_value_poorer() {
    for model in [Model::Consignment, Model::Share] {
        let mut trade = sold(model);
        trade.happens("2026-01-20", refund(ONLY, 4_490, Outcome::Lost));
        assert_eq!(parties(&trade.total()), [0, -720, 0, 0, 720], "{model:?}");
        assert_eq!((trade.total()[Col::BaselineMid], trade.figures().uplift_fen), (1_785, -1_785), "{model:?}");
    }
}

#[test]
fn lost_goods_that_were_bought_are_the_operators_loss() {
    let mut trade = sold(Model::Purchase);
    trade.happens("2026-01-20", refund(ONLY, 4_490, Outcome::Lost));
    assert_eq!(parties(&trade.total()), [1_943, -2_663, 0, 0, 720]);
    assert_eq!(trade.figures().farmer_income_fen, 1_943);
    assert_eq!(trade.figures().uplift_fen, 0, "退货不计: the baseline is raised to the income");
}

#[test]
fn a_household_that_bears_losses_pays_for_the_parcel() {
    let mut terms = terms(Model::Consignment);
    terms.loss_borne_by = LossBearer::Farmer;
    let mut trade = Trade::new(terms);
    trade.happens("2026-01-10", EventKind::Paid);
    trade.happens("2026-01-20", refund(ONLY, 4_490, Outcome::Lost));
    assert_eq!(parties(&trade.total()), [-720, 0, 0, 0, 720]);
    assert_eq!(trade.figures().uplift_fen, -720 - 1_785);
}

#[test]
fn a_refund_after_the_statement_gives_fees_back_until_the_reversal_row_says_otherwise() {
    let mut trade = sold(Model::Consignment);
    trade.happens("2026-01-28", settled(ONLY, 4_490, 90, 449));
    trade.happens("2026-02-09", refund(ONLY, 4_490, Outcome::Returned));
    assert_eq!(parties(&trade.total()), [0, -720, 0, 0, 720]);
    // the platform keeps 0.50 of its fee
    trade.happens("2026-02-15", settled(ONLY, -4_490, -40, -449));
    assert_eq!(parties(&trade.total()), [0, -770, 50, 0, 720]);
}

#[test]
fn a_whole_refund_takes_the_subsidy_back_until_the_statement_says_what_is_kept() {
    let coupons = Coupons { platform_fen: 300, ..Coupons::default() };
    let mut trade = Trade::new(terms(Model::Share)).with_lines(vec![LineFacts { coupons, ..line(LINE_ID, 4_790) }]);
    trade.happens("2026-01-10", EventKind::Paid).happens("2026-01-28", statement(4_490, 290));
    assert_eq!(trade.total()[Col::Subsidy], 290);
    trade.happens("2026-02-09", refund(ONLY, 4_490, Outcome::Returned));
    assert_eq!((trade.total()[Col::Subsidy], trade.total()[Col::Farmer]), (0, 0));
    trade.happens("2026-02-15", statement(-4_490, -240));
    assert_eq!((trade.total()[Col::Subsidy], trade.total()[Col::Farmer]), (50, 33));
}

#[test]
fn half_a_statement_settles_half_of_every_column() {
    let mut trade = sold(Model::Consignment);
    trade.happens("2026-01-28", settled(ONLY, 2_245, 45, 224));
    let total = trade.total();
    assert_eq!((total[Col::Farmer], total[Col::SettledFarmer]), (3_037, 1_519));
    assert_eq!((total[Col::BaselineMid], total[Col::SettledBaselineMid]), (1_785, 893));
    assert_eq!(trade.state().lines[0].state, State::Provisional);
}

#[test]
fn income_without_a_price_counts_as_income_and_not_as_uplift() {
    let mut trade = Trade::new(terms(Model::Consignment));
    trade.book.baselines.clear();
    trade.happens("2026-06-10", EventKind::Paid).happens("2026-06-28", settled(ONLY, 4_490, 90, 449));
    let figures = trade.figures();
    assert_eq!((figures.farmer_income_fen, figures.farmer_income_without_baseline_fen), (3_037, 3_037));
    assert_eq!((figures.uplift_fen, figures.baseline_coverage_bp), (0, 0));
    assert!(trade.state().lines[0].slices[0].without_baseline);
}

#[test]
fn the_day_the_goods_left_the_farmer_prices_them() {
    let mut trade = Trade::new(terms(Model::Consignment));
    let mut earlier = version(1, price(600));
    earlier.valid_to = Some(day("2026-01-05"));
    let mut later = version(2, price(680));
    later.valid_from = day("2026-01-06");
    trade.book.baselines.insert(1, vec![earlier, later]);
    trade.order.lines[0].intake_on = Some(day("2026-01-05"));
    trade.happens("2026-01-10", EventKind::Paid);
    assert_eq!(trade.total()[Col::BaselineMid], 1_575);
}

#[test]
fn what_no_household_supplied_stays_with_the_operator_and_keeps_its_kilograms() {
    let mut trade = Trade::new(terms(Model::Consignment));
    trade.book.supply.insert(1, vec![version(1, vec![share(2, 2_500), share(1, 5_000)])]);
    trade.happens("2026-01-10", EventKind::Paid);
    let nobody = trade.of_farmer(0);
    assert_eq!((nobody[Col::Farmer], nobody[Col::BaselineMid], nobody[Col::WithoutBaseline]), (0, 0, 0));
    assert_eq!((nobody[Col::Goods], trade.of_farmer(1)[Col::Goods], trade.of_farmer(2)[Col::Goods]), (656, 1_313, 656));
    // 30.37 over 50 %, 25 % and nobody's 25 %: the odd fen goes to the largest remainder
    assert_eq!((trade.of_farmer(1)[Col::Farmer], trade.of_farmer(2)[Col::Farmer]), (1_519, 759));
    assert_eq!(trade.total()[Col::Operator], 4_490 - 90 - 449 - 720 - 1_519 - 759);
    assert!(trade.state().lines[0].slices.iter().all(|slice| !slice.without_baseline));
}

#[test]
fn compensation_outside_a_refund_is_a_loss_of_its_bearer() {
    let mut terms = terms(Model::Consignment);
    terms.loss_borne_by = LossBearer::Farmer;
    let mut trade = Trade::new(terms);
    trade.happens("2026-01-10", EventKind::Paid);
    trade.happens("2026-01-12", EventKind::Compensation { line_id: LINE_ID, fen: 300 });
    assert_eq!((trade.total()[Col::Loss], trade.total()[Col::Farmer]), (300, 3_037 - 300));
}

#[test]
fn a_listing_without_terms_on_the_pay_day_is_priced_like_no_listing() {
    let mut trade = Trade::new(terms(Model::Consignment));
    trade.book.terms.clear();
    trade.happens("2026-01-10", EventKind::Paid).happens("2026-01-28", settled(ONLY, 4_490, 90, 449));
    let total = trade.total();
    assert_eq!((total[Col::Unassigned], total[Col::Platform], total[Col::SettledNet]), (3_951, 90, 4_490));
    let line = &trade.state().lines[0];
    assert!(line.without_listing);
    assert_eq!(line.slices[0].dimensions.listing_id, 1);
}

#[test]
fn an_unpaid_order_posts_nothing_and_stands_in_the_county() {
    let trade = Trade::new(terms(Model::Consignment));
    let state = trade.state();
    assert_eq!((state.entries.len(), state.lines[0].state), (0, State::Unpaid));
    let Dimensions { farmer_id, village_code, listing_id, .. } = state.lines[0].slices[0].dimensions;
    assert_eq!((farmer_id, village_code.to_string(), listing_id), (0, "360827".to_owned(), 1));
    assert_eq!(entries(&OrderFacts::default(), &trade.book).lines, []);
}

#[test]
fn a_refund_known_only_by_its_day_follows_the_payment_of_that_day() {
    let mut trade = Trade::new(terms(Model::Consignment));
    trade.happens("2026-01-10", refund(ONLY, 600, Outcome::Kept)).happens("2026-01-10", EventKind::Paid);
    trade.order.events[1].second = 3_600;
    let kinds: Vec<_> = trade.state().entries.iter().map(|e| (e.event_kind, e.amounts[Col::Refund])).collect();
    assert_eq!(kinds, [("paid", 0), ("refund", 600)]);
}
