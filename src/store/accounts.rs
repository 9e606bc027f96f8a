//! Accounts and what they are granted.
//!
//! An account is kept by one county's branch, and only that county's sessions change it; its login name is unique over
//! all counties, because the sign-in page knows none. Only hashes of passwords are kept.
//! Not here: what a password must be and how it is hashed (`services::passwords`).

use super::{Session, Store, StoreError};
use crate::domain::access::{Grant, Role};
use crate::domain::calendar::Instant;
use crate::domain::regions::RegionCode;
use sqlx::FromRow;

/// A person who may sign in.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Account {
    pub account_id: i64,
    pub county_code: String,
    pub login_name: String,
    pub display_name: String,
    pub password_hash: Option<String>,
    /// Sealed with the key of the next; without one in clear, as older programs stored it.
    pub totp_secret: Option<Vec<u8>>,
    pub totp_key_id: Option<String>,
    pub totp_step: i64,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
}

/// Without the secrets: this ends up in logs and errors.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("account_id", &self.account_id)
            .field("county_code", &self.county_code)
            .field("login_name", &self.login_name)
            .field("disabled_at", &self.disabled_at)
            .finish_non_exhaustive()
    }
}

const ACCOUNT: &str = "select account_id, county_code, login_name, display_name, password_hash, totp_secret,
    totp_key_id, totp_step, created_at, disabled_at from account";

/// Makes an account and returns its id; the name must be free.
pub async fn insert(
    session: &mut Session,
    login_name: &str,
    display_name: &str,
    created_at: Instant,
) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "insert into account (account_id, county_code, login_name, display_name, totp_step, created_at)
         select coalesce(max(account_id), 0) + 1, $1, $2, $3, 0, $4 from account returning account_id"
    ).bind(county).bind(login_name).bind(display_name).bind(created_at).fetch_one(conn).await)?)
}

/// The account of a login name; asked before a scope can be named.
pub async fn find_by_login(store: &Store, login_name: &str) -> Result<Option<Account>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("{ACCOUNT} where login_name = $1"));
    Ok(door!(read store, pool => sqlx::query_as::<_, Account>(sql).bind(login_name).fetch_optional(pool).await)?)
}

/// The account of an id, which a session or link names; asked before a scope can be named.
pub async fn find_signed_in(store: &Store, account_id: i64) -> Result<Option<Account>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("{ACCOUNT} where account_id = $1"));
    Ok(door!(read store, pool => sqlx::query_as::<_, Account>(sql).bind(account_id).fetch_optional(pool).await)?)
}

/// An account the session's county keeps.
pub async fn find(session: &mut Session, account_id: i64) -> Result<Option<Account>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = sqlx::AssertSqlSafe(format!("{ACCOUNT} where county_code = $1 and account_id = $2"));
    Ok(on!(session, conn => sqlx::query_as::<_, Account>(sql).bind(county).bind(account_id)
        .fetch_optional(conn).await)?)
}

/// The account of a login name that the session's county keeps.
pub async fn find_named(session: &mut Session, login_name: &str) -> Result<Option<Account>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = sqlx::AssertSqlSafe(format!("{ACCOUNT} where county_code = $1 and login_name = $2"));
    Ok(on!(session, conn => sqlx::query_as::<_, Account>(sql).bind(county).bind(login_name)
        .fetch_optional(conn).await)?)
}

/// All accounts the session's county keeps, by login name.
pub async fn list(session: &mut Session) -> Result<Vec<Account>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = sqlx::AssertSqlSafe(format!("{ACCOUNT} where county_code = $1"));
    let mut rows = on!(session, conn => sqlx::query_as::<_, Account>(sql).bind(county).fetch_all(conn).await)?;
    rows.sort_by(|a, b| a.login_name.cmp(&b.login_name));
    Ok(rows)
}

/// Sets the password's hash.
pub async fn set_password(session: &mut Session, account_id: i64, hash: &str) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query("update account set password_hash = $3 where county_code = $1 and account_id = $2")
        .bind(county).bind(account_id).bind(hash).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The second factor's secret, sealed, with the id of the key it is sealed with.
#[derive(Debug, Clone, Copy)]
pub struct SealedTotp<'a> {
    pub key_id: &'a str,
    pub sealed: &'a [u8],
}

/// Sets or takes away the second factor's secret.
pub async fn set_totp(
    session: &mut Session,
    account_id: i64,
    secret: Option<SealedTotp<'_>>,
) -> Result<(), StoreError> {
    let county = session.county_text();
    let (key_id, sealed) = (secret.map(|s| s.key_id), secret.map(|s| s.sealed));
    on!(session, conn => sqlx::query(
        "update account set totp_secret = $3, totp_key_id = $4, totp_step = 0 where county_code = $1 and account_id = $2"
    ).bind(county).bind(account_id).bind(sealed).bind(key_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Puts the same secret in its place sealed anew; codes used up stay used up.
pub async fn reseal_totp(session: &mut Session, account_id: i64, secret: SealedTotp<'_>) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "update account set totp_secret = $3, totp_key_id = $4 where county_code = $1 and account_id = $2"
    ).bind(county).bind(account_id).bind(secret.sealed).bind(secret.key_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Uses a time step up; `false` when a code of it or of a later one was taken already.
pub async fn take_totp_step(session: &mut Session, account_id: i64, step: i64) -> Result<bool, StoreError> {
    let county = session.county_text();
    let taken: Option<i64> = on!(session, conn => sqlx::query_scalar(
        "update account set totp_step = $3 where county_code = $1 and account_id = $2 and totp_step < $3
         returning account_id"
    ).bind(county).bind(account_id).bind(step).fetch_optional(conn).await)?;
    Ok(taken.is_some())
}

/// Disables an account from an instant on, or (`None`) lets it in again.
pub async fn set_disabled(session: &mut Session, account_id: i64, at: Option<Instant>) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query("update account set disabled_at = $3 where county_code = $1 and account_id = $2")
        .bind(county).bind(account_id).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

#[derive(FromRow)]
struct GrantRow {
    account_id: i64,
    role: String,
    region_code: String,
    subject_id: i64,
}

impl GrantRow {
    fn read(self) -> Result<(i64, Grant), StoreError> {
        let unknown = || StoreError::UnknownValue(format!("grant {} over {}", self.role, self.region_code));
        let grant = Role::parse(&self.role)
            .zip(RegionCode::parse(&self.region_code))
            .and_then(|(role, region)| Grant::new(role, region, self.subject_id));
        grant.map(|grant| (self.account_id, grant)).ok_or_else(unknown)
    }
}

/// Gives a grant; giving it again changes nothing.
pub async fn insert_grant(
    session: &mut Session,
    account_id: i64,
    grant: &Grant,
    given_at: Instant,
) -> Result<(), StoreError> {
    on!(session, conn => sqlx::query(
        "insert into account_role (account_id, role, region_code, subject_id, given_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing"
    ).bind(account_id).bind(grant.role.key()).bind(grant.region.to_string()).bind(grant.subject_id).bind(given_at)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Takes a grant away.
pub async fn remove_grant(session: &mut Session, account_id: i64, grant: &Grant) -> Result<(), StoreError> {
    on!(session, conn => sqlx::query(
        "delete from account_role where account_id = $1 and role = $2 and region_code = $3 and subject_id = $4"
    ).bind(account_id).bind(grant.role.key()).bind(grant.region.to_string()).bind(grant.subject_id)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What an account is granted, in the roles' order; asked before a scope can be named.
pub async fn list_grants(store: &Store, account_id: i64) -> Result<Vec<Grant>, StoreError> {
    const SQL: &str = "select account_id, role, region_code, subject_id from account_role where account_id = $1";
    let rows = door!(read store, pool => sqlx::query_as::<_, GrantRow>(SQL).bind(account_id).fetch_all(pool).await)?;
    let mut grants = rows.into_iter().map(|row| row.read().map(|(_, grant)| grant)).collect::<Result<Vec<_>, _>>()?;
    grants.sort_unstable();
    Ok(grants)
}

/// Every grant of the accounts the session's county keeps: (account, grant).
pub async fn list_all_grants(session: &mut Session) -> Result<Vec<(i64, Grant)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows = on!(session, conn => sqlx::query_as::<_, GrantRow>(
        "select r.account_id, r.role, r.region_code, r.subject_id from account_role r
         join account a on a.account_id = r.account_id where a.county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    let mut grants = rows.into_iter().map(GrantRow::read).collect::<Result<Vec<_>, _>>()?;
    grants.sort_unstable();
    Ok(grants)
}
