//! The frames around answers, and the pages inside them.

use crate::platforms::fields::{Int, Text};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The frame. Success is told by `result` alone. The client libraries write the names in the other case, so both are
/// read. No `Debug`: the data may be anything.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Envelope<'a> {
    pub result: Int,
    pub code: Text,
    pub msg: Text,
    #[serde(alias = "subCode")]
    pub sub_code: Text,
    #[serde(alias = "subMsg")]
    pub sub_msg: Text,
    #[serde(alias = "errorMsg")]
    pub error_msg: Text,
    #[serde(borrow)]
    pub data: Option<&'a RawValue>,
}

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
pub struct OrderPage<'a> {
    pub cursor: Text,
    #[serde(borrow)]
    pub order_list: Option<Vec<&'a RawValue>>,
}

/// `data` of `open.seller.order.refund.pcursor.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AfterSalePage<'a> {
    pub pcursor: Text,
    #[serde(borrow)]
    pub refund_order_info_list: Option<Vec<&'a RawValue>>,
}

/// `data` of `open.funds.financial.settled.bill.detail`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SettlementPage<'a> {
    pub cursor: Text,
    #[serde(borrow)]
    pub orders: Option<Vec<&'a RawValue>>,
}
