//! Orders as `/channels/ec/order/get` gives them. Amounts are fen, times seconds, 0 is not yet. Nearly every field may
//! be missing: older orders have fewer.

use crate::platforms::fields::{Int, Part, Text, Unkept, allow_list};

allow_list! {
    /// An order.
    Order {
        aftersale_detail: Part<AfterSaleDetail>,
        create_time: Int,
        openid: Unkept,
        order_detail: Part<OrderDetail>,
        order_id: Text,
        status: Text,
        update_time: Int,
    }
}

allow_list! {
    AfterSaleDetail {
        aftersale_order_list: Part<Vec<AfterSaleState>>,
        on_aftersale_order_cnt: Int,
    }
}

allow_list! {
    /// A case of the order; its own words are asked for.
    AfterSaleState {
        aftersale_order_id: Text,
        status: Text,
    }
}

allow_list! {
    OrderDetail {
        commission_infos: Part<Vec<Commission>>,
        delivery_info: Part<Delivery>,
        ext_info: Part<Ext>,
        pay_info: Part<Pay>,
        price_info: Part<Price>,
        product_infos: Part<Vec<Product>>,
        settle_info: Part<Settle>,
        source_infos: Part<Vec<Source>>,
    }
}

allow_list! {
    /// One SKU of the order.
    Product {
        bulkbuy_discounted_price: Int,
        cash_coupon_discounted_price: Int,
        change_price: Int,
        deduction_price: Int,
        estimate_price: Int,
        finder_discounted_price: Int,
        finish_aftersale_sku_cnt: Int,
        is_free_gift: Text,
        limited_discount_discounted_price: Int,
        merchant_discounted_price: Int,
        national_subsidy_discounted_price: Int,
        national_subsidy_merchant_discounted_price: Int,
        on_aftersale_sku_cnt: Int,
        out_product_id: Text,
        out_sku_id: Text,
        platform_activity_merchant_discounted_price: Int,
        product_id: Text,
        product_unique_id: Text,
        real_price: Int,
        sale_price: Int,
        sku_cnt: Int,
        sku_code: Text,
        sku_id: Text,
        title: Text,
        vip_discounted_price: Int,
    }
}

allow_list! {
    Pay {
        pay_time: Int,
        payment_method: Text,
        prepay_time: Int,
    }
}

allow_list! {
    /// `order_price` is what the buyer paid; `merchant_receieve_price` is spelled so.
    Price {
        change_down_price: Int,
        change_freight: Int,
        deduction_price: Int,
        discounted_price: Int,
        estimate_product_price: Int,
        finder_discounted_price: Int,
        freight: Int,
        merchant_discounted_price: Int,
        merchant_receieve_price: Int,
        order_price: Int,
        original_order_price: Int,
        product_price: Int,
    }
}

allow_list! {
    Delivery {
        address_info: Part<Address>,
        delivery_product_info: Part<Vec<Shipment>>,
        ship_done_time: Int,
    }
}

allow_list! {
    /// The address, down to the province and no further.
    Address {
        province_name: Text,
    }
}

allow_list! {
    /// One parcel. Its number leads to the buyer's door: counted, not kept.
    Shipment {
        delivery_id: Text,
        delivery_time: Int,
        waybill_id: Unkept,
    }
}

allow_list! {
    /// Where it was sold. Filled in some time after it was paid.
    Ext {
        commission_handling_progress: Text,
        confirm_receipt_time: Int,
        finder_id: Text,
        live_id: Text,
        order_scene: Text,
    }
}

allow_list! {
    /// Whose account a SKU was sold over.
    Source {
        account_id: Text,
        account_type: Text,
        content_type: Text,
        sale_channel: Text,
        sku_id: Text,
    }
}

allow_list! {
    /// What somebody earns from a SKU: type 0 a talent, 1 an agency; status 1 not settled, 2 settled.
    Commission {
        amount: Int,
        finder_id: Text,
        sku_id: Text,
        status: Text,
        talent_id: Text,
        r#type: Text,
    }
}

allow_list! {
    /// What the platform charges, once the order is settled.
    Settle {
        commission_fee: Int,
        predict_commission_fee: Int,
        predict_wecoin_commission: Int,
        settle_time: Int,
        wecoin_commission: Int,
    }
}
