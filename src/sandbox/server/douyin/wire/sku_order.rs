//! The child order: one line. Its amounts with its part of the freight; where it was sold; where its case stands.

use super::Digits;
use crate::sandbox::world::aftermath::status;
use crate::sandbox::world::goods::{product_no, sku_no};
use crate::sandbox::world::orders::{AfterSale, AfterSaleKind, Line, Order, Stage};
use serde::Serialize;

/// `after_sale_info` of a line; zeros without a case.
#[derive(Debug, Default, Serialize)]
pub struct AfterSaleState {
    after_sale_status: u8,
    after_sale_type: u8,
    refund_status: u8,
}

impl AfterSaleState {
    fn of(case: Option<&AfterSale>, now: i64) -> Self {
        let Some((case, (_, status))) = case.and_then(|c| Some((c, c.at(now)?))) else { return Self::default() };
        Self { after_sale_status: status, after_sale_type: case.kind as u8, refund_status: refund_status(case, status) }
    }
}

/// The platform's refund status beside an after-sale status. A case the buyer or seller ended stays at "pending".
pub fn refund_status(case: &AfterSale, status: u8) -> u8 {
    match status {
        status::SUCCEEDED if case.succeeds => 3,
        _ if case.kind == AfterSaleKind::Resend => 0,
        _ => 1,
    }
}

/// One property of a SKU.
#[derive(Debug, Serialize)]
pub struct Spec {
    name: &'static str,
    value: &'static str,
}

/// A line on the wire.
#[derive(Debug, Serialize)]
pub struct SkuOrder {
    order_id: Digits,
    parent_order_id: Digits,
    order_level: u8,
    order_status: u8,
    order_status_desc: &'static str,
    main_status: u8,
    create_time: i64,
    pay_time: i64,
    confirm_receipt_time: i64,
    logistics_receipt_time: i64,
    update_time: i64,
    product_id: u64,
    product_id_str: Digits,
    sku_id: u64,
    code: &'static str,
    product_name: &'static str,
    spec: [Spec; 1],
    item_num: i64,
    origin_amount: i64,
    sum_amount: i64,
    order_amount: i64,
    pay_amount: i64,
    post_amount: i64,
    promotion_amount: i64,
    promotion_shop_amount: i64,
    promotion_platform_amount: i64,
    promotion_talent_amount: i64,
    promotion_pay_amount: i64,
    given_product_type: &'static str,
    author_id: u64,
    author_name: &'static str,
    room_id: u64,
    room_id_str: Digits,
    theme_type: &'static str,
    theme_type_desc: &'static str,
    video_id: &'static str,
    c_biz: u8,
    c_biz_desc: &'static str,
    after_sale_info: AfterSaleState,
}

impl SkuOrder {
    /// A line as it is shown at a moment.
    pub fn of(order: &Order, line: &Line, now: i64, updated_at: i64, parent: (u8, &'static str, u8)) -> Self {
        let shown = |at| Order::shown(at, now);
        let refunded = line.refunded_wholly() && line.after_sale.as_ref().is_some_and(|a| a.has_succeeded(now));
        let (order_status, order_status_desc, main_status) = if refunded && order.stage(now) != Stage::Completed {
            (4, "已关闭", if shown(order.shipped_at) == 0 { 21 } else { 22 })
        } else {
            parent
        };
        let live = line.source.live_room_no != 0;
        let seller = line.source.author_no != 0;
        let promotion = line.shop_coupon_fen + line.subsidy_fen();
        let pay = line.goods_fen() + line.freight_fen;
        let product = product_no(order.shop, line.sku);
        Self {
            order_id: Digits(line.line_no),
            parent_order_id: Digits(order.order_no),
            order_level: 3,
            order_status,
            order_status_desc,
            main_status,
            create_time: order.created_at,
            pay_time: shown(order.paid_at),
            confirm_receipt_time: shown(order.completed_at),
            logistics_receipt_time: shown(order.received_at),
            update_time: updated_at,
            product_id: product,
            product_id_str: Digits(product),
            sku_id: sku_no(order.shop, line.sku),
            code: line.sku().listing.unwrap_or_default(),
            product_name: line.sku().title,
            spec: [Spec { name: "规格", value: line.sku().spec }],
            item_num: line.pieces,
            origin_amount: line.sku().list_fen,
            sum_amount: line.list_fen,
            order_amount: pay + promotion,
            pay_amount: pay,
            post_amount: line.freight_fen,
            promotion_amount: promotion,
            promotion_shop_amount: line.shop_coupon_fen,
            promotion_platform_amount: line.platform_coupon_fen,
            promotion_talent_amount: line.anchor_coupon_fen,
            promotion_pay_amount: 0,
            given_product_type: if line.gift { "FREE" } else { "MASTER" },
            author_id: line.source.author_no,
            author_name: line.source.author_name,
            room_id: line.source.live_room_no,
            room_id_str: Digits(line.source.live_room_no),
            theme_type: if live { "1" } else { "0" },
            theme_type_desc: if live { "直播间" } else { "-" },
            video_id: "",
            c_biz: if seller { 2 } else { 8 },
            c_biz_desc: if seller { "精选联盟" } else { "小店自卖" },
            after_sale_info: AfterSaleState::of(line.after_sale.as_deref(), now),
        }
    }
}
