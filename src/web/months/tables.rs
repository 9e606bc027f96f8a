//! The stored report of a month, and a year's, as tables: a workbook whose sums are formulas, and CSV. Told in the audit trail
//! and counted as every file that leaves.

use super::{PATH, asked};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key};
use crate::domain::lang::Lang;
use crate::reports::month::Printed;
use crate::reports::month_book::Tables;
use crate::reports::templates::Templates;
use crate::reports::{year, year_book};
use crate::services::month_reports::list_standing;
use crate::services::{exports, sharing};
use crate::store::month_reports::{self, Head, Stored};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::{WebError, refused};
use crate::web::spreadsheet::Format;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

/// Where the tables of a report are.
pub fn addresses(head: &Head, ctx: &Ctx) -> Vec<(Format, String)> {
    let (month, number, lang) = (month_key(head.month), head.report_no, ctx.lang.key());
    let address =
        |format: Format| (format, format!("{PATH}/{month}/reports/{number}/report.{}?lang={lang}", format.key()));
    Format::ALL.map(address).to_vec()
}

/// Where the workbook of a year is.
pub fn year_address(year: i32) -> String {
    format!("{PATH}/years/{year}/report.xlsx")
}

fn made(stored: &Stored, is_superseded: bool, format: Format, lang: Lang, from: &Templates) -> anyhow::Result<Vec<u8>> {
    let (document, sha256) = (stored.document.as_str(), stored.head.sha256.as_str());
    let printed = Printed { document, sha256, address: "", is_shared: false, is_superseded };
    let tables = Tables::read(&printed, lang, from)?;
    match format {
        Format::Xlsx => tables.xlsx(),
        Format::Csv => tables.csv(),
    }
}

async fn answer(app: AppState, visit: Visit, month: Day, report_no: i64, format: Format) -> Result<Response, WebError> {
    let (scope, actor, lang) = (visit.scope()?, visit.actor()?, visit.ctx.lang);
    let find = async {
        let session = &mut app.store.read(scope).await?;
        let stored = month_reports::find(session, report_no).await?.filter(|stored| stored.head.month == month);
        let Some(stored) = stored else { return Ok(None) };
        let is_superseded = sharing::is_superseded(session, &stored).await?;
        Ok::<_, anyhow::Error>(Some((stored, is_superseded)))
    };
    let (stored, is_superseded) = find.await?.ok_or(WebError::NotFound)?;
    let key = month_key(month);
    let change = Change::new(Verb::Export, Noun::Month, key.clone()).after(Field::Number, report_no);
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        return refused(error, &format!("{PATH}/{key}"), &visit.ctx);
    }
    let stem = format!("red-anchor-{key}-report-{report_no}");
    let bytes = app.press.tables(move |templates| made(&stored, is_superseded, format, lang, templates)).await?;
    Ok((format.headers(&stem), bytes).into_response())
}

/// `GET /months/{month}/reports/{id}/report.xlsx`
pub async fn xlsx(
    State(app): State<AppState>,
    visit: Visit,
    Path((month, report_no)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let month = asked(visit.scope()?, &month)?.ok_or(WebError::NotFound)?;
    answer(app, visit, month, report_no, Format::Xlsx).await
}

/// `GET /months/{month}/reports/{id}/report.csv`
pub async fn csv(
    State(app): State<AppState>,
    visit: Visit,
    Path((month, report_no)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let month = asked(visit.scope()?, &month)?.ok_or(WebError::NotFound)?;
    answer(app, visit, month, report_no, Format::Csv).await
}

/// `GET /months/years/{year}/report.xlsx`
pub async fn of_year(State(app): State<AppState>, visit: Visit, Path(year): Path<i32>) -> Result<Response, WebError> {
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
        year_book::book(year, &reports, lang, templates)
    };
    let bytes = app.press.tables(make).await?;
    Ok((Format::Xlsx.headers(&format!("red-anchor-{year}")), bytes).into_response())
}
