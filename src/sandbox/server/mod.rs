//! The platform's open interface over HTTP, on the loopback address.
//!
//! A request passes the gate (app key, timestamp, signature over the raw bytes, token), may meet a fault that was asked
//! for, and is answered by its method. Every answer, refusals too, is the platform's envelope with HTTP status 200; only
//! a 5xx fault answers otherwise.
//!
//! Rule that must hold: nothing here is shared with the client. The signature is checked from the published recipe, not
//! by calling the client's function a second time.
//!
//! To add a method: a file in `methods/`, its records in `wire/`, a line in [`methods::answer`].

mod archive;
pub mod faults;
mod gate;
mod listing;
mod methods;
mod refusal;
mod token;
mod wire;

use super::world::shops::Shop;
use super::world::{Quirks, Scale, World};
use crate::clock::Clock;
use anyhow::{Context, Result};
use archive::Archive;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use faults::{Fault, Faults, Trouble, Troubles};
use gate::App;
use refusal::{Refusal, envelope};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use token::Tokens;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A slow answer takes this long by the world's clock.
const SLOW: Duration = Duration::from_secs(8);

/// What to serve, and where.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    pub seed: u64,
    pub scale: Scale,
    /// What the server takes for now; share it with the client and the two agree on the time.
    pub clock: Clock,
    pub faults: Faults,
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
}

/// What a shop's owner would have from the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopCredentials {
    pub shop_key: &'static str,
    /// As `token.create` takes it in `shop_id`.
    pub platform_shop_id: String,
    pub name: &'static str,
    pub app_key: String,
    pub app_secret: String,
}

/// The credentials of a seed's world, one per shop. One app serves both shops.
pub fn credentials(seed: u64) -> Vec<ShopCredentials> {
    let app = App::of(seed);
    Shop::ALL
        .into_iter()
        .map(|shop| ShopCredentials {
            shop_key: shop.key(),
            platform_shop_id: shop.platform_id().to_string(),
            name: shop.name(),
            app_key: app.key.clone(),
            app_secret: app.secret.clone(),
        })
        .collect()
}

/// A sandbox that is being served; dropping it stops it.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:PORT`, to be given to the client instead of the platform's address.
    pub endpoint: String,
    pub apps: Vec<ShopCredentials>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Serves until the process ends.
    pub async fn wait(self) -> Result<()> {
        let Self { stop, task, .. } = self;
        let served = task.await.context("the sandbox's task ended unexpectedly")?;
        drop(stop);
        served.context("the sandbox stopped serving")
    }

    /// Finishes open requests and stops.
    pub async fn shutdown(mut self) -> Result<()> {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone only if serving has ended already, which is what was asked for.
            let _ = stop.send(());
        }
        self.wait().await
    }
}

/// Everything a request is answered from.
#[derive(Debug)]
pub(crate) struct Sandbox {
    app: App,
    clock: Clock,
    archive: Archive,
    tokens: Tokens,
    troubles: Troubles,
}

/// Starts serving a world.
pub async fn serve(config: SandboxConfig) -> Result<Running> {
    anyhow::ensure!(
        config.listen.ip().is_loopback(),
        "the sandbox serves invented orders without protection and listens on the loopback address only, not on {}",
        config.listen
    );
    let quirks = Quirks {
        partial_refunds: config.faults.has(Fault::PartialRefund),
        late_settlement: config.faults.has(Fault::SettlementLate),
    };
    let app = App::of(config.seed);
    let sandbox = Arc::new(Sandbox {
        tokens: Tokens::new(app.secret.clone()),
        app,
        clock: config.clock,
        archive: Archive::new(World { seed: config.seed, scale: config.scale, quirks }),
        troubles: Troubles::new(config.faults),
    });
    let router = Router::new().route("/{group}/{verb}", post(handle)).with_state(sandbox);
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}; is another sandbox running?", config.listen))?;
    let endpoint = format!("http://{}", listener.local_addr().context("no local address")?);
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                // Dropping the sender stops the server too.
                let _ = stopped.await;
            })
            .await
    });
    Ok(Running { endpoint, apps: credentials(config.seed), stop: Some(stop), task })
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
    gate::check(&sandbox.app, method, query, body, sandbox.clock.now())?;
    let params = methods::Params::read(body)?;
    if let Some(data) = methods::tokens::answer(sandbox, method, &params)? {
        return Ok(envelope(&data));
    }
    let token = query.get("access_token").map(String::as_str);
    let shop = sandbox.tokens.shop_of(token, sandbox.clock.now())?;
    let first_time = sandbox.troubles.is_first(method, body);
    match first_time.and_then(|fingerprint| sandbox.troubles.on_request(method, fingerprint)) {
        Some(Trouble::Throttled) => return Err(refusal::THROTTLED.into()),
        Some(Trouble::Unavailable) => return Err(refusal::UNAVAILABLE.into()),
        Some(Trouble::Broken) => return Err(Unanswered::Broken),
        Some(Trouble::TokenEnded) => {
            sandbox.tokens.end_all_issued();
            return Err(refusal::TOKEN_EXPIRED.into());
        }
        Some(Trouble::Slow) => sandbox.clock.sleep(SLOW).await,
        None => {}
    }
    let call = methods::Call { sandbox, shop, params: &params, now: sandbox.clock.now().timestamp(), first_time };
    Ok(methods::answer(method, &call)?)
}
