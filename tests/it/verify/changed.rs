//! Copies of a database, each with one change, and what verify says of them.

use crate::world::{County, code};
use red_anchor::domain::access::Scope;
use red_anchor::services::verify::verify;
use red_anchor::store::{Missing, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Rows of a table that are tried: some from its beginning, middle and end.
const ROWS_TRIED: usize = 2;

/// A database to be copied, and the changes that were not found.
pub struct Copies {
    dir: TempDir,
    original: PathBuf,
    tried: RefCell<u32>,
    missed: RefCell<Vec<String>>,
}

impl Copies {
    /// Copies of a county.
    pub async fn of(county: County) -> Self {
        county.store.close().await;
        let dir = tempfile::tempdir().expect("a directory");
        let original = dir.path().join("original.db");
        std::fs::copy(county.path(), &original).expect("a copy");
        Self { dir, original, tried: RefCell::new(0), missed: RefCell::new(Vec::new()) }
    }

    /// One more in each column, in several rows each.
    pub async fn each_column(&self, table: &str, which: &str, columns: &[&str]) {
        for column in columns {
            self.each_row(table, which, |row| {
                format!("update {table} set {column} = {column} + 1 where rowid = {row}")
            })
            .await;
        }
    }

    /// One fen more and one less in each column, in several rows each.
    pub async fn each_fen(&self, table: &str, which: &str, columns: &[&str]) {
        for column in columns {
            for change in ["+ 1", "- 1"] {
                self.each_row(table, which, |row| {
                    format!("update {table} set {column} = {column} {change} where rowid = {row}")
                })
                .await;
            }
        }
    }

    /// A change to several rows of a table, each alone.
    pub async fn each_row(&self, table: &str, which: &str, change: impl Fn(i64) -> String) {
        let mut db = open(&self.original).await;
        let rows: Vec<i64> =
            sqlx::query_scalar(AssertSqlSafe(format!("select rowid from {table} where {which} order by rowid")))
                .fetch_all(&mut db)
                .await
                .expect("rows");
        assert!(!rows.is_empty(), "no row of {table} feeds a figure");
        for row in rows.iter().step_by(rows.len().div_ceil(ROWS_TRIED)).chain(rows.last()) {
            self.after(&change(*row)).await;
        }
    }

    /// A change, which must be of one row.
    pub async fn after(&self, change: &str) {
        let named = self.named(change).await;
        *self.tried.borrow_mut() += 1;
        if named.is_empty() {
            self.missed.borrow_mut().push(change.to_owned());
        }
    }

    /// What verify says of a copy with a change, which must be of one row.
    pub async fn named(&self, change: &str) -> Vec<String> {
        let copy = self.dir.path().join("copy.db");
        std::fs::copy(&self.original, &copy).expect("a copy");
        let mut db = open(&copy).await;
        let changed = sqlx::query(AssertSqlSafe(change.to_owned())).execute(&mut db).await.expect("a change");
        assert_eq!(changed.rows_affected(), 1, "{change}");
        db.close().await.expect("a closed file");
        let store = Store::open(copy.to_str().expect("a path"), Missing::Refuse).await.expect("a database");
        let mut session = store.read(Scope::County(code())).await.expect("a session");
        let report = verify(&mut session).await.expect("a report");
        drop(session);
        store.close().await;
        report.differences.iter().map(ToString::to_string).collect()
    }

    /// Holds that every change was found.
    pub fn all_found(&self) {
        let missed = self.missed.borrow();
        assert!(*self.tried.borrow() > 0);
        assert!(missed.is_empty(), "{} of {} not found:\n{}", missed.len(), self.tried.borrow(), missed.join("\n"));
    }
}

/// A database file as another program opens it, its triggers and checks set aside.
async fn open(path: &Path) -> SqliteConnection {
    let mut db = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(false)
        .pragma("ignore_check_constraints", "on")
        .connect()
        .await
        .expect("a file");
    let triggers: Vec<String> = sqlx::query_scalar("select name from sqlite_master where type = 'trigger'")
        .fetch_all(&mut db)
        .await
        .expect("triggers");
    for trigger in triggers {
        sqlx::query(AssertSqlSafe(format!("drop trigger {trigger}"))).execute(&mut db).await.expect("no trigger");
    }
    db
}
