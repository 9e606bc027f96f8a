//! Who is signed in: the cookie, and the reader it stands for.
//!
//! The cookie holds a random secret and nothing else; it is `HttpOnly`, so no script reads it, and `SameSite=Lax`, so a
//! link from `WeChat` still arrives signed in while foreign posts do not carry it. Over TLS it never leaves TLS.

use super::App;
use super::context::cookie;
use super::security::over_tls;
use crate::domain::access::{Actor, Role, Scope};
use crate::services::codes;
use crate::services::sessions::{self, Choice};
use crate::store::access::{self, Noun};
use crate::store::sessions::Login;
use axum::http::{HeaderMap, HeaderValue};

const COOKIE: &str = "session";
const DAY_SECONDS: i64 = 86_400;

/// A signed-in reader.
#[derive(Debug, Clone)]
pub struct Reader {
    pub role: Role,
    pub scope: Scope,
    /// Farmer or anchor id, region code, as the log of looks names the reader.
    pub subject: String,
    /// For the page's corner; a household by its family name.
    pub name: String,
    pub login: Login,
    pub choice: Choice,
}

impl Reader {
    /// Who acts, from a client's address.
    pub fn actor(&self, from: &str) -> Actor {
        sessions::actor_of(&self.login, self.role, from)
    }

    /// The key a draft of this account is kept under on a device: the same in every session, and no name.
    pub fn draft(&self) -> String {
        codes::hash(&format!("draft {} {}", self.choice.county, self.login.account_id))
    }

    /// True for a household's device, which a slip let in.
    pub const fn is_device(&self) -> bool {
        self.login.account_id == 0
    }
}

/// The secret a request came with.
pub fn secret(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, COOKIE)
}

/// The reader of a request; `None` when signed out, or when the session is over.
pub async fn of(app: &App, headers: &HeaderMap) -> anyhow::Result<Option<Reader>> {
    let Some(secret) = secret(headers) else { return Ok(None) };
    let Some(login) = sessions::find(&app.store, secret, &app.clock).await? else { return Ok(None) };
    let Some(choice) = sessions::choice_of(&login) else { return Ok(None) };
    let Some(scope) = choice.scope() else { return Ok(None) };
    let role = choice.grant.role;
    let (noun, subject) = match role {
        Role::BranchAdmin | Role::Branch => (Noun::Region, choice.county.to_string()),
        Role::Official | Role::Auditor | Role::VillageContact => (Noun::Region, scope.region().to_string()),
        Role::Farmer => (Noun::Farmer, login.subject_id.to_string()),
        Role::Anchor => (Noun::Anchor, login.subject_id.to_string()),
    };
    let mut session = app.store.read(scope).await?;
    let name = access::find_name(&mut session, noun, &subject).await?.unwrap_or_default();
    let name = if role == Role::Farmer { family_name(&name) } else { name };
    Ok(Some(Reader { role, scope, subject, name, login, choice }))
}

/// The cookie that starts a session; it outlives the longest one, whose end the database knows.
pub fn starting(app: &App, secret: &str, headers: &HeaderMap) -> HeaderValue {
    cookie_value(app, secret, sessions::DEVICE_DAYS * DAY_SECONDS, headers)
}

/// The cookie that ends it.
pub fn ending(app: &App, headers: &HeaderMap) -> HeaderValue {
    cookie_value(app, "", 0, headers)
}

fn cookie_value(app: &App, secret: &str, seconds: i64, headers: &HeaderMap) -> HeaderValue {
    let secure = if app.behind_tls || over_tls(headers) { "; Secure" } else { "" };
    let text = format!("{COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).expect("a secret is hexadecimal")
}

/// 陈* for shared screens: the first character, which is the family name of nearly every household here.
pub fn family_name(name: &str) -> String {
    name.chars().next().map(|first| format!("{first}*")).unwrap_or_default()
}
