//! What is done to a shop from its page: its keys, a try of the connection, its pause, its pace, from which day it is
//! pulled.
//!
//! Rule that must hold: what is typed as a key is sealed and never shown again, not even in part. Not here: the page and
//! its forms ([`super::shop`]).

use super::shop;
use crate::domain::calendar::parse_day;
use crate::domain::problem::{Mistake, Problem};
use crate::services::secrets::{self, Vault};
use crate::services::{connection, shops};
use crate::store::goods::Shop;
use crate::web::context::Visit;
use crate::web::error::{WebError, refused};
use crate::web::{App, AppState};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// Keys as they are typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    number: String,
    app_key: String,
    app_secret: String,
    sign_secret: String,
}

/// The shop, after making sure that there is one.
async fn known(app: &App, visit: &Visit, id: i64) -> Result<Shop, WebError> {
    shop::find(&mut app.store.read(visit.scope()?).await.map_err(anyhow::Error::from)?, id).await
}

/// `POST /branch/shops/{id}/credentials`
pub async fn store_credentials(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let shop = known(&app, &visit, id).await?;
    let (county, actor) = (visit.scope()?.county(), visit.actor()?);
    let path = format!("/branch/shops/{id}");
    let store = async {
        if app.demo {
            return Err(Problem::RealOnDemo.into());
        }
        let keyring = app.keyring.as_ref().ok_or(Problem::NoSealingKey)?;
        let vault = Vault { store: &app.store, county, actor: &actor, clock: &app.clock, keyring };
        let app_key = secrets::AppKeyTyped {
            key: typed.app_key.trim(),
            secret: typed.app_secret.trim(),
            sign_secret: typed.sign_secret.trim(),
        };
        secrets::store_typed(vault, &shop, app_key, typed.number.trim()).await
    };
    match store.await {
        Ok(()) => Ok(Redirect::to(&path).into_response()),
        Err(error) => refused(of_this_page(error), &path, &visit.ctx),
    }
}

/// Keys that are missing are typed here, and not set on the server.
fn of_this_page(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref::<Problem>() {
        Some(Problem::MissingKeys) => Problem::from(Mistake::NoKeys).into(),
        _ => error,
    }
}

/// A merchant's code, where the platform gives one.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Code {
    merchant_code: String,
}

/// `POST /branch/shops/{id}/test`
pub async fn test(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(code): Form<Code>,
) -> Result<Response, WebError> {
    let shop = known(&app, &visit, id).await?;
    let (county, actor) = (visit.scope()?.county(), visit.actor()?);
    let code = Some(code.merchant_code.trim()).filter(|code| !code.is_empty());
    let try_it = async {
        let keyring = app.keyring.as_ref().ok_or(Problem::NoSealingKey)?;
        let vault = Vault { store: &app.store, county, actor: &actor, clock: &app.clock, keyring };
        connection::test(vault, &shop, app.endpoint.as_deref(), code).await
    };
    match try_it.await {
        Ok(answer) => {
            Ok(shop::render(&shop::load(&app, &visit, id, Some(answer), true).await?, &visit.ctx).into_response())
        }
        Err(error) => refused(of_this_page(error), &format!("/branch/shops/{id}"), &visit.ctx),
    }
}

/// `POST /branch/shops/{id}/pause`
pub async fn pause(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Redirect, WebError> {
    let shop = known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    shops::pause(&app.desk(&visit, &actor)?, &shop).await?;
    Ok(Redirect::to(&format!("/branch/shops/{id}")))
}

/// `POST /branch/shops/{id}/resume`
pub async fn resume(State(app): State<AppState>, visit: Visit, Path(id): Path<i64>) -> Result<Redirect, WebError> {
    let shop = known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    shops::resume(&app.desk(&visit, &actor)?, &shop).await?;
    Ok(Redirect::to(&format!("/branch/shops/{id}")))
}

/// From which day, as it is typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Since {
    from: String,
}

/// `POST /branch/shops/{id}/pull-from`
pub async fn pull_from(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(since): Form<Since>,
) -> Result<Response, WebError> {
    let shop = known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let path = format!("/branch/shops/{id}");
    let desk = app.desk(&visit, &actor)?;
    match shops::pull_from(&desk, &shop, parse_day(since.from.trim())).await {
        Ok(()) => Ok(Redirect::to(&path).into_response()),
        Err(error) => refused(error, &path, &visit.ctx),
    }
}

/// How often, as it is typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Pace {
    minutes: String,
}

/// `POST /branch/shops/{id}/pace`
pub async fn set_pace(
    State(app): State<AppState>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(pace): Form<Pace>,
) -> Result<Response, WebError> {
    let shop = known(&app, &visit, id).await?;
    let actor = visit.actor()?;
    let path = format!("/branch/shops/{id}");
    // what is no number is no pace
    let minutes = pace.minutes.trim().parse().unwrap_or(0);
    let desk = app.desk(&visit, &actor)?;
    match shops::set_pace(&desk, &shop, minutes).await {
        Ok(()) => Ok(Redirect::to(&path).into_response()),
        Err(error) => refused(error, &path, &visit.ctx),
    }
}
