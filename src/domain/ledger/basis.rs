//! What one line is computed with, as known at some moment: its terms, its households and their prices.
//!
//! Terms, rates, shares and categories are those of the pay day, the price that of the day the goods left the farmer
//! (lot intake) where there is one: for every later event of the line too. Which versions count is the caller's
//! choice (the newest, or those known at a month's lock); attribution and listing have no versions.
//!
//! Rules that must hold: households stand by farmer, each once, and what the shares leave over is the last part, of
//! nobody (合作社留存): it carries no farmer, no category and the county's code.
//!
//! A listing without terms on the pay day can be estimated no better than no listing at all: its money is unassigned
//! and the line counts as one without listing, but keeps the listing's dimensions, so that staff find it there.

use super::book::{Baseline, Book, Category, Known, Share, Terms, Version};
use super::entries::Dimensions;
use super::facts::{LineFacts, Listing};
use crate::domain::calendar::Day;
use crate::domain::money::BP;
use crate::domain::regions::RegionCode;

/// One part of a line's goods: a household's, or nobody's.
#[derive(Debug, Clone)]
pub(super) struct Household<'a> {
    pub(super) dimensions: Dimensions,
    /// The price of its village; none is "no baseline".
    pub(super) price: Option<&'a Version<Baseline>>,
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
        let nobody = Household { dimensions: nobodys_dimensions(line, book), price: None };
        let priced = line.listing.and_then(|listing| Some((listing, book.terms(listing.listing_id, paid_on, known)?)));
        let Some((listing, terms)) = priced else {
            return Self { known, terms: None, households: vec![nobody], weights: vec![BP] };
        };
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
                let price = price(line, listing, share.village_code, paid_on, known, book);
                households.push(Household { dimensions, price });
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

/// The price of a village's goods on the day they left the farmer, else on the pay day.
fn price<'a>(
    line: &LineFacts,
    listing: Listing,
    village: RegionCode,
    paid_on: Day,
    known: Known,
    book: &'a Book,
) -> Option<&'a Version<Baseline>> {
    book.baseline(listing.product_id, village, line.intake_on.unwrap_or(paid_on), known)
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
