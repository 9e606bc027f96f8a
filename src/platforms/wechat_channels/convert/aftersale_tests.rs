//! Cases written by hand in the platform's shape.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use serde_json::{Value, json};

fn case(extra: &Value) -> Case {
    let mut whole = json!({"after_sale_order_id": "123456", "order_id": "1768683047558651", "type": "REFUND",
        "status": "MERCHANT_REFUND_SUCCESS", "product_info": {"product_id": "3286", "sku_id": "4740", "count": 1},
        "refund_info": {"amount": 500, "refund_reason": 1}, "create_time": 1_600_000_000, "update_time": 1_600_000_900,
        "complete_time": 1_600_000_800, "reason": "NO_LONGER_WANT", "reason_text": "电话139", "openid": "o-1",
        "details": {"desc": "我的电话139", "receive_product": true, "cancel_time": 0, "tel_number": "139"}});
    for (name, value) in extra.as_object().unwrap() {
        whole[name] = value.clone();
    }
    serde_json::from_str(&whole.to_string()).unwrap()
}

/// Two pieces for 98.00, sent at a moment or never.
fn sold(sent_at: i64) -> Order {
    let order = json!({"order_id": "1768683047558651", "status": 30, "create_time": 1, "update_time": 2,
        "order_detail": {"product_infos": [{"sku_id": "4740", "sku_cnt": 2, "sale_price": 5_000, "real_price": 9_800}],
            "pay_info": {"pay_time": 1}, "price_info": {"order_price": 9_800, "freight": 0},
            "delivery_info": {"ship_done_time": sent_at}}});
    serde_json::from_str(&order.to_string()).unwrap()
}

#[test]
fn money_and_goods_follow_what_was_asked_for_and_whether_it_was_sent() {
    let amount = |fen: i64| json!({"refund_info": {"amount": fen}});
    let whole = json!({"refund_info": {"amount": 9_800}, "product_info": {"sku_id": 4_740, "count": 2}});
    for (extra, sent_at, outcome, pieces) in [
        (json!({"type": "RETURN", "status": "MERCHANT_RETURN_SUCCESS"}), 5, Outcome::Returned, 1),
        (amount(4_900), 5, Outcome::Lost, 1),
        (amount(4_900), 0, Outcome::NeverLeft, 1),
        (amount(4_900), 1_700_000_000, Outcome::NeverLeft, 1),
        (whole, 5, Outcome::Lost, 2),
        (amount(4_899), 5, Outcome::Kept, 0),
        (amount(4_899), 0, Outcome::Kept, 0),
    ] {
        let record = refund(&case(&extra), Some(&sold(sent_at))).unwrap();
        assert_eq!((record.outcome, record.pieces), (outcome, pieces), "{extra} sent {sent_at}");
        assert_eq!((record.status, record.refunded_at.unwrap().timestamp()), (RefundStatus::Succeeded, 1_600_000_800));
        assert_eq!(record.line_no.as_deref(), Some("1768683047558651:4740"));
    }
}

#[test]
fn a_case_without_a_day_of_completion_is_dated_by_its_last_change() {
    let record = refund(&case(&json!({"complete_time": 0})), Some(&sold(5))).unwrap();
    assert_eq!(record.refunded_at.unwrap().timestamp(), 1_600_000_900);
}

#[test]
fn only_success_is_money_and_what_nobody_listed_is_pending() {
    for status in ["MERCHANT_PROCESSING", "PLATFORM_REFUND_FAIL", "MERCHANT_OVERDUE_REFUND", "USER_WAIT_RETURN"] {
        let record = refund(&case(&json!({"status": status})), None).unwrap();
        assert_eq!((record.status, record.refund_fen, record.status_unknown), (RefundStatus::Pending, 0, false));
    }
    for status in ["USER_CANCELD", "USER_CANCELED", "MERCHANT_REJECT_REFUND", "RETURN_CLOSED"] {
        assert_eq!(refund(&case(&json!({"status": status})), None).unwrap().status, RefundStatus::Closed, "{status}");
    }
    for odd in [json!({"status": "PLATFORM_DREAMING"}), json!({"type": "BARTER"})] {
        let record = refund(&case(&odd), None).unwrap();
        assert!(record.status_unknown && record.platform_status.starts_with("unknown: "), "{record:?}");
        assert_eq!((record.status, record.refund_fen), (RefundStatus::Pending, 0));
    }
    assert!(refund(&case(&json!({})), None).unwrap_err().en.contains("order is missing"));
}

#[test]
fn an_exchange_sends_goods_and_no_money() {
    let exchange = json!({"type": "EXCHANGE", "refund_info": {"amount": 0}});
    let record = refund(&case(&exchange), None).unwrap();
    assert_eq!((record.resent_pieces, record.refund_fen, record.pieces), (1, 0, 0));
    assert!(refund(&case(&json!({"type": "EXCHANGE"})), None).unwrap_err().en.contains("money (500)"));
}

#[test]
fn what_the_buyer_wrote_is_not_kept() {
    let kept = crate::platforms::reading::evidence(&case(&json!({})));
    assert!(!kept.contains("139") && !kept.contains("o-1") && kept.contains("NO_LONGER_WANT"), "{kept}");
}
