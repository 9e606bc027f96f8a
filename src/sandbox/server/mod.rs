//! The platforms' open interfaces over HTTP, on one loopback address: their paths do not meet.
//!
//! Every platform sells what happens in the same world: the same orders, refunds and settlements, in its own words and
//! behind its own gate. What they share is here: the world's days ([`archive`]), windows over them ([`listing`]) and the
//! faults that were asked for ([`faults`]).
//!
//! Rule that must hold: nothing here is shared with the client. Signatures and tokens are checked from the published
//! recipes, not by calling the client's functions a second time.
//!
//! To add a platform: a folder with a `router` and the `credentials` of its shops, and its two lines below.

mod archive;
mod douyin;
pub mod faults;
mod kuaishou;
mod listing;
mod wechat_channels;

use super::world::{Quirks, Scale, World};
use crate::clock::Clock;
use anyhow::{Context, Result};
use archive::Archive;
use faults::{Fault, Faults, Troubles};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
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
    pub platform: &'static str,
    pub shop_key: &'static str,
    /// The platform's number of the shop.
    pub platform_shop_id: String,
    pub name: &'static str,
    pub app_key: String,
    pub app_secret: String,
    /// Where signatures have a secret of their own.
    pub sign_secret: Option<String>,
    /// Where a token is given for a code only: one the merchant was sent back with, good once and, by the world's clock,
    /// for minutes after the sandbox started.
    pub code: Option<String>,
}

/// The credentials of a seed's world, one per platform and shop.
pub fn credentials(seed: u64) -> Vec<ShopCredentials> {
    [douyin::credentials(seed), kuaishou::credentials(seed), wechat_channels::credentials(seed)].concat()
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

/// What every platform answers from.
#[derive(Debug)]
struct Scene {
    clock: Clock,
    archive: Archive,
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
    let scene = Arc::new(Scene {
        clock: config.clock,
        archive: Archive::new(World { seed: config.seed, scale: config.scale, quirks }),
        troubles: Troubles::new(config.faults),
    });
    let router = douyin::router(config.seed, Arc::clone(&scene))
        .merge(kuaishou::router(config.seed, Arc::clone(&scene)))
        .merge(wechat_channels::router(config.seed, scene));
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
