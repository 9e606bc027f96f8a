//! One class: who was to be there, the sign-in typed in from paper or put right after a scan, and what becomes of a class
//! that changes or is called off.
//!
//! The sheet says what each seat stood at when it was shown, and only what a person changed on it is taken: whoever scans
//! meanwhile is not overwritten by it.

use super::{audit, curriculum, scans};
use crate::domain::audit::Noun;
use crate::domain::calendar::{Day, Instant};
use crate::domain::training::Attendance;
use crate::services::curriculum::{self as service, ChangedLesson, MOST_HOURS};
use crate::store::people;
use crate::store::scans as stored;
use crate::store::training::{self, Lesson};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, went_on};
use crate::web::security::site;
use crate::web::ui::fields::Fields;
use crate::web::ui::form::{self, Field};
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step, trail};
use crate::web::wording::fill;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub lesson: Lesson,
    pub module: (String, String),
    pub seats: Vec<Seated>,
    /// Anchors who are not on the list: number and name.
    pub others: Vec<(i64, String)>,
    /// What its QR code says, while the sign-in is open.
    pub code: Option<String>,
    pub today: Day,
    pub may_change: bool,
}

/// Somebody on the list.
#[derive(Debug, Clone)]
pub struct Seated {
    pub anchor_id: i64,
    pub name: String,
    pub attendance: Attendance,
    /// `None`: not by scanning.
    pub scanned_at: Option<Instant>,
}

impl Page {
    /// Day and module.
    pub fn title(&self, ctx: &Ctx) -> String {
        let module = ctx.name(&self.module.0, &self.module.1);
        fill(ctx.words.training.lesson_title, &[&self.lesson.held_on.to_string(), module])
    }

    /// Class number, hours, teacher and place.
    pub fn facts(&self, ctx: &Ctx) -> String {
        let (lesson, hours) = (&self.lesson, self.lesson.class_hours.to_string());
        fill(ctx.words.training.lesson_facts, &[&lesson.class_no, &hours, &lesson.teacher, &lesson.place])
    }
}

/// A class's page.
pub fn address(lesson_id: i64) -> String {
    format!("/branch/training/lessons/{lesson_id}")
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> anyhow::Result<Markup> {
    let (b, t, c) = (&ctx.words.branch, &ctx.words.training, &ctx.words.classes);
    let lesson = &page.lesson;
    let title = page.title(ctx);
    let steps = [
        Step { label: b.nav_training.into(), href: "/branch/training".into() },
        Step { label: t.curriculum_title.into(), href: curriculum::PATH.into() },
    ];
    let stands = lesson.called_off_on.is_none();
    let open = page.may_change && stands && lesson.held_on <= page.today;
    let body = html! {
        (trail(&steps, &title, ctx))
        section.card {
            h1 { (title) }
            p { (page.facts(ctx)) }
            @if let Some(day) = lesson.called_off_on {
                p.warn { (fill(c.called_off, &[&day.to_string(), &lesson.called_off_reason])) }
            }
            (audit::history(&[Noun::Lesson], &lesson.lesson_id.to_string(), ctx))
        }
        @if let Some(scanning) = scans::section(page, ctx)? { (scanning) }
        section.card {
            h2 { (t.sign_title) }
            p.quiet { @if lesson.held_on > page.today { (t.sign_early) } @else { (t.sign_note) } }
            form method="post" action=(address(lesson.lesson_id)) {
                div.scroll tabindex="0" role="region" aria-label=(t.sign_title) { table { tbody {
                    @for seat in &page.seats { tr {
                        th scope="row" { (seat.name) }
                        td.whole {
                            @if open {
                                input type="hidden" name={ "was" (seat.anchor_id) } value=(seat.attendance.key());
                                span.choices { @for one in Attendance::ALL { label.chip {
                                    input type="radio" name={ "seat" (seat.anchor_id) } value=(one.key())
                                        checked[one == seat.attendance];
                                    " " (t.attendance_name(one))
                                } } }
                            } @else { (t.attendance_name(seat.attendance)) }
                            @let way = scans::way(seat, lesson.held_on, ctx);
                            @if !way.is_empty() { p.quiet { (way) } }
                        }
                    } }
                } } }
                @if open { div.stacked {
                    @if !page.others.is_empty() { (others(page, ctx)) }
                    button.primary type="submit" { (t.sign_button) }
                } }
            }
        }
        @if page.may_change && stands { section.card {
            details { summary { (c.change_title) } (change_form(page, ctx)) }
            details { summary { (c.call_off_title) } (call_off_form(page, ctx)) }
        } }
    };
    Ok(shell::page(&title, Some(Section::Training), &body, ctx))
}

/// Who came without being on the list.
fn others(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.scans;
    let ids: Vec<String> = page.others.iter().map(|(id, _)| id.to_string()).collect();
    let mut options = vec![("", s.add_nobody)];
    options.extend(ids.iter().zip(&page.others).map(|(id, (_, name))| (id.as_str(), name.as_str())));
    form::select("added", s.add_person, &options)
}

fn change_form(page: &Page, ctx: &Ctx) -> Markup {
    let (t, c, lesson) = (&ctx.words.training, &ctx.words.classes, &page.lesson);
    let (on, hours) = (lesson.held_on.to_string(), lesson.class_hours.to_string());
    html! {
        p.quiet { (c.change_note) }
        form.stacked method="post" action={ (address(lesson.lesson_id)) "/change" } {
            (form::field(&Field::day("held_on", t.lesson_day).value(&on)))
            (form::field(&Field::text("class_no", t.lesson_class).value(&lesson.class_no)))
            (form::field(&Field::text("class_hours", t.lesson_hours).value(&hours)))
            (form::field(&Field::text("teacher", t.lesson_teacher).value(&lesson.teacher)))
            (form::field(&Field::text("place", t.lesson_place).value(&lesson.place)))
            (form::field(&Field::text("reason", t.reason)))
            button type="submit" { (t.save) }
        }
    }
}

fn call_off_form(page: &Page, ctx: &Ctx) -> Markup {
    let (t, c) = (&ctx.words.training, &ctx.words.classes);
    let signed = page.seats.iter().filter(|seat| seat.attendance != Attendance::Planned).count();
    html! {
        p.quiet { (c.call_off_note) }
        form.stacked method="post" action={ (address(page.lesson.lesson_id)) "/call-off" } {
            @if signed > 0 {
                label { input type="checkbox" name="void" value="yes"; " " (fill(c.call_off_void, &[&signed.to_string()])) }
            }
            (form::field(&Field::text("reason", t.reason)))
            button type="submit" { (c.call_off_button) }
        }
    }
}

/// Reads a class; `site` is where its code leads.
pub async fn load(app: &AppState, visit: &Visit, site: &str, lesson_id: i64) -> Result<Option<Page>, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let Some(lesson) = training::find_lesson(session, lesson_id).await? else { return Ok(None) };
        let modules = people::list_modules(session).await?;
        let module = modules.into_iter().find(|m| m.module_id == lesson.module_id);
        let anchors = people::list_anchors(session).await?;
        let name = |id: i64| anchors.iter().find(|a| a.anchor_id == id).map(|a| a.name.clone()).unwrap_or_default();
        let scanned = stored::list(session, lesson_id).await?;
        let at = |id: i64| scanned.iter().find(|s| s.anchor_id == id).map(|s| s.scanned_at);
        let seats = training::list_seats(session, lesson_id).await?.into_iter().map(|s| Seated {
            anchor_id: s.anchor_id,
            name: name(s.anchor_id),
            attendance: Attendance::parse(&s.attendance).unwrap_or(Attendance::Planned),
            scanned_at: at(s.anchor_id),
        });
        let seats: Vec<Seated> = seats.collect();
        let today = app.clock.today();
        let code = scans::code_of(session, &lesson, today, site).await?;
        let unlisted = anchors.iter().filter(|a| !seats.iter().any(|seat| seat.anchor_id == a.anchor_id));
        Ok::<_, anyhow::Error>(Some(Page {
            others: unlisted.map(|a| (a.anchor_id, a.name.clone())).collect(),
            seats,
            code,
            module: module.map(|m| (m.name, m.name_en)).unwrap_or_default(),
            lesson,
            today,
            may_change: visit.ctx.may_change(),
        }))
    };
    Ok(load.await?)
}

/// `GET /branch/training/lessons/{id}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(lesson_id): Path<i64>,
) -> Result<Markup, WebError> {
    let page = load(&app, &visit, &site(&app, &headers), lesson_id).await?.ok_or(WebError::NotFound)?;
    Ok(render(&page, &visit.ctx)?)
}

/// `POST /branch/training/lessons/{id}`
pub async fn sign_in(
    State(app): State<AppState>,
    visit: Visit,
    Path(lesson_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = address(lesson_id);
    let was: Vec<(i64, &str)> = fields.numbered("was").collect();
    let changed = fields.numbered("seat").filter(|seat| !was.contains(seat));
    let mut marks: Vec<(i64, Attendance)> =
        changed.filter_map(|(id, text)| Some((id, Attendance::parse(text)?))).collect();
    if fields.id("added") > 0 {
        marks.push((fields.id("added"), Attendance::Present));
    }
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    answered(service::sign_in(&desk, lesson_id, &marks).await, &here, &visit)
}

/// `POST /branch/training/lessons/{id}/change`
pub async fn update(
    State(app): State<AppState>,
    visit: Visit,
    Path(lesson_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, lesson_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let done = async {
        let changed = ChangedLesson {
            class_no: fields.text("class_no").to_owned(),
            held_on: fields.day("held_on")?,
            class_hours: fields.number("class_hours", 1, MOST_HOURS)?,
            teacher: fields.text("teacher").to_owned(),
            place: fields.text("place").to_owned(),
            reason: fields.text("reason").to_owned(),
        };
        service::change_lesson(&desk, lesson_id, &changed).await
    };
    answered(done.await, &here, &visit)
}

/// `POST /branch/training/lessons/{id}/call-off`
pub async fn call_off(
    State(app): State<AppState>,
    visit: Visit,
    Path(lesson_id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let here = there(&app, &visit, lesson_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let void = fields.text("void") == "yes";
    let done = service::call_off(&desk, lesson_id, fields.text("reason"), void).await;
    answered(done, &here, &visit)
}

/// Whether the county has such a class; its page's address.
async fn there(app: &AppState, visit: &Visit, lesson_id: i64) -> Result<String, WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let found = training::find_lesson(session, lesson_id).await.map_err(anyhow::Error::from)?;
    found.map(|_| address(lesson_id)).ok_or(WebError::NotFound)
}

/// Back to the class, or why not.
pub fn answered(done: anyhow::Result<bool>, here: &str, visit: &Visit) -> Result<Response, WebError> {
    match done {
        Ok(false) => Err(WebError::NotFound),
        done => went_on(done.map(|_| here.to_owned()), here, &visit.ctx),
    }
}
