//! A form that is refused comes back: the page it stood on, with everything that was typed and why it was refused.
//!
//! A handler says [`refused`](super::error::refused) and where the form stands. Whatever form of the site that was, the page
//! is asked for again as its reader, and the form on it filled in ([`refill`]); where the reader came from goes before what
//! the handler says, so that a list comes back as it was looked at. Where no page has the form (what it was about has moved
//! on meanwhile), and for forms with files, the page of the refusal is the answer, with its way back.

use super::context::Visit;
use super::error::WebError;
use super::routes::FORM_BYTES;
use super::ui::fields::Fields;
use super::ui::refill::refill;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum::{Form, Router};
use tower::ServiceExt;

/// Bytes of the largest page that is filled in again.
const PAGE_BYTES: usize = 16 * 1024 * 1024;

/// What an answer that refuses a form says of it.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Where the form stands.
    pub back: String,
    pub why: String,
}

/// Hands a form on, and back to whoever sent it where it is refused. `pages` is the table's router.
pub async fn come_back(
    State(pages): State<Router>,
    visit: Visit,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    if !is_form(&request) {
        return Ok(next.run(request).await);
    }
    let action = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, FORM_BYTES).await.map_err(|_| WebError::TooLarge)?;
    let sent = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let response = next.run(sent).await;
    let Some(refused) = response.extensions().get::<Refused>() else { return Ok(response) };
    let again = Request::from_parts(parts.clone(), Body::from(bytes));
    let Ok(Form(fields)) = Form::<Fields>::from_request(again, &()).await else { return Ok(response) };
    for back in came_from(&parts.headers).into_iter().chain([refused.back.clone()]) {
        if let Some(page) = page(&pages, &visit, &parts.headers, &back).await
            && let Some(filled) = refill(&page, &action, &fields, &refused.why)
        {
            return Ok((response.status(), Html(filled)).into_response());
        }
    }
    Ok(response)
}

fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    request.method() == Method::POST && kind.is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded"))
}

/// The page of this site that a request came from.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name)?.to_str().ok();
    let (_, from) = text(header::REFERER)?.split_once("://")?;
    let (host, path) = from.split_once('/')?;
    (host == text(header::HOST)?).then(|| format!("/{path}"))
}

/// A page as its reader sees it; `None` where there is none.
async fn page(pages: &Router, visit: &Visit, headers: &HeaderMap, path: &str) -> Option<String> {
    let mut request = Request::get(path).body(Body::empty()).ok()?;
    let mut headers = headers.clone();
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_LENGTH);
    *request.headers_mut() = headers;
    let mut visit = visit.clone();
    path.clone_into(&mut visit.ctx.address);
    request.extensions_mut().insert(visit);
    let response = pages.clone().oneshot(request).await.ok()?;
    if response.status() != StatusCode::OK {
        return None;
    }
    String::from_utf8(to_bytes(response.into_body(), PAGE_BYTES).await.ok()?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_this_site_is_gone_back_to() {
        let from = |referer: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("county.example:8080"));
            headers.insert(header::REFERER, HeaderValue::from_static(referer));
            came_from(&headers)
        };
        assert_eq!(from("http://county.example:8080/branch/lots?page=2").as_deref(), Some("/branch/lots?page=2"));
        for elsewhere in ["http://evil.example/branch", "county.example:8080/branch", "http://county.example:8080"] {
            assert_eq!(from(elsewhere), None, "{elsewhere}");
        }
    }
}
