//! Bad days end: whoever retries as the platform asks gets everything.

use super::caller::{Caller, Reply, last_days};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Small pages make many requests, so that every kind of trouble is met.
const PAGE: usize = 4;

/// A page of a window, asked for until it comes; counts what stood in the way.
async fn page(caller: &mut Caller, params: &Value, met: &mut BTreeSet<String>) -> Reply {
    for _ in 0..5 {
        let reply = caller.call("order.searchList", params).await;
        match (reply.status, reply.body["code"].as_u64()) {
            (200, Some(10_000)) => return reply,
            (503, _) => met.insert("503".to_owned()),
            (200, Some(40_003)) => {
                caller.renew().await;
                met.insert(reply.sub_code().to_owned())
            }
            _ => met.insert(reply.sub_code().to_owned()),
        };
    }
    panic!("trouble does not end: {met:?}")
}

/// Walks a window's pages until as many distinct orders came as the platform says there are.
async fn pull(caller: &mut Caller, from: i64, to: i64, met: &mut BTreeSet<String>) -> Vec<Value> {
    let mut orders: Vec<Value> = Vec::new();
    for _ in 0..4 {
        let mut total = usize::MAX;
        for n in 0.. {
            let ask = json!({"order_asc": true, "order_by": "update_time", "page": n, "size": PAGE,
                "update_time_end": to, "update_time_start": from});
            let reply = page(caller, &ask, met).await;
            total = usize::try_from(reply.body["data"]["total"].as_u64().unwrap()).unwrap();
            for order in reply.body["data"]["shop_order_list"].as_array().unwrap() {
                if orders.iter().any(|o| o["order_id"] == order["order_id"]) {
                    met.insert("seen before".to_owned());
                } else {
                    orders.push(order.clone());
                }
            }
            if (n + 1) * PAGE >= total {
                break;
            }
        }
        if orders.len() == total {
            orders.sort_by_key(|o| o["order_id"].to_string());
            return orders;
        }
        met.insert("incomplete".to_owned());
    }
    panic!("the window never becomes complete")
}

#[tokio::test]
async fn trouble_on_the_wire_ends_and_the_window_is_the_same_as_on_a_good_day() {
    let mut good = Caller::at(7, "2024-12-02", "").await;
    let (from, to) = last_days(&good, 14);
    let mut met = BTreeSet::new();
    let expected = pull(&mut good, from, to, &mut met).await;
    assert!(met.is_empty(), "{met:?}");
    let mut bad = Caller::at(7, "2024-12-02", "throttle,5xx,slow,token-expired,repeat-pages,shuffle-pages").await;
    let got = pull(&mut bad, from, to, &mut met).await;
    for kind in ["isv.traffic-limited", "503", "isp.service-error:20004", "isv.access-token-expired", "incomplete"] {
        assert!(met.contains(kind), "{kind} was not met: {met:?}");
    }
    // Slow answers moved the world's clock, so an order may have moved on since; which orders there are stays.
    assert!(bad.now() > good.now());
    let ids = |orders: &[Value]| orders.iter().map(|o| o["order_id"].to_string()).collect::<BTreeSet<_>>();
    let gone = ids(&expected).difference(&ids(&got)).count();
    assert!(gone <= 2, "{gone} orders are missing");
}

#[tokio::test]
async fn torn_records_and_unknown_statuses_pass_when_the_order_moves_on() {
    let caller = Caller::at(7, "2024-12-02", "malformed,unknown-status").await;
    let (from, to) = last_days(&caller, 30);
    let (rows, _) = caller.orders(from, to, 100).await;
    let odd = |o: &&Value| o["order_status"] == 177 || o["pay_amount"].is_string();
    let before: Vec<&Value> = rows.iter().filter(odd).collect();
    assert!(!before.is_empty());
    caller.clock.advance_to(caller.clock.now() + chrono::TimeDelta::days(45));
    for order in before {
        let mut token =
            Caller { token: caller.token.clone(), ..Caller::at(7, "2025-01-16", "malformed,unknown-status").await };
        token.renew().await;
        let later = token.call("order.orderDetail", &json!({"shop_order_id": order["order_id"]})).await;
        let later = &later.body["data"]["shop_order_detail"];
        assert!(matches!(later["order_status"].as_u64(), Some(4 | 5)) && later["pay_amount"].is_i64(), "{later}");
    }
}

#[tokio::test]
async fn a_late_update_comes_half_an_hour_late_under_its_own_time() {
    let (prompt, late) = (Caller::at(7, "2024-12-02", "").await, Caller::at(7, "2024-12-02", "late-update").await);
    let (from, to) = last_days(&prompt, 10);
    let ids = |rows: Vec<Value>| {
        rows.iter().map(|o| format!("{} {}", o["order_id"], o["update_time"])).collect::<BTreeSet<_>>()
    };
    late.clock.advance_to(late.clock.now() + chrono::TimeDelta::minutes(30));
    prompt.clock.advance_to(prompt.clock.now() + chrono::TimeDelta::minutes(30));
    let (on_time, lagging) = (ids(prompt.orders(from, to, 100).await.0), ids(late.orders(from, to, 100).await.0));
    assert!(on_time.is_subset(&lagging), "after half an hour everything up to then is there");
}
