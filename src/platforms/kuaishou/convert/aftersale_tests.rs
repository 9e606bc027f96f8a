//! Cases written by hand in the platform's shape.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::platforms::kuaishou::wire::order::{Fee, Order};
use crate::platforms::why::Why;
use serde_json::{Value, json};

fn case(extra: &Value) -> Case {
    let mut whole = json!({"refundId": 10_987_654, "oid": "2215900041470428", "handlingWay": 10, "status": 60,
        "refundFee": 500, "createTime": 1_700_000_000_000_i64, "updateTime": 1_700_000_900_000_i64,
        "endTime": 1_700_000_800_000_i64, "refundReasonDesc": "坏果", "refundDesc": "我的电话13900000000"});
    for (name, value) in extra.as_object().unwrap() {
        whole[name] = value.clone();
    }
    serde_json::from_str(&whole.to_string()).unwrap()
}

fn sold(sent_ms: i64) -> (Order, Fee) {
    let order = json!({"orderBaseInfo": {"oid": 1, "sendTime": sent_ms}, "orderItemInfo": {"num": 3}});
    let fee = json!({"totalFee": 5_000, "expressFee": 600, "sellerRecv": 5_600, "buyerPay": 5_600});
    (serde_json::from_str(&order.to_string()).unwrap(), serde_json::from_str(&fee.to_string()).unwrap())
}

fn converted(extra: &Value, sent_ms: i64) -> Result<RefundRecord, Why> {
    let (order, fee) = sold(sent_ms);
    refund(&case(extra), Some(Sold { fee: &fee, order: &order }))
}

#[test]
fn money_and_goods_follow_what_was_asked_for_and_whether_it_was_sent() {
    let before = 1_600_000_000_000;
    for (extra, sent, outcome, pieces) in [
        (json!({"handlingWay": 1, "refundFee": 5_000}), before, Outcome::Returned, 3),
        (json!({"refundFee": 5_000}), before, Outcome::Lost, 3),
        (json!({"refundFee": 5_600}), 0, Outcome::NeverLeft, 3),
        (json!({"refundFee": 5_600}), 1_800_000_000_000, Outcome::NeverLeft, 3),
        (json!({}), before, Outcome::Kept, 0),
        (json!({}), 0, Outcome::Kept, 0),
    ] {
        let record = converted(&extra, sent).unwrap();
        assert_eq!((record.outcome, record.pieces), (outcome, pieces), "{extra} sent {sent}");
        assert_eq!((record.status, record.refunded_at.unwrap().timestamp()), (RefundStatus::Succeeded, 1_700_000_800));
        assert_eq!(record.line_no.as_deref(), Some(record.order_no.as_str()));
    }
}

#[test]
fn only_status_60_is_success_and_what_nobody_listed_is_pending() {
    for status in [10, 11, 20, 21, 22, 30, 40, 45, 50] {
        let record = refund(&case(&json!({"status": status})), None).unwrap();
        assert_eq!((record.status, record.refund_fen, record.status_unknown), (RefundStatus::Pending, 0, false));
        assert!(succeeded(&case(&json!({"status": status}))).is_none());
    }
    assert_eq!(refund(&case(&json!({"status": 70})), None).unwrap().status, RefundStatus::Closed);
    for odd in [json!({"status": 61}), json!({"handlingWay": 12})] {
        let record = refund(&case(&odd), None).unwrap();
        assert!(record.status_unknown && record.platform_status.starts_with("unknown: "), "{record:?}");
        assert_eq!((record.status, record.refund_fen), (RefundStatus::Pending, 0));
    }
    assert!(refund(&case(&json!({})), None).unwrap_err().en.contains("order is missing"));
}

#[test]
fn goods_sent_once_more_move_no_money() {
    let record = converted(&json!({"handlingWay": 4, "refundFee": 0}), 1).unwrap();
    assert_eq!((record.resent_pieces, record.refund_fen, record.pieces), (3, 0, 0));
    assert!(converted(&json!({"handlingWay": 3, "refundFee": 9}), 1).unwrap_err().en.contains("money (9)"));
    assert_eq!(converted(&json!({"handlingWay": 5, "refundFee": 0}), 1).unwrap().resent_pieces, 0);
}

#[test]
fn what_the_buyer_wrote_is_not_kept() {
    let kept = crate::platforms::reading::evidence(&case(&json!({})));
    assert!(!kept.contains("139") && kept.contains("坏果"), "{kept}");
}
