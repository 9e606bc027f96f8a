//! The project's tests, one binary; a module a subject, tests are sentences.

mod architecture;
mod audit;
mod charts;
mod conformance;
mod county;
mod demo;
mod doubles;
mod environment;
mod figures;
mod files;
mod jobs;
mod ledger;
mod money_vectors;
mod payouts;
mod privacy;
mod program;
mod reports;
mod sandbox;
mod secrets;
mod sign_vectors;
mod store;
mod verify;
mod web;
mod world;
