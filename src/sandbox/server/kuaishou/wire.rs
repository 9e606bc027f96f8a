//! Records as Kuaishou writes them. Amounts are fen and times milliseconds, but for the bills, whose amounts are yuan as
//! text; 0 is "not yet". They carry what a county must never keep, so that scrubbing is tested by every pull.

use crate::sandbox::world::aftermath::status;
use crate::sandbox::world::goods::{product_no, sku_no};
use crate::sandbox::world::making::PROVINCES;
use crate::sandbox::world::orders::{AfterSaleKind, Line, Order, Stage, Statement};
use serde_json::{Value, json};

/// A status no document lists, for the fault of that name.
pub const ODD: i64 = 45;
const ODD_CASE: i64 = 61;
/// The carrier of a sale in a live room, and of one by a shop's page.
const LIVE: i64 = 2;
const SHOP_PAGE: i64 = 3;
/// Orders of more pieces than this go out in a parcel a piece.
const PIECES_IN_A_PARCEL: i64 = 2;

fn status_of(order: &Order, line: &Line, now: i64) -> i64 {
    let given_back = line.refunded_wholly() && line.after_sale.as_ref().is_some_and(|a| a.has_succeeded(now));
    match order.stage(now) {
        Stage::AwaitingPayment => 10,
        Stage::Closed => 80,
        Stage::Completed => 70,
        _ if given_back => 80,
        Stage::Shipped if Order::shown(order.received_at, now) != 0 => 50,
        Stage::Shipped => 40,
        Stage::ToShip => 30,
    }
}

fn base(order: &Order, line: &Line, now: i64, odd: Option<i64>) -> Value {
    let shown = |at| Order::shown(at, now) * 1_000;
    json!({"oid": line.line_no, "status": odd.unwrap_or_else(|| status_of(order, line, now)),
        "createTime": order.created_at * 1_000, "payTime": shown(order.paid_at), "sendTime": shown(order.shipped_at),
        "recvTime": shown(order.received_at), "updateTime": order.updated_at(now).unwrap_or(order.created_at) * 1_000,
        "refundTime": 0, "totalFee": line.goods_fen() + line.subsidy_fen(), "expressFee": line.freight_fen,
        "discountFee": line.shop_coupon_fen + line.subsidy_fen(), "payType": order.pay_type, "preSale": 0, "coType": 0,
        "cpsType": if line.source.author_no == 0 { 1 } else { 2 }, "sellerNick": order.shop.name(), "remark": "",
        "buyerOpenId": format!("ks-buyer-{}", order.buyer), "buyerNick": format!("买家{}", order.buyer % 1_000),
        "allActivityType": if line.gift { json!([19]) } else { json!([]) },
        "orderSellerRoleInfo": if line.source.author_no == 0 { json!({"roleType": 1, "roleId": 0, "roleName": ""}) }
            else { json!({"roleType": 2, "roleId": line.source.author_no, "roleName": line.source.author_name}) }})
}

fn groups(order: &Order, line: &Line, now: i64, base: &Value) -> Value {
    let product = product_no(order.shop, line.sku);
    let sent = Order::shown(order.shipped_at, now) != 0;
    let parcels = if line.pieces > PIECES_IN_A_PARCEL { line.pieces } else { 1 };
    let parcel =
        |n: i64| json!({"expressNo": format!("DEMO{}{n:02}", line.line_no % 1_000_000_000_000), "expressCode": 9_999});
    let parcels: Vec<Value> = (0..if sent { parcels } else { 0 }).map(parcel).collect();
    let cases: Vec<Value> = case(line, now, false)
        .map(|case| json!({"refundId": case["refundId"], "refundStatus": case["status"]}))
        .into_iter()
        .collect();
    json!({"orderBaseInfo": base,
        "orderItemInfo": {"itemId": product, "skuId": sku_no(order.shop, line.sku), "itemTitle": line.sku().title,
            "skuDesc": line.sku().spec, "num": line.pieces, "price": line.sku().list_fen,
            "originalPrice": line.sku().list_fen, "discountFee": line.shop_coupon_fen, "itemType": 1,
            "goodsCode": line.sku().listing.unwrap_or_default(), "orderItemId": line.line_no},
        "orderRefundList": cases, "orderLogisticsInfo": parcels, "orderNote": {"orderNoteInfo": []},
        "orderAddress": {"province": PROVINCES[order.province].0, "provinceCode": PROVINCES[order.province].1,
            "city": "演示市", "district": "演示区", "town": "演示街道", "encryptedMobile": format!("tel{}", order.buyer),
            "desensitiseMobile": "138****1234", "desensitiseConsignee": "张**", "encryptedAddress": "##addr##"},
        "orderCpsInfo": {"distributorId": line.source.author_no, "distributorName": line.source.author_name}})
}

/// An order of the list: no carrier, no live room.
pub fn listed(order: &Order, line: &Line, now: i64) -> Value {
    groups(order, line, now, &base(order, line, now, None))
}

/// `open.order.detail`, with a status of its own where one is given.
pub fn detail(order: &Order, line: &Line, now: i64, odd: Option<i64>) -> Value {
    let mut base = base(order, line, now, odd);
    let live = line.source.live_room_no != 0;
    base["carrierType"] = json!(if live { LIVE } else { SHOP_PAGE });
    base["carrierId"] = if live { json!(line.source.live_room_no.to_string()) } else { json!("") };
    groups(order, line, now, &base)
}

/// What is left of an order that came torn.
pub fn torn(order: &Order, line: &Line, now: i64) -> Value {
    json!({"orderBaseInfo": {"oid": line.line_no, "status": "待发货", "payTime": "昨天",
        "updateTime": order.updated_at(now).unwrap_or(order.created_at) * 1_000}, "orderItemInfo": "[{"})
}

/// `open.seller.order.fee.detail`.
pub fn fees(line: &Line) -> Value {
    let total = line.list_fen - line.shop_coupon_fen;
    let bears = |bearer: u8, fen: i64| json!({"bearer": bearer, "bearAmount": fen, "hasFund": bearer != 1});
    json!({"orderId": line.line_no, "totalFee": total, "expressFee": line.freight_fen,
        "sellerRecv": total + line.freight_fen, "buyerPay": line.goods_fen() + line.freight_fen,
        "discountFee": line.shop_coupon_fen + line.subsidy_fen(), "platformBearAmount": line.platform_coupon_fen,
        "merchantBearAmount": line.shop_coupon_fen,
        "platformAllowance": line.shop_coupon_fen + line.platform_coupon_fen,
        "marketingInfoOuters": [
            {"type": 1_000, "subType": 1_001, "discountFee": line.shop_coupon_fen + line.platform_coupon_fen,
                "bearInfoList": [bears(1, line.shop_coupon_fen), bears(2, line.platform_coupon_fen)]},
            {"type": 1_000, "subType": 1_003, "discountFee": line.anchor_coupon_fen,
                "bearInfoList": [bears(3, line.anchor_coupon_fen)]}]})
}

/// A line's case as it is shown at a moment; `None`: not asked for yet.
pub fn case(line: &Line, now: i64, unknown_status: bool) -> Option<Value> {
    let case = line.after_sale.as_deref()?;
    let (updated_at, stage) = case.at(now)?;
    let returns = case.kind == AfterSaleKind::ReturnAndRefund;
    let ended = updated_at == case.ended_at();
    let status = match stage {
        _ if unknown_status && !ended => ODD_CASE,
        status::WAITING_FOR_SELLER if returns => 11,
        status::WAITING_FOR_SELLER => 10,
        status::WAITING_FOR_RETURN => 30,
        status::RETURN_ON_ITS_WAY => 40,
        status::SUCCEEDED | status::RESENT => 60,
        _ => 70,
    };
    let handling = match case.kind {
        AfterSaleKind::ReturnAndRefund => 1,
        AfterSaleKind::Resend => 4,
        _ => 10,
    };
    Some(json!({"refundId": case.no, "oid": line.line_no, "handlingWay": handling, "status": status,
        "refundFee": case.refund_fen, "refundType": 1, "receiptStatus": 0, "submitTime": case.applied_at() * 1_000,
        "createTime": case.applied_at() * 1_000, "updateTime": updated_at * 1_000,
        "endTime": if ended { updated_at * 1_000 } else { 0 }, "refundReason": 1, "refundReasonDesc": case.reason,
        "refundDesc": "收货电话13900005678", "negotiateStatus": 1}))
}

/// A bill: what was paid out for a line, or taken back when a refund came later.
pub fn bill(order: &Order, line: &Line, statement: Statement) -> Value {
    let paid = statement.goods_fen + statement.freight_fen;
    let income = paid + statement.platform_coupon_fen + statement.anchor_coupon_fen;
    let outgoing = statement.platform_fee_fen + statement.commission_fen;
    json!({"orderNo": line.line_no, "merchantId": order.shop.platform_id().to_string(),
        "productId": product_no(order.shop, line.sku).to_string(), "productName": line.sku().title,
        "productNum": line.pieces, "orderCreateTime": (order.created_at * 1_000).to_string(),
        "actualPayAmount": yuan(paid), "platformAllowanceAmount": yuan(statement.platform_coupon_fen),
        "anchorHongBaoAmount": yuan(statement.anchor_coupon_fen), "platformPayMarketAllowanceAmount": 0,
        "governmentSubsidyAmount": 0, "sellerAllowanceAmount": 0, "czjAmount": "", "totalIncome": yuan(income),
        "totalRefundAmount": yuan(statement.refund_fen), "platformCommissionAmount": yuan(statement.platform_fee_fen),
        "distributorId": line.source.author_no.to_string(),
        "distributorCommissionAmount": yuan(statement.commission_fen), "activityUserCommissionAmount": "",
        "kzkCommissionAmount": "0", "serviceAmount": "", "otherAmount": 0, "totalOutgoingAmount": yuan(outgoing),
        "settlementStatus": "已结算", "settlementAmount": yuan(income - statement.refund_fen - outgoing),
        "settlementTime": (statement.settled_at * 1_000).to_string(), "orderRemark": "电话13900005678"})
}

/// Fen as the bills write them.
fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}
