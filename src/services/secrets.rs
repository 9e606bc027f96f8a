//! What is kept sealed: what a shop's platform knows us by (app key and secret, and the token between two runs), the
//! secrets of accounts' second steps, and with them the bank accounts of households (`services::bank_accounts`).
//!
//! Rules that must hold: nothing is stored in clear and nothing is stored without a key; what does not open is said with
//! its shop and field, never its content; changing keys re-seals everything in one unit of work, or nothing.
//!
//! Not here: the cipher (`domain::sealing`), where keys come from (`cli::keyring`).

use crate::clock::Clock;
use crate::domain::access::Actor;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Instant;
use crate::domain::problem::{Problem, Refusal};
use crate::domain::pulling::LEASE;
use crate::domain::regions::RegionCode;
use crate::domain::sealing::{Keyring, NONCE_BYTES, Place, Unopened, open, seal};
use crate::domain::secret::Secret;
use crate::platforms::{AppKey, Token};
use crate::services::{bank_accounts, second_factor};
use crate::store::accounts::{self, Account, SealedTotp};
use crate::store::goods::Shop;
use crate::store::leases::Lease;
use crate::store::secrets::{self, Sealed};
use crate::store::{Session, Store, audit, goods, leases, schedules};
use rand::Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use zeroize::Zeroizing;

const APP_KEY: &str = "app_key";
const APP_SECRET: &str = "app_secret";
const SIGN_SECRET: &str = "sign_secret";
const TOKEN: &str = "token";
/// What `doctor` calls the secret of an account's second step.
const SECOND_STEP: &str = "second step";

/// Whose secrets are stored, by whom, with which keys.
#[derive(Debug, Clone, Copy)]
pub struct Vault<'a> {
    pub store: &'a Store,
    pub county: RegionCode,
    pub actor: &'a Actor,
    pub clock: &'a Clock,
    pub keyring: &'a Keyring,
}

/// A token as it is sealed, with the app it was given to.
#[derive(Serialize, Deserialize)]
struct KeptToken {
    app_key: String,
    access_token: String,
    refresh_token: String,
    access_ends_at: Instant,
    refresh_ends_at: Instant,
    platform_shop_id: String,
    shop_name: String,
}

/// Stores a shop's app key and secret; a token of another app is forgotten, and the shop is due at once.
pub async fn store_app_key(vault: Vault<'_>, shop: &Shop, app: &AppKey) -> anyhow::Result<()> {
    let Vault { store, county, actor, clock, keyring } = vault;
    let mut work = store.work(county, actor, "store credentials", clock).await?;
    let known = secrets::find(&mut work, shop.shop_id, APP_SECRET).await?;
    // one that does not open any more cannot be this app's for all that is known
    let before = secrets::find(&mut work, shop.shop_id, APP_KEY).await?;
    let before = before.and_then(|row| opened(keyring, county, &row, &shop.shop_key).ok());
    let at = work.at;
    let sign_secret = app.sign_secret().map(|secret| (SIGN_SECRET, secret));
    let rows: Vec<Sealed> = [(APP_KEY, app.key()), (APP_SECRET, app.secret())]
        .into_iter()
        .chain(sign_secret)
        .map(|(field, text)| sealed(keyring, county, shop.shop_id, field, &Secret::new(text.to_owned()), at))
        .collect();
    secrets::upsert(&mut work, &rows).await?;
    if sign_secret.is_none() {
        secrets::remove(&mut work, shop.shop_id, SIGN_SECRET).await?;
    }
    if before.is_none_or(|before| before.reveal() != app.key()) {
        secrets::remove(&mut work, shop.shop_id, TOKEN).await?;
    }
    schedules::due_now(&mut work, shop.shop_id, clock.now()).await?;
    let verb = if known.is_some() { Verb::Change } else { Verb::Add };
    let change = Change::new(verb, Noun::Credentials, &shop.shop_key).after(Field::KeyId, keyring.current().id());
    Ok(work.commit(&change).await?)
}

/// Keys as a person typed them; the sign secret is '' where the platform has none.
#[derive(Clone, Copy)]
pub struct AppKeyTyped<'a> {
    pub key: &'a str,
    pub secret: &'a str,
    pub sign_secret: &'a str,
}

/// Stores keys that a person typed, and the platform's number of the shop where it is another.
pub async fn store_typed(vault: Vault<'_>, shop: &Shop, typed: AppKeyTyped<'_>, number: &str) -> anyhow::Result<()> {
    if typed.key.is_empty() || typed.secret.is_empty() {
        return Err(Problem::MissingKeys.into());
    }
    let app = AppKey::new(typed.key.to_owned(), typed.secret.to_owned());
    let app = match typed.sign_secret {
        "" => app,
        secret => app.signing_with(secret.to_owned()),
    };
    if number != shop.platform_shop_id {
        let mut work = vault.store.work(vault.county, vault.actor, "shop number", vault.clock).await?;
        goods::upsert_shops(&mut work, &[Shop { platform_shop_id: number.to_owned(), ..shop.clone() }]).await?;
        let change = Change::new(Verb::Change, Noun::Shop, &shop.shop_key)
            .before(Field::Number, &shop.platform_shop_id)
            .after(Field::Number, number);
        work.commit(&change).await?;
    }
    store_app_key(vault, shop, &app).await
}

/// A shop's stored app key; `None` where none is stored.
pub async fn find_app_key(session: &mut Session, keyring: &Keyring, shop: &Shop) -> anyhow::Result<Option<AppKey>> {
    let key = find(session, keyring, shop, APP_KEY).await?;
    let secret = find(session, keyring, shop, APP_SECRET).await?;
    let sign_secret = find(session, keyring, shop, SIGN_SECRET).await?;
    Ok(key.zip(secret).map(|(key, secret)| {
        let app = AppKey::new(key.reveal().to_owned(), secret.reveal().to_owned());
        match sign_secret {
            Some(sign_secret) => app.signing_with(sign_secret.reveal().to_owned()),
            None => app,
        }
    }))
}

/// True if a shop has something stored that a key would be needed for.
pub async fn has_app_key(session: &mut Session, shop: &Shop) -> anyhow::Result<bool> {
    Ok(secrets::find(session, shop.shop_id, APP_SECRET).await?.is_some())
}

/// Keeps a shop's token for the next run; `false`, and nothing is kept, where it was got in a turn that somebody else has
/// taken over.
pub async fn store_token(
    vault: Vault<'_>,
    shop: &Shop,
    app_key: &str,
    token: &Token,
    lease: Option<&Lease>,
) -> anyhow::Result<bool> {
    let Vault { store, county, actor, clock, keyring } = vault;
    let kept = KeptToken {
        app_key: app_key.to_owned(),
        access_token: token.access_token.clone(),
        refresh_token: token.refresh_token.clone(),
        access_ends_at: token.access_ends_at,
        refresh_ends_at: token.refresh_ends_at,
        platform_shop_id: token.platform_shop_id.clone(),
        shop_name: token.shop_name.clone(),
    };
    let text = Secret::new(serde_json::to_string(&kept)?);
    wipe(kept);
    let mut session = store.write(county).await?;
    let at = clock.now();
    if let Some(lease) = lease
        && !leases::renew(&mut session, lease, at + LEASE).await?
    {
        return Ok(false);
    }
    let row = sealed(keyring, county, shop.shop_id, TOKEN, &text, at);
    secrets::upsert(&mut session, &[row]).await?;
    let change = Change::new(Verb::Renew, Noun::Token, &shop.shop_key)
        .after(Field::KeyId, keyring.current().id())
        .after(Field::To, crate::domain::calendar::rfc3339(token.access_ends_at));
    audit::append(&mut session, actor, at, 0, &change).await?;
    session.commit().await?;
    Ok(true)
}

/// The token a shop gave an app, where one is stored and can still be used or renewed.
pub async fn find_token(
    session: &mut Session,
    keyring: &Keyring,
    shop: &Shop,
    app_key: &str,
    now: Instant,
) -> anyhow::Result<Option<Token>> {
    let Some(text) = find(session, keyring, shop, TOKEN).await? else { return Ok(None) };
    let kept: KeptToken = serde_json::from_str(text.reveal())
        .map_err(|_| Problem::SecretUnreadable { shop: shop.shop_key.clone(), field: TOKEN.into() })?;
    if kept.app_key != app_key || kept.refresh_ends_at <= now {
        wipe(kept);
        return Ok(None);
    }
    Ok(Some(Token {
        access_token: kept.access_token,
        refresh_token: kept.refresh_token,
        access_ends_at: kept.access_ends_at,
        refresh_ends_at: kept.refresh_ends_at,
        platform_shop_id: kept.platform_shop_id,
        shop_name: kept.shop_name,
    }))
}

/// Seals every stored secret of a county anew with the ring's first key. Returns how many there are.
pub async fn rotate(vault: Vault<'_>) -> anyhow::Result<usize> {
    let Vault { store, county, actor, clock, keyring } = vault;
    let mut work = store.work(county, actor, "rotate key", clock).await?;
    let old = secrets::list(&mut work).await?;
    let mut before: BTreeSet<String> = old.iter().map(|row| row.key_id.clone()).collect();
    let shops = goods::list_shops(&mut work).await?;
    let mut new = Vec::with_capacity(old.len());
    for row in &old {
        let name = shops.iter().find(|s| s.shop_id == row.shop_id).map_or("", |s| s.shop_key.as_str());
        let secret = opened(keyring, county, row, name)?;
        new.push(sealed(keyring, county, row.shop_id, &row.field, &secret, row.stored_at));
    }
    secrets::upsert(&mut work, &new).await?;
    let mut steps = 0;
    for account in accounts::list(&mut work).await? {
        before.extend(account.totp_key_id.clone());
        let Some(secret) = second_step(Some(keyring), &account)? else { continue };
        let blob = sealed_step(keyring, &account, &secret);
        let sealed = SealedTotp { key_id: keyring.current().id(), sealed: &blob };
        accounts::reseal_totp(&mut work, account.account_id, sealed).await?;
        steps += 1;
    }
    let accounts = bank_accounts::reseal(&mut work, keyring, &mut before).await?;
    let count = new.len() + steps + accounts;
    let change = Change::new(Verb::Rotate, Noun::SecretKey, keyring.current().id())
        .before(Field::KeyId, before.into_iter().collect::<Vec<_>>().join(" "))
        .after(Field::KeyId, keyring.current().id())
        .count(Field::RowsChanged, i64::try_from(count)?);
    work.commit(&change).await?;
    Ok(count)
}

/// Whose a stored secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeper {
    Shop(i64),
    /// The account of a login name.
    Account(String),
    /// The bank account of a household, by its number.
    Household(i64),
}

/// How a stored secret stands to the keys at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub keeper: Keeper,
    pub field: String,
    /// Empty for what an older program stored in clear.
    pub key_id: String,
    pub opens: bool,
}

/// Every stored secret of a county and whether it opens; without keys none does.
pub async fn standings(session: &mut Session, keyring: Option<&Keyring>) -> anyhow::Result<Vec<Standing>> {
    let county = session.scope().county();
    let of_shop = |row: Sealed| {
        let opens = keyring.is_some_and(|keyring| opened(keyring, county, &row, "").is_ok());
        Standing { keeper: Keeper::Shop(row.shop_id), field: row.field, key_id: row.key_id, opens }
    };
    let mut standings: Vec<Standing> = secrets::list(session).await?.into_iter().map(of_shop).collect();
    for account in accounts::list(session).await?.into_iter().filter(|a| a.totp_secret.is_some()) {
        let opens = matches!(second_step(keyring, &account), Ok(Some(_)));
        let key_id = account.totp_key_id.unwrap_or_default();
        standings.push(Standing {
            keeper: Keeper::Account(account.login_name),
            field: SECOND_STEP.into(),
            key_id,
            opens,
        });
    }
    standings.extend(bank_accounts::standings(session, keyring).await?);
    Ok(standings)
}

/// Sets an account's second step within a session of its county.
pub async fn store_second_step(
    session: &mut Session,
    keyring: &Keyring,
    account: &Account,
    secret: &[u8],
) -> anyhow::Result<()> {
    let blob = sealed_step(keyring, account, secret);
    let sealed = SealedTotp { key_id: keyring.current().id(), sealed: &blob };
    Ok(accounts::set_totp(session, account.account_id, Some(sealed)).await?)
}

/// The secret of an account's second step; `None` where it has none. One that an older program stored in clear is read
/// as it is, until the next change of keys seals it.
pub fn second_step(keyring: Option<&Keyring>, account: &Account) -> Result<Option<Zeroizing<Vec<u8>>>, Problem> {
    let Some(stored) = &account.totp_secret else { return Ok(None) };
    let Some(key_id) = &account.totp_key_id else { return Ok(Some(Zeroizing::new(stored.clone()))) };
    let key = keyring.and_then(|keyring| keyring.find(key_id));
    let key = key.ok_or_else(|| Problem::SealingKeyMissing { key_id: key_id.clone() })?;
    let place = Place::SecondStep { county: &account.county_code, account_id: account.account_id };
    let unreadable = || Problem::Refused(Refusal::SecondStepUnreadable { name: account.login_name.clone() });
    let opened = open(key, place, stored).map_err(|why: Unopened| {
        tracing::error!(account_id = account.account_id, %why, "a second step does not open");
        unreadable()
    })?;
    second_factor::read_typed(opened.reveal()).map(|secret| Some(Zeroizing::new(secret))).ok_or_else(unreadable)
}

fn sealed_step(keyring: &Keyring, account: &Account, secret: &[u8]) -> Vec<u8> {
    let place = Place::SecondStep { county: &account.county_code, account_id: account.account_id };
    seal(keyring.current(), place, nonce(), &Secret::new(second_factor::typed(secret)))
}

pub(super) fn nonce() -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    rand::rng().fill_bytes(&mut nonce);
    nonce
}

/// What is stored of a shop, without any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub shop_id: i64,
    /// When the app's secret was stored.
    pub stored_at: Instant,
    /// The keys at hand open all of it; `None`: there are no keys at hand.
    pub opens: Option<bool>,
    /// When the token ends, and when it can no longer be renewed.
    pub token_ends: Option<(Instant, Instant)>,
}

/// What is stored, by shop: a shop without an app key is not in it.
pub async fn held(session: &mut Session, keyring: Option<&Keyring>) -> anyhow::Result<Vec<Held>> {
    let county = session.scope().county();
    let mut held: Vec<Held> = Vec::new();
    let rows = secrets::list(session).await?;
    for of_shop in rows.chunk_by(|a, b| a.shop_id == b.shop_id) {
        let Some(secret) = of_shop.iter().find(|row| row.field == APP_SECRET) else { continue };
        let mut one = Held { shop_id: secret.shop_id, stored_at: secret.stored_at, opens: None, token_ends: None };
        if let Some(keyring) = keyring {
            let texts: Vec<_> = of_shop.iter().map(|row| (row, opened(keyring, county, row, "").ok())).collect();
            one.opens = Some(texts.iter().all(|(_, text)| text.is_some()));
            let token = texts.iter().find(|(row, _)| row.field == TOKEN).and_then(|(_, text)| text.as_ref());
            if let Some(kept) = token.and_then(|text| serde_json::from_str::<KeptToken>(text.reveal()).ok()) {
                one.token_ends = Some((kept.access_ends_at, kept.refresh_ends_at));
                wipe(kept);
            }
        }
        held.push(one);
    }
    Ok(held)
}

async fn find(session: &mut Session, keyring: &Keyring, shop: &Shop, field: &str) -> anyhow::Result<Option<Secret>> {
    let county = session.scope().county();
    match secrets::find(session, shop.shop_id, field).await? {
        Some(row) => Ok(Some(opened(keyring, county, &row, &shop.shop_key)?)),
        None => Ok(None),
    }
}

fn opened(keyring: &Keyring, county: RegionCode, row: &Sealed, shop: &str) -> Result<Secret, Problem> {
    let county = county.to_string();
    let place = Place::Shop { county: &county, shop_id: row.shop_id, field: &row.field };
    let key = keyring.find(&row.key_id).ok_or_else(|| Problem::SealingKeyMissing { key_id: row.key_id.clone() })?;
    open(key, place, &row.sealed).map_err(|why: Unopened| {
        tracing::error!(shop, field = row.field, %why, "a stored secret does not open");
        Problem::SecretUnreadable { shop: shop.to_owned(), field: row.field.clone() }
    })
}

fn sealed(keyring: &Keyring, county: RegionCode, shop_id: i64, field: &str, secret: &Secret, at: Instant) -> Sealed {
    let (county, key) = (county.to_string(), keyring.current());
    let blob = seal(key, Place::Shop { county: &county, shop_id, field }, nonce(), secret);
    Sealed { shop_id, field: field.to_owned(), key_id: key.id().to_owned(), sealed: blob, stored_at: at }
}

/// The copies of a token's secrets go.
fn wipe(kept: KeptToken) {
    drop((Zeroizing::new(kept.access_token), Zeroizing::new(kept.refresh_token)));
}
