//! Checks of operators, shops, products, listings with terms and supply, mappings and baselines.

use super::{BP, Check, MOST_AMOUNT, Place};
use crate::domain::county::{
    BaselineDoc, ListingDoc, MappingDoc, OperatorDoc, ProductDoc, ShopDoc, SupplyDoc, TermsDoc,
};
use crate::domain::problem::Flaw;
use crate::platforms::Platform;
use crate::store::keys::Noun;
use rustc_hash::FxHashSet;

/// Households that can share a listing on one day.
const MOST_HOUSEHOLDS: usize = 8;
/// Longest wait for 推定结算.
const MOST_DAYS: i64 = 365;

impl<'a> Check<'a> {
    pub(super) fn operators(&mut self, operators: &'a [OperatorDoc]) {
        let mut keys = FxHashSet::default();
        for (index, operator) in operators.iter().enumerate() {
            let place = Place::item("operators", index);
            self.named(&place, &mut keys, &operator.key, &operator.name);
            if let Some(day) = operator.pays_on_day {
                self.between(&place.field("pays_on_day"), i64::from(day), 1, 31);
            }
        }
    }

    pub(super) fn shops(&mut self, shops: &'a [ShopDoc]) {
        let mut keys = FxHashSet::default();
        for (index, shop) in shops.iter().enumerate() {
            let place = Place::item("shops", index);
            self.named(&place, &mut keys, &shop.key, &shop.name);
            self.word(&place.field("platform"), &shop.platform, &Platform::ALL.map(Platform::key));
            if self.known.platforms.get(&shop.key).is_some_and(|known| *known != shop.platform) {
                self.fault(&place.field("platform"), Flaw::OtherPlatform);
            }
            if let Some(operator) = &shop.operator {
                self.refers(&place.field("operator"), Noun::Operator, operator);
            }
            if let Some(days) = shop.settled_after_days {
                self.between(&place.field("settled_after_days"), days, 0, MOST_DAYS);
            }
        }
    }

    pub(super) fn products(&mut self, products: &'a [ProductDoc]) {
        let mut keys = FxHashSet::default();
        for (index, product) in products.iter().enumerate() {
            self.named(&Place::item("products", index), &mut keys, &product.key, &product.name);
        }
    }

    pub(super) fn listings(&mut self, listings: &'a [ListingDoc]) {
        let mut keys = FxHashSet::default();
        for (index, listing) in listings.iter().enumerate() {
            let place = Place::item("listings", index);
            self.named(&place, &mut keys, &listing.key, &listing.name);
            self.refers(&place.field("product"), Noun::Product, &listing.product);
            let product = self.known.names.find(Noun::Product, &listing.product);
            if self.known.products.get(&listing.key).is_some_and(|known| Some(*known) != product) {
                self.fault(&place.field("product"), Flaw::OtherProduct);
            }
            self.amount(&place.field("price_fen"), listing.price_fen);
            let mut spans = FxHashSet::default();
            for (index, terms) in listing.terms.iter().enumerate() {
                let place = place.at("terms", index);
                self.once(&place.field("from"), &mut spans, (terms.from, terms.to), terms.from);
                self.terms(&place, terms);
            }
            let mut spans = FxHashSet::default();
            for (index, supply) in listing.supply.iter().enumerate() {
                let place = place.at("supply", index);
                self.once(&place.field("from"), &mut spans, (supply.from, supply.to), supply.from);
                self.supply(&place, supply);
            }
        }
    }

    fn terms(&mut self, place: &Place<'_>, terms: &TermsDoc) {
        self.span(place, terms.from, terms.to);
        self.word(&place.field("model"), &terms.model, &["consignment", "share", "purchase"]);
        self.word(&place.field("loss_borne_by"), &terms.loss_borne_by, &["operator", "farmer"]);
        self.word(&place.field("volume"), &terms.volume, &["moved", "new"]);
        for (part, value) in [
            ("platform_bp", terms.platform_bp),
            ("anchor_bp", terms.anchor_bp),
            ("operator_bp", terms.operator_bp),
            ("village_bp", terms.village_bp),
            ("share_bp", terms.share_bp),
            ("shrink_bp", terms.shrink_bp),
        ] {
            self.rate(&place.field(part), value);
        }
        for (part, value) in [
            ("purchase_fen_per_kg", terms.purchase_fen_per_kg),
            ("freight_fen", terms.freight_fen),
            ("packaging_fen", terms.packaging_fen),
            ("extra_cost_fen_per_kg", terms.extra_cost_fen_per_kg),
        ] {
            self.amount(&place.field(part), value);
        }
        // goods that weigh nothing would have no baseline value, and all of their income would be uplift
        self.between(&place.field("pack_g"), terms.pack_g, 1, MOST_AMOUNT);
        self.between(&place.field("conversion_bp"), terms.conversion_bp, 1, MOST_AMOUNT);
    }

    fn supply(&mut self, place: &Place<'_>, supply: &SupplyDoc) {
        self.span(place, supply.from, supply.to);
        if supply.lots && !supply.shares.is_empty() {
            self.fault(&place.field("lots"), Flaw::SharesAndLots);
        }
        if !supply.lots && !(1..=MOST_HOUSEHOLDS).contains(&supply.shares.len()) {
            self.fault(&place.field("shares"), Flaw::Households { count: supply.shares.len() });
        }
        let mut farmers = FxHashSet::default();
        let mut sum_bp = 0_i64;
        for (index, share) in supply.shares.iter().enumerate() {
            let place = place.at("shares", index);
            self.refers(&place.field("farmer"), Noun::Farmer, &share.farmer);
            self.once(&place.field("farmer"), &mut farmers, share.farmer.as_str(), &share.farmer);
            self.between(&place.field("share_bp"), share.share_bp, 1, BP);
            sum_bp = sum_bp.saturating_add(share.share_bp);
        }
        if sum_bp > BP {
            self.fault(&place.field("shares"), Flaw::OverWhole { sum_bp });
        }
    }

    pub(super) fn mappings(&mut self, mappings: &'a [MappingDoc]) {
        let mut skus = FxHashSet::default();
        for (index, mapping) in mappings.iter().enumerate() {
            let place = Place::item("mappings", index);
            self.refers(&place.field("shop"), Noun::Shop, &mapping.shop);
            self.refers(&place.field("listing"), Noun::Listing, &mapping.listing);
            self.filled(&place.field("product_no"), &mapping.product_no);
            let sku = (mapping.shop.as_str(), mapping.product_no.as_str(), mapping.sku_no.as_str());
            let part = if mapping.sku_no.is_empty() { ("product_no", sku.1) } else { ("sku_no", sku.2) };
            self.once(&place.field(part.0), &mut skus, sku, part.1);
        }
    }

    pub(super) fn baselines(&mut self, baselines: &'a [BaselineDoc]) {
        let mut spans = FxHashSet::default();
        for (index, price) in baselines.iter().enumerate() {
            let place = Place::item("baselines", index);
            self.refers(&place.field("product"), Noun::Product, &price.product);
            self.region(&place.field("region"), &price.region);
            self.span(&place, price.from, Some(price.to));
            let slot = (price.product.as_str(), price.region.as_str(), price.from, price.to);
            self.once(&place.field("from"), &mut spans, slot, price.from);
            self.amount(&place.field("low_fen_per_kg"), price.low_fen_per_kg);
            self.amount(&place.field("mid_fen_per_kg"), price.mid_fen_per_kg);
            self.amount(&place.field("high_fen_per_kg"), price.high_fen_per_kg);
            if price.low_fen_per_kg > price.mid_fen_per_kg || price.mid_fen_per_kg > price.high_fen_per_kg {
                self.fault(&place.field("mid_fen_per_kg"), Flaw::NotRising);
            }
            if let Some(salvage) = price.salvage_fen_per_kg {
                self.amount(&place.field("salvage_fen_per_kg"), salvage);
            }
            self.filled(&place.field("source"), &price.source);
            self.filled(&place.field("entered_by"), &price.entered_by);
            self.filled(&place.field("approved_by"), &price.approved_by);
            if price.entered_by.trim() == price.approved_by.trim() && !price.entered_by.trim().is_empty() {
                self.fault(&place.field("approved_by"), Flaw::SamePerson);
            }
        }
    }
}
