//! Persons leave no trace but the one they agreed to: what sources say of buyers is looked for everywhere, households are
//! handed what is kept on them and forgotten on request.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

mod households;
mod marking;
mod marks;
mod search;
