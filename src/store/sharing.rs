//! Links that show one stored report without signing in, and how often each was opened. A link is found by the hash of its
//! code before a scope can be named; everything else is asked of the whole county.

use super::{Session, Store, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use crate::domain::regions::RegionCode;
use sqlx::FromRow;

/// A link as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SharedReport {
    pub county_code: String,
    pub link_id: i64,
    pub report_no: i64,
    /// First day of the report's month.
    pub month: Day,
    pub made_by: String,
    pub made_at: Instant,
    /// The last day on which it opens.
    pub expires_on: Day,
    /// '' while it was not.
    pub revoked_by: String,
    pub revoked_at: Option<Instant>,
    pub openings: i64,
    pub last_opened_at: Option<Instant>,
}

/// A link by its code's hash, whether it still opens or not; asked before a scope can be named.
pub async fn find(store: &Store, token_hash: &str) -> Result<Option<SharedReport>, StoreError> {
    const SQL: &str =
        "select county_code, link_id, report_no, month, made_by, made_at, expires_on, revoked_by, revoked_at,
            openings, last_opened_at
        from shared_report where token_hash = $1";
    Ok(door!(read store, pool => sqlx::query_as::<_, SharedReport>(SQL).bind(token_hash).fetch_optional(pool).await)?)
}

/// Counts that a link was opened.
pub async fn count_opening(store: &Store, county: RegionCode, link_id: i64, now: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update shared_report set openings = openings + 1, last_opened_at = $3
        where county_code = $1 and link_id = $2";
    door!(write store, pool => sqlx::query(SQL).bind(county.to_string()).bind(link_id).bind(now).execute(pool).await
        .map(|_| ()))?;
    Ok(())
}

/// The links to a month's reports, the newest first.
pub async fn list_of_month(session: &mut Session, month: Day) -> Result<Vec<SharedReport>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut links: Vec<SharedReport> = on!(session, conn => sqlx::query_as(
        "select county_code, link_id, report_no, month, made_by, made_at, expires_on, revoked_by, revoked_at, openings,
            last_opened_at
         from shared_report where county_code = $1 and month = $2"
    ).bind(county).bind(month).fetch_all(conn).await)?;
    links.sort_unstable_by_key(|link| std::cmp::Reverse(link.link_id));
    Ok(links)
}

/// A link to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSharedReport {
    pub link_id: i64,
    pub report_no: i64,
    pub month: Day,
    pub token_hash: String,
    pub account_id: i64,
    pub made_by: String,
    pub expires_on: Day,
}

/// Keeps a link.
pub async fn insert(work: &mut Work, link: &NewSharedReport) -> Result<(), StoreError> {
    let (county, made_at) = (work.county_text(), work.at);
    on!(work, conn => sqlx::query(
        "insert into shared_report (county_code, link_id, report_no, month, token_hash, account_id, made_by, made_at,
            expires_on, revoked_by, openings)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0)"
    ).bind(county).bind(link.link_id).bind(link.report_no).bind(link.month).bind(&link.token_hash)
        .bind(link.account_id).bind(&link.made_by).bind(made_at).bind(link.expires_on)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Ends a link of a month; `None` where there is none, or it was ended before. Says which report it showed.
pub async fn revoke(work: &mut Work, month: Day, link_id: i64, by: &str) -> Result<Option<i64>, StoreError> {
    let (county, now) = (work.county_text(), work.at);
    Ok(on!(work, conn => sqlx::query_scalar(
        "update shared_report set revoked_at = $5, revoked_by = $4
         where county_code = $1 and month = $2 and link_id = $3 and revoked_at is null returning report_no"
    ).bind(county).bind(month).bind(link_id).bind(by).bind(now).fetch_optional(conn).await)?)
}
