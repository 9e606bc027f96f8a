//! The store on both engines: one list of cases, the schema as it is dumped, the keys as PostgreSQL knows them.

mod cases;
mod catalogue;
mod contract;
pub mod engines;
mod schema;

pub use cases::{contact_consent, ledger_row};
