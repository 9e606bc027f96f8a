//! What the platform refuses, the sandbox refuses, with the documented code.

use super::caller::{Caller, last_days};
use chrono::TimeDelta;
use red_anchor::sandbox::world::DAY_SECONDS;
use serde_json::{Value, json};

#[tokio::test]
async fn a_request_signed_otherwise_is_refused() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let body = json!({"page": 0, "size": 10, "update_time_start": caller.now() - 60}).to_string();
    let one_digit_off = |q: String| q.replace("&sign=", "&sign=0");
    let reply = caller.send("order.searchList", &body, caller.now(), one_digit_off).await;
    assert_eq!((reply.status, reply.sub_code()), (200, "isv.signature-invalid"));
    let without = |q: String| q.split("&sign=").next().unwrap().to_owned();
    assert_eq!(caller.send("order.searchList", &body, caller.now(), without).await.sub_code(), "isv.signature-missing");
    let other_app = |q: String| q.replacen("app_key=7", "app_key=8", 1);
    assert_eq!(caller.send("order.searchList", &body, caller.now(), other_app).await.sub_code(), "isv.app-id-invalid");
}

#[tokio::test]
async fn a_timestamp_ten_minutes_off_is_the_last_that_passes() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let body = json!({"page": 0, "size": 10, "update_time_start": caller.now() - 60}).to_string();
    for (skew, expected) in [(600, ""), (-600, ""), (601, "isv.timestamp-invalid"), (-601, "isv.timestamp-invalid")] {
        let reply = caller.send("order.searchList", &body, caller.now() + skew, |q| q).await;
        assert_eq!(reply.sub_code(), expected, "{skew} seconds");
    }
}

#[tokio::test]
async fn a_token_lives_seven_days_and_its_refresh_token_fourteen() {
    let mut caller = Caller::at(7, "2024-12-02", "").await;
    let created = caller
        .call("token.create", &json!({"code": "", "grant_type": "authorization_self", "shop_id": "36082701"}))
        .await;
    let refresh = created.body["data"]["refresh_token"].clone();
    let ask = json!({"page": 0, "size": 1, "update_time_start": caller.now() - 60});
    caller.clock.advance_to(caller.clock.now() + TimeDelta::days(7) - TimeDelta::seconds(1));
    assert_eq!(caller.call("order.searchList", &ask).await.sub_code(), "");
    caller.clock.advance_to(caller.clock.now() + TimeDelta::seconds(1));
    assert_eq!(caller.call("order.searchList", &ask).await.sub_code(), "isv.access-token-expired");
    let again = caller.call("token.refresh", &json!({"grant_type": "refresh_token", "refresh_token": refresh})).await;
    caller.token = again.body["data"]["access_token"].as_str().map(str::to_owned);
    assert_eq!(caller.call("order.searchList", &ask).await.sub_code(), "");
    caller.token = Some("at-36082701-0-0-0123456789abcdef01234567".to_owned());
    assert_eq!(caller.call("order.searchList", &ask).await.sub_code(), "isv.access-token-no-existed");
    caller.clock.advance_to(caller.clock.now() + TimeDelta::days(7));
    let late = caller.call("token.refresh", &json!({"grant_type": "refresh_token", "refresh_token": refresh})).await;
    assert_eq!(late.sub_code(), "dop.token-generate-failed:token-expired");
}

#[tokio::test]
async fn a_token_opens_one_shop_only() {
    let mut caller = Caller::at(7, "2024-12-02", "").await;
    let (from, to) = last_days(&caller, 20);
    let (association, _) = caller.orders(from, to, 100).await;
    caller.shop = 1;
    caller.renew().await;
    let (cooperative, _) = caller.orders(from, to, 100).await;
    assert!(!cooperative.is_empty());
    assert!(
        association.iter().all(|o| o["shop_id"] == 36_082_701)
            && cooperative.iter().all(|o| o["shop_id"] == 36_082_702)
    );
    let detail = caller.call("order.orderDetail", &json!({"shop_order_id": association[0]["order_id"]})).await;
    assert_eq!(detail.body["code"], 40_004, "an order of the other shop");
}

#[tokio::test]
async fn pages_and_windows_beyond_the_limits_are_refused_by_number() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let now = caller.now();
    let orders = |params: Value| caller_call(&caller, "order.searchList", params);
    let cases = [
        (json!({"page": 0, "size": 101, "update_time_start": now - 60}), "20008"),
        (json!({"page": -1, "size": 10, "update_time_start": now - 60}), "10035"),
        (json!({"page": 0, "size": 10}), "20011"),
        (json!({"page": 500, "size": 100, "update_time_start": now - 60}), "20013"),
        (json!({"page": 0, "size": 10, "create_time_start": now - 90 * DAY_SECONDS - 1}), "20022"),
        (json!({"page": 0, "size": 10, "update_time_start": now - 60, "product": "1"}), "20012"),
    ];
    for (params, number) in cases {
        let reply = orders(params.clone()).await;
        assert_eq!(reply.sub_code(), format!("isv.parameter-invalid:{number}"), "{params}");
        assert_eq!((reply.status, reply.body["code"].as_u64()), (200, Some(40_004)));
    }
    let deepest = json!({"page": 499, "size": 100, "update_time_start": now - 60});
    assert_eq!(orders(deepest).await.body["code"], 10_000, "the last page within the limit");
    let one_ended = json!({"page": 0, "size": 10, "update_start_time": now - 60});
    assert_eq!(caller.call("afterSale.List", &one_ended).await.sub_code(), "isv.parameter-invalid:11003");
    let bills = |from: &str, to: &str| json!({"size": 100, "start_time": from, "end_time": to});
    let week = bills("2024-11-01 00:00:00", "2024-11-08 00:00:00");
    assert_eq!(caller.call("order.getSettleBillDetailV3", &week).await.body["data"]["code"], "100000");
    let longer = bills("2024-11-01 00:00:00", "2024-11-08 00:00:01");
    let reply = caller.call("order.getSettleBillDetailV3", &longer).await;
    assert_eq!(reply.sub_code(), "isv.parameter-invalid:100026");
}

async fn caller_call(caller: &Caller, method: &str, params: Value) -> super::caller::Reply {
    caller.call(method, &params).await
}

#[tokio::test]
async fn orders_made_more_than_ninety_days_ago_are_found_by_number_only() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let (from, to) = last_days(&caller, 120);
    let (rows, _) = caller.orders(from, to, 100).await;
    let oldest = caller.now() - 90 * DAY_SECONDS;
    assert!(rows.iter().all(|o| o["create_time"].as_i64().unwrap() >= oldest));
    let number = rows.iter().min_by_key(|o| o["create_time"].as_i64()).unwrap()["order_id"].clone();
    caller.clock.advance_to(caller.clock.now() + TimeDelta::days(6));
    let (later, _) = caller.orders(from, to, 100).await;
    assert!(later.iter().all(|o| o["order_id"] != number));
    let detail = caller.call("order.orderDetail", &json!({"shop_order_id": number})).await;
    assert_eq!(detail.body["data"]["shop_order_detail"]["order_id"], number);
}
