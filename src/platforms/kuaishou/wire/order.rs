//! Orders as `open.order.cursor.list` names them, as `open.order.detail` tells them and as
//! `open.seller.order.fee.detail` breaks their money down. Amounts are fen, times milliseconds, 0 is not yet.

use crate::platforms::fields::{Int, Part, Text, Unkept, allow_list};
use serde::Serialize;

allow_list! {
    /// One order of the list: enough to ask for it.
    #[serde(rename_all = "camelCase")]
    Listed {
        order_base_info: Part<ListedBase>,
    }
}

allow_list! {
    #[serde(rename_all = "camelCase")]
    ListedBase {
        oid: Text,
    }
}

allow_list! {
    /// An order: one SKU.
    #[serde(rename_all = "camelCase")]
    Order {
        order_address: Part<Address>,
        order_base_info: Part<Base>,
        order_cps_info: Part<Cps>,
        order_item_info: Part<Item>,
        order_logistics_info: Part<Vec<Parcel>>,
    }
}

allow_list! {
    /// The order itself. The carrier, and with it the live room, is told in the detail only.
    #[serde(rename_all = "camelCase")]
    Base {
        activity_type: Text,
        all_activity_type: Part<Vec<Text>>,
        buyer_open_id: Unkept,
        carrier_id: Text,
        carrier_type: Text,
        co_type: Text,
        cps_type: Text,
        create_time: Int,
        discount_fee: Int,
        express_fee: Int,
        oid: Text,
        order_seller_role_info: Part<Seller>,
        pay_time: Int,
        pay_type: Text,
        pre_sale: Text,
        recv_time: Int,
        refund_time: Int,
        send_time: Int,
        status: Text,
        total_fee: Int,
        update_time: Int,
    }
}

allow_list! {
    /// Who sold it: 1 the owner of the goods, 2 a talent, 3 an account they authorised.
    #[serde(rename_all = "camelCase")]
    Seller {
        role_id: Text,
        role_name: Text,
        role_type: Text,
    }
}

allow_list! {
    #[serde(rename_all = "camelCase")]
    Item {
        discount_fee: Int,
        goods_code: Text,
        item_id: Text,
        item_title: Text,
        item_type: Text,
        num: Int,
        order_item_id: Text,
        original_price: Int,
        price: Int,
        rel_item_id: Text,
        rel_sku_id: Text,
        sku_desc: Text,
        sku_id: Text,
        sku_nick: Text,
    }
}

allow_list! {
    /// One parcel. Its number leads to the buyer's door: counted, not kept.
    #[serde(rename_all = "camelCase")]
    Parcel {
        express_code: Text,
        express_no: Unkept,
    }
}

allow_list! {
    /// The address, down to the province and no further.
    Address {
        province: Text,
    }
}

allow_list! {
    /// The distributor of a sale by somebody else.
    #[serde(rename_all = "camelCase")]
    Cps {
        distributor_id: Text,
        distributor_name: Text,
    }
}

allow_list! {
    /// The money of an order, broken down by who bears what.
    #[serde(rename_all = "camelCase")]
    Fee {
        buyer_pay: Int,
        discount_fee: Int,
        express_fee: Int,
        marketing_info_outers: Part<Vec<Marketing>>,
        merchant_bear_amount: Int,
        platform_allowance: Int,
        platform_bear_amount: Int,
        seller_recv: Int,
        total_fee: Int,
    }
}

allow_list! {
    /// One reduction.
    #[serde(rename_all = "camelCase")]
    Marketing {
        bear_info_list: Part<Vec<Bear>>,
        discount_fee: Int,
        sub_type: Text,
    }
}

allow_list! {
    /// Who bears a part of a reduction: 1 the shop, 2 the platform, 3 the anchor, 4 a stored value.
    #[serde(rename_all = "camelCase")]
    Bear {
        bear_amount: Int,
        bearer: Text,
    }
}

/// The evidence of an order: what its detail and, once it was paid, its fees say.
#[derive(Debug, Serialize)]
pub struct Evidence<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<&'a Fee>,
    pub order: &'a Order,
}
