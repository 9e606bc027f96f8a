//! A household's month as a PDF for the village contact, who brings it round: told in the audit trail by the household's
//! number, and counted as every file that leaves.

use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{month_key, parse_month};
use crate::reports::statement;
use crate::services::exports;
use crate::store::people;
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::error::{WebError, refused};
use crate::web::farmer::{month, paper};
use crate::web::months::paper::pdf;
use axum::extract::{Path, State};
use axum::response::Response;

/// `GET /village/farmers/{id}/months/{month}/statement.pdf`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path((farmer_id, month)): Path<(i64, String)>,
) -> Result<Response, WebError> {
    let month = parse_month(&month).ok_or(WebError::BadRequest)?;
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let page = month::load(session, farmer_id, month, app.clock.today()).await?;
        let Some(page) = page else { return Ok(None) };
        let farmers = people::list_farmers(session).await?;
        let key = farmers.into_iter().find(|f| f.farmer_id == farmer_id).map(|f| f.farmer_key).unwrap_or_default();
        Ok::<_, anyhow::Error>(Some(paper::of_page(&app, session, page, key).await?))
    };
    let statement = load.await?.ok_or(WebError::NotFound)?;
    let change = Change::new(Verb::Export, Noun::Farmer, farmer_id.to_string()).after(Field::From, month);
    if let Err(error) = exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        return refused(error, &format!("/village/farmers/{farmer_id}/months/{}", month_key(month)), &visit.ctx);
    }
    let name = format!("red-anchor-{}-{}.pdf", statement.key, month_key(month));
    Ok(pdf(&name, app.press.make(statement::paper(&statement, visit.ctx.lang)).await?))
}
