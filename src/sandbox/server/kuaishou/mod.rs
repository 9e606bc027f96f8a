//! Kuaishou's open interface.
//!
//! A request passes the gate (app key, timestamp, signature over the parameters as they were sent, token), may meet a
//! fault that was asked for, and is answered by its method. Refusals are HTTP 200 with another `result`; only a 5xx fault
//! answers otherwise. The interfaces that give out tokens are not signed and have no frame.
//!
//! One order number is one line of the world: there is no parent.
//!
//! To add a method: its function in `methods`, its records in `wire`, a line in [`methods::answer`].

mod gate;
mod methods;
mod token;
mod wire;

use super::faults::Trouble;
use super::{SLOW, Scene, ShopCredentials};
use crate::sandbox::world::shops::Shop;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use gate::{App, Refusal};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use token::Tokens;

/// The credentials of a seed's world, one per shop. One app serves both shops; each has authorised it once.
pub fn credentials(seed: u64) -> Vec<ShopCredentials> {
    let app = App::of(seed);
    Shop::ALL
        .into_iter()
        .map(|shop| ShopCredentials {
            platform: "kuaishou",
            shop_key: shop.key(),
            platform_shop_id: token::open_id(shop),
            name: shop.name(),
            app_key: app.key.clone(),
            app_secret: app.secret.clone(),
            sign_secret: Some(app.sign_secret.clone()),
            code: Some(token::first_code(&app, shop)),
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

/// Parameters by name.
type Given = HashMap<String, String>;

/// The interface's addresses.
pub fn router(seed: u64, scene: Arc<Scene>) -> Router {
    let app = App::of(seed);
    let sandbox = Arc::new(Sandbox { tokens: Tokens::new(app.clone(), scene.clock.now()), app, scene });
    Router::new()
        .route("/oauth/authorize", get(authorize))
        .route("/oauth2/access_token", get(access_token))
        .route("/oauth2/refresh_token", post(refresh_token))
        .route("/open/{*method}", get(read).post(write))
        .with_state(sandbox)
}

fn json_text(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], value.to_string()).into_response()
}

/// The page a merchant agrees on, who here agrees at once; `shop` stands for who is logged in.
async fn authorize(State(sandbox): State<Arc<Sandbox>>, Query(given): Query<Given>) -> Response {
    let text = |name: &str| given.get(name).map_or("", String::as_str);
    let shop = Shop::ALL.into_iter().find(|shop| shop.key() == text("shop"));
    let (Some(shop), true) = (shop, text("app_id") == sandbox.app.key && text("response_type") == "code") else {
        return (StatusCode::BAD_REQUEST, "app_id, response_type=code, shop").into_response();
    };
    let code = sandbox.tokens.authorise(shop, sandbox.scene.clock.now());
    Redirect::to(&format!("{}?code={code}&state={}", text("redirect_uri"), text("state"))).into_response()
}

async fn access_token(State(sandbox): State<Arc<Sandbox>>, Query(given): Query<Given>) -> Response {
    json_text(&sandbox.tokens.for_code(&given, sandbox.scene.clock.now()))
}

async fn refresh_token(State(sandbox): State<Arc<Sandbox>>, Form(given): Form<Given>) -> Response {
    json_text(&sandbox.tokens.for_refresh(&given, sandbox.scene.clock.now()))
}

async fn read(sandbox: State<Arc<Sandbox>>, path: Path<String>, Query(given): Query<Given>) -> Response {
    handle(&sandbox, &path, &given).await
}

/// Some of the parameters may stand in the address and the rest in the body.
async fn write(
    sandbox: State<Arc<Sandbox>>,
    path: Path<String>,
    Query(mut given): Query<Given>,
    Form(body): Form<Given>,
) -> Response {
    given.extend(body);
    handle(&sandbox, &path, &given).await
}

async fn handle(sandbox: &Sandbox, path: &str, given: &Given) -> Response {
    let method = format!("open.{}", path.replace('/', "."));
    match answer(sandbox, &method, given).await {
        Ok(data) => {
            json_text(&json!({"result": 1, "code": "1", "msg": "SUCCESS", "error_msg": "SUCCESS", "data": data}))
        }
        Err(Unanswered::Refused(refusal)) => json_text(&refusal.envelope()),
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

async fn answer(sandbox: &Sandbox, method: &str, given: &Given) -> Result<Value, Unanswered> {
    let now = sandbox.scene.clock.now();
    gate::check(&sandbox.app, method, given, now)?;
    let shop = sandbox.tokens.shop_of(given.get("access_token").map(String::as_str), now)?;
    let param = given.get("param").map_or("{}", String::as_str);
    let first_time = sandbox.scene.troubles.is_first(method, param.as_bytes());
    // the list of bills is called a detail, too
    let is_detail = method.ends_with("detail") && method != methods::BILLS;
    match first_time.and_then(|at| sandbox.scene.troubles.on_request(is_detail, at)) {
        Some(Trouble::Throttled | Trouble::Unavailable) => return Err(gate::THROTTLED.into()),
        Some(Trouble::Broken) => return Err(Unanswered::Broken),
        Some(Trouble::TokenEnded) => {
            sandbox.tokens.end_all_issued();
            return Err(gate::TOKEN_ENDED.into());
        }
        Some(Trouble::Slow) => sandbox.scene.clock.sleep(SLOW).await,
        None => {}
    }
    let params = serde_json::from_str(param).map_err(|_| gate::PARAM_UNREADABLE)?;
    let now = sandbox.scene.clock.now().timestamp();
    let call = methods::Call { scene: &sandbox.scene, shop, params: &params, now, first_time };
    Ok(methods::answer(method, &call)?)
}
