//! One-time links: to sign in once under a role, or to set a password once. Only hashes of their secrets are kept.
//!
//! A link is redeemed by one statement that finds it unused and unexpired and marks it, so that of two people who press
//! at once only one gets in. Not here: making secrets and hashing them (`services::secrets`).

use super::{Session, Store, StoreError};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Enter,
    Password,
}

impl Kind {
    const fn key(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Password => "password",
        }
    }
}

/// Whose a link is, and under which role it signs in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Holder {
    pub account_id: i64,
    /// The county the session looks at, or the one that keeps the account.
    pub county_code: String,
    /// Empty in a link for a password, as is the region.
    pub role: String,
    pub region_code: String,
    pub subject_id: i64,
}

/// Stores a link. Its county is the session's.
pub async fn insert(
    session: &mut Session,
    kind: Kind,
    token_hash: &str,
    holder: &Holder,
    created_at: Instant,
    expires_at: Instant,
) -> Result<(), StoreError> {
    on!(session, conn => sqlx::query(
        "insert into sign_in_link (token_hash, kind, account_id, county_code, role, region_code, subject_id, created_at,
            expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    ).bind(token_hash).bind(kind.key()).bind(holder.account_id).bind(&holder.county_code).bind(&holder.role)
        .bind(&holder.region_code).bind(holder.subject_id).bind(created_at).bind(expires_at)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Whose an unused, unexpired link is; asked before a scope can be named.
pub async fn find(store: &Store, kind: Kind, token_hash: &str, now: Instant) -> Result<Option<Holder>, StoreError> {
    const SQL: &str = "select l.account_id, l.county_code, l.role, l.region_code, l.subject_id
        from sign_in_link l join account a on a.account_id = l.account_id
        where l.token_hash = $1 and l.kind = $2 and l.redeemed_at is null and l.expires_at > $3
            and a.disabled_at is null";
    Ok(door!(read store, pool => sqlx::query_as::<_, Holder>(SQL).bind(token_hash).bind(kind.key()).bind(now)
        .fetch_optional(pool).await)?)
}

/// Marks a link used; `false` when it is unknown, used or expired.
pub async fn redeem(session: &mut Session, kind: Kind, token_hash: &str, now: Instant) -> Result<bool, StoreError> {
    let county = session.county_text();
    let redeemed: Option<i64> = on!(session, conn => sqlx::query_scalar(
        "update sign_in_link set redeemed_at = $4
         where token_hash = $2 and kind = $3 and county_code = $1 and redeemed_at is null and expires_at > $4
         returning account_id"
    ).bind(county).bind(token_hash).bind(kind.key()).bind(now).fetch_optional(conn).await)?;
    Ok(redeemed.is_some())
}

/// Makes an account's unused links for a password useless: a newer one was given, or the account was disabled.
pub async fn expire_password_links(session: &mut Session, account_id: i64, now: Instant) -> Result<(), StoreError> {
    on!(session, conn => sqlx::query(
        "update sign_in_link set redeemed_at = $3 where account_id = $1 and kind = $2 and redeemed_at is null"
    ).bind(account_id).bind(Kind::Password.key()).bind(now).execute(conn).await.map(|_| ()))?;
    Ok(())
}
