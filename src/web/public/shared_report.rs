//! What a link to a stored report opens: the report as it was stored, its hash, the original, a PDF and tables. Nobody signs in, so
//! nothing but the stored document is read; search engines are told to stay away, and each opening is counted.

use crate::domain::calendar::clock_text;
use crate::domain::month_report::Report;
use crate::domain::sharing::Standing;
use crate::reports::month::Printed;
use crate::reports::press::Busy;
use crate::services::sharing::{self, Opened, Shared};
use crate::store::rows;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::months::report::{self, Around, Shown};
use crate::web::months::taking::Found;
use crate::web::months::{paper, tables};
use crate::web::security::site;
use crate::web::spreadsheet::Format;
use crate::web::ui::{qr, shell};
use crate::web::wording::fill;
use crate::web::{App, AppState};
use anyhow::Context;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// Where a link leads.
pub fn address(site: &str, code: &str) -> String {
    format!("{site}/shared/{code}")
}

/// The page of a link that opens.
fn render(shared: &Shared, link: &str, ctx: &Ctx) -> anyhow::Result<Markup> {
    let s = &ctx.words.sharing;
    let report = Report::parse(&shared.stored.document).context("a stored report is read")?;
    let shown = Shown { head: shared.stored.head.clone(), report };
    let (by, at, until) = (&shared.link.made_by, clock_text(shared.link.made_at), shared.link.expires_on.to_string());
    let around = Around {
        superseded: shared.is_superseded.then_some(s.superseded),
        original: format!("{link}/report.json"),
        pdf: format!("{link}/report.pdf?lang={}", ctx.lang.key()),
        tables: Format::ALL
            .map(|format| (format, format!("{link}/report.{}?lang={}", format.key(), ctx.lang.key())))
            .to_vec(),
        qr: Some((qr::code(link, s.qr_shared)?, s.qr_shared)),
    };
    let body = html! {
        section.card.on-screen { p { (fill(s.shared_note, &[by, &at, &until])) } }
        (report::sheet(&shown, &around, ctx))
    };
    let title = fill(ctx.words.review.report_title, &[&shown.report.county.name, &shown.report.month]);
    Ok(shell::page(&title, None, &body, ctx))
}

/// The page of a link that does not open: it was, or it never was.
fn closed(opened: &Opened, ctx: &Ctx) -> Response {
    let s = &ctx.words.sharing;
    let (status, title, why) = match opened {
        Opened::Ended(Standing::Revoked) => (StatusCode::GONE, s.ended_title, s.ended_revoked),
        Opened::Ended(_) => (StatusCode::GONE, s.ended_title, s.ended_expired),
        _ => (StatusCode::NOT_FOUND, s.unknown_title, s.unknown),
    };
    let body = html! { section.card { h1 { (title) } p role="alert" { (why) } } };
    unlisted((status, shell::page(title, None, &body, ctx)).into_response())
}

fn unlisted(mut response: Response) -> Response {
    let value = HeaderValue::from_static("noindex, nofollow, noarchive");
    response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), value);
    response
}

/// `GET /shared/{code}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<Response, WebError> {
    let opened = sharing::open(&app.store, &code, &app.clock).await?;
    let Opened::Shown(shared) = &opened else { return Ok(closed(&opened, &visit.ctx)) };
    let page = render(shared, &address(&site(&app, &headers), &code), &visit.ctx)?;
    sharing::count(&app.store, shared, &app.clock).await?;
    Ok(unlisted(page.into_response()))
}

/// `GET /shared/{code}/report.json`: the bytes as they are stored.
pub async fn original(
    State(app): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Response, WebError> {
    let opened = sharing::open(&app.store, &code, &app.clock).await?;
    let Opened::Shown(shared) = opened else { return Ok(closed(&opened, &visit.ctx)) };
    let county = rows::region(&shared.link.county_code).map_err(anyhow::Error::from)?;
    Ok(unlisted(report::original(county, shared.stored)))
}

/// `GET /shared/{code}/report.pdf`
pub async fn pdf(State(app): State<AppState>, visit: Visit, Path(code): Path<String>) -> Result<Response, WebError> {
    let opened = sharing::open(&app.store, &code, &app.clock).await?;
    let Opened::Shown(shared) = &opened else { return Ok(closed(&opened, &visit.ctx)) };
    let made = printed(&app, shared, &visit.ctx).await;
    made_or_busy(made.map(|bytes| paper::pdf(&paper::name(&shared.stored), bytes)))
}

/// `GET /shared/{code}/report.xlsx`
pub async fn xlsx(State(app): State<AppState>, visit: Visit, Path(code): Path<String>) -> Result<Response, WebError> {
    as_tables(&app, &visit, &code, Format::Xlsx).await
}

/// `GET /shared/{code}/report.csv`
pub async fn csv(State(app): State<AppState>, visit: Visit, Path(code): Path<String>) -> Result<Response, WebError> {
    as_tables(&app, &visit, &code, Format::Csv).await
}

async fn as_tables(app: &App, visit: &Visit, code: &str, format: Format) -> Result<Response, WebError> {
    let opened = sharing::open(&app.store, code, &app.clock).await?;
    let Opened::Shown(shared) = opened else { return Ok(closed(&opened, &visit.ctx)) };
    let found = Found { stored: shared.stored, is_superseded: shared.is_superseded };
    made_or_busy(tables::of_report(app, found, true, format, visit.ctx.lang).await)
}

/// Whoever has a link cannot keep the site busy: where too many documents are waited for, the next is put off.
fn made_or_busy(made: anyhow::Result<Response>) -> Result<Response, WebError> {
    match made {
        Ok(response) => Ok(unlisted(response)),
        Err(error) if error.is::<Busy>() => Ok(unlisted(StatusCode::SERVICE_UNAVAILABLE.into_response())),
        Err(error) => Err(error.into()),
    }
}

/// Nobody signed in vouches for the name the site was asked by, so the paper does not bear it.
async fn printed(app: &App, shared: &Shared, ctx: &Ctx) -> anyhow::Result<Vec<u8>> {
    let printed = Printed {
        document: &shared.stored.document,
        sha256: &shared.stored.head.sha256,
        address: "",
        is_shared: true,
        is_superseded: shared.is_superseded,
    };
    paper::made(app, &printed, ctx.lang).await
}
