//! The stored report of a month, and a year's, as tables: a workbook whose sums are formulas, and CSV. Told in the audit trail
//! and counted as every file that leaves.

use super::PATH;
use super::taking::{self, Found};
use crate::domain::audit::{Change, Noun, Verb};
use crate::domain::calendar::month_key;
use crate::domain::lang::Lang;
use crate::reports::month::Printed;
use crate::reports::month_book::Tables;
use crate::reports::templates::Templates;
use crate::reports::{year, year_book};
use crate::services::exports;
use crate::services::month_reports::list_standing;
use crate::store::month_reports::Head;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::spreadsheet::Format;
use crate::web::{App, AppState};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

/// Where the tables of a report are.
pub fn addresses(head: &Head, ctx: &Ctx) -> Vec<(Format, String)> {
    let (month, number, lang) = (month_key(head.month), head.report_no, ctx.lang.key());
    let address =
        |format: Format| (format, format!("{PATH}/{month}/reports/{number}/report.{}?lang={lang}", format.key()));
    Format::ALL.map(address).to_vec()
}

/// Where the tables of a year are.
pub fn year_addresses(year: i32, ctx: &Ctx) -> Vec<(Format, String)> {
    let lang = ctx.lang.key();
    Format::ALL.map(|format| (format, format!("{PATH}/years/{year}/report.{}?lang={lang}", format.key()))).to_vec()
}

/// The tables of a stored report as an answer, behind a link or not.
pub async fn of_report(
    app: &App,
    found: Found,
    is_shared: bool,
    format: Format,
    lang: Lang,
) -> anyhow::Result<Response> {
    let Found { stored, is_superseded } = found;
    let stem = format!("red-anchor-{}-report-{}", month_key(stored.head.month), stored.head.report_no);
    let make = move |templates: &Templates| {
        let (document, sha256) = (stored.document.as_str(), stored.head.sha256.as_str());
        let printed = Printed { document, sha256, address: "", is_shared, is_superseded };
        let tables = Tables::read(&printed, lang, templates)?;
        match format {
            Format::Xlsx => tables.xlsx(),
            Format::Csv => tables.csv(),
        }
    };
    let bytes = app.press.tables(make).await?;
    Ok((format.headers(&stem), bytes).into_response())
}

async fn answer(app: &App, visit: &Visit, month: &str, report_no: i64, format: Format) -> Result<Response, WebError> {
    let found = taking::find(app, visit.scope()?, month, report_no).await?;
    if let Some(refused) = taking::tell(app, visit, &found.stored).await? {
        return Ok(refused);
    }
    Ok(of_report(app, found, false, format, visit.ctx.lang).await?)
}

/// `GET /months/{month}/reports/{id}/report.xlsx`
pub async fn xlsx(
    State(app): State<AppState>,
    visit: Visit,
    Path((month, report_no)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    answer(&app, &visit, &month, report_no, Format::Xlsx).await
}

/// `GET /months/{month}/reports/{id}/report.csv`
pub async fn csv(
    State(app): State<AppState>,
    visit: Visit,
    Path((month, report_no)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    answer(&app, &visit, &month, report_no, Format::Csv).await
}

/// `GET /months/years/{year}/report.xlsx`
pub async fn year_xlsx(State(app): State<AppState>, visit: Visit, Path(year): Path<i32>) -> Result<Response, WebError> {
    of_year(&app, &visit, year, Format::Xlsx).await
}

/// `GET /months/years/{year}/report.csv`
pub async fn year_csv(State(app): State<AppState>, visit: Visit, Path(year): Path<i32>) -> Result<Response, WebError> {
    of_year(&app, &visit, year, Format::Csv).await
}

async fn of_year(app: &App, visit: &Visit, year: i32, format: Format) -> Result<Response, WebError> {
    let (scope, actor, lang) = (visit.scope()?, visit.actor()?, visit.ctx.lang);
    if !scope.is_whole_county() {
        return Err(WebError::NotFound);
    }
    let load = async { Ok::<_, anyhow::Error>(list_standing(&mut app.store.read(scope).await?, year).await?) };
    let stored = load.await?.filter(|stored| !stored.is_empty()).ok_or(WebError::NotFound)?;
    let change = Change::new(Verb::Export, Noun::Month, year.to_string());
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        return refused(error, PATH, &visit.ctx);
    }
    let make = move |templates: &Templates| {
        let reports: Vec<year::Stored<'_>> =
            stored.iter().map(|s| year::Stored { document: &s.document, sha256: &s.head.sha256 }).collect();
        match format {
            Format::Xlsx => year_book::book(year, &reports, lang, templates),
            Format::Csv => year_book::csv(year, &reports, lang, templates),
        }
    };
    let bytes = app.press.tables(make).await?;
    Ok((format.headers(&format!("red-anchor-{year}")), bytes).into_response())
}
