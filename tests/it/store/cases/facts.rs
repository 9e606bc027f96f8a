//! The posting queue and what is read for it.

use super::ledger::slice;
use super::orders::{event, line, order, refund, settlement};
use crate::store::contract::{Place, day};
use red_anchor::store::facts::{self, Selection};
use red_anchor::store::goods::{self, Sku};
use red_anchor::store::ledger::{self, SliceRow};
use red_anchor::store::orders::{self, AttributionRow, LineRow, OrderNumbers, OrderRow};
use red_anchor::store::{Session, Work};

/// The queue, worked through one order at a time.
async fn queued(session: &mut Session) -> Vec<i64> {
    let mut out = Vec::new();
    while let Some(id) = facts::next_run(session, Selection::Queued, out.last().copied().unwrap_or(0), 1).await.unwrap()
    {
        out.push(id);
    }
    out
}

pub async fn a_queue_is_worked_off_in_runs(place: &Place) {
    let mut work = place.work().await;
    let many: Vec<i64> = (1..=600).collect();
    facts::queue(&mut work, &many).await.unwrap();
    facts::queue(&mut work, &[600, 5]).await.unwrap();
    for (last, from) in [(400, 1), (600, 401)] {
        assert_eq!(facts::next_run(&mut work, Selection::Queued, 0, 400).await.unwrap(), Some(last));
        facts::dequeue(&mut work, from, last).await.unwrap();
    }
    assert_eq!(facts::next_run(&mut work, Selection::Queued, 0, 400).await.unwrap(), None);
}

/// Two orders with one slice each, paid in February and March, and their SKU.
async fn sold(work: &mut Work) {
    super::goods::insert_goods(work).await;
    let march = OrderRow { paid_on: Some(day("2026-03-01")), ..order(2) };
    orders::upsert_orders(work, &[order(1), march]).await.unwrap();
    let of_sku = |id: i64| LineRow { sku_id: 7 + id, ..line(id, id) };
    orders::upsert_lines(work, &[of_sku(1), of_sku(2)]).await.unwrap();
    let skus = [1, 2].map(|id| Sku {
        sku_id: 7 + id,
        shop_id: 1,
        product_no: "货".into(),
        sku_no: format!("{id}"),
        title: "金桔".into(),
    });
    goods::insert_skus(work, &skus).await.unwrap();
    ledger::upsert_slices(work, &[slice(1, 4), SliceRow { order_id: 2, ..slice(2, 4) }]).await.unwrap();
}

pub async fn versions_queue_the_orders_they_touch(place: &Place) {
    let mut work = place.work().await;
    sold(&mut work).await;
    let (from, to, end) = (day("2026-02-01"), day("2026-02-28"), day("2026-12-31"));
    facts::queue_slices(&mut work, facts::Of::Listing, &[11], from, to).await.unwrap();
    assert_eq!(queued(&mut work).await, [1]);
    facts::queue_slices(&mut work, facts::Of::Product, &[1], from, end).await.unwrap();
    assert_eq!(queued(&mut work).await, [1, 2]);
    facts::dequeue(&mut work, 1, 2).await.unwrap();
    facts::queue_slices(&mut work, facts::Of::Farmer, &[4], day("2026-03-01"), end).await.unwrap();
    assert_eq!(queued(&mut work).await, [2]);
    facts::dequeue(&mut work, 1, 2).await.unwrap();
    facts::queue_sku(&mut work, 1, "货", "1").await.unwrap();
    assert_eq!(queued(&mut work).await, [1]);
    facts::queue_sku(&mut work, 1, "货", "").await.unwrap();
    facts::queue_slices(&mut work, facts::Of::Farmer, &[5], from, end).await.unwrap();
    assert_eq!(queued(&mut work).await, [1, 2]);
}

pub async fn a_chunk_holds_what_is_known_of_its_orders(place: &Place) {
    let mut work = place.work().await;
    sold(&mut work).await;
    orders::upsert_refunds(&mut work, &[refund(6, 2), refund(5, 1)]).await.unwrap();
    orders::upsert_settlements(&mut work, &[settlement(8, 1)]).await.unwrap();
    orders::insert_events(&mut work, &[event(9, 1, "parcels", 2)]).await.unwrap();
    let choice = |line_id: i64, version_id: i64| AttributionRow {
        line_id,
        version_id,
        batch_id: 1,
        stream_id: 0,
        rule: "none".into(),
        bulk: false,
        actor: "rule".into(),
        reason: String::new(),
    };
    orders::insert_attributions(&mut work, &[choice(2, 1), choice(1, 2), choice(1, 1)]).await.unwrap();
    assert_eq!(facts::queued_days(&mut work).await.unwrap(), None);
    facts::queue(&mut work, &[1, 2]).await.unwrap();
    assert_eq!(facts::queued_days(&mut work).await.unwrap(), Some((order(1).created_on, day("2026-03-01"))));
    // many at once have the statistics renewed within the same work
    facts::queue(&mut work, &(1..6_000).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(facts::queued_days(&mut work).await.unwrap(), Some((order(1).created_on, day("2026-03-01"))));
    facts::dequeue(&mut work, 2, 2).await.unwrap();
    let chunk = facts::list_chunk(&mut work, Selection::Queued, 1, 2).await.unwrap();
    let numbers = OrderNumbers {
        order_id: 1,
        shop_id: order(1).shop_id,
        created_on: order(1).created_on,
        paid_at: order(1).paid_at,
        paid_on: order(1).paid_on,
        buyer_freight_fen: order(1).buyer_freight_fen,
        shop_coupon_fen: order(1).shop_coupon_fen,
        platform_coupon_fen: order(1).platform_coupon_fen,
        anchor_coupon_fen: order(1).anchor_coupon_fen,
        paid_event_id: order(1).paid_event_id,
    };
    assert_eq!((chunk.orders.as_slice(), chunk.lines.len()), (&[numbers][..], 1));
    assert_eq!(orders::find_order(&mut work, 1).await.unwrap(), Some(order(1)));
    assert_eq!(orders::find_order(&mut work, 3).await.unwrap(), None);
    assert_eq!((chunk.refunds.as_slice(), chunk.settlements.len()), (&[refund(5, 1)][..], 1));
    assert_eq!(chunk.events, [event(9, 1, "parcels", 2)]);
    assert_eq!(chunk.attributions, [choice(1, 1), choice(1, 2)]);
    let all = facts::list_chunk(&mut work, Selection::All, 1, 2).await.unwrap();
    assert_eq!((all.orders.len(), all.lines.len(), all.refunds.len(), all.attributions.len()), (2, 2, 2, 3));
    let one = facts::list_chunk(&mut work, Selection::One, 2, 2).await.unwrap();
    assert_eq!((one.orders.len(), one.refunds.as_slice()), (1, &[refund(6, 2)][..]));
    assert_eq!(facts::next_run(&mut work, Selection::All, 0, 9).await.unwrap(), Some(2));
}
