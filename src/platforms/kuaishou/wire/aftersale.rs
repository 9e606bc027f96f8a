//! After-sale cases as `open.seller.order.refund.pcursor.list` gives them. Times are milliseconds.

use super::order::{Fee, Order};
use crate::platforms::fields::{Int, Text, allow_list};
use serde::Serialize;

allow_list! {
    /// One case. What the buyer wrote is not listed; the reason is one of the platform's own.
    #[serde(rename_all = "camelCase")]
    Case {
        create_time: Int,
        end_time: Int,
        handling_way: Text,
        item_id: Text,
        negotiate_status: Text,
        oid: Text,
        receipt_status: Text,
        refund_fee: Int,
        refund_id: Text,
        refund_reason: Text,
        refund_reason_desc: Text,
        refund_type: Text,
        sku_id: Text,
        status: Text,
        submit_time: Int,
        update_time: Int,
    }
}

/// The order a case that moved money belongs to: how many pieces, whether they had been sent, what was paid for them.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Sold<'a> {
    pub fee: &'a Fee,
    pub order: &'a Order,
}

/// The evidence of a case: the list's words and, where it was asked for, the order's.
#[derive(Debug, Serialize)]
pub struct Evidence<'a> {
    pub case: &'a Case,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sold: Option<Sold<'a>>,
}
