//! The import log as it is read: one row a file, newest first. Written by `store::evidence`.

use super::{Session, StoreError};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// Rows of a page of the log.
pub const PAGE: i64 = 50;

/// A file that was imported, also one that changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Imported {
    pub import_id: i64,
    pub at: Instant,
    pub actor: String,
    /// Kind and profile of each table, `orders:douyin-orders`, with spaces between.
    pub kind: String,
    pub file_name: String,
    pub file_sha256: String,
    pub rows_read: i64,
    pub rows_new: i64,
    pub rows_changed: i64,
    pub rows_unchanged: i64,
    pub rows_rejected: i64,
}

/// Files imported so far.
pub async fn count(session: &mut Session) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar("select count(*) from import_log where county_code = $1")
        .bind(county).fetch_one(conn).await)?)
}

/// A page of the log, newest first; `page` counts from 1.
pub async fn list(session: &mut Session, page: i64) -> Result<Vec<Imported>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select import_id, at, actor, kind, file_name, file_sha256, rows_read, rows_new, rows_changed, rows_unchanged,
            rows_rejected from import_log where county_code = $1 order by import_id desc limit $2 offset $3"
    ).bind(county).bind(PAGE).bind((page - 1) * PAGE).fetch_all(conn).await)?)
}
