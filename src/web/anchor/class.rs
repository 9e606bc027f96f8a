//! A class on an anchor's phone: where the code in the room leads, and the button that signs in.
//!
//! Opening it changes nothing, so that a chat's preview or a second look signs nobody in; the button's post does. A
//! class whose list the reader is not on is no such page, whatever code was brought: its existence is nobody else's business.

use crate::domain::access::Scope;
use crate::domain::calendar::{Day, time_text};
use crate::domain::scans::Answer;
use crate::services::scans as service;
use crate::store::scans::{self, Planned};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::ui::fields::Fields;
use crate::web::ui::{shell, state};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub planned: Planned,
    /// What would become of the code that was brought.
    pub answer: Answer,
    pub code: String,
}

/// What the address of a code holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    code: String,
}

/// A class's page.
pub fn address(lesson_id: i64) -> String {
    format!("/anchor/classes/{lesson_id}")
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (s, lesson) = (&ctx.words.scans, &page.planned.lesson);
    let hours = lesson.class_hours.to_string();
    let title = ctx.name(&page.planned.module_name, &page.planned.module_name_en);
    let body = html! {
        section.card {
            p.quiet { (s.title) }
            h1 { (title) }
            p { (fill(s.day, &[&lesson.held_on.to_string()])) }
            p { (fill(s.place, &[&lesson.place])) }
            p { (fill(s.hours, &[&hours])) }
            p { (fill(s.class_no, &[&lesson.class_no])) }
            p { (fill(s.teacher, &[&lesson.teacher])) }
        }
        section.card {
            @match page.answer {
                Answer::Welcome => {
                    form method="post" action=(address(lesson.lesson_id)) {
                        input type="hidden" name="code" value=(page.code);
                        button.primary type="submit" { (s.button) }
                    }
                    p.quiet { (fill(s.button_note, &[&hours])) }
                },
                Answer::Present => {
                    p.gain role="status" { (done(page, ctx)) }
                    p.quiet { (fill(s.done_note, &[&hours])) }
                },
                other => p.warn role="alert" { (why_not(other, &page.code, ctx)) },
            }
        }
        p { a href="/anchor" { (s.back) } }
    };
    shell::phone(title, &body, ctx)
}

fn done(page: &Page, ctx: &Ctx) -> String {
    let s = &ctx.words.scans;
    let on = page.planned.lesson.held_on;
    page.planned.scanned_at.map_or_else(|| s.done_hand.to_owned(), |at| fill(s.done_scan, &[&time_text(at, on)]))
}

/// Why somebody on the list does not sign in now, and what to do.
fn why_not(answer: Answer, code: &str, ctx: &Ctx) -> String {
    let s = &ctx.words.scans;
    match answer {
        Answer::Marked(attendance) => fill(s.marked, &[ctx.words.training.attendance_name(attendance)]),
        Answer::CalledOff => s.called_off.to_owned(),
        Answer::NotYet => s.not_yet.to_owned(),
        Answer::Over => s.over.to_owned(),
        Answer::OtherCode if code.is_empty() => s.scan_first.to_owned(),
        Answer::OtherCode => s.other_code.to_owned(),
        Answer::Closed | Answer::Present | Answer::Welcome => s.closed.to_owned(),
    }
}

/// The next classes, on an anchor's own page.
pub fn next(classes: &[Planned], today: Day, ctx: &Ctx) -> Markup {
    let s = &ctx.words.scans;
    html! {
        @if !classes.is_empty() { section.card {
            h2 { (s.next_title) }
            ul.todo { @for planned in classes {
                @let lesson = &planned.lesson;
                @let day = if lesson.held_on == today { s.today.to_owned() } else { lesson.held_on.to_string() };
                @let module = ctx.name(&planned.module_name, &planned.module_name_en);
                @let said = [day.as_str(), module, &lesson.place, &lesson.class_hours.to_string()];
                li {
                    a href=(address(lesson.lesson_id)) { (fill(s.next_row, &said)) }
                    @if planned.is_present() { span.tag { (s.signed) } }
                }
            } }
        } }
    }
}

async fn load(app: &AppState, visit: &Visit, lesson_id: i64, code: &str) -> Result<Option<Page>, WebError> {
    let (scope, anchor_id) = own(visit)?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(planned) = scans::find_planned(session, lesson_id, anchor_id).await? else { return Ok(None) };
        let answer = service::answer(&planned, code, app.clock.today())?;
        Ok::<_, anyhow::Error>(Some(Page { planned, answer, code: code.to_owned() }))
    };
    Ok(load.await?)
}

/// The scope and the anchor whoever visits is.
fn own(visit: &Visit) -> Result<(Scope, i64), WebError> {
    match visit.scope()? {
        scope @ Scope::Anchor { anchor_id, .. } => Ok((scope, anchor_id)),
        _ => Err(WebError::Forbidden),
    }
}

/// What somebody reads who is not on the list.
fn not_listed(ctx: &Ctx) -> Response {
    let s = &ctx.words.scans;
    let status = StatusCode::NOT_FOUND;
    let body = state::failure(status.as_u16(), s.not_listed, s.not_listed_do, "/anchor", s.back);
    (status, shell::phone(s.not_listed, &body, ctx)).into_response()
}

/// `GET /anchor/classes/{id}?code=…`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path(lesson_id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let page = load(&app, &visit, lesson_id, &asked.code).await?;
    Ok(page.map_or_else(|| not_listed(&visit.ctx), |page| render(&page, &visit.ctx).into_response()))
}

/// `POST /anchor/classes/{id}`: signs in.
pub async fn sign_in(
    State(app): State<AppState>,
    visit: Visit,
    Path(lesson_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let (_, anchor_id) = own(&visit)?;
    let (actor, code) = (visit.actor()?, fields.text("code"));
    let desk = app.desk(&visit, &actor)?;
    match service::sign_in(&desk, anchor_id, lesson_id, code).await? {
        None => Ok(not_listed(&visit.ctx)),
        Some(Answer::Welcome | Answer::Present) => Ok(Redirect::to(&address(lesson_id)).into_response()),
        Some(_) => {
            let page = load(&app, &visit, lesson_id, code).await?.ok_or(WebError::NotFound)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page, &visit.ctx)).into_response())
        }
    }
}
