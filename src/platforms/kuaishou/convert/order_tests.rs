//! Orders written by hand in the platform's shape.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use serde_json::{Value, json};

fn wire(base: &Value) -> Order {
    let mut whole = json!({
        "orderBaseInfo": {"oid": 2_215_900_041_470_428_i64, "status": 40, "createTime": 1_654_661_142_714_i64,
            "payTime": 1_654_661_152_607_i64, "updateTime": 1_656_390_182_523_i64, "recvTime": 0, "sendTime": 1,
            "buyerOpenId": "b-1", "carrierType": 2, "carrierId": "live-7",
            "orderSellerRoleInfo": {"roleType": 2, "roleId": 990, "roleName": "主播"}},
        "orderItemInfo": {"skuId": 888_390_671_925_i64, "itemId": 888_390_669_925_i64, "itemTitle": "金桔", "num": 2,
            "price": 4_990, "originalPrice": 4_990},
        "orderLogisticsInfo": [{"expressNo": "X1", "expressCode": 9}, {"expressNo": "X1"}, {"expressNo": "X2"}],
        "orderAddress": {"province": "广东省", "city": "惠州市", "encryptedMobile": "secret", "desensitiseMobile": "138"},
        "buyerNick": "someone",
    });
    for (name, value) in base.as_object().unwrap() {
        whole["orderBaseInfo"][name] = value.clone();
    }
    serde_json::from_str(&whole.to_string()).unwrap()
}

fn fee(extra: &Value) -> Fee {
    let mut whole = json!({"totalFee": 9_480, "expressFee": 600, "sellerRecv": 10_080, "buyerPay": 9_580,
        "platformBearAmount": 300, "merchantBearAmount": 500,
        "marketingInfoOuters": [{"type": 4_000, "bearInfoList": [{"bearer": 1, "bearAmount": 500},
            {"bearer": 2, "bearAmount": 300}]}, {"type": 1_000, "subType": 1_003,
            "bearInfoList": [{"bearer": "3", "bearAmount": "200", "hasFund": true}]}]});
    for (name, value) in extra.as_object().unwrap() {
        whole[name] = value.clone();
    }
    serde_json::from_str(&whole.to_string()).unwrap()
}

#[test]
fn an_order_number_is_one_line_with_its_money_taken_apart_by_who_bears_it() {
    let record = order(&wire(&json!({})), Some(&fee(&json!({})))).unwrap();
    assert_eq!((record.order_no.as_str(), record.lines.len()), ("2215900041470428", 1));
    let line = &record.lines[0];
    assert_eq!(line.line_no, record.order_no);
    assert_eq!((line.list_fen, record.buyer_freight_fen), (9_980, 600));
    assert_eq!(line.coupons, Coupons { shop_fen: 500, platform_fen: 300, anchor_fen: 200 });
    assert_eq!((record.status, record.parcels), (OrderStatus::Paid, Some(2)));
    assert_eq!((record.province.as_deref(), record.buyer_no.as_deref()), (Some("广东省"), Some("b-1")));
}

#[test]
fn the_live_room_is_that_of_a_live_carrier_only() {
    let room = |carrier: i64| {
        let record = order(&wire(&json!({"carrierType": carrier})), Some(&fee(&json!({})))).unwrap();
        record.lines[0].live_room_no.clone()
    };
    assert_eq!(room(2).as_deref(), Some("live-7"));
    assert_eq!((room(1), room(7)), (None, None), "a video, a replay");
    let line = order(&wire(&json!({})), Some(&fee(&json!({})))).unwrap().lines.remove(0);
    assert_eq!(line.author_no.as_deref(), Some("990"));
}

#[test]
fn a_paid_order_without_fees_and_fees_that_break_their_own_definition_are_rejected() {
    assert!(order(&wire(&json!({})), None).unwrap_err().en.contains("fees"));
    let broken = order(&wire(&json!({})), Some(&fee(&json!({"buyerPay": 9_000})))).unwrap_err();
    assert!(broken.en.contains("buyerPay 9000"), "{broken}");
    let broken = order(&wire(&json!({})), Some(&fee(&json!({"sellerRecv": 1})))).unwrap_err();
    assert!(broken.en.contains("sellerRecv"), "{broken}");
    let dear = fee(&json!({"totalFee": 20_000, "sellerRecv": 20_600, "buyerPay": 20_300}));
    assert!(order(&wire(&json!({})), Some(&dear)).unwrap_err().en.contains("list price"));
}

#[test]
fn an_unpaid_order_needs_no_fees_and_has_no_coupons() {
    let unpaid = wire(&json!({"payTime": 0, "status": 10}));
    assert!(!is_paid(&unpaid) && is_paid(&wire(&json!({}))));
    let record = order(&unpaid, None).unwrap();
    assert_eq!((record.status, record.paid_at, record.lines[0].list_fen), (OrderStatus::Unpaid, None, 9_980));
    assert_eq!(record.lines[0].coupons, Coupons::default());
}

#[test]
fn a_gift_has_no_money() {
    let gift = wire(&json!({"allActivityType": [19]}));
    let free = fee(&json!({"totalFee": 0, "expressFee": 0, "sellerRecv": 0, "buyerPay": 0, "platformBearAmount": 0,
        "marketingInfoOuters": null}));
    let record = order(&gift, Some(&free)).unwrap();
    assert_eq!((record.lines[0].list_fen, record.lines[0].coupons), (0, Coupons::default()));
    assert!(order(&gift, Some(&fee(&json!({})))).unwrap_err().en.contains("gift"));
}

#[test]
fn statuses_are_known_or_kept_as_unknown() {
    for (code, expected) in [
        (10, OrderStatus::Unpaid),
        (30, OrderStatus::Paid),
        (50, OrderStatus::Paid),
        (70, OrderStatus::Completed),
        (80, OrderStatus::Cancelled),
        (0, OrderStatus::Unknown),
        (99, OrderStatus::Unknown),
    ] {
        let record = order(&wire(&json!({"status": code})), Some(&fee(&json!({})))).unwrap();
        assert_eq!((record.status, record.platform_status), (expected, code.to_string()));
    }
    let done = order(&wire(&json!({"status": 70})), Some(&fee(&json!({})))).unwrap();
    assert_eq!(done.completed_at, Some(done.updated_at));
    let signed = wire(&json!({"status": 70, "recvTime": 1_655_000_000_000_i64}));
    assert_eq!(order(&signed, Some(&fee(&json!({})))).unwrap().completed_at.unwrap().timestamp(), 1_655_000_000);
}

#[test]
fn nothing_of_the_buyer_is_kept_but_the_province() {
    let order = wire(&json!({}));
    let kept = crate::platforms::reading::evidence(&order);
    for secret in ["b-1", "secret", "138", "惠州", "someone", "X1"] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    assert!(kept.contains("广东省") && kept.contains("live-7"));
}
