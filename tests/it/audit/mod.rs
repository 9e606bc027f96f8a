//! The audit trail: whatever a unit of work did leaves its row, and no row can be taken away or changed unseen.

#![allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]

mod chain;

use red_anchor::domain::audit::{Change, Noun, Verb};

/// What tests say a unit of work did, where it does not matter.
pub fn any_change() -> Change {
    Change::new(Verb::Change, Noun::County, "test")
}
