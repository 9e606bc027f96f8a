//! After-sale cases become refunds, goods sent again, or nothing.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::platforms::why::Why;
use serde_json::{Value, json};

/// A case of one line that cost 39.90 and freight 6; all of it was asked for and, by the detail, paid back.
fn item(aftersale_type: i64, aftersale_status: i64, refund_status: i64) -> Value {
    json!({
        "aftersale_info": {
            "aftersale_id": "7210000000000000009", "aftersale_type": aftersale_type,
            "aftersale_status": aftersale_status, "refund_status": refund_status, "related_id": "6930000000000000001",
            "apply_time": 1_769_000_000, "update_time": 1_769_300_000, "refund_amount": 4_590,
            "refund_post_amount": 600, "aftersale_num": 2
        },
        "order_info": {"shop_order_id": "6930000000000000001", "related_order_info": [
            {"sku_order_id": "6930000000000000011", "pay_amount": 4_590, "post_amount": 600}
        ]},
        "text_part": {"reason_text": "坏果"}, "seller_logs": [{"content": "13800000000"}]
    })
}

fn convert(item: &Value, real_refund_fen: Option<i64>) -> Result<Vec<RefundRecord>, Why> {
    let item: Item = serde_json::from_str(&item.to_string()).unwrap();
    let detail = real_refund_fen.map(|fen| {
        let detail = json!({"real_refund_amount": fen, "refund_time": 1_769_250_000});
        serde_json::from_str::<Detail>(&detail.to_string()).unwrap()
    });
    refunds(&item, detail.as_ref())
}

fn one(case: &Value, real_refund_fen: Option<i64>) -> RefundRecord {
    let item: Item = serde_json::from_str(&case.to_string()).unwrap();
    assert_eq!(moved_money(&item).is_some(), real_refund_fen.is_some(), "a detail is asked for where money moved");
    let mut records = convert(case, real_refund_fen).unwrap();
    assert_eq!(records.len(), 1);
    records.remove(0)
}

#[test]
fn a_refund_is_what_was_paid_back_and_not_what_was_asked_for() {
    let part = one(&item(1, 12, 3), Some(600));
    assert_eq!((part.refund_fen, part.outcome, part.pieces), (600, Outcome::Kept, 0));
    assert_eq!(part.freight_fen, None, "freight is stated for the whole that was asked for");
    assert_eq!(part.refunded_at.unwrap().timestamp(), 1_769_250_000);
    assert_eq!((part.line_no.as_deref(), part.reason.as_str()), (Some("6930000000000000011"), "坏果"));
    let whole = one(&item(1, 12, 3), Some(4_590));
    assert_eq!((whole.refund_fen, whole.freight_fen), (4_590, Some(600)));
    assert_eq!((whole.outcome, whole.pieces), (Outcome::Lost, 2));
}

#[test]
fn each_type_has_its_outcome() {
    for (kind, outcome, pieces) in [
        (0, Outcome::Returned, 2),
        (1, Outcome::Lost, 2),
        (2, Outcome::NeverLeft, 2),
        (4, Outcome::NeverLeft, 2),
        (5, Outcome::NeverLeft, 2),
        (6, Outcome::Kept, 0),
    ] {
        let record = one(&item(kind, 12, 3), Some(4_590));
        assert_eq!((record.outcome, record.pieces), (outcome, pieces), "type {kind}");
        assert_eq!((record.status, record.status_unknown), (RefundStatus::Succeeded, false));
    }
}

#[test]
fn an_exchange_sends_pieces_and_no_money() {
    for (kind, status, resent) in [(3, 14, 2), (7, 12, 2), (8, 12, 0), (3, 13, 0), (3, 28, 0)] {
        let mut case = item(kind, status, 0);
        case["aftersale_info"]["refund_amount"] = json!(0);
        let record = one(&case, None);
        assert_eq!((record.refund_fen, record.resent_pieces), (0, resent), "type {kind} status {status}");
    }
    assert!(convert(&item(3, 14, 3), None).unwrap_err().en.contains("4590"), "money where none belongs");
}

#[test]
fn only_money_that_went_back_is_success() {
    for (status, refund_status, expected) in [
        (6, 1, RefundStatus::Pending),
        (11, 2, RefundStatus::Pending),
        (12, 2, RefundStatus::Pending),
        (28, 1, RefundStatus::Closed),
        (27, 0, RefundStatus::Closed),
        (12, 4, RefundStatus::Closed),
    ] {
        let record = one(&item(0, status, refund_status), None);
        assert_eq!((record.status, record.refund_fen, record.refunded_at), (expected, 0, None));
    }
}

#[test]
fn what_is_not_known_is_pending_and_kept_in_its_words() {
    for odd in [item(0, 99, 3), item(0, 12, 9), item(42, 12, 3)] {
        let record = one(&odd, None);
        assert!(record.status_unknown && record.platform_status.starts_with("unknown: "), "{}", record.platform_status);
        assert_eq!((record.status, record.refund_fen), (RefundStatus::Pending, 0));
    }
}

#[test]
fn a_refund_clawed_back_sums_to_nothing() {
    let records = convert(&item(0, 12, 5), Some(4_590)).unwrap();
    assert_eq!(records.iter().map(|r| r.refund_fen).collect::<Vec<_>>(), [4_590, -4_590]);
    assert_eq!(records.iter().map(|r| r.freight_fen).collect::<Vec<_>>(), [Some(600), Some(-600)]);
    assert_eq!(records[1].refund_no, "7210000000000000009#clawback");
    assert_eq!((records[1].pieces, records[1].refunded_at.unwrap().timestamp()), (0, 1_769_300_000));
}

#[test]
fn a_case_over_two_lines_is_known_for_the_order() {
    let mut case = item(2, 12, 3);
    let lines = case["order_info"]["related_order_info"].as_array_mut().unwrap();
    lines.push(json!({"sku_order_id": "6930000000000000012", "pay_amount": 100}));
    assert_eq!(one(&case, Some(4_690)).line_no, None);
}

#[test]
fn a_case_that_does_not_fit_says_why() {
    for (part, field, value, word) in [
        ("aftersale_info", "aftersale_id", json!(0), "aftersale_id is missing"),
        ("aftersale_info", "update_time", json!(0), "update_time is missing"),
        ("aftersale_info", "refund_post_amount", json!(5_000), "refund_post_amount 5000"),
        ("aftersale_info", "aftersale_num", json!(-1), "negative"),
        ("order_info", "shop_order_id", json!(""), "shop_order_id is missing"),
    ] {
        let mut case = item(0, 12, 3);
        case[part][field] = value;
        let why = convert(&case, Some(4_590)).unwrap_err();
        assert!(why.en.contains(word), "{why}");
    }
    assert!(convert(&item(0, 12, 3), Some(-5)).unwrap_err().en.contains("negative"));
    let item: Item = serde_json::from_str(&item(0, 12, 3).to_string()).unwrap();
    assert!(refunds(&item, None).unwrap_err().en.contains("detail"));
}
