//! The sign-in link. Opening it only shows a button, so that a chat's link preview does not use it up; the button's
//! post does.

use crate::services::{sessions, sign_in};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::session;
use crate::web::ui::shell;
use anyhow::Context;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// `GET /enter/{token}`
pub async fn show(visit: Visit) -> Markup {
    let p = &visit.ctx.words.public;
    let body = html! {
        div.card.state {
            h1 { (p.enter_title) }
            p { (p.enter_text) }
            form method="post" { button.button.primary type="submit" { (p.enter_button) } }
        }
    };
    shell::page(p.enter_title, None, &body, &visit.ctx)
}

/// `POST /enter/{token}`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let client = visit.client(&headers);
    let started =
        sign_in::redeem_link(&app.store, &token, client, &app.clock).await.context("redeeming a sign-in link")?;
    Ok(match started {
        Some(secret) => {
            ([(header::SET_COOKIE, session::starting(&app, &secret, &headers))], Redirect::to("/")).into_response()
        }
        None => (StatusCode::NOT_FOUND, spent(&visit.ctx)).into_response(),
    })
}

/// `POST /leave`
pub async fn leave(State(app): State<AppState>, visit: Visit, headers: HeaderMap) -> Result<Response, WebError> {
    if let (Ok(scope), Some(secret)) = (visit.scope(), session::secret(&headers)) {
        sessions::end(&app.store, scope.county(), secret).await.context("ending a session")?;
    }
    // the front page has the device forget what was kept there for this account, and for nobody else
    let home = visit.reader.as_ref().filter(|reader| !reader.is_device());
    let home = home.map_or_else(|| "/".to_owned(), |reader| format!("/?left={}", reader.draft()));
    Ok(([(header::SET_COOKIE, session::ending(&app, &headers))], Redirect::to(&home)).into_response())
}

/// What a used or expired link says.
pub fn spent(ctx: &Ctx) -> Markup {
    let p = &ctx.words.public;
    let body = html! {
        div.card.state {
            h1 { (p.spent_title) }
            p { (p.spent_text) }
            p { a.button href="/" { (ctx.words.frame.error_home) } }
        }
    };
    shell::page(p.spent_title, None, &body, ctx)
}
