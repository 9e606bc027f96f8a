//! The frame around every answer, and the pages inside it.

use super::aftersale::{DetailData, Item, ProcessInfo};
use super::order::ShopOrder;
use super::settlement::Row;
use crate::platforms::fields::{Flag, Int, Part, Shape, Text, objects};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The frame. Success is told by `code` alone; the HTTP status is 200 either way. What stands in `data` fits any value, for
/// with a code of an error it may be anything. No `Debug`: it may be a token.
#[derive(Default, Deserialize)]
#[serde(default, bound = "T: Shape")]
pub struct Envelope<T> {
    pub code: Int,
    pub msg: Text,
    pub sub_code: Text,
    pub sub_msg: Text,
    pub data: Part<T>,
}

objects!(OrderPage, OrderDetail, AfterSalePage, DetailData, ProcessInfo, SettlementPage, TokenData);

/// `data` of `order.searchList`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderPage {
    pub total: Int,
    pub shop_order_list: Part<Vec<Part<ShopOrder>>>,
}

/// `data` of `order.orderDetail`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderDetail {
    pub shop_order_detail: Part<ShopOrder>,
}

/// `data` of `afterSale.List`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AfterSalePage {
    pub total: Int,
    pub has_more: Flag,
    pub items: Part<Vec<Part<Item>>>,
}

/// `data` of `order.getSettleBillDetailV3`: an envelope of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SettlementPage {
    pub code: Text,
    pub data: Part<Vec<Part<Row>>>,
    /// Sent back as it came, number or text.
    pub next_start_index: Option<Box<RawValue>>,
    pub next_start_time: Option<Box<RawValue>>,
    pub is_end: Int,
}

/// `data` of `token.create` and `token.refresh`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TokenData {
    pub access_token: Text,
    /// Seconds.
    pub expires_in: Int,
    pub refresh_token: Text,
    pub shop_id: Text,
    pub shop_name: Text,
}
