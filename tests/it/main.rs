//! The project's tests, one binary; a module a subject, tests are sentences.

mod architecture;
mod charts;
mod conformance;
mod county;
mod environment;
mod figures;
mod ledger;
mod money_vectors;
mod sandbox;
mod sign_vectors;
mod store;
mod verify;
mod web;
mod world;
