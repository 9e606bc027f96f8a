//! What a line stands at, household by household: who has which part of its money, and what its goods were worth.
//!
//! First the line as a whole is worked out from its sums ([`Tally`]) and its terms: fees, what is left after them (D),
//! the village's and the farmer's part. Then every column is split over the households by their shares, and what
//! depends on a household's own kilograms or village (purchase price, baseline, extra cost) is computed for each.
//!
//! Rules that must hold: each slice balances, the operator's part being what makes it; the split columns sum to the
//! line's; with a settled fraction of one every settled column equals its column; a wholly refunded line never has
//! positive uplift (退货不计); goods that were bought by weight bring their household the price of their ticket, whatever
//! terms sell them.
//!
//! Losses are what D is below zero and what was paid outside refunds. They fall on the bearer the terms name, in
//! purchase always on the operator, and a gift's or a re-sent parcel's freight on the operator too: those goods went
//! out without money, so nobody else earned from them.
//!
//! Not here: when something changed ([`super::entries`]).

use super::basis::{Basis, Household};
use super::book::{Baseline, LossBearer, Model, Terms};
use super::entries::Dimensions;
use super::parcels::ParcelCost;
use super::tally::{Settled, Tally};
use crate::domain::amounts::{Amounts, Col};
use crate::domain::money::{BP, GRAMS_PER_KG, at_price, at_rate, round_div, split_into};

/// One household's part of a line's position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) dimensions: Dimensions,
    pub(super) baseline_id: i64,
    pub(super) without_baseline: bool,
    pub(super) amounts: Amounts,
}

/// The columns that are split over households as they are.
const SPLIT: [Col; 10] = [
    Col::Goods,
    Col::Gmv,
    Col::Subsidy,
    Col::Refund,
    Col::Platform,
    Col::Anchor,
    Col::Village,
    Col::Logistics,
    Col::Packaging,
    Col::Loss,
];

/// A column that settles, and its settled twin.
const TWINS: [(Col, Col); 6] = [
    (Col::Farmer, Col::SettledFarmer),
    (Col::BaselineLow, Col::SettledBaselineLow),
    (Col::BaselineMid, Col::SettledBaselineMid),
    (Col::BaselineHigh, Col::SettledBaselineHigh),
    (Col::ExtraCost, Col::SettledExtraCost),
    (Col::WithoutBaseline, Col::SettledWithoutBaseline),
];

/// Fills `slices` with the line's position.
pub(super) fn position(tally: &Tally, cost: ParcelCost, settled: Settled, basis: &Basis, slices: &mut Vec<Slice>) {
    slices.clear();
    let Some(terms) = basis.terms else {
        slices.push(unassigned(tally, settled, &basis.households[0]));
        return;
    };
    let whole = whole_line(tally, cost, terms);
    slices.extend(basis.households.iter().map(|household| Slice {
        dimensions: household.dimensions,
        baseline_id: household.price.map_or(0, |price| price.version_id),
        without_baseline: false,
        amounts: Amounts::ZERO,
    }));
    split_columns(tally, terms, &whole, &basis.weights, slices);
    for (slice, household) in slices.iter_mut().zip(&basis.households) {
        complete(slice, household, tally, terms);
        settle(&mut slice.amounts, settled);
    }
}

/// A line without listing or terms: fees as charged, no estimates, the rest nobody's yet.
fn unassigned(tally: &Tally, settled: Settled, household: &Household) -> Slice {
    let mut amounts = Amounts::ZERO;
    amounts[Col::Gmv] = tally.goods_fen + tally.freight_fen;
    amounts[Col::Subsidy] = tally.subsidy_fen();
    amounts[Col::Refund] = tally.refund_fen();
    amounts[Col::Platform] = tally.platform_charged_fen;
    amounts[Col::Anchor] = tally.anchor_charged_fen;
    amounts[Col::Loss] = tally.compensation_fen;
    amounts[Col::Unassigned] = amounts.paid_in() - amounts.paid_out();
    settle(&mut amounts, settled);
    Slice { dimensions: household.dimensions, baseline_id: 0, without_baseline: false, amounts }
}

/// The line's columns before they are split; purchase prices come with each household's kilograms.
fn whole_line(tally: &Tally, cost: ParcelCost, terms: &Terms) -> Amounts {
    let value = tally.value_fen();
    let platform = tally.fee_fen(tally.platform_charged_fen, terms.platform_bp);
    let anchor = tally.fee_fen(tally.anchor_charged_fen, terms.anchor_bp);
    let freight_unpaid = (cost.freight_fen - tally.freight_left_fen()).max(0);
    let left = value - platform - anchor - freight_unpaid - cost.packaging_fen;
    let base = left.max(0);
    let village = at_rate(base, terms.village_bp);
    let mut farmer = match terms.model {
        Model::Consignment => base - at_rate(base, terms.operator_bp) - village,
        Model::Share => at_rate(value, terms.share_bp),
        Model::Purchase => 0,
    };
    if terms.loss_borne_by == LossBearer::Farmer && terms.model != Model::Purchase {
        let gap = if tally.is_gift { 0 } else { left.min(0) };
        farmer += gap - tally.compensation_fen;
    }
    let mut whole = Amounts::ZERO;
    whole[Col::Goods] = goods_g(tally, terms);
    whole[Col::Gmv] = tally.goods_fen + tally.freight_fen;
    whole[Col::Subsidy] = tally.subsidy_fen();
    whole[Col::Refund] = tally.refund_fen();
    whole[Col::Farmer] = farmer;
    whole[Col::Platform] = platform;
    whole[Col::Anchor] = anchor;
    whole[Col::Village] = village;
    whole[Col::Logistics] = cost.freight_fen + tally.resent_parcels * terms.freight_fen;
    whole[Col::Packaging] = cost.packaging_fen + tally.resent_parcels * terms.packaging_fen;
    whole[Col::Loss] = tally.compensation_fen;
    whole
}

/// Kilograms consumed, shrinkage included, in grams.
fn goods_g(tally: &Tally, terms: &Terms) -> i64 {
    let net_g = i128::from(terms.pack_g) * i128::from(tally.consumed_pieces());
    round_div(net_g * i128::from(BP + terms.shrink_bp), i128::from(BP))
}

/// Splits the line's columns over the households, each by itself.
fn split_columns(tally: &Tally, terms: &Terms, whole: &Amounts, weights: &[i64], slices: &mut [Slice]) {
    if let [only] = slices {
        only.amounts = *whole;
        return;
    }
    let start = tally.line_id;
    let mut parts = vec![0; slices.len()];
    let farmer = (terms.model != Model::Purchase).then_some(Col::Farmer);
    for column in SPLIT.into_iter().chain(farmer).filter(|&column| whole[column] != 0) {
        split_into(whole[column], weights, start, &mut parts);
        for (slice, &part) in slices.iter_mut().zip(&parts) {
            slice.amounts[column] = part;
        }
    }
}

/// What a slice has of its own: its price, its baseline, its costs, and the operator's part.
fn complete(slice: &mut Slice, household: &Household, tally: &Tally, terms: &Terms) {
    let amounts = &mut slice.amounts;
    let goods_g = amounts[Col::Goods];
    if household.is_nobody() {
        // 合作社留存: its money is the operator's
        amounts[Col::Farmer] = 0;
    } else {
        if terms.model == Model::Purchase || household.bought {
            amounts[Col::Farmer] = match household.agreed_fen_per_kg {
                Some(agreed) => raw_value(agreed, goods_g, terms.conversion_bp),
                None => at_price(terms.purchase_fen_per_kg, goods_g),
            };
        }
        if let Some(price) = household.price {
            amounts[Col::ExtraCost] = at_price(terms.extra_cost_fen_per_kg, goods_g);
            set_baseline(amounts, &price.value, terms.conversion_bp, tally.is_wholly_refunded());
        } else {
            amounts[Col::WithoutBaseline] = amounts[Col::Farmer];
            slice.without_baseline = goods_g != 0;
        }
    }
    amounts[Col::Operator] = 0;
    amounts[Col::Operator] = amounts.paid_in() - amounts.paid_out();
}

/// The farm-gate value of a slice's goods; raised on a wholly refunded line so that it brings no positive uplift.
fn set_baseline(amounts: &mut Amounts, price: &Baseline, conversion_bp: i64, wholly_refunded: bool) {
    let at_least = if wholly_refunded { amounts[Col::Farmer] - amounts[Col::ExtraCost] } else { i64::MIN };
    let goods_g = amounts[Col::Goods];
    for (column, fen_per_kg) in [
        (Col::BaselineLow, price.low_fen_per_kg),
        (Col::BaselineMid, price.mid_fen_per_kg),
        (Col::BaselineHigh, price.high_fen_per_kg),
    ] {
        amounts[column] = raw_value(fen_per_kg, goods_g, conversion_bp).max(at_least);
    }
}

/// What goods cost by a price per kilogram as the household handed them over.
fn raw_value(fen_per_kg: i64, goods_g: i64, conversion_bp: i64) -> i64 {
    let raw_g = i128::from(goods_g) * i128::from(conversion_bp);
    round_div(i128::from(fen_per_kg) * raw_g, i128::from(GRAMS_PER_KG) * i128::from(BP))
}

/// Fills the settled columns.
fn settle(amounts: &mut Amounts, settled: Settled) {
    if !settled.has_begun() {
        return;
    }
    amounts[Col::SettledNet] = settled.of(amounts[Col::Gmv] - amounts[Col::Refund]);
    for (column, twin) in TWINS {
        amounts[twin] = settled.of(amounts[column]);
    }
}
