//! The connector against answers written by hand, over a socket of this machine; the whole protocol is the sandbox's.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::clock::Clock;
use crate::domain::calendar::{parse_day, start_of};
use crate::platforms::AppKey;
use crate::platforms::http::Endpoint;
use crate::platforms::kuaishou::limits::{AFTER_SALE_WINDOW, ORDER_WINDOW};
use crate::platforms::retry::Jitter;
use crate::platforms::stub::{Answer as Given, Asked, serve};
use chrono::TimeDelta;
use serde_json::json;

fn ok(data: &Value) -> Given {
    ("200 OK", json!({"result": 1, "error_msg": "SUCCESS", "data": data}).to_string())
}

fn failure(result: i64, words: &str) -> Given {
    ("200 OK", json!({"result": result, "error_msg": words}).to_string())
}

fn clock() -> Clock {
    Clock::at_end_of(parse_day("2026-02-20").unwrap())
}

fn shop(endpoint: &Endpoint, clock: &Clock) -> Kuaishou {
    let app = AppKey::new("ks7".to_owned(), "hush".to_owned()).signing_with("hush-sign".to_owned());
    Kuaishou::new(Link::new(endpoint.clone(), app, clock.clone(), Jitter::seeded(7)).unwrap())
}

fn token(clock: &Clock) -> Token {
    Token {
        access_token: "a-1".to_owned(),
        refresh_token: "r-1".to_owned(),
        access_ends_at: clock.now() + TimeDelta::hours(48),
        refresh_ends_at: clock.now() + TimeDelta::days(90),
        platform_shop_id: "1".to_owned(),
        shop_name: String::new(),
    }
}

fn span(longest: TimeDelta) -> Window {
    let from = start_of(parse_day("2026-02-01").unwrap());
    Window { from, to: from + longest }
}

/// A parameter of a request line.
fn param(asked: &Asked, n: usize, name: &str) -> String {
    let target = asked[n].0.split(' ').nth(1).unwrap().to_owned();
    let url = reqwest::Url::parse(&format!("http://x{target}")).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn detail(oid: i64) -> Value {
    json!({"orderBaseInfo": {"oid": oid, "status": 30, "createTime": 1, "payTime": 2, "updateTime": 3,
        "carrierType": 2, "carrierId": "live-7"}, "orderItemInfo": {"num": 1, "price": 100, "itemId": 5}})
}

fn fee() -> Value {
    json!({"totalFee": 100, "expressFee": 0, "sellerRecv": 100, "buyerPay": 100})
}

#[tokio::test]
async fn the_live_room_is_in_the_detail_call_only() {
    let list = json!({"cursor": "nomore", "orderList": [{"orderBaseInfo": {"oid": 2_215_900_041_470_428_i64}}]});
    let (endpoint, server) = serve(vec![ok(&list), ok(&detail(2_215_900_041_470_428)), ok(&fee())]);
    let clock = clock();
    let (token, cursor) = (token(&clock), Cursor::START);
    let ask = Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor };
    let page = shop(&endpoint, &clock).orders(ask).await.unwrap();
    assert_eq!((page.received, page.total, page.next), (1, None, None));
    assert_eq!(page.records[0].record.lines[0].live_room_no.as_deref(), Some("live-7"));
    let asked = server.join().unwrap();
    assert!(asked[0].0.starts_with("GET /open/order/cursor/list?"), "{asked:?}");
    assert_eq!(param(&asked, 1, "param"), r#"{"oid":2215900041470428}"#);
    assert_eq!(param(&asked, 2, "param"), r#"{"orderId":2215900041470428}"#);
}

#[tokio::test]
async fn the_signature_is_base64_over_what_is_sent_and_escaped_after_signing() {
    let (endpoint, server) = serve(vec![ok(&json!({"cursor": "nomore"}))]);
    let clock = clock();
    let (token, cursor) = (token(&clock), Cursor::START);
    shop(&endpoint, &clock).orders(Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor }).await.unwrap();
    let asked = server.join().unwrap();
    let timestamp = clock.now().timestamp_millis().to_string();
    assert_eq!(param(&asked, 0, "timestamp"), timestamp, "milliseconds");
    let sent = param(&asked, 0, "param");
    assert_eq!(
        sent,
        "{\"beginTime\":1769875200000,\"cpsType\":0,\"cursor\":\"\",\"endTime\":1770480000000,\"orderViewStatus\":1,\
         \"pageSize\":50,\"queryType\":2,\"sort\":2}"
    );
    let text = format!(
        "access_token=a-1&appkey=ks7&method=open.order.cursor.list&param={sent}&signMethod=HMAC_SHA256\
         &timestamp={timestamp}&version=1&signSecret=hush-sign"
    );
    let sign = param(&asked, 0, "sign");
    assert_eq!(sign, SignMethod::HmacSha256.sign("hush-sign", &text));
    assert_eq!(sign.len(), 44);
    assert!(!asked[0].0.contains("hush") && asked[0].0.contains("%3D"), "{asked:?}");
}

#[tokio::test]
async fn orders_go_on_by_cursor_and_cases_by_pcursor_until_nomore() {
    let (endpoint, server) = serve(vec![
        ok(&json!({"cursor": "page-2", "orderList": []})),
        ok(&json!({"cursor": "nomore", "orderList": []})),
        ok(&json!({"pcursor": "case-2", "refundOrderInfoList": []})),
        ok(&json!({"pcursor": "nomore", "refundOrderInfoList": []})),
        ok(&json!({"cursor": "1764723536914_1", "orders": []})),
        ok(&json!({"cursor": "no_more", "orders": []})),
    ]);
    let clock = clock();
    let (shop, token) = (shop(&endpoint, &clock), token(&clock));
    let mut cursor = Cursor::START;
    cursor =
        shop.orders(Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor }).await.unwrap().next.unwrap();
    assert!(
        shop.orders(Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor }).await.unwrap().next.is_none()
    );
    let day = span(AFTER_SALE_WINDOW);
    cursor = Cursor::START;
    let ask = Ask { token: &token, window: day, cursor: &cursor };
    cursor = shop.refunds(ask, &|_, _| false).await.unwrap().next.unwrap();
    let ask = Ask { token: &token, window: day, cursor: &cursor };
    assert!(shop.refunds(ask, &|_, _| false).await.unwrap().next.is_none());
    cursor = Cursor::START;
    cursor = shop.settlements(Ask { token: &token, window: day, cursor: &cursor }).await.unwrap().next.unwrap();
    assert!(shop.settlements(Ask { token: &token, window: day, cursor: &cursor }).await.unwrap().next.is_none());
    let asked = server.join().unwrap();
    assert!(param(&asked, 1, "param").contains("\"cursor\":\"page-2\""));
    assert!(param(&asked, 3, "param").contains("\"pcursor\":\"case-2\""));
    assert!(param(&asked, 5, "param").contains("\"cursor\":\"1764723536914_1\""));
}

#[tokio::test]
async fn seven_days_of_orders_and_one_of_cases_are_the_most_that_is_asked_for() {
    let endpoint = Endpoint::parse("http://127.0.0.1:9").unwrap();
    let clock = clock();
    let (shop, token, cursor) = (shop(&endpoint, &clock), token(&clock), Cursor::START);
    let more = |longest: TimeDelta| span(longest + TimeDelta::seconds(1));
    let orders = shop.orders(Ask { token: &token, window: more(ORDER_WINDOW), cursor: &cursor }).await;
    assert!(matches!(orders, Err(PlatformError::Rejected { .. })), "{orders:?}");
    let ask = Ask { token: &token, window: more(AFTER_SALE_WINDOW), cursor: &cursor };
    assert!(matches!(shop.refunds(ask, &|_, _| false).await, Err(PlatformError::Rejected { .. })));
}

#[tokio::test]
async fn a_span_the_platform_has_shortened_is_told_as_too_wide() {
    let (endpoint, server) = serve(vec![failure(300_019, "查询时间跨度超限")]);
    let clock = clock();
    let (token, cursor) = (token(&clock), Cursor::START);
    let ask = Ask { token: &token, window: span(AFTER_SALE_WINDOW), cursor: &cursor };
    let refused = shop(&endpoint, &clock).refunds(ask, &|_, _| false).await;
    assert!(matches!(refused, Err(PlatformError::WindowTooWide { .. })), "{refused:?}");
    server.join().unwrap();
}

#[tokio::test]
async fn a_detail_that_is_refused_rejects_its_own_order_only() {
    let rows = json!([{"orderBaseInfo": {"oid": "x"}}, {"orderBaseInfo": {"oid": 1}}]);
    let list = json!({"cursor": "nomore", "orderList": rows});
    let (endpoint, server) = serve(vec![ok(&list), failure(300_012, "订单不属于该商家")]);
    let clock = clock();
    let (token, cursor) = (token(&clock), Cursor::START);
    let ask = Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor };
    let page = shop(&endpoint, &clock).orders(ask).await.unwrap();
    let rejected: Vec<&str> = page.rejected.iter().map(|r| r.record_no.as_str()).collect();
    assert_eq!((rejected, page.received), (vec!["x", "1"], 2));
    server.join().unwrap();
}

#[tokio::test]
async fn a_token_comes_for_a_code_once_and_a_renewed_one_lives_no_longer_than_the_leave() {
    let tokens = |seconds: i64| {
        let answer = json!({"result": 1, "access_token": "a-2", "refresh_token": "r-2", "open_id": "o-1",
            "expires_in": 172_800, "refresh_token_expires_in": seconds, "scopes": ["merchant_order"]});
        ("200 OK", answer.to_string())
    };
    let used = json!({"result": 100_200_105, "error": "invalid_grant", "error_msg": "code.used"}).to_string();
    let (endpoint, server) = serve(vec![tokens(15_552_000), ("200 OK", used), tokens(15_552_000)]);
    let clock = clock();
    let shop = shop(&endpoint, &clock);
    let code = Grant::Code("c-1".to_owned());
    let made = shop.create_token(&code).await.unwrap();
    assert_eq!((made.access_ends_at - clock.now()).num_hours(), 48);
    assert_eq!((made.refresh_ends_at - clock.now()).num_days(), 180);
    assert!(matches!(shop.create_token(&code).await, Err(PlatformError::Denied { .. })));
    let renewed = shop.refresh_token(&token(&clock)).await.unwrap();
    assert_eq!((renewed.refresh_ends_at - clock.now()).num_days(), 90, "what the old one had left");
    let own = Grant::OwnShop { platform_shop_id: "1".to_owned() };
    assert!(matches!(shop.create_token(&own).await, Err(PlatformError::Denied { .. })));
    let asked = server.join().unwrap();
    assert!(asked[0].0.starts_with("GET /oauth2/access_token?app_id=ks7&grant_type=code&code=c-1&app_secret=hush "));
    assert_eq!(asked[2].1, "grant_type=refresh_token&refresh_token=r-1&app_id=ks7&app_secret=hush");
}

#[tokio::test]
async fn errors_hold_no_secret_and_no_token() {
    let (endpoint, server) = serve(vec![failure(24, "AUTHORIZATION_REVOKED")]);
    let clock = clock();
    let (token, cursor) = (token(&clock), Cursor::START);
    let ask = Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor };
    let error = shop(&endpoint, &clock).orders(ask).await.unwrap_err();
    assert!(matches!(error, PlatformError::Denied { .. }));
    let nobody = Endpoint::parse("http://127.0.0.1:9").unwrap();
    let unreachable = shop(&nobody, &clock).create_token(&Grant::Code("c-1".to_owned())).await.unwrap_err();
    for told in [error.to_string(), unreachable.to_string()] {
        assert!(!told.contains("hush") && !told.contains("a-1") && !told.contains("c-1"), "{told}");
    }
    server.join().unwrap();
}
