//! The demo county as far as a benchmark needs it, and a thousand orders of one of its weeks.
//!
//! Everything comes by the product's own ways: the county by its document, the orders by HTTP from the sandbox through
//! the Douyin client. A database that several runs begin from is made once and kept as the bytes of its file, so that
//! what is prepared costs a copy and the runs of a benchmark are of the same state.

use chrono::TimeDelta;
use red_anchor::clock::Clock;
use red_anchor::demo::{self, Plan, county::county_doc};
use red_anchor::domain::access::{Actor, Scope};
use red_anchor::domain::audit::{Change, Noun, Verb};
use red_anchor::domain::calendar::{Day, parse_day, start_of};
use red_anchor::domain::records::{Evidenced, OrderRecord};
use red_anchor::domain::regions::RegionCode;
use red_anchor::ingest::stated::Knows;
use red_anchor::ingest::{self, orders};
use red_anchor::platforms::douyin::Douyin;
use red_anchor::platforms::douyin::limits::PAGE_SIZE;
use red_anchor::platforms::http::Endpoint;
use red_anchor::platforms::retry::Jitter;
use red_anchor::platforms::{AppKey, Cursor, Grant, Link, Window};
use red_anchor::sandbox::world::shops::Shop;
use red_anchor::sandbox::{self, Faults, SandboxConfig, Scale};
use red_anchor::services::setup;
use red_anchor::store::evidence::Source;
use red_anchor::store::{Missing, Session, Store, Work};
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::LazyLock;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// Orders that are taken in and posted.
pub const ORDERS: usize = 1_000;
const SEED: u64 = 7;
/// The Monday of the week they changed in, and the day from which the county is known: a season before it.
const WEEK: &str = "2026-01-05";
const KNOWN_FROM: &str = "2025-09-29";
/// The county whose figures are asked for: from the world's beginning, at a fraction of its size.
const SEASON_TO: &str = "2023-02-28";
const SEASON_SCALE: &str = "0.05";

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime"));

static RECORDS: LazyLock<Vec<Evidenced<OrderRecord>>> = LazyLock::new(|| wait(pull()));

static BEFORE_ITS_ORDERS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let county = County::open(&[]);
    wait(async {
        setup::init(&county.store, code(), "", [7; 32], &red_anchor::clock::Clock::System).await.expect("a county");
        let mut work = county.work().await;
        let doc = county_doc(SEED, day(KNOWN_FROM), day(WEEK) + TimeDelta::days(6));
        ingest::county::import(&mut work, &doc).await.expect("the county's document");
        work.commit(&Change::new(Verb::Change, Noun::County, "benchmark")).await.expect("a commit");
    });
    county.into_file()
});

static BEFORE_POSTING: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (county, records) = (County::before_its_orders(), records());
    wait(async {
        let mut work = county.work().await;
        take(&mut work, records).await;
        work.commit(&Change::new(Verb::Change, Noun::County, "benchmark")).await.expect("a commit");
    });
    county.into_file()
});

static AFTER_A_SEASON: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let county = County::open(&[]);
    let plan = Plan { seed: SEED, scale: SEASON_SCALE.to_owned(), today: day(SEASON_TO) };
    wait(demo::make(&county.store, &plan, |_| {})).expect("a season");
    county.into_file()
});

/// A county in a database file of its own, which goes with it.
pub struct County {
    store: Store,
    clock: Clock,
    dir: TempDir,
}

impl County {
    /// Set up, with its households, goods, prices and streams, and nothing sold.
    pub fn before_its_orders() -> Self {
        Self::open(&BEFORE_ITS_ORDERS)
    }

    /// The orders are taken in and wait to be posted.
    pub fn before_posting() -> Self {
        Self::open(&BEFORE_POSTING)
    }

    /// A kumquat season with refunds, statements and locked months.
    pub fn after_a_season() -> Self {
        Self::open(&AFTER_A_SEASON)
    }

    fn open(file: &[u8]) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(path_in(&dir), file).expect("a database file");
        let path = path_in(&dir);
        let store = wait(Store::open(path.to_str().expect("a path"), Missing::Create)).expect("a database");
        Self { store, clock: Clock::world(week().to), dir }
    }

    /// Closing folds the log into the file, so that its bytes are the whole database.
    fn into_file(self) -> Vec<u8> {
        wait(self.store.close());
        std::fs::read(path_in(&self.dir)).expect("a database file")
    }

    pub async fn work(&self) -> Work {
        self.store.work(code(), &Actor::command_line(), "benchmark", &self.clock).await.expect("work")
    }

    pub async fn read(&self) -> Session {
        self.store.read(Scope::County(code())).await.expect("a session")
    }
}

/// A closed database leaves no thread behind that the next benchmark would share the machine with.
impl Drop for County {
    fn drop(&mut self) {
        wait(self.store.close());
    }
}

/// Runs to the end, on this thread.
pub fn wait<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

pub fn code() -> RegionCode {
    RegionCode::parse(demo::county::COUNTY).expect("a county")
}

/// The orders, as the client gave them.
pub fn records() -> &'static [Evidenced<OrderRecord>] {
    &RECORDS
}

/// A page of them in the platform's words: evidence is the answer itself without what a county must not keep.
pub fn page() -> String {
    let page = usize::try_from(PAGE_SIZE).expect("a size");
    let orders: Vec<&str> = records()[..page].iter().map(|r| &*r.evidence).collect();
    format!(r#"{{"total":{page},"shop_order_list":[{}]}}"#, orders.join(","))
}

/// Takes orders of the association's shop in.
pub async fn take(work: &mut Work, records: &[Evidenced<OrderRecord>]) {
    let shop = setup::shop(work, Shop::Association.key()).await.expect("a shop");
    let source = Source {
        shop_id: shop.shop_id,
        name: "order.searchList".to_owned(),
        fetched_at: work.at,
        received_sha256: [7; 32],
    };
    let mut arrivals = orders::arrivals(shop.shop_id, b"key", records.to_vec());
    orders::take(work, &source, Knows::ALL, &mut arrivals).await.expect("orders");
}

/// The first orders of the association's shop that changed in the week, page by page.
async fn pull() -> Vec<Evidenced<OrderRecord>> {
    let clock = Clock::world(week().to);
    let server = sandbox::serve(SandboxConfig {
        seed: SEED,
        scale: Scale::FULL,
        clock: clock.clone(),
        faults: Faults::none(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    })
    .await
    .expect("a sandbox");
    let app = server.apps.iter().find(|app| app.shop_key == Shop::Association.key()).expect("the shop's app");
    let endpoint = Endpoint::parse(&server.endpoint).expect("an address");
    let key = AppKey::new(app.app_key.clone(), app.app_secret.clone());
    let client = Douyin::new(Link::new(endpoint, key, clock, Jitter::seeded(SEED)).expect("a client"));
    let grant = Grant::OwnShop { platform_shop_id: app.platform_shop_id.clone() };
    let token = client.create_token(&grant).await.expect("a token");
    let mut records = Vec::new();
    let mut cursor = Some(Cursor::START);
    while let Some(at) = cursor.filter(|_| records.len() < ORDERS) {
        let page = client.orders(&token, week(), &at).await.expect("a page");
        records.extend(page.records);
        cursor = page.next;
    }
    records.truncate(ORDERS);
    assert_eq!(records.len(), ORDERS, "the week has enough orders");
    server.shutdown().await.expect("an end");
    records
}

fn week() -> Window {
    let from = start_of(day(WEEK));
    Window { from, to: from + TimeDelta::days(7) }
}

fn day(text: &str) -> Day {
    parse_day(text).expect("a day")
}

fn path_in(dir: &TempDir) -> PathBuf {
    dir.path().join("county.db")
}
