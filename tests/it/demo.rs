//! The demo county against the same world pulled by hand, as two terminals would: a sandbox that stands at the end of a
//! week, a client that pulls what it shows, and so on week by week.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

use chrono::TimeDelta;
use red_anchor::clock::Clock;
use red_anchor::demo::{self, Plan};
use red_anchor::domain::access::Actor;
use red_anchor::domain::calendar::{Day, start_of};
use red_anchor::domain::regions::RegionCode;
use red_anchor::ingest::pull::{Puller, Target, pull_all};
use red_anchor::platforms::http::Endpoint;
use red_anchor::platforms::retry::Jitter;
use red_anchor::platforms::{AppKey, Link, Platform};
use red_anchor::sandbox::world::first_day;
use red_anchor::sandbox::{Faults, SandboxConfig, serve};
use red_anchor::services::setup::{self, NewShop};
use red_anchor::store::{Missing, Store, goods};
use sqlx::AssertSqlSafe;
use tempfile::TempDir;

const SEED: u64 = 7;
const SCALE: &str = "0.2";
const WEEKS: i64 = 6;

fn code() -> RegionCode {
    RegionCode::parse("360827").unwrap()
}

async fn open(folder: &TempDir) -> Store {
    Store::open(folder.path().join("county.db").to_str().unwrap(), Missing::Create).await.unwrap()
}

/// Pulls all Douyin shops from a sandbox standing at the end of a day.
async fn pull_by_hand(store: &Store, on: Day, first: bool) {
    let clock = Clock::at_end_of(on);
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = SandboxConfig {
        seed: SEED,
        scale: SCALE.parse().unwrap(),
        clock: clock.clone(),
        faults: Faults::none(),
        listen,
    };
    let server = serve(config).await.unwrap();
    let mut pullers = Vec::new();
    for app in server.apps.iter().filter(|app| app.platform == Platform::Douyin.key()) {
        let actor = Actor::command_line();
        if first {
            let new = NewShop {
                key: app.shop_key.to_owned(),
                platform: app.platform.to_owned(),
                platform_shop_id: app.platform_shop_id.clone(),
                name: app.name.to_owned(),
                settled_after_days: None,
            };
            setup::add_shop(store, code(), &actor, &clock, &new).await.unwrap();
        }
        let mut session = store.read(red_anchor::domain::access::Scope::County(code())).await.unwrap();
        let shops = goods::list_shops(&mut session).await.unwrap();
        let shop = shops.into_iter().find(|shop| shop.shop_key == app.shop_key).unwrap();
        let key = AppKey::new(app.app_key.clone(), app.app_secret.clone());
        let endpoint = Endpoint::parse(&server.endpoint).unwrap();
        let link = Link::new(endpoint, key, clock.clone(), Jitter::seeded(1)).unwrap();
        pullers.push(Puller::new(shop, (Platform::Douyin.interface().unwrap().connect)(link)));
    }
    let target = Target {
        store: store.clone(),
        county: code(),
        buyer_key: vec![7; 32],
        actor: Actor::command_line(),
        clock: clock.clone(),
    };
    let since = first.then(|| start_of(first_day()));
    let pulled = pull_all(&mut pullers, &target, since, clock.now()).await.unwrap();
    assert_eq!((pulled.incomplete, pulled.rejected), (0, 0));
    server.shutdown().await.unwrap();
}

/// A kind of facts as text, without what each database numbers for itself.
async fn facts(store: &Store, sql: &'static str) -> Vec<String> {
    let Store::Sqlite { readers, .. } = store else { unreachable!("both are files") };
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(readers).await.unwrap()
}

#[tokio::test]
async fn the_same_weeks_pulled_by_hand_give_the_same_facts() {
    let (demo_folder, hand_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (made, by_hand) = (open(&demo_folder).await, open(&hand_folder).await);
    let last = first_day() + TimeDelta::days(7 * WEEKS - 1);
    let plan = Plan { seed: SEED, scale: SCALE.to_owned(), today: last };
    demo::make(&made, &plan, |_| {}).await.unwrap();
    setup::init(&by_hand, code(), "", [7; 32], &Clock::at_end_of(first_day())).await.unwrap();
    for week in 1..=WEEKS {
        pull_by_hand(&by_hand, first_day() + TimeDelta::days(7 * week - 1), week == 1).await;
    }
    let mut rows = 0;
    for sql in [
        "select concat_ws('|', h.shop_key, order_no, updated_at, created_at, paid_at, completed_at, status,
            platform_status, buyer_freight_fen, shop_coupon_fen, platform_coupon_fen, anchor_coupon_fen, province,
            evidence_mark)
         from sales_order o join shop h on h.shop_id = o.shop_id order by order_no",
        "select concat_ws('|', line_no, pieces, list_fen, shop_coupon_fen, platform_coupon_fen, anchor_coupon_fen,
            live_room_no, author_no, k.product_no, k.sku_no, k.title)
         from order_line l join shop_sku k on k.sku_id = l.sku_id order by line_no",
        "select concat_ws('|', refund_no, line_no, updated_at, status, refund_fen, freight_fen, refunded_at, outcome,
            pieces, reason, evidence_mark) from refund order by refund_no",
        "select concat_ws('|', statement_no, line_no, settled_at, goods_fen, freight_fen, subsidy_fen, refund_fen,
            platform_fen, anchor_fen, evidence_mark) from settlement order by statement_no",
    ] {
        let (of_demo, of_hand) = (facts(&made, sql).await, facts(&by_hand, sql).await);
        assert!(!of_demo.is_empty(), "{sql}");
        assert_eq!(of_demo, of_hand);
        rows += of_demo.len();
    }
    assert!(rows > 100, "{rows} facts were compared");
}
