//! The gate: app key, timestamp and signature of every request.
//!
//! The recipe, from the platform's published SDKs: the secret; then `app_key`, `method`, `param_json`, `timestamp` and
//! `v`, each name followed by its value, without separators; the secret again. `sign` is the lower-case hexadecimal
//! HMAC-SHA256 of that text under the secret, or its MD5 where `sign_method` says so or is absent. `param_json` is the
//! body as it came over the wire, byte for byte: what was signed must be what was sent.
//!
//! Not here: tokens ([`super::token`]).

use super::refusal::{
    APP_MISSING, APP_UNKNOWN, METHOD_UNKNOWN, Refusal, SIGNATURE_MISSING, SIGNATURE_WRONG, TIMESTAMP_MISSING,
    TIMESTAMP_STALE, TIMESTAMP_UNREADABLE,
};
use crate::domain::calendar::{Instant, local};
use crate::sandbox::world::dice::mix;
use chrono::{DateTime, NaiveDateTime};
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use std::collections::HashMap;

/// A request may be this much older or newer than the platform's clock.
const SKEW_SECONDS: i64 = 600;
const VERSION: &str = "2";

/// The app both shops have authorised.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// Nineteen digits.
    pub key: String,
    pub secret: String,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("key", &self.key).finish_non_exhaustive()
    }
}

impl App {
    /// The app of a seed.
    pub fn of(seed: u64) -> Self {
        let key = 7_000_000_000_000_000_000 + mix(seed, 1) % 999_999_999_999_999_999;
        Self { key: key.to_string(), secret: format!("sandbox-{:016x}-{:016x}", mix(seed, 2), mix(seed, 3)) }
    }
}

/// Lets a request pass or says why not, in the order the platform checks.
pub fn check(
    app: &App,
    method: &str,
    query: &HashMap<String, String>,
    body: &[u8],
    now: Instant,
) -> Result<(), Refusal> {
    let given = |name: &str| query.get(name).map(String::as_str).filter(|v| !v.is_empty());
    let app_key = given("app_key").ok_or(APP_MISSING)?;
    if app_key != app.key {
        return Err(APP_UNKNOWN);
    }
    if given("method").is_some_and(|m| m != method) {
        return Err(METHOD_UNKNOWN);
    }
    let timestamp = given("timestamp").ok_or(TIMESTAMP_MISSING)?;
    let at = read_timestamp(timestamp).ok_or(TIMESTAMP_UNREADABLE)?;
    if (now - at).num_seconds().abs() > SKEW_SECONDS {
        return Err(TIMESTAMP_STALE);
    }
    let sign = given("sign").ok_or(SIGNATURE_MISSING)?;
    let message = message(app, method, body, timestamp);
    let expected = match given("sign_method") {
        Some("hmac-sha256") => {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(app.secret.as_bytes()).expect("HMAC takes a key of any length");
            mac.update(&message);
            hex::encode(mac.finalize().into_bytes())
        }
        Some("md5") | None => hex::encode(Md5::digest(&message)),
        Some(_) => return Err(SIGNATURE_WRONG),
    };
    if given("v") == Some(VERSION) && sign == expected { Ok(()) } else { Err(SIGNATURE_WRONG) }
}

fn message(app: &App, method: &str, body: &[u8], timestamp: &str) -> Vec<u8> {
    let named: [(&str, &[u8]); 5] = [
        ("app_key", app.key.as_bytes()),
        ("method", method.as_bytes()),
        ("param_json", body),
        ("timestamp", timestamp.as_bytes()),
        ("v", VERSION.as_bytes()),
    ];
    let mut message = app.secret.clone().into_bytes();
    for (name, value) in named {
        message.extend_from_slice(name.as_bytes());
        message.extend_from_slice(value);
    }
    message.extend_from_slice(app.secret.as_bytes());
    message
}

/// Unix seconds, or date and time in Asia/Shanghai.
fn read_timestamp(text: &str) -> Option<Instant> {
    if let Ok(seconds) = text.parse::<i64>() {
        return DateTime::from_timestamp(seconds, 0);
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok().map(local)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use serde_json::Value;

    #[test]
    fn the_gate_accepts_what_the_published_sdks_sign_and_nothing_else() {
        let vectors: Vec<Value> =
            serde_json::from_str(include_str!("../../../../tests/fixtures/sign_vectors.json")).unwrap();
        let mut tried = 0;
        for v in vectors.iter().filter(|v| v["platform"] == "douyin" && v["kind"] == "api_request") {
            let text = |name: &str| v[name].as_str().unwrap_or_default().to_owned();
            let timestamp = v["timestamp"].as_str().map_or_else(|| v["timestamp"].to_string(), str::to_owned);
            let app = App { key: text("app_key"), secret: text("app_secret") };
            let mut query = HashMap::from([
                ("app_key".to_owned(), app.key.clone()),
                ("timestamp".to_owned(), timestamp.clone()),
                ("v".to_owned(), "2".to_owned()),
                ("sign_method".to_owned(), "hmac-sha256".to_owned()),
                ("sign".to_owned(), text("expected_sign")),
            ]);
            let (method, body) = (text("method"), text("canonical_param_json"));
            let now = read_timestamp(&timestamp).unwrap();
            assert_eq!(check(&app, &method, &query, body.as_bytes(), now), Ok(()), "{}", text("case"));
            assert_eq!(
                check(&app, &method, &query, format!("{body} ").as_bytes(), now),
                Err(SIGNATURE_WRONG),
                "a byte more"
            );
            tried += 1;
            if v["expected_sign_md5_variant"].is_null() {
                continue;
            }
            query.insert("sign_method".to_owned(), "md5".to_owned());
            query.insert("sign".to_owned(), text("expected_sign_md5_variant"));
            assert_eq!(check(&app, &method, &query, body.as_bytes(), now), Ok(()), "{} md5", text("case"));
        }
        assert!(tried >= 10, "{tried} vectors");
    }
}
