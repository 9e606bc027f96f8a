//! One-time sign-in links, the sessions they start, and the log of looks. Only hashes of secrets are kept.
//!
//! A link is redeemed by one statement that finds it unused and unexpired and marks it, so that of two people who press
//! at once only one gets in. Not here: making secrets and hashing them (`services::sign_in`).

use super::{Session, Store, StoreError};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// Whose link or session it is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Holder {
    pub county_code: String,
    pub role: String,
    /// Farmer or anchor id, an official's region; '' for the branch.
    pub subject: String,
}

/// A link to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    pub token_hash: &'a str,
    pub role: &'a str,
    pub subject: &'a str,
    pub created_at: Instant,
    pub expires_at: Instant,
}

/// Stores a link.
pub async fn insert_link(session: &mut Session, link: &Link<'_>) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "insert into sign_in_link (token_hash, county_code, role, subject, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)"
    ).bind(link.token_hash).bind(county).bind(link.role).bind(link.subject).bind(link.created_at).bind(link.expires_at)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Whose an unused, unexpired link is; asked before a scope can be named.
pub async fn find_link(store: &Store, token_hash: &str, now: Instant) -> Result<Option<Holder>, StoreError> {
    const SQL: &str = "select county_code, role, subject from sign_in_link
        where token_hash = $1 and redeemed_at is null and expires_at > $2";
    find(store, SQL, token_hash, now).await
}

/// Whose a living session is; asked before a scope can be named.
pub async fn find_session(store: &Store, token_hash: &str, now: Instant) -> Result<Option<Holder>, StoreError> {
    const SQL: &str = "select county_code, role, subject from session where token_hash = $1 and expires_at > $2";
    find(store, SQL, token_hash, now).await
}

async fn find(store: &Store, sql: &'static str, hash: &str, now: Instant) -> Result<Option<Holder>, StoreError> {
    Ok(match store {
        Store::Sqlite { readers, .. } => sqlx::query_as(sql).bind(hash).bind(now).fetch_optional(readers).await?,
        Store::Postgres(pool) => sqlx::query_as(sql).bind(hash).bind(now).fetch_optional(pool).await?,
    })
}

/// Marks a link used; `None` when it is unknown, used or expired.
pub async fn redeem_link(session: &mut Session, token_hash: &str, now: Instant) -> Result<Option<Holder>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Holder>(
        "update sign_in_link set redeemed_at = $3
         where token_hash = $2 and county_code = $1 and redeemed_at is null and expires_at > $3
         returning county_code, role, subject"
    ).bind(county).bind(token_hash).bind(now).fetch_optional(conn).await)?)
}

/// Starts a session.
pub async fn insert_session(
    session: &mut Session,
    token_hash: &str,
    holder: &Holder,
    created_at: Instant,
    expires_at: Instant,
) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "insert into session (token_hash, county_code, role, subject, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)"
    ).bind(token_hash).bind(county).bind(&holder.role).bind(&holder.subject).bind(created_at).bind(expires_at)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Ends a session; ending one that is not there is no error.
pub async fn remove_session(session: &mut Session, token_hash: &str) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query("delete from session where county_code = $1 and token_hash = $2")
        .bind(county).bind(token_hash).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Records that somebody looked at a line of somebody's household.
pub async fn insert_look(
    session: &mut Session,
    role: &str,
    subject: &str,
    line_id: i64,
    at: Instant,
) -> Result<(), StoreError> {
    let look_id = super::take_ids(session, "look", 1).await?;
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "insert into look (county_code, look_id, at, role, subject, line_id) values ($1, $2, $3, $4, $5, $6)"
    ).bind(county).bind(look_id).bind(at).bind(role).bind(subject).bind(line_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The name of a household, an anchor or a region, for the page's corner; `None` when there is none.
pub async fn find_name(session: &mut Session, noun: Noun, id: &str) -> Result<Option<String>, StoreError> {
    let county = session.county_text();
    let number: i64 = id.parse().unwrap_or(0);
    Ok(match noun {
        Noun::Region => on!(session, conn => sqlx::query_scalar("select name from region where code = $1")
            .bind(id).fetch_optional(conn).await)?,
        Noun::Farmer => on!(session, conn => sqlx::query_scalar(
            "select name from farmer where county_code = $1 and farmer_id = $2"
        ).bind(county).bind(number).fetch_optional(conn).await)?,
        Noun::Anchor => on!(session, conn => sqlx::query_scalar(
            "select name from anchor where county_code = $1 and anchor_id = $2"
        ).bind(county).bind(number).fetch_optional(conn).await)?,
    })
}

/// What [`find_name`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Region,
    Farmer,
    Anchor,
}
