//! A world is a function of its seed, and a window is complete however it is paged.

use super::caller::{Caller, day, last_days};
use red_anchor::domain::calendar::start_of;
use red_anchor::sandbox::world::shops::Shop;
use red_anchor::sandbox::world::{DAY_SECONDS, LIFETIME_DAYS, Scale, World, first_day};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn world(seed: u64) -> World {
    World::new(seed, "0.1".parse().unwrap())
}

#[test]
fn a_day_is_the_same_however_often_and_in_whatever_order_it_is_made() {
    let days = [day("2024-12-02"), day("2023-06-01"), day("2024-12-03")];
    let once: Vec<_> = days.iter().map(|d| world(7).day(Shop::Association, *d)).collect();
    let mut backwards: Vec<_> = days.iter().rev().map(|d| world(7).day(Shop::Association, *d)).collect();
    backwards.reverse();
    assert_eq!(once, backwards);
    assert!(!once[0].is_empty());
    assert_ne!(once[0], world(8).day(Shop::Association, days[0]));
    assert_ne!(once[0].len(), world(7).day(Shop::Cooperative, days[0]).len());
}

#[test]
fn no_order_lives_longer_than_the_lookback_and_its_events_are_in_order() {
    for quirks in [false, true] {
        let mut world = world(7);
        world.quirks.late_settlement = quirks;
        for n in (400..1_400).step_by(37) {
            let on = first_day() + chrono::TimeDelta::days(n);
            for order in world.day(Shop::Association, on) {
                assert!(order.last_event() < start_of(on).timestamp() + LIFETIME_DAYS * DAY_SECONDS, "{order:?}");
                let steps = [order.created_at, order.paid_at, order.shipped_at, order.received_at, order.completed_at];
                let happened: Vec<i64> = steps.into_iter().filter(|at| *at != 0).collect();
                assert!(happened.is_sorted(), "{order:?}");
                for case in order.lines.iter().filter_map(|l| l.after_sale.as_ref()) {
                    assert!(case.stages.is_sorted_by_key(|s| s.0) && case.applied_at() >= order.paid_at, "{order:?}");
                }
            }
        }
    }
}

#[test]
fn before_the_world_begins_nothing_is_sold() {
    assert!(World::new(7, Scale::FULL).day(Shop::Association, day("2022-10-09")).is_empty());
}

#[tokio::test]
async fn the_same_question_has_the_same_answer_to_the_byte_and_another_seed_another() {
    let ask = |c: &Caller| {
        json!({"order_asc": true, "order_by": "update_time", "page": 0, "size": 50,
            "update_time_end": c.now(), "update_time_start": c.now() - 3 * DAY_SECONDS})
    };
    let mut answers = Vec::new();
    for seed in [7, 7, 8] {
        let caller = Caller::at(seed, "2024-12-02", "").await;
        answers.push(caller.call("order.searchList", &ask(&caller)).await.body.to_string());
    }
    assert_eq!(answers[0], answers[1]);
    assert_ne!(answers[0], answers[2]);
}

#[tokio::test]
async fn the_pages_of_a_window_hold_every_order_once_oldest_change_first() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let (from, to) = last_days(&caller, 7);
    let (rows, total) = caller.orders(from, to, 7).await;
    let numbers: BTreeSet<&str> = rows.iter().map(|o| o["order_id"].as_str().unwrap()).collect();
    assert_eq!((rows.len(), numbers.len()), (total, total));
    assert!(total > 100);
    let updated: Vec<i64> = rows.iter().map(|o| o["update_time"].as_i64().unwrap()).collect();
    assert!(updated.is_sorted() && updated.iter().all(|at| (from..to).contains(at)));
}

#[tokio::test]
async fn windows_side_by_side_are_the_window_over_both() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let (from, to) = last_days(&caller, 6);
    let middle = from + (to - from) / 2;
    let halves = caller.orders(from, middle, 100).await.1 + caller.orders(middle, to, 100).await.1;
    assert_eq!(halves, caller.orders(from, to, 100).await.1);
}

#[tokio::test]
async fn amounts_of_an_order_are_those_of_its_lines_and_identities_hold() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let (from, to) = last_days(&caller, 30);
    let (rows, _) = caller.orders(from, to, 100).await;
    let fen = |v: &Value, name: &str| v[name].as_i64().unwrap();
    for order in &rows {
        let lines = order["sku_order_list"].as_array().unwrap();
        for name in [
            "pay_amount",
            "post_amount",
            "promotion_shop_amount",
            "promotion_platform_amount",
            "promotion_talent_amount",
        ] {
            assert_eq!(fen(order, name), lines.iter().map(|l| fen(l, name)).sum::<i64>(), "{name}");
        }
        for line in lines {
            let coupons = fen(line, "promotion_amount");
            assert_eq!(fen(line, "sum_amount"), fen(line, "origin_amount") * fen(line, "item_num"));
            assert_eq!(fen(line, "sum_amount"), fen(line, "pay_amount") - fen(line, "post_amount") + coupons);
        }
        assert!(order["encrypt_post_tel"].is_string() && order["mask_post_receiver"].is_string());
    }
    let has = |name: &str| rows.iter().any(|o| fen(o, name) > 0);
    assert!(has("promotion_platform_amount") && has("promotion_talent_amount"));
}

#[tokio::test]
async fn a_case_tells_what_was_asked_in_the_list_and_what_was_paid_back_in_its_detail() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let (from, to) = last_days(&caller, 30);
    let ask = json!({"order_by": ["update_time asc"], "page": 0, "size": 100,
        "update_end_time": to, "update_start_time": from});
    let list = caller.call("afterSale.List", &ask).await;
    let items = list.body["data"]["items"].as_array().unwrap();
    assert!(items.len() > 20, "{}", items.len());
    let mut kinds = BTreeSet::new();
    for item in items {
        let info = &item["aftersale_info"];
        kinds.insert(info["aftersale_type"].as_u64().unwrap());
        let detail = caller.call("afterSale.Detail", &json!({"after_sale_id": info["aftersale_id"]})).await;
        let told = &detail.body["data"]["process_info"]["after_sale_info"];
        let succeeded = info["refund_status"] == 3;
        assert_eq!(told["real_refund_amount"] != 0, succeeded, "{item} {told}");
        assert_eq!(told["refund_time"] != 0, succeeded);
    }
    assert!(kinds.is_superset(&BTreeSet::from([0, 1, 2])), "{kinds:?}");
}

#[tokio::test]
async fn statement_rows_add_up_and_a_days_rows_are_there_in_the_afternoon_of_the_next() {
    let caller = Caller::at(7, "2024-12-02", "").await;
    let (mut index, mut rows) = ("0".to_owned(), Vec::new());
    loop {
        let ask = json!({"end_time": "2024-12-02 00:00:00", "size": 20, "start_index": index,
            "start_time": "2024-11-25 00:00:00", "time_type": 0});
        let reply = caller.call("order.getSettleBillDetailV3", &ask).await;
        let data = &reply.body["data"];
        rows.extend(data["data"].as_array().unwrap().iter().cloned());
        if data["is_end"] == 1 {
            break;
        }
        index = data["next_start_index"].as_str().unwrap().to_owned();
    }
    let fen = |row: &Value, name: &str| row[name].as_i64().unwrap();
    let keys: BTreeSet<String> = rows.iter().map(|r| r["request_no"].to_string()).collect();
    assert!(rows.len() > 60 && keys.len() == rows.len(), "{}", rows.len());
    for row in &rows {
        let subsidy = fen(row, "platform_coupon") + fen(row, "author_coupon");
        let goods = fen(row, "total_goods_amount") - fen(row, "shop_coupon") - subsidy;
        let fees = fen(row, "platform_service_fee") + fen(row, "commission");
        let settled = goods + fen(row, "post_amount") + subsidy - fen(row, "refund_before_settle") - fees;
        assert_eq!(settled, fen(row, "settle_amount"), "{row}");
    }
    // It is noon of the 2nd: the 30th is there, the 1st will be at three.
    let of_the_first =
        |rows: &[Value]| rows.iter().any(|r| r["settle_time"].as_str().unwrap().starts_with("2024-12-01"));
    assert!(!of_the_first(&rows) && rows.iter().any(|r| r["settle_time"].as_str().unwrap().starts_with("2024-11-30")));
    caller.clock.advance_to(start_of(day("2024-12-02")) + chrono::TimeDelta::hours(15));
    let ask =
        json!({"end_time": "2024-12-02 00:00:00", "size": 20, "start_time": "2024-12-01 00:00:00", "time_type": 0});
    let reply = caller.call("order.getSettleBillDetailV3", &ask).await;
    assert!(of_the_first(reply.body["data"]["data"].as_array().unwrap()));
}
