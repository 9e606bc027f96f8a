//! SQLite's write-ahead log, folded back into the file beside whoever writes.
//!
//! Left to itself, the writer folds the log back when it commits and lets everybody wait who writes after it. A first pull
//! fills the log several times a second's work: folded by a reader, while the next unit of work is put together, it costs
//! nothing but the disk.

use sqlx::SqlitePool;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinHandle;

/// Bytes from which a log is long. A log that was folded is cut to half of it (`journal_size_limit`).
const LONG: u64 = 32 << 20;

/// The log of one database.
#[derive(Debug)]
pub struct Log {
    file: PathBuf,
    long: u64,
    /// True while it is folded.
    folding: AtomicBool,
}

impl Log {
    /// Of the database in a file.
    pub fn of(database: &Path) -> Self {
        let mut file = database.as_os_str().to_owned();
        file.push("-wal");
        Self { file: file.into(), long: LONG, folding: AtomicBool::new(false) }
    }

    /// Starts to fold it where it has become long and nobody folds it yet.
    pub fn fold_where_long(self: &Arc<Self>, readers: &SqlitePool) -> Option<JoinHandle<()>> {
        let is_long = std::fs::metadata(&self.file).is_ok_and(|file| file.len() > self.long);
        if !is_long || self.folding.swap(true, Ordering::AcqRel) {
            return None;
        }
        let (log, readers) = (Arc::clone(self), readers.clone());
        Some(tokio::spawn(async move {
            // what is left over, because somebody still reads an older state, is folded next time
            if let Err(error) = sqlx::query("pragma wal_checkpoint(passive)").execute(&readers).await {
                tracing::warn!("the database's log was not folded back: {error}");
            }
            log.folding.store(false, Ordering::Release);
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};

    #[tokio::test]
    async fn a_long_log_is_folded_back_by_a_reader_that_may_not_write() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("county.db");
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("wal_autocheckpoint", "0");
        let writer = SqlitePool::connect_with(options.clone()).await.unwrap();
        let readers = SqlitePool::connect_lazy_with(options.pragma("query_only", "on"));
        sqlx::raw_sql("create table t (a); insert into t values (1)").execute(&writer).await.unwrap();
        let in_file = || std::fs::metadata(&path).unwrap().len();
        let before = in_file();
        assert!(Arc::new(Log::of(&path)).fold_where_long(&readers).is_none(), "a short one is left alone");
        let short = Arc::new(Log { long: 0, ..Log::of(&path) });
        let folding = short.fold_where_long(&readers).unwrap();
        assert!(short.fold_where_long(&readers).is_none(), "somebody is at it");
        folding.await.unwrap();
        assert!(in_file() > before, "the table is in the file");
        assert!(!short.folding.load(Ordering::Acquire));
    }
}
