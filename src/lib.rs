//! Red Anchor 红播助农: a live-commerce agricultural sales tracker in which every yuan of farmers' income uplift can be
//! followed from the headline to the order line.
//!
//! Layers, and who may use whom (held by `tests/it/architecture`):
//!
//! - [`domain`]: values and rules, pure. Uses nothing of ours.
//! - [`clock`]: time as an argument.

pub mod charts;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod domain;
pub mod ingest;
pub mod platforms;
pub mod sandbox;
pub mod services;
pub mod store;
pub mod telemetry;
pub mod web;
