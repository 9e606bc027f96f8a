//! Records as the platform writes them, typed so that serialising a page is one pass without an intermediate tree.
//!
//! Amounts are fen, times Unix seconds with 0 for "not yet", order and after-sale numbers text. The records carry what
//! the real ones carry and a county must never keep (masked and encrypted names, phones, addresses, buyers' words), so
//! that scrubbing is tested by every pull.

pub mod after_sale;
pub mod bill;
pub mod buyer;
pub mod order;
pub mod sku_order;

use serde::{Serialize, Serializer};

/// A number written as text.
#[derive(Debug, Clone, Copy)]
pub struct Digits(pub u64);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
