//! What every page knows before it is asked anything: language, who is reading, whether the data is a demo's.
//!
//! The language is the address's `?lang=`, else the cookie's, else Chinese; an address that names one also sets the
//! cookie, so the switch is a plain link. A session that cannot be found is the same as none.

use super::error::WebError;
use super::session::{self, Reader};
use super::wording::{Words, words};
use super::{App, AppState};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::lang::Lang;
use crate::services::sessions::Client;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};

/// Name of the language cookie.
const LANG_COOKIE: &str = "lang";
/// Seconds the language is remembered: a year.
const LANG_SECONDS: u32 = 31_536_000;

/// What a page is rendered with.
#[derive(Debug, Clone)]
pub struct Ctx {
    pub lang: Lang,
    pub words: &'static Words,
    /// Who is reading; `None` is signed out.
    pub role: Option<Role>,
    /// The reader in words: a region, a household, an anchor's name.
    pub reader: String,
    /// This page's address without its language, for the switch.
    pub address: String,
    /// Data is invented; every page says so.
    pub demo: bool,
    /// The reader is a household's device, which a slip let in: it has households and no account.
    pub device: bool,
    /// The reader may see the whole county, not only a part of it.
    pub county_wide: bool,
}

impl Ctx {
    /// A context without a reader.
    pub fn new(lang: Lang, address: &str, demo: bool) -> Self {
        Self {
            lang,
            words: words(lang),
            role: None,
            reader: String::new(),
            address: address.into(),
            demo,
            device: false,
            county_wide: false,
        }
    }

    /// Chooses between two names of a thing: the English one where the page is English and there is one.
    pub fn name<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.lang == Lang::En && !en.is_empty() { en } else { zh }
    }

    /// Whether the reader's role changes anything.
    pub fn may_change(&self) -> bool {
        self.role.is_some_and(Role::may_change)
    }

    /// Where the reader starts.
    pub fn home(&self) -> &'static str {
        match self.role {
            None => "/",
            Some(Role::Official | Role::Auditor) => "/official",
            Some(Role::BranchAdmin | Role::Branch) => "/branch",
            Some(Role::VillageContact) => "/village",
            Some(Role::Farmer) => "/farmer",
            Some(Role::Anchor) => "/anchor",
        }
    }
}

/// A request's context and who it came from.
#[derive(Debug, Clone)]
pub struct Visit {
    pub ctx: Ctx,
    pub reader: Option<Reader>,
    /// The client's address, for the record and for slowing guesses.
    pub from: String,
}

impl Visit {
    /// Where the request comes from.
    pub fn client<'a>(&'a self, headers: &'a HeaderMap) -> Client<'a> {
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Client { address: &self.from, agent }
    }

    /// Who acts.
    pub fn actor(&self) -> Result<Actor, WebError> {
        Ok(self.reader()?.actor(&self.from))
    }

    /// Which rows the reader may have. The router lets nobody without a session past a page that asks.
    pub fn scope(&self) -> Result<Scope, WebError> {
        self.reader().map(|reader| reader.scope)
    }

    /// Who is signed in.
    pub fn reader(&self) -> Result<&Reader, WebError> {
        self.reader.as_ref().ok_or(WebError::Forbidden)
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| WebError::Internal(anyhow::anyhow!("the route stands outside the context layer")))
    }
}

/// Finds language and session, hands them on with the request, and remembers a language the address asked for.
pub async fn attach(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let asked = request.uri().query().and_then(|q| query_value(q, "lang")).and_then(Lang::parse);
    let remembered = cookie(request.headers(), LANG_COOKIE).and_then(Lang::parse);
    let mut ctx = Ctx::new(asked.or(remembered).unwrap_or_default(), &address(&request), app.demo);
    let reader = match session::of(&app, request.headers()).await {
        Ok(reader) => reader,
        Err(error) => return WebError::Internal(error).into_response(),
    };
    if let Some(reader) = &reader {
        ctx.role = Some(reader.role);
        ctx.reader.clone_from(&reader.name);
        ctx.device = reader.is_device();
        ctx.county_wide = reader.scope.is_whole_county();
    }
    let from = client_address(&app, &request);
    request.extensions_mut().insert(Visit { ctx, reader, from });
    let mut response = next.run(request).await;
    if let Some(lang) = asked {
        let value = format!("{LANG_COOKIE}={}; Path=/; Max-Age={LANG_SECONDS}; HttpOnly; SameSite=Lax", lang.key());
        let value = HeaderValue::from_str(&value).expect("a language key is plain text");
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Where a request comes from: the peer, or behind a proxy what the proxy itself wrote last. Anything the client wrote
/// before that is the client's own claim.
fn client_address(app: &App, request: &Request) -> String {
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let forwarded = forwarded.filter(|_| app.behind_tls).and_then(|v| v.to_str().ok()?.rsplit(',').next());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    match forwarded.and_then(|text| text.trim().parse::<IpAddr>().ok()).or(peer) {
        Some(address) => address.to_string(),
        None => "unknown".into(),
    }
}

/// A cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The request's path and query without `lang`.
fn address(request: &Request) -> String {
    let uri = request.uri();
    let kept: Vec<&str> =
        uri.query().unwrap_or_default().split('&').filter(|p| !p.is_empty() && !p.starts_with("lang=")).collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

fn query_value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').filter_map(|p| p.split_once('=')).find_map(|(k, v)| (k == name).then_some(v))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn the_switch_keeps_the_rest_of_the_address() {
        let request = Request::builder().uri("/official?from=2026-01-01&lang=en").body(Body::empty()).expect("valid");
        assert_eq!(address(&request), "/official?from=2026-01-01");
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; lang=en; b=2"));
        assert_eq!(cookie(&headers, "lang"), Some("en"));
        assert_eq!(cookie(&headers, "la"), None);
    }
}
