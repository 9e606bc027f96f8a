//! Orders, lines, refunds, statement rows, other events.

use super::goods::shop;
use crate::store::contract::{Place, day, instant};
use red_anchor::store::goods;
use red_anchor::store::orders::{self, AttributionRow, EventRow, LineRow, OrderRow, RefundRow, SettlementRow};

pub fn order(order_id: i64) -> OrderRow {
    OrderRow {
        order_id,
        shop_id: 1,
        order_no: format!("691000000000000{order_id:04}"),
        updated_at: instant(1),
        created_at: instant(0),
        created_on: day("2026-02-01"),
        paid_at: Some(instant(1)),
        paid_on: Some(day("2026-02-01")),
        completed_at: None,
        completed_on: None,
        status: "paid".into(),
        platform_status: "待发货".into(),
        buyer_freight_fen: 0,
        shop_coupon_fen: 1,
        platform_coupon_fen: 2,
        anchor_coupon_fen: 3,
        province: "江西省".into(),
        buyer_hash: "ab12".into(),
        paid_event_id: 900 + order_id,
        evidence_mark: i64::MIN,
    }
}

pub fn line(line_id: i64, order_id: i64) -> LineRow {
    LineRow {
        line_id,
        order_id,
        shop_id: 1,
        line_no: format!("行{line_id}"),
        sku_id: 0,
        pieces: 2,
        list_fen: 9_007_199_254_740_993,
        shop_coupon_fen: 4,
        platform_coupon_fen: 5,
        anchor_coupon_fen: 6,
        live_room_no: "直播7".into(),
        author_no: String::new(),
        replaced: false,
    }
}

pub fn refund(refund_id: i64, order_id: i64) -> RefundRow {
    RefundRow {
        refund_id,
        shop_id: 1,
        refund_no: format!("退{refund_id}"),
        order_id,
        order_no: String::new(),
        line_no: String::new(),
        updated_at: instant(5),
        status: "succeeded".into(),
        platform_status: "退款成功".into(),
        status_unknown: false,
        refund_fen: -250,
        freight_fen: None,
        subsidy_back_fen: 7,
        refunded_at: None,
        refunded_on: Some(day("2026-02-28")),
        day_inferred: true,
        outcome: "kept".into(),
        pieces: 1,
        resent_pieces: 0,
        reason: "“坏果”".into(),
        evidence_mark: 42,
    }
}

pub fn settlement(settlement_id: i64, order_id: i64) -> SettlementRow {
    SettlementRow {
        settlement_id,
        shop_id: 1,
        statement_no: format!("动账{settlement_id}"),
        order_id,
        order_no: String::new(),
        line_no: "行1".into(),
        settled_at: instant(90_000),
        settled_on: day("2026-02-02"),
        goods_fen: 1,
        freight_fen: 2,
        subsidy_fen: 3,
        refund_fen: 4,
        platform_fen: -5,
        anchor_fen: 6,
        evidence_mark: i64::MAX,
    }
}

pub fn event(event_id: i64, order_id: i64, kind: &str, quantity: i64) -> EventRow {
    EventRow { event_id, order_id, line_id: 0, kind: kind.into(), happened_on: day("2026-02-03"), quantity }
}

pub async fn orders_and_lines(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_orders(&mut work, &[order(1), order(2)]).await.unwrap();
    let completed = OrderRow {
        completed_at: Some(instant(7)),
        completed_on: Some(day("2026-02-05")),
        status: "completed".into(),
        ..order(2)
    };
    orders::upsert_orders(&mut work, std::slice::from_ref(&completed)).await.unwrap();
    let nos: Vec<String> = (1..=300).map(|id| order(id).order_no).collect();
    let nos: Vec<&str> = nos.iter().map(String::as_str).collect();
    let mut found = orders::list_orders(&mut work, 1, &nos).await.unwrap();
    found.sort_by_key(|o| o.order_id);
    assert_eq!(found, [order(1), completed]);
    assert_eq!(orders::list_orders(&mut work, 2, &nos).await.unwrap(), []);
    let ids = orders::ids_of_orders(&mut work, 1, &nos).await.unwrap();
    assert_eq!((ids.len(), ids[nos[1]]), (2, (2, Some(day("2026-02-01")))));

    orders::upsert_lines(&mut work, &[line(3, 2), line(1, 1), line(2, 2)]).await.unwrap();
    let replaced = LineRow { replaced: true, pieces: 1, ..line(2, 2) };
    orders::upsert_lines(&mut work, std::slice::from_ref(&replaced)).await.unwrap();
    assert_eq!(orders::list_lines(&mut work, 1, &["行1", "行9"]).await.unwrap(), [line(1, 1)]);
    let of_both = orders::list_lines_of_orders(&mut work, &[2, 1]).await.unwrap();
    assert_eq!(of_both, [line(1, 1), replaced, line(3, 2)]);
}

pub async fn refunds(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_refunds(&mut work, &[refund(1, 5)]).await.unwrap();
    let known_better = RefundRow {
        freight_fen: Some(0),
        refunded_at: Some(instant(8)),
        day_inferred: false,
        status_unknown: true,
        status: "pending".into(),
        ..refund(1, 5)
    };
    assert_eq!(orders::list_refunds(&mut work, 1, &["退1"]).await.unwrap(), [refund(1, 5)]);
    orders::upsert_refunds(&mut work, std::slice::from_ref(&known_better)).await.unwrap();
    assert_eq!(orders::list_refunds(&mut work, 1, &["退1", "退2"]).await.unwrap(), [known_better]);
}

pub async fn settlements(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_settlements(&mut work, &[settlement(1, 5)]).await.unwrap();
    let corrected = SettlementRow { anchor_fen: -6, line_no: String::new(), ..settlement(1, 5) };
    assert_eq!(orders::list_settlements(&mut work, 1, &["动账1"]).await.unwrap(), [settlement(1, 5)]);
    orders::upsert_settlements(&mut work, std::slice::from_ref(&corrected)).await.unwrap();
    assert_eq!(orders::list_settlements(&mut work, 1, &["动账1"]).await.unwrap(), [corrected]);
}

/// The characters that stand between packed values and rows.
const SEPARATORS: &str = "6\u{1f}9\u{1e}1";

pub async fn a_separator_in_words_is_stored_as_a_space(place: &Place) {
    let mut work = place.work().await;
    let (words, stored) = (|| SEPARATORS.to_owned(), || "6 9 1".to_owned());
    let odd = OrderRow { platform_status: words(), province: words(), ..order(1) };
    orders::upsert_orders(&mut work, &[odd]).await.unwrap();
    let kept = OrderRow { platform_status: stored(), province: stored(), ..order(1) };
    assert_eq!(orders::list_orders(&mut work, 1, &[&order(1).order_no]).await.unwrap(), [kept]);
    let odd = LineRow { live_room_no: words(), author_no: words(), ..line(1, 1) };
    orders::upsert_lines(&mut work, &[odd, line(2, 1)]).await.unwrap();
    let kept = LineRow { live_room_no: stored(), author_no: stored(), ..line(1, 1) };
    assert_eq!(orders::list_lines_of_orders(&mut work, &[1]).await.unwrap(), [kept, line(2, 1)]);
    let odd = RefundRow { platform_status: words(), reason: words(), ..refund(1, 1) };
    orders::upsert_refunds(&mut work, &[odd]).await.unwrap();
    let kept = RefundRow { platform_status: stored(), reason: stored(), ..refund(1, 1) };
    assert_eq!(orders::list_refunds(&mut work, 1, &["退1"]).await.unwrap(), [kept]);
    let choice = |actor: String, reason: String| AttributionRow {
        line_id: 1,
        version_id: 1,
        batch_id: 1,
        stream_id: 4,
        rule: "person".into(),
        bulk: false,
        actor,
        reason,
    };
    orders::insert_attributions(&mut work, &[choice(words(), words())]).await.unwrap();
    assert_eq!(orders::list_attributions(&mut work, &[1]).await.unwrap(), [choice(stored(), stored())]);
}

/// No source hands one over; one that comes all the same is found out where it is read.
pub async fn a_separator_in_a_number_is_an_error_and_no_guess(place: &Place) {
    let mut work = place.work().await;
    for (order_id, separator) in [(1, '\u{1f}'), (2, '\u{1e}')] {
        let odd = OrderRow { order_no: format!("6{separator}9"), ..order(order_id) };
        orders::upsert_orders(&mut work, std::slice::from_ref(&odd)).await.unwrap();
        assert!(orders::list_orders(&mut work, 1, &[&odd.order_no]).await.is_err(), "{separator:?}");
    }
}

pub async fn events_and_attributions(place: &Place) {
    let mut work = place.work().await;
    let rows = [event(2, 1, "parcels", 3), event(1, 1, "parcels", 2), event(3, 2, "inferred", 0)];
    orders::insert_events(&mut work, &rows).await.unwrap();
    let parcels = orders::list_parcels(&mut work, &[1, 2]).await.unwrap();
    assert_eq!((parcels.len(), parcels[&1]), (1, 3));
    let choice = |version_id: i64, bulk: bool| AttributionRow {
        line_id: 1,
        version_id,
        batch_id: 1,
        stream_id: 4,
        rule: "person".into(),
        bulk,
        actor: "支部".into(),
        reason: "主播说的".into(),
    };
    orders::insert_attributions(&mut work, &[choice(2, true), choice(1, false)]).await.unwrap();
    let found = orders::list_attributions(&mut work, &[1, 9]).await.unwrap();
    assert_eq!(found, [choice(1, false), choice(2, true)]);
}

pub async fn orphans_are_adopted(place: &Place) {
    let mut work = place.work().await;
    let orphan = RefundRow { order_no: order(1).order_no, ..refund(1, 0) };
    let stranger = RefundRow { order_no: "none".into(), ..refund(2, 0) };
    let row = SettlementRow { order_no: order(1).order_no, ..settlement(1, 0) };
    orders::upsert_refunds(&mut work, &[orphan.clone(), stranger.clone()]).await.unwrap();
    orders::upsert_settlements(&mut work, std::slice::from_ref(&row)).await.unwrap();
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::adopt_orphans(&mut work, 1, &[&order(1), &order(2)]).await.unwrap();
    let found = orders::list_refunds(&mut work, 1, &["退1"]).await.unwrap();
    assert_eq!(found, [RefundRow { order_id: 1, order_no: String::new(), ..orphan }]);
    assert_eq!(orders::list_refunds(&mut work, 1, &["退2"]).await.unwrap(), [stranger]);
    let found = orders::list_settlements(&mut work, 1, &["动账1"]).await.unwrap();
    assert_eq!(found, [SettlementRow { order_id: 1, order_no: String::new(), ..row }]);
}

pub async fn inferences_come_due(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_shops(&mut work, &[shop(1)]).await.unwrap();
    let completed = |id: i64, on: &str| OrderRow { completed_on: Some(day(on)), ..order(id) };
    let all = [
        completed(1, "2026-02-05"),
        completed(2, "2026-02-06"),
        completed(3, "2026-02-05"),
        completed(4, "2026-02-05"),
        OrderRow { paid_on: None, ..completed(5, "2026-02-05") },
        completed(6, "2026-02-05"),
    ];
    orders::upsert_orders(&mut work, &all).await.unwrap();
    orders::insert_events(&mut work, &[event(1, 3, "inferred", 0)]).await.unwrap();
    orders::upsert_settlements(&mut work, &[settlement(1, 4)]).await.unwrap();
    let pending = RefundRow { status: "pending".into(), ..refund(1, 6) };
    orders::upsert_refunds(&mut work, &[pending]).await.unwrap();
    for (from, to, order_id, on) in
        [("2026-02-01", "2026-02-05", 1, "2026-02-05"), ("2026-02-06", "2026-02-28", 2, "2026-02-06")]
    {
        let due = orders::list_due_inferences(&mut work, 1, day(from), day(to)).await.unwrap();
        assert_eq!(due, [(order_id, day(on))]);
    }
}
