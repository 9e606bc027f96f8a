//! One error of the web, which becomes a page with somewhere to go.
//!
//! Handlers return it; [`upgrade`] turns it, and every bare answer of the framework (no such route, wrong method,
//! unreadable query), into the designed page in the reader's language. What went wrong inside is logged, never shown.
//! A record outside the reader's scope is "not found": its existence is nobody else's business.

use super::coming_back::Refused;
use super::context::{Ctx, Visit};
use super::ui::fields::Fields;
use super::ui::refill::refill;
use super::ui::{shell, state};
use crate::domain::problem::{Problem, Refusal};
use crate::reports::press::Busy;
use crate::store::StoreError;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::Markup;

/// What can go wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("the address or form cannot be read")]
    BadRequest,
    #[error("not open to this reader")]
    Forbidden,
    #[error("no such page")]
    NotFound,
    #[error("more than this address takes")]
    TooLarge,
    #[error("failed inside")]
    Internal(#[from] anyhow::Error),
}

impl WebError {
    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Internal(error) if out_of_scope(error) => StatusCode::FORBIDDEN,
            Self::Internal(error) if error.is::<Busy>() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The store refused what reaches beyond the reader's scope.
fn out_of_scope(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::OutOfScope))
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        if let Self::Internal(error) = &self
            && !out_of_scope(error)
        {
            tracing::error!(error = format!("{error:#}"), "a page failed");
        }
        self.status().into_response()
    }
}

/// The answer to something asked for that cannot be done as it is: the form it was asked by comes back with why, from the
/// page at `back`; else a page says what to do, and the way back. Other failures go on.
pub fn refused(error: anyhow::Error, back: &str, ctx: &Ctx) -> Result<Response, WebError> {
    let (status, why) = why(error, ctx)?;
    let c = &ctx.words.frame;
    let body = state::failure(status.as_u16(), c.error_422, &why, back, c.error_back);
    let mut response = (status, shell::page(c.error_422, None, &body, ctx)).into_response();
    response.extensions_mut().insert(Refused { back: back.to_owned(), why });
    Ok(response)
}

/// The same where no address has the page the form stands on: the page is at hand, and `sent` from its form of an address.
pub fn refused_on(
    page: &Markup,
    (action, sent): (&str, &Fields),
    error: anyhow::Error,
    ctx: &Ctx,
) -> Result<Response, WebError> {
    let (status, why) = why(error, ctx)?;
    let filled = refill(&page.0, action, sent, &why).unwrap_or_else(|| page.0.clone());
    Ok((status, Html(filled)).into_response())
}

/// Why something cannot be done as it is; failures that nobody can mend go on.
fn why(error: anyhow::Error, ctx: &Ctx) -> Result<(StatusCode, String), WebError> {
    let Some(problem) = error.downcast_ref::<Problem>() else { return Err(error.into()) };
    let status = match problem {
        Problem::Refused(Refusal::TooManyExports { .. }) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, problem.text(ctx.lang)))
}

/// On to where something that was done leads, or back with why it was not.
pub fn went_on(done: anyhow::Result<String>, back: &str, ctx: &Ctx) -> Result<Response, WebError> {
    match done {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => refused(error, back, ctx),
    }
}

/// Turns every failed answer that is not a page yet into one.
pub async fn upgrade(visit: Visit, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let ctx = &visit.ctx;
    let c = &ctx.words.frame;
    let (what, todo) = match status {
        StatusCode::FORBIDDEN => (c.error_403, c.error_403_do),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => (c.error_404, c.error_404_do),
        StatusCode::PAYLOAD_TOO_LARGE => (c.error_413, c.error_413_do),
        status if status.is_client_error() => (c.error_400, c.error_400_do),
        _ => (c.error_500, c.error_500_do),
    };
    let body = state::failure(status.as_u16(), what, todo, ctx.home(), c.error_home);
    (status, shell::page(what, None, &body, ctx)).into_response()
}
