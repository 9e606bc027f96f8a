//! What one line is computed with, as known at some moment: its terms, its households and their prices.
//!
//! Terms, rates, shares and categories are those of the pay day, the price that of the day the goods left the farmer
//! (lot intake) where there is one: for every later event of the line too. A line drawn from lots has a part for each
//! ticket, weighed by what was drawn, and none by shares. Which versions count is the caller's
//! choice (the newest, or those known at a month's lock); attribution and listing have no versions.
//!
//! Rules that must hold: households stand by farmer, each once (one with two tickets once for each), and what the shares
//! or draws leave over is the last part, of nobody (合作社留存): it carries no farmer, no category and the county's code.
//!
//! A listing without terms on the pay day can be estimated no better than no listing at all: its money is unassigned
//! and the line counts as one without listing, but keeps the listing's dimensions, so that staff find it there.

use super::book::{Baseline, Book, Category, Known, Share, Terms, Version};
use super::entries::Dimensions;
use super::facts::{Draw, LineFacts, Listing};
use crate::domain::calendar::Day;
use crate::domain::draws::needed_g;
use crate::domain::money::BP;

/// One part of a line's goods: a household's, or nobody's.
#[derive(Debug, Clone)]
pub(super) struct Household<'a> {
    pub(super) dimensions: Dimensions,
    /// The price of its village; none is "no baseline".
    pub(super) price: Option<&'a Version<Baseline>>,
    /// Purchase: what its ticket was agreed at, per kilogram as weighed in; none is the terms' price.
    pub(super) agreed_fen_per_kg: Option<i64>,
    /// Bought at that price, whatever terms sell the goods.
    pub(super) bought: bool,
}

impl Household<'_> {
    pub(super) fn is_nobody(&self) -> bool {
        self.dimensions.farmer_id == 0
    }
}

/// Terms and households of a line under one state of knowledge.
#[derive(Debug, Clone)]
pub(super) struct Basis<'a> {
    pub(super) known: Known,
    /// `None`: no listing, or one without terms on the pay day.
    pub(super) terms: Option<&'a Terms>,
    /// In the order of the split; never empty.
    pub(super) households: Vec<Household<'a>>,
    /// Shares, one a household.
    pub(super) weights: Vec<i64>,
}

impl<'a> Basis<'a> {
    pub(super) fn resolve(line: &LineFacts, paid_on: Day, known: Known, book: &'a Book) -> Self {
        let nobody = Household {
            dimensions: nobodys_dimensions(line, book),
            price: None,
            agreed_fen_per_kg: None,
            bought: false,
        };
        let priced = line.listing.and_then(|listing| Some((listing, book.terms(listing.listing_id, paid_on, known)?)));
        let Some((listing, terms)) = priced else {
            return Self { known, terms: None, households: vec![nobody], weights: vec![BP] };
        };
        if line.draws.iter().any(|draw| draw.is_known(known)) {
            let (households, weights) = drawn(line, listing, terms, paid_on, known, book, nobody);
            return Self { known, terms: Some(terms), households, weights };
        }
        let shares = book.supply(listing.listing_id, paid_on, known);
        let mut households = Vec::with_capacity(shares.len() + 1);
        let mut weights: Vec<i64> = Vec::with_capacity(shares.len() + 1);
        let mut left_bp = BP;
        let mut add = |share: &Share| {
            left_bp -= share.share_bp;
            let dimensions = Dimensions {
                farmer_id: share.farmer_id,
                village_code: share.village_code,
                household_category: book.category(share.farmer_id, paid_on, known),
                ..nobody.dimensions
            };
            if let Some(same) = households.iter().position(|h: &Household| h.dimensions == dimensions) {
                weights[same] += share.share_bp;
            } else {
                let on = line.intake_on.unwrap_or(paid_on);
                let price = book.baseline(listing.product_id, share.village_code, on, known);
                households.push(Household { dimensions, price, agreed_fen_per_kg: None, bought: false });
                weights.push(share.share_bp);
            }
        };
        if shares.is_sorted_by_key(|share| share.farmer_id) {
            shares.iter().for_each(&mut add);
        } else {
            let mut by_farmer = shares.to_vec();
            by_farmer.sort_by_key(|share| share.farmer_id);
            by_farmer.iter().for_each(&mut add);
        }
        if left_bp > 0 {
            households.push(nobody);
            weights.push(left_bp);
        }
        Self { known, terms: Some(terms), households, weights }
    }
}

/// The parts of a line that was drawn from lots, and what each weighs.
fn drawn<'a>(
    line: &LineFacts,
    listing: Listing,
    terms: &Terms,
    paid_on: Day,
    known: Known,
    book: &'a Book,
    nobody: Household<'a>,
) -> (Vec<Household<'a>>, Vec<i64>) {
    let mut draws: Vec<&Draw> = line.draws.iter().filter(|draw| draw.is_known(known)).collect();
    draws.sort_unstable_by_key(|draw| (draw.farmer_id, draw.ticket_id));
    let mut households: Vec<Household> = Vec::with_capacity(draws.len() + 1);
    let mut weights: Vec<i64> = Vec::with_capacity(draws.len() + 1);
    for draw in draws {
        households.push(Household {
            dimensions: Dimensions {
                farmer_id: draw.farmer_id,
                village_code: draw.village_code,
                household_category: book.category(draw.farmer_id, paid_on, known),
                lot_ticket_id: draw.ticket_id,
                ..nobody.dimensions
            },
            price: book.baseline(listing.product_id, draw.village_code, draw.intake_on, known),
            agreed_fen_per_kg: Some(draw.agreed_fen_per_kg).filter(|&fen| fen > 0),
            bought: draw.bought,
        });
        weights.push(draw.drawn_g);
    }
    let missing_g = needed_g(terms, line.pieces) - weights.iter().sum::<i64>();
    if missing_g > 0 {
        households.push(nobody);
        weights.push(missing_g);
    }
    (households, weights)
}

/// What a line's slice is about where it has no household.
pub(super) fn nobodys_dimensions(line: &LineFacts, book: &Book) -> Dimensions {
    Dimensions {
        room_id: line.attribution.room_id,
        anchor_id: line.attribution.anchor_id,
        stream_id: line.attribution.stream_id,
        listing_id: line.listing.map_or(0, |l| l.listing_id),
        product_id: line.listing.map_or(0, |l| l.product_id),
        farmer_id: 0,
        village_code: book.county.expect("a book belongs to a county before anything is posted with it"),
        household_category: Category::None,
        lot_ticket_id: 0,
        class: line.attribution.class,
    }
}
