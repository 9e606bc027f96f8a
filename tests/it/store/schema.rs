//! The schema as SQLite has it after all migrations, against a dump that is kept: upgrades are later tried on dumps of
//! what was landed. `RED_ANCHOR_BLESS=1` renews it.

use super::engines;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// Named after the newest migration.
const DUMP: &str = "tests/fixtures/schema/0015.sqlite.sql";

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
