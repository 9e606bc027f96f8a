//! Shops that are not asked for now. Whoever pulls or compares leaves them out, unless a person names them.

use super::{Session, StoreError, Work};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Pause {
    pub shop_id: i64,
    pub paused_at: Instant,
    pub paused_by: String,
}

/// The county's paused shops.
pub async fn list(session: &mut Session) -> Result<Vec<Pause>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Pause> = on!(session, conn => sqlx::query_as(
        "select shop_id, paused_at, paused_by from shop_pause where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|row| row.shop_id);
    Ok(rows)
}

/// Whether a shop is paused.
pub async fn is_paused(session: &mut Session, shop_id: i64) -> Result<bool, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let found: Option<i64> = on!(session, conn => sqlx::query_scalar(
        "select shop_id from shop_pause where county_code = $1 and shop_id = $2"
    ).bind(county).bind(shop_id).fetch_optional(conn).await)?;
    Ok(found.is_some())
}

/// Pauses a shop; one that is paused stays so as it is.
pub async fn insert(work: &mut Work, shop_id: i64) -> Result<(), StoreError> {
    let (county, at, actor) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into shop_pause (county_code, shop_id, paused_at, paused_by) values ($1, $2, $3, $4)
         on conflict (county_code, shop_id) do nothing"
    ).bind(county).bind(shop_id).bind(at).bind(actor).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Ends a pause; there being none is no error.
pub async fn remove(work: &mut Work, shop_id: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from shop_pause where county_code = $1 and shop_id = $2")
        .bind(county).bind(shop_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}
