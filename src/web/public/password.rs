//! Setting a password by a one-time link. Opening the link does not use it up; the form's post does.

use super::sign_in::problem_text;
use crate::domain::problem::Problem;
use crate::services::{accounts, passwords};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell;
use crate::web::wording::fill;
use anyhow::Context;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// The form.
#[derive(Deserialize)]
pub struct Typed {
    password: String,
    again: String,
}

/// The page.
pub fn render(login_name: &str, message: Option<&str>, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let body = html! {
        div.card.state {
            h1 { (a.set_title) }
            p { (fill(a.set_text, &[login_name, &passwords::LEAST_CHARACTERS.to_string()])) }
            @if let Some(message) = message { p.warn role="alert" { (message) } }
            form.stacked method="post" {
                (form::field(&Field::password("password", a.new_password).complete("new-password")))
                (form::field(&Field::password("again", a.again).complete("new-password")))
                button.primary type="submit" { (a.set_button) }
            }
        }
    };
    shell::page(a.set_title, None, &body, ctx)
}

/// `GET /password/{token}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(token): Path<String>) -> Result<Response, WebError> {
    let account = accounts::find_by_link(&app.store, &token, &app.clock).await?;
    Ok(match account {
        Some(account) => render(&account.login_name, None, &visit.ctx).into_response(),
        None => dead(&visit.ctx),
    })
}

/// `POST /password/{token}`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let ctx = &visit.ctx;
    let Some(account) = accounts::find_by_link(&app.store, &token, &app.clock).await? else { return Ok(dead(ctx)) };
    let set = if typed.password == typed.again {
        accounts::set_password(&app.store, &token, &typed.password, &visit.from, &app.clock).await
    } else {
        Err(Problem::PasswordsDiffer.into())
    };
    match set {
        Ok(true) => Ok(done(&account.login_name, ctx).into_response()),
        Ok(false) => Ok(dead(ctx)),
        Err(error) => {
            let message = problem_text(&error, ctx).ok_or(error).context("setting a password")?;
            let page = render(&account.login_name, Some(&message), ctx);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn done(login_name: &str, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let body = html! {
        div.card.state {
            h1 { (a.set_done) }
            p { (fill(a.set_done_text, &[login_name])) }
            p { a.button href="/sign-in" { (a.sign_in) } }
        }
    };
    shell::page(a.set_done, None, &body, ctx)
}

fn dead(ctx: &Ctx) -> Response {
    let a = &ctx.words.access;
    let body = html! {
        div.card.state {
            h1 { (a.link_dead) }
            p { (a.link_dead_text) }
            p { a.button href="/sign-in" { (a.sign_in) } }
        }
    };
    (StatusCode::NOT_FOUND, shell::page(a.link_dead, None, &body, ctx)).into_response()
}
