//! 村联络员: prints the statements of the village's households that agreed to it, for those without a phone.

pub mod households;
pub mod paper;
pub mod statement;
