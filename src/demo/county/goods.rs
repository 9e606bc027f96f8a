//! The goods as the county promises them: products, listings with terms, and which SKU is which listing.
//!
//! At the usual price after the shop's coupon a household gets 30.13 for a box of kumquat, 115.28 for tea and 56.35 for
//! a duck; a test reckons it from these terms by the ledger's own rules. Kumquat carries a part for the village
//! (0.75 %); the co-operative's duck is sold on shares, everything else on consignment.

use crate::domain::county::{ListingDoc, MappingDoc, ProductDoc, TermsDoc};
use crate::sandbox::world::first_day;
use crate::sandbox::world::goods::{SKUS, Sku, Trade, product_no, sku_no};
use crate::sandbox::world::shops::Shop;

/// The three products.
pub fn products() -> Vec<ProductDoc> {
    let product = |trade, name: &str, name_en: &str| ProductDoc {
        key: key(trade).to_owned(),
        name: name.to_owned(),
        name_en: name_en.to_owned(),
        lot_certificate: None,
    };
    vec![
        product(Trade::Kumquat, "遂川金桔", "Kumquat"),
        product(Trade::Tea, "狗牯脑茶", "Gougunao tea"),
        product(Trade::Duck, "遂川板鸭", "Cured duck"),
    ]
}

/// A product's key.
pub const fn key(trade: Trade) -> &'static str {
    match trade {
        Trade::Kumquat => "kumquat",
        Trade::Tea => "tea",
        Trade::Duck => "duck",
    }
}

/// All listings with their terms and no supply.
pub fn listings() -> Vec<ListingDoc> {
    mapped().map(|(listing, sku)| ListingDoc { terms: vec![terms(listing, sku)], ..bare(listing, sku) }).collect()
}

/// A listing without anything dated.
pub fn bare(listing: &str, sku: &Sku) -> ListingDoc {
    ListingDoc {
        key: listing.to_owned(),
        product: key(sku.trade).to_owned(),
        name: format!("{} {}", sku.title, sku.spec),
        price_fen: sku.list_fen,
        terms: Vec::new(),
        supply: Vec::new(),
    }
}

/// The SKUs that are mapped, with their listing.
pub fn mapped() -> impl Iterator<Item = (&'static str, &'static Sku)> {
    SKUS.iter().filter_map(|sku| Some((sku.listing?, sku)))
}

/// Every mapped SKU in both shops; the rest waits among the unmatched lines.
pub fn mappings() -> Vec<MappingDoc> {
    let skus = || SKUS.iter().enumerate().filter_map(|(n, sku)| Some((n, sku.listing?)));
    let mapping = |shop: Shop, sku: usize, listing: &str| MappingDoc {
        shop: shop.key().to_owned(),
        product_no: product_no(shop, sku).to_string(),
        sku_no: sku_no(shop, sku).to_string(),
        listing: listing.to_owned(),
    };
    Shop::ALL.into_iter().flat_map(|shop| skus().map(move |(n, listing)| mapping(shop, n, listing))).collect()
}

fn terms(listing: &str, sku: &Sku) -> TermsDoc {
    let consignment = TermsDoc {
        from: first_day(),
        to: None,
        model: "consignment".to_owned(),
        platform_bp: sku.platform_bp,
        anchor_bp: sku.anchor_bp,
        operator_bp: 600,
        village_bp: 0,
        share_bp: 0,
        purchase_fen_per_kg: 0,
        freight_fen: 0,
        packaging_fen: 0,
        pack_g: 0,
        shrink_bp: 0,
        conversion_bp: 10_000,
        extra_cost_fen_per_kg: 0,
        loss_borne_by: "operator".to_owned(),
        volume: "moved".to_owned(),
    };
    let kumquat = TermsDoc { village_bp: 75, freight_fen: 470, shrink_bp: 500, ..consignment.clone() };
    let tea = TermsDoc {
        freight_fen: 460,
        packaging_fen: 380,
        pack_g: 250,
        // 4.5 kg of fresh leaf make 1 kg of tea; the household would have sold leaf.
        conversion_bp: 45_000,
        ..consignment.clone()
    };
    let duck = TermsDoc {
        freight_fen: 520,
        packaging_fen: 291,
        pack_g: 800,
        // 2.5 kg of live bird make 1 kg of cured duck.
        conversion_bp: 25_000,
        ..consignment
    };
    match (sku.trade, listing) {
        (Trade::Kumquat, "kumquat-taste") => TermsDoc { packaging_fen: 60, pack_g: 250, ..kumquat },
        (Trade::Kumquat, _) => TermsDoc { packaging_fen: 250, pack_g: 2_500, volume: "new".to_owned(), ..kumquat },
        (Trade::Tea, _) => tea,
        (Trade::Duck, "duck-cut") => TermsDoc { model: "share".to_owned(), operator_bp: 0, share_bp: 6_872, ..duck },
        (Trade::Duck, _) => duck,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::at_rate;

    #[test]
    fn the_terms_give_the_household_what_was_promised() {
        for (listing, promised_fen) in [
            ("kumquat-oily", 3_013),
            ("kumquat-smooth", 3_013),
            ("tea-tin", 11_528),
            ("tea-bag", 11_528),
            ("duck-whole", 5_635),
            ("duck-cut", 5_635),
        ] {
            let (_, sku) = mapped().find(|(l, _)| *l == listing).expect("a listing of the world");
            let t = terms(listing, sku);
            let value = sku.list_fen - sku.shop_coupon_fen;
            let left =
                value - at_rate(value, t.platform_bp) - at_rate(value, t.anchor_bp) - t.freight_fen - t.packaging_fen;
            let farmer = match t.model.as_str() {
                "share" => at_rate(value, t.share_bp),
                _ => left - at_rate(left, t.operator_bp) - at_rate(left, t.village_bp),
            };
            assert_eq!(farmer, promised_fen, "{listing}");
        }
    }
}
