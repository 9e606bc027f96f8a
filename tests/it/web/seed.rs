//! A small county with one of everything: enough for every page to have something to show.
//!
//! Its one settled order is the worked consignment example of docs/MONEY.md, so its figures are known: the farmer gets
//! 29.62, the baseline is 16.80, the uplift 12.82.

use super::sales;
use crate::audit::any_change;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::calendar::{Day, Instant, day_of, local, parse_day};
use red_anchor::domain::listings::TypedListing;
use red_anchor::domain::photos::Shows;
use red_anchor::domain::price_book::NewPrice;
use red_anchor::domain::proposals::TypedProposal;
use red_anchor::domain::reconcile::{Measure, Reason};
use red_anchor::domain::regions::RegionCode;
use red_anchor::domain::requests::About;
use red_anchor::domain::sealing::{KEY_BYTES, Keyring, SealingKey};
use red_anchor::domain::weighing::Weighed;
use red_anchor::services::desk::Desk;
use red_anchor::services::lots::{self, NewLot};
use red_anchor::services::{
    listings, passwords, payouts, photos, post, price_book, proposals, requests, setup, sign_in,
};
use red_anchor::store::reconciled::{self, DayRow, DifferenceRow};
use red_anchor::store::{Missing, Store, doubles, facts, goods, orders, people, prices, slips, streams};
use red_anchor::web::{App, AppState};
use tempfile::TempDir;

pub const TODAY: &str = "2026-02-25";
pub const VILLAGE: &str = "360827101210";
pub const TOWN: &str = "360827101";
pub const FARMER: i64 = 1;
pub const STREAM: i64 = 1;
pub const LINE: i64 = 1;
/// A listing's name as a hostile merchant would write it.
pub const HOSTILE: &str = "<script>alert(1)</script>金桔";

pub struct Seeded {
    pub app: AppState,
    _folder: TempDir,
}

pub fn county() -> RegionCode {
    RegionCode::parse("360827").unwrap()
}

pub fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

pub fn at(day_text: &str, hour: u32, minute: u32) -> Instant {
    local(day(day_text).and_hms_opt(hour, minute, 0).unwrap())
}

/// Keys for tests.
pub fn keyring() -> Keyring {
    Keyring::new(vec![SealingKey::new([5; KEY_BYTES])]).unwrap()
}

/// What a role is over in the seeded county: everything there is for it to see.
pub fn grant(role: Role) -> Grant {
    let (region, subject_id) = match role {
        Role::BranchAdmin | Role::Branch | Role::Official | Role::Auditor => ("360827", 0),
        Role::VillageContact => (VILLAGE, 0),
        Role::Farmer | Role::Anchor => ("360827", 1),
    };
    granted(role, region, subject_id)
}

pub fn granted(role: Role, region: &str, subject_id: i64) -> Grant {
    Grant::new(role, RegionCode::parse(region).unwrap(), subject_id).unwrap()
}

/// A secret link for a role.
pub async fn link(app: &AppState, role: Role) -> String {
    link_of(app, county(), grant(role)).await
}

pub async fn link_of(app: &AppState, county: RegionCode, grant: Grant) -> String {
    sign_in::issue_link(&app.store, county, &grant, &Actor::command_line(), &app.clock).await.unwrap()
}

pub async fn seeded() -> Seeded {
    Box::pin(seed()).await
}

async fn seed() -> Seeded {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("county.db");
    let store = Store::open(path.to_str().unwrap(), Missing::Create).await.unwrap();
    let clock = Clock::at_end_of(day(TODAY));
    setup::init(&store, county(), "seed", [7; 32], &clock).await.unwrap();
    set_up(&store, &clock).await;
    sell(&store, &clock).await;
    compare(&store, &clock).await;
    share_surplus(&store, &clock).await;
    ask(&store, &clock).await;
    ask_about_double(&store, &clock).await;
    weigh_in(&store, &clock).await;
    Box::pin(super::training::train(&store, &clock)).await;
    let app = App::with_keys(store, clock, false, Some(keyring())).await.unwrap();
    Seeded { app, _folder: folder }
}

/// How a listing is sold and divided.
pub fn terms(listing_id: i64) -> goods::TermsRow {
    goods::TermsRow {
        listing_id,
        version_id: listing_id,
        batch_id: 0,
        valid_from: day("2025-01-01"),
        valid_to: None,
        model: "consignment".into(),
        platform_bp: 200,
        anchor_bp: 1_000,
        operator_bp: 600,
        village_bp: 0,
        share_bp: 0,
        purchase_fen_per_kg: 0,
        freight_fen: 550,
        packaging_fen: 250,
        pack_g: 2_500,
        shrink_bp: 500,
        conversion_bp: 10_000,
        extra_cost_fen_per_kg: 0,
        loss_borne_by: "operator".into(),
        volume: "moved".into(),
    }
}

/// A paid order.
pub fn order(order_id: i64, paid: Instant) -> orders::OrderRow {
    orders::OrderRow {
        order_id,
        shop_id: 1,
        order_no: format!("690000000000000000{order_id}"),
        updated_at: paid,
        created_at: paid,
        created_on: day_of(paid),
        paid_at: Some(paid),
        paid_on: Some(day_of(paid)),
        completed_at: None,
        completed_on: None,
        status: "paid".into(),
        platform_status: "105".into(),
        buyer_freight_fen: 0,
        shop_coupon_fen: 0,
        platform_coupon_fen: 0,
        anchor_coupon_fen: 0,
        province: "江西省".into(),
        buyer_hash: String::new(),
        paid_event_id: order_id,
        evidence_mark: order_id,
    }
}

/// Its one line.
pub fn line(line_id: i64, sku_id: i64) -> orders::LineRow {
    orders::LineRow {
        line_id,
        order_id: line_id,
        shop_id: 1,
        line_no: format!("691000000000000000{line_id}"),
        sku_id,
        pieces: 1,
        list_fen: 4_990,
        shop_coupon_fen: 500,
        platform_coupon_fen: 300,
        anchor_coupon_fen: 200,
        live_room_no: String::new(),
        author_no: String::new(),
        replaced: false,
    }
}

/// The platform's statement of an order.
pub fn statement(order_id: i64, settled_at: Instant) -> orders::SettlementRow {
    orders::SettlementRow {
        settlement_id: 20 + order_id,
        shop_id: 1,
        statement_no: format!("st{order_id}"),
        order_id,
        order_no: String::new(),
        line_no: String::new(),
        settled_at,
        settled_on: day_of(settled_at),
        goods_fen: 3_990,
        freight_fen: 0,
        subsidy_fen: 500,
        refund_fen: 0,
        platform_fen: 90,
        anchor_fen: 449,
        evidence_mark: 20 + order_id,
    }
}

/// A price of the town.
pub fn baseline() -> prices::BaselineRow {
    prices::BaselineRow {
        baseline_id: 1,
        batch_id: 0,
        product_id: 1,
        region_code: TOWN.into(),
        valid_from: day("2025-10-01"),
        valid_to: day("2026-05-31"),
        low_fen_per_kg: 576,
        mid_fen_per_kg: 640,
        high_fen_per_kg: 704,
        salvage_fen_per_kg: None,
        source: "三家收购商平均".into(),
        entered_by: "录入员".into(),
        approved_by: "审核员".into(),
    }
}

async fn set_up(store: &Store, clock: &Clock) {
    let mut work = store.work(county(), &Actor::command_line(), "set up", clock).await.unwrap();
    let operator = goods::Operator {
        operator_id: 1,
        operator_key: "op".into(),
        name: "示范合作社".into(),
        phone: "0796-0000000".into(),
        pays_on_day: 5,
    };
    goods::upsert_operators(&mut work, &[operator]).await.unwrap();
    let shop = goods::Shop {
        shop_id: 1,
        shop_key: "s1".into(),
        platform: "douyin".into(),
        platform_shop_id: "900".into(),
        name: "示范抖店".into(),
        operator_id: 1,
        known_to_at: None,
    };
    goods::upsert_shops(
        &mut work,
        &[shop.clone(), goods::Shop { shop_id: 2, shop_key: "s2".into(), name: "没取过数的店".into(), ..shop }],
    )
    .await
    .unwrap();
    goods::set_known_to(&mut work, 1, at("2026-02-24", 23, 59)).await.unwrap();
    let product =
        goods::Product {
            product_id: 1, product_key: "kumquat".into(), name: "金桔".into(), name_en: "Kumquat".into()
        };
    goods::upsert_products(&mut work, &[product]).await.unwrap();
    let listing = goods::Listing {
        listing_id: 1,
        listing_key: "k5".into(),
        product_id: 1,
        name: HOSTILE.into(),
        price_fen: 4_990,
    };
    goods::upsert_listings(&mut work, &[listing]).await.unwrap();
    let farmers = [("陈示范", 1), ("李示范", 2)].map(|(name, farmer_id)| people::Farmer {
        farmer_id,
        farmer_key: format!("f{farmer_id}"),
        name: name.into(),
        village_code: VILLAGE.into(),
    });
    people::upsert_farmers(&mut work, &farmers).await.unwrap();
    let phones = [(FARMER, passwords::hash_digits("0042").unwrap()), (2, passwords::hash_digits("0043").unwrap())];
    slips::upsert_phones(&mut work, &phones).await.unwrap();
    red_anchor::store::consents::upsert(&mut work, &[crate::store::contact_consent(FARMER)]).await.unwrap();
    goods::insert_terms(&mut work, &[terms(1)]).await.unwrap();
    let supply = goods::SupplyRow {
        listing_id: 1,
        version_id: 1,
        farmer_id: FARMER,
        batch_id: 0,
        valid_from: day("2025-01-01"),
        valid_to: None,
        share_bp: 10_000,
    };
    goods::insert_supply(&mut work, &[supply]).await.unwrap();
    let sku = |sku_id: i64, number: &str, title: &str| goods::Sku {
        sku_id,
        shop_id: 1,
        product_no: number.into(),
        sku_no: number.into(),
        title: title.into(),
    };
    goods::insert_skus(&mut work, &[sku(1, "7001", "金桔 5斤"), sku(2, "7002", "没对应的商品")]).await.unwrap();
    let mapping = goods::MappingRow {
        mapping_id: 1,
        batch_id: 0,
        shop_id: 1,
        product_no: "7001".into(),
        sku_no: String::new(),
        listing_id: 1,
    };
    goods::insert_mappings(&mut work, &[mapping]).await.unwrap();
    prices::insert_baselines(&mut work, &[baseline()]).await.unwrap();
    set_up_stage(&mut work).await;
    work.commit(&any_change()).await.unwrap();
}

async fn set_up_stage(work: &mut red_anchor::store::Work) {
    let room = people::Room {
        room_id: 1,
        room_key: "r1".into(),
        name: "一号直播间".into(),
        village_code: VILLAGE.into(),
        opened_on: day("2025-01-01"),
        closed_on: None,
        equipment: "两台手机".into(),
    };
    people::upsert_rooms(work, &[room]).await.unwrap();
    let anchor = people::Anchor { anchor_id: 1, anchor_key: "a1".into(), name: "主播甲".into() };
    people::upsert_anchors(work, &[anchor]).await.unwrap();
    let stage =
        people::Stage { anchor_id: 1, from_on: day("2025-01-01"), stage: "certified".into(), evidence: "1".into() };
    people::upsert_stages(work, &[stage]).await.unwrap();
    let module = people::Module {
        module_id: 1,
        module_key: "rules".into(),
        name: "规则".into(),
        name_en: "Rules".into(),
        class_hours: 12,
    };
    people::upsert_modules(work, &[module]).await.unwrap();
    let training = people::Training {
        anchor_id: 1,
        module_id: 1,
        attended_on: day("2025-02-01"),
        class_hours: 12,
        passed_on: Some(day("2025-02-10")),
    };
    people::upsert_training(work, &[training]).await.unwrap();
    let certificate = people::Certificate {
        anchor_id: 1,
        certificate_no: "示范-001".into(),
        kind: "association".into(),
        issued_on: day("2025-03-01"),
        expires_on: Some(day("2026-03-01")),
    };
    people::upsert_certificates(work, &[certificate]).await.unwrap();
    streams::upsert(work, &[stream(STREAM, "2026-02-20"), stream(2, "2026-02-24")]).await.unwrap();
}

pub fn stream(stream_id: i64, on: &str) -> streams::Stream {
    streams::Stream {
        stream_id,
        stream_key: format!("st{stream_id}"),
        shop_id: 1,
        anchor_id: 1,
        room_id: 1,
        live_room_no: format!("73{stream_id}"),
        starts_at: at(on, 19, 0),
        ends_at: at(on, 22, 0),
        started_on: day(on),
        views: Some(1_234),
    }
}

fn choice(line_id: i64, stream_id: i64, rule: &str) -> orders::AttributionRow {
    orders::AttributionRow {
        line_id,
        version_id: line_id,
        batch_id: 0,
        stream_id,
        rule: rule.into(),
        bulk: false,
        actor: "pull".into(),
        reason: String::new(),
    }
}

/// A day compared with the platform, with an order that is missing here.
async fn compare(store: &Store, clock: &Clock) {
    let mut work = store.work(county(), &Actor::command_line(), "reconcile", clock).await.unwrap();
    let on_day = day("2026-02-20");
    let (measure, other_side) = (Measure::Sales.key().to_owned(), "interface".to_owned());
    let compared_at = at("2026-02-25", 8, 0);
    let of_day = DayRow {
        shop_id: 1,
        on_day,
        measure: measure.clone(),
        other_side,
        compared_at,
        our_orders: 1,
        our_fen: 4_990,
        their_orders: 2,
        their_fen: 9_980,
        differences: 1,
        waits: String::new(),
    };
    let difference = DifferenceRow {
        on_day,
        measure,
        place: 0,
        order_no: "6900000000000000009".into(),
        reason: Reason::Missing.key().into(),
        our_on: None,
        our_fen: None,
        their_on: Some(on_day),
        their_fen: Some(4_990),
    };
    reconciled::insert(&mut work, 1, &[of_day], &[difference]).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
}

/// A part of the co-operative's surplus, put forward for the household.
async fn share_surplus(store: &Store, clock: &Clock) {
    let actor = Actor::command_line();
    let desk = Desk { store, county: county(), actor: &actor, clock };
    payouts::share_surplus(desk, 1, day("2026-02-20"), "示范-002", &[(FARMER, 8_800)]).await.unwrap();
}

/// Somebody said that the second household is the first one's double; it waits for another person.
async fn ask_about_double(store: &Store, clock: &Clock) {
    let actor = Actor::account(0, "somebody", Role::Branch, "10.0.0.9");
    let mut work = store.work(county(), &actor, "double", clock).await.unwrap();
    doubles::insert_entry(&mut work, doubles::Act::Merge, (2, FARMER), "A-004").await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

/// The household asks about its month.
async fn ask(store: &Store, clock: &Clock) {
    let actor = Actor::household(FARMER, Actor::SLIP);
    let desk = Desk { store, county: county(), actor: &actor, clock };
    requests::ask(desk, FARMER, About::Month(day("2026-02-01")), "示范-003").await.unwrap();
    proposals::propose(&desk, FARMER, &proposed()).await.unwrap();
    let own = Scope::Farmer { county: county(), farmer_id: FARMER };
    assert!(photos::add(&desk, own, Shows::Proposal(1), photo()).await.unwrap());
}

/// What the household proposes for sale, as it is typed.
pub fn proposed() -> TypedProposal {
    TypedProposal {
        product: "1".into(),
        pack: "5".into(),
        amount: "800".into(),
        from: "2026-03-01".into(),
        to: "2026-04-15".into(),
        price: "39.9".into(),
        ..TypedProposal::default()
    }
}

/// A small photo.
pub fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let shade = |place: u32| u8::try_from(place).unwrap();
    let image = image::RgbImage::from_fn(40, 20, |x, y| image::Rgb([shade(x), shade(y), 90]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A lot that is closed, so that nothing of it is for sale, and a price that nobody has approved.
async fn weigh_in(store: &Store, clock: &Clock) {
    let mut session = store.write(county()).await.unwrap();
    // the one price of the seed and its one version of terms are numbered by hand
    for noun in ["baseline", "terms"] {
        red_anchor::store::take_ids(&mut session, noun, 1).await.unwrap();
    }
    session.commit().await.unwrap();
    let actor = Actor::command_line();
    let desk = Desk { store, county: county(), actor: &actor, clock };
    let weighed = vec![Weighed { farmer_id: FARMER, weight_g: 10_000, grade: String::new(), agreed_fen_per_kg: 0 }];
    let lot = NewLot { product_id: 1, intake_on: day("2026-02-10"), certificate_no: String::new(), weighed };
    let lot_id = lots::take_in(&desk, &lot).await.unwrap();
    assert!(lots::close(&desk, lot_id, 500).await.unwrap());
    // a price that waits for a second person
    let price = NewPrice {
        product_id: 1,
        region: county(),
        valid_from: day("2026-06-01"),
        valid_to: day("2026-06-07"),
        low: 500,
        mid: 560,
        high: 620,
        salvage: None,
        source: "三家收购商平均".into(),
    };
    price_book::enter(&desk, &[price]).await.unwrap();
    // new terms of the listing that wait for one
    listings::draft(&desk, 1, &drafted()).await.unwrap();
}

/// Terms of the seed's listing from March on, as they are typed.
pub fn drafted() -> TypedListing {
    TypedListing {
        name: "金桔 5斤".into(),
        price: "49.9".into(),
        from: "2026-03-01".into(),
        model: "consignment".into(),
        platform: "2".into(),
        anchor: "10".into(),
        operator: "6".into(),
        freight: "5.5".into(),
        packaging: "2.5".into(),
        pack: "2500".into(),
        shrink: "5".into(),
        ..TypedListing::default()
    }
}

/// A settled order, one that was partly refunded and is not settled, one of goods nobody has mapped.
async fn sell(store: &Store, clock: &Clock) {
    let mut work = store.work(county(), &Actor::command_line(), "pull", clock).await.unwrap();
    let paid = [at("2026-02-20", 19, 30), at("2026-02-20", 19, 31), at("2026-02-21", 9, 0)];
    orders::upsert_orders(&mut work, &[order(1, paid[0]), order(2, paid[1]), order(3, paid[2])]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(LINE, 1), line(2, 1), line(3, 2)]).await.unwrap();
    let refund = orders::RefundRow {
        refund_id: 11,
        shop_id: 1,
        refund_no: "r1".into(),
        order_id: 2,
        order_no: String::new(),
        line_no: String::new(),
        updated_at: paid[2],
        status: "succeeded".into(),
        platform_status: "3".into(),
        status_unknown: false,
        refund_fen: 600,
        freight_fen: None,
        subsidy_back_fen: 0,
        refunded_at: Some(paid[2]),
        refunded_on: Some(day_of(paid[2])),
        day_inferred: false,
        outcome: "kept".into(),
        pieces: 0,
        resent_pieces: 0,
        reason: "坏果".into(),
        evidence_mark: 11,
    };
    orders::upsert_refunds(&mut work, &[refund]).await.unwrap();
    orders::upsert_settlements(&mut work, &[statement(1, at("2026-02-23", 10, 0))]).await.unwrap();
    let choices = [choice(LINE, STREAM, "live_room"), choice(2, STREAM, "live_room"), choice(3, 0, "ambiguous")];
    orders::insert_attributions(&mut work, &choices).await.unwrap();
    facts::queue(&mut work, &[1, 2, 3]).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

/// A hundred and twenty orders more, over four months and three streams, one of them new, and goods of sixteen new
/// households in three towns.
pub async fn sell_more(app: &AppState) {
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    let ids: Vec<i64> = (100..220).collect();
    let paid = |id: i64| at("2025-10-20", 19, 30) + chrono::TimeDelta::days(id - 100);
    let rows: Vec<_> = ids.iter().map(|&id| order(id, paid(id))).collect();
    orders::upsert_orders(&mut work, &rows).await.unwrap();
    let lines: Vec<_> = ids.iter().map(|&id| line(id, 1 + i64::from(id % 7 == 0))).collect();
    orders::upsert_lines(&mut work, &lines).await.unwrap();
    streams::upsert(&mut work, &[stream(3, "2026-02-23")]).await.unwrap();
    let choices: Vec<_> = ids.iter().map(|&id| choice(id, 1 + id % 3, "live_room")).collect();
    orders::insert_attributions(&mut work, &choices).await.unwrap();
    for sale in &sales::SALES {
        sales::sell(&mut work, sale).await;
    }
    let ids: Vec<i64> = ids.into_iter().chain(sales::SALES.map(|sale| sale.id)).collect();
    facts::queue(&mut work, &ids).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

/// The seed has numbered its rows by hand.
pub async fn past_the_seeds_numbers(app: &AppState) {
    let mut session = app.store.write(county()).await.unwrap();
    for noun in ["mapping", "order", "line", "event", "sku", "supply", "baseline", "stream"] {
        red_anchor::store::take_ids(&mut session, noun, 1_000_000).await.unwrap();
    }
    session.commit().await.unwrap();
}
