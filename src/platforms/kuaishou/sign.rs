//! Kuaishou's signature of a request.
//!
//! All parameters but the signature itself, by name: `access_token`, `appkey`, `method`, `param`, `signMethod`,
//! `timestamp`, `version`, as `name=value` joined by `&`, values as they are and not as they will stand in an address;
//! then `&signSecret=` and the secret. The secret is in the text, and for HMAC it is the key as well.
//!
//! Rule: `param` is signed as the bytes that are sent. Nothing sorts its keys or trims it, on either side.
//!
//! Held by `tests/it/sign_vectors`, whose values came from other people's programs.

use crate::platforms::sealed::to_base64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha256;

/// The version of the protocol, in the query and in the signature.
pub const VERSION: &str = "1";

/// How the text to sign is made into a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignMethod {
    /// Base64, not hex.
    HmacSha256,
    /// Older apps: lower-case hex.
    Md5,
}

impl SignMethod {
    /// As in the query.
    pub const fn key(self) -> &'static str {
        match self {
            Self::HmacSha256 => "HMAC_SHA256",
            Self::Md5 => "MD5",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        [Self::HmacSha256, Self::Md5].into_iter().find(|m| m.key() == key)
    }

    /// Signs a text.
    pub fn sign(self, sign_secret: &str, text: &str) -> String {
        match self {
            Self::HmacSha256 => {
                let mut mac =
                    Hmac::<Sha256>::new_from_slice(sign_secret.as_bytes()).expect("a key of any length will do");
                mac.update(text.as_bytes());
                to_base64(&mac.finalize().into_bytes())
            }
            Self::Md5 => hex::encode(Md5::digest(text)),
        }
    }
}

/// The text signed for a request with these parameters, in whatever order they are given.
pub fn request_text(params: &[(&str, &str)], sign_secret: &str) -> String {
    let mut params = params.to_vec();
    params.sort_unstable();
    let mut text = String::new();
    for (name, value) in params {
        text.push_str(name);
        text.push('=');
        text.push_str(value);
        text.push('&');
    }
    text + "signSecret=" + sign_secret
}
