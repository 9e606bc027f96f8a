//! My account: which roles it has and which is in use, where it is signed in, its password.

use crate::domain::calendar::clock_text;
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::services::accounts;
use crate::services::sessions::{self, Choice};
use crate::store::accounts as stored;
use crate::store::sessions::{self as stored_sessions, Login};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::Places;
use crate::web::public::sign_in::problem_text;
use crate::web::session::{self, Reader};
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell;
use crate::web::wording::fill;
use anyhow::Context;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub login_name: String,
    pub current: Choice,
    pub choices: Vec<Choice>,
    pub places: Places,
    pub session_id: String,
    pub sessions: Vec<Login>,
    pub has_password: bool,
    pub has_second_factor: bool,
    pub message: Option<String>,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    let current = page.places.choice(&page.current, ctx);
    let body = html! {
        section.card {
            h1 { (a.mine) }
            p { (fill(a.mine_as, &[&page.login_name, &current])) }
            @if let Some(message) = &page.message { p.warn role="alert" { (message) } }
        }
        (roles(page, ctx))
        (signed_in(page, ctx))
        @if page.has_password { (password(ctx)) (second_factor(page, ctx)) } @else {
            section.card { h2 { (a.change_title) } p { (a.mine_link) } }
        }
    };
    shell::page(a.mine, None, &body, ctx)
}

fn roles(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    html! {
        section.card {
            h2 { (a.roles) }
            @if page.choices.len() < 2 { p.quiet { (a.roles_one) } }
            ul.todo { @for choice in &page.choices {
                li {
                    span { (page.places.choice(choice, ctx)) }
                    @if *choice == page.current { span.tag { (a.now) } } @else {
                        form method="post" action="/me/role" {
                            input type="hidden" name="role" value=(choice.grant.role.key());
                            input type="hidden" name="region" value=(choice.grant.region);
                            input type="hidden" name="subject" value=(choice.grant.subject_id);
                            input type="hidden" name="county" value=(choice.county);
                            button type="submit" { (a.switch) }
                        }
                    }
                }
            } }
        }
    }
}

fn signed_in(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    html! {
        section.card {
            h2 { (a.sessions) }
            p.quiet { (a.sessions_note) }
            ul.todo { @for login in &page.sessions {
                li {
                    div {
                        p { (browser(&login.agent)) " · " (login.started_from) }
                        p.quiet { (a.col_since) " " (clock_text(login.created_at)) " · " (a.col_seen) " " (clock_text(login.seen_at)) }
                    }
                    @if login.session_id == page.session_id { span.tag { (a.this_one) } } @else {
                        form method="post" action="/me/sessions/end" {
                            input type="hidden" name="session" value=(login.session_id);
                            button type="submit" { (a.end_session) }
                        }
                    }
                }
            } }
            form method="post" action="/me/sessions/end-all" { button type="submit" { (a.end_all) } }
        }
    }
}

/// What a browser calls itself, as people call it: `Chrome · Windows`. Names are names in both languages; one that is not
/// known is shown as it came.
fn browser(agent: &str) -> String {
    // the first that is named counts: each claims to be those after it as well
    const BROWSERS: [(&str, &str); 6] = [
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("OpenHarmony", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let known = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|n| n.1);
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => agent.to_owned(),
    }
}

fn password(ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    html! {
        section.card {
            h2 { (a.change_title) }
            form.stacked method="post" action="/me/password" {
                (form::field(&Field::password("present", a.present).complete("current-password")))
                (form::field(&Field::password("password", a.new_password).complete("new-password")))
                (form::field(&Field::password("again", a.again).complete("new-password")))
                button type="submit" { (a.change_button) }
            }
        }
    }
}

fn second_factor(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.access;
    html! {
        section.card {
            h2 { (a.second) }
            @if page.has_second_factor {
                p { (a.second_on) }
                form.stacked method="post" action="/me/second-factor/off" {
                    (form::field(&Field::password("present", a.present).complete("current-password")))
                    button type="submit" { (a.second_turn_off) }
                }
            } @else {
                p { (a.second_off) }
                p { a.button href="/me/second-factor" { (a.second_turn_on) } }
            }
        }
    }
}

/// `GET /me`: a household's device has no account, and is shown its households.
pub async fn show(State(app): State<AppState>, visit: Visit) -> Result<Response, WebError> {
    if visit.reader()?.is_device() {
        return Ok(Redirect::to("/farmer/device").into_response());
    }
    let page = load(&app, visit.reader()?, None).await?;
    Ok(render(&page, &visit.ctx).into_response())
}

/// The page again, with what went wrong above it.
pub async fn refused(app: &AppState, visit: &Visit, error: anyhow::Error) -> Result<Response, WebError> {
    let message = problem_text(&error, &visit.ctx).ok_or(error).context("changing an account")?;
    let page = load(app, visit.reader()?, Some(message)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page, &visit.ctx)).into_response())
}

async fn load(app: &AppState, reader: &Reader, message: Option<String>) -> anyhow::Result<Page> {
    let login = &reader.login;
    let account = stored::find_signed_in(&app.store, login.account_id).await?.context("a session has an account")?;
    let choices = sessions::choices(&app.store, login.account_id).await?;
    let places = Places::load(&app.store, &choices).await?;
    Ok(Page {
        login_name: login.login_name.clone(),
        current: reader.choice.clone(),
        choices,
        places,
        session_id: login.session_id.clone(),
        sessions: stored_sessions::list_of_account(&app.store, login.account_id, app.clock.now()).await?,
        has_password: account.password_hash.is_some(),
        has_second_factor: account.totp_secret.is_some(),
        message,
    })
}

/// A role to switch to.
#[derive(Deserialize)]
pub struct Wanted {
    role: String,
    region: String,
    subject: i64,
    county: String,
}

/// `POST /me/role`
pub async fn switch(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Form(wanted): Form<Wanted>,
) -> Result<Response, WebError> {
    let login = &visit.reader()?.login;
    let changed = Login {
        role: wanted.role,
        region_code: wanted.region,
        subject_id: wanted.subject,
        county_code: wanted.county,
        ..login.clone()
    };
    let choice = sessions::choice_of(&changed).ok_or(WebError::BadRequest)?;
    let secret = sessions::switch(&app.store, login, &choice, &app.clock).await.context("switching the role")?;
    let secret = secret.ok_or(WebError::NotFound)?;
    Ok(([(header::SET_COOKIE, session::starting(&app, &secret, &headers))], Redirect::to("/")).into_response())
}

/// A new password.
#[derive(Deserialize)]
pub struct Passwords {
    present: String,
    password: String,
    again: String,
}

/// `POST /me/password`
pub async fn change_password(
    State(app): State<AppState>,
    visit: Visit,
    Form(typed): Form<Passwords>,
) -> Result<Response, WebError> {
    let reader = visit.reader()?;
    let changed = if typed.password == typed.again {
        accounts::change_password(&app.store, &reader.login, &typed.present, &typed.password, &visit.from, &app.clock)
            .await
    } else {
        Err(Problem::PasswordsDiffer.into())
    };
    if let Err(error) = changed {
        return refused(&app, &visit, error).await;
    }
    let page = load(&app, reader, Some(visit.ctx.words.access.changed.to_owned())).await?;
    Ok(render(&page, &visit.ctx).into_response())
}

/// A session to end.
#[derive(Deserialize)]
pub struct Ending {
    session: String,
}

/// `POST /me/sessions/end`
pub async fn end_session(
    State(app): State<AppState>,
    visit: Visit,
    Form(ending): Form<Ending>,
) -> Result<Redirect, WebError> {
    let county = own_county(&visit)?;
    sessions::end_one(&app.store, &visit.actor()?, county, &ending.session, &app.clock)
        .await
        .context("ending a session")?;
    Ok(Redirect::to("/me"))
}

/// `POST /me/sessions/end-all`
pub async fn end_everywhere(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let county = own_county(&visit)?;
    sessions::end_everywhere(&app.store, &visit.actor()?, county, &app.clock).await.context("ending all sessions")?;
    Ok(([(header::SET_COOKIE, session::ending(&app, &headers))], Redirect::to("/sign-in")).into_response())
}

/// The county a person's session looks at; a household's device is no person.
pub fn own_county(visit: &Visit) -> Result<RegionCode, WebError> {
    let reader = visit.reader()?;
    if reader.is_device() { Err(WebError::Forbidden) } else { Ok(reader.scope.county()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_has_the_name_people_know_it_by() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(browser(windows), "Chrome · Windows");
        assert_eq!(browser(&format!("{windows} Edg/140.0")), "Edge · Windows");
        let phone =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0";
        assert_eq!(browser(phone), "WeChat · Android");
        assert_eq!(browser("curl/8"), "curl/8");
    }
}
