//! One class: who was to be there, and the sign-in typed in from paper.

use super::curriculum;
use crate::domain::calendar::Day;
use crate::domain::training::Attendance;
use crate::services::curriculum as service;
use crate::store::people;
use crate::store::training::{self, Lesson};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::ui::fields::Fields;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub lesson: Lesson,
    pub module: (String, String),
    /// Number, name, and whether there.
    pub seats: Vec<(i64, String, Attendance)>,
    pub today: Day,
    pub may_change: bool,
}

fn address(lesson_id: i64) -> String {
    format!("/branch/training/lessons/{lesson_id}")
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let (b, t) = (&ctx.words.branch, &ctx.words.training);
    let lesson = &page.lesson;
    let title = fill(t.lesson_title, &[&lesson.held_on.to_string(), ctx.name(&page.module.0, &page.module.1)]);
    let facts = [&lesson.class_no, &lesson.class_hours.to_string(), &lesson.teacher, &lesson.place];
    let steps = [
        Step { label: b.nav_training.into(), href: "/branch/training".into() },
        Step { label: t.curriculum_title.into(), href: curriculum::PATH.into() },
    ];
    let open = page.may_change && lesson.held_on <= page.today;
    let body = html! {
        (trail(&steps, &title, ctx))
        section.card {
            h1 { (title) }
            p { (fill(t.lesson_facts, &facts.map(String::as_str))) }
        }
        section.card {
            h2 { (t.sign_title) }
            p.quiet { @if lesson.held_on > page.today { (t.sign_early) } @else { (t.sign_note) } }
            form method="post" action=(address(lesson.lesson_id)) {
                div.scroll tabindex="0" role="region" aria-label=(t.sign_title) { table { tbody {
                    @for (id, name, attendance) in &page.seats { tr {
                        th scope="row" { (name) }
                        td.whole {
                            @if open {
                                span.choices { @for one in Attendance::ALL { label.chip {
                                    input type="radio" name={ "seat" (id) } value=(one.key()) checked[one == *attendance];
                                    " " (t.attendance_name(one))
                                } } }
                            } @else { (t.attendance_name(*attendance)) }
                        }
                    } }
                } } }
                @if open { p { button.primary type="submit" { (t.sign_button) } } }
            }
        }
    };
    shell::page(&title, Some(Section::Training), &body, ctx)
}

async fn load(app: &AppState, visit: &Visit, lesson_id: i64) -> Result<Option<Page>, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(lesson) = training::find_lesson(session, lesson_id).await? else { return Ok(None) };
        let modules = people::list_modules(session).await?;
        let module = modules.into_iter().find(|m| m.module_id == lesson.module_id);
        let anchors = people::list_anchors(session).await?;
        let name = |id: i64| anchors.iter().find(|a| a.anchor_id == id).map(|a| a.name.clone()).unwrap_or_default();
        let seats = training::list_seats(session, lesson_id).await?.into_iter();
        let seats = seats
            .map(|s| (s.anchor_id, name(s.anchor_id), Attendance::parse(&s.attendance).unwrap_or(Attendance::Planned)));
        Ok::<_, anyhow::Error>(Some(Page {
            seats: seats.collect(),
            module: module.map(|m| (m.name, m.name_en)).unwrap_or_default(),
            lesson,
            today: app.clock.today(),
            may_change: visit.ctx.may_change(),
        }))
    };
    Ok(load.await?)
}

/// `GET /branch/training/lessons/{id}`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(lesson_id): Path<i64>) -> Result<Markup, WebError> {
    load(&app, &visit, lesson_id).await?.map(|page| render(&page, &visit.ctx)).ok_or(WebError::NotFound)
}

/// `POST /branch/training/lessons/{id}`
pub async fn sign_in(
    State(app): State<AppState>,
    visit: Visit,
    Path(lesson_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = address(lesson_id);
    let marks: Vec<(i64, Attendance)> =
        fields.numbered("seat").filter_map(|(id, text)| Some((id, Attendance::parse(text)?))).collect();
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    match service::sign_in(&desk, lesson_id, &marks).await {
        Ok(false) => Err(WebError::NotFound),
        done => went_on(done.map(|_| here.clone()), &here, &visit.ctx),
    }
}
