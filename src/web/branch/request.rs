//! One request: what was asked, what was done, and what is next.

use super::requests::PATH;
use crate::domain::calendar::day_of;
use crate::domain::requests::{About, Step};
use crate::services::requests as asking;
use crate::store::farmers;
use crate::store::lines::{self, LineDetail};
use crate::store::people::Farmer;
use crate::store::requests::{self as stored, Request, Taken};
use crate::web::AppState;
use crate::web::branch::{household, payouts};
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::names::Names;
use crate::web::session::family_name;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub request: Request,
    pub steps: Vec<Taken>,
    /// The parcel it is about.
    pub line: Option<LineDetail>,
    pub farmer: Farmer,
    pub village: String,
    pub may_change: bool,
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let r = &ctx.words.requests;
    let request = &page.request;
    let title = fill(r.request_title, &[&request.request_id.to_string()]);
    let path = format!("{PATH}/{}", request.request_id);
    let label = family_name(&page.farmer.name);
    let body = html! {
        section.card {
            h1 { (title) }
            p { (fill(r.request_of, &[&label, &page.village, &page.farmer.farmer_key])) " " span.tag { (r.state(request.state)) } }
            p { (r.about(request.about)) @if let Some(line) = &page.line { ": " (line_of(line, ctx)) } }
            @if page.may_change { p.acts {
                a href=(household::address(request.farmer_id)) { (ctx.words.payouts.money_title) }
                @if let About::Payout(id) = request.about { a href=(payouts::address(id)) { (r.about(request.about)) } }
            } }
            ul.todo {
                li { (fill(r.step_asked, &[&day_of(request.asked_at).to_string(), &request.said])) }
                @for taken in &page.steps { li { (said(taken, ctx)) } }
            }
            p { a href=(PATH) { (r.back) } }
        }
        @if page.may_change && request.state.waits_for_branch() {
            div.grid.even {
                section.card {
                    h2 { (r.assign_title) }
                    form.stacked method="post" action={ (path) "/assign" } {
                        (form::field(&Field::text("assignee", r.assignee).value(&request.assignee)))
                        (form::field(&Field::day("due_on", r.due_on)))
                        button type="submit" { (r.assign_button) }
                    }
                }
                section.card {
                    h2 { (r.answer_title) }
                    form.stacked method="post" action={ (path) "/answer" } {
                        label.field { span { (r.answer_said) } textarea name="said" rows="4" maxlength="500" required {} }
                        button.primary type="submit" { (r.answer_button) }
                    }
                }
            }
        }
    };
    shell::page(&title, Some(Section::Requests), &body, ctx)
}

/// A parcel as the branch finds it again: goods, day, and the platform's number.
fn line_of(line: &LineDetail, ctx: &Ctx) -> String {
    let none = || ctx.words.frame.none.to_owned();
    let goods = if line.listing.is_empty() { none() } else { line.listing.clone() };
    let paid_on = line.paid_on.map_or_else(none, |day| day.to_string());
    fill(ctx.words.requests.line_of, &[&goods, &paid_on, &line.pieces.to_string(), &line.line_no])
}

/// A step in words.
fn said(taken: &Taken, ctx: &Ctx) -> String {
    let r = &ctx.words.requests;
    let day = day_of(taken.at).to_string();
    let due_on = taken.due_on.map(|day| day.to_string()).unwrap_or_default();
    match taken.step {
        Step::Assigned => fill(r.step_assigned, &[&day, &taken.actor, &taken.assignee, &due_on]),
        Step::Answered => fill(r.step_answered, &[&day, &taken.actor, &taken.said]),
        Step::Rated => fill(r.step_rated, &[&day, r.rating(taken.rating)]),
        Step::Reopened => fill(r.step_reopened, &[&day, &taken.said]),
    }
}

/// `GET /branch/requests/{id}`
pub async fn show(Shared(app): Shared<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let load = async {
        let session = &mut app.store.read(visit.scope()?).await?;
        let Some(request) = stored::find(session, id).await? else { return Ok(None) };
        let Some(farmer) = farmers::find(session, request.farmer_id).await? else { return Ok(None) };
        let steps = stored::list_steps(session, id).await?;
        let village = Names::of_regions(session).await?.of(&farmer.village_code);
        let line = match request.about {
            About::Line(line_id) => lines::find(session, line_id).await?,
            _ => None,
        };
        let may_change = visit.reader()?.role.may_change();
        Ok::<_, anyhow::Error>(Some(Page { request, steps, line, farmer, village, may_change }))
    };
    load.await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

/// What is typed on the page's forms.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    assignee: String,
    due_on: String,
    said: String,
}

async fn known(app: &AppState, visit: &Visit, id: i64) -> Result<(), WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let found = stored::find(session, id).await.map_err(anyhow::Error::from)?;
    found.map(|_| ()).ok_or(WebError::NotFound)
}

fn answered(done: anyhow::Result<()>, id: i64, ctx: &Ctx) -> Result<Response, WebError> {
    let page = format!("{PATH}/{id}");
    went_on(done.map(|()| page.clone()), &page, ctx)
}

/// `POST /branch/requests/{id}/assign`
pub async fn assign(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let assign = async { asking::assign(desk, id, &typed.assignee, form::typed_day(&typed.due_on)?).await };
    answered(assign.await, id, &visit.ctx)
}

/// `POST /branch/requests/{id}/answer`
pub async fn answer(
    Shared(app): Shared<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    answered(asking::answer(desk, id, &typed.said).await, id, &visit.ctx)
}
