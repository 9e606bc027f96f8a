//! Freight and packaging: once a parcel, split over the lines of the order that travel in it.
//!
//! Rules that must hold: a line none of whose pieces ever left takes no part, so that the others carry the parcel from
//! the day it dropped out; goods of several listings in one parcel cost the largest of their amounts; the parts sum to
//! the parcel. A line that has no listing yet still travels: its part is nobody's estimate until it has one, and giving
//! it one then does not move the other lines' freight.
//!
//! Not here: re-sent parcels, which are the operator's ([`super::position`]).

use super::book::{Book, Known};
use super::facts::LineFacts;
use super::sale::Sale;
use crate::domain::calendar::Day;
use crate::domain::money::split;

/// A line's part of its order's parcels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ParcelCost {
    pub(super) freight_fen: i64,
    pub(super) packaging_fen: i64,
}

/// Every line's part, at the amounts of the pay day as then known.
pub(super) fn parcel_costs(
    lines: &[LineFacts],
    sale: &Sale,
    paid_on: Day,
    known: Known,
    book: &Book,
    costs: &mut Vec<ParcelCost>,
) {
    costs.clear();
    costs.resize(lines.len(), ParcelCost::default());
    let mut whole = ParcelCost::default();
    let mut travelling = 0;
    for (line, _) in lines.iter().zip(&sale.lines).filter(|(_, t)| !t.never_left()) {
        travelling += 1;
        let terms = line.listing.and_then(|listing| book.terms(listing.listing_id, paid_on, known));
        if let Some(terms) = terms {
            whole.freight_fen = whole.freight_fen.max(terms.freight_fen * sale.parcels);
            whole.packaging_fen = whole.packaging_fen.max(terms.packaging_fen * sale.parcels);
        }
    }
    if travelling == 0 || whole == ParcelCost::default() {
        return;
    }
    let travels: Vec<usize> = (0..lines.len()).filter(|&i| !sale.lines[i].never_left()).collect();
    if let [only] = travels[..] {
        costs[only] = whole;
        return;
    }
    let weights: Vec<i64> = travels.iter().map(|&i| sale.lines[i].list_fen).collect();
    let start = lines[travels[0]].line_id;
    let freight = split(whole.freight_fen, &weights, start);
    let packaging = split(whole.packaging_fen, &weights, start);
    for (part, &i) in travels.iter().enumerate() {
        costs[i] = ParcelCost { freight_fen: freight[part], packaging_fen: packaging[part] };
    }
}
