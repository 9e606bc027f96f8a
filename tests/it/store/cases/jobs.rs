//! Turns at shops, their schedules, the log of tries, compared days.

use super::goods::insert_goods;
use crate::audit::any_change;
use crate::store::contract::{Place, day, instant};
use red_anchor::domain::reconcile::Measure;
use red_anchor::store::leases::{self, Lease};
use red_anchor::store::reconciled::{self, DayRow, DifferenceRow};
use red_anchor::store::schedules::{self, PullRow, Schedule};
use red_anchor::store::{catch_ups, pauses};

async fn take(place: &Place, holder: &str, now: i64, ends: i64) -> Option<Lease> {
    let mut session = place.store.write(place.code).await.unwrap();
    let lease = leases::take(&mut session, 1, holder, instant(now), instant(ends)).await.unwrap();
    session.commit().await.unwrap();
    lease
}

async fn renew(place: &Place, lease: &Lease, ends: i64) -> bool {
    let mut session = place.store.write(place.code).await.unwrap();
    let renewed = leases::renew(&mut session, lease, instant(ends)).await.unwrap();
    session.commit().await.unwrap();
    renewed
}

async fn with_shops(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    work.commit(&any_change()).await.unwrap();
}

pub async fn a_turn_is_one_workers_until_it_ends(place: &Place) {
    with_shops(place).await;
    let first = take(place, "甲", 0, 60).await.unwrap();
    assert_eq!((first.fence, first.holder.as_str()), (1, "甲"));
    assert_eq!(take(place, "乙", 59, 200).await, None);
    assert_eq!(take(place, "甲", 59, 200).await, None, "not even by its own holder");
    let second = take(place, "乙", 60, 120).await.unwrap();
    assert_eq!(second.fence, 2);
    assert!(!renew(place, &first, 500).await, "whoever comes back too late has nothing to renew");
    assert!(renew(place, &second, 500).await);
}

pub async fn a_turn_is_kept_and_given_back_by_its_holder_alone(place: &Place) {
    with_shops(place).await;
    let first = take(place, "甲", 0, 60).await.unwrap();
    assert!(renew(place, &first, 300).await);
    assert_eq!(take(place, "乙", 200, 400).await, None);
    let mut session = place.store.write(place.code).await.unwrap();
    let stranger = Lease { holder: "乙".into(), ..first.clone() };
    leases::release(&mut session, &stranger, instant(1)).await.unwrap();
    assert!(leases::renew(&mut session, &first, instant(301)).await.unwrap());
    leases::release(&mut session, &first, instant(210)).await.unwrap();
    assert!(!leases::renew(&mut session, &first, instant(400)).await.unwrap(), "what was given back is not renewed");
    session.commit().await.unwrap();
    assert_eq!(take(place, "乙", 210, 400).await.unwrap().fence, 2);
}

pub async fn schedules_keep_their_pace(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let mut of_one = Schedule::ordinary(1, instant(5), instant(9));
    assert_eq!(of_one.pull_every_minutes, 15);
    schedules::set_due(&mut work, &of_one).await.unwrap();
    let pace = Schedule { pull_every_minutes: 60, due_at: instant(77), ..of_one.clone() };
    schedules::set_pace(&mut work, &pace).await.unwrap();
    of_one.pull_every_minutes = 60;
    assert_eq!(schedules::list(&mut work).await.unwrap(), std::slice::from_ref(&of_one), "when it is next stays");
    let next = Schedule { due_at: instant(8), again_at: instant(10), failures: 3, ..of_one.clone() };
    schedules::set_due(&mut work, &Schedule { pull_every_minutes: 1, ..next.clone() }).await.unwrap();
    assert_eq!(schedules::list(&mut work).await.unwrap(), std::slice::from_ref(&next), "the pace stays");
    assert_eq!(schedules::find(&mut work, 1).await.unwrap(), Some(next.clone()));
    assert_eq!(schedules::find(&mut work, 2).await.unwrap(), None);
    schedules::due_now(&mut work, 1, instant(8)).await.unwrap();
    assert_eq!(schedules::find(&mut work, 1).await.unwrap(), Some(next.clone()), "what is due waits for nothing");
    schedules::due_now(&mut work, 1, instant(7)).await.unwrap();
    let mended = Schedule { due_at: instant(7), failures: 0, ..next };
    assert_eq!(schedules::find(&mut work, 1).await.unwrap(), Some(mended));
    let with_token = Schedule { due_at: instant(30), again_at: instant(30), failures: 2, ..of_one };
    schedules::set_due(&mut work, &with_token).await.unwrap();
    schedules::due_now(&mut work, 1, instant(20)).await.unwrap();
    let mended = Schedule { due_at: instant(20), again_at: instant(20), failures: 0, ..with_token };
    assert_eq!(schedules::find(&mut work, 1).await.unwrap(), Some(mended), "the token is looked after at once too");
    assert!(!pauses::is_paused(&mut work, 1).await.unwrap());
    pauses::insert(&mut work, 1).await.unwrap();
    assert!(pauses::is_paused(&mut work, 1).await.unwrap() && !pauses::is_paused(&mut work, 2).await.unwrap());
}

pub async fn tries_are_logged(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let written = PullRow {
        shop_id: 1,
        from_at: instant(1),
        to_at: instant(2),
        started_at: instant(3),
        took_ms: 1_234,
        seen: 9,
        added: 4,
        changed: 3,
        quarantined: 2,
        complete: true,
        trouble: String::new(),
        said: String::new(),
    };
    let failed = PullRow { trouble: "denied".into(), said: "没有权限".into(), complete: false, ..written.clone() };
    let written_again = written.clone();
    schedules::insert_pull(&mut work, &written).await.unwrap();
    schedules::insert_pull(&mut work, &failed).await.unwrap();
    let all = schedules::list_pulls(&mut work, 1, 10).await.unwrap();
    assert_eq!(all, [failed.clone(), written], "newest first");
    assert_eq!(schedules::list_pulls(&mut work, 1, 1).await.unwrap(), std::slice::from_ref(&failed));
    assert_eq!(schedules::list_latest_pulls(&mut work, 1).await.unwrap(), [failed], "of whatever shop");
    assert_eq!(schedules::list_pulls(&mut work, 2, 1).await.unwrap(), []);
    let later = PullRow { started_at: instant(7), ..written_again };
    schedules::insert_pull(&mut work, &later).await.unwrap();
    schedules::remove_pulls(&mut work, 2, instant(9)).await.unwrap();
    schedules::remove_pulls(&mut work, 1, instant(7)).await.unwrap();
    assert_eq!(schedules::list_pulls(&mut work, 1, 10).await.unwrap(), [later], "only what began before, of the shop");
}

pub async fn catching_up_counts_the_windows_written_since(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let row = |from: i64, to: i64, complete: bool, trouble: &str| PullRow {
        shop_id: 1,
        from_at: instant(from),
        to_at: instant(to),
        started_at: instant(to),
        took_ms: 1,
        seen: to,
        added: 0,
        changed: 0,
        quarantined: 0,
        complete,
        trouble: trouble.into(),
        said: String::new(),
    };
    assert_eq!(catch_ups::find(&mut work, 1).await.unwrap(), None);
    catch_ups::upsert(&mut work, 1, instant(1), instant(2), instant(3)).await.unwrap();
    assert_eq!(catch_ups::find(&mut work, 1).await.unwrap().unwrap().after_pull_id, 0);
    schedules::insert_pull(&mut work, &row(0, 5, true, "")).await.unwrap();
    catch_ups::upsert(&mut work, 1, instant(5), instant(20), instant(7)).await.unwrap();
    let of = catch_ups::find(&mut work, 1).await.unwrap().unwrap();
    assert_eq!((of.from_at, of.to_at, of.begun_at), (instant(5), instant(20), instant(7)));
    for one in [row(5, 10, true, ""), row(10, 15, false, ""), row(10, 15, false, "denied"), row(10, 15, true, "")] {
        schedules::insert_pull(&mut work, &one).await.unwrap();
    }
    let written = catch_ups::list_written(&mut work, &of, 9).await.unwrap();
    let ends: Vec<_> = written.iter().map(|one| (one.from_at, one.to_at, one.seen)).collect();
    assert_eq!(ends, [(instant(5), instant(10), 10), (instant(10), instant(15), 15)]);
    assert_eq!(catch_ups::list_written(&mut work, &of, 1).await.unwrap().len(), 1);
}

pub async fn compared_days_are_kept_and_replaced(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let of_day = |on: &str, measure: Measure| DayRow {
        shop_id: 1,
        on_day: day(on),
        measure: measure.key().into(),
        other_side: "interface".into(),
        compared_at: instant(4),
        our_orders: 2,
        our_fen: 500,
        their_orders: 3,
        their_fen: 700,
        differences: 1,
        waits: if measure == Measure::Settled { "not_due".into() } else { String::new() },
    };
    let difference = |on: &str, place: i64| DifferenceRow {
        on_day: day(on),
        measure: Measure::Sales.key().into(),
        place,
        order_no: "订单-1".into(),
        reason: "missing".into(),
        our_on: None,
        our_fen: None,
        their_on: Some(day(on)),
        their_fen: Some(200),
    };
    let days = [
        of_day("2026-02-03", Measure::Settled),
        of_day("2026-02-03", Measure::Sales),
        of_day("2026-02-04", Measure::Sales),
    ];
    let differences = [difference("2026-02-03", 1), difference("2026-02-03", 0), difference("2026-02-04", 0)];
    assert_eq!(reconciled::find_last_day(&mut work).await.unwrap(), None);
    reconciled::insert(&mut work, 1, &days, &differences).await.unwrap();
    let [settled, sales, later] = days;
    let (from, to) = (day("2026-02-03"), day("2026-02-04"));
    assert_eq!(reconciled::list_days(&mut work, from, to).await.unwrap(), [later, sales, settled.clone()]);
    assert_eq!(reconciled::find_last_day(&mut work).await.unwrap(), Some(to));
    let [second, first, _] = differences;
    assert_eq!(reconciled::list_differences(&mut work, 1, from, 10).await.unwrap(), [first.clone(), second]);
    assert_eq!(reconciled::list_differences(&mut work, 1, from, 1).await.unwrap(), [first]);
    reconciled::remove(&mut work, 1, Measure::Sales, from, to).await.unwrap();
    assert_eq!(reconciled::list_days(&mut work, from, to).await.unwrap(), [settled]);
    assert_eq!(reconciled::list_differences(&mut work, 1, from, 10).await.unwrap(), []);
    assert_eq!(reconciled::list_amounts(&mut work, 1, Measure::Sales, from, to).await.unwrap(), []);
}
