//! The shop order, parent of its lines, as it is shown at a moment; or what is left of one that came torn.

use super::Digits;
use super::buyer::Buyer;
use super::sku_order::SkuOrder;
use crate::sandbox::world::orders::{Line, Order, Stage};
use serde::Serialize;

/// A status no document lists, for the fault of that name.
const UNKNOWN_STATUS: (u8, &str, u8) = (177, "履约升级中", 177);
/// Orders of more pieces than this go out in a parcel a piece.
const PIECES_IN_A_PARCEL: i64 = 2;

/// How a record is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    Plain,
    UnknownStatus,
    Torn,
}

/// An order on the wire.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "written at once and dropped; nearly all are whole")]
pub enum WireOrder {
    Whole(ShopOrder),
    /// Amounts and lines that are neither.
    Torn {
        order_id: Digits,
        order_level: u8,
        order_status: &'static str,
        update_time: i64,
        pay_amount: &'static str,
        sku_order_list: &'static str,
    },
}

/// A parcel.
#[derive(Debug, Serialize)]
struct Parcel {
    tracking_no: String,
    company: &'static str,
    ship_time: i64,
}

/// The parent order.
#[derive(Debug, Serialize)]
pub struct ShopOrder {
    order_id: Digits,
    order_level: u8,
    shop_id: i64,
    shop_name: &'static str,
    biz: u8,
    order_type: u8,
    trade_type: u8,
    order_status: u8,
    order_status_desc: &'static str,
    main_status: u8,
    main_status_desc: &'static str,
    create_time: i64,
    update_time: i64,
    pay_time: i64,
    exp_ship_time: i64,
    ship_time: i64,
    finish_time: i64,
    order_expire_time: i64,
    cancel_reason: &'static str,
    pay_type: u8,
    order_amount: i64,
    pay_amount: i64,
    post_amount: i64,
    modify_amount: i64,
    modify_post_amount: i64,
    promotion_amount: i64,
    promotion_shop_amount: i64,
    promotion_platform_amount: i64,
    promotion_talent_amount: i64,
    promotion_pay_amount: i64,
    shop_cost_amount: i64,
    platform_cost_amount: i64,
    only_platform_cost_amount: i64,
    author_cost_amount: i64,
    total_promotion_amount: i64,
    #[serde(flatten)]
    buyer: Buyer,
    logistics_info: Vec<Parcel>,
    sku_order_list: Vec<SkuOrder>,
}

impl WireOrder {
    /// An order as it is shown at a moment after its creation.
    pub fn of(order: &Order, now: i64, showing: Showing) -> Self {
        let update_time = order.updated_at(now).unwrap_or(order.created_at);
        if showing == Showing::Torn {
            return Self::Torn {
                order_id: Digits(order.order_no),
                order_level: 2,
                order_status: "备货中",
                update_time,
                pay_amount: "四十九元九角",
                sku_order_list: "[{\"order_id\":",
            };
        }
        let status = if showing == Showing::UnknownStatus { UNKNOWN_STATUS } else { status(order, now) };
        Self::Whole(whole(order, now, update_time, status))
    }
}

fn status(order: &Order, now: i64) -> (u8, &'static str, u8) {
    let shipped = Order::shown(order.shipped_at, now) != 0;
    let refunded = order
        .lines
        .iter()
        .filter(|l| !l.gift)
        .all(|l| l.refunded_wholly() && l.after_sale.as_ref().is_some_and(|a| a.has_succeeded(now)));
    match order.stage(now) {
        Stage::AwaitingPayment => (1, "待支付", 1),
        Stage::ToShip => (2, "备货中", 2),
        Stage::Shipped => (3, "已发货", 3),
        Stage::Closed if order.paid_at == 0 => (4, "已关闭", 4),
        Stage::Closed => (4, "已关闭", if shipped { 22 } else { 21 }),
        Stage::Completed => (5, "已完成", if refunded { 39 } else { 5 }),
    }
}

fn whole(order: &Order, now: i64, update_time: i64, status: (u8, &'static str, u8)) -> ShopOrder {
    let sum = |of: fn(&Line) -> i64| order.lines.iter().map(of).sum::<i64>();
    let shown = |at| Order::shown(at, now);
    let (shop, platform, anchor) =
        (sum(|l| l.shop_coupon_fen), sum(|l| l.platform_coupon_fen), sum(|l| l.anchor_coupon_fen));
    let pay_amount = sum(Line::goods_fen) + order.freight_fen;
    let promotion_amount = shop + platform + anchor;
    ShopOrder {
        order_id: Digits(order.order_no),
        order_level: 2,
        shop_id: order.shop.platform_id(),
        shop_name: order.shop.name(),
        biz: 2,
        order_type: 0,
        trade_type: 0,
        order_status: status.0,
        order_status_desc: status.1,
        main_status: status.2,
        main_status_desc: status.1,
        create_time: order.created_at,
        update_time,
        pay_time: shown(order.paid_at),
        exp_ship_time: if order.paid_at == 0 { 0 } else { order.paid_at + 172_800 },
        ship_time: shown(order.shipped_at),
        finish_time: shown(order.completed_at),
        order_expire_time: 1_800,
        cancel_reason: match status.0 {
            4 if order.paid_at == 0 => "超时未支付",
            4 => "买家申请退款",
            _ => "",
        },
        pay_type: if shown(order.paid_at) == 0 { 0 } else { order.pay_type },
        order_amount: pay_amount + promotion_amount,
        pay_amount,
        post_amount: order.freight_fen,
        modify_amount: 0,
        modify_post_amount: 0,
        promotion_amount,
        promotion_shop_amount: shop,
        promotion_platform_amount: platform,
        promotion_talent_amount: anchor,
        promotion_pay_amount: 0,
        shop_cost_amount: shop,
        platform_cost_amount: platform + anchor,
        only_platform_cost_amount: platform,
        author_cost_amount: anchor,
        total_promotion_amount: promotion_amount,
        buyer: Buyer::of(order),
        logistics_info: parcels(order, shown(order.shipped_at)),
        sku_order_list: order.lines.iter().map(|line| SkuOrder::of(order, line, now, update_time, status)).collect(),
    }
}

fn parcels(order: &Order, ship_time: i64) -> Vec<Parcel> {
    if ship_time == 0 {
        return Vec::new();
    }
    let most = order.lines.iter().map(|l| l.pieces).max().unwrap_or(1);
    let count = if most > PIECES_IN_A_PARCEL { most } else { 1 };
    (0..count)
        .map(|n| Parcel {
            tracking_no: format!("DEMO{}{n:02}", order.order_no % 1_000_000_000_000),
            company: "演示快递",
            ship_time,
        })
        .collect()
}
