//! Douyin's signatures: requests we send, and the two kinds of calls it may make to us.
//!
//! Rule: what is signed is what is sent. A request's parameters are made canonical once, that text is signed, and the
//! same bytes are the body. The timestamp is signed as the literal that goes into the query.
//!
//! Held by `tests/it/sign_vectors`, whose values came from other people's programs. The access token is no part of any
//! signature. A push is signed over its raw bytes, so it must be checked before anything parses it.

use crate::platforms::AppKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha256;

/// The version of the protocol, in the query and in the signature.
pub const VERSION: &str = "2";

/// How the text to sign is made into a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignMethod {
    HmacSha256,
    /// Older apps.
    Md5,
}

impl SignMethod {
    /// As in the query.
    pub const fn key(self) -> &'static str {
        match self {
            Self::HmacSha256 => "hmac-sha256",
            Self::Md5 => "md5",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        [Self::HmacSha256, Self::Md5].into_iter().find(|m| m.key() == key)
    }

    /// Signs a text: lower-case hex.
    pub fn sign(self, secret: &str, text: &str) -> String {
        match self {
            Self::HmacSha256 => hmac_sha256(secret, &[text.as_bytes()]),
            Self::Md5 => hex::encode(Md5::digest(text)),
        }
    }
}

/// The text signed for a request; `param_json` is canonical.
pub fn request_text(app: &AppKey, method: &str, param_json: &str, timestamp: &str) -> String {
    let (key, secret) = (app.key(), app.secret());
    format!("{secret}app_key{key}method{method}param_json{param_json}timestamp{timestamp}v{VERSION}{secret}")
}

/// The text signed for a call Douyin makes to an app's own service; `param_json` is canonical.
pub fn service_text(app: &AppKey, param_json: &str, timestamp: &str) -> String {
    let (key, secret) = (app.key(), app.secret());
    format!("{secret}app_key{key}param_json{param_json}timestamp{timestamp}{secret}")
}

/// The signature of a pushed event, over the body's bytes as they came.
pub fn event_sign(app: &AppKey, body: &[u8]) -> String {
    let digest = Md5::new().chain_update(app.key()).chain_update(body).chain_update(app.secret());
    hex::encode(digest.finalize())
}

/// The other signature of a pushed event. Which setting of an app selects it is unconfirmed.
pub fn event_sign_hmac_sha256(app: &AppKey, body: &[u8]) -> String {
    hmac_sha256(app.secret(), &[app.key().as_bytes(), body, app.secret().as_bytes()])
}

fn hmac_sha256(key: &str, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key of any length will do");
    for part in parts {
        mac.update(part);
    }
    hex::encode(mac.finalize().into_bytes())
}
