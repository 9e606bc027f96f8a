//! Links that show the stored report of a month without signing in: made, listed with who made them and how often each was
//! opened, and revoked. A link's address is the answer to the post that makes it, and is known then and never again.

use super::{PATH, asked};
use crate::domain::calendar::{Day, clock_text, day_of, month_key};
use crate::domain::sharing::{DAYS, Standing, standing};
use crate::services::sharing;
use crate::store::month_reports;
use crate::store::sharing::{SharedReport, list_of_month};
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::public::shared_report;
use crate::web::security::site;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::trail::{Step, trail};
use crate::web::ui::{form, number, qr};
use crate::web::wording::fill;
use crate::web::{App, AppState};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub month: Day,
    /// A report is stored.
    pub has_report: bool,
    /// The newest first.
    pub links: Vec<SharedReport>,
    pub today: Day,
}

/// Where the links of a month are.
pub fn address(month: Day) -> String {
    format!("{PATH}/{}/links", month_key(month))
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sharing;
    let key = month_key(page.month);
    let title = fill(s.title, &[&key]);
    let days = DAYS.map(|days| (days.to_string(), fill(s.days_of, &[&days.to_string()])));
    let options = days.each_ref().map(|(value, label)| (value.as_str(), label.as_str()));
    let body = html! {
        (trail(&steps(page.month, ctx), s.manage, ctx))
        section.card {
            h1 { (title) }
            p.quiet { (s.note) }
            @if page.has_report {
                form.stacked method="post" action=(address(page.month)) {
                    (form::select("days", s.days, &options))
                    button.primary type="submit" { (s.make_button) }
                }
            } @else { p.empty { (s.no_report) } }
        }
        section.card { h2 { (s.list) } (list_table(page, ctx)) }
    };
    shell::page(&title, Some(Section::Locks), &body, ctx)
}

fn steps(month: Day, ctx: &Ctx) -> [Step; 2] {
    let key = month_key(month);
    [
        Step { label: ctx.words.months.nav.to_owned(), href: PATH.to_owned() },
        Step { href: format!("{PATH}/{key}"), label: key },
    ]
}

fn list_table(page: &Page, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sharing;
    if page.links.is_empty() {
        return html! { p.empty { (s.list_none) } };
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label=(s.list) { table {
            thead { tr {
                th scope="col" { (s.col_report) } th scope="col" { (s.col_made) } th scope="col" { (s.col_until) }
                th scope="col" { (s.col_standing) } th.number scope="col" { (s.col_opened) } th scope="col" { (s.col_last) } th {}
            } }
            tbody { @for link in &page.links { tr {
                @let stands = standing(link.expires_on, link.revoked_at.is_some(), page.today);
                td.whole { (fill(ctx.words.review.report_no, &[&link.report_no.to_string()])) }
                td { (link.made_by) " · " (clock_text(link.made_at)) }
                td.whole { (link.expires_on) }
                td { (state(link, stands, ctx)) }
                td.number { (fill(s.times, &[&number::grouped(link.openings)])) }
                td.whole { (link.last_opened_at.map_or_else(|| s.never.to_owned(), clock_text)) }
                td.whole { @if stands == Standing::Open {
                    form method="post" action={ (address(page.month)) "/" (link.link_id) "/revoke" } {
                        button.plain type="submit" { (s.revoke) }
                    }
                } }
            } } }
        } }
    }
}

fn state(link: &SharedReport, stands: Standing, ctx: &Ctx) -> Markup {
    let s = &ctx.words.sharing;
    html! { @match (stands, link.revoked_at) {
        (Standing::Open, _) => span.tag { (s.open) },
        (Standing::Revoked, Some(at)) => span.quiet { (fill(s.revoked, &[&link.revoked_by, &clock_text(at)])) },
        _ => span.quiet { (s.expired) },
    } }
}

/// `GET /months/{month}/links`; a reader of a part of the county has the list of months, which says why.
pub async fn list(State(app): State<AppState>, visit: Visit, Path(month): Path<String>) -> Result<Response, WebError> {
    let Some(month) = asked(visit.scope()?, &month)? else { return Ok(Redirect::to(PATH).into_response()) };
    Ok(render(&load(&app, &visit, month).await?, &visit.ctx).into_response())
}

async fn load(app: &App, visit: &Visit, month: Day) -> Result<Page, WebError> {
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let has_report = !month_reports::list_of_month(session, month).await?.is_empty();
        let links = list_of_month(session, month).await?;
        Ok::<_, anyhow::Error>(Page { month, has_report, links, today: app.clock.today() })
    };
    Ok(load.await?)
}

/// The form.
#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    #[serde(default)]
    days: String,
}

/// `POST /months/{month}/links`: makes a link and answers with it.
pub async fn create(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(month): Path<String>,
    Form(form): Form<Asked>,
) -> Result<Response, WebError> {
    let month = asked(visit.scope()?, &month)?.ok_or(WebError::NotFound)?;
    let days = form.days.parse().map_err(|_| WebError::BadRequest)?;
    let actor = visit.actor()?;
    match sharing::share(&app.desk(&visit, &actor)?, month, days).await {
        Ok(code) => {
            let page = load(&app, &visit, month).await?;
            let until = page.links.first().map_or(day_of(app.clock.now()), |link| link.expires_on);
            let shown = shared_report::address(&site(&app, &headers), &code);
            Ok(made(month, &shown, until, &visit.ctx)?.into_response())
        }
        Err(error) => refused(error, &address(month), &visit.ctx),
    }
}

/// The page of a link just made.
fn made(month: Day, link: &str, until: Day, ctx: &Ctx) -> anyhow::Result<Markup> {
    let s = &ctx.words.sharing;
    let key = month_key(month);
    let body = html! {
        div.on-screen { (trail(&steps(month, ctx), s.manage, ctx)) }
        section.card {
            h1 { (s.made_title) }
            p { (fill(s.title, &[&key])) " · " (fill(s.made_until, &[&until.to_string()])) }
            p.warn.on-screen { (s.made_once) }
            (qr::code(link, s.qr_shared)?)
            p { code { (link) } }
            p.actions.on-screen {
                a.button.primary href={ (link) "/report.pdf?lang=" (ctx.lang.key()) } download { (s.made_pdf) }
                a.button href=(address(month)) { (s.list) }
            }
        }
    };
    Ok(shell::page(s.made_title, Some(Section::Locks), &body, ctx))
}

/// `POST /months/{month}/links/{id}/revoke`
pub async fn revoke(
    State(app): State<AppState>,
    visit: Visit,
    Path((month, link_id)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let month = asked(visit.scope()?, &month)?.ok_or(WebError::NotFound)?;
    let actor = visit.actor()?;
    let was_there = sharing::revoke(&app.desk(&visit, &actor)?, month, link_id).await?;
    if was_there { Ok(Redirect::to(&address(month)).into_response()) } else { Err(WebError::NotFound) }
}
