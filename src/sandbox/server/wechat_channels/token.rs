//! The stable token: two hours, the same for everybody who asks, replaced in its last five minutes, when both are good.
//!
//! By force it is replaced at once and the old one is over, twenty times a day and not twice in half a minute.

use super::{App, PARAMETERS, Refusal, THROTTLED, TOKEN_ENDED, TOKEN_MISSING, TOKEN_WRONG};
use crate::sandbox::world::DAY_SECONDS;
use crate::sandbox::world::dice::mix;
use crate::sandbox::world::shops::Shop;
use serde_json::{Map, Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};

const LIFE_SECONDS: i64 = 7_200;
/// So long before its end a token is replaced by the next.
const CHANGEOVER_SECONDS: i64 = 300;
const FORCED_APART_SECONDS: i64 = 30;
const FORCED_A_DAY: usize = 20;
const APP_UNKNOWN: Refusal = (40_013, "invalid appid");
const SECRET_WRONG: Refusal = (40_125, "invalid appsecret");
const USED_UP: Refusal = (45_009, "reach max api daily quota limit");

/// Gives out tokens and knows them again.
#[derive(Debug)]
pub struct Tokens {
    apps: Vec<App>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    issued: u64,
    /// All tokens ever given out, the newest last.
    tokens: Vec<Given>,
    forced_at: Vec<(Shop, i64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    shop: Shop,
    token: String,
    ends_at: i64,
    /// Replaced by force, or ended by a fault.
    revoked: bool,
}

impl Tokens {
    /// For these apps.
    pub fn new(apps: Vec<App>) -> Self {
        Self { apps, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `/cgi-bin/stable_token`.
    pub fn stable(&self, params: &Map<String, Value>, now: i64) -> Result<Value, Refusal> {
        let text = |name: &str| params.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("grant_type") != "client_credential" {
            return Err(PARAMETERS);
        }
        let app = self.apps.iter().find(|app| app.id == text("appid")).ok_or(APP_UNKNOWN)?;
        if app.secret != text("secret") {
            return Err(SECRET_WRONG);
        }
        let mut state = self.state();
        if params.get("force_refresh") == Some(&Value::Bool(true)) {
            state.force(app.shop, now)?;
        }
        let given = state.current(app.shop, now);
        Ok(json!({"access_token": given.token, "expires_in": given.ends_at - now}))
    }

    /// The shop a token opens.
    pub fn shop_of(&self, token: Option<&str>, now: i64) -> Result<Shop, Refusal> {
        let token = token.filter(|token| !token.is_empty()).ok_or(TOKEN_MISSING)?;
        let state = self.state();
        let given = state.tokens.iter().find(|given| given.token == token).ok_or(TOKEN_WRONG)?;
        match given {
            given if given.revoked => Err(TOKEN_WRONG),
            given if now >= given.ends_at => Err(TOKEN_ENDED),
            given => Ok(given.shop),
        }
    }

    /// Ends every token issued so far.
    pub fn end_all_issued(&self) {
        self.state().tokens.iter_mut().for_each(|given| given.revoked = true);
    }
}

impl State {
    fn current(&mut self, shop: Shop, now: i64) -> Given {
        let good = |given: &&Given| given.shop == shop && !given.revoked && given.ends_at - CHANGEOVER_SECONDS > now;
        if let Some(given) = self.tokens.iter().rfind(good) {
            return given.clone();
        }
        self.issued += 1;
        let token = format!("wx-{}-{:016x}{:016x}", self.issued, mix(self.issued, 31), mix(self.issued, 32));
        let given = Given { shop, token, ends_at: now + LIFE_SECONDS, revoked: false };
        self.tokens.push(given.clone());
        given
    }

    fn force(&mut self, shop: Shop, now: i64) -> Result<(), Refusal> {
        let lately = |seconds: i64| move |(of, at): &&(Shop, i64)| *of == shop && *at > now - seconds;
        if self.forced_at.iter().any(|forced| lately(FORCED_APART_SECONDS)(&forced)) {
            return Err(THROTTLED);
        }
        if self.forced_at.iter().filter(lately(DAY_SECONDS)).count() >= FORCED_A_DAY {
            return Err(USED_UP);
        }
        self.forced_at.push((shop, now));
        self.tokens.iter_mut().filter(|given| given.shop == shop).for_each(|given| given.revoked = true);
        Ok(())
    }
}
