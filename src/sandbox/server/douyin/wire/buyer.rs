//! What the platform tells of a buyer: masked, encrypted and, in the buyer's own words, sometimes neither.
//!
//! All of it is made up from a number. None of it may survive ingest but the province and a keyed hash of the open id.

use crate::sandbox::world::making::PROVINCES;
use crate::sandbox::world::orders::Order;
use serde::{Serialize, Serializer};

const MASKED_NAMES: [&str; 8] = ["张**", "王**", "李**", "赵**", "陈**", "刘**", "黄**", "吴**"];
const WORDS: [&str; 6] = ["", "", "", "请尽快发货，谢谢", "放门口，电话13800001234", "要新鲜的，坏果请赔"];

/// A word of the platform's around the buyer's number, written without being put together first.
#[derive(Debug)]
struct Sealed {
    before: &'static str,
    number: u64,
    after: &'static str,
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}{:09}{}", self.before, self.number, self.after))
    }
}

/// A place with the platform's code.
#[derive(Debug, Serialize)]
pub struct Place {
    name: &'static str,
    id: &'static str,
}

/// The address, of which only the province may be kept.
#[derive(Debug, Serialize)]
pub struct PostAddress {
    province: Place,
    city: Place,
    street: Place,
    encrypt_detail: Sealed,
}

/// The buyer's fields of an order, flattened into it.
#[derive(Debug, Serialize)]
#[allow(clippy::struct_field_names, reason = "the platform's own name for what the buyer wrote")]
pub struct Buyer {
    doudian_open_id: Sealed,
    buyer_words: &'static str,
    post_addr: PostAddress,
    mask_post_receiver: &'static str,
    mask_post_tel: Sealed,
    encrypt_post_receiver: Sealed,
    encrypt_post_tel: Sealed,
}

impl Buyer {
    /// The buyer of an order.
    pub fn of(order: &Order) -> Self {
        let number = order.buyer;
        let (name, id, _) = PROVINCES[order.province];
        let pick = |items: usize| usize::try_from(number).unwrap_or_default() % items;
        let sealed = |before, after| Sealed { before, number, after };
        Self {
            doudian_open_id: sealed("1@#demo", ""),
            buyer_words: WORDS[pick(WORDS.len())],
            post_addr: PostAddress {
                province: Place { name, id },
                city: Place { name: "演示市", id: "990100" },
                street: Place { name: "演示街道", id: "990101001" },
                encrypt_detail: sealed("##addr", "##"),
            },
            mask_post_receiver: MASKED_NAMES[pick(MASKED_NAMES.len())],
            mask_post_tel: Sealed { number: number % 10_000, ..sealed("138****", "") },
            encrypt_post_receiver: sealed("##name", "##"),
            encrypt_post_tel: sealed("$$tel", "$$"),
        }
    }
}
