//! Access and refresh tokens: seven and fourteen days, made and checked without keeping any.
//!
//! A token names its shop, its moment and a serial, sealed with the app's secret, so a sandbox that was restarted still
//! knows the tokens it gave out. A fault can end all access tokens issued so far; newer ones stay good.

use super::refusal::{REFRESH_EXPIRED, REFRESH_UNKNOWN, Refusal, TOKEN_EXPIRED, TOKEN_MISSING, TOKEN_UNKNOWN};
use crate::domain::calendar::Instant;
use crate::sandbox::world::shops::Shop;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::atomic::{AtomicU64, Ordering};

/// Life of an access token.
pub const ACCESS_SECONDS: i64 = 7 * 86_400;
/// Life of a refresh token.
pub const REFRESH_SECONDS: i64 = 14 * 86_400;

const ACCESS: &str = "at";
const REFRESH: &str = "rt";

/// Gives out tokens and knows them again.
#[derive(Debug)]
pub struct Tokens {
    secret: Secret,
    issued: AtomicU64,
    /// Access tokens up to this serial are over, whatever their age.
    ended: AtomicU64,
}

struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// A fresh pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub shop: Shop,
    pub access: String,
    pub refresh: String,
}

struct Read {
    shop: Shop,
    issued_at: i64,
    serial: u64,
}

impl Tokens {
    /// Sealed with the app's secret.
    pub fn new(secret: String) -> Self {
        Self { secret: Secret(secret), issued: AtomicU64::new(0), ended: AtomicU64::new(0) }
    }

    /// A pair for a shop.
    pub fn issue(&self, shop: Shop, now: Instant) -> Pair {
        let serial = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
        let sealed = |kind: &str| {
            let plain = format!("{kind}-{}-{}-{serial}", shop.platform_id(), now.timestamp());
            format!("{plain}-{}", self.seal(&plain))
        };
        Pair { shop, access: sealed(ACCESS), refresh: sealed(REFRESH) }
    }

    /// A new pair for a refresh token. The access token it came with stays good until its own end.
    pub fn refresh(&self, token: &str, now: Instant) -> Result<Pair, Refusal> {
        let read = self.read(REFRESH, token).ok_or(REFRESH_UNKNOWN)?;
        if now.timestamp() >= read.issued_at + REFRESH_SECONDS {
            return Err(REFRESH_EXPIRED);
        }
        Ok(self.issue(read.shop, now))
    }

    /// The shop an access token opens.
    pub fn shop_of(&self, token: Option<&str>, now: Instant) -> Result<Shop, Refusal> {
        let token = token.filter(|t| !t.is_empty()).ok_or(TOKEN_MISSING)?;
        let read = self.read(ACCESS, token).ok_or(TOKEN_UNKNOWN)?;
        let over = now.timestamp() >= read.issued_at + ACCESS_SECONDS;
        // A serial beyond those of this run was given out before a restart, and no fault of this run ended it.
        let ended = read.serial <= self.ended.load(Ordering::SeqCst);
        if over || ended { Err(TOKEN_EXPIRED) } else { Ok(read.shop) }
    }

    /// Ends every access token issued so far.
    pub fn end_all_issued(&self) {
        self.ended.store(self.issued.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    fn seal(&self, plain: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.0.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(plain.as_bytes());
        hex::encode(&mac.finalize().into_bytes()[..12])
    }

    fn read(&self, kind: &str, token: &str) -> Option<Read> {
        let (plain, seal) = token.rsplit_once('-')?;
        if seal != self.seal(plain) {
            return None;
        }
        let mut parts = plain.split('-');
        if parts.next()? != kind {
            return None;
        }
        let shop = Shop::by_platform_id(parts.next()?.parse().ok()?)?;
        Some(Read { shop, issued_at: parts.next()?.parse().ok()?, serial: parts.next()?.parse().ok()? })
    }
}
