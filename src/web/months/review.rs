//! What is said of a month: comments by whoever works on it, sending it back by whoever may lock it, and opening it again,
//! which one person asks for and another one does.

use super::{PATH, typed};
use crate::domain::calendar::month_key;
use crate::services::{openings, reviews};
use crate::web::AppState;
use crate::web::context::Visit;
use crate::web::error::{WebError, went_on};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

/// What somebody says of a month.
#[derive(Deserialize)]
pub struct Said {
    month: String,
    #[serde(default)]
    said: String,
}

/// What is done with what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Comment,
    Return,
    Ask,
    Open,
    Refuse,
}

/// `POST /months/comment`
pub async fn comment(State(app): State<AppState>, visit: Visit, Form(said): Form<Said>) -> Result<Response, WebError> {
    take(&app, &visit, What::Comment, &said).await
}

/// `POST /months/return`
pub async fn send_back(
    State(app): State<AppState>,
    visit: Visit,
    Form(said): Form<Said>,
) -> Result<Response, WebError> {
    take(&app, &visit, What::Return, &said).await
}

/// `POST /months/open/ask`
pub async fn ask(State(app): State<AppState>, visit: Visit, Form(said): Form<Said>) -> Result<Response, WebError> {
    take(&app, &visit, What::Ask, &said).await
}

/// `POST /months/open`
pub async fn open(State(app): State<AppState>, visit: Visit, Form(said): Form<Said>) -> Result<Response, WebError> {
    take(&app, &visit, What::Open, &said).await
}

/// `POST /months/open/refuse`
pub async fn refuse(State(app): State<AppState>, visit: Visit, Form(said): Form<Said>) -> Result<Response, WebError> {
    take(&app, &visit, What::Refuse, &said).await
}

async fn take(app: &AppState, visit: &Visit, what: What, said: &Said) -> Result<Response, WebError> {
    let (scope, actor) = (visit.scope()?, visit.actor()?);
    if !scope.is_whole_county() {
        return Err(WebError::NotFound);
    }
    let desk = app.desk(visit, &actor)?;
    let here = typed(&said.month).map_or_else(|_| PATH.to_owned(), |month| format!("{PATH}/{}", month_key(month)));
    let work = async {
        let month = typed(&said.month)?;
        match what {
            What::Comment => reviews::comment(&desk, month, &said.said).await?,
            What::Return => reviews::send_back(&desk, month, &said.said).await?,
            What::Ask => openings::ask(&desk, month, &said.said).await?,
            What::Open => openings::grant(&desk, month).await?,
            What::Refuse => openings::refuse(&desk, month).await?,
        }
        Ok::<_, anyhow::Error>(here.clone())
    };
    went_on(Box::pin(work).await, &here, &visit.ctx)
}
