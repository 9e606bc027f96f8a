//! Pictures, read as text: what must be in each, what must never be, and a golden file a picture.
//!
//! After a wanted change, `RED_ANCHOR_BLESS=1` makes the golden files anew; look at each of them before committing.
//! `RED_ANCHOR_PICTURES=FOLDER` writes every picture in both languages and widths there, to be looked at.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod edges;
mod golden;
mod readable;
mod sample;
mod xml;
