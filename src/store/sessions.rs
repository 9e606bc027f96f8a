//! Sessions: who is signed in, under which role, from where. Only hashes of their secrets are kept.
//!
//! A session is found only while what let it in still stands: the account is not disabled and still holds the grant, or
//! the slip is not revoked. So taking a role or a slip away ends it at the next request, and nothing has to be cleaned up
//! first. Not here: the cookie (`web::session`), making secrets (`services::secrets`).

use super::{Session, Store, StoreError};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// A living session.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Login {
    pub session_id: String,
    /// 0: a household's device.
    pub account_id: i64,
    /// Empty for a household's device, as is the next.
    pub login_name: String,
    pub display_name: String,
    /// The county looked at.
    pub county_code: String,
    pub role: String,
    pub region_code: String,
    pub subject_id: i64,
    pub started_from: String,
    pub agent: String,
    pub created_at: Instant,
    pub seen_at: Instant,
    pub expires_at: Instant,
}

const LOGIN: &str = "select s.session_id, s.account_id, coalesce(a.login_name, '') as login_name,
        coalesce(a.display_name, '') as display_name, s.county_code, s.role, s.region_code, s.subject_id, s.started_from,
        s.agent, s.created_at, s.seen_at, s.expires_at
    from session s left join account a on a.account_id = s.account_id";

/// The living session of a secret; asked before a scope can be named.
pub async fn find(store: &Store, token_hash: &str, now: Instant) -> Result<Option<Login>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{LOGIN} where s.token_hash = $1 and s.expires_at > $2 and (
            (s.account_id <> 0 and a.disabled_at is null and exists (select 1 from account_role r
                where r.account_id = s.account_id and r.role = s.role and r.region_code = s.region_code
                    and r.subject_id = s.subject_id))
            or (s.account_id = 0 and exists (select 1 from session_slip d
                join slip p on p.county_code = d.county_code and p.slip_id = d.slip_id
                where d.county_code = s.county_code and d.session_id = s.session_id and p.farmer_id = s.subject_id
                    and p.revoked_at is null)))"
    ));
    Ok(
        door!(read store, pool => sqlx::query_as::<_, Login>(sql).bind(token_hash).bind(now).fetch_optional(pool).await)?,
    )
}

/// An account's living sessions, the last seen first; the account's own, whatever role they are in.
pub async fn list_of_account(store: &Store, account_id: i64, now: Instant) -> Result<Vec<Login>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("{LOGIN} where s.account_id = $1 and s.expires_at > $2"));
    let mut rows = door!(read store, pool => sqlx::query_as::<_, Login>(sql).bind(account_id).bind(now)
        .fetch_all(pool).await)?;
    rows.sort_by(|a, b| (b.seen_at, &a.session_id).cmp(&(a.seen_at, &b.session_id)));
    Ok(rows)
}

/// Starts a session.
pub async fn insert(session: &mut Session, token_hash: &str, login: &Login) -> Result<(), StoreError> {
    on!(session, conn => sqlx::query(
        "insert into session (session_id, token_hash, account_id, county_code, role, region_code, subject_id,
            started_from, agent, created_at, seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    ).bind(&login.session_id).bind(token_hash).bind(login.account_id).bind(&login.county_code).bind(&login.role)
        .bind(&login.region_code).bind(login.subject_id).bind(&login.started_from).bind(&login.agent)
        .bind(login.created_at).bind(login.seen_at).bind(login.expires_at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Gives a session another secret, and with it the role, county and subject of `login`.
pub async fn rotate(session: &mut Session, token_hash: &str, login: &Login) -> Result<(), StoreError> {
    on!(session, conn => sqlx::query(
        "update session set token_hash = $2, county_code = $3, role = $4, region_code = $5, subject_id = $6, seen_at = $7
         where session_id = $1"
    ).bind(&login.session_id).bind(token_hash).bind(&login.county_code).bind(&login.role).bind(&login.region_code)
        .bind(login.subject_id).bind(login.seen_at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Notes that a session was used.
pub async fn touch(store: &Store, session_id: &str, seen_at: Instant) -> Result<(), StoreError> {
    const SQL: &str = "update session set seen_at = $2 where session_id = $1";
    door!(write store, pool => sqlx::query(SQL).bind(session_id).bind(seen_at).execute(pool).await.map(|_| ()))?;
    Ok(())
}

/// Ends a session by its secret; ending one that is not there is no error.
pub async fn remove(session: &mut Session, token_hash: &str) -> Result<(), StoreError> {
    on!(session, conn => sqlx::query(
        "delete from session_slip where session_id in (select session_id from session where token_hash = $1)"
    ).bind(token_hash).execute(conn).await.map(|_| ()))?;
    on!(session, conn => sqlx::query("delete from session where token_hash = $1").bind(token_hash)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Ends an account's sessions, all but the one named ('' for all).
pub async fn remove_of_account(session: &mut Session, account_id: i64, but: &str) -> Result<(), StoreError> {
    on!(session, conn => sqlx::query("delete from session where account_id = $1 and session_id <> $2")
        .bind(account_id).bind(but).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Ends one of an account's sessions; `false` where it has no such session.
pub async fn remove_one(session: &mut Session, account_id: i64, session_id: &str) -> Result<bool, StoreError> {
    let removed: Option<String> = on!(session, conn => sqlx::query_scalar(
        "delete from session where account_id = $1 and session_id = $2 returning session_id"
    ).bind(account_id).bind(session_id).fetch_optional(conn).await)?;
    Ok(removed.is_some())
}

/// Removes what has run out: sessions and links nobody can use any more.
pub async fn remove_expired(session: &mut Session, now: Instant) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "delete from session_slip where county_code = $1 and session_id in
            (select session_id from session where expires_at <= $2)"
    ).bind(county).bind(now).execute(conn).await.map(|_| ()))?;
    let county = session.county_text();
    on!(session, conn => sqlx::query("delete from session where county_code = $1 and expires_at <= $2")
        .bind(county).bind(now).execute(conn).await.map(|_| ()))?;
    let county = session.county_text();
    on!(session, conn => sqlx::query("delete from sign_in_link where county_code = $1 and expires_at <= $2")
        .bind(county).bind(now).execute(conn).await.map(|_| ()))?;
    Ok(())
}
