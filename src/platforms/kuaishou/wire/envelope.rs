//! The frames around answers, and the pages inside them.

use super::aftersale::Case;
use super::order::Listed;
use super::settlement::Bill;
use crate::platforms::fields::{Int, Part, Shape, Text, objects};
use serde::Deserialize;

/// The frame. Success is told by `result` alone. The client libraries write the names in the other case, so both are
/// read. No `Debug`: the data may be anything.
#[derive(Default, Deserialize)]
#[serde(default, bound = "T: Shape")]
pub struct Envelope<T> {
    pub result: Int,
    pub code: Text,
    pub msg: Text,
    #[serde(alias = "subCode")]
    pub sub_code: Text,
    #[serde(alias = "subMsg")]
    pub sub_msg: Text,
    #[serde(alias = "errorMsg")]
    pub error_msg: Text,
    pub data: Part<T>,
}

objects!(OrderPage, AfterSalePage, SettlementPage);

/// The answer of the token interface, which has no frame.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TokenAnswer {
    pub result: Int,
    pub error: Text,
    pub error_msg: Text,
    pub access_token: Text,
    pub refresh_token: Text,
    pub open_id: Text,
    /// Seconds.
    pub expires_in: Int,
    pub refresh_token_expires_in: Int,
}

/// `data` of `open.order.cursor.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OrderPage {
    pub cursor: Text,
    pub order_list: Part<Vec<Part<Listed>>>,
}

/// `data` of `open.seller.order.refund.pcursor.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AfterSalePage {
    pub pcursor: Text,
    pub refund_order_info_list: Part<Vec<Part<Case>>>,
}

/// `data` of `open.funds.financial.settled.bill.detail`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SettlementPage {
    pub cursor: Text,
    pub orders: Part<Vec<Part<Bill>>>,
}
