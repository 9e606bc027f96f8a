//! Orders written by hand in the platform's shape.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use serde_json::{Value, json};

fn whole() -> Value {
    json!({"order_id": 3_705_115_058_471_208_928_u64, "status": 30, "create_time": 1_658_505_600,
        "update_time": 1_658_509_300, "openid": "o-1", "unionid": "u-1",
        "order_detail": {
            "product_infos": [
                {"product_id": "234245", "sku_id": "23424", "sku_cnt": 2, "title": "金桔", "sale_price": 4_990,
                    "real_price": 8_480, "merchant_discounted_price": 1_000, "cash_coupon_discounted_price": 300,
                    "finder_discounted_price": 200},
                {"product_id": "234246", "sku_id": "23425", "sku_cnt": 1, "title": "试吃", "sale_price": 990,
                    "real_price": 0, "is_free_gift": 1}],
            "pay_info": {"pay_time": 1_658_509_200, "payment_method": 1},
            "price_info": {"product_price": 9_980, "order_price": 8_980, "freight": 500, "discounted_price": 1_500},
            "delivery_info": {"address_info": {"province_name": "广东省", "city_name": "惠州市", "user_name": "卢某",
                "tel_number": "13900000000"}, "delivery_product_info": [{"waybill_id": "X1", "delivery_time": 5},
                {"waybill_id": "X1"}], "ship_done_time": 1_658_600_000},
            "ext_info": {"finder_id": "sph-1", "live_id": "export/7", "order_scene": 2, "customer_notes": "电话139"},
            "settle_info": {"predict_commission_fee": 10}}})
}

/// The order with a member of its detail (`part.name`) or of itself replaced.
fn wire(changes: &[(&str, Value)]) -> Order {
    let mut order = whole();
    for (path, value) in changes {
        match path.split_once('.') {
            Some((part, name)) => order["order_detail"][part][name] = value.clone(),
            None if order.get(path).is_some() => order[path] = value.clone(),
            None => order["order_detail"][path] = value.clone(),
        }
    }
    serde_json::from_str(&order.to_string()).unwrap()
}

fn products(products: &Value) -> [(&'static str, Value); 1] {
    [("product_infos", products.clone())]
}

#[test]
fn a_number_above_two_to_the_53rd_is_text_to_its_last_digit() {
    let as_number = order(&wire(&[])).unwrap();
    assert_eq!(as_number.order_no, "3705115058471208928");
    assert_eq!(order(&wire(&[("order_id", json!("3705115058471208928"))])).unwrap(), as_number);
}

#[test]
fn each_line_is_taken_apart_by_who_bears_what() {
    let record = order(&wire(&[])).unwrap();
    let [sold, gift] = &record.lines[..] else { panic!("two lines") };
    assert_eq!((sold.list_fen, sold.coupons), (9_980, Coupons { shop_fen: 1_000, platform_fen: 300, anchor_fen: 200 }));
    assert_eq!((gift.list_fen, gift.coupons), (0, Coupons::default()));
    assert_eq!(sold.line_no, "3705115058471208928:23424");
    assert_eq!((record.buyer_freight_fen, record.parcels), (500, Some(1)));
    assert_eq!((record.province.as_deref(), record.buyer_no.as_deref()), (Some("广东省"), Some("o-1")));
}

#[test]
fn who_sold_it_may_come_later_and_blank_is_not_nobody() {
    let early = order(&wire(&[("ext_info", json!({"order_scene": 2}))])).unwrap();
    assert_eq!((early.lines[0].live_room_no.clone(), early.lines[0].author_no.clone()), (None, None));
    let late = order(&wire(&[])).unwrap();
    assert_eq!(late.updated_at, early.updated_at, "the update time has not moved");
    assert_eq!(late.lines[0].live_room_no.as_deref(), Some("export/7"));
    assert_eq!(late.lines[0].author_no.as_deref(), Some("sph-1"));
    let sources = json!([{"sku_id": "23424", "account_type": 2, "account_id": "mp"},
        {"sku_id": 23_424, "account_type": 1, "account_id": "sph-2"}]);
    let by_source = order(&wire(&[("ext_info", json!({})), ("source_infos", sources)])).unwrap();
    assert_eq!(by_source.lines[0].author_no.as_deref(), Some("sph-2"));
    let commissions = json!([{"sku_id": "23424", "type": 1, "finder_id": "agency"},
        {"sku_id": "23424", "type": 0, "finder_id": "sph-3", "amount": 5}]);
    let by_commission = order(&wire(&[("ext_info", json!({})), ("commission_infos", commissions)])).unwrap();
    assert_eq!(by_commission.lines[0].author_no.as_deref(), Some("sph-3"));
}

#[test]
fn only_a_sale_in_a_live_room_has_one() {
    for scene in [1, 3, 4, 5, 6] {
        let record = order(&wire(&[("ext_info.order_scene", json!(scene))])).unwrap();
        assert_eq!(record.lines[0].live_room_no, None, "scene {scene}");
    }
}

#[test]
fn lines_sum_to_what_was_paid_or_the_order_is_rejected() {
    let why = order(&wire(&[("price_info.order_price", json!(8_981))])).unwrap_err();
    assert!(why.en.contains("8481") && why.en.contains("8480"), "{why}");
    let one = json!([{"sku_id": "1", "sku_cnt": 1, "sale_price": 9_000}]);
    let alone = order(&wire(&products(&one))).unwrap();
    assert_eq!(alone.lines[0].coupons.shop_fen, 520, "one line has what the order says");
    let two = json!([{"sku_id": "1", "sku_cnt": 1, "sale_price": 9_000}, {"sku_id": "2", "sku_cnt": 1}]);
    assert!(order(&wire(&products(&two))).unwrap_err().en.contains("real_price"));
    let points =
        json!([{"sku_id": "1", "sku_cnt": 1, "sale_price": 9_000, "real_price": 8_700, "deduction_price": 220}]);
    let paid_with_points = order(&wire(&products(&points))).unwrap();
    assert_eq!(paid_with_points.lines[0].coupons, Coupons { shop_fen: 300, platform_fen: 220, anchor_fen: 0 });
    let paid_gift = json!([{"sku_id": "1", "sku_cnt": 1, "real_price": 8_480, "is_free_gift": 1}]);
    assert!(order(&wire(&products(&paid_gift))).unwrap_err().en.contains("gift"));
    let dear = json!([{"sku_id": "1", "sku_cnt": 1, "sale_price": 8_000, "real_price": 8_480}]);
    assert!(order(&wire(&products(&dear))).unwrap_err().en.contains("list price"));
}

#[test]
fn the_same_sku_twice_is_two_lines() {
    let twice = json!([{"sku_id": "1", "sku_cnt": 1, "sale_price": 8_480, "real_price": 8_480},
        {"sku_id": "1", "sku_cnt": 1, "sale_price": 100, "real_price": 0, "is_free_gift": "1"}]);
    let numbers: Vec<String> = order(&wire(&products(&twice))).unwrap().lines.into_iter().map(|l| l.line_no).collect();
    assert_eq!(numbers, ["3705115058471208928:1", "3705115058471208928:1#2"]);
}

#[test]
fn statuses_are_known_or_kept_as_unknown() {
    for (code, expected) in [
        (10, OrderStatus::Unpaid),
        (12, OrderStatus::Paid),
        (13, OrderStatus::Paid),
        (20, OrderStatus::Paid),
        (21, OrderStatus::Paid),
        (30, OrderStatus::Paid),
        (100, OrderStatus::Completed),
        (190, OrderStatus::Cancelled),
        (200, OrderStatus::Cancelled),
        (250, OrderStatus::Cancelled),
        (40, OrderStatus::Unknown),
    ] {
        let record = order(&wire(&[("status", json!(code))])).unwrap();
        assert_eq!((record.status, record.platform_status), (expected, code.to_string()));
    }
    let done =
        order(&wire(&[("status", json!(100)), ("ext_info.confirm_receipt_time", json!(1_659_000_000))])).unwrap();
    assert_eq!(done.completed_at.unwrap().timestamp(), 1_659_000_000);
}

#[test]
fn nothing_of_the_buyer_is_kept_but_the_province() {
    let kept = crate::platforms::reading::evidence(&wire(&[]));
    for secret in ["o-1", "u-1", "139", "惠州", "卢", "X1"] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    assert!(kept.contains("广东省") && kept.contains("export/7"));
}
