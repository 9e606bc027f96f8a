//! Orders become records whose money adds up, or are refused with a reason.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::platforms::canonical::canonical;
use crate::platforms::reading::evidence;
use crate::platforms::why::Why;
use serde_json::{Value, json};

/// A paid order of one line, sold in a live room: list 49.90, shop coupon 5, platform 3, anchor 2, freight 6.
fn demo() -> Value {
    json!({
        "order_id": "6930000000000000001", "shop_id": 4_463_798, "order_level": 2, "order_status": 3,
        "order_status_desc": "已发货", "create_time": 1_768_900_000, "pay_time": 1_768_900_060, "finish_time": 0,
        "update_time": 1_769_000_000, "pay_amount": 4_590, "post_amount": 600, "open_id": "buyer-open",
        "doudian_open_id": "buyer-7", "buyer_words": "放门口 13800000000", "post_receiver": "演示买家",
        "post_addr": {"province": {"id": "44", "name": "广东省"}, "city": {"name": "深圳市"}, "encrypt_detail": "#x#"},
        "logistics_info": [{"tracking_no": "SF1", "company": "sf"}, {"tracking_no": "SF1"}, {"tracking_no": "SF2"}],
        "sku_order_list": [demo_line()]
    })
}

fn demo_line() -> Value {
    json!({
        "order_id": "6930000000000000001", "parent_order_id": "6930000000000000001", "order_level": 3,
        "product_id": 3_660_207_428_038_974_464_i64, "product_id_str": "3660207428038974464",
        "sku_id": 3_410_716_076_201_730_i64, "product_name": "遂川金桔 5斤", "item_num": 1,
        "origin_amount": 4_990, "sum_amount": 4_990, "pay_amount": 4_590, "post_amount": 600,
        "promotion_amount": 1_000, "promotion_shop_amount": 500, "promotion_platform_amount": 300,
        "promotion_talent_amount": 200, "theme_type": "1", "room_id": 7_300_000_000_000_000_123_i64,
        "room_id_str": "7300000000000000123", "author_id": 71_000_000_000_000_001_i64, "author_name": "演示主播",
        "spec": [{"name": "规格", "value": "5斤"}], "confirm_receipt_time": 0,
        "encrypt_post_tel": "#y#", "mask_post_receiver": "演**"
    })
}

fn wire(value: &Value) -> ShopOrder {
    serde_json::from_str(&value.to_string()).unwrap()
}

/// The demo order with some of its fields changed; a name that begins with `line.` is the line's.
fn changed(changes: &[(&str, Value)]) -> Result<OrderRecord, Why> {
    let mut value = demo();
    for (name, to) in changes {
        match name.strip_prefix("line.") {
            Some(name) => value["sku_order_list"][0][name] = to.clone(),
            None => value[*name] = to.clone(),
        }
    }
    order(&wire(&value))
}

#[test]
fn an_order_is_taken_apart_by_who_bears_what() {
    let record = changed(&[]).unwrap();
    let line = &record.lines[0];
    assert_eq!(line.coupons, Coupons { shop_fen: 500, platform_fen: 300, anchor_fen: 200 });
    assert_eq!((line.list_fen, line.pieces, record.buyer_freight_fen), (4_990, 1, 600));
    assert_eq!((record.status, record.platform_status.as_str()), (OrderStatus::Paid, "3 已发货"));
    assert_eq!((record.province.as_deref(), record.buyer_no.as_deref()), (Some("广东省"), Some("buyer-7")));
    assert_eq!(record.paid_at.unwrap().timestamp(), 1_768_900_060);
    assert_eq!((record.completed_at, record.parcels), (None, Some(2)));
}

#[test]
fn parcels_are_counted_once_no_more_will_be_shipped() {
    for (status, parcels) in [(2, None), (101, None), (3, Some(2)), (5, Some(2)), (4, Some(2))] {
        assert_eq!(changed(&[("order_status", json!(status))]).unwrap().parcels, parcels, "status {status}");
    }
    assert_eq!(changed(&[("logistics_info", json!([]))]).unwrap().parcels, None);
}

#[test]
fn the_child_with_its_parents_number_is_the_only_line() {
    let record = changed(&[]).unwrap();
    assert_eq!(record.lines.len(), 1);
    assert_eq!(record.lines[0].line_no, record.order_no);
    let mut twice = demo();
    twice["sku_order_list"].as_array_mut().unwrap().push(demo_line());
    assert!(order(&wire(&twice)).unwrap_err().en.contains("twice"));
    assert!(changed(&[("line.parent_order_id", json!("8"))]).unwrap_err().en.contains("parent"));
}

#[test]
fn ids_beyond_two_to_the_53_keep_their_digits() {
    let line = &changed(&[("line.product_id_str", json!("")), ("line.room_id_str", Value::Null)]).unwrap().lines[0];
    assert_eq!((line.product_no.as_str(), line.sku_no.as_str()), ("3660207428038974464", "3410716076201730"));
    assert_eq!(line.live_room_no.as_deref(), Some("7300000000000000123"));
    assert_eq!(line.author_no.as_deref(), Some("71000000000000001"));
}

#[test]
fn a_sale_outside_a_live_room_has_no_room_and_may_have_no_author() {
    let shelf = changed(&[("line.theme_type", json!("0")), ("line.author_id", json!(0))]).unwrap();
    assert_eq!((&shelf.lines[0].live_room_no, &shelf.lines[0].author_no), (&None, &None));
    let no_room = changed(&[("line.room_id", json!(0)), ("line.room_id_str", json!("0"))]).unwrap();
    assert_eq!(no_room.lines[0].live_room_no, None);
}

#[test]
fn a_payment_channels_discount_is_not_the_buyers_money() {
    let line = &changed(&[("line.promotion_pay_amount", json!(90))]).unwrap().lines[0];
    assert_eq!(line.coupons, Coupons { shop_fen: 500, platform_fen: 390, anchor_fen: 200 });
    assert!(changed(&[("line.promotion_pay_amount", json!(4_000))]).is_err());
}

#[test]
fn red_packets_stand_beside_the_promotions_and_the_shop_bears_the_rest() {
    let line = &changed(&[
        ("line.promotion_redpack_platform_amount", json!(40)),
        ("line.promotion_redpack_talent_amount", json!("10")),
    ])
    .unwrap()
    .lines[0];
    assert_eq!(line.coupons, Coupons { shop_fen: 450, platform_fen: 340, anchor_fen: 210 });
}

#[test]
fn a_list_price_not_stated_is_price_times_pieces() {
    let order =
        changed(&[("line.sum_amount", Value::Null), ("line.item_num", json!(2)), ("line.origin_amount", json!(2_495))]);
    assert_eq!(order.unwrap().lines[0].list_fen, 4_990);
}

#[test]
fn every_status_is_read_and_an_unknown_one_is_kept() {
    for (code, expected) in [
        (json!(1), OrderStatus::Unpaid),
        (json!(105), OrderStatus::Paid),
        (json!(2), OrderStatus::Paid),
        (json!("101"), OrderStatus::Paid),
        (json!(3), OrderStatus::Paid),
        (json!(4), OrderStatus::Cancelled),
        (json!(5), OrderStatus::Completed),
        (json!(777), OrderStatus::Unknown),
        (json!("odd"), OrderStatus::Unknown),
    ] {
        assert_eq!(changed(&[("order_status", code.clone())]).unwrap().status, expected, "{code}");
    }
    let odd = changed(&[("order_status", json!(777)), ("order_status_desc", json!("冻结"))]).unwrap();
    assert_eq!(odd.platform_status, "777 冻结");
    assert!(changed(&[("order_status", Value::Null)]).unwrap_err().en.contains("order_status"));
}

#[test]
fn completion_is_the_finish_or_else_the_receipt_of_the_last_line() {
    let received = changed(&[("line.confirm_receipt_time", json!(1_769_100_000))]).unwrap();
    assert_eq!(received.completed_at.unwrap().timestamp(), 1_769_100_000);
    let finished =
        changed(&[("line.confirm_receipt_time", json!(1_769_100_000)), ("finish_time", json!(1_769_200_000))]).unwrap();
    assert_eq!(finished.completed_at.unwrap().timestamp(), 1_769_200_000);
}

#[test]
fn a_gift_is_a_line_without_money() {
    let mut value = demo();
    let gift = json!({"order_id": "6930000000000000002", "item_num": 1, "origin_amount": 990, "sum_amount": 990,
        "pay_amount": 0, "given_product_type": "FREE", "product_name": "试吃装"});
    value["sku_order_list"].as_array_mut().unwrap().push(gift);
    let record = order(&wire(&value)).unwrap();
    assert_eq!((record.lines[1].list_fen, record.lines[1].coupons), (0, Coupons::default()));
    value["sku_order_list"][1]["pay_amount"] = json!(1);
    assert!(order(&wire(&value)).unwrap_err().en.contains("gift"));
}

#[test]
fn money_that_does_not_fit_is_refused_with_its_field() {
    for (field, value, word) in [
        ("pay_amount", json!(4_591), "pay_amount"),
        ("post_amount", json!(-1), "negative"),
        ("line.pay_amount", json!(-1), "negative"),
        ("line.pay_amount", json!("4590.5"), "pay_amount is not a whole number"),
        ("line.sum_amount", json!(4_000), "list price"),
        ("line.post_amount", json!(9_999), "post_amount is more"),
        ("line.item_num", json!(0), "no pieces"),
        ("line.origin_amount", json!(i64::MAX), ""),
        ("order_id", Value::Null, "order_id is missing"),
        ("line.order_id", json!(0), "order_id of a line is missing"),
        ("update_time", json!(0), "update_time is missing"),
        ("create_time", json!("soon"), "create_time"),
        ("sku_order_list", json!([]), "0 lines"),
        ("sku_order_list", json!("演示买家"), "sku_order_list is not in the documented shape"),
        ("sku_order_list", json!([[1]]), "sku_order_list is not in the documented shape"),
    ] {
        if word.is_empty() {
            // Not asked for while the sum is stated: no reason to refuse.
            assert!(changed(&[(field, value)]).is_ok());
        } else {
            let why = changed(&[(field, value.clone())]).unwrap_err();
            assert!(why.en.contains(word), "{field} = {value}: {why}");
        }
    }
    assert!(changed(&[("line.sum_amount", Value::Null), ("line.origin_amount", json!(i64::MAX))]).is_err());
}

#[test]
fn evidence_is_canonical_and_holds_no_buyer() {
    let evidence = evidence(&wire(&demo()));
    assert_eq!(canonical(&evidence).unwrap(), evidence);
    for kept in ["广东省", "7300000000000000123", "演示主播", "遂川金桔 5斤", "\"sum_amount\":4990", "5斤"]
    {
        assert!(evidence.contains(kept), "{kept} in {evidence}");
    }
    for dropped in ["13800000000", "演示买家", "深圳市", "#x#", "#y#", "演**", "buyer-7", "buyer-open", "SF1"] {
        assert!(!evidence.contains(dropped), "{dropped} in {evidence}");
    }
}
