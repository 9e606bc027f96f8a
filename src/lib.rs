//! Red Anchor 红播助农: a live-commerce agricultural sales tracker in which every yuan of farmers' income uplift can be
//! followed from the headline to the order line.
//!
//! Layers, and who may use whom (held by `tests/it/architecture`):
//!
//! - [`domain`]: values and rules, pure. Uses nothing of ours.
//! - [`clock`]: time as an argument; [`telemetry`]: logs.
//! - [`store`]: the only SQL, one text for SQLite and PostgreSQL. Uses `domain` and `clock`.
//! - [`platforms`]: how a shop speaks, the only HTTP client. Uses `domain` and `clock`.
//! - [`charts`]: data in, picture out. Uses `domain`.
//! - [`reports`]: documents on paper, set from templates. Uses `domain` and `charts`.
//! - [`ingest`]: what a source says becomes stored facts. Joins `platforms` and `store`.
//! - [`services`]: what happens: posting, figures, locks, verify. Joins `domain` and `store`.
//! - [`jobs`]: what runs by itself: pulling shops, each on its own interval.
//! - [`web`], [`cli`]: the outside.
//! - [`sandbox`], [`demo`]: the platform's stand-in and the believable county; what they make arrives through `ingest`.

use mimalloc::MiMalloc;

/// Millions of small texts are made on one thread and given back on another, which the system's allocator is slow at.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

pub mod charts;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod domain;
pub mod ingest;
pub mod jobs;
pub mod platforms;
pub mod reports;
pub mod sandbox;
pub mod services;
pub mod store;
pub mod telemetry;
pub mod web;
