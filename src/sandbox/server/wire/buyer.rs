//! What the platform tells of a buyer: masked, encrypted and, in the buyer's own words, sometimes neither.
//!
//! All of it is made up from a number. None of it may survive ingest but the province and a keyed hash of the open id.

use super::super::super::world::orders::Order;
use crate::sandbox::world::making::PROVINCES;
use serde::Serialize;

const SURNAMES: [&str; 8] = ["张", "王", "李", "赵", "陈", "刘", "黄", "吴"];
const WORDS: [&str; 6] = ["", "", "", "请尽快发货，谢谢", "放门口，电话13800001234", "要新鲜的，坏果请赔"];

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
    town: Place,
    street: Place,
    encrypt_detail: String,
}

/// The masked twin of the address.
#[derive(Debug, Serialize)]
pub struct MaskedAddress {
    province: Place,
    detail: &'static str,
}

/// The buyer's fields of an order, flattened into it.
#[derive(Debug, Serialize)]
#[allow(clippy::struct_field_names, reason = "the platform's own names")]
pub struct Buyer {
    open_id: String,
    doudian_open_id: String,
    buyer_words: &'static str,
    seller_words: &'static str,
    post_addr: PostAddress,
    mask_post_addr: MaskedAddress,
    mask_post_receiver: String,
    mask_post_tel: String,
    encrypt_post_receiver: String,
    encrypt_post_tel: String,
}

impl Buyer {
    /// The buyer of an order.
    pub fn of(order: &Order) -> Self {
        let n = order.buyer;
        let (name, id, _) = PROVINCES[order.province];
        let pick = |items: usize| usize::try_from(n).unwrap_or_default() % items;
        Self {
            open_id: format!("#{n:09}"),
            doudian_open_id: format!("1@#demo{n:09}"),
            buyer_words: WORDS[pick(WORDS.len())],
            seller_words: "",
            post_addr: PostAddress {
                province: Place { name, id },
                city: Place { name: "演示市", id: "990100" },
                town: Place { name: "演示区", id: "990101" },
                street: Place { name: "演示街道", id: "990101001" },
                encrypt_detail: format!("##addr{n:09}##"),
            },
            mask_post_addr: MaskedAddress { province: Place { name, id }, detail: "演示路**号" },
            mask_post_receiver: format!("{}**", SURNAMES[pick(SURNAMES.len())]),
            mask_post_tel: format!("138****{:04}", n % 10_000),
            encrypt_post_receiver: format!("##name{n:09}##"),
            encrypt_post_tel: format!("$$tel{n:09}$$"),
        }
    }
}
