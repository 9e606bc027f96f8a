//! 支部: a workbench. What needs a person comes first, then streams, training, rooms, unmatched lines, shops.
//!
//! Dense tables, filters in the address, the next step named. What is set up comes by the county document; accounts and
//! slips are made here.

pub mod account;
pub mod accounts;
pub mod anchors;
pub mod audit;
pub mod files;
pub mod imports;
pub mod rooms;
pub mod shops;
pub mod slips;
pub mod stream;
pub mod streams;
pub mod today;
pub mod training;
pub mod unmatched;
