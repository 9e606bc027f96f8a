//! A year's locked months side by side as a PDF, from their stored reports: told in the audit trail and counted as every file
//! that leaves.

use super::PATH;
use super::paper::pdf;
use crate::domain::audit::{Change, Noun, Verb};
use crate::reports::year::{self, Stored};
use crate::services::{exports, month_reports};
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::error::{WebError, refused};
use axum::extract::{Path, State};
use axum::response::Response;

/// Where the PDF of a year is.
pub fn address(year: i32) -> String {
    format!("{PATH}/years/{year}/report.pdf")
}

/// `GET /months/years/{year}/report.pdf`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(year): Path<i32>) -> Result<Response, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    if !scope.is_whole_county() {
        return Err(WebError::NotFound);
    }
    let load =
        async { Ok::<_, anyhow::Error>(month_reports::list_standing(&mut app.store.read(scope).await?, year).await?) };
    let stored = load.await?.filter(|stored| !stored.is_empty()).ok_or(WebError::NotFound)?;
    let change = Change::new(Verb::Export, Noun::Month, year.to_string());
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        return refused(error, PATH, &visit.ctx);
    }
    let reports: Vec<Stored<'_>> =
        stored.iter().map(|s| Stored { document: &s.document, sha256: &s.head.sha256 }).collect();
    let paper = year::paper(year, &reports, visit.ctx.lang)?;
    Ok(pdf(&format!("red-anchor-{year}.pdf"), app.press.make_once(paper).await?))
}
