//! WeChat's open interface, as far as a Channels shop needs it.
//!
//! There is no signature. A request passes with a token that is good, may meet a fault that was asked for, and is
//! answered by its path. Refusals are HTTP 200 with an `errcode`; only a 5xx fault answers otherwise. Each shop has an
//! app of its own.
//!
//! To add a path: its function in `methods`, its records in `wire`, a line in [`methods::answer`].

mod methods;
mod token;
mod wire;

use super::faults::Trouble;
use super::{SLOW, Scene, ShopCredentials};
use crate::sandbox::world::dice::mix;
use crate::sandbox::world::shops::Shop;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use token::Tokens;

/// A refusal: its number and its words.
type Refusal = (i64, &'static str);

const BUSY: Refusal = (-1, "system error");
const THROTTLED: Refusal = (45_011, "api minute-quota reach limit");
const TOKEN_WRONG: Refusal = (40_001, "invalid credential, access_token is invalid or not latest");
const TOKEN_ENDED: Refusal = (42_001, "access_token expired");
const TOKEN_MISSING: Refusal = (41_001, "access_token missing");
const BODY_EMPTY: Refusal = (44_002, "empty post data");
const BODY_UNREADABLE: Refusal = (47_001, "data format error");
const PATH_UNKNOWN: Refusal = (40_066, "invalid url");
const PARAMETERS: Refusal = (40_097, "invalid args");
const ORDER_UNKNOWN: Refusal = (100_002, "order not exist");
const CASE_UNKNOWN: Refusal = (10_020_001, "aftersale order not exist");
const SPAN_TOO_LONG: Refusal = (10_020_004, "time range exceeds 24 hours");

/// A shop's own app.
#[derive(Debug, Clone, PartialEq, Eq)]
struct App {
    shop: Shop,
    id: String,
    secret: String,
}

impl App {
    fn of(seed: u64, shop: Shop) -> Self {
        let n = 20 + shop.digit();
        Self { shop, id: format!("wx{:016x}", mix(seed, n)), secret: format!("sandbox-wx-{:016x}", mix(seed, n + 10)) }
    }
}

/// The credentials of a seed's world, one per shop.
pub fn credentials(seed: u64) -> Vec<ShopCredentials> {
    let of_shop = |shop: Shop| {
        let App { id, secret, .. } = App::of(seed, shop);
        ShopCredentials {
            platform: "wechat_channels",
            shop_key: shop.key(),
            platform_shop_id: id.clone(),
            name: shop.name(),
            app_key: id,
            app_secret: secret,
            sign_secret: None,
            code: None,
        }
    };
    Shop::ALL.into_iter().map(of_shop).collect()
}

/// Everything a request is answered from.
#[derive(Debug)]
struct Sandbox {
    tokens: Tokens,
    scene: Arc<Scene>,
}

/// The interface's addresses.
pub fn router(seed: u64, scene: Arc<Scene>) -> Router {
    let apps = Shop::ALL.into_iter().map(|shop| App::of(seed, shop)).collect();
    let sandbox = Arc::new(Sandbox { tokens: Tokens::new(apps), scene });
    Router::new()
        .route("/cgi-bin/stable_token", post(stable_token))
        .route("/channels/ec/{*path}", post(handle))
        .with_state(sandbox)
}

fn json_text(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=UTF-8")], value.to_string()).into_response()
}

fn refused((errcode, errmsg): Refusal) -> Value {
    json!({"errcode": errcode, "errmsg": format!("{errmsg} rid: sandbox")})
}

fn params(body: &Bytes) -> Result<Map<String, Value>, Refusal> {
    if body.is_empty() {
        return Err(BODY_EMPTY);
    }
    serde_json::from_slice(body).map_err(|_| BODY_UNREADABLE)
}

async fn stable_token(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let given = params(&body).and_then(|params| sandbox.tokens.stable(&params, sandbox.scene.clock.now().timestamp()));
    json_text(&given.unwrap_or_else(refused))
}

async fn handle(
    State(sandbox): State<Arc<Sandbox>>,
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    body: Bytes,
) -> Response {
    match answer(&sandbox, &path, query.get("access_token").map(String::as_str), &body).await {
        Ok(answer) => json_text(&answer),
        Err(Unanswered::Refused(refusal)) => json_text(&refused(refusal)),
        Err(Unanswered::Broken) => (StatusCode::BAD_GATEWAY, "upstream connect error").into_response(),
    }
}

/// Why a request has no answer.
enum Unanswered {
    Refused(Refusal),
    Broken,
}

impl From<Refusal> for Unanswered {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

async fn answer(sandbox: &Sandbox, path: &str, token: Option<&str>, body: &Bytes) -> Result<Value, Unanswered> {
    let shop = sandbox.tokens.shop_of(token, sandbox.scene.clock.now().timestamp())?;
    let params = params(body)?;
    let first_time = sandbox.scene.troubles.is_first(path, body);
    let is_detail = matches!(path, methods::ORDER | methods::CASE);
    match first_time.and_then(|at| sandbox.scene.troubles.on_request(is_detail, at)) {
        Some(Trouble::Throttled) => return Err(THROTTLED.into()),
        Some(Trouble::Unavailable) => return Err(BUSY.into()),
        Some(Trouble::Broken) => return Err(Unanswered::Broken),
        Some(Trouble::TokenEnded) => {
            sandbox.tokens.end_all_issued();
            return Err(TOKEN_WRONG.into());
        }
        Some(Trouble::Slow) => sandbox.scene.clock.sleep(SLOW).await,
        None => {}
    }
    let now = sandbox.scene.clock.now().timestamp();
    let call = methods::Call { scene: &sandbox.scene, shop, params: &params, now, first_time };
    Ok(methods::answer(path, &call)?)
}
