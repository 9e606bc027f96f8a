//! Orders as `order.searchList` and `order.orderDetail` give them. Amounts are fen, times seconds, 0 is not yet.

use crate::platforms::fields::{Int, Part, Text, Unkept, allow_list};

allow_list! {
    /// A shop order, the parent. Its amounts are those of all its lines together.
    ShopOrder {
        author_cost_amount: Int,
        biz: Text,
        create_time: Int,
        doudian_open_id: Unkept,
        finish_time: Int,
        logistics_info: Part<Vec<Parcel>>,
        main_status: Text,
        main_status_desc: Text,
        modify_amount: Int,
        modify_post_amount: Int,
        only_platform_cost_amount: Int,
        open_id: Unkept,
        order_amount: Int,
        order_id: Text,
        order_level: Text,
        order_status: Text,
        order_status_desc: Text,
        order_type: Text,
        packing_amount: Int,
        pay_amount: Int,
        pay_time: Int,
        pay_type: Text,
        platform_cost_amount: Int,
        post_addr: Part<PostAddress>,
        post_amount: Int,
        post_insurance_amount: Int,
        post_origin_amount: Int,
        post_promotion_amount: Int,
        promotion_amount: Int,
        promotion_pay_amount: Int,
        promotion_platform_amount: Int,
        promotion_redpack_amount: Int,
        promotion_redpack_platform_amount: Int,
        promotion_redpack_talent_amount: Int,
        promotion_shop_amount: Int,
        promotion_talent_amount: Int,
        ship_time: Int,
        shop_cost_amount: Int,
        shop_id: Text,
        sku_order_list: Part<Vec<SkuOrder>>,
        tax_amount: Int,
        total_promotion_amount: Int,
        trade_type: Text,
        update_time: Int,
    }
}

allow_list! {
    /// A sku order, the child: one line. On orders of one line its id is often that of its parent.
    SkuOrder {
        after_sale_info: Part<AfterSaleState>,
        author_cost_amount: Int,
        author_id: Text,
        author_name: Text,
        c_biz: Text,
        c_biz_desc: Text,
        code: Text,
        confirm_receipt_time: Int,
        content_id: Text,
        create_time: Int,
        given_product_type: Text,
        goods_price: Int,
        item_num: Int,
        main_status: Text,
        modify_amount: Int,
        only_platform_cost_amount: Int,
        order_amount: Int,
        order_id: Text,
        order_level: Text,
        order_status: Text,
        order_status_desc: Text,
        origin_amount: Int,
        origin_id: Text,
        out_product_id: Text,
        out_sku_id: Text,
        parent_order_id: Text,
        pay_amount: Int,
        pay_time: Int,
        platform_cost_amount: Int,
        post_amount: Int,
        pre_sale_type: Text,
        product_id: Text,
        product_id_str: Text,
        product_name: Text,
        promotion_amount: Int,
        promotion_pay_amount: Int,
        promotion_platform_amount: Int,
        promotion_redpack_amount: Int,
        promotion_redpack_platform_amount: Int,
        promotion_redpack_talent_amount: Int,
        promotion_shop_amount: Int,
        promotion_talent_amount: Int,
        room_id: Text,
        room_id_str: Text,
        shop_cost_amount: Int,
        sku_id: Text,
        spec: Part<Vec<Spec>>,
        sum_amount: Int,
        theme_type: Text,
        theme_type_desc: Text,
        update_time: Int,
        video_id: Text,
    }
}

allow_list! {
    /// Where a line's after-sale case stands, told with the order.
    AfterSaleState {
        after_sale_status: Text,
        after_sale_type: Text,
        refund_status: Text,
    }
}

allow_list! {
    /// One parcel. Its number leads to the buyer's door: counted, not kept.
    Parcel {
        company: Text,
        ship_time: Int,
        tracking_no: Unkept,
    }
}

allow_list! {
    /// The address, down to the province and no further.
    PostAddress {
        province: Part<Province>,
    }
}

allow_list! {
    Province {
        name: Text,
    }
}

allow_list! {
    /// One property of a SKU, such as its weight.
    Spec {
        name: Text,
        value: Text,
    }
}
