//! Shops whose pulling is behind: from where to where it was to go, and the windows written since.
//!
//! What is over stays as it was until the next one begins: the page tells of it for a while.

use super::{Session, StoreError};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// Pulling that began behind.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CatchUp {
    pub shop_id: i64,
    pub from_at: Instant,
    pub to_at: Instant,
    pub begun_at: Instant,
    /// The newest row of the pull log before it.
    pub after_pull_id: i64,
}

/// A window that was written whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Written {
    pub from_at: Instant,
    pub to_at: Instant,
    pub seen: i64,
}

/// The newest of a shop, over or not.
pub async fn find(session: &mut Session, shop_id: i64) -> Result<Option<CatchUp>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select shop_id, from_at, to_at, begun_at, after_pull_id from pull_catch_up where county_code = $1 and shop_id = $2"
    ).bind(county).bind(shop_id).fetch_optional(conn).await)?)
}

/// Begins one; it takes the place of the one before.
pub async fn upsert(
    session: &mut Session,
    shop_id: i64,
    from: Instant,
    to: Instant,
    now: Instant,
) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "insert into pull_catch_up (county_code, shop_id, from_at, to_at, begun_at, after_pull_id)
         select $1, $2, $3, $4, $5, coalesce(max(pull_id), 0) from pull_log where county_code = $1 and shop_id = $2
         on conflict (county_code, shop_id) do update set from_at = excluded.from_at, to_at = excluded.to_at,
            begun_at = excluded.begun_at, after_pull_id = excluded.after_pull_id"
    ).bind(county).bind(shop_id).bind(from).bind(to).bind(now).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Windows written whole since it began, the oldest first, no more than so many.
pub async fn list_written(session: &mut Session, of: &CatchUp, most: i64) -> Result<Vec<Written>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select from_at, to_at, seen from pull_log where county_code = $1 and shop_id = $2 and pull_id > $3
            and complete and trouble = '' order by pull_id limit $4"
    ).bind(county).bind(of.shop_id).bind(of.after_pull_id).bind(most).fetch_all(conn).await)?)
}
