//! What is done about a stream from its page: when it really was, and calling it off.

use super::plan_form::window;
use crate::domain::problem::{Planning, Problem};
use crate::services::plans::{self, MOST_HOURS, Meant};
use crate::store::streams;
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::error::{WebError, refused};
use crate::web::ui::form::Why;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// When it was; and that a locked month is meant to move.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Times {
    day: String,
    from: String,
    to: String,
    confirmed: String,
    reason: String,
}

/// `POST /branch/streams/{id}/times`
pub async fn note_times(
    State(app): State<AppState>,
    visit: Visit,
    Path(stream_id): Path<i64>,
    Form(typed): Form<Times>,
) -> Result<Response, WebError> {
    hold_there(&app, &visit, stream_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    let meant = Meant { confirmed: !typed.confirmed.is_empty(), reason: &typed.reason };
    let work = async {
        let times = window(&typed.day, &typed.from, &typed.to);
        let times = times.ok_or_else(|| Problem::from(Planning::BadWindow { hours: MOST_HOURS }))?;
        plans::note_times(&desk, stream_id, times, meant).await
    };
    answer(Box::pin(work).await, stream_id, &visit)
}

/// `POST /branch/streams/{id}/call-off`
pub async fn call_off(
    State(app): State<AppState>,
    visit: Visit,
    Path(stream_id): Path<i64>,
    Form(typed): Form<Why>,
) -> Result<Response, WebError> {
    hold_there(&app, &visit, stream_id).await?;
    let actor = visit.actor()?;
    let desk = app.desk(&visit, &actor)?;
    answer(Box::pin(plans::call_off(&desk, stream_id, &typed.reason)).await, stream_id, &visit)
}

/// What is not there is no such page, whatever was typed about it.
async fn hold_there(app: &AppState, visit: &Visit, stream_id: i64) -> Result<(), WebError> {
    let scope = visit.scope()?;
    let find = async { Ok::<_, anyhow::Error>(streams::find(&mut app.store.read(scope).await?, stream_id).await?) };
    find.await?.map(|_| ()).ok_or(WebError::NotFound)
}

fn answer(done: anyhow::Result<bool>, stream_id: i64, visit: &Visit) -> Result<Response, WebError> {
    let back = format!("/branch/streams/{stream_id}");
    match done {
        Ok(true) => Ok(Redirect::to(&back).into_response()),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => refused(error, &back, &visit.ctx),
    }
}
