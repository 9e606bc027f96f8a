//! The schema as SQLite has it after all migrations, against a dump that is kept: upgrades are later tried on dumps of
//! what was landed. `RED_ANCHOR_BLESS=1` renews it. And what a migration does to rows that were there before it.

use super::cases::orders::{line, order, refund, settlement};
use super::contract::Place;
use super::engines;
use red_anchor::store::orders::{self, AttributionRow, LineRow, OrderRow, RefundRow, SettlementRow};
use red_anchor::store::{Missing, Store};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

/// Named after the newest migration.
const DUMP: &str = "tests/fixtures/schema/0040.sqlite.sql";

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

/// Stores a row of each kind whose numbers hold what stands between packed values.
async fn store_odd_numbers(store: &Store) -> Place {
    let odd = |no: &str| format!("{no}\u{1f}9\u{1e}1");
    let place = Place::new(store, 0).await;
    let mut work = place.work().await;
    orders::upsert_orders(&mut work, &[OrderRow { order_no: odd("6"), ..order(1) }, order(2)]).await.expect("orders");
    orders::upsert_lines(&mut work, &[LineRow { line_no: odd("l"), ..line(1, 1) }]).await.expect("a line");
    let back = RefundRow { refund_no: odd("r"), order_no: odd("6"), line_no: odd("l"), ..refund(1, 1) };
    orders::upsert_refunds(&mut work, &[back]).await.expect("a refund");
    let paid = SettlementRow { statement_no: odd("s"), order_no: odd("6"), line_no: odd("l"), ..settlement(1, 1) };
    orders::upsert_settlements(&mut work, &[paid]).await.expect("a statement");
    let choice = AttributionRow {
        line_id: 1,
        version_id: 1,
        batch_id: work.batch_id,
        stream_id: 0,
        rule: "none".into(),
        bulk: false,
        actor: "pull".into(),
        reason: String::new(),
    };
    orders::insert_attributions(&mut work, &[choice]).await.expect("an attribution");
    work.commit(&crate::audit::any_change()).await.expect("rows");
    place
}

/// Words that were stored before they were made plain on the way.
fn odd_words() -> String {
    const WORDS: [(&str, &[&str]); 4] = [
        ("sales_order", &["platform_status", "province"]),
        ("order_line", &["live_room_no", "author_no"]),
        ("refund", &["platform_status", "reason"]),
        ("attribution", &["actor", "reason"]),
    ];
    let set =
        |columns: &[&str]| columns.iter().map(|c| format!("{c} = 'w\u{1e}9\u{1f}1'")).collect::<Vec<_>>().join(", ");
    WORDS.map(|(table, columns)| format!("update {table} set {};", set(columns))).concat()
}

/// Every text the migration is about, in the rows' order.
const TEXTS: &str = "
    select order_no from sales_order where order_id = 1 union all select platform_status from sales_order where order_id = 1
    union all select province from sales_order where order_id = 1
    union all select line_no from order_line union all select live_room_no from order_line
    union all select author_no from order_line
    union all select refund_no from refund union all select order_no from refund union all select line_no from refund
    union all select platform_status from refund union all select reason from refund
    union all select statement_no from settlement union all select order_no from settlement
    union all select line_no from settlement
    union all select actor from attribution union all select reason from attribution";
const PLAIN: [&str; 16] = [
    "6 9 1", "w 9 1", "w 9 1", "l 9 1", "w 9 1", "w 9 1", "r 9 1", "6 9 1", "l 9 1", "w 9 1", "w 9 1", "s 9 1",
    "6 9 1", "l 9 1", "w 9 1", "w 9 1",
];

async fn is_readable(place: &Place) {
    let second = order(2);
    let nos = ["6 9 1", second.order_no.as_str()];
    let mut found = orders::list_orders(&mut place.read().await, 1, &nos).await.expect("rows that unpack");
    found.sort_by_key(|order| order.order_id);
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].order_no, second.order_no);
}

#[tokio::test]
async fn what_stood_between_packed_values_becomes_a_space() {
    let dir = tempfile::tempdir().expect("a directory");
    let place = store_odd_numbers(&engines::sqlite(&dir).await).await;
    let mut db = SqliteConnectOptions::new().filename(dir.path().join("store.db")).connect().await.expect("a file");
    db.execute(sqlx::raw_sql(AssertSqlSafe(odd_words()))).await.expect("odd words");
    db.execute(sqlx::raw_sql(AssertSqlSafe(updates()))).await.expect("updates");
    assert_eq!(sqlx::query_scalar::<_, String>(TEXTS).fetch_all(&mut db).await.expect("texts"), PLAIN);
    is_readable(&place).await;

    let url = engines::fresh_postgres_url().await;
    let place = store_odd_numbers(&Store::open(&url, Missing::Create).await.expect("a database")).await;
    let mut db = PgConnection::connect(&url).await.expect("a connection");
    db.execute(sqlx::raw_sql(AssertSqlSafe(odd_words()))).await.expect("odd words");
    db.execute(sqlx::raw_sql(AssertSqlSafe(updates()))).await.expect("updates");
    assert_eq!(sqlx::query_scalar::<_, String>(TEXTS).fetch_all(&mut db).await.expect("texts"), PLAIN);
    is_readable(&place).await;
}

/// The statement that makes households by year of those by month.
fn by_year() -> String {
    let migration = include_str!("../../../migrations/0021_years_and_gaps.sql");
    let statements: Vec<&str> =
        migration.split_inclusive(';').filter(|sql| sql.contains("insert into figure ")).collect();
    assert_eq!(statements.len(), 1);
    statements.concat()
}

/// Sums of two households over two years, by every grain.
async fn sums_of_two_years(store: &Store) {
    let place = Place::new(store, 0).await;
    let mut work = place.work().await;
    super::cases::figures::two_years(&mut work).await;
    work.commit(&crate::audit::any_change()).await.expect("rows");
}

const YEARS: &str = "select cast(count(*) as bigint), cast(sum(gmv_fen * farmer_id) as bigint) from figure
    where lens = 'listing' and grain = 'y'";
const NO_YEARS: &str = "delete from figure where lens = 'listing' and grain = 'y'";

#[tokio::test]
async fn households_by_year_are_made_of_those_by_month() {
    let dir = tempfile::tempdir().expect("a directory");
    sums_of_two_years(&engines::sqlite(&dir).await).await;
    let mut db = SqliteConnectOptions::new().filename(dir.path().join("store.db")).connect().await.expect("a file");
    let kept: (i64, i64) = sqlx::query_as(YEARS).fetch_one(&mut db).await.expect("years");
    db.execute(NO_YEARS).await.expect("none");
    db.execute(sqlx::raw_sql(AssertSqlSafe(by_year()))).await.expect("years anew");
    assert_eq!(sqlx::query_as::<_, (i64, i64)>(YEARS).fetch_one(&mut db).await.expect("years"), kept);
    assert_eq!(kept.0, 3, "one household in both years, one in one");

    let url = engines::fresh_postgres_url().await;
    sums_of_two_years(&Store::open(&url, Missing::Create).await.expect("a database")).await;
    let mut db = PgConnection::connect(&url).await.expect("a connection");
    db.execute(NO_YEARS).await.expect("none");
    db.execute(sqlx::raw_sql(AssertSqlSafe(by_year()))).await.expect("years anew");
    assert_eq!(sqlx::query_as::<_, (i64, i64)>(YEARS).fetch_one(&mut db).await.expect("years"), kept);
}
