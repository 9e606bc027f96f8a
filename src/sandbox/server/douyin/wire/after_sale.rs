//! An after-sale case: as the list shows it, with what was asked for, and its detail, with what was really paid back.

use super::Digits;
use super::sku_order::refund_status;
use crate::sandbox::world::aftermath::status;
use crate::sandbox::world::goods::product_no;
use crate::sandbox::world::orders::{AfterSale, Line, Order};
use serde::Serialize;

/// A status no document lists, for the fault of that name.
const UNKNOWN_STATUS: u8 = 99;

/// An item of the list.
#[derive(Debug, Serialize)]
pub struct Item {
    aftersale_info: Info,
    order_info: OrderInfo,
    text_part: TextPart,
}

#[derive(Debug, Serialize)]
struct Info {
    aftersale_id: Digits,
    aftersale_type: u8,
    aftersale_status: u8,
    related_id: Digits,
    apply_time: i64,
    create_time: i64,
    update_time: i64,
    refund_amount: i64,
    refund_post_amount: i64,
    aftersale_num: i64,
    refund_status: u8,
    arbitrate_status: u8,
    remark: &'static str,
}

#[derive(Debug, Serialize)]
struct OrderInfo {
    shop_order_id: Digits,
    related_order_info: [RelatedOrder; 1],
}

#[derive(Debug, Serialize)]
struct RelatedOrder {
    sku_order_id: Digits,
    product_id: Digits,
    product_name: &'static str,
    item_quantity: i64,
    pay_amount: i64,
    post_amount: i64,
    promotion_pay_amount: i64,
    aftersale_pay_amount: i64,
}

#[derive(Debug, Serialize)]
struct TextPart {
    aftersale_status_text: &'static str,
    reason_text: &'static str,
}

impl Item {
    /// A line's case as it is shown at a moment; `None`: not asked for yet.
    pub fn of(order: &Order, line: &Line, now: i64, unknown_status: bool) -> Option<Self> {
        let case = line.after_sale.as_deref()?;
        let (updated_at, status) = case.at(now)?;
        let ended = updated_at == case.ended_at();
        let pay_amount = line.goods_fen() + line.freight_fen;
        Some(Self {
            aftersale_info: Info {
                aftersale_id: Digits(case.no),
                aftersale_type: case.kind as u8,
                aftersale_status: if unknown_status && !ended { UNKNOWN_STATUS } else { status },
                related_id: Digits(line.line_no),
                apply_time: case.applied_at(),
                create_time: case.applied_at(),
                update_time: updated_at,
                refund_amount: case.refund_fen,
                refund_post_amount: case.refund_freight_fen,
                aftersale_num: case.pieces,
                refund_status: refund_status(case, status),
                arbitrate_status: 0,
                remark: "收货电话13900005678",
            },
            order_info: OrderInfo {
                shop_order_id: Digits(order.order_no),
                related_order_info: [RelatedOrder {
                    sku_order_id: Digits(line.line_no),
                    product_id: Digits(product_no(order.shop, line.sku)),
                    product_name: line.sku().title,
                    item_quantity: line.pieces,
                    pay_amount,
                    post_amount: line.freight_fen,
                    promotion_pay_amount: 0,
                    aftersale_pay_amount: case.refund_fen,
                }],
            },
            text_part: TextPart { aftersale_status_text: words(status), reason_text: case.reason },
        })
    }
}

fn words(status: u8) -> &'static str {
    match status {
        status::WAITING_FOR_SELLER => "待商家处理",
        status::WAITING_FOR_RETURN => "待买家退货",
        status::RETURN_ON_ITS_WAY => "待商家收货",
        status::SUCCEEDED => "退款成功",
        status::RESENT => "补寄完成",
        _ => "售后关闭",
    }
}

/// `data` of the detail.
#[derive(Debug, Serialize)]
pub struct Detail {
    process_info: ProcessInfo,
    order_info: DetailOrder,
}

#[derive(Debug, Serialize)]
struct ProcessInfo {
    after_sale_info: DetailInfo,
}

#[derive(Debug, Serialize)]
struct DetailInfo {
    after_sale_id: u64,
    after_sale_status: u8,
    after_sale_status_desc: &'static str,
    after_sale_type: u8,
    refund_status: u8,
    apply_time: i64,
    refund_time: i64,
    refund_amount: i64,
    real_refund_amount: i64,
    reason: &'static str,
}

#[derive(Debug, Serialize)]
struct DetailOrder {
    shop_order_id: Digits,
}

impl Detail {
    /// A case's detail at a moment; `None`: not asked for yet.
    pub fn of(order: &Order, case: &AfterSale, now: i64) -> Option<Self> {
        let (updated_at, status) = case.at(now)?;
        let paid_back = case.has_succeeded(now);
        Some(Self {
            process_info: ProcessInfo {
                after_sale_info: DetailInfo {
                    after_sale_id: case.no,
                    after_sale_status: status,
                    after_sale_status_desc: words(status),
                    after_sale_type: case.kind as u8,
                    refund_status: refund_status(case, status),
                    apply_time: case.applied_at(),
                    refund_time: if paid_back { updated_at } else { 0 },
                    refund_amount: case.refund_fen,
                    real_refund_amount: if paid_back { case.refund_fen } else { 0 },
                    reason: case.reason,
                },
            },
            order_info: DetailOrder { shop_order_id: Digits(order.order_no) },
        })
    }
}
