//! A statement row: what the platform paid out for a line, or took back when a refund came later.
//!
//! `settle_amount = goods and freight paid by the buyer + coupons of platform and anchor − refunds − fees`. Fees and
//! refunds are stated positive in a first row (trade type 0); a row after a later refund (type 1) reverses part of the
//! first and has every amount negative.

use super::Digits;
use crate::domain::calendar::shanghai;
use crate::sandbox::world::goods::product_no;
use crate::sandbox::world::numbers::statement_no;
use crate::sandbox::world::orders::{Line, Order, Statement};
use chrono::DateTime;
use serde::Serialize;

/// A row.
#[derive(Debug, Serialize)]
pub struct Row {
    request_no: Digits,
    shop_order_id: Digits,
    order_id: Digits,
    product_id: Digits,
    goods_count: i64,
    order_time: String,
    settle_time: String,
    trade_type: u8,
    is_contains_refund_before_settle: u8,
    pay_type_desc: &'static str,
    flow_type_desc: &'static str,
    order_type: &'static str,
    total_amount: i64,
    total_goods_amount: i64,
    post_amount: i64,
    packing_amount: i64,
    shop_coupon: i64,
    platform_coupon: i64,
    author_coupon: i64,
    zt_pay_promotion: i64,
    zr_pay_promotion: i64,
    real_pay_amount: i64,
    refund_before_settle: i64,
    total_income: i64,
    platform_service_fee: i64,
    commission: i64,
    good_learn_channel_fee: i64,
    colonel_service_fee: i64,
    channel_promotion_fee: i64,
    other_sharing_amount: i64,
    total_outcome: i64,
    settle_amount: i64,
    remark: &'static str,
}

impl Row {
    /// The row of a line's statement.
    pub fn of(order: &Order, line: &Line, statement: Statement, reversal: bool) -> Self {
        let subsidy = statement.platform_coupon_fen + statement.anchor_coupon_fen;
        let shop_coupon = if reversal { 0 } else { line.shop_coupon_fen };
        let total_goods_amount = statement.goods_fen + subsidy + shop_coupon;
        let real_pay_amount = statement.goods_fen + statement.freight_fen;
        let total_income = real_pay_amount + subsidy - statement.refund_fen;
        let total_outcome = statement.platform_fee_fen + statement.commission_fen;
        Self {
            request_no: Digits(statement_no(line.line_no, reversal)),
            shop_order_id: Digits(order.order_no),
            order_id: Digits(line.line_no),
            product_id: Digits(product_no(order.shop, line.sku)),
            goods_count: line.pieces,
            order_time: local_text(order.created_at),
            settle_time: local_text(statement.settled_at),
            trade_type: u8::from(reversal),
            is_contains_refund_before_settle: u8::from(statement.refund_fen > 0),
            pay_type_desc: if order.pay_type == 1 { "微信" } else { "支付宝" },
            flow_type_desc: if line.source.author_no == 0 { "小店自卖" } else { "精选联盟" },
            order_type: "普通订单",
            total_amount: total_goods_amount + statement.freight_fen,
            total_goods_amount,
            post_amount: statement.freight_fen,
            packing_amount: 0,
            shop_coupon,
            platform_coupon: statement.platform_coupon_fen,
            author_coupon: statement.anchor_coupon_fen,
            zt_pay_promotion: 0,
            zr_pay_promotion: 0,
            real_pay_amount,
            refund_before_settle: statement.refund_fen,
            total_income,
            platform_service_fee: statement.platform_fee_fen,
            commission: statement.commission_fen,
            good_learn_channel_fee: 0,
            colonel_service_fee: 0,
            channel_promotion_fee: 0,
            other_sharing_amount: 0,
            total_outcome,
            settle_amount: total_income - total_outcome,
            remark: "",
        }
    }
}

/// `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai.
pub fn local_text(seconds: i64) -> String {
    let at = DateTime::from_timestamp(seconds, 0).expect("the world's times are representable");
    at.with_timezone(&shanghai()).format("%Y-%m-%d %H:%M:%S").to_string()
}
