//! One error of the web, which becomes a page with somewhere to go.
//!
//! Handlers return it; [`upgrade`] turns it, and every bare answer of the framework (no such route, wrong method,
//! unreadable query), into the designed page in the reader's language. What went wrong inside is logged, never shown.
//! A record outside the reader's scope is "not found": its existence is nobody else's business.

use super::context::{Ctx, Visit};
use super::ui::{shell, state};
use crate::domain::problem::{Problem, Refusal};
use crate::reports::press::Busy;
use crate::store::StoreError;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

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

/// The page of something asked for that cannot be done as it is: what to do, and the way back. Other failures go on.
pub fn refused(error: anyhow::Error, back: &str, ctx: &Ctx) -> Result<Response, WebError> {
    let Some(problem) = error.downcast_ref::<Problem>() else { return Err(error.into()) };
    let status = match problem {
        Problem::Refused(Refusal::TooManyExports { .. }) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let c = &ctx.words.frame;
    let body = state::failure(status.as_u16(), c.error_422, &problem.text(ctx.lang), back, c.error_back);
    Ok((status, shell::page(c.error_422, None, &body, ctx)).into_response())
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
