//! A fresh database on each engine.

use red_anchor::store::{Missing, Store};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// The address of PostgreSQL's maintenance database; a test that needs it fails without.
#[allow(clippy::disallowed_methods, reason = "the test run says by the environment where its server is")]
fn maintenance_url() -> String {
    std::env::var("RED_ANCHOR_TEST_POSTGRES").expect(
        "RED_ANCHOR_TEST_POSTGRES is not set: this test needs a PostgreSQL server. Run it by \
         `tests/run --postgres cargo test --release --test it store`, which starts one",
    )
}

/// The address of a database that has just been made, in the same server.
pub async fn fresh_postgres_url() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let url = maintenance_url();
    let name = format!("it_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let mut db = PgConnection::connect(&url).await.expect("a PostgreSQL server");
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut db).await.expect("a database");
    let (server, _) = url.rsplit_once('/').expect("an address names its database");
    format!("{server}/{name}")
}

pub async fn postgres() -> Store {
    Store::open(&fresh_postgres_url().await, Missing::Create).await.expect("a PostgreSQL database")
}

/// The file goes with the directory.
pub async fn sqlite(dir: &TempDir) -> Store {
    let path = dir.path().join("store.db");
    Store::open(path.to_str().expect("a path"), Missing::Create).await.expect("a SQLite database")
}
