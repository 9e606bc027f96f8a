//! After-sale cases as `afterSale.List` and `afterSale.Detail` give them. Amounts are fen, times seconds.

use crate::platforms::fields::{Int, Part, Text, allow_list};
use serde::{Deserialize, Serialize};

allow_list! {
    /// One case of the list.
    Item {
        aftersale_info: Part<AfterSale>,
        order_info: Part<OrderInfo>,
        text_part: Part<Wording>,
    }
}

allow_list! {
    /// The case itself. `refund_amount` is what was asked for, not what was paid back.
    AfterSale {
        aftersale_id: Text,
        aftersale_num: Int,
        aftersale_status: Text,
        aftersale_type: Text,
        apply_time: Int,
        arbitrate_status: Text,
        create_time: Int,
        refund_amount: Int,
        refund_post_amount: Int,
        refund_status: Text,
        related_id: Text,
        update_time: Int,
    }
}

allow_list! {
    /// The order the case belongs to.
    OrderInfo {
        related_order_info: Part<Vec<RelatedOrder>>,
        shop_order_id: Text,
    }
}

allow_list! {
    /// A line the case belongs to.
    RelatedOrder {
        aftersale_pay_amount: Int,
        pay_amount: Int,
        post_amount: Int,
        product_id: Text,
        product_name: Text,
        promotion_pay_amount: Int,
        sku_order_id: Text,
    }
}

allow_list! {
    /// Wording from the platform's own lists. The buyer's free text is not in it.
    Wording {
        aftersale_status_text: Text,
        reason_text: Text,
    }
}

/// `data` of `afterSale.Detail`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DetailData {
    pub process_info: Part<ProcessInfo>,
}

/// The part of the detail that is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProcessInfo {
    pub after_sale_info: Part<Detail>,
}

allow_list! {
    /// What was really paid back, and when.
    Detail {
        after_sale_id: Text,
        real_refund_amount: Int,
        refund_status: Text,
        refund_time: Int,
    }
}

/// The evidence of a refund: the list's words and, where it was asked for, the detail's.
#[derive(Debug, Serialize)]
pub struct Evidence<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'a Detail>,
    pub item: &'a Item,
}
