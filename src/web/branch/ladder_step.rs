//! A step of the ladder that waits: what it says, what is met and what is missing, and the decision of a second person.

use crate::domain::attribution::Stage;
use crate::domain::calendar::clock_text;
use crate::domain::ladder::{Missing, Readiness, lacks};
use crate::domain::problem::missing_words;
use crate::services::{gate, ladder as service};
use crate::store::ladder::{self as stored, Step};
use crate::store::rows::known;
use crate::store::{people, training};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step as Crumb, trail};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub step: Step,
    pub name: String,
    pub stage: Stage,
    /// As it was when it was decided, else as it is.
    pub known: Readiness,
    pub missing: Vec<Missing>,
    /// The reader put it forward.
    pub own: bool,
    pub may_change: bool,
}

/// Where a step's page is.
pub fn address(step_id: i64) -> String {
    format!("/branch/training/steps/{step_id}")
}

/// What was met, in a sentence.
pub fn met(known: &Readiness, ctx: &Ctx) -> String {
    let none = || ctx.words.frame.none.to_owned();
    let day = |day: Option<crate::domain::calendar::Day>| day.map_or_else(none, |day| day.to_string());
    let (hours, done) = (known.class_hours.to_string(), known.supervised_done.to_string());
    fill(ctx.words.training.met, &[&hours, &done, &day(known.rules_passed_on), &day(known.product_passed_on)])
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let step = &page.step;
    let title = fill(t.decide_title, &[&page.name, t.stage(page.stage)]);
    let crumbs = [
        Crumb { label: b.nav_training.into(), href: "/branch/training".into() },
        Crumb { label: page.name.clone(), href: format!("/branch/anchors/{}", step.anchor_id) },
    ];
    let (at, from) = (clock_text(step.proposed_at), step.from_on.to_string());
    let waits = step.outcome == "waiting";
    let body = html! {
        (trail(&crumbs, t.stage(page.stage), ctx))
        section.card {
            h1 { (title) }
            p { (fill(t.decide_by, &[&step.proposed_by, &at, &from, &step.evidence])) }
            @if let Some(until) = step.expires_on {
                p { (fill(t.decide_paper, &[&step.certificate_no, &step.class_no, &until.to_string()])) }
            }
            @if page.may_change || !waits { h2 { (t.decide_met) } p { (met(&page.known, ctx)) } }
            @if waits {
                h2 { (t.decide_lacks) }
                @if page.missing.is_empty() { p { (t.decide_complete) } }
                @else if !page.may_change { p.warn { (t.decide_incomplete) } }
                @else { ul.lacking { @for missing in &page.missing { li.warn { (missing_words(missing, ctx.lang)) } } } }
            } @else {
                p { (fill(t.decide_done, &[t.outcome(&step.outcome), &step.decided_by])) }
                @if !step.reason.is_empty() { p.quiet { (step.reason) } }
                @if step.outcome == "taken" && !step.certificate_no.is_empty() && page.may_change {
                    p { a.button href={ "/branch/anchors/" (step.anchor_id) "/paper" } { (t.paper_letter) } }
                }
            }
        }
        @if waits && page.may_change { section.card {
            @if page.own {
                p.quiet { (t.decide_own) }
                form method="post" action={ (address(step.step_id)) "/turn-down" } {
                    button type="submit" { (t.withdraw) }
                }
            } @else {
                @if page.missing.is_empty() { form method="post" action={ (address(step.step_id)) "/approve" } {
                    button.primary type="submit" { (t.approve) }
                } }
                form.stacked method="post" action={ (address(step.step_id)) "/turn-down" } {
                    (form::field(&Field::text("reason", t.reason)))
                    button type="submit" { (t.turn_down) }
                }
            }
        } }
    };
    shell::page(&title, Some(Section::Training), &body, ctx)
}

async fn load(app: &AppState, visit: &Visit, step_id: i64) -> Result<Option<Page>, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(step) = stored::find_step(session, step_id).await? else { return Ok(None) };
        let stage = known(&step.stage, Stage::parse)?;
        let known = match serde_json::from_str(&step.met) {
            Ok(met) => met,
            Err(_) => gate::readiness(session, step.anchor_id, step.from_on, app.clock.now()).await?,
        };
        let rule = training::rule_on(session, step.from_on).await?;
        let anchors = people::list_anchors(session).await?;
        let name = anchors.into_iter().find(|a| a.anchor_id == step.anchor_id).map(|a| a.name);
        Ok::<_, anyhow::Error>(Some(Page {
            missing: lacks(stage, &known, &rule, step.from_on),
            own: !service::may_decide(&step, &actor)?,
            name: name.unwrap_or_default(),
            may_change: visit.ctx.may_change(),
            stage,
            known,
            step,
        }))
    };
    Ok(load.await?)
}

/// `GET /branch/training/steps/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(step_id): Path<i64>) -> Result<Markup, WebError> {
    load(&app, &visit, step_id).await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

/// `POST /branch/training/steps/{id}/approve`
pub async fn approve(
    State(app): State<AppState>,
    visit: Visit,
    Path(step_id): Path<i64>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let here = address(step_id);
    match Box::pin(service::approve(&desk, step_id)).await {
        Ok(false) => Err(WebError::NotFound),
        done => went_on(done.map(|_| here.clone()), &here, &visit.ctx),
    }
}

/// `POST /branch/training/steps/{id}/turn-down`
pub async fn turn_down(
    State(app): State<AppState>,
    visit: Visit,
    Path(step_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let here = address(step_id);
    match service::turn_down(&desk, step_id, fields.text("reason")).await {
        Ok(false) => Err(WebError::NotFound),
        done => went_on(done.map(|_| here.clone()), &here, &visit.ctx),
    }
}
