//! Shops, goods, their terms, prices.

use crate::store::contract::{Place, day, instant};
use red_anchor::store::goods::{
    self, Listing, MappingRow, Operator, Product, Shop, ShopSetting, Sku, SupplyRow, TermsRow,
};
use red_anchor::store::keys::{Noun, ids_by_key, ids_of_keys};
use red_anchor::store::prices::{self, BaselineRow, MarketPrice};
use red_anchor::store::{Session, Work};

pub fn shop(shop_id: i64) -> Shop {
    Shop {
        shop_id,
        shop_key: format!("店{shop_id}"),
        platform: "douyin".into(),
        platform_shop_id: String::new(),
        name: "红色小店 “一”".into(),
        operator_id: 0,
        known_to_at: None,
    }
}

pub fn product(product_id: i64) -> Product {
    Product { product_id, product_key: format!("p{product_id}"), name: "金桔".into(), name_en: "kumquat".into() }
}

pub fn listing(listing_id: i64, product_id: i64) -> Listing {
    Listing {
        listing_id, listing_key: format!("l{listing_id}"), product_id, name: "金桔 5斤".into(), price_fen: 4_490
    }
}

/// A shop, a product and two of its listings.
pub async fn insert_goods(session: &mut Session) {
    goods::upsert_shops(session, &[shop(1)]).await.unwrap();
    goods::upsert_products(session, &[product(1)]).await.unwrap();
    goods::upsert_listings(session, &[listing(11, 1), listing(12, 1)]).await.unwrap();
}

pub async fn operators_and_shops(place: &Place) {
    let mut work = place.work().await;
    let operator = |name: &str| Operator {
        operator_id: 5,
        operator_key: "coop".into(),
        name: name.into(),
        phone: "13800000000".into(),
        pays_on_day: 15,
    };
    goods::upsert_operators(&mut work, &[operator("甲社")]).await.unwrap();
    goods::upsert_operators(&mut work, &[operator("乙社")]).await.unwrap();
    assert_eq!(ids_by_key(&mut work, Noun::Operator).await.unwrap()["coop"], 5);
    let routed = Shop { platform_shop_id: format!("9{}", place.code), ..shop(2) };
    goods::upsert_shops(&mut work, &[shop(1), routed.clone()]).await.unwrap();
    let renamed = Shop { name: "新名".into(), operator_id: 5, ..routed };
    goods::upsert_shops(&mut work, std::slice::from_ref(&renamed)).await.unwrap();
    assert_eq!(goods::list_shops(&mut work).await.unwrap(), [shop(1), renamed.clone()]);
    goods::set_known_to(&mut work, 2, instant(9)).await.unwrap();
    goods::set_known_to(&mut work, 2, instant(3)).await.unwrap();
    let found = goods::find_shop(&mut work, "店2").await.unwrap();
    assert_eq!(found, Some(Shop { known_to_at: Some(instant(9)), ..renamed }));
    assert_eq!(goods::find_shop(&mut work, "店").await.unwrap(), None);
}

pub async fn shop_settings(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_shops(&mut work, &[shop(1)]).await.unwrap();
    let setting = ShopSetting {
        shop_id: 1,
        version_id: 1,
        batch_id: work.batch_id,
        valid_from: day("2026-02-28"),
        settled_after_days: 20,
    };
    goods::insert_shop_settings(&mut work, std::slice::from_ref(&setting)).await.unwrap();
    assert_eq!(goods::list_shop_settings(&mut work).await.unwrap(), [setting]);
}

pub async fn products_and_listings(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let renamed = Product { name: "蜜桔".into(), ..product(1) };
    goods::upsert_products(&mut work, std::slice::from_ref(&renamed)).await.unwrap();
    assert_eq!(goods::list_products(&mut work).await.unwrap(), [renamed]);
    let repriced = Listing { price_fen: 1, ..listing(12, 1) };
    goods::upsert_listings(&mut work, std::slice::from_ref(&repriced)).await.unwrap();
    let mut listings = goods::list_listings(&mut work).await.unwrap();
    listings.sort_by_key(|l| l.listing_id);
    assert_eq!(listings, [listing(11, 1), repriced]);
}

fn terms_row(work: &Work, version_id: i64) -> TermsRow {
    TermsRow {
        listing_id: 11,
        version_id,
        batch_id: work.batch_id,
        valid_from: day("2025-01-01"),
        valid_to: (version_id == 1).then(|| day("2025-12-31")),
        model: "share".into(),
        platform_bp: 1,
        anchor_bp: 2,
        operator_bp: 3,
        village_bp: 4,
        share_bp: 5,
        purchase_fen_per_kg: 6,
        freight_fen: 7,
        packaging_fen: 8,
        pack_g: 9,
        shrink_bp: 10,
        conversion_bp: 11,
        extra_cost_fen_per_kg: 12,
        loss_borne_by: "farmer".into(),
        volume: "new".into(),
    }
}

pub async fn terms(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let rows = [terms_row(&work, 1), terms_row(&work, 2)];
    goods::insert_terms(&mut work, &rows).await.unwrap();
    let mut all = goods::list_terms(&mut work, day("2025-12-31")).await.unwrap();
    all.sort_by_key(|t| t.version_id);
    assert_eq!(all, rows);
    assert_eq!(goods::list_terms(&mut work, day("2026-01-01")).await.unwrap(), rows[1..]);
    assert_eq!(goods::list_terms_of(&mut work, &[11, 12]).await.unwrap().len(), 2);
    let later = TermsRow { valid_from: day("2026-06-01"), conversion_bp: 45_000, ..terms_row(&work, 3) };
    goods::insert_terms(&mut work, &[later]).await.unwrap();
    let batch = work.batch_id;
    for (on, known_with, conversion_bp) in [
        ("2024-12-31", batch, None),
        ("2026-05-31", batch, Some(11)),
        ("2026-06-01", batch, Some(45_000)),
        ("2026-06-01", batch - 1, None),
    ] {
        let found = goods::find_conversion(&mut work, 11, day(on), known_with).await.unwrap();
        assert_eq!(found, conversion_bp, "{on} with {known_with}");
    }
}

pub async fn supply(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let row = |version_id: i64, farmer_id: i64, to: Option<&str>| SupplyRow {
        listing_id: 11,
        version_id,
        farmer_id,
        batch_id: 1,
        valid_from: day("2025-01-01"),
        valid_to: to.map(day),
        share_bp: 2_500,
    };
    let rows = [row(1, 7, Some("2025-06-30")), row(2, 3, None), row(2, 7, None)];
    goods::insert_supply(&mut work, &[rows[2].clone(), rows[0].clone(), rows[1].clone()]).await.unwrap();
    assert_eq!(work.batch_id, 1);
    assert_eq!(goods::list_supply(&mut work, day("2025-06-30"), day("2025-07-01")).await.unwrap(), rows);
    assert_eq!(goods::list_supply(&mut work, day("2025-07-01"), day("2025-07-01")).await.unwrap(), rows[1..]);
    assert_eq!(goods::list_supply(&mut work, day("2024-01-01"), day("2024-12-31")).await.unwrap(), []);
    let starting = goods::list_supply_starting(&mut work, day("2025-01-01"), day("2025-01-01")).await.unwrap();
    assert_eq!(starting, rows);
}

pub async fn skus_and_mappings(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let sku = Sku {
        sku_id: 3,
        shop_id: 1,
        product_no: "3556357046087622442".into(),
        sku_no: "规格一".into(),
        title: "遂川金桔".into(),
    };
    goods::insert_skus(&mut work, std::slice::from_ref(&sku)).await.unwrap();
    assert_eq!(goods::list_skus(&mut work).await.unwrap(), [sku]);
    let mapping = |mapping_id: i64, listing_id: i64| MappingRow {
        mapping_id,
        batch_id: 1,
        shop_id: 1,
        product_no: "3556357046087622442".into(),
        sku_no: String::new(),
        listing_id,
    };
    goods::insert_mappings(&mut work, &[mapping(2, 12), mapping(1, 11)]).await.unwrap();
    assert_eq!(goods::list_mappings(&mut work).await.unwrap(), [mapping(1, 11), mapping(2, 12)]);
}

pub async fn row_ids_by_key(place: &Place) {
    let mut work = place.work().await;
    let many: Vec<Product> = (1..=600).map(product).collect();
    goods::upsert_products(&mut work, &many).await.unwrap();
    assert_eq!(ids_by_key(&mut work, Noun::Product).await.unwrap().len(), 600);
    let keys: Vec<&str> = many.iter().take(300).map(|p| p.product_key.as_str()).chain(["none"]).collect();
    let found = ids_of_keys(&mut work, Noun::Product, &keys).await.unwrap();
    assert_eq!((found.len(), found["p300"]), (300, 300));
    for noun in [Noun::Shop, Noun::Farmer, Noun::Listing, Noun::Room, Noun::Module, Noun::Anchor, Noun::Stream] {
        assert!(ids_by_key(&mut work, noun).await.unwrap().is_empty(), "{}", noun.word());
    }
}

pub async fn baselines(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let row = |baseline_id: i64, salvage: Option<i64>| BaselineRow {
        baseline_id,
        batch_id: 1,
        product_id: 1,
        region_code: "360827100".into(),
        valid_from: day("2025-11-01"),
        valid_to: day("2026-02-28"),
        low_fen_per_kg: 600,
        mid_fen_per_kg: 680,
        high_fen_per_kg: 760,
        salvage_fen_per_kg: salvage,
        source: "村里 问价".into(),
        entered_by: "甲".into(),
        approved_by: "乙".into(),
    };
    prices::insert_baselines(&mut work, &[row(2, None), row(1, Some(0))]).await.unwrap();
    let all = prices::list_baselines(&mut work, day("2026-02-28"), day("2026-03-31")).await.unwrap();
    assert_eq!(all, [row(1, Some(0)), row(2, None)]);
    assert_eq!(prices::list_baselines(&mut work, day("2026-03-01"), day("2026-03-31")).await.unwrap(), []);
    assert_eq!(prices::list_of_ids(&mut work, &[2, 9]).await.unwrap(), [row(2, None)]);
}

pub async fn market_prices_are_written_once(place: &Place) {
    let mut work = place.work().await;
    let price = |grade: &str| MarketPrice {
        market: "新发地".into(),
        name: "小金桔".into(),
        grade: grade.into(),
        on: day("2016-05-01"),
        low_fen_per_kg: 1,
        mid_fen_per_kg: 2,
        high_fen_per_kg: 3,
    };
    assert_eq!(prices::insert_market(&mut work, &[price("普通"), price("")]).await.unwrap(), 2);
    assert_eq!(prices::insert_market(&mut work, &[price("普通"), price("好")]).await.unwrap(), 1);
}
