//! The only SQL. Nouns as in `domain`; one text for SQLite and PostgreSQL.
//!
//! Habits: `find` (Option), `get`, `list`, `insert`, `upsert`, `count`, `sum`; every sum is cast to bigint; instants are
//! bound, never asked of the database; nothing depends on SQL's text order; bulk writes go through `insert_rows!`.
//! Reads take a [`Session`], which cannot be had without a scope; writes take a [`Work`], which cannot be had without an
//! actor. Control tables (accounts, sessions, links, failures) are asked before a scope can be named, through `door!`.
//!
//! Not here: what is written when (`services`, `ingest`).

mod encode;
#[macro_use]
mod session;
#[macro_use]
mod bulk;
pub mod rows;

pub mod access;
pub mod accounts;
pub mod audit;
pub mod bank_accounts;
pub mod broadcasts;
pub mod buyers;
pub mod catch_ups;
pub mod compensations;
pub mod consents;
pub mod contests;
pub mod counties;
pub mod doubles;
pub mod evidence;
pub mod exports;
pub mod faces;
pub mod facts;
pub mod failures;
pub mod farmers;
pub mod figures;
pub mod filings;
pub mod goods;
pub mod goods_certificates;
pub mod households;
pub mod imports;
pub mod keys;
pub mod known;
pub mod ladder;
pub mod late;
pub mod leases;
pub mod ledger;
pub mod lines;
pub mod links;
pub mod listed;
pub mod listings;
pub mod live;
mod log;
pub mod lots;
pub mod month_notes;
pub mod month_reports;
pub mod openings;
pub mod orders;
pub mod outcome;
pub mod packed;
pub mod party;
pub mod pauses;
pub mod payouts;
pub mod people;
pub mod photos;
pub mod phrases;
pub mod plans;
pub mod price_book;
pub mod prices;
pub mod product_details;
pub mod profiles;
pub mod proposals;
pub mod published;
pub mod quarantine;
pub mod reconciled;
pub mod requests;
pub mod roll;
pub mod scans;
pub mod schedules;
mod scope;
pub mod search;
pub mod secrets;
pub mod sessions;
pub mod sharing;
pub mod slips;
pub mod stated;
pub mod stock;
pub mod streams;
pub mod training;
mod transaction;
pub mod verify;

pub use bulk::FULL_STATEMENT;
pub use session::{Missing, Session, Store, Work, take_ids, whole_micros};

/// What can go wrong with the database itself. What a person typed wrongly is `domain::problem::Problem`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no database at {0}")]
    NoDatabase(String),
    #[error("cannot connect: {0}")]
    Unreachable(String),
    #[error("the database has schema version {0}, which this program does not know")]
    NewerThanProgram(i64),
    #[error("cannot bring the schema up to date: {0}")]
    Migration(String),
    #[error("the database holds a value this program does not know: {0}")]
    UnknownValue(String),
    #[error("the question reaches beyond what its asker may see")]
    OutOfScope,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
