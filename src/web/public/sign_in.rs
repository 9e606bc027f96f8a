//! The sign-in page: name, password and, where an account has one, the code of its second factor.
//!
//! `next` brings a reader back to the page they asked for, and only to a page of this site.

use crate::domain::problem::Problem;
use crate::services::sign_in::{self, Attempt, Outcome};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::session;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell;
use crate::web::wording::fill;
use anyhow::Context;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::fmt::Write as _;

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// What was typed as a name.
    pub login_name: String,
    pub next: String,
    /// What went wrong.
    pub message: Option<String>,
}

/// Where to come back to.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Back {
    #[serde(default)]
    next: String,
}

/// The form.
#[derive(Deserialize)]
pub struct Typed {
    name: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// The sign-in page's address for a reader who asked for a page.
pub fn address(asked: &str) -> String {
    let mut text = String::from("/sign-in?next=");
    for byte in asked.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    text
}

/// A path of this site, or the front page: no scheme, no host, nothing a browser reads as one.
pub fn own_path(next: &str) -> &str {
    let path = next.starts_with('/') && !next.starts_with("//");
    let plain = next.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '\\');
    if path && plain { next } else { "/" }
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (a, p) = (&ctx.words.access, &ctx.words.public);
    let body = html! {
        div.card.state {
            h1 { (a.sign_in) }
            @if let Some(message) = &page.message { p.warn role="alert" { (message) } }
            form.stacked method="post" action="/sign-in" {
                input type="hidden" name="next" value=(own_path(&page.next));
                (form::field(&Field::text("name", a.login_name).value(&page.login_name).complete("username")))
                (form::field(&Field::password("password", a.password).complete("current-password")))
                (form::field(&Field::code("code", a.code).note(a.code_note)))
                button.primary type="submit" { (a.sign_in) }
            }
            p.quiet { (a.sign_in_help) }
            h2 { (p.how_in) }
            p { (p.how_in_text) }
        }
    };
    shell::page(a.sign_in, None, &body, ctx)
}

/// `GET /sign-in`
pub async fn show(visit: Visit, Query(back): Query<Back>) -> Response {
    match visit.ctx.role {
        Some(_) => Redirect::to(visit.ctx.home()).into_response(),
        None => render(&Page { next: back.next, ..Page::default() }, &visit.ctx).into_response(),
    }
}

/// `POST /sign-in`
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let attempt = Attempt {
        login_name: &typed.name,
        password: &typed.password,
        code: &typed.code,
        client: visit.client(&headers),
    };
    let a = &visit.ctx.words.access;
    let outcome =
        sign_in::by_password(&app.store, &attempt, app.keyring.as_ref(), &app.clock).await.context("signing in")?;
    let (status, message) = match outcome {
        Outcome::In(secret) => {
            let cookie = [(header::SET_COOKIE, session::starting(&app, &secret, &headers))];
            return Ok((cookie, Redirect::to(own_path(&typed.next))).into_response());
        }
        Outcome::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, a.wrong.to_owned()),
        Outcome::NoRole => (StatusCode::UNPROCESSABLE_ENTITY, a.no_role.to_owned()),
        Outcome::Unopened => (StatusCode::UNPROCESSABLE_ENTITY, a.unopened.to_owned()),
        Outcome::Wait(seconds) => (StatusCode::TOO_MANY_REQUESTS, fill(a.wait, &[&seconds.to_string()])),
    };
    let page = Page { login_name: typed.name, next: typed.next, message: Some(message) };
    Ok((status, render(&page, &visit.ctx)).into_response())
}

/// What a form that was refused says above itself.
pub fn problem_text(error: &anyhow::Error, ctx: &Ctx) -> Option<String> {
    error.downcast_ref::<Problem>().map(|problem| problem.text(ctx.lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_leads_to_a_page_of_this_site_or_to_the_front_page() {
        for own in ["/official?from=2026-01-01", "/", "/branch/slips"] {
            assert_eq!(own_path(own), own);
        }
        for foreign in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil",
            "/\t/evil.example",
            "javascript:alert(1)",
            "/a\r\nset-cookie:x",
        ] {
            assert_eq!(own_path(foreign), "/", "{foreign:?}");
        }
    }

    #[test]
    fn the_address_asked_for_is_carried_whole() {
        assert_eq!(address("/official?from=a&to=陈"), "/sign-in?next=/official%3Ffrom%3Da%26to%3D%E9%99%88");
    }
}
