//! Records that were set aside, as a person reads them and sends them round again. Written by `store::evidence`.

use super::{Session, StoreError, Work};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// Rows of a page.
pub const PAGE: i64 = 50;

/// A record nobody could read.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SetAside {
    pub quarantine_id: i64,
    /// When it came last.
    pub at: Instant,
    pub batch_id: i64,
    /// The interface's method or the file's profile.
    pub source: String,
    pub record_no: String,
    pub reason: String,
}

impl SetAside {
    /// True for a row of a file, which only another file brings again.
    pub fn is_of_a_file(&self) -> bool {
        self.profile().is_some()
    }

    /// The name of the profile a row of a file was read by.
    pub fn profile(&self) -> Option<&str> {
        self.source.strip_prefix("file:")
    }
}

/// How many each shop has, by shop.
pub async fn count_by_shop(session: &mut Session) -> Result<Vec<(i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<(i64, i64)> = on!(session, conn => sqlx::query_as(
        "select shop_id, cast(count(*) as bigint) from quarantine where county_code = $1 group by shop_id"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}

/// A page of a shop's, the latest first; `page` counts from 1.
pub async fn list(session: &mut Session, shop_id: i64, page: i64) -> Result<Vec<SetAside>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select q.quarantine_id, b.at, q.batch_id, q.source, q.record_no, q.reason from quarantine q
         join batch b on b.county_code = q.county_code and b.batch_id = q.batch_id
         where q.county_code = $1 and q.shop_id = $2 order by q.batch_id desc, q.quarantine_id limit $3 offset $4"
    ).bind(county).bind(shop_id).bind(PAGE).bind((page - 1) * PAGE).fetch_all(conn).await)?)
}

/// One of a shop's by its number; every other shop's is none.
pub async fn find(session: &mut Session, shop_id: i64, quarantine_id: i64) -> Result<Option<SetAside>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select q.quarantine_id, b.at, q.batch_id, q.source, q.record_no, q.reason from quarantine q
         join batch b on b.county_code = q.county_code and b.batch_id = q.batch_id
         where q.county_code = $1 and q.shop_id = $2 and q.quarantine_id = $3"
    ).bind(county).bind(shop_id).bind(quarantine_id).fetch_optional(conn).await)?)
}

/// Takes one off the list.
pub async fn remove(work: &mut Work, quarantine_id: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from quarantine where county_code = $1 and quarantine_id = $2")
        .bind(county).bind(quarantine_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What the audit trail says a batch did to a shop; `None` for a batch that says nothing of it.
pub async fn find_told(session: &mut Session, batch_id: i64, shop_key: &str) -> Result<Option<String>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let noun = crate::domain::audit::Noun::Orders.key();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select after from audit where county_code = $1 and noun = $2 and subject = $3 and batch_id = $4"
    ).bind(county).bind(noun).bind(shop_key).bind(batch_id).fetch_optional(conn).await)?)
}

/// Where pulling stands: shop, kind of record, up to when.
pub async fn list_checkpoints(session: &mut Session) -> Result<Vec<(i64, String, Instant)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<(i64, String, Instant)> = on!(session, conn => sqlx::query_as(
        "select shop_id, kind, done_to_at from pull_checkpoint where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort();
    Ok(rows)
}
