//! Signing in to a class by scanning, from the branch's side: opening and closing it, its code on the class's page and
//! large on a wall or on paper, who has come so far.
//!
//! Not here: the sheet that is typed in and puts a scan right (`lesson`), the page a code leads to (`anchor::class`).

use super::lesson::{self, Seated};
use crate::domain::calendar::{Day, day_of, time_text};
use crate::domain::scans::is_open;
use crate::domain::training::Attendance;
use crate::services::scans as service;
use crate::store::scans::{self, Code};
use crate::store::training::Lesson;
use crate::store::{Session, StoreError};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::security::site;
use crate::web::ui::qr;
use crate::web::ui::shell;
use crate::web::wording::fill;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// Seconds after which the page on the wall asks again who has come.
const AGAIN_SECONDS: &str = "15";

/// Where a class's sign-in is opened, and shown large.
pub fn address(lesson_id: i64) -> String {
    format!("{}/scan", lesson::address(lesson_id))
}

/// What the code of a class says, while its sign-in is open: the page it leads to.
pub async fn code_of(
    session: &mut Session,
    lesson: &Lesson,
    today: Day,
    site: &str,
) -> Result<Option<String>, StoreError> {
    let code = scans::find_code(session, lesson.lesson_id).await?;
    let stands = |code: &Code| is_open(lesson.held_on, lesson.called_off_on.is_some(), day_of(code.opened_at), today);
    let address = |Code { code, .. }| format!("{site}/anchor/classes/{}?code={code}", lesson.lesson_id);
    Ok(code.filter(stands).map(address))
}

/// How somebody came to be written down so; '' before anything is.
pub fn way(seat: &Seated, held_on: Day, ctx: &Ctx) -> String {
    let s = &ctx.words.scans;
    match (seat.scanned_at, seat.attendance) {
        (Some(at), Attendance::Present) => fill(s.way_scan, &[&time_text(at, held_on)]),
        (Some(at), _) => fill(s.way_changed, &[&time_text(at, held_on)]),
        (None, Attendance::Planned) => String::new(),
        (None, _) => s.way_hand.to_owned(),
    }
}

/// The part of a class's page about scanning; nothing on another day than the class's.
pub fn section(page: &lesson::Page, ctx: &Ctx) -> anyhow::Result<Option<Markup>> {
    let (s, here) = (&ctx.words.scans, address(page.lesson.lesson_id));
    if !page.may_change || page.lesson.called_off_on.is_some() || page.lesson.held_on != page.today {
        return Ok(None);
    }
    let body = match &page.code {
        None => html! {
            p.quiet { (s.open_note) }
            form method="post" action=(here) { button.primary type="submit" { (s.open_button) } }
        },
        Some(code) => html! {
            p { (s.is_open) }
            div.qr-box { (qr::code(code, s.code_label)?) }
            (present(page, ctx))
            p { a.button href=(here) { (s.screen_link) } }
            div.actions {
                form method="post" action={ (here) "/close" } { button type="submit" { (s.close_button) } }
                form method="post" action=(here) { button type="submit" { (s.again_button) } }
            }
            p.quiet { (s.again_note) }
        },
    };
    Ok(Some(html! { section.card { h2 { (s.title) } (body) } }))
}

/// How many have signed in so far, and who.
fn present(page: &lesson::Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.scans;
    let mut present: Vec<&Seated> = page.seats.iter().filter(|seat| seat.attendance == Attendance::Present).collect();
    present.sort_by_key(|seat| (seat.scanned_at.is_none(), seat.scanned_at));
    html! {
        p { strong { (fill(s.counted, &[&present.len().to_string(), &page.seats.len().to_string()])) } }
        @if present.is_empty() { p.quiet { (s.nobody) } }
        @else { ul.present { @for seat in present { li {
            (seat.name) " " span.quiet { (way(seat, page.lesson.held_on, ctx)) }
        } } } }
    }
}

/// The page for a wall or a sheet of paper.
fn screen(page: &lesson::Page, ctx: &Ctx) -> anyhow::Result<Markup> {
    let s = &ctx.words.scans;
    let title = page.title(ctx);
    let body = html! {
        main #main.scan-page {
            h1 { (title) }
            p { (page.facts(ctx)) }
            @match &page.code {
                Some(code) => {
                    (qr::code(code, s.code_label)?)
                    p.scan-how { (s.screen_how) }
                    div.on-screen { (present(page, ctx)) }
                },
                None => p.warn { (s.screen_closed) },
            }
            p.on-screen { a href=(lesson::address(page.lesson.lesson_id)) { (s.screen_back) } }
        }
    };
    Ok(shell::bare(&title, "", &body, ctx))
}

/// `GET /branch/training/lessons/{id}/scan`: large, and asking again by itself while it is open.
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(lesson_id): Path<i64>,
) -> Result<Response, WebError> {
    let page = lesson::load(&app, &visit, &site(&app, &headers), lesson_id).await?.ok_or(WebError::NotFound)?;
    let shown = screen(&page, &visit.ctx)?;
    Ok(match page.code {
        Some(_) => ([(header::REFRESH, AGAIN_SECONDS)], shown).into_response(),
        None => shown.into_response(),
    })
}

/// `POST /branch/training/lessons/{id}/scan`: opens it, with a new code.
pub async fn open(State(app): State<AppState>, visit: Visit, Path(lesson_id): Path<i64>) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    lesson::answered(service::open(&desk, lesson_id).await, &lesson::address(lesson_id), &visit)
}

/// `POST /branch/training/lessons/{id}/scan/close`
pub async fn close(
    State(app): State<AppState>,
    visit: Visit,
    Path(lesson_id): Path<i64>,
) -> Result<Response, WebError> {
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    lesson::answered(service::close(&desk, lesson_id).await, &lesson::address(lesson_id), &visit)
}
