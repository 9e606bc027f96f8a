//! The connector against answers written by hand, over a socket of this machine; the whole protocol is the sandbox's.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::clock::Clock;
use crate::domain::calendar::{parse_day, start_of};
use crate::platforms::AppKey;
use crate::platforms::http::Endpoint;
use crate::platforms::retry::Jitter;
use crate::platforms::stub::{Answer as Given, serve};
use crate::platforms::wechat_channels::limits::{AFTER_SALE_WINDOW, ORDER_WINDOW};
use serde_json::json;

fn ok(body: &Value) -> Given {
    ("200 OK", body.to_string())
}

fn clock() -> Clock {
    Clock::at_end_of(parse_day("2026-02-20").unwrap())
}

fn shop(endpoint: &Endpoint, clock: &Clock) -> WechatChannels {
    let app = AppKey::new("wx7".to_owned(), "hush".to_owned());
    WechatChannels::new(Link::new(endpoint.clone(), app, clock.clone(), Jitter::seeded(7)).unwrap())
}

fn token(clock: &Clock) -> Token {
    Token {
        access_token: "a-1".to_owned(),
        refresh_token: String::new(),
        access_ends_at: clock.now() + TimeDelta::hours(2),
        refresh_ends_at: clock.now() + TimeDelta::hours(2),
        platform_shop_id: "wx7".to_owned(),
        shop_name: String::new(),
    }
}

fn span(longest: TimeDelta) -> Window {
    let from = start_of(parse_day("2026-02-01").unwrap());
    Window { from, to: from + longest }
}

fn order(id: &Value) -> Value {
    json!({"errcode": 0, "order": {"order_id": id, "status": 20, "create_time": 1, "update_time": 2,
        "order_detail": {"product_infos": [{"sku_id": "1", "sku_cnt": 1, "sale_price": 100, "real_price": 100}],
            "pay_info": {"pay_time": 1}, "price_info": {"order_price": 100, "freight": 0}}}})
}

#[tokio::test]
async fn a_list_gives_numbers_and_each_order_is_asked_for() {
    let id = json!(3_705_115_058_471_208_928_u64);
    let (endpoint, server) = serve(vec![
        ok(&json!({"errcode": 0, "errmsg": "ok", "order_id_list": [id], "next_key": "k-2", "has_more": true})),
        ok(&order(&id)),
        ok(&json!({"order_id_list": [], "has_more": false})),
    ]);
    let clock = clock();
    let (shop, token, cursor) = (shop(&endpoint, &clock), token(&clock), Cursor::START);
    let page = shop.orders(Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor }).await.unwrap();
    assert_eq!((page.received, page.total), (1, None));
    assert_eq!(page.records[0].record.order_no, "3705115058471208928");
    let cursor = page.next.unwrap();
    let page = shop.orders(Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor }).await.unwrap();
    assert_eq!((page.received, page.next), (0, None));
    let asked = server.join().unwrap();
    assert_eq!(asked[0].0.trim_end(), "POST /channels/ec/order/list/get?access_token=a-1 HTTP/1.1");
    let window = r#""update_time_range":{"end_time":1770480000,"start_time":1769875200}"#;
    assert_eq!(asked[0].1, format!(r#"{{"page_size":100,{window}}}"#), "no next_key at the start; seconds");
    assert_eq!(asked[1].1, r#"{"order_id":"3705115058471208928"}"#);
    assert_eq!(asked[2].1, format!(r#"{{"next_key":"k-2","page_size":100,{window}}}"#));
}

#[tokio::test]
async fn seven_days_of_orders_and_24_hours_of_cases_are_the_most_that_is_asked_for() {
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
async fn a_list_that_does_not_say_whether_it_ends_is_no_answer() {
    for odd in [
        json!({"errcode": 0}),
        json!({"order_id_list": [], "has_more": true, "next_key": ""}),
        json!({"order_id_list": vec!["1"; 101], "has_more": false}),
    ] {
        let (endpoint, server) = serve(vec![ok(&odd)]);
        let clock = clock();
        let (token, cursor) = (token(&clock), Cursor::START);
        let ask = Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor };
        let answer = shop(&endpoint, &clock).orders(ask).await;
        assert!(matches!(answer, Err(PlatformError::Malformed { .. })), "{odd} {answer:?}");
        server.join().unwrap();
    }
}

#[tokio::test]
async fn the_stable_token_is_asked_for_gently_and_by_force_only_when_it_was_refused() {
    let tokens = |token: &str, seconds: i64| ok(&json!({"access_token": token, "expires_in": seconds}));
    let (endpoint, server) =
        serve(vec![tokens("a-1", 7_200), tokens("a-2", 7_200), tokens("a-1", 5_000), tokens("a-3", 7_200)]);
    let clock = clock();
    let shop = shop(&endpoint, &clock);
    let own = Grant::OwnShop { platform_shop_id: "wx7".to_owned() };
    let made = shop.create_token(&own).await.unwrap();
    assert_eq!((made.access_token.as_str(), (made.access_ends_at - clock.now()).num_seconds()), ("a-1", 7_200));
    assert_eq!(shop.refresh_token(&made).await.unwrap().access_token, "a-2", "another program renewed it");
    assert_eq!(shop.refresh_token(&made).await.unwrap().access_token, "a-3");
    assert!(matches!(shop.create_token(&Grant::Code("c".to_owned())).await, Err(PlatformError::Denied { .. })));
    let asked = server.join().unwrap();
    assert_eq!(asked[0].1, r#"{"appid":"wx7","force_refresh":false,"grant_type":"client_credential","secret":"hush"}"#);
    let forced: Vec<bool> = asked.iter().map(|(_, body)| body.contains("\"force_refresh\":true")).collect();
    assert_eq!(forced, [false, false, false, true]);
}

#[tokio::test]
async fn a_case_is_read_beside_its_order_and_one_that_is_known_is_passed_over() {
    let case = json!({"after_sale_order": {"after_sale_order_id": "9", "order_id": "37", "type": "REFUND",
        "status": "MERCHANT_REFUND_SUCCESS", "product_info": {"sku_id": "1", "count": 1},
        "refund_info": {"amount": 100}, "update_time": 1_000, "complete_time": 900}});
    let list = json!({"after_sale_order_id_list": ["9"], "has_more": false});
    let (endpoint, server) = serve(vec![ok(&list), ok(&case), ok(&order(&json!("37"))), ok(&list), ok(&case)]);
    let clock = clock();
    let (shop, token, cursor) = (shop(&endpoint, &clock), token(&clock), Cursor::START);
    let ask = Ask { token: &token, window: span(AFTER_SALE_WINDOW), cursor: &cursor };
    let page = shop.refunds(ask, &|_, _| false).await.unwrap();
    assert_eq!((page.records.len(), page.records[0].record.refund_fen), (1, 100));
    let again = shop.refunds(ask, &|no, at| no == "9" && at.timestamp() == 1_000).await.unwrap();
    assert_eq!((again.records.len(), again.received), (0, 1));
    server.join().unwrap();
}

#[tokio::test]
async fn a_settlement_is_an_order_with_the_cases_it_has() {
    let settled = json!({"order": {"order_id": "37", "status": 100, "create_time": 1, "update_time": 2,
        "aftersale_detail": {"aftersale_order_list": [{"aftersale_order_id": 9, "status": 13}]},
        "order_detail": {"product_infos": [{"sku_id": "1", "sku_cnt": 1, "sale_price": 100, "real_price": 100}],
            "pay_info": {"pay_time": 1}, "price_info": {"order_price": 100, "freight": 0},
            "settle_info": {"settle_time": 2_000, "commission_fee": 2}}}});
    let case = json!({"after_sale_order": {"after_sale_order_id": "9", "order_id": "37", "type": "REFUND",
        "status": "MERCHANT_REFUND_SUCCESS", "product_info": {"sku_id": "1", "count": 1},
        "refund_info": {"amount": 40}, "update_time": 1_000, "complete_time": 900}});
    let list = |number: &str| json!({"order_id_list": [number], "has_more": false});
    let answers = vec![ok(&list("37")), ok(&settled), ok(&case), ok(&list("38")), ok(&order(&json!("38")))];
    let (endpoint, server) = serve(answers);
    let clock = clock();
    let (shop, token, cursor) = (shop(&endpoint, &clock), token(&clock), Cursor::START);
    let page = shop.settlements(Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor }).await;
    let page = page.unwrap();
    assert_eq!((page.records.len(), page.received), (1, 1));
    let row = &page.records[0].record;
    assert_eq!((row.goods_fen, row.refund_fen, row.platform_fen), (100, 40, 2));
    let ask = Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor };
    let unsettled = shop.settlements(ask).await.unwrap();
    assert_eq!((unsettled.records.len(), unsettled.rejected.len(), unsettled.received), (0, 0, 1));
    assert!(server.join().unwrap()[0].1.contains("\"status\":100"));
}

#[tokio::test]
async fn errors_hold_no_secret_and_no_token() {
    let (endpoint, server) = serve(vec![ok(&json!({"errcode": 48_001, "errmsg": "api unauthorized rid: 1"}))]);
    let clock = clock();
    let (token, cursor) = (token(&clock), Cursor::START);
    let ask = Ask { token: &token, window: span(ORDER_WINDOW), cursor: &cursor };
    let error = shop(&endpoint, &clock).orders(ask).await.unwrap_err();
    assert!(matches!(error, PlatformError::Denied { .. }), "{error:?}");
    assert!(!error.to_string().contains("a-1"), "{error}");
    server.join().unwrap();
}
