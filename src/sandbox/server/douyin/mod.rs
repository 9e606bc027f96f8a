//! Douyin's open interface.
//!
//! A request passes the gate (app key, timestamp, signature over the raw bytes, token), may meet a fault that was asked
//! for, and is answered by its method. Every answer, refusals too, is the platform's envelope with HTTP status 200; only
//! a 5xx fault answers otherwise.
//!
//! To add a method: a file in `methods/`, its records in `wire/`, a line in [`methods::answer`].

mod gate;
mod methods;
mod refusal;
mod token;
mod wire;

use super::faults::Trouble;
use super::{SLOW, Scene, ShopCredentials};
use crate::sandbox::world::shops::Shop;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use gate::App;
use refusal::{Refusal, envelope};
use std::collections::HashMap;
use std::sync::Arc;
use token::Tokens;

/// The credentials of a seed's world, one per shop. One app serves both shops.
pub fn credentials(seed: u64) -> Vec<ShopCredentials> {
    let app = App::of(seed);
    Shop::ALL
        .into_iter()
        .map(|shop| ShopCredentials {
            platform: "douyin",
            shop_key: shop.key(),
            platform_shop_id: shop.platform_id().to_string(),
            name: shop.name(),
            app_key: app.key.clone(),
            app_secret: app.secret.clone(),
            sign_secret: None,
            code: None,
        })
        .collect()
}

/// Everything a request is answered from.
#[derive(Debug)]
struct Sandbox {
    app: App,
    tokens: Tokens,
    scene: Arc<Scene>,
}

/// The interface's addresses.
pub fn router(seed: u64, scene: Arc<Scene>) -> Router {
    let app = App::of(seed);
    let sandbox = Arc::new(Sandbox { tokens: Tokens::new(app.secret.clone()), app, scene });
    Router::new().route("/{group}/{verb}", post(handle)).with_state(sandbox)
}

async fn handle(
    State(sandbox): State<Arc<Sandbox>>,
    Path((group, verb)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
    body: Bytes,
) -> Response {
    let method = format!("{group}.{verb}");
    match answer(&sandbox, &method, &query, &body).await {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response(),
        Err(Unanswered::Refused(refusal)) => {
            ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], refusal.envelope()).into_response()
        }
        Err(Unanswered::Broken) => (StatusCode::SERVICE_UNAVAILABLE, "upstream connect error").into_response(),
    }
}

/// Why a request has no data.
enum Unanswered {
    Refused(Refusal),
    Broken,
}

impl From<Refusal> for Unanswered {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

async fn answer(
    sandbox: &Sandbox,
    method: &str,
    query: &HashMap<String, String>,
    body: &Bytes,
) -> Result<Vec<u8>, Unanswered> {
    gate::check(&sandbox.app, method, query, body, sandbox.scene.clock.now())?;
    let params = methods::Params::read(body)?;
    if let Some(data) = methods::tokens::answer(sandbox, method, &params)? {
        return Ok(envelope(&data));
    }
    let token = query.get("access_token").map(String::as_str);
    let shop = sandbox.tokens.shop_of(token, sandbox.scene.clock.now())?;
    let first_time = sandbox.scene.troubles.is_first(method, body);
    match first_time.and_then(|fingerprint| sandbox.scene.troubles.on_request(method.ends_with("Detail"), fingerprint))
    {
        Some(Trouble::Throttled) => return Err(refusal::THROTTLED.into()),
        Some(Trouble::Unavailable) => return Err(refusal::UNAVAILABLE.into()),
        Some(Trouble::Broken) => return Err(Unanswered::Broken),
        Some(Trouble::TokenEnded) => {
            sandbox.tokens.end_all_issued();
            return Err(refusal::TOKEN_EXPIRED.into());
        }
        Some(Trouble::Slow) => sandbox.scene.clock.sleep(SLOW).await,
        None => {}
    }
    let call = methods::Call { sandbox, shop, params: &params, now: sandbox.scene.clock.now().timestamp(), first_time };
    Ok(methods::answer(method, &call)?)
}
