//! The stored report of a month as a PDF: told in the audit trail and counted as every file that leaves.

use super::PATH;
use super::taking::{self, Found};
use crate::domain::calendar::month_key;
use crate::domain::lang::Lang;
use crate::reports::month::{self, Printed};
use crate::store::month_reports::{Head, Stored};
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::security::site;
use crate::web::{App, AppState};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

/// Where the PDF of a report is.
pub fn address(head: &Head, ctx: &Ctx) -> String {
    let (month, number, lang) = (month_key(head.month), head.report_no, ctx.lang.key());
    format!("{PATH}/{month}/reports/{number}/report.pdf?lang={lang}")
}

/// `GET /months/{month}/reports/{id}/report.pdf`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path((month, report_no)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let Found { stored, is_superseded } = taking::find(&app, visit.scope()?, &month, report_no).await?;
    if let Some(refused) = taking::tell(&app, &visit, &stored).await? {
        return Ok(refused);
    }
    let address = format!("{}{}", site(&app, &headers), taking::page(&stored));
    let printed = Printed {
        document: &stored.document,
        sha256: &stored.head.sha256,
        address: &address,
        is_shared: false,
        is_superseded,
    };
    Ok(pdf(&name(&stored), made(&app, &printed, visit.ctx.lang).await?))
}

/// A report's PDF, made once of the same facts.
pub async fn made(app: &App, printed: &Printed<'_>, lang: Lang) -> anyhow::Result<Vec<u8>> {
    app.press.make_once(month::paper(printed, lang)?).await
}

/// The name of a report's PDF.
pub fn name(stored: &Stored) -> String {
    format!("red-anchor-{}-report-{}.pdf", month_key(stored.head.month), stored.head.report_no)
}

/// A PDF's answer.
pub fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
