//! Signing in by a one-time link: making one, redeeming it for a session, finding and ending the session.
//!
//! A secret is 32 random bytes, shown once and stored only as its SHA-256: a copy of the database lets nobody in.
//! A link lives a week and works once; a session lives thirty days, because farmers come back once a month.

use crate::clock::Clock;
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::regions::RegionCode;
use crate::store::access::{self, Holder, Link};
use crate::store::{Store, StoreError, audit, rows};
use chrono::TimeDelta;
use rand::Rng;
use sha2::{Digest, Sha256};

/// Days a link waits to be used.
const LINK_DAYS: i64 = 7;
/// Days a session lives.
pub const SESSION_DAYS: i64 = 30;

/// Makes a link's secret for a reader. `subject` is the farmer's or anchor's id or the official's region code.
pub async fn issue_link(
    store: &Store,
    county: RegionCode,
    role: Role,
    subject: &str,
    actor: &Actor,
    clock: &Clock,
) -> Result<String, StoreError> {
    let secret = new_secret();
    let now = clock.now();
    let mut session = store.write(county).await?;
    let link = Link {
        token_hash: &hash(&secret),
        role: role.key(),
        subject,
        created_at: now,
        expires_at: now + TimeDelta::days(LINK_DAYS),
    };
    access::insert_link(&mut session, &link).await?;
    let change = Change::new(Verb::Issue, Noun::Link, subject).after(Field::Role, role.key());
    audit::append(&mut session, actor, now, 0, &change).await?;
    session.commit().await?;
    Ok(secret)
}

/// Uses a link up and starts a session; its secret, or `None` for a link that does not work.
pub async fn redeem_link(store: &Store, secret: &str, clock: &Clock) -> Result<Option<String>, StoreError> {
    let (token_hash, now) = (hash(secret), clock.now());
    let Some(found) = access::find_link(store, &token_hash, now).await? else { return Ok(None) };
    let mut session = store.write(rows::region(&found.county_code)?).await?;
    let Some(holder) = access::redeem_link(&mut session, &token_hash, now).await? else { return Ok(None) };
    let started = new_secret();
    let expires_at = now + TimeDelta::days(SESSION_DAYS);
    access::insert_session(&mut session, &hash(&started), &holder, now, expires_at).await?;
    session.commit().await?;
    Ok(Some(started))
}

/// Whose session a secret is.
pub async fn find_session(store: &Store, secret: &str, clock: &Clock) -> Result<Option<Holder>, StoreError> {
    access::find_session(store, &hash(secret), clock.now()).await
}

/// Ends a session.
pub async fn end_session(store: &Store, county: RegionCode, secret: &str) -> Result<(), StoreError> {
    let mut session = store.write(county).await?;
    access::remove_session(&mut session, &hash(secret)).await?;
    session.commit().await
}

/// What a holder may see; `None` when its subject is not what its role needs.
pub fn scope_of(holder: &Holder) -> Option<(Role, Scope)> {
    let county = RegionCode::parse(&holder.county_code)?;
    let role = Role::parse(&holder.role)?;
    let scope = match role {
        Role::Branch => Scope::County(county),
        Role::Official => Scope::Region(RegionCode::parse(&holder.subject).filter(|code| code.within(county))?),
        Role::Farmer => Scope::Farmer { county, farmer_id: holder.subject.parse().ok()? },
        Role::Anchor => Scope::Anchor { county, anchor_id: holder.subject.parse().ok()? },
    };
    Some((role, scope))
}

fn new_secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(role: &str, subject: &str) -> Holder {
        Holder { county_code: "360827".into(), role: role.into(), subject: subject.into() }
    }

    #[test]
    fn an_official_sees_a_region_of_the_own_county_only() {
        let town = RegionCode::parse("360827100");
        assert_eq!(scope_of(&holder("official", "360827100")).map(|s| s.1), town.map(Scope::Region));
        assert_eq!(scope_of(&holder("official", "360828")), None);
        assert_eq!(scope_of(&holder("official", "")), None);
    }

    #[test]
    fn a_farmer_is_one_household() {
        assert_eq!(scope_of(&holder("farmer", "someone")), None);
        assert!(matches!(scope_of(&holder("farmer", "7")), Some((Role::Farmer, Scope::Farmer { farmer_id: 7, .. }))));
    }
}
