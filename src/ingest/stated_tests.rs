//! Groups of facts from sources that know different ones.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
use super::*;
use crate::domain::calendar::{local, parse_day};

fn at(hour: u32) -> Instant {
    local(parse_day("2026-09-01").unwrap().and_hms_opt(hour, 30, 0).unwrap())
}

fn row(hour: u32, status: &str) -> OrderRow {
    let on = parse_day("2026-09-01").unwrap();
    OrderRow {
        order_id: 1,
        shop_id: 1,
        order_no: "1".into(),
        updated_at: at(hour),
        created_at: at(1),
        created_on: on,
        paid_at: Some(at(2)),
        paid_on: Some(on),
        completed_at: None,
        completed_on: None,
        status: status.into(),
        platform_status: String::new(),
        buyer_freight_fen: 0,
        shop_coupon_fen: 0,
        platform_coupon_fen: 0,
        anchor_coupon_fen: 0,
        province: String::new(),
        buyer_hash: String::new(),
        paid_event_id: 1,
        evidence_mark: i64::from(hour),
    }
}

fn line_row(list_fen: i64, shop_fen: i64, platform_fen: i64) -> LineRow {
    LineRow {
        line_id: 1,
        order_id: 1,
        shop_id: 1,
        line_no: "11".into(),
        sku_id: 5,
        pieces: 1,
        list_fen,
        shop_coupon_fen: shop_fen,
        platform_coupon_fen: platform_fen,
        anchor_coupon_fen: 0,
        live_room_no: "room".into(),
        author_no: String::new(),
        replaced: false,
    }
}

/// A file that knows the status and what was paid, and not who bore coupons or which room sold.
const FILE: Knows = Knows { coupons: false, origin: false, skus: false, ..Knows::ALL };

#[test]
fn an_older_answer_is_news_of_the_groups_that_no_newer_one_stated() {
    let by_file = row(9, "completed");
    let stated = Stated { order_id: 1, coupons_at: None, origin_at: None };
    let older = News::of(at(5), &by_file, Some(&stated), Knows::ALL);
    assert_eq!(older, News { newer: false, coupons: true, origin: true });
    let explained = Stated { coupons_at: Some(at(5)), origin_at: Some(at(5)), ..stated };
    assert!(!News::of(at(5), &by_file, Some(&explained), Knows::ALL).any());
    assert!(News::of(at(6), &by_file, Some(&explained), Knows::ALL).coupons);
}

#[test]
fn what_a_source_does_not_state_is_left_alone() {
    let old = OrderRow {
        completed_at: Some(at(6)),
        province: "江西省".into(),
        buyer_hash: "h".into(),
        ..row(7, "completed")
    };
    let new = OrderRow { paid_at: None, paid_on: None, ..row(9, "completed") };
    let merged = order(new, &old, Knows::ALL, News::ALL);
    assert_eq!((merged.paid_at, merged.completed_at), (Some(at(2)), Some(at(6))));
    assert_eq!((merged.province.as_str(), merged.buyer_hash.as_str()), ("江西省", "h"));
    let merged = line(
        LineRow { live_room_no: String::new(), sku_id: 6, ..line_row(40, 0, 0) },
        &line_row(40, 0, 0),
        FILE,
        News::ALL,
    );
    assert_eq!((merged.live_room_no.as_str(), merged.sku_id), ("room", 5));
}

#[test]
fn a_source_without_times_leaves_the_orders_time_and_status() {
    let knows = Knows { standing: false, ..FILE };
    let merged = order(row(20, "unknown"), &row(7, "paid"), knows, News::ALL);
    assert_eq!((merged.updated_at, merged.status.as_str(), merged.evidence_mark), (at(7), "paid", 20));
}

#[test]
fn coupons_stand_while_the_payment_agrees_and_fall_when_a_newer_one_differs() {
    let known = line_row(5_000, 500, 300);
    let news = News { newer: true, coupons: false, origin: false };
    let agrees = line(line_row(4_200, 0, 0), &known, FILE, news);
    assert_eq!((agrees.list_fen, agrees.platform_coupon_fen), (5_000, 300));
    let differs = line(line_row(4_000, 0, 0), &known, FILE, news);
    assert_eq!((differs.list_fen, differs.platform_coupon_fen), (4_000, 0));
    let older = News { newer: false, ..news };
    assert_eq!(line(line_row(4_000, 0, 0), &known, FILE, older).list_fen, 5_000);
    // and an older one that knows the coupons explains a payment it agrees with
    let explains = News { newer: false, coupons: true, origin: false };
    assert_eq!(line(line_row(5_000, 500, 300), &line_row(4_200, 0, 0), Knows::ALL, explains).list_fen, 5_000);
    assert_eq!(line(line_row(5_000, 600, 300), &line_row(4_200, 0, 0), Knows::ALL, explains).list_fen, 4_200);
}

#[test]
fn a_bare_day_does_not_replace_the_hour_of_it() {
    let midnight = start_of(parse_day("2026-09-01").unwrap());
    let new = OrderRow { paid_at: Some(midnight), ..row(9, "paid") };
    assert_eq!(order(new, &row(7, "paid"), Knows::ALL, News::ALL).paid_at, Some(at(2)));
}

#[test]
fn times_of_groups_are_kept_only_where_they_differ_from_the_orders() {
    let new = row(9, "paid");
    assert_eq!(stated(&new, at(9), None, Knows::ALL, News::ALL), None);
    let by_file = stated(&new, at(9), None, FILE, News::ALL).unwrap();
    assert_eq!((by_file.coupons_at, by_file.origin_at), (None, None));
    let old = row(7, "paid");
    let after = stated(&new, at(9), Some((&old, None)), FILE, News::of(at(9), &old, None, FILE)).unwrap();
    assert_eq!((after.coupons_at, after.origin_at), (Some(at(7)), Some(at(7))));
}

#[test]
fn a_whole_order_is_known_less_closely_than_its_pieces_and_these_than_its_lines() {
    let of = |line_no: &str| closeness(line_no, "1");
    assert_eq!((of("1#order"), of("1#A#order"), of("11")), (0, 1, 2));
}
