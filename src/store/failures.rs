//! Failed sign-ins, counted by account, by client address, and by both together.
//!
//! Keys are hashes, so that the table lists neither names that were tried nor addresses. What the counts mean is
//! `domain::guessing`'s business.

use super::{Store, StoreError};
use crate::domain::calendar::Instant;
use crate::domain::guessing::{Counted, Kind};
use sqlx::FromRow;

#[derive(FromRow)]
struct Row {
    failures: i64,
    failed_at: Instant,
    succeeded_at: Option<Instant>,
}

/// What is counted under a key; nothing is a fresh start.
pub async fn find(store: &Store, kind: Kind, key: &str) -> Result<Counted, StoreError> {
    const SQL: &str = "select failures, failed_at, succeeded_at from sign_in_failure where kind = $1 and key = $2";
    let row = door!(read store, pool => sqlx::query_as::<_, Row>(SQL).bind(kind.key()).bind(key)
        .fetch_optional(pool).await)?;
    Ok(row.map_or_else(Counted::default, |row| Counted {
        failures: row.failures,
        failed_at: Some(row.failed_at),
        succeeded: row.succeeded_at.is_some(),
    }))
}

/// Counts a failure and returns how many there are now.
pub async fn add(store: &Store, kind: Kind, key: &str, at: Instant) -> Result<i64, StoreError> {
    const SQL: &str = "insert into sign_in_failure (kind, key, failures, failed_at) values ($1, $2, 1, $3)
        on conflict (kind, key) do update set failures = sign_in_failure.failures + 1, failed_at = excluded.failed_at
        returning failures";
    Ok(door!(write store, pool => sqlx::query_scalar(SQL).bind(kind.key()).bind(key).bind(at).fetch_one(pool).await)?)
}

/// Forgets the failures under a key after a success, and remembers that there was one.
pub async fn clear(store: &Store, kind: Kind, key: &str, at: Instant) -> Result<(), StoreError> {
    const SQL: &str = "insert into sign_in_failure (kind, key, failures, failed_at, succeeded_at)
        values ($1, $2, 0, $3, $3)
        on conflict (kind, key) do update set failures = 0, succeeded_at = excluded.succeeded_at";
    door!(write store, pool => sqlx::query(SQL).bind(kind.key()).bind(key).bind(at).execute(pool).await.map(|_| ()))?;
    Ok(())
}

/// Removes what was counted before an instant and never came to a success: strangers' tries are not kept for ever.
pub async fn remove_before(store: &Store, before: Instant) -> Result<(), StoreError> {
    const SQL: &str = "delete from sign_in_failure where failed_at < $1 and succeeded_at is null";
    door!(write store, pool => sqlx::query(SQL).bind(before).execute(pool).await.map(|_| ()))?;
    Ok(())
}
