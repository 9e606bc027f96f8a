//! A stored report that is about to be taken away, whatever it is written as: found, and told in the audit trail and counted.
//!
//! Not here: a report behind a link, which nobody signs in for (`web::public::shared_report`).

use super::{PATH, asked};
use crate::domain::access::Scope;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::month_key;
use crate::services::{exports, sharing};
use crate::store::month_reports::{self, Stored};
use crate::web::App;
use crate::web::context::Visit;
use crate::web::error::{WebError, refused};
use axum::response::Response;

/// A stored report and how it stands.
#[derive(Debug, Clone)]
pub struct Found {
    pub stored: Stored,
    /// The month was opened again since, or has a later report.
    pub is_superseded: bool,
}

/// The report of that number, if it is one of that month and the reader's to read.
pub async fn find(app: &App, scope: Scope, month: &str, report_no: i64) -> Result<Found, WebError> {
    let month = asked(scope, month)?.ok_or(WebError::NotFound)?;
    let find = async {
        let session = &mut app.store.read(scope).await?;
        let stored = month_reports::find(session, report_no).await?.filter(|stored| stored.head.month == month);
        let Some(stored) = stored else { return Ok(None) };
        let is_superseded = sharing::is_superseded(session, &stored).await?;
        Ok::<_, anyhow::Error>(Some(Found { stored, is_superseded }))
    };
    find.await?.ok_or(WebError::NotFound)
}

/// The page of its month.
pub fn page(stored: &Stored) -> String {
    format!("{PATH}/{}", month_key(stored.head.month))
}

/// Tells the trail and counts it; an answer where the reader took too many already.
pub async fn tell(app: &App, visit: &Visit, stored: &Stored) -> Result<Option<Response>, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    let change = Change::new(Verb::Export, Noun::Month, month_key(stored.head.month))
        .after(Field::Number, stored.head.report_no);
    match exports::take_away(&app.store, scope.county(), &actor, &app.clock, &change).await {
        Ok(()) => Ok(None),
        Err(error) => refused(error, &page(stored), &visit.ctx).map(Some),
    }
}
