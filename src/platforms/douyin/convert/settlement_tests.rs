//! Statement rows become records whose parts add up, or are refused with a reason.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::domain::calendar::{parse_day, rfc3339};
use crate::platforms::why::Why;
use serde_json::{Value, json};

/// List 49.90, shop coupon 5, platform 3, anchor 2, freight 6; fee 0.90, commission 4.49: settles 45.51.
fn demo() -> Value {
    json!({
        "request_no": "2026021200001", "shop_order_id": "6930000000000000001", "order_id": "6930000000000000011",
        "settle_time": "2026-02-12 10:30:00", "trade_type": 0, "settle_amount": 4_551, "total_amount": 5_590,
        "total_goods_amount": 4_990, "post_amount": 600, "shop_coupon": 500, "platform_coupon": 300,
        "author_coupon": 200, "refund_before_settle": 0, "platform_service_fee": 90, "commission": 449,
        "remark": "买家 13800000000"
    })
}

fn changed(changes: &[(&str, i64)]) -> Result<SettlementRecord, Why> {
    let mut value = demo();
    for (name, to) in changes {
        value[*name] = json!(to);
    }
    settlement(&serde_json::from_str::<Row>(&value.to_string()).unwrap())
}

/// The identity every accepted row keeps.
fn settles(r: &SettlementRecord) -> i64 {
    r.goods_fen + r.freight_fen + r.subsidy_fen - r.refund_fen - r.platform_fen - r.anchor_fen
}

#[test]
fn a_row_is_the_buyers_money_the_subsidy_and_the_fees() {
    let row = changed(&[]).unwrap();
    assert_eq!((row.goods_fen, row.freight_fen, row.subsidy_fen), (3_990, 600, 500));
    assert_eq!((row.refund_fen, row.platform_fen, row.anchor_fen), (0, 90, 449));
    assert_eq!(settles(&row), 4_551);
    assert_eq!(row.settled_at, local(parse_day("2026-02-12").unwrap().and_hms_opt(10, 30, 0).unwrap()));
    assert_eq!(rfc3339(row.settled_at), "2026-02-12T10:30:00+08:00");
    assert_eq!(row.statement_no, "2026021200001:6930000000000000011:0");
}

#[test]
fn the_published_row_settles_at_its_published_amount() {
    let row = changed(&[
        ("total_goods_amount", 2_971),
        ("shop_coupon", 0),
        ("platform_coupon", 81),
        ("author_coupon", 0),
        ("post_amount", 0),
        ("refund_before_settle", 2_778),
        ("platform_service_fee", 9),
        ("commission", 0),
        ("settle_amount", 184),
    ])
    .unwrap();
    assert_eq!((row.goods_fen, row.refund_fen, row.subsidy_fen, settles(&row)), (2_890, 2_778, 81, 184));
}

#[test]
fn a_refund_beyond_the_goods_is_freight() {
    let row = changed(&[
        ("refund_before_settle", 4_590),
        ("platform_coupon", 0),
        ("author_coupon", 0),
        ("total_goods_amount", 4_490),
        ("platform_service_fee", 0),
        ("commission", 0),
        ("settle_amount", 0),
    ])
    .unwrap();
    assert_eq!((row.goods_fen, row.refund_fen, row.freight_fen), (3_990, 3_990, 0));
}

#[test]
fn all_fees_that_are_not_commission_are_the_platforms() {
    let row = changed(&[
        ("colonel_service_fee", 1),
        ("channel_promotion_fee", 20),
        ("good_learn_channel_fee", 300),
        ("other_sharing_amount", 4_000),
        ("settle_amount", 4_551 - 4_321),
    ])
    .unwrap();
    assert_eq!((row.platform_fen, row.anchor_fen), (90 + 4_321, 449));
}

#[test]
fn a_payment_channels_promotion_is_subsidy() {
    let row = changed(&[("zt_pay_promotion", 30), ("zr_pay_promotion", 60)]).unwrap();
    assert_eq!((row.goods_fen, row.subsidy_fen), (3_900, 590));
}

#[test]
fn a_reversal_is_negative_in_all_its_parts() {
    let negative: Vec<(&str, i64)> = [
        ("total_goods_amount", 4_990),
        ("post_amount", 600),
        ("shop_coupon", 500),
        ("platform_coupon", 300),
        ("author_coupon", 200),
        ("platform_service_fee", 90),
        ("commission", 449),
        ("settle_amount", 4_551),
    ]
    .map(|(name, fen)| (name, -fen))
    .into_iter()
    .chain([("trade_type", 1)])
    .collect();
    let (row, paid) = (changed(&negative).unwrap(), changed(&[]).unwrap());
    assert_eq!((row.goods_fen + paid.goods_fen, row.anchor_fen + paid.anchor_fen), (0, 0));
    assert_eq!(settles(&row), -4_551);
    assert_ne!(row.statement_no, paid.statement_no);
}

#[test]
fn a_row_that_does_not_fit_is_refused_aloud() {
    let why = changed(&[("settle_amount", 4_550)]).unwrap_err();
    assert!(why.en.contains("4550") && why.en.contains("4551"), "{why}");
    assert!(changed(&[("commission", -449), ("settle_amount", 5_449)]).is_ok(), "a fee given back fits when it sums");
    assert!(changed(&[("trade_type", 9)]).unwrap_err().en.contains("trade_type 9"));
    assert!(changed(&[("order_id", 0)]).unwrap_err().en.contains("order_id"));
    assert!(changed(&[("request_no", 0)]).unwrap_err().en.contains("request_no"));
    assert!(changed(&[("settle_time", 0)]).unwrap_err().en.contains("settle_time"));
    assert!(changed(&[("refund_before_settle", -1), ("settle_amount", 4_552)]).is_err());
}
