//! Sessions with the database: one reader or one unit of work, on either engine, with the same SQL.
//!
//! - [`Store`] picks the engine from the URL: `postgres://…` or a file path.
//! - [`Session`] is a reading transaction; it cannot be opened without a [`Scope`].
//! - [`Work`] is a writing one; it needs an [`Actor`], carries the batch number that orders knowledge, and changes
//!   nothing until it is committed, which cannot be done without saying for the audit trail what it did.
//!
//! Rules that must hold: one writer on SQLite (`begin immediate` on a pool of one) and per county on PostgreSQL (the
//! county's id row is locked first); batch numbers and times both strictly increase. One session at a time per task.
//!
//! Why an enum and a macro instead of a trait: the same expression compiles for both engines, so there is only one copy
//! of each statement to keep right.

use super::log::Log;
use super::transaction::{Held, Tx};
use super::{StoreError, audit};
use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::audit::Change;
use crate::domain::calendar::Instant;
use crate::domain::ledger::book::BatchId;
use crate::domain::regions::RegionCode;
use chrono::TimeDelta;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// Readers open at once on SQLite.
const READERS: u32 = 4;
/// Connections in all on PostgreSQL: shops that are pulled take up to three each and must leave some for the pages.
const CONNECTIONS: u32 = 16;
/// Statements kept prepared on a connection.
const STATEMENTS: usize = 512;
/// How long a writer waits for another before it gives up.
const BUSY_SECONDS: u64 = 30;

/// Runs the same expression on whichever engine the session is with; counts it as one statement.
macro_rules! on {
    ($session:expr, $conn:ident => $body:expr) => {{
        let session: &mut $crate::store::session::Session = $session;
        session.statements.0 += 1;
        match session.held.free().await? {
            $crate::store::transaction::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::transaction::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    }};
}

/// Runs the same expression on whichever engine the store is with, outside a session: for control tables, which are
/// asked before a scope can be named. `read` takes a reader, `write` the writer; each statement stands for itself.
macro_rules! door {
    (read $store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::store::Store::Sqlite { readers: $pool, .. } => $body,
            $crate::store::Store::Postgres($pool) => $body,
        }
    };
    (write $store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::store::Store::Sqlite { writer: $pool, .. } => $body,
            $crate::store::Store::Postgres($pool) => $body,
        }
    };
}

/// A connected database.
#[derive(Debug, Clone)]
pub enum Store {
    /// One writer, several read-only readers.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        log: Arc<Log>,
    },
    Postgres(PgPool),
}

/// What to do about a database that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Create,
    Refuse,
}

impl Store {
    /// Connects to a `postgres://` URL or a SQLite file and brings its schema up to this program's.
    pub async fn open(url: &str, missing: Missing) -> Result<Self, StoreError> {
        let store = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|e| StoreError::Unreachable(e.to_string()))?
                .statement_cache_capacity(STATEMENTS);
            let pool = PgPoolOptions::new()
                .max_connections(CONNECTIONS)
                .acquire_timeout(Duration::from_secs(BUSY_SECONDS))
                .connect_with(options)
                .await
                .map_err(|e| StoreError::Unreachable(e.to_string()))?;
            Self::Postgres(pool)
        } else {
            Self::open_file(Path::new(url.strip_prefix("sqlite://").unwrap_or(url)), missing).await?
        };
        store.migrate().await?;
        Ok(store)
    }

    async fn open_file(path: &Path, missing: Missing) -> Result<Self, StoreError> {
        if missing == Missing::Refuse && !path.exists() {
            return Err(StoreError::NoDatabase(path.display().to_string()));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(missing == Missing::Create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(BUSY_SECONDS))
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
            // a name that was taken away is overwritten where it stood
            .pragma("secure_delete", "fast")
            // folded back by the writer itself only where nobody else has come to it (`Log`)
            .pragma("wal_autocheckpoint", "65536")
            .pragma("journal_size_limit", "16777216")
            // rows come from a thread of their own: the fewer hand-overs, the less it costs to read many
            .row_buffer_size(2_048)
            .statement_cache_capacity(STATEMENTS);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(|e| StoreError::Unreachable(format!("{}: {e}", path.display())))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_lazy_with(options.pragma("query_only", "on").pragma("cache_size", "-16384"));
        Ok(Self::Sqlite { writer, readers, log: Arc::new(Log::of(path)) })
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite { writer, .. } => MIGRATOR.run(writer).await,
            Self::Postgres(pool) => MIGRATOR.run(pool).await,
        };
        match done {
            Err(MigrateError::VersionMissing(version)) => return Err(StoreError::NewerThanProgram(version)),
            other => other.map_err(|e| StoreError::Migration(e.to_string()))?,
        }
        match self {
            Self::Sqlite { writer, .. } => {
                sqlx::raw_sql(include_str!("../../migrations/engines/sqlite.sql")).execute(writer).await?;
            }
            Self::Postgres(pool) => {
                sqlx::raw_sql(include_str!("../../migrations/engines/postgres.sql")).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// A reading session, consistent from its first statement on.
    pub async fn read(&self, scope: Scope) -> Result<Session, StoreError> {
        let tx = match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("begin transaction isolation level repeatable read read only").await?)
            }
        };
        Ok(Session { held: Box::new(Held::new(tx)), scope, statements: Statements::default() })
    }

    /// A unit of work: takes the county's writer lock and the next batch number. Dropping it undoes everything. An actor
    /// whose role changes nothing gets none.
    pub async fn work(&self, county: RegionCode, actor: &Actor, kind: &str, clock: &Clock) -> Result<Work, StoreError> {
        if !actor.role.may_change() {
            return Err(StoreError::OutOfScope);
        }
        let mut session = self.write(county).await?;
        let batch_id = take_ids(&mut session, "batch", 1).await?;
        let last: Option<Instant> = on!(&mut session, conn => sqlx::query_scalar(
            "select at from batch where county_code = $1 and batch_id = $2"
        ).bind(county.to_string()).bind(batch_id - 1).fetch_optional(conn).await)?;
        let now = whole_micros(clock.now());
        let at = last.map_or(now, |last| now.max(last + TimeDelta::microseconds(1)));
        on!(&mut session, conn => sqlx::query(
            "insert into batch (county_code, batch_id, at, actor, kind) values ($1, $2, $3, $4, $5)"
        ).bind(county.to_string()).bind(batch_id).bind(at).bind(&actor.name).bind(kind).execute(conn).await.map(|_| ()))?;
        Ok(Work { session, batch_id, at, actor: actor.clone(), queued: 0 })
    }

    /// A writing session without a batch: setting a county up, sign-in links and sessions. What changes something there
    /// says so itself ([`audit::append`]); a test reads the sources for it.
    pub async fn write(&self, county: RegionCode) -> Result<Session, StoreError> {
        let tx = match self {
            Self::Sqlite { writer, readers, log } => {
                drop(log.fold_where_long(readers));
                Tx::Sqlite(writer.begin_with("begin immediate").await?)
            }
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        };
        Ok(Session { held: Box::new(Held::new(tx)), scope: Scope::County(county), statements: Statements::default() })
    }

    /// Throws a demo's database away and opens it anew. The caller has made sure that it is a demo's.
    pub async fn emptied(self, url: &str) -> Result<Self, StoreError> {
        match &self {
            Self::Postgres(pool) => {
                sqlx::raw_sql("drop schema public cascade; create schema public").execute(pool).await?;
                self.close().await;
            }
            Self::Sqlite { .. } => {
                self.close().await;
                let path = url.strip_prefix("sqlite://").unwrap_or(url);
                for ending in ["", "-wal", "-shm"] {
                    match std::fs::remove_file(format!("{path}{ending}")) {
                        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                            return Err(StoreError::Unreachable(e.to_string()));
                        }
                        _ => {}
                    }
                }
            }
        }
        Self::open(url, Missing::Create).await
    }

    /// Closes all connections; SQLite folds its log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Both engines keep microseconds; what is compared later must be what was stored.
pub fn whole_micros(at: Instant) -> Instant {
    chrono::DateTime::from_timestamp_micros(at.timestamp_micros()).expect("a valid instant stays valid")
}

/// A transaction and whose rows it may see.
#[derive(Debug)]
pub struct Session {
    /// In a box: futures that hold a session are many and large.
    pub(super) held: Box<Held>,
    scope: Scope,
    pub(super) statements: Statements,
}

/// Statements a session has run; the log hears of them when it ends, and a test holds pages to a number of them.
#[derive(Debug, Default)]
pub struct Statements(pub(super) u64);

impl Statements {
    /// What [`on!`] has counted as one statement were so many.
    pub(super) fn were(&mut self, statements: u64) {
        self.0 = (self.0 + statements).saturating_sub(1);
    }
}

impl Drop for Statements {
    fn drop(&mut self) {
        tracing::debug!(statements = self.0, "session ended");
    }
}

impl Session {
    /// Whose rows this session may see.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Refuses a session that may not see everything in its county: what it asks has no narrower answer.
    pub fn hold_to_county(&self) -> Result<(), StoreError> {
        if self.scope.is_whole_county() { Ok(()) } else { Err(StoreError::OutOfScope) }
    }

    /// Refuses the session of a single household, village or anchor.
    pub fn hold_to_region(&self) -> Result<(), StoreError> {
        let region = matches!(self.scope, Scope::County(_) | Scope::Region(_));
        if region { Ok(()) } else { Err(StoreError::OutOfScope) }
    }

    /// The county's code as stored.
    pub fn county_text(&self) -> Arc<str> {
        self.scope.county().to_string().into()
    }

    /// Keeps what was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.held.commit().await?)
    }
}

/// A unit of work.
#[derive(Debug)]
pub struct Work {
    session: Session,
    /// Orders knowledge: everything this work writes is known from this number on.
    pub batch_id: BatchId,
    /// When; strictly later than every batch before.
    pub at: Instant,
    pub actor: Actor,
    /// Orders it put into the posting queue.
    pub(super) queued: usize,
}

impl Work {
    /// Keeps what was written, with its row in the audit trail.
    pub async fn commit(mut self, change: &Change) -> Result<(), StoreError> {
        audit::append(&mut self.session, &self.actor, self.at, self.batch_id, change).await?;
        self.session.commit().await
    }
}

impl Deref for Work {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Work {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

/// Takes `count` row ids of a noun and returns the first.
pub async fn take_ids(session: &mut Session, noun: &str, count: usize) -> Result<i64, StoreError> {
    let county = session.county_text();
    let count = i64::try_from(count).expect("a block of ids fits");
    let next: i64 = on!(session, conn => sqlx::query_scalar(
        "insert into id_block (county_code, noun, next) values ($1, $2, $3 + 1)
         on conflict (county_code, noun) do update set next = id_block.next + $3
         returning next"
    ).bind(county).bind(noun).bind(count).fetch_one(conn).await)?;
    Ok(next - count)
}
