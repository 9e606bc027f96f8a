//! Pictures, read as text: what must be in each, what must never be, and a golden file a picture.
//!
//! After a wanted change, `RED_ANCHOR_BLESS=1` makes the golden files anew; look at each of them before committing.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod edges;
mod golden;
mod sample;
mod xml;
