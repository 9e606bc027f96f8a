//! 支部: a workbench. What needs a person comes first, then streams, training, rooms, unmatched lines, shops.
//!
//! Dense tables, filters in the address, the next step named. Read-only for now: what is set up comes by the county
//! document.

pub mod anchors;
pub mod audit;
pub mod rooms;
pub mod shops;
pub mod stream;
pub mod streams;
pub mod today;
pub mod training;
pub mod unmatched;
