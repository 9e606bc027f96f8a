//! Who is signed in: the cookie, and the reader it stands for.
//!
//! The cookie holds a random secret and nothing else; it is `HttpOnly`, so no script reads it, and `SameSite=Lax`, so a
//! link from `WeChat` still arrives signed in while foreign posts do not carry it. Over TLS it never leaves TLS.

use super::App;
use super::context::cookie;
use super::security::over_tls;
use crate::domain::access::{Role, Scope};
use crate::services::sign_in;
use crate::store::access::{self, Noun};
use axum::http::{HeaderMap, HeaderValue};

const COOKIE: &str = "session";
const DAY_SECONDS: i64 = 86_400;

/// A signed-in reader.
#[derive(Debug, Clone)]
pub struct Reader {
    pub role: Role,
    pub scope: Scope,
    /// As stored with the session: farmer or anchor id, region code.
    pub subject: String,
    /// For the page's corner; a household by its family name.
    pub name: String,
}

/// The secret a request came with.
pub fn secret(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, COOKIE)
}

/// The reader of a request; `None` when signed out, or when the session is over.
pub async fn of(app: &App, headers: &HeaderMap) -> anyhow::Result<Option<Reader>> {
    let Some(secret) = secret(headers) else { return Ok(None) };
    let Some(holder) = sign_in::find_session(&app.store, secret, &app.clock).await? else { return Ok(None) };
    let Some((role, scope)) = sign_in::scope_of(&holder) else { return Ok(None) };
    let mut session = app.store.read(scope).await?;
    let (noun, id) = match role {
        Role::Branch => (Noun::Region, holder.county_code.as_str()),
        Role::Official => (Noun::Region, holder.subject.as_str()),
        Role::Farmer => (Noun::Farmer, holder.subject.as_str()),
        Role::Anchor => (Noun::Anchor, holder.subject.as_str()),
    };
    let name = access::find_name(&mut session, noun, id).await?.unwrap_or_default();
    let name = if role == Role::Farmer { family_name(&name) } else { name };
    Ok(Some(Reader { role, scope, subject: holder.subject, name }))
}

/// The cookie that starts a session.
pub fn starting(secret: &str, headers: &HeaderMap) -> HeaderValue {
    cookie_value(secret, sign_in::SESSION_DAYS * DAY_SECONDS, headers)
}

/// The cookie that ends it.
pub fn ending(headers: &HeaderMap) -> HeaderValue {
    cookie_value("", 0, headers)
}

fn cookie_value(secret: &str, seconds: i64, headers: &HeaderMap) -> HeaderValue {
    let secure = if over_tls(headers) { "; Secure" } else { "" };
    let text = format!("{COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).expect("a secret is hexadecimal")
}

/// 陈* for shared screens: the first character, which is the family name of nearly every household here.
pub fn family_name(name: &str) -> String {
    name.chars().next().map(|first| format!("{first}*")).unwrap_or_default()
}
