//! The frame around every answer, and the pages inside it.

use crate::platforms::fields::{Int, Text};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The frame. Success is told by `code` alone; the HTTP status is 200 either way. No `Debug`: the data may be a token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Envelope<'a> {
    pub code: Int,
    pub msg: Text,
    pub sub_code: Text,
    pub sub_msg: Text,
    #[serde(borrow)]
    pub data: Option<&'a RawValue>,
}

/// `data` of `order.searchList`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderPage<'a> {
    pub total: Int,
    #[serde(borrow)]
    pub shop_order_list: Option<Vec<&'a RawValue>>,
}

/// `data` of `order.orderDetail`.
#[derive(Debug, Deserialize)]
pub struct OrderDetail<'a> {
    #[serde(borrow)]
    pub shop_order_detail: &'a RawValue,
}

/// `data` of `afterSale.List`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AfterSalePage<'a> {
    pub total: Int,
    pub has_more: Option<bool>,
    #[serde(borrow)]
    pub items: Option<Vec<&'a RawValue>>,
}

/// `data` of `order.getSettleBillDetailV3`: an envelope of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SettlementPage<'a> {
    pub code: Text,
    #[serde(borrow)]
    pub data: Option<Vec<&'a RawValue>>,
    /// Sent back as it came, number or text.
    #[serde(borrow)]
    pub next_start_index: Option<&'a RawValue>,
    #[serde(borrow)]
    pub next_start_time: Option<&'a RawValue>,
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
