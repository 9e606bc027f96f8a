//! Statement rows as `order.getSettleBillDetailV3` gives them. Amounts are fen; times are local text.

use crate::platforms::fields::{Int, Text, allow_list};

allow_list! {
    /// One row: one sku order in one settlement. The free-text remark is left out.
    Row {
        author_coupon: Int,
        channel_promotion_fee: Int,
        colonel_service_fee: Int,
        commission: Int,
        flow_type_desc: Text,
        good_learn_channel_fee: Int,
        goods_count: Int,
        is_contains_refund_before_settle: Text,
        order_id: Text,
        order_time: Text,
        order_type: Text,
        other_sharing_amount: Int,
        packing_amount: Int,
        pay_type_desc: Text,
        platform_coupon: Int,
        platform_service_fee: Int,
        post_amount: Int,
        product_id: Text,
        real_pay_amount: Int,
        refund_before_settle: Int,
        request_no: Text,
        settle_amount: Int,
        settle_time: Text,
        shop_coupon: Int,
        shop_order_id: Text,
        total_amount: Int,
        total_goods_amount: Int,
        total_income: Int,
        total_outcome: Int,
        trade_type: Text,
        zr_pay_promotion: Int,
        zt_pay_promotion: Int,
    }
}
