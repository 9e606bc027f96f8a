//! The stand-in for the platform: a server on the loopback address that speaks the shop platform's real protocol from
//! a seeded world.
//!
//! It exists so that the whole chain can be tried and tested without an app key, against something that refuses what
//! the platform refuses: wrong signatures, stale timestamps, expired tokens, windows and pages beyond the limits.
//!
//! Rules that must hold: a day is a function of (seed, shop, day), so asking in another order, twice or after a restart
//! gives the same orders; what an order looks like is derived from its timeline at the world's clock, so nothing is
//! stored; no limit of the protocol is relaxed.
//!
//! - [`world`]: what happens in the shops, pure.
//! - [`server`]: how it is asked for over HTTP.
//!
//! Not here: the client (`platforms::douyin`), which shares no code with this; who the households are and what they
//! are promised (`demo::county`).

pub mod server;
pub mod world;

pub use server::faults::Faults;
pub use server::{Running, SandboxConfig, ShopCredentials, credentials, serve};
pub use world::{Scale, World};
