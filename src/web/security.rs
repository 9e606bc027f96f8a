//! What every answer forbids the browser, and which posts are believed.
//!
//! The policy allows this site's own files and nothing inline: no style attribute, no script. A post must come from a
//! page of this site, which the browser says in `Origin`; a post without one is refused, since every browser of the
//! last ten years sends it; `Sec-Fetch-Site`, where it is sent, must say the same. Referrers stay inside the site: addresses carry one-time tokens.

use super::error::WebError;
use super::{App, AppState};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

const POLICY: &str =
    "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// Sets the headers of every answer. Pages are personal and are not kept; static files say otherwise themselves.
pub async fn headers(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.behind_tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    response
}

/// Refuses a changing request that does not come from a page of this site.
pub async fn same_origin(request: Request, next: Next) -> Result<Response, WebError> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || comes_from_here(request.headers()) { Ok(next.run(request).await) } else { Err(WebError::Forbidden) }
}

/// Scheme apart, `Origin` must name the host asked: a proxy in front may end TLS.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    if text(HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site != "same-origin") {
        return false;
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    origin.split_once("://").is_some_and(|(_, authority)| authority == host)
}

/// True if the page was fetched over TLS, so that its cookie may demand it.
pub fn over_tls(headers: &HeaderMap) -> bool {
    headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

/// The site's address as this reader reached it, for links that are handed on.
pub fn site(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if app.behind_tls || over_tls(headers) { "https" } else { "http" };
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("county.example:8080"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        headers
    }

    #[test]
    fn only_this_sites_own_pages_may_post() {
        assert!(comes_from_here(&posted(Some("http://county.example:8080"))));
        for foreign in [None, Some("null"), Some("http://county.example"), Some("https://evil.example")] {
            assert!(!comes_from_here(&posted(foreign)), "{foreign:?}");
        }
    }

    #[test]
    fn a_browser_that_says_another_site_sent_it_is_believed() {
        for (site, believed) in [("same-origin", true), ("same-site", false), ("cross-site", false), ("none", false)] {
            let mut headers = posted(Some("http://county.example:8080"));
            headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            assert_eq!(comes_from_here(&headers), believed, "{site}");
        }
    }

    #[test]
    fn the_policy_allows_nothing_inline() {
        assert!(!POLICY.contains("unsafe"));
    }
}
