//! 这笔不对: a household asks about a figure of its own, reads the answer, says how good it is, asks again.

use crate::domain::access::Scope;
use crate::domain::calendar::day_of;
use crate::domain::requests::{About, State, Step};
use crate::services::requests as asking;
use crate::store::requests::{self as stored, Request, Taken};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

pub const PATH: &str = "/farmer/requests";
/// Requests on the page.
const SHOWN: i64 = 12;

/// What the page shows: each request with its steps, the newest first.
#[derive(Debug, Clone)]
pub struct Page {
    pub requests: Vec<(Request, Vec<Taken>)>,
}

/// The list.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (r, a) = (&ctx.words.requests, &ctx.words.access);
    let body = html! {
        h1 { (r.mine) }
        @if page.requests.is_empty() { section.card { p { (r.mine_none) } } }
        @for (request, steps) in &page.requests { (card(request, steps, ctx)) }
        a.button href="/farmer" { (a.device_back) }
    };
    shell::phone(r.mine, &body, ctx)
}

fn card(request: &Request, steps: &[Taken], ctx: &Ctx) -> Markup {
    let r = &ctx.words.requests;
    let answer = steps.iter().rev().find(|taken| taken.step == Step::Answered);
    let path = format!("{PATH}/{}", request.request_id);
    html! {
        section.card {
            p.pair { strong { (r.about(request.about)) } strong { (r.state(request.state)) } }
            p.quiet { (fill(r.asked_on, &[&day_of(request.asked_at).to_string()])) }
            p { (fill(r.you_said, &[&request.said])) }
            @for again in steps.iter().filter(|taken| taken.step == Step::Reopened) {
                p { (fill(r.you_said, &[&again.said])) }
            }
            @if let Some(day) = request.due_on.filter(|_| request.state == State::Assigned) {
                p { (fill(r.by_day, &[&day.to_string()])) }
            }
            @if let Some(answer) = answer { p.gain { (fill(r.answer_of, &[&answer.said])) } }
            @if request.state == State::Answered { (rate(&path, ctx)) }
            @if matches!(request.state, State::Answered | State::Rated) {
                details {
                    summary { (r.again) }
                    form.stacked method="post" action={ (path) "/again" } {
                        label.field { span { (r.again_said) } textarea name="said" rows="3" maxlength="500" required {} }
                        button type="submit" { (r.ask_button) }
                    }
                }
            }
        }
    }
}

fn rate(path: &str, ctx: &Ctx) -> Markup {
    let r = &ctx.words.requests;
    html! {
        p.quiet { (r.rate_title) }
        form.taps method="post" action={ (path) "/rate" } {
            @for rating in [3_i64, 2, 1] { button type="submit" name="rating" value=(rating) { (r.rating(rating)) } }
        }
    }
}

/// Where something is asked about.
fn address(about: About) -> String {
    format!("{PATH}/new?about={}&which={}", about.kind(), about.which())
}

/// The way to ask about something.
pub fn link(about: About, ctx: &Ctx) -> Markup {
    html! { a.button.on-screen href=(address(about)) { (ctx.words.requests.wrong) } }
}

fn form(about: About, ctx: &Ctx) -> Markup {
    let (r, a) = (&ctx.words.requests, &ctx.words.access);
    let body = html! {
        h1 { (r.ask_title) }
        section.card {
            p { (fill(r.ask_about, &[&r.about(about)])) }
            form.stacked method="post" action=(PATH) {
                input type="hidden" name="about" value=(about.kind());
                input type="hidden" name="which" value=(about.which());
                label.field { span { (r.ask_said) } textarea name="said" rows="4" maxlength="500" required {} }
                button.primary type="submit" { (r.ask_button) }
            }
            p.quiet { (r.ask_note) }
        }
        a.button href="/farmer" { (a.device_back) }
    };
    shell::phone(r.ask_title, &body, ctx)
}

/// What is asked about, and what is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    about: String,
    which: String,
    said: String,
    rating: String,
}

fn household(visit: &Visit) -> Result<i64, WebError> {
    match visit.scope()? {
        Scope::Farmer { farmer_id, .. } => Ok(farmer_id),
        _ => Err(WebError::Forbidden),
    }
}

/// `GET /farmer/requests`
pub async fn list(Shared(app): Shared<AppState>, visit: Visit) -> Result<Markup, WebError> {
    let farmer_id = household(&visit)?;
    let load = async {
        let session = &mut app.store.read(visit.scope()?).await?;
        let mut requests = Vec::new();
        let steps = stored::list_steps_of_farmer(session, farmer_id, SHOWN).await?;
        for request in stored::list_of_farmer(session, farmer_id, SHOWN).await? {
            let own = steps.iter().filter(|(id, _)| *id == request.request_id);
            let own = own.map(|(_, taken)| taken.clone()).collect();
            requests.push((request, own));
        }
        Ok::<_, anyhow::Error>(Page { requests })
    };
    Ok(render(&load.await?, &visit.ctx))
}

/// `GET /farmer/requests/new?about=…&which=…`
pub async fn new(Shared(app): Shared<AppState>, visit: Visit, Query(typed): Query<Typed>) -> Result<Markup, WebError> {
    let farmer_id = household(&visit)?;
    let about = About::parse(&typed.about, &typed.which).ok_or(WebError::NotFound)?;
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    if asking::is_own(session, farmer_id, about).await? { Ok(form(about, &visit.ctx)) } else { Err(WebError::NotFound) }
}

/// `POST /farmer/requests`
pub async fn create(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let farmer_id = household(&visit)?;
    let about = About::parse(&typed.about, &typed.which).ok_or(WebError::BadRequest)?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let asked = asking::ask(desk, farmer_id, about, &typed.said).await;
    went_on(asked.map(|_| PATH.to_owned()), &address(about), &visit.ctx)
}

/// The household, after making sure that a request is its own.
async fn known(app: &AppState, visit: &Visit, id: i64) -> Result<i64, WebError> {
    let farmer_id = household(visit)?;
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let found = stored::find(session, id).await.map_err(anyhow::Error::from)?;
    found.map(|_| farmer_id).ok_or(WebError::NotFound)
}

/// `POST /farmer/requests/{id}/rate`
pub async fn rate_answer(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let farmer_id = known(&app, &visit, id).await?;
    let rating: i64 = typed.rating.parse().map_err(|_| WebError::BadRequest)?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    answered(asking::rate(desk, farmer_id, id, rating).await, &visit.ctx)
}

/// `POST /farmer/requests/{id}/again`
pub async fn reopen(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let farmer_id = known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    answered(asking::reopen(desk, farmer_id, id, &typed.said).await, &visit.ctx)
}

fn answered(done: anyhow::Result<()>, ctx: &Ctx) -> Result<Response, WebError> {
    went_on(done.map(|()| PATH.to_owned()), PATH, ctx)
}
