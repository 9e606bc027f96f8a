//! What a household's slip opens: the last four digits of its phone at first use on a device, then its own pages.
//! A phone is shown around, so the household is 陈*.

use crate::domain::guessing::SLIP_GUESSES;
use crate::services::slips::{self, Outcome};
use crate::store::slips::Slip;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::session::{self, family_name};
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Digits asked for.
const DIGITS: usize = 4;

/// The form.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    digits: String,
}

/// The page of a slip that stands.
pub fn render(household: &str, message: Option<&str>, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let body = html! {
        section.card {
            h1 { (a.slip_title) }
            p.unrecorded { (fill(a.slip_household, &[household])) }
            @if let Some(message) = message { p.warn role="alert" { (message) } }
            form.stacked method="post" {
                (form::field(&Field::digits("digits", a.slip_digits, DIGITS)))
                @if ctx.demo { p.quiet { (a.slip_demo) } }
                button.primary type="submit" { (a.slip_enter) }
            }
        }
    };
    shell::phone(a.slip_title, &body, ctx)
}

/// `GET /s/{code}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(code): Path<String>) -> Result<Response, WebError> {
    let Some(slip) = slips::find(&app.store, &code).await? else { return Ok(dead(&visit.ctx)) };
    if slip.wrong_digits >= SLIP_GUESSES {
        return Ok(stopped(&visit.ctx, visit.ctx.words.access.slip_blocked_text));
    }
    Ok(render(&household(&slip), None, &visit.ctx).into_response())
}

/// `POST /s/{code}`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let (ctx, a) = (&visit.ctx, &visit.ctx.words.access);
    let Some(slip) = slips::find(&app.store, &code).await? else { return Ok(dead(ctx)) };
    let device = visit.reader.as_ref().map(|reader| &reader.login);
    let client = visit.client(&headers);
    Ok(match slips::admit(&app.store, &code, &typed.digits, device, client, &app.clock).await? {
        Outcome::In(secret) => {
            let cookie = [(header::SET_COOKIE, session::starting(&app, &secret, &headers))];
            (cookie, Redirect::to("/farmer")).into_response()
        }
        Outcome::Wrong(left) => {
            let message = fill(a.slip_left, &[&left.to_string()]);
            let page = render(&household(&slip), Some(&message), ctx);
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
        Outcome::Blocked => stopped(ctx, a.slip_blocked_text),
        Outcome::NoPhone => stopped(ctx, a.slip_phone_text),
        Outcome::Unknown => dead(ctx),
    })
}

fn household(slip: &Slip) -> String {
    family_name(&slip.farmer_name)
}

fn stopped(ctx: &Ctx, why: &str) -> Response {
    let a = &ctx.words.access;
    let body = html! { section.card { h1 { (a.slip_title) } p role="alert" { (why) } } };
    (StatusCode::UNPROCESSABLE_ENTITY, shell::phone(a.slip_title, &body, ctx)).into_response()
}

fn dead(ctx: &Ctx) -> Response {
    let a = &ctx.words.access;
    let body = html! { section.card { h1 { (a.slip_dead) } p { (a.slip_dead_text) } } };
    (StatusCode::NOT_FOUND, shell::phone(a.slip_dead, &body, ctx)).into_response()
}
