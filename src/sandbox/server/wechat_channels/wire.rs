//! Records as WeChat writes them. Amounts are fen and times seconds, 0 is "not yet". They carry what a county must never
//! keep, so that scrubbing is tested by every pull.
//!
//! Who sold an order is told half an hour after it was paid, and its update time does not move for that. An order is
//! settled as a whole, when the last of its lines is; what goes back later changes nothing that was charged.

use crate::sandbox::world::aftermath::status;
use crate::sandbox::world::goods::{product_no, sku_no};
use crate::sandbox::world::making::PROVINCES;
use crate::sandbox::world::orders::{AfterSaleKind, Line, Order, Stage};
use serde_json::{Value, json};

/// A status no document lists, for the fault of that name.
pub const ODD: i64 = 77;
/// Seconds from payment until it is told who sold it.
const TOLD_AFTER_SECONDS: i64 = 1_800;
/// Orders of more pieces than this go out in a parcel a piece.
const PIECES_IN_A_PARCEL: i64 = 2;

/// When an order is settled, if it ever is.
pub fn settles_at(order: &Order) -> Option<i64> {
    let settled = order.lines.iter().filter_map(|line| line.statement).map(|statement| statement.settled_at).max();
    settled.filter(|_| order.completed_at != 0)
}

/// The latest change at a moment, settlement included; `None`: not created yet.
pub fn updated_at(order: &Order, now: i64) -> Option<i64> {
    let settled = settles_at(order).filter(|at| *at <= now);
    order.updated_at(now).map(|at| settled.map_or(at, |settled| settled.max(at)))
}

fn status_of(order: &Order, now: i64) -> i64 {
    match order.stage(now) {
        Stage::AwaitingPayment => 10,
        Stage::ToShip => 20,
        Stage::Shipped => 30,
        Stage::Completed => 100,
        Stage::Closed if order.paid_at == 0 => 250,
        Stage::Closed => 200,
    }
}

/// `order` of `order/get`, with a status of its own where one is given.
pub fn order(order: &Order, now: i64, odd: Option<i64>) -> Value {
    let shown = |at| Order::shown(at, now);
    let sum = |of: fn(&Line) -> i64| order.lines.iter().map(of).sum::<i64>();
    let list = sum(|l| l.list_fen);
    let goods = sum(Line::goods_fen);
    let products: Vec<Value> = order.lines.iter().map(|line| product(order, line)).collect();
    let cases: Vec<Value> = order.lines.iter().filter_map(|line| case_state(line, now)).collect();
    let mut detail = json!({
        "product_infos": products,
        "pay_info": {"pay_time": shown(order.paid_at), "prepay_time": shown(order.paid_at), "payment_method": 1,
            "transaction_id": format!("42{}", order.order_no)},
        "price_info": {"product_price": list, "order_price": goods + order.freight_fen, "freight": order.freight_fen,
            "discounted_price": list - goods, "is_discounted": list != goods, "original_order_price": list + order.freight_fen,
            "estimate_product_price": goods, "merchant_receieve_price": goods + order.freight_fen + sum(Line::subsidy_fen)},
        "delivery_info": delivery(order, now),
        "ext_info": {"customer_notes": "放门口，电话13800001234", "merchant_notes": "",
            "confirm_receipt_time": shown(order.completed_at), "order_scene": if is_live(order) { 2 } else { 1 },
            "commission_handling_progress": 0},
        "coupon_info": {"user_coupon_id": ""},
        "settle_info": settle(order, now),
    });
    if order.paid_at != 0 && now >= order.paid_at + TOLD_AFTER_SECONDS {
        tell_who_sold_it(order, now, &mut detail);
    }
    json!({"order_id": order.order_no.to_string(), "status": odd.unwrap_or_else(|| status_of(order, now)),
        "create_time": order.created_at, "update_time": updated_at(order, now).unwrap_or(order.created_at),
        "openid": format!("wx-buyer-{}", order.buyer), "unionid": format!("wx-union-{}", order.buyer),
        "order_detail": detail, "aftersale_detail": {"aftersale_order_list": cases, "on_aftersale_order_cnt": 0}})
}

fn is_live(order: &Order) -> bool {
    order.lines.iter().any(|line| line.source.live_room_no != 0)
}

fn product(order: &Order, line: &Line) -> Value {
    json!({"product_id": product_no(order.shop, line.sku).to_string(), "sku_id": sku_no(order.shop, line.sku).to_string(),
        "product_unique_id": format!("{}_{}", order.order_no, line.line_no % 10), "sku_cnt": line.pieces,
        "title": line.sku().title, "sale_price": line.sku().list_fen, "market_price": line.sku().list_fen,
        "real_price": line.goods_fen(), "estimate_price": line.goods_fen(),
        "is_discounted": line.goods_fen() != line.list_fen, "merchant_discounted_price": line.shop_coupon_fen,
        "cash_coupon_discounted_price": line.platform_coupon_fen, "finder_discounted_price": line.anchor_coupon_fen,
        "sku_code": line.sku().listing.unwrap_or_default(), "is_free_gift": u8::from(line.gift),
        "sku_attrs": [{"attr_key": "规格", "attr_value": line.sku().spec}]})
}

fn delivery(order: &Order, now: i64) -> Value {
    let sent_at = Order::shown(order.shipped_at, now);
    let most = order.lines.iter().map(|l| l.pieces).max().unwrap_or(1);
    let count = if most > PIECES_IN_A_PARCEL { most } else { 1 };
    let parcel = |n: i64| {
        json!({"waybill_id": format!("DEMO{}{n:02}", order.order_no % 1_000_000_000_000), "delivery_id": "YANSHI",
            "delivery_time": sent_at})
    };
    let parcels: Vec<Value> = (0..if sent_at == 0 { 0 } else { count }).map(parcel).collect();
    json!({"delivery_product_info": parcels, "ship_done_time": sent_at, "deliver_method": 0,
        "address_info": {"province_name": PROVINCES[order.province].0, "city_name": "演示市", "county_name": "演示区",
            "user_name": "张**", "detail_info": "演示路1号", "tel_number": "138****1234"}})
}

/// The account, the live room and the commissions, which come late.
fn tell_who_sold_it(order: &Order, now: i64, detail: &mut Value) {
    let Some(first) = order.lines.first() else { return };
    detail["ext_info"]["commission_handling_progress"] = json!(1);
    if first.source.author_no == 0 {
        return;
    }
    detail["ext_info"]["finder_id"] = json!(first.source.author_no.to_string());
    if is_live(order) {
        detail["ext_info"]["live_id"] = json!(first.source.live_room_no.to_string());
    }
    let settled = settles_at(order).is_some_and(|at| at <= now);
    let commission = |line: &Line| {
        json!({"sku_id": sku_no(order.shop, line.sku).to_string(), "nickname": line.source.author_name, "type": 0,
            "status": if settled { 2 } else { 1 }, "finder_id": line.source.author_no.to_string(),
            "amount": line.statement.map_or(0, |statement| statement.commission_fen)})
    };
    let earning = order.lines.iter().filter(|line| line.statement.is_some());
    detail["commission_infos"] = earning.map(commission).collect();
    let source = |line: &Line| {
        json!({"sku_id": sku_no(order.shop, line.sku).to_string(), "sale_channel": 100, "account_type": 1,
            "account_id": line.source.author_no.to_string(), "account_nickname": line.source.author_name})
    };
    detail["source_infos"] = order.lines.iter().map(source).collect();
}

fn settle(order: &Order, now: i64) -> Value {
    let fee: i64 = order.lines.iter().filter_map(|line| line.statement).map(|s| s.platform_fee_fen).sum();
    match settles_at(order).filter(|at| *at <= now) {
        None => json!({"predict_commission_fee": fee}),
        Some(settled_at) => json!({"predict_commission_fee": fee, "commission_fee": fee, "settle_time": settled_at}),
    }
}

/// What is left of an order that came torn.
pub fn torn(order: &Order, now: i64) -> Value {
    json!({"order_id": order.order_no.to_string(), "status": "待发货", "create_time": order.created_at,
        "update_time": order.updated_at(now).unwrap_or(order.created_at), "order_detail": "{\"product_infos\":["})
}

/// A case as its order tells it. Its number comes as a number here, whatever its size.
fn case_state(line: &Line, now: i64) -> Option<Value> {
    let case = line.after_sale.as_deref()?;
    let (_, stage) = case.at(now)?;
    let status = match (stage, case.kind) {
        (status::SUCCEEDED, AfterSaleKind::ReturnAndRefund) => 14,
        (status::SUCCEEDED | status::RESENT, _) => 13,
        (status::CLOSED, _) => 1,
        _ => 2,
    };
    Some(json!({"aftersale_order_id": case.no, "status": status}))
}

/// A line's case as it is shown at a moment; `None`: not asked for yet.
pub fn case(order: &Order, line: &Line, now: i64, unknown_status: bool) -> Option<Value> {
    let case = line.after_sale.as_deref()?;
    let (updated_at, stage) = case.at(now)?;
    let ended = updated_at == case.ended_at();
    let kind = match case.kind {
        AfterSaleKind::ReturnAndRefund => "RETURN",
        AfterSaleKind::Resend => "EXCHANGE",
        _ => "REFUND",
    };
    let status = match stage {
        _ if unknown_status && !ended => "PLATFORM_LOOKS_AGAIN",
        status::WAITING_FOR_SELLER => "MERCHANT_PROCESSING",
        status::WAITING_FOR_RETURN => "USER_WAIT_RETURN",
        status::RETURN_ON_ITS_WAY => "MERCHANT_WAIT_RECEIPT",
        status::SUCCEEDED if kind == "REFUND" => "MERCHANT_REFUND_SUCCESS",
        status::SUCCEEDED | status::RESENT => "MERCHANT_RETURN_SUCCESS",
        _ => "USER_CANCELD",
    };
    Some(json!({"after_sale_order_id": case.no.to_string(), "order_id": order.order_no, "type": kind, "status": status,
        "openid": format!("wx-buyer-{}", order.buyer), "reason": case.reason, "reason_text": "电话13900005678",
        "product_info": {"product_id": product_no(order.shop, line.sku).to_string(),
            "sku_id": sku_no(order.shop, line.sku).to_string(), "count": case.pieces},
        "refund_info": {"amount": case.refund_fen, "refund_reason": 1}, "create_time": case.applied_at(),
        "update_time": updated_at, "complete_time": if ended { updated_at } else { 0 },
        "details": {"desc": "收货电话13900005678", "receive_product": false, "cancel_time": 0, "tel_number": "139"}}))
}
