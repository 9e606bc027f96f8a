//! After-sale cases as `/channels/ec/aftersale/getaftersaleorder` gives them. Amounts are fen, times seconds.

use super::order::Order;
use crate::platforms::fields::{Int, Part, Text, allow_list};
use serde::Serialize;

allow_list! {
    /// One case: one SKU. What the buyer wrote is not listed; the reason is one of the platform's own.
    Case {
        after_sale_order_id: Text,
        complete_time: Int,
        create_time: Int,
        details: Part<Details>,
        order_id: Text,
        product_info: Part<CaseProduct>,
        reason: Text,
        refund_info: Part<Refund>,
        status: Text,
        r#type: Text,
        update_time: Int,
    }
}

allow_list! {
    Details {
        cancel_time: Int,
    }
}

allow_list! {
    CaseProduct {
        count: Int,
        product_id: Text,
        sku_id: Text,
    }
}

allow_list! {
    Refund {
        amount: Int,
        refund_reason: Text,
    }
}

/// The evidence of a case: its own words and, where its money moved, those of its order.
#[derive(Debug, Serialize)]
pub struct Evidence<'a> {
    pub case: &'a Case,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<&'a Order>,
}

/// The evidence of a settlement: the order that was settled, and the cases it had by then.
#[derive(Debug, Serialize)]
pub struct Settled<'a> {
    pub cases: &'a [Case],
    pub order: &'a Order,
}
