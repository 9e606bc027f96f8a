//! A household's month as the village contact prints it: what the household itself sees, without the ways further in.

use crate::domain::calendar::{Day, month_start, parse_month};
use crate::store::people;
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::error::WebError;
use crate::web::farmer::month;
use axum::extract::{Path, State};
use maud::Markup;

/// `GET /village/farmers/{id}`: this month.
pub async fn current(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let today = month_start(app.clock.today());
    respond(&app, &visit, id, today).await
}

/// `GET /village/farmers/{id}/months/{month}`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Path((id, month)): Path<(i64, String)>,
) -> Result<Markup, WebError> {
    let month = parse_month(&month).ok_or(WebError::BadRequest)?;
    respond(&app, &visit, id, month).await
}

async fn respond(app: &AppState, visit: &Visit, farmer_id: i64, month: Day) -> Result<Markup, WebError> {
    let session = &mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?;
    let page = month::load(session, farmer_id, month, app.clock.today()).await?.ok_or(WebError::NotFound)?;
    let farmers = people::list_farmers(session).await.map_err(anyhow::Error::from)?;
    let key = farmers.into_iter().find(|f| f.farmer_id == farmer_id).map(|f| f.farmer_key);
    let months_at = format!("/village/farmers/{farmer_id}/months");
    let page = month::Page { months_at, payouts_at: None, contact_key: Some(key.unwrap_or_default()), ..page };
    Ok(month::render(&page, &visit.ctx))
}
