//! Getting in: by password and second factor, or by a one-time link.
//!
//! A wrong name, a wrong password, a wrong code and a disabled account look the same and take the same work. Each guess
//! is counted before it is looked at, so that guesses made at once are slowed as well (`domain::guessing`).
//! A link lives a week and works once. It signs in under one role of an account that needs no password.

use super::sessions::{self, Choice, Client, Way};
use super::{accounts, codes, passwords, second_factor, secrets};
use crate::clock::Clock;
use crate::domain::access::{Actor, Grant, Role};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Instant;
use crate::domain::guessing::{self, Counted, Kind};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::domain::sealing::Keyring;
use crate::store::accounts::Account;
use crate::store::links::{self, Holder};
use crate::store::{Store, accounts as stored, failures, rows};
use chrono::TimeDelta;

/// Days a link waits to be used.
pub const LINK_DAYS: i64 = 7;

/// What somebody typed.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub login_name: &'a str,
    pub password: &'a str,
    /// Of the second factor; empty where there is none.
    pub code: &'a str,
    pub client: Client<'a>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The session's secret.
    In(String),
    Wrong,
    /// Too soon after wrong ones: seconds to wait.
    Wait(i64),
    /// Name and password are right, and nobody has said what the account may see.
    NoRole,
    /// They are right, and the second step cannot be asked: its secret does not open here.
    Unopened,
}

/// Signs in by name, password and, where the account has one, second factor.
pub async fn by_password(
    store: &Store,
    attempt: &Attempt<'_>,
    keyring: Option<&Keyring>,
    clock: &Clock,
) -> anyhow::Result<Outcome> {
    let now = clock.now();
    let login_name = accounts::folded(attempt.login_name);
    let keys = keys(&login_name, attempt.client.address);
    let wait = count_guess(store, &keys, now).await?;
    if wait > 0 {
        return Ok(Outcome::Wait(wait));
    }
    let account = stored::find_by_login(store, &login_name).await?.filter(|a| a.disabled_at.is_none());
    let hash = account.as_ref().and_then(|a| a.password_hash.as_deref());
    let fits = passwords::fits(attempt.password, hash).await?;
    let Some(account) = account.filter(|_| fits) else { return Ok(Outcome::Wrong) };
    match take_code(store, &account, attempt.code, keyring, now).await {
        Ok(true) => {}
        Ok(false) => return Ok(Outcome::Wrong),
        Err(error) if error.is::<Problem>() => {
            tracing::error!(account_id = account.account_id, %error, "a second step cannot be asked");
            return Ok(Outcome::Unopened);
        }
        Err(error) => return Err(error),
    }
    // this try was counted before it was looked at
    let wrong_tries = failures::find(store, keys[0].0, &keys[0].1).await?.failures - 1;
    for (kind, key) in &keys {
        failures::clear(store, *kind, key, now).await?;
    }
    failures::remove_before(store, guessing::forgotten_before(now)).await?;
    let Some(choice) = sessions::choices(store, account.account_id).await?.into_iter().next() else {
        return Ok(Outcome::NoRole);
    };
    let mut session = store.write(choice.county).await?;
    let (secret, _) = sessions::start(&mut session, account.account_id, &choice, attempt.client, now).await?;
    let actor = Actor::account(account.account_id, &account.login_name, choice.grant.role, attempt.client.address);
    sessions::note_sign_in(&mut session, &actor, Way::Password, wrong_tries.max(0), now).await?;
    session.commit().await?;
    Ok(Outcome::In(secret))
}

fn keys(login_name: &str, address: &str) -> [(Kind, String); 3] {
    [
        (Kind::Account, codes::hash(&format!("account {login_name}"))),
        (Kind::Address, codes::hash(&format!("address {address}"))),
        (Kind::Pair, codes::hash(&format!("pair {address} {login_name}"))),
    ]
}

/// Counts a guess, unless it comes too soon; seconds to wait.
async fn count_guess(store: &Store, keys: &[(Kind, String); 3], now: Instant) -> anyhow::Result<i64> {
    let mut before = [Counted::default(); 3];
    for (counted, (kind, key)) in before.iter_mut().zip(keys) {
        *counted = failures::find(store, *kind, key).await?;
    }
    let wait = guessing::sign_in_wait(&before[0], &before[1], &before[2], now);
    if wait > 0 {
        return Ok(wait);
    }
    let mut crossed = before;
    for (counted, (kind, key)) in crossed.iter_mut().zip(keys) {
        let failures = failures::add(store, *kind, key, now).await?;
        // others guessed between our look and our count: they came first
        if failures - 1 > counted.failures {
            *counted = Counted { failures: failures - 1, failed_at: Some(now), ..*counted };
        }
    }
    Ok(if crossed == before { 0 } else { guessing::sign_in_wait(&crossed[0], &crossed[1], &crossed[2], now) })
}

/// True if the account has no second factor, or the code is right and was not used before.
async fn take_code(
    store: &Store,
    account: &Account,
    code: &str,
    keyring: Option<&Keyring>,
    now: Instant,
) -> anyhow::Result<bool> {
    let Some(secret) = secrets::second_step(keyring, account)? else { return Ok(true) };
    let Some(step) = second_factor::step_of(&secret, code, now)? else { return Ok(false) };
    let mut session = store.write(rows::region(&account.county_code)?).await?;
    let taken = stored::take_totp_step(&mut session, account.account_id, step).await?;
    session.commit().await?;
    Ok(taken)
}

/// Makes a link that signs in once under a grant of an account without a password, which is made where it is missing.
pub async fn issue_link(
    store: &Store,
    county: RegionCode,
    grant: &Grant,
    actor: &Actor,
    clock: &Clock,
) -> anyhow::Result<String> {
    let now = clock.now();
    let login_name = link_account(grant);
    let mut session = store.work(county, actor, "sign-in link issued", clock).await?;
    // looked up when nobody else can make it: two links at once are for one account
    let known = stored::find_named(&mut session, &login_name).await?;
    let account_id = match known {
        Some(account) => account.account_id,
        None => stored::insert(&mut session, &login_name, &login_name, now).await?,
    };
    stored::insert_grant(&mut session, account_id, grant, now).await?;
    let secret = codes::new();
    let holder = Holder {
        account_id,
        county_code: county.to_string(),
        role: grant.role.key().to_owned(),
        region_code: grant.region.to_string(),
        subject_id: grant.subject_id,
    };
    let expires_at = now + TimeDelta::days(LINK_DAYS);
    links::insert(&mut session, links::Kind::Enter, &codes::hash(&secret), &holder, now, expires_at).await?;
    let whose = if grant.subject_id == 0 { grant.region.to_string() } else { grant.subject_id.to_string() };
    let change = Change::new(Verb::Issue, Noun::Link, whose).after(Field::Role, grant.role.key());
    session.commit(&change).await?;
    Ok(secret)
}

/// The account a sign-in link is for: one a grant, so that what is done under it can be told apart.
fn link_account(grant: &Grant) -> String {
    match grant.subject_id {
        0 => format!("link-{}-{}", grant.role.key(), grant.region),
        id => format!("link-{}-{}-{id}", grant.role.key(), grant.region),
    }
}

/// Uses a link up and starts a session; its secret, or `None` for a link that does not work.
pub async fn redeem_link(
    store: &Store,
    secret: &str,
    client: Client<'_>,
    clock: &Clock,
) -> anyhow::Result<Option<String>> {
    let (token_hash, now) = (codes::hash(secret), clock.now());
    let Some(holder) = links::find(store, links::Kind::Enter, &token_hash, now).await? else { return Ok(None) };
    let county = rows::region(&holder.county_code)?;
    let grant = Role::parse(&holder.role)
        .zip(RegionCode::parse(&holder.region_code))
        .and_then(|(role, region)| Grant::new(role, region, holder.subject_id));
    let Some(grant) = grant else { return Ok(None) };
    let mut session = store.write(county).await?;
    if !links::redeem(&mut session, links::Kind::Enter, &token_hash, now).await? {
        return Ok(None);
    }
    let choice = Choice { grant, county };
    let (started, _) = sessions::start(&mut session, holder.account_id, &choice, client, now).await?;
    let actor = Actor::account(holder.account_id, &link_account(&grant), grant.role, client.address);
    sessions::note_sign_in(&mut session, &actor, Way::Link, 0, now).await?;
    session.commit().await?;
    Ok(Some(started))
}
