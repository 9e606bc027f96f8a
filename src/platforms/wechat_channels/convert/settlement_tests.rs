//! Settled orders written by hand in the platform's shape.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use serde_json::{Value, json};

fn wire(settle: &Value, commissions: &Value) -> Order {
    let order = json!({"order_id": "37", "status": 100, "create_time": 1, "update_time": 2,
        "order_detail": {"product_infos": [
            {"sku_id": "1", "sku_cnt": 1, "sale_price": 5_000, "real_price": 4_500, "cash_coupon_discounted_price": 300},
            {"sku_id": "2", "sku_cnt": 1, "sale_price": 2_000, "real_price": 1_900, "finder_discounted_price": 100}],
            "pay_info": {"pay_time": 1}, "price_info": {"order_price": 7_000, "freight": 600},
            "settle_info": settle, "commission_infos": commissions}});
    serde_json::from_str(&order.to_string()).unwrap()
}

fn case(sku: &str, fen: i64, at: i64) -> Case {
    let case = json!({"after_sale_order_id": "9", "order_id": "37", "type": "REFUND",
        "status": "MERCHANT_REFUND_SUCCESS", "product_info": {"sku_id": sku, "count": 1},
        "refund_info": {"amount": fen}, "update_time": at, "complete_time": at});
    serde_json::from_str(&case.to_string()).unwrap()
}

fn settled() -> Value {
    json!({"settle_time": 1_000, "commission_fee": 128, "wecoin_commission": 7, "predict_commission_fee": 999})
}

fn talent() -> Value {
    json!([{"sku_id": "1", "type": 0, "amount": 450, "status": 2}, {"sku_id": "2", "type": 1, "amount": 20}])
}

#[test]
fn a_settled_order_is_one_row_with_what_was_charged() {
    let record = settlement(&wire(&settled(), &talent()), &[]).unwrap();
    assert_eq!((record.goods_fen, record.freight_fen, record.subsidy_fen), (6_400, 600, 400));
    assert_eq!((record.platform_fen, record.anchor_fen, record.refund_fen), (155, 450, 0));
    assert_eq!((record.statement_no.as_str(), record.line_no), ("37:settled", None));
    assert_eq!(record.settled_at.timestamp(), 1_000);
}

#[test]
fn what_is_only_predicted_is_not_settled() {
    let predicted = json!({"predict_commission_fee": 128, "settle_time": 0});
    assert!(settle_info(&wire(&predicted, &json!(null))).is_none());
    assert!(settlement(&wire(&predicted, &json!(null)), &[]).is_err());
    assert!(settle_info(&wire(&json!(null), &json!(null))).is_none());
}

#[test]
fn commission_that_comes_late_corrects_the_same_row() {
    let early = settlement(&wire(&settled(), &json!(null)), &[]).unwrap();
    let late = settlement(&wire(&settled(), &talent()), &[]).unwrap();
    assert_eq!((early.anchor_fen, late.anchor_fen), (0, 450));
    assert_eq!(early.statement_no, late.statement_no);
}

#[test]
fn refunds_that_were_over_by_then_are_in_the_row_and_later_ones_are_not() {
    let order = wire(&settled(), &talent());
    let record = settlement(&order, &[case("1", 1_000, 900), case("2", 50, 1_001)]).unwrap();
    assert_eq!((record.goods_fen, record.refund_fen, record.subsidy_fen), (6_400, 1_000, 400));
    let whole = settlement(&order, &[case("1", 4_500, 900)]).unwrap();
    assert_eq!(whole.subsidy_fen, 100, "the coupon of goods given back is not paid");
    let with_freight = settlement(&order, &[case("1", 5_100, 900), case("2", 1_900, 900)]).unwrap();
    assert_eq!((with_freight.refund_fen, with_freight.freight_fen, with_freight.subsidy_fen), (6_400, 0, 0));
}
