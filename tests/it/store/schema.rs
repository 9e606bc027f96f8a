//! The schema as SQLite has it after all migrations, against a dump that is kept: upgrades are later tried on dumps of
//! what was landed. `RED_ANCHOR_BLESS=1` renews it. And what a migration does to rows that were there before it.

use super::cases::orders::order;
use super::contract::Place;
use super::engines;
use red_anchor::store::orders::{self, OrderRow};
use red_anchor::store::{Missing, Store};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

/// Named after the newest migration.
const DUMP: &str = "tests/fixtures/schema/0017.sqlite.sql";

#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "blessing is asked for by the environment of the test run")]
async fn the_schema_is_the_one_that_was_dumped() {
    let dir = tempfile::tempdir().expect("a directory");
    engines::sqlite(&dir).await.close().await;
    let mut db = SqliteConnectOptions::new().filename(dir.path().join("store.db")).connect().await.expect("a file");
    let mut statements: Vec<(String, String)> = sqlx::query_as(
        "select name, sql from sqlite_master where sql is not null and name not like 'sqlite_%' and name not like '_sqlx_%'",
    )
    .fetch_all(&mut db)
    .await
    .expect("the schema");
    db.close().await.expect("a closed file");
    statements.sort();
    let schema: Vec<&str> = statements.iter().map(|(_, sql)| sql.as_str()).collect();
    let schema = schema.join(";\n") + ";\n";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(DUMP);
    if std::env::var_os("RED_ANCHOR_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(&path, &schema).expect("a dump");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema, "the schema differs from {DUMP}; RED_ANCHOR_BLESS=1 renews it when that is meant");
}

/// The statements of a migration that change rows.
fn updates() -> String {
    let migration = include_str!("../../../migrations/0017_second_look.sql");
    let statements: Vec<&str> = migration.split_inclusive(';').filter(|sql| sql.contains("update ")).collect();
    assert_eq!(statements.len(), 5);
    statements.concat()
}

/// Stores an order whose number holds what stands between packed values.
async fn store_an_odd_number(store: &Store) -> Place {
    let place = Place::new(store, 0).await;
    let mut work = place.work().await;
    let odd = OrderRow { order_no: "6\u{1f}9\u{1e}1".into(), ..order(1) };
    orders::upsert_orders(&mut work, &[odd, order(2)]).await.expect("an order");
    work.commit(&crate::audit::any_change()).await.expect("an order");
    place
}

async fn is_readable(place: &Place) {
    let second = order(2);
    let nos = ["6 9 1", second.order_no.as_str()];
    let mut found = orders::list_orders(&mut place.read().await, 1, &nos).await.expect("rows that unpack");
    found.sort_by_key(|order| order.order_id);
    assert_eq!(found, [OrderRow { order_no: "6 9 1".into(), ..order(1) }, second]);
}

#[tokio::test]
async fn what_stood_between_packed_values_becomes_a_space() {
    let dir = tempfile::tempdir().expect("a directory");
    let place = store_an_odd_number(&engines::sqlite(&dir).await).await;
    let mut db = SqliteConnectOptions::new().filename(dir.path().join("store.db")).connect().await.expect("a file");
    db.execute(sqlx::raw_sql(AssertSqlSafe(updates()))).await.expect("updates");
    is_readable(&place).await;

    let url = engines::fresh_postgres_url().await;
    let place = store_an_odd_number(&Store::open(&url, Missing::Create).await.expect("a database")).await;
    let mut db = PgConnection::connect(&url).await.expect("a connection");
    db.execute(sqlx::raw_sql(AssertSqlSafe(updates()))).await.expect("updates");
    is_readable(&place).await;
}
