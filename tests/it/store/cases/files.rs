//! What files add: times of groups, payments outside sales, saved profiles, what is known of an order.

use super::orders::{order, refund, settlement};
use crate::store::contract::{Place, day, instant};
use red_anchor::store::compensations::{self, Compensation};
use red_anchor::store::orders::RefundRow;
use red_anchor::store::profiles::{self, SavedProfile};
use red_anchor::store::stated::{self, Stated};
use red_anchor::store::{known, orders};

pub async fn times_of_groups_are_kept(place: &Place) {
    let mut work = place.work().await;
    let rows = [
        Stated { order_id: 1, coupons_at: None, origin_at: Some(instant(4)) },
        Stated { order_id: 2, coupons_at: Some(instant(5)), origin_at: None },
    ];
    stated::upsert(&mut work, &rows).await.unwrap();
    assert_eq!(stated::list(&mut work, &[2, 1, 3]).await.unwrap(), rows);
    let newer = Stated { coupons_at: Some(instant(6)), ..rows[0] };
    stated::upsert(&mut work, &[newer]).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    assert_eq!(stated::list(&mut place.read().await, &[1]).await.unwrap(), [newer]);
}

pub async fn payments_outside_sales_wait_for_their_order(place: &Place) {
    let mut work = place.work().await;
    let waiting = Compensation {
        compensation_id: 7,
        shop_id: 1,
        statement_no: "赔-1".into(),
        order_id: 0,
        order_no: order(1).order_no,
        line_no: "行".into(),
        paid_on: day("2026-02-03"),
        paid_fen: 250,
    };
    let other =
        Compensation { compensation_id: 8, statement_no: "赔-2".into(), order_no: "x".into(), ..waiting.clone() };
    compensations::upsert(&mut work, &[waiting.clone(), other]).await.unwrap();
    assert_eq!(compensations::list_adoptable(&mut work).await.unwrap(), []);
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    assert_eq!(compensations::list_adoptable(&mut work).await.unwrap(), [(7, 1)]);
    let adopted = Compensation { order_id: 1, order_no: String::new(), ..waiting };
    compensations::upsert(&mut work, std::slice::from_ref(&adopted)).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let mut session = place.read().await;
    assert_eq!(compensations::list_adoptable(&mut session).await.unwrap(), []);
    assert_eq!(compensations::list(&mut session, 1, &["赔-1", "无"]).await.unwrap(), std::slice::from_ref(&adopted));
    assert_eq!(compensations::list_by_id(&mut session, &[7]).await.unwrap(), [adopted]);
}

pub async fn profiles_are_saved_by_name(place: &Place) {
    let mut work = place.work().await;
    profiles::upsert(&mut work, "b", "{\"旧\":1}").await.unwrap();
    profiles::upsert(&mut work, "a", "{}").await.unwrap();
    profiles::upsert(&mut work, "b", "{\"新\":1}").await.unwrap();
    let saved = |name: &str, document: &str| SavedProfile {
        name: name.into(),
        document: document.into(),
        saved_at: work.at,
        saved_by: work.actor.name.clone(),
    };
    let expected = [saved("a", "{}"), saved("b", "{\"新\":1}")];
    work.commit(&crate::audit::any_change()).await.unwrap();
    assert_eq!(profiles::list(&mut place.read().await).await.unwrap(), expected);
}

pub async fn what_is_known_of_orders(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_orders(&mut work, &[order(1), order(2)]).await.unwrap();
    let pending = |id: i64, no: &str| RefundRow {
        refund_no: no.into(),
        status: "pending".into(),
        refund_fen: 0,
        refunded_on: None,
        ..refund(id, 2)
    };
    let rows = [refund(3, 1), pending(4, "22#total"), pending(5, "r5")];
    orders::upsert_refunds(&mut work, &rows).await.unwrap();
    orders::upsert_settlements(&mut work, &[settlement(6, 1), settlement(7, 2)]).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let mut session = place.read().await;
    assert_eq!(known::list_refunds_of_orders(&mut session, &[2, 1]).await.unwrap(), rows);
    assert_eq!(known::list_settlements_of_orders(&mut session, &[2]).await.unwrap(), [settlement(7, 2)]);
    assert_eq!(known::list_pending_totals(&mut session, 1).await.unwrap(), ["22#total"]);
}
