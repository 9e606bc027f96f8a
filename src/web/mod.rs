//! The site: pages for the county's officials, farmers, branch and anchors, in Chinese first and English.
//!
//! A page is a struct of exactly what it shows, loaded in one place, and a pure function from it to HTML; so every page
//! can be tested without a database and every number on it has one source. It works without JavaScript.
//!
//! Where to look: [`routes`] is the one table of addresses and who may open them; [`context`] what every page knows;
//! [`wording`] every word; [`ui`] the pieces; a folder an audience. Rules: a route names its roles or does not exist;
//! words live in `wording`, colours in `static/app.css`, numbers come from the store as integers.
//! A new page: a file with `Page`, `render` and `load`, its words, a line in [`routes`], a sample in the tests.

pub mod anchor;
pub mod assets;
pub mod branch;
pub mod coming_back;
pub mod context;
pub mod error;
pub mod farmer;
pub mod live;
pub mod months;
pub mod names;
pub mod official;
pub mod own;
pub mod photos;
pub mod public;
pub mod routes;
pub mod security;
pub mod session;
pub mod spreadsheet;
pub mod ui;
pub mod upload;
pub mod village;
pub mod wording;

use self::context::Visit;
use self::error::WebError;
use self::live::hub::Hub;
use crate::clock::Clock;
use crate::domain::access::Actor;
use crate::domain::sealing::Keyring;
use crate::reports::press::Press;
use crate::reports::templates::Templates;
use crate::services::desk::Desk;
use crate::store::{Store, StoreError, counties};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// What handlers share.
#[derive(Debug, Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    /// The database is a demo's: every page says so.
    pub demo: bool,
    /// The site stands behind a proxy that ends TLS: cookies demand it, and the proxy says where a request comes from.
    pub behind_tls: bool,
    /// What secrets of shops and second steps are sealed with; without it none can be stored, no second step can be switched
    /// on, and none that is on lets anybody in.
    pub keyring: Option<Keyring>,
    /// Stands in for the platforms' own addresses, as a sandbox does.
    pub endpoint: Option<String>,
    /// Who watches streams while they run.
    pub live: Arc<Hub>,
    /// Where documents are made.
    pub press: Press,
}

/// The application state, cheap to clone.
pub type AppState = Arc<App>;

impl App {
    /// A site that may have keys at hand, or stand behind a proxy that ends TLS and that everybody has to come through.
    pub async fn with_keys(
        store: Store,
        clock: Clock,
        behind_tls: bool,
        keyring: Option<Keyring>,
    ) -> Result<AppState, StoreError> {
        Ok(Arc::new(Self { behind_tls, keyring, ..Self::found(store, clock).await? }))
    }

    /// A site as it is found: reached directly, without keys. Looks up once whether the database is a demo's.
    pub async fn found(store: Store, clock: Clock) -> Result<Self, StoreError> {
        let demo = counties::list(&store).await?.iter().any(|county| county.demo);
        Ok(Self {
            store,
            clock,
            demo,
            behind_tls: false,
            keyring: None,
            endpoint: None,
            live: Arc::default(),
            press: Press::new(Templates::default()),
        })
    }

    /// Where whoever visits changes something: in their county, in their own name.
    pub fn desk<'a>(&'a self, visit: &Visit, actor: &'a Actor) -> Result<Desk<'a>, WebError> {
        Ok(Desk { store: &self.store, county: visit.scope()?.county(), actor, clock: &self.clock })
    }
}

/// The whole site.
///
/// From the inside out: the route's own roles; refused forms brought back; posts from elsewhere refused; failures made pages; language and reader
/// found; security headers on everything.
pub fn router(app: AppState) -> Router {
    let table = routes::table_router();
    let pages = table.clone().with_state(app.clone());
    table
        .layer(from_fn_with_state(pages, coming_back::come_back))
        .layer(from_fn(security::same_origin))
        .layer(RequestBodyLimitLayer::new(routes::most_bytes()))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(error::upgrade))
        .layer(from_fn_with_state(app.clone(), context::attach))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), security::headers))
        .with_state(app)
}

/// Serves the site until it is told to stop; answers under way are finished.
pub async fn serve(
    listener: TcpListener,
    app: AppState,
    told: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let live = app.live.clone();
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    // whoever watches a stream would otherwise be waited for without end
    let told = async move {
        told.await;
        live.close();
    };
    axum::serve(listener, service).with_graceful_shutdown(told).await
}

/// What tells the site to stop: Ctrl+C, and what whoever runs services sends. It is heard from this call on, so that none
/// is missed who is told that the site is there.
pub fn told_to_stop() -> impl Future<Output = ()> + Send + 'static {
    let (interrupted, terminated) = (heard(SignalKind::interrupt()), heard(SignalKind::terminate()));
    async move {
        tokio::select! {
            () = interrupted => {}
            () = terminated => {}
        }
    }
}

/// Waits for a signal; for ever where it cannot be heard: the server then runs until its process is ended.
fn heard(kind: SignalKind) -> impl Future<Output = ()> + Send + 'static {
    let signals = signal(kind);
    async move {
        match signals {
            Ok(mut signals) => _ = signals.recv().await,
            Err(error) => {
                tracing::warn!(%error, ?kind, "a signal is not heard");
                std::future::pending::<()>().await;
            }
        }
    }
}
