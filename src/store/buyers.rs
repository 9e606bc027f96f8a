//! How long a buyer is recognised: the hash of an order is dropped so many days after the order was made.

use super::{Session, StoreError, Work, take_ids};
use crate::domain::calendar::Day;
use sqlx::FromRow;

/// A version of how long hashes are kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct HashDays {
    pub version_id: i64,
    pub batch_id: i64,
    pub valid_from: Day,
    pub days: i64,
}

/// Writes a version.
pub async fn insert_hash_days(work: &mut Work, valid_from: Day, days: i64) -> Result<(), StoreError> {
    let version_id = take_ids(work, "buyer_hash_days", 1).await?;
    let (county, batch_id) = (work.county_text(), work.batch_id);
    on!(work, conn => sqlx::query(
        "insert into buyer_hash_days (county_code, version_id, batch_id, valid_from, days) values ($1, $2, $3, $4, $5)"
    ).bind(county).bind(version_id).bind(batch_id).bind(valid_from).bind(days).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// All versions, oldest first.
pub async fn list_hash_days(session: &mut Session) -> Result<Vec<HashDays>, StoreError> {
    let county = session.county_text();
    let mut rows: Vec<HashDays> = on!(session, conn => sqlx::query_as(
        "select version_id, batch_id, valid_from, days from buyer_hash_days where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|r| r.version_id);
    Ok(rows)
}

/// Drops the hashes of orders made before a day; returns of how many, and remembers the day.
pub async fn drop_hashes(work: &mut Work, before: Day) -> Result<i64, StoreError> {
    let county = work.county_text();
    let dropped = on!(work, conn => sqlx::query(
        "update sales_order set buyer_hash = '' where county_code = $1 and buyer_hash <> '' and created_on < $2"
    ).bind(&county).bind(before).execute(conn).await.map(|done| done.rows_affected()))?;
    on!(work, conn => sqlx::query(
        "insert into buyer_hash_expired (county_code, before_on) values ($1, $2)
         on conflict (county_code) do update set before_on = excluded.before_on"
    ).bind(&county).bind(before).execute(conn).await.map(|_| ()))?;
    Ok(i64::try_from(dropped).expect("a county has fewer orders"))
}

/// Up to which day hashes have been dropped last.
pub async fn find_dropped(session: &mut Session) -> Result<Option<Day>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar("select before_on from buyer_hash_expired where county_code = $1")
        .bind(county).fetch_optional(conn).await)?)
}

/// Orders that still have a hash.
pub async fn count_hashes(session: &mut Session) -> Result<i64, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select count(*) from sales_order where county_code = $1 and buyer_hash <> ''"
    ).bind(county).fetch_one(conn).await)?)
}
