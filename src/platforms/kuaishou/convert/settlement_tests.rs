//! Bills written by hand in the platform's shape.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use serde_json::{Value, json};

fn bill(extra: &Value) -> Bill {
    let mut whole = json!({"orderNo": 2_215_900_041_470_428_i64, "settlementTime": "1764723536914", "productNum": 1,
        "actualPayAmount": "44.90", "platformAllowanceAmount": "3", "anchorHongBaoAmount": "", "czjAmount": "",
        "platformPayMarketAllowanceAmount": 250, "totalRefundAmount": "4.90", "platformCommissionAmount": "0.91",
        "distributorCommissionAmount": "4.54", "kzkCommissionAmount": "10", "activityUserCommissionAmount": "0",
        "serviceAmount": "0", "otherAmount": 0, "settlementAmount": "39.95", "orderRemark": "电话13900000000"});
    for (name, value) in extra.as_object().unwrap() {
        whole[name] = value.clone();
    }
    serde_json::from_str(&whole.to_string()).unwrap()
}

#[test]
fn a_bill_in_yuan_is_read_with_its_numbers_in_fen() {
    let record = settlement(&bill(&json!({}))).unwrap();
    assert_eq!((record.goods_fen, record.subsidy_fen, record.refund_fen), (4_490, 550, 490));
    assert_eq!((record.platform_fen, record.anchor_fen, record.freight_fen), (91, 464, 0));
    assert_eq!(record.statement_no, "2215900041470428:1764723536914");
    assert_eq!(record.line_no.as_deref(), Some("2215900041470428"));
}

#[test]
fn a_bill_without_a_decimal_point_is_in_fen() {
    let record = settlement(&bill(&json!({"actualPayAmount": "4490", "platformAllowanceAmount": "300",
        "totalRefundAmount": "490", "platformCommissionAmount": 91, "distributorCommissionAmount": "454",
        "settlementAmount": "3995"})))
    .unwrap();
    assert_eq!((record.goods_fen, record.subsidy_fen, record.platform_fen), (4_490, 550, 91));
}

#[test]
fn a_bill_that_does_not_add_up_is_rejected_with_its_parts() {
    let why = settlement(&bill(&json!({"settlementAmount": "39.94"}))).unwrap_err();
    assert!(why.en.contains("3994") && why.en.contains("3995") && why.en.contains("refund 490"), "{why}");
    assert!(settlement(&bill(&json!({"settlementAmount": ""}))).unwrap_err().en.contains("missing"));
    assert!(settlement(&bill(&json!({"actualPayAmount": "many"}))).unwrap_err().en.contains("actualPayAmount"));
    assert!(settlement(&bill(&json!({"settlementTime": ""}))).unwrap_err().en.contains("settlementTime"));
    assert!(settlement(&bill(&json!({"orderNo": 0}))).unwrap_err().en.contains("orderNo"));
}

#[test]
fn the_remark_is_not_kept() {
    assert!(!crate::platforms::reading::evidence(&bill(&json!({}))).contains("139"));
}
