//! A scenario's terms, supply and prices as a [`Book`], with a version for each correction.

use red_anchor::domain::calendar::{Day, parse_day};
use red_anchor::domain::ledger::book::{Baseline, BatchId, Book, LossBearer, Model, Share, Terms, Version};
use red_anchor::domain::ledger::facts::Listing;
use red_anchor::domain::regions::RegionCode;
use serde_json::Value;

/// The one product of a scenario.
pub const PRODUCT_ID: i64 = 1;
/// The listing of lines that say nothing of their own.
const LISTING_ID: i64 = 1;

pub fn int(value: &Value, key: &str) -> i64 {
    match &value[key] {
        Value::Null => 0,
        number => number.as_i64().unwrap_or_else(|| panic!("{key} is an integer: {value}")),
    }
}

pub fn day(value: &Value) -> Day {
    value.as_str().and_then(parse_day).unwrap_or_else(|| panic!("a day: {value}"))
}

fn region(value: &Value) -> RegionCode {
    value.as_str().and_then(RegionCode::parse).unwrap_or_else(|| panic!("a region: {value}"))
}

/// A listing: the scenario's terms, with whatever a line states differently (a pack of another weight).
pub struct ListingOf {
    pub listing: Listing,
    differs: Value,
}

impl ListingOf {
    /// The listing of a scenario's line.
    pub fn line(line: &Value) -> Self {
        let own = ["freight_fen", "packaging_fen", "pack_g", "shrink_bp"];
        let differs: serde_json::Map<String, Value> =
            own.into_iter().filter_map(|key| Some((key.to_owned(), line.get(key)?.clone()))).collect();
        let listing_id = if differs.is_empty() { LISTING_ID } else { LISTING_ID + int(line, "line_id") };
        Self { listing: Listing { listing_id, product_id: PRODUCT_ID }, differs: Value::Object(differs) }
    }

    /// Adds a version of terms and supply.
    pub fn add_terms(&self, book: &mut Book, stated: &Value, version_id: i64, batch_id: BatchId) {
        let mut terms = stated.clone();
        for (key, value) in self.differs.as_object().expect("a map of differences") {
            terms[key] = value.clone();
        }
        let listing_id = self.listing.listing_id;
        book.terms.entry(listing_id).or_default().push(version(&terms, version_id, batch_id, read_terms(&terms)));
        let shares = read_shares(&terms);
        book.supply.entry(listing_id).or_default().push(version(&terms, version_id, batch_id, shares));
    }
}

/// Adds a price.
pub fn add_baseline(book: &mut Book, stated: &Value, batch_id: BatchId) {
    let price = Baseline {
        region: region(&stated["region"]),
        low_fen_per_kg: int(stated, "low_fen_per_kg"),
        mid_fen_per_kg: int(stated, "mid_fen_per_kg"),
        high_fen_per_kg: int(stated, "high_fen_per_kg"),
    };
    let of_product = book.baselines.entry(PRODUCT_ID).or_default();
    of_product.push(version(stated, int(stated, "id"), batch_id, price));
}

fn version<T>(stated: &Value, version_id: i64, batch_id: BatchId, value: T) -> Version<T> {
    let valid_to = (!stated["to"].is_null()).then(|| day(&stated["to"]));
    Version { version_id, batch_id, valid_from: day(&stated["from"]), valid_to, value }
}

fn read_terms(stated: &Value) -> Terms {
    Terms {
        model: match stated["model"].as_str() {
            Some("consignment") => Model::Consignment,
            Some("share") => Model::Share,
            Some("purchase") => Model::Purchase,
            other => panic!("a model: {other:?}"),
        },
        platform_bp: int(stated, "platform_bp"),
        anchor_bp: int(stated, "anchor_bp"),
        operator_bp: int(stated, "operator_bp"),
        village_bp: int(stated, "village_bp"),
        share_bp: int(stated, "share_bp"),
        purchase_fen_per_kg: int(stated, "purchase_fen_per_kg"),
        freight_fen: int(stated, "freight_fen"),
        packaging_fen: int(stated, "packaging_fen"),
        pack_g: int(stated, "pack_g"),
        shrink_bp: int(stated, "shrink_bp"),
        conversion_bp: int(stated, "conversion_bp"),
        extra_cost_fen_per_kg: int(stated, "extra_cost_fen_per_kg"),
        loss_borne_by: match stated["loss_borne_by"].as_str() {
            Some("farmer") => LossBearer::Farmer,
            Some("operator") => LossBearer::Operator,
            other => panic!("a bearer of losses: {other:?}"),
        },
    }
}

fn read_shares(stated: &Value) -> Vec<Share> {
    stated["supply"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|share| Share {
            farmer_id: int(share, "farmer"),
            village_code: region(&share["village"]),
            share_bp: int(share, "share_bp"),
        })
        .collect()
}
