//! The frame around every answer, and what stands in it. There is no `data`: an answer's own fields stand beside the
//! error's number, which successes may leave out, and its text, which they leave out too.

use super::aftersale::Case;
use super::order::Order;
use crate::platforms::fields::{Int, Text};
use serde::Deserialize;

/// The frame.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Envelope {
    pub errcode: Int,
    pub errmsg: Text,
}

/// Of `/channels/ec/order/list/get`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderNumbers {
    pub order_id_list: Option<Vec<Text>>,
    pub next_key: Text,
    pub has_more: Option<bool>,
}

/// Of `/channels/ec/order/get`.
#[derive(Debug, Deserialize)]
pub struct OneOrder {
    pub order: Order,
}

/// Of `/channels/ec/aftersale/getaftersalelist`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CaseNumbers {
    pub after_sale_order_id_list: Option<Vec<Text>>,
    pub next_key: Text,
    pub has_more: Option<bool>,
}

/// Of `/channels/ec/aftersale/getaftersaleorder`.
#[derive(Debug, Deserialize)]
pub struct OneCase {
    pub after_sale_order: Case,
}

/// Of `/cgi-bin/stable_token`. No `Debug`: it is a token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TokenAnswer {
    pub access_token: Text,
    /// Seconds.
    pub expires_in: Int,
}
