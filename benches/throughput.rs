//! Order lines a second from recorded answers of a platform to posted ledger and rollups, on each engine, beside what the
//! engine takes to copy the same rows.
//!
//! `cargo bench --bench throughput -- [SCALE]`: the first pull of the demo county's Douyin shops, 89 days up to the end of
//! a season, at this scale of the world. It is pulled twice: once from the sandbox, whose answers are kept, then from the
//! kept answers into a fresh database; the second is measured. PostgreSQL is measured where `RED_ANCHOR_TEST_POSTGRES` says
//! where it is (`tests/run --postgres cargo bench --bench throughput`).
//!
//! Rule: nothing here fails for being slow; it fails where the second pull has not come to the same as the first.

mod replay;

use red_anchor::clock::Clock;
use red_anchor::demo::county::{COUNTY, county_doc};
use red_anchor::domain::access::{Actor, Scope};
use red_anchor::domain::audit::{Change, Noun, Verb};
use red_anchor::domain::calendar::{Instant, day_of, parse_day, start_of};
use red_anchor::domain::pulling::FIRST_PULL;
use red_anchor::domain::regions::RegionCode;
use red_anchor::ingest;
use red_anchor::ingest::pull::{Pulled, Puller, Target, pull_all};
use red_anchor::platforms::douyin::Douyin;
use red_anchor::platforms::http::Endpoint;
use red_anchor::platforms::retry::Jitter;
use red_anchor::platforms::{AppKey, Link};
use red_anchor::sandbox::{self, Faults, Running, SandboxConfig, Scale};
use red_anchor::services::setup;
use red_anchor::store::{Missing, Store, goods};
use replay::Replay;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant as Stopwatch};
use tempfile::TempDir;

const SEED: u64 = 7;
const UNTIL: &str = "2026-03-01";
const BUYER_KEY: [u8; 32] = [7; 32];
/// What a line leaves behind, order by order.
const TABLES: [&str; 10] = [
    "sales_order",
    "order_line",
    "order_event",
    "refund",
    "settlement",
    "attribution",
    "evidence",
    "ledger_entry",
    "figure",
    "figure_county",
];

#[tokio::main]
async fn main() {
    let scale = std::env::args().skip(1).find(|argument| argument.parse::<f64>().is_ok()).unwrap_or_else(|| "1".into());
    let until = start_of(parse_day(UNTIL).expect("a day"));
    let clock = Clock::world(until);
    let sandbox = sandbox::serve(SandboxConfig {
        seed: SEED,
        scale: scale.parse::<Scale>().expect("a scale"),
        clock: clock.clone(),
        faults: Faults::none(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    })
    .await
    .expect("a sandbox");
    let replay = Replay::start(&sandbox.endpoint).await;
    let dir = TempDir::new().expect("a directory");
    let file = |name: &str| format!("{}", dir.path().join(name).display());

    let first = pull(&file("first.db"), &sandbox, &replay, until).await;
    println!("recorded {} answers, {} lines ({scale} of the world)", replay.len(), first.lines);
    let recorded = replay.len();
    let mut measured = vec![("SQLite", pull(&file("second.db"), &sandbox, &replay, until).await)];
    if let Some((server, name)) = fresh_postgresql().await {
        measured.push(("PostgreSQL", pull(&format!("{server}/{name}"), &sandbox, &replay, until).await));
        drop_postgresql(&server, &name).await;
    }
    assert_eq!(replay.len(), recorded, "the second time nothing else is asked");
    for (engine, run) in measured {
        assert_eq!((run.lines, run.pulled.ledger_rows), (first.lines, first.pulled.ledger_rows), "{engine}");
        println!(
            "{engine}: {} lines, {} ledger rows in {} ms: {} lines a second; its rows copied in the engine in {} ms; most memory so far {} MB",
            run.lines,
            run.pulled.ledger_rows,
            run.took.as_millis(),
            i128::from(run.lines) * 1_000 / i128::try_from(run.took.as_millis()).expect("a time"),
            run.copied_in.as_millis(),
            most_memory_mb(),
        );
    }
}

struct Run {
    pulled: Pulled,
    lines: i64,
    took: Duration,
    copied_in: Duration,
}

/// Pulls everything into a fresh database.
async fn pull(database: &str, sandbox: &Running, replay: &Replay, until: Instant) -> Run {
    let store = Store::open(database, Missing::Create).await.expect("a database");
    let county = RegionCode::parse(COUNTY).expect("a county");
    let (actor, clock) = (Actor::command_line(), Clock::world(until));
    setup::init(&store, county, "benchmark", BUYER_KEY, &clock).await.expect("a county");
    let mut work = store.work(county, &actor, "import county", &clock).await.expect("work");
    let doc = county_doc(SEED, day_of(until - FIRST_PULL), parse_day(UNTIL).expect("a day"));
    ingest::county::import(&mut work, &doc).await.expect("the county's document");
    work.commit(&Change::new(Verb::Change, Noun::County, "benchmark")).await.expect("a commit");

    let mut session = store.read(Scope::County(county)).await.expect("a session");
    let shops = goods::list_shops(&mut session).await.expect("shops");
    drop(session);
    let endpoint = Endpoint::parse(&replay.endpoint).expect("an address");
    let mut pullers = Vec::new();
    for app in &sandbox.apps {
        let Some(shop) = shops.iter().find(|s| s.shop_key == app.shop_key && s.platform == app.platform) else {
            continue;
        };
        let key = AppKey::new(app.app_key.clone(), app.app_secret.clone());
        let link = Link::new(endpoint.clone(), key, clock.clone(), Jitter::seeded(SEED)).expect("a client");
        pullers.push(Puller::new(shop.clone(), Box::new(Douyin::new(link))));
    }
    let target = Target { store: store.clone(), county, buyer_key: BUYER_KEY.to_vec(), actor, clock };
    let started = Stopwatch::now();
    let pulled = Box::pin(pull_all(&mut pullers, &target, None, until)).await.expect("a pull");
    let took = started.elapsed();
    store.close().await;
    let (lines, copied_in) = copy(database).await;
    Run { pulled, lines, took, copied_in }
}

/// How many lines there are, and how long the engine takes to write all rows once more by itself.
async fn copy(database: &str) -> (i64, Duration) {
    let lines = "select count(*) from order_line";
    let copies = TABLES.map(|table| format!("create table copy_of_{table} as select * from {table};")).concat();
    let copies = sqlx::raw_sql(AssertSqlSafe(copies));
    if database.contains("://") {
        let mut db = PgConnection::connect(database).await.expect("the database");
        let lines = sqlx::query_scalar(lines).fetch_one(&mut db).await.expect("a count");
        let started = Stopwatch::now();
        db.execute(copies).await.expect("copies");
        (lines, started.elapsed())
    } else {
        let mut db = SqliteConnection::connect(database).await.expect("the database");
        let lines = sqlx::query_scalar(lines).fetch_one(&mut db).await.expect("a count");
        let started = Stopwatch::now();
        db.execute(copies).await.expect("copies");
        (lines, started.elapsed())
    }
}

/// A server and the name of a database that has just been made on it, where there is one.
#[allow(clippy::disallowed_methods, reason = "whoever starts it says by the environment where the server is")]
async fn fresh_postgresql() -> Option<(String, String)> {
    let url = std::env::var("RED_ANCHOR_TEST_POSTGRES").ok()?;
    let name = format!("throughput_{}", std::process::id());
    let mut db = PgConnection::connect(&url).await.expect("a server");
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut db).await.expect("a database");
    let (server, _) = url.rsplit_once('/')?;
    Some((server.to_owned(), name))
}

/// Leaves nothing behind on the server.
async fn drop_postgresql(server: &str, name: &str) {
    let mut db = PgConnection::connect(&format!("{server}/postgres")).await.expect("a server");
    sqlx::query(AssertSqlSafe(format!("drop database {name}"))).execute(&mut db).await.expect("no database");
}

/// The most memory this process has had, where the system tells.
fn most_memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1024
}
