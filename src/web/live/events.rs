//! A moving part of a page as server-sent events: its HTML whenever it changes, numbered, so that a browser that comes
//! back is told only what is new to it.
//!
//! On a day that stands still nothing moves: what is known is told once and the browser is asked to come back seldom.

use super::hub::{Full, Viewer};
use crate::clock::Clock;
use crate::domain::calendar::Instant;
use crate::domain::live::Snapshot;
use crate::services::live;
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::error::WebError;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use futures::stream::{self, Stream};
use maud::Markup;
use std::convert::Infallible;
use std::time::Duration;

/// After how long a browser asks again when the connection is lost.
const RETRY: Duration = Duration::from_secs(2);
/// The same on a day that stands still.
const RETRY_STANDING: Duration = Duration::from_hours(1);
/// A sign of life, so that nothing between takes the connection for dead.
const ALIVE: Duration = Duration::from_secs(15);

/// After so long a connection is ended and the browser asks again: whoever was signed out since is not let in again.
const LONGEST: TimeDelta = TimeDelta::minutes(30);

/// What a snapshot looks like to a viewer.
pub type Look = Box<dyn Fn(&Snapshot) -> Markup + Send + Sync>;

/// Answers with the events of the reader's county; nothing for a reader of a part of it.
pub async fn answer(app: &AppState, visit: &Visit, headers: &HeaderMap, look: Look) -> Result<Response, WebError> {
    let scope = visit.scope()?;
    if !scope.is_whole_county() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    if !matches!(app.clock, Clock::System) {
        let read = async { live::snapshot(&mut app.store.read(scope).await?, app.clock.now()).await };
        let once = event(&read.await?, &look).retry(RETRY_STANDING);
        return Ok(Sse::new(stream::iter([Ok::<_, Infallible>(once)])).into_response());
    }
    let session = &visit.reader()?.login.session_id;
    match app.live.watch(&app.store, &app.clock, scope.county(), session) {
        Ok(viewer) => {
            let until = app.clock.now() + LONGEST;
            let events = events(viewer, known, until, look);
            Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response())
        }
        Err(Full) => Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
    }
}

fn events(viewer: Viewer, known: String, until: Instant, look: Look) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((viewer, known, look), move |(mut viewer, known, look)| async move {
        loop {
            let snapshot = viewer.next().await?;
            let id = snapshot.id();
            if snapshot.at > until {
                return None;
            }
            if id != known {
                return Some((Ok(event(&snapshot, &look).retry(RETRY)), (viewer, id, look)));
            }
        }
    })
}

fn event(snapshot: &Snapshot, look: &Look) -> Event {
    // an event is lines: a carriage return in a name would end one
    Event::default().id(snapshot.id()).data(look(snapshot).into_string().replace('\r', " "))
}
