//! What happens: a verb a file, called by web, jobs and the command line alike.
//!
//! Services join the pure rules of `domain` with the rows of `store`; they decide what is written in one unit of work.
//! Not here: how facts come in (`ingest`), how anything looks (`web`, `cli`).

pub mod accounts;
pub mod assemble;
pub mod attributions;
pub mod bank_accounts;
pub mod book;
pub mod buyers;
pub mod codes;
pub mod columns;
pub mod connection;
pub mod consents;
pub mod desk;
pub mod draws;
pub mod exports;
pub mod farmers;
pub mod figures;
pub mod filings;
pub mod import;
pub mod in_hand;
pub mod infer;
pub mod lock;
pub mod lots;
pub mod mapping;
pub mod mark;
pub mod month_reports;
pub mod openings;
pub mod passwords;
pub mod payouts;
pub mod post;
pub mod price_book;
pub mod published;
pub mod reconcile;
pub mod requests;
pub mod reviews;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
pub mod setup;
pub mod sharing;
pub mod shops;
pub mod sign_in;
pub mod slips;
pub mod trace;
pub mod verify;
pub mod volume;
