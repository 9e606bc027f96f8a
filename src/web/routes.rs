//! The one table of addresses: path, method, who may open it, what answers.
//!
//! The router is built from it and from nothing else, so an address without a role cannot exist; tests walk it.
//! Public is written out where it is meant. What a role may see within a page is its scope's business.

use super::AppState;
use super::context::Visit;
use super::error::WebError;
use super::{anchor, assets, branch, farmer, official, public};
use crate::domain::access::Role;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

/// Who may open an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Anybody, signed in or not.
    Public,
    /// Readers of this role.
    To(Role),
}

/// The methods this site answers; `Get` answers HEAD too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

/// A line of the table.
#[derive(Clone, Copy)]
pub struct Route {
    pub verb: Verb,
    pub path: &'static str,
    pub open: Open,
    handler: fn() -> MethodRouter<AppState>,
}

const fn public(verb: Verb, path: &'static str, handler: fn() -> MethodRouter<AppState>) -> Route {
    Route { verb, path, open: Open::Public, handler }
}

const fn to(role: Role, path: &'static str, handler: fn() -> MethodRouter<AppState>) -> Route {
    Route { verb: Verb::Get, path, open: Open::To(role), handler }
}

/// All addresses.
pub static ROUTES: &[Route] = &[
    public(Verb::Get, "/", || get(public::home::show)),
    public(Verb::Get, "/method", || get(public::method::show)),
    public(Verb::Get, "/static/{hash}/{name}", || get(assets::show)),
    public(Verb::Get, "/enter/{token}", || get(public::enter::show)),
    public(Verb::Post, "/enter/{token}", || post(public::enter::create)),
    public(Verb::Post, "/leave", || post(public::enter::leave)),
    to(Role::Official, "/official", || get(official::overview::show)),
    to(Role::Official, "/official/by/{grouping}", || get(official::breakdown::show)),
    to(Role::Official, "/official/pictures/{file}", || get(official::pictures::show)),
    to(Role::Official, "/official/regions/{code}", || get(official::region::show)),
    to(Role::Official, "/official/farmers/{id}", || get(official::farmer::show)),
    to(Role::Official, "/official/lines", || get(official::lines::show)),
    to(Role::Official, "/official/lines/{id}", || get(official::line::show)),
    to(Role::Farmer, "/farmer", || get(farmer::month::current)),
    to(Role::Farmer, "/farmer/months/{month}", || get(farmer::month::show)),
    to(Role::Farmer, "/farmer/days/{day}", || get(farmer::day::show)),
    to(Role::Farmer, "/farmer/parcels/{id}", || get(farmer::parcel::show)),
    to(Role::Branch, "/branch", || get(branch::today::show)),
    to(Role::Branch, "/branch/rooms", || get(branch::rooms::list)),
    to(Role::Branch, "/branch/rooms/{id}", || get(branch::rooms::show)),
    to(Role::Branch, "/branch/training", || get(branch::training::show)),
    to(Role::Branch, "/branch/training.svg", || get(branch::training::picture)),
    to(Role::Branch, "/branch/anchors/{id}", || get(branch::anchors::show)),
    to(Role::Branch, "/branch/streams", || get(branch::streams::show)),
    to(Role::Branch, "/branch/streams/{id}", || get(branch::stream::show)),
    to(Role::Branch, "/branch/streams/{id}/timeline.svg", || get(branch::stream::timeline)),
    to(Role::Branch, "/branch/unmatched", || get(branch::unmatched::show)),
    to(Role::Branch, "/branch/shops", || get(branch::shops::show)),
    to(Role::Branch, "/branch/audit", || get(branch::audit::show)),
    to(Role::Anchor, "/anchor", || get(anchor::mine::show)),
    to(Role::Anchor, "/anchor/streams/{id}", || get(branch::stream::show)),
    to(Role::Anchor, "/anchor/streams/{id}/timeline.svg", || get(branch::stream::timeline)),
];

/// The router of the table.
pub fn table_router() -> Router<AppState> {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)().route_layer(from_fn_with_state(route.open, guard)));
    }
    router.fallback(async || WebError::NotFound)
}

/// Lets in whom the table names.
async fn guard(State(open): State<Open>, visit: Visit, request: Request, next: Next) -> Result<Response, WebError> {
    match open {
        Open::To(role) if visit.ctx.role != Some(role) => Err(WebError::Forbidden),
        Open::Public | Open::To(_) => Ok(next.run(request).await),
    }
}
