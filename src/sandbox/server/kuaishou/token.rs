//! Codes, access tokens and refresh tokens: two minutes, two days, and half a year from the day the merchant agreed.
//!
//! A code is good once. A refresh token dies within five minutes of being used, and the one it is exchanged for inherits
//! what was left of its life. A token names its shop and its moments, sealed with the app's secret.

use super::Given;
use super::gate::{App, Refusal, TOKEN_ENDED, TOKEN_UNKNOWN};
use crate::domain::calendar::Instant;
use crate::sandbox::world::shops::Shop;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const CODE_SECONDS: i64 = 120;
const ACCESS_SECONDS: i64 = 172_800;
const LEAVE_SECONDS: i64 = 15_552_000;
/// A refresh token that was used is good for so long yet.
const GRACE_SECONDS: i64 = 300;

/// The platform's number of a shop, as its token says it.
pub fn open_id(shop: Shop) -> String {
    format!("ks-open-{}", shop.platform_id())
}

/// The code a shop's merchant was sent back with before the sandbox started.
pub fn first_code(app: &App, shop: Shop) -> String {
    seal(app, &format!("code-{}", shop.key()))
}

fn seal(app: &App, plain: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(app.secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(plain.as_bytes());
    format!("{plain}-{}", hex::encode(&mac.finalize().into_bytes()[..12]))
}

/// Gives out tokens and knows them again.
#[derive(Debug)]
pub struct Tokens {
    app: App,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    issued: u64,
    /// Access tokens up to this serial are over, whatever their age.
    ended: u64,
    /// Codes that were not used yet, with their shop and end.
    codes: HashMap<String, (Shop, i64)>,
    /// When a refresh token was used first.
    used: HashMap<String, i64>,
}

/// What a token says: access or refresh, its shop, when it ends, its serial.
struct Read {
    shop: Shop,
    ends_at: i64,
    serial: u64,
}

impl Tokens {
    /// With a code for each shop, given out now.
    pub fn new(app: App, now: Instant) -> Self {
        let ends_at = now.timestamp() + CODE_SECONDS;
        let codes = Shop::ALL.into_iter().map(|shop| (first_code(&app, shop), (shop, ends_at))).collect();
        Self { app, state: Mutex::new(State { codes, ..State::default() }) }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A code for a merchant who agreed.
    pub fn authorise(&self, shop: Shop, now: Instant) -> String {
        let mut state = self.state();
        state.issued += 1;
        let code = seal(&self.app, &format!("code-{}-{}", shop.key(), state.issued));
        state.codes.insert(code.clone(), (shop, now.timestamp() + CODE_SECONDS));
        code
    }

    /// `grant_type=code`.
    pub fn for_code(&self, given: &Given, now: Instant) -> Value {
        if let Some(refused) = self.refused(given, "code") {
            return refused;
        }
        let code = given.get("code").map_or("", String::as_str);
        let known = self.state().codes.remove(code);
        match known.filter(|(_, ends_at)| now.timestamp() <= *ends_at) {
            Some((shop, _)) => self.pair(shop, now, now.timestamp() + LEAVE_SECONDS),
            None => failure(100_200_105, "invalid_grant", "code.invalid"),
        }
    }

    /// `grant_type=refresh_token`.
    pub fn for_refresh(&self, given: &Given, now: Instant) -> Value {
        if let Some(refused) = self.refused(given, "refresh_token") {
            return refused;
        }
        let token = given.get("refresh_token").map_or("", String::as_str);
        let Some(read) = self.read("rt", token) else {
            return failure(100_200_102, "access_denied", "refreshToken.invalid");
        };
        let used_at = *self.state().used.entry(token.to_owned()).or_insert_with(|| now.timestamp());
        if now.timestamp() > used_at + GRACE_SECONDS || now.timestamp() >= read.ends_at {
            return failure(100_200_102, "access_denied", "refreshToken.discarded");
        }
        self.pair(read.shop, now, read.ends_at)
    }

    fn refused(&self, given: &Given, grant_type: &str) -> Option<Value> {
        let text = |name: &str| given.get(name).map_or("", String::as_str);
        if text("app_id") != self.app.key || text("app_secret") != self.app.secret {
            return Some(failure(100_200_101, "unauthorized_client", "app.invalid"));
        }
        (text("grant_type") != grant_type).then(|| failure(100_200_104, "unsupported_grant_type", ""))
    }

    fn pair(&self, shop: Shop, now: Instant, leave_ends_at: i64) -> Value {
        let mut state = self.state();
        state.issued += 1;
        let sealed =
            |kind: &str, ends_at: i64| seal(&self.app, &format!("{kind}-{}-{ends_at}-{}", shop.key(), state.issued));
        json!({"result": 1, "access_token": sealed("at", now.timestamp() + ACCESS_SECONDS),
            "refresh_token": sealed("rt", leave_ends_at), "open_id": open_id(shop), "expires_in": ACCESS_SECONDS,
            "refresh_token_expires_in": leave_ends_at - now.timestamp(), "token_type": "bearer",
            "scopes": ["merchant_order", "merchant_refund", "merchant_item", "merchant_funds"]})
    }

    /// The shop an access token opens.
    pub fn shop_of(&self, token: Option<&str>, now: Instant) -> Result<Shop, Refusal> {
        let read = token.and_then(|token| self.read("at", token)).ok_or(TOKEN_UNKNOWN)?;
        let over = now.timestamp() >= read.ends_at || read.serial <= self.state().ended;
        if over { Err(TOKEN_ENDED) } else { Ok(read.shop) }
    }

    /// Ends every access token issued so far.
    pub fn end_all_issued(&self) {
        let mut state = self.state();
        state.ended = state.issued;
    }

    fn read(&self, kind: &str, token: &str) -> Option<Read> {
        let (plain, _) = token.rsplit_once('-')?;
        if token != seal(&self.app, plain) {
            return None;
        }
        let mut parts = plain.split('-');
        if parts.next()? != kind {
            return None;
        }
        let key = parts.next()?;
        let shop = Shop::ALL.into_iter().find(|shop| shop.key() == key)?;
        Some(Read { shop, ends_at: parts.next()?.parse().ok()?, serial: parts.next()?.parse().ok()? })
    }
}

fn failure(result: i64, error: &str, error_msg: &str) -> Value {
    json!({"result": result, "error": error, "error_msg": error_msg})
}
