//! The connector against answers written by hand, over a socket of this machine; the whole protocol is the sandbox's.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::clock::Clock;
use crate::domain::calendar::{Instant, parse_day, start_of};
use crate::domain::records::RefundStatus;
use crate::platforms::AppKey;
use crate::platforms::douyin::wire::aftersale::DetailData;
use crate::platforms::douyin::wire::envelope::{AfterSalePage, OrderPage, SettlementPage};
use crate::platforms::http::Endpoint;
use crate::platforms::retry::{Jitter, MAX_TRIES};
use crate::platforms::stub::serve;
use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::net::TcpListener;

fn ok(data: &Value) -> (&'static str, String) {
    ("200 OK", json!({"code": 10_000, "msg": "success", "sub_code": "", "sub_msg": "", "data": data}).to_string())
}

fn failure(code: i64, sub_code: &str) -> (&'static str, String) {
    ("200 OK", json!({"code": code, "msg": "no", "sub_code": sub_code, "sub_msg": "sorry"}).to_string())
}

fn clock() -> Clock {
    Clock::at_end_of(parse_day("2026-02-20").unwrap())
}

fn shop(endpoint: &Endpoint, clock: &Clock) -> Douyin {
    let app = AppKey::new("7000000000000000001".to_owned(), "hush".to_owned());
    Douyin::new(Link::new(endpoint.clone(), app, clock.clone(), Jitter::seeded(7)).unwrap())
}

fn token(clock: &Clock) -> Token {
    Token {
        access_token: "a-1".to_owned(),
        refresh_token: "r-1".to_owned(),
        access_ends_at: clock.now() + TimeDelta::days(7),
        refresh_ends_at: clock.now() + TimeDelta::days(14),
        platform_shop_id: "1".to_owned(),
        shop_name: "演示小店".to_owned(),
    }
}

fn week() -> Window {
    let from = start_of(parse_day("2026-02-01").unwrap());
    Window { from, to: from + TimeDelta::days(7) }
}

fn order_json(order_no: &str) -> Value {
    json!({"order_id": order_no, "order_status": 2, "create_time": 1_770_000_000, "update_time": 1_770_000_001,
        "pay_amount": 100, "sku_order_list": [{"order_id": order_no, "item_num": 1, "sum_amount": 100, "pay_amount": 100}]})
}

#[tokio::test]
async fn a_page_of_orders_is_asked_by_update_time_signed_and_read() {
    let data = json!({"page": 0, "size": 100, "total": 4,
        "shop_order_list": [order_json("1"), {"order_id": "2", "sku_order_list": "演示买家"}, {"order_id": "3"}, ["4"]]});
    let (endpoint, server) = serve(vec![ok(&data)]);
    let clock = clock();
    let page = shop(&endpoint, &clock).orders(&token(&clock), week(), &Cursor::START).await.unwrap();
    assert_eq!((page.records.len(), page.received, page.total, page.next), (1, 4, Some(4), None));
    assert_eq!(page.rejected.iter().map(|r| r.record_no.as_str()).collect::<Vec<_>>(), ["2", "3", "第 4 行 / row 4"]);
    assert!(page.rejected.iter().all(|r| !r.reason.contains("演示买家")), "{:?}", page.rejected);
    assert_eq!(page.received_sha256, <[u8; 32]>::from(Sha256::digest(ok(&data).1)));

    let (head, body) = &server.join().unwrap()[0];
    assert_eq!(
        body,
        "{\"order_asc\":true,\"order_by\":\"update_time\",\"page\":0,\"size\":100,\
         \"update_time_end\":1770480000,\"update_time_start\":1769875200}"
    );
    let timestamp = clock.now().timestamp();
    let app = AppKey::new("7000000000000000001".to_owned(), "hush".to_owned());
    let text = request_text(&app, "order.searchList", body, &timestamp.to_string());
    let sign = SignMethod::HmacSha256.sign("hush", &text);
    assert_eq!(
        head.trim_end(),
        format!(
            "POST /order/searchList?app_key=7000000000000000001&method=order.searchList&timestamp={timestamp}&v=2\
             &sign_method=hmac-sha256&sign={sign}&access_token=a-1 HTTP/1.1"
        )
    );
}

#[tokio::test]
async fn trouble_that_passes_is_waited_out_on_the_clock() {
    let (endpoint, server) = serve(vec![
        failure(60_000, "isv.traffic-limited"),
        ("502 Bad Gateway", "<html>".to_owned()),
        failure(20_000, "isp.service-error:20004"),
        ok(&json!({"total": 0, "shop_order_list": null})),
    ]);
    let clock = clock();
    let started = clock.now();
    let page = shop(&endpoint, &clock).orders(&token(&clock), week(), &Cursor::START).await.unwrap();
    assert_eq!((page.received, page.next), (0, None));
    assert!(clock.now() - started >= TimeDelta::milliseconds(400 + 800 + 1_600));
    let asked = server.join().unwrap();
    assert_ne!(asked[0].0, asked[3].0, "each try is signed with its own time");
}

#[tokio::test]
async fn trouble_that_stays_is_handed_on_after_the_last_try() {
    let tries = usize::try_from(MAX_TRIES).unwrap();
    let (endpoint, server) = serve(vec![failure(60_000, "isv.traffic-limited"); tries]);
    let clock = clock();
    let error = shop(&endpoint, &clock).orders(&token(&clock), week(), &Cursor::START).await.unwrap_err();
    assert!(matches!(error, PlatformError::Throttled { .. }), "{error}");
    assert_eq!(server.join().unwrap().len(), tries);
}

#[tokio::test]
async fn what_asking_again_does_not_mend_is_asked_once() {
    for (answer, expected) in [
        (failure(40_003, "isv.access-token-expired"), "TokenExpired"),
        (failure(30_001, "dop.authorization-closed"), "Denied"),
        (failure(40_004, "isv.parameter-invalid:20022"), "Rejected"),
        (("200 OK", "<html>".to_owned()), "Malformed"),
        (("200 OK", "{\"data\":{}}".to_owned()), "Malformed"),
        (ok(&json!([])), "Malformed"),
        (ok(&json!(0.5)), "Malformed"),
        (ok(&json!({"shop_order_list": []})), "Malformed"),
        (ok(&json!({"total": 1, "shop_order_list": {"order_id": "1"}})), "Malformed"),
        (ok(&json!({"total": 50_001, "shop_order_list": []})), "WindowTooWide"),
    ] {
        let (endpoint, server) = serve(vec![answer]);
        let clock = clock();
        let error = shop(&endpoint, &clock).orders(&token(&clock), week(), &Cursor::START).await.unwrap_err();
        assert!(format!("{error:?}").starts_with(expected), "{error:?}");
        assert!(!error.to_string().contains("a-1"), "no token in {error}");
        server.join().unwrap();
    }
}

#[test]
fn an_error_is_told_by_its_code_whatever_stands_in_its_data() {
    let expired = |data: &Value| {
        let body = json!({"code": 40_003, "sub_code": "isv.access-token-expired", "data": data}).to_string();
        let received = || Received { status: StatusCode::OK, retry_after: None, body: body.clone().into_bytes() };
        let orders = answer::<OrderPage>("m", received()).err().unwrap();
        let cases = answer::<AfterSalePage>("m", received()).err().unwrap();
        let detail = answer::<DetailData>("m", received()).err().unwrap();
        let bills = answer::<SettlementPage>("m", received()).err().unwrap();
        [orders, cases, detail, bills].map(|error| format!("{error:?}"))
    };
    for data in [
        json!(null),
        json!(0.5),
        json!("no"),
        json!([1]),
        json!({"process_info": null, "has_more": 0, "total": {}, "is_end": []}),
        json!({"process_info": {"after_sale_info": []}, "items": 7, "shop_order_list": "x", "data": {}}),
    ] {
        for error in expired(&data) {
            assert!(error.starts_with("TokenExpired"), "{data}: {error}");
        }
    }
}

#[tokio::test]
async fn an_endpoint_nobody_listens_at_is_unreachable() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = Endpoint::parse(&format!("http://{closed}")).unwrap();
    let clock = clock();
    let error = shop(&endpoint, &clock).orders(&token(&clock), week(), &Cursor::START).await.unwrap_err();
    assert!(matches!(&error, PlatformError::Unreachable { context } if !context.contains("sign=")), "{error}");
}

#[tokio::test]
async fn pages_go_on_until_nothing_is_left() {
    let full: Vec<Value> = (1..=100).map(|no| order_json(&no.to_string())).collect();
    let (endpoint, server) = serve(vec![
        ok(&json!({"total": 100, "shop_order_list": full})),
        ok(&json!({"total": 100, "shop_order_list": []})),
    ]);
    let clock = clock();
    let shop = shop(&endpoint, &clock);
    let first = shop.orders(&token(&clock), week(), &Cursor::START).await.unwrap();
    let second = shop.orders(&token(&clock), week(), &first.next.unwrap()).await.unwrap();
    assert_eq!((first.records.len(), second.received, second.next), (100, 0, None));
    assert!(server.join().unwrap()[1].1.contains("\"page\":1,"));
}

#[tokio::test]
async fn only_cases_whose_money_went_back_and_that_are_new_cost_a_second_call() {
    let case = |no: &str, refund_status: i64| {
        json!({"aftersale_info": {"aftersale_id": no, "aftersale_type": 0, "aftersale_status": 12, "aftersale_num": 1,
                "refund_status": refund_status, "refund_amount": 500, "update_time": 1_770_000_000},
            "order_info": {"shop_order_id": "1", "related_order_info": [{"sku_order_id": "1", "pay_amount": 500}]}})
    };
    let list = json!({"has_more": false, "total": 4,
        "items": [case("71", 3), case("72", 2), case("73", 3), case("74", 3)]});
    let detail =
        json!({"process_info": {"after_sale_info": {"real_refund_amount": 450, "refund_time": 1_770_000_000}}});
    let (endpoint, server) = serve(vec![ok(&list), ok(&detail), failure(50_002, "isv.business-failed:12000")]);
    let clock = clock();
    let is_known = |case_no: &str, updated_at: Instant| case_no == "74" && updated_at.timestamp() == 1_770_000_000;
    let page = shop(&endpoint, &clock).refunds(&token(&clock), week(), &Cursor::START, &is_known).await.unwrap();
    let seen: Vec<_> = page.records.iter().map(|r| (r.record.refund_no.as_str(), r.record.refund_fen)).collect();
    assert_eq!(seen, [("71", 450), ("72", 0)]);
    assert_eq!(page.records[1].record.status, RefundStatus::Pending);
    assert_eq!((page.rejected[0].record_no.as_str(), page.received, page.next), ("73", 4, None));
    assert!(page.records[0].evidence.contains("\"real_refund_amount\":450"));
    let asked = server.join().unwrap();
    assert!(asked[0].1.contains("\"order_by\":[\"update_time asc\"]"));
    assert_eq!(asked[1].1, "{\"after_sale_id\":\"71\"}");
}

#[tokio::test]
async fn statements_go_on_from_where_the_platform_says() {
    let rows = |is_end: i64, index: &Value| {
        json!({"code": "100000", "data": [{"order_id": "9", "settle_amount": 1}], "is_end": is_end,
            "next_start_index": index, "next_start_time": "2026-02-03 00:00:00"})
    };
    let (endpoint, server) =
        serve(vec![ok(&rows(0, &json!("i-1"))), ok(&rows(0, &json!("i-1"))), ok(&rows(1, &Value::Null))]);
    let clock = clock();
    let (shop, token) = (shop(&endpoint, &clock), token(&clock));
    let first = shop.settlements(&token, week(), &Cursor::START).await.unwrap();
    assert_eq!((first.rejected.len(), first.total), (1, None));
    let next = first.next.unwrap();
    let again = shop.settlements(&token, week(), &next).await.unwrap_err();
    assert!(matches!(again, PlatformError::Malformed { .. }), "a cursor that does not move: {again}");
    assert_eq!(shop.settlements(&token, week(), &next).await.unwrap().next, None);
    let asked = server.join().unwrap();
    assert!(asked[0].1.contains("\"start_time\":\"2026-02-01 00:00:00\""), "{}", asked[0].1);
    assert!(asked[1].1.contains("\"start_index\":\"i-1\",\"start_time\":\"2026-02-03 00:00:00\""), "{}", asked[1].1);
}

#[tokio::test]
async fn windows_and_cursors_that_cannot_be_are_refused_without_asking() {
    let endpoint = Endpoint::parse("http://127.0.0.1:9").unwrap();
    let clock = clock();
    let (shop, token) = (shop(&endpoint, &clock), token(&clock));
    let Window { from, to } = week();
    let month = Window { from, to: from + TimeDelta::days(30) };
    let long = shop.settlements(&token, month, &Cursor::START).await.unwrap_err();
    let backwards = shop.orders(&token, Window { from: to, to: from }, &Cursor::START).await.unwrap_err();
    let foreign = shop.settlements(&token, week(), &Cursor::new("3".to_owned())).await.unwrap_err();
    for error in [long, backwards, foreign] {
        assert!(matches!(error, PlatformError::Rejected { .. }), "{error}");
    }
    let deep = shop.orders(&token, week(), &Cursor::new("500".to_owned())).await.unwrap_err();
    assert!(matches!(deep, PlatformError::WindowTooWide { rows: 50_100, .. }), "{deep}");
}

#[tokio::test]
async fn a_token_is_made_and_renewed() {
    let data = json!({"access_token": "a-2", "expires_in": "604800", "refresh_token": "r-2", "shop_id": 4_463_798,
        "shop_name": "演示小店", "scope": "SCOPE"});
    let (endpoint, server) =
        serve(vec![ok(&data), ok(&data), failure(50_001, "dop.token-generate-failed:token-expired")]);
    let clock = clock();
    let shop = shop(&endpoint, &clock);
    let made = shop.create_token(&Grant::OwnShop { platform_shop_id: "4463798".to_owned() }).await.unwrap();
    assert_eq!((made.access_token.as_str(), made.platform_shop_id.as_str()), ("a-2", "4463798"));
    assert_eq!(made.access_ends_at, clock.now() + TimeDelta::days(7));
    shop.refresh_token(&made).await.unwrap();
    assert!(matches!(shop.refresh_token(&made).await, Err(PlatformError::Denied { .. })));
    let asked = server.join().unwrap();
    assert_eq!(asked[0].1, "{\"code\":\"\",\"grant_type\":\"authorization_self\",\"shop_id\":\"4463798\"}");
    assert_eq!(asked[1].1, "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"r-2\"}");
    assert!(!asked[0].0.contains("access_token"));
}
