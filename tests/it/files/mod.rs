//! Files as people download them, made here with invented people and numbers, imported as the command line does.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod arrival;
mod compare;
mod desk;
mod orders;
pub mod paper;
mod profiles;
mod shapes;
mod statements;
mod streams;
