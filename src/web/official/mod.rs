//! 县级: one figure, and the way down from it to the order line.
//!
//! Overview → region (town, village) → household → order line → evidence; breakdowns by goods, room, anchor, stream
//! and month lead to their lines too. Rule: every number links to where it comes from, with its basis and 截至 within
//! sight; households appear by family name; each look at a household or a line is recorded.

pub mod breakdown;
pub mod charts;
pub mod farmer;
pub mod group;
pub mod line;
pub mod lines;
mod load;
mod looks;
pub mod method;
pub mod overview;
pub mod pictures;
mod published;
pub mod questions;
pub mod range;
pub mod region;
pub mod requests;
mod series;
mod spread;
pub mod tables;
pub mod town_sheet;
