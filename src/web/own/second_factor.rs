//! Switching the own second factor on and off. The secret travels in the form until a code shows that the app has it.

use super::account::{own_county, refused};
use crate::domain::problem::Problem;
use crate::services::accounts::{self, Enrolment};
use crate::services::second_factor;
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused as refused_page};
use crate::web::public::sign_in::problem_text;
use crate::web::ui::form::{self, Field};
use crate::web::ui::{qr, shell};
use crate::web::wording::fill;
use anyhow::Context;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Clone)]
pub struct Page {
    pub login_name: String,
    pub secret: Vec<u8>,
    pub message: Option<String>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> anyhow::Result<Markup> {
    let a = &ctx.words.access;
    let typed = second_factor::typed(&page.secret);
    let address = second_factor::address(&page.secret, &page.login_name)?;
    let body = html! {
        div.card.state {
            h1 { (a.second_turn_on) }
            p { (a.second_scan) }
            div.qr-box { (qr::code(&address, a.second)?) }
            p.quiet { (fill(a.second_typed, &[&typed])) }
            @if let Some(message) = &page.message { p.warn role="alert" { (message) } }
            form.stacked method="post" action="/me/second-factor" {
                input type="hidden" name="secret" value=(typed);
                (form::field(&Field::digits("code", a.second_code, 7).complete("one-time-code")))
                (form::field(&Field::password("present", a.present).complete("current-password")))
                button.primary type="submit" { (a.second_turn_on) }
            }
            p { a href="/me" { (a.back_mine) } }
        }
    };
    Ok(shell::page(a.second_turn_on, None, &body, ctx))
}

/// `GET /me/second-factor`: where there is no key to seal it with, what to do about it.
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Response, WebError> {
    if visit.reader()?.is_device() {
        return Ok(Redirect::to("/farmer/device").into_response());
    }
    if app.keyring.is_none() {
        return refused_page(Problem::NoSealingKey.into(), "/me", &visit.ctx);
    }
    let login_name = visit.reader()?.login.login_name.clone();
    let page = Page { login_name, secret: second_factor::new_secret(), message: None };
    Ok(render(&page, &visit.ctx)?.into_response())
}

/// The form.
#[derive(Deserialize)]
pub struct Typed {
    secret: String,
    code: String,
    present: String,
}

/// `POST /me/second-factor`
pub async fn create(State(app): State<AppState>, visit: Visit, Form(typed): Form<Typed>) -> Result<Response, WebError> {
    own_county(&visit)?;
    let login = &visit.reader()?.login;
    let secret = second_factor::read_typed(&typed.secret).ok_or(WebError::BadRequest)?;
    let shown = Enrolment { secret: &secret, code: &typed.code };
    let (store, clock, keyring) = (&app.store, &app.clock, app.keyring.as_ref());
    let enrolled =
        accounts::enrol_second_factor(store, login, &typed.present, shown, keyring, &visit.from, clock).await;
    match enrolled {
        Ok(()) => Ok(Redirect::to("/me").into_response()),
        Err(error) => {
            let message = problem_text(&error, &visit.ctx).ok_or(error).context("switching a second factor on")?;
            let page = Page { login_name: login.login_name.clone(), secret, message: Some(message) };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page, &visit.ctx)?).into_response())
        }
    }
}

/// The form.
#[derive(Deserialize)]
pub struct Present {
    present: String,
}

/// `POST /me/second-factor/off`
pub async fn remove(
    State(app): State<AppState>,
    visit: Visit,
    Form(typed): Form<Present>,
) -> Result<Response, WebError> {
    own_county(&visit)?;
    match accounts::drop_second_factor(&app.store, &visit.reader()?.login, &typed.present, &visit.from, &app.clock)
        .await
    {
        Ok(()) => Ok(Redirect::to("/me").into_response()),
        Err(error) if error.is::<Problem>() => refused(&app, &visit, error).await,
        Err(error) => Err(error.into()),
    }
}
