//! A household's month as a PDF in large type. The household's own device takes its own and is not counted: it could as well
//! look at the page. Nothing of it is kept by the server.

use super::month::{self, Page};
use crate::domain::access::Scope;
use crate::domain::calendar::{month_key, parse_month};
use crate::reports::statement::{self, Statement};
use crate::store::{Session, counties};
use crate::web::context::Visit;
use crate::web::error::WebError;
use crate::web::months::paper::pdf;
use crate::web::{App, AppState};
use axum::extract::{Path, State};
use axum::response::Response;

/// `GET /farmer/months/{month}/statement.pdf`
pub async fn show(State(app): State<AppState>, visit: Visit, Path(month): Path<String>) -> Result<Response, WebError> {
    let month = parse_month(&month).ok_or(WebError::BadRequest)?;
    let scope = visit.scope()?;
    let Scope::Farmer { farmer_id, .. } = scope else { return Err(WebError::Forbidden) };
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let page = month::load(session, farmer_id, month, app.clock.today()).await?;
        let Some(page) = page else { return Ok(None) };
        Ok::<_, anyhow::Error>(Some(of_page(&app, session, page, String::new()).await?))
    };
    let statement = load.await?.ok_or(WebError::NotFound)?;
    let name = format!("red-anchor-{}.pdf", month_key(month));
    Ok(pdf(&name, app.press.make(statement::paper(&statement, visit.ctx.lang)).await?))
}

/// What the page shows, for paper.
pub async fn of_page(app: &App, session: &mut Session, page: Page, key: String) -> anyhow::Result<Statement> {
    let mut days = page.days;
    // paper is read from the month's first day on
    days.reverse();
    Ok(Statement {
        household: page.household,
        key,
        village: page.village,
        county: counties::get(session).await?.name,
        month: page.month,
        arrived_fen: page.arrived.as_ref().map(|arrived| arrived.fen),
        recorded_since: page.recorded_since,
        outstanding_fen: page.arrived.as_ref().map(|arrived| arrived.outstanding_fen),
        due_fen: page.due_fen,
        due_on: page.due_on,
        pending_fen: page.pending_fen,
        sold: page.sold,
        returned: page.returned.into_iter().map(|row| (row.outcome.key(), row.orders)).collect(),
        days,
        phone: page.phone.unwrap_or_default(),
        as_of: page.as_of,
        demo: app.demo,
        made_at: app.clock.now(),
    })
}
