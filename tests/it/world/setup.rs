//! The county before its first sale: goods, terms, households, prices, two streams. Row ids are written out, since the
//! county is made by hand.

use super::{at, code, day};
use crate::audit::any_change;
use red_anchor::clock::Clock;
use red_anchor::domain::access::Actor;
use red_anchor::services::setup;
use red_anchor::store::goods::{self, Listing, MappingRow, Product, Shop, SupplyRow, TermsRow};
use red_anchor::store::people::{self, Anchor, CategoryRow, Farmer, Room, Stage};
use red_anchor::store::prices::{self, BaselineRow};
use red_anchor::store::streams::{self, ShelfPlace, Stream};
use red_anchor::store::{Store, Work, take_ids};

/// Row id of the product with prices; tea (2) has one in January only, duck (3) none for one village.
pub const KUMQUAT: i64 = 1;
pub const SHOPS: [(i64, &str); 2] = [(1, "douyin"), (2, "kuaishou")];
/// Of the four households: two towns with two each.
pub const VILLAGES: [&str; 4] = ["360827100001", "360827100002", "360827101200", "360827101201"];

pub async fn found(store: &Store, clock: &Clock) {
    setup::init(store, code(), "", [7; 32], &red_anchor::clock::Clock::System).await.expect("a county");
    let mut work = store.work(code(), &Actor::command_line(), "found", clock).await.expect("work");
    people_and_shops(&mut work).await;
    goods_and_terms(&mut work).await;
    price_book(&mut work).await;
    broadcasts(&mut work).await;
    // the ids above are taken by hand
    for noun in ["baseline", "sku", "line", "order", "event"] {
        take_ids(&mut work, noun, 100).await.expect("ids");
    }
    work.commit(&any_change()).await.expect("a commit");
}

async fn people_and_shops(work: &mut Work) {
    let shops = SHOPS.map(|(shop_id, platform)| Shop {
        shop_id,
        shop_key: format!("shop-{shop_id}"),
        platform: platform.into(),
        platform_shop_id: format!("90{shop_id}"),
        name: "演示店".into(),
        operator_id: 0,
        known_to_at: None,
    });
    goods::upsert_shops(work, &shops).await.expect("shops");
    let farmers: Vec<Farmer> = VILLAGES
        .iter()
        .zip(1..)
        .map(|(village, farmer_id)| Farmer {
            farmer_id,
            farmer_key: format!("farmer-{farmer_id}"),
            name: "陈演示".into(),
            village_code: (*village).into(),
        })
        .collect();
    people::upsert_farmers(work, &farmers).await.expect("farmers");
    let lifted = CategoryRow {
        farmer_id: 2,
        version_id: 1,
        batch_id: 0,
        valid_from: day("2020-01-01"),
        valid_to: None,
        category: "lifted".into(),
    };
    people::insert_categories(work, &[lifted]).await.expect("a category");
}

/// Puts the second and third household into the first one's village.
pub async fn make_neighbours(work: &mut Work) {
    let mut farmers = people::list_farmers(work).await.expect("farmers");
    farmers.retain(|farmer| [2, 3].contains(&farmer.farmer_id));
    for farmer in &mut farmers {
        farmer.village_code = VILLAGES[0].into();
    }
    people::upsert_farmers(work, &farmers).await.expect("farmers");
}

async fn goods_and_terms(work: &mut Work) {
    let names = [(KUMQUAT, "金桔", "kumquat"), (2, "茶", "tea"), (3, "板鸭", "duck")];
    let products = names.map(|(product_id, name, key)| Product {
        product_id,
        product_key: key.into(),
        name: name.into(),
        name_en: key.into(),
    });
    goods::upsert_products(work, &products).await.expect("products");
    let listings = names.map(|(id, name, key)| Listing {
        listing_id: 10 + id,
        listing_key: format!("{key}-box"),
        product_id: id,
        name: name.into(),
        price_fen: 5_990,
    });
    goods::upsert_listings(work, &listings).await.expect("listings");
    let terms = [(11, "consignment"), (12, "share"), (13, "purchase")].map(|(listing_id, model)| TermsRow {
        listing_id,
        version_id: listing_id,
        batch_id: 0,
        valid_from: day("2025-01-01"),
        valid_to: None,
        model: model.into(),
        platform_bp: 200,
        anchor_bp: 1_000,
        operator_bp: 600,
        village_bp: 100,
        share_bp: 5_500,
        purchase_fen_per_kg: 900,
        freight_fen: 550,
        packaging_fen: 250,
        pack_g: 2_500,
        shrink_bp: 500,
        conversion_bp: 10_000,
        extra_cost_fen_per_kg: 13,
        loss_borne_by: if listing_id == 12 { "farmer" } else { "operator" }.into(),
        volume: "moved".into(),
    });
    goods::insert_terms(work, &terms).await.expect("terms");
    let supply = [(11, 1, 6_000), (11, 2, 4_000), (12, 3, 7_000), (13, 1, 3_000), (13, 3, 3_000), (13, 4, 4_000)].map(
        |(listing_id, farmer_id, share_bp)| SupplyRow {
            listing_id,
            version_id: listing_id,
            farmer_id,
            batch_id: 0,
            valid_from: day("2025-01-01"),
            valid_to: None,
            share_bp,
        },
    );
    goods::insert_supply(work, &supply).await.expect("supply");
    let mappings: Vec<MappingRow> = SHOPS
        .iter()
        .flat_map(|(shop_id, _)| names.map(|(id, _, key)| (*shop_id, id, key)))
        .zip(1..)
        .map(|((shop_id, id, key), mapping_id)| MappingRow {
            mapping_id,
            batch_id: 0,
            shop_id,
            product_no: key.into(),
            sku_no: String::new(),
            listing_id: 10 + id,
        })
        .collect();
    goods::insert_mappings(work, &mappings).await.expect("mappings");
}

/// Kumquat's price in the whole county.
pub fn county_price() -> BaselineRow {
    BaselineRow {
        baseline_id: 1,
        batch_id: 0,
        product_id: KUMQUAT,
        region_code: "360827".into(),
        valid_from: day("2025-10-01"),
        valid_to: day("2026-05-31"),
        low_fen_per_kg: 600,
        mid_fen_per_kg: 680,
        high_fen_per_kg: 760,
        salvage_fen_per_kg: Some(120),
        source: "演示".into(),
        entered_by: "a".into(),
        approved_by: "b".into(),
    }
}

async fn price_book(work: &mut Work) {
    let county = county_price();
    let rows = [
        county.clone(),
        BaselineRow { baseline_id: 2, region_code: VILLAGES[1].into(), mid_fen_per_kg: 690, ..county.clone() },
        BaselineRow { baseline_id: 3, product_id: 2, valid_to: day("2026-01-20"), ..county.clone() },
        BaselineRow { baseline_id: 4, product_id: 3, region_code: "360827100".into(), ..county },
    ];
    prices::insert_baselines(work, &rows).await.expect("prices");
}

async fn broadcasts(work: &mut Work) {
    let room = Room {
        room_id: 1,
        room_key: "room".into(),
        name: "红色直播间".into(),
        village_code: VILLAGES[0].into(),
        opened_on: day("2025-01-01"),
        closed_on: None,
        equipment: "灯".into(),
    };
    people::upsert_rooms(work, &[room]).await.expect("a room");
    let anchors = [1, 2].map(|anchor_id| Anchor {
        anchor_id,
        anchor_key: format!("anchor-{anchor_id}"),
        name: "演示主播".into(),
    });
    people::upsert_anchors(work, &anchors).await.expect("anchors");
    let stages = [(1, "certified"), (2, "supervised")].map(|(anchor_id, stage)| Stage {
        anchor_id,
        from_on: day("2025-06-01"),
        stage: stage.into(),
        evidence: String::new(),
    });
    people::upsert_stages(work, &stages).await.expect("stages");
    let rows = [(1, "2025-06-01", "old"), (2, "2026-01-08", "room-0"), (3, "2026-01-15", "room-1")].map(
        |(stream_id, on, room)| Stream {
            stream_id,
            stream_key: format!("stream-{stream_id}"),
            shop_id: 1,
            anchor_id: 1 + stream_id % 2,
            room_id: i64::from(stream_id != 1),
            live_room_no: room.into(),
            starts_at: at(on, 20),
            ends_at: at(on, 23),
            started_on: day(on),
            views: None,
        },
    );
    streams::upsert(work, &rows).await.expect("streams");
    let shelf = [2, 3].map(|stream_id| ShelfPlace { stream_id, place: 1, listing_id: 11 });
    streams::upsert_shelf(work, &shelf).await.expect("shelves");
}
