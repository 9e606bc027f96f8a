//! What a platform knows us by: the app's key and secret, and a shop's token.
//!
//! Rule: a secret is never printed. `Debug` shows that there is one, and nothing here implements `Display` or
//! `Serialize`; what stores a token asks for its parts by name.

use crate::domain::calendar::Instant;
use std::fmt;

/// An app's key and its secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct AppKey {
    key: String,
    secret: String,
    sign_secret: Option<String>,
}

impl AppKey {
    pub const fn new(key: String, secret: String) -> Self {
        Self { key, secret, sign_secret: None }
    }

    /// The same with a secret of its own for signatures, where the platform gives one.
    #[must_use]
    pub fn signing_with(self, sign_secret: String) -> Self {
        Self { sign_secret: Some(sign_secret), ..self }
    }

    /// The public half.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The secret half, for signing where there is no other.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The secret that only signs.
    pub fn sign_secret(&self) -> Option<&str> {
        self.sign_secret.as_deref()
    }
}

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign_secret = self.sign_secret.as_ref().map(|_| "<redacted>");
        f.debug_struct("AppKey")
            .field("key", &self.key)
            .field("secret", &"<redacted>")
            .field("sign_secret", &sign_secret)
            .finish()
    }
}

/// A shop's leave for the app to read it, for a time.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    pub access_token: String,
    /// Blank on a platform that renews by the app's secret.
    pub refresh_token: String,
    /// Renew before this.
    pub access_ends_at: Instant,
    /// After this a person has to authorise again; the end of the access token where nobody ever has to.
    pub refresh_ends_at: Instant,
    /// The platform's number of the shop.
    pub platform_shop_id: String,
    pub shop_name: String,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("access_token", &"<redacted>")
            .field("refresh_token", &"<redacted>")
            .field("access_ends_at", &self.access_ends_at)
            .field("refresh_ends_at", &self.refresh_ends_at)
            .field("platform_shop_id", &self.platform_shop_id)
            .field("shop_name", &self.shop_name)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};

    #[test]
    fn secrets_are_not_printed() {
        let at = start_of(parse_day("2026-11-23").expect("a day"));
        let app = AppKey::new("7001".to_owned(), "hush-app".to_owned()).signing_with("hush-sign".to_owned());
        let token = Token {
            access_token: "hush-access".to_owned(),
            refresh_token: "hush-refresh".to_owned(),
            access_ends_at: at,
            refresh_ends_at: at,
            platform_shop_id: "42".to_owned(),
            shop_name: "演示小店".to_owned(),
        };
        let printed = format!("{app:?} {token:?} {app:#?} {token:#?}");
        assert!(printed.contains("7001") && printed.contains("42"));
        assert!(!printed.contains("hush"), "{printed}");
    }
}
