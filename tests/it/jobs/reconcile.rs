//! Days beside what the platform says of them: planted differences are found, all of them and nothing else.

use super::desk::{Desk, SHOPS, code, open};
use super::file;
use super::roundabout::Way;
use chrono::TimeDelta;
use red_anchor::domain::access::Actor;
use red_anchor::domain::calendar::{Day, day_of, parse_day};
use red_anchor::domain::reconcile::{Measure, Reason};
use red_anchor::ingest::pull::Puller;
use red_anchor::jobs::turn::{self, Manner, Reach};
use red_anchor::services::desk::Desk as AtDesk;
use red_anchor::services::reconcile::{self as service, Days, Report};
use red_anchor::store::reconciled;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

const SHOP: &str = SHOPS[1];

async fn compared(desk: &Desk) -> Report {
    compared_with(desk, desk.puller(&desk.shop(SHOP).await).await).await
}

async fn compared_with(desk: &Desk, puller: Puller) -> Report {
    let shop = desk.shop(SHOP).await;
    let days = Days::of(&shop, parse_day("2023-09-05"), None).unwrap();
    assert_eq!(days.to, parse_day("2023-09-19").unwrap(), "the day under way is not compared");
    let stop = desk.stopping.subscribe();
    let manner = Manner { holder: "typed", stop: &stop, reach: Reach::Onward, when_due: false };
    let theirs = turn::ask(&desk.target(), puller, days.from, manner).await.unwrap().unwrap();
    let actor = Actor::command_line();
    let at = AtDesk { store: &desk.store, county: code(), actor: &actor, clock: &desk.clock };
    service::reconcile(at, &shop, &theirs, days).await.unwrap()
}

/// An order of the shop with an entry that is so, on a day in the middle of those compared.
async fn order_where(db: &mut SqliteConnection, shop_id: i64, which: &str) -> (i64, String, Day) {
    sqlx::query_as(AssertSqlSafe(format!(
        "select o.order_id, o.order_no, e.event_on from ledger_entry e join order_line l on l.line_id = e.line_id
         join sales_order o on o.order_id = l.order_id
         where e.shop_id = {shop_id} and e.event_on between '2023-09-08' and '2023-09-15' and {which}
         and not exists (select 1 from planted p where p.order_id = o.order_id) order by e.event_on, o.order_id limit 1"
    )))
    .fetch_one(&mut *db)
    .await
    .unwrap()
}

async fn run(db: &mut SqliteConnection, sql: &str) -> u64 {
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(db).await.unwrap().rows_affected()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planted_differences_are_found_and_nothing_else() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    desk.round().await;
    let before = Box::pin(compared(&desk)).await;
    for (measure, compared) in &before.measures {
        assert_eq!(compared.differences, [], "{measure:?}");
        assert!(compared.days.len() > 3, "{measure:?} is on too few days: {compared:?}");
    }
    assert_eq!(before.measures.len(), 3);

    let shop_id = desk.shop(SHOP).await.shop_id;
    let mut db = SqliteConnectOptions::new().filename(&desk.url).connect().await.unwrap();
    for trigger in ["ledger_entry_no_update", "ledger_entry_no_delete"] {
        run(&mut db, &format!("drop trigger {trigger}")).await;
    }
    run(&mut db, "create table planted (order_id bigint)").await;
    let of = |id: i64| format!("line_id in (select line_id from order_line where order_id = {id})");
    let never_refunded = "e.gmv_fen > 0 and not exists (select 1 from refund r where r.order_id = o.order_id)";
    let no_statement = "not exists (select 1 from settlement s where s.order_id = o.order_id)";

    // one we lack
    let (id, missing, missing_on) = order_where(&mut db, shop_id, never_refunded).await;
    run(&mut db, &format!("insert into planted values ({id})")).await;
    assert!(run(&mut db, &format!("delete from ledger_entry where {}", of(id))).await > 0);
    // one only we have: a copy under another number
    let (id, _, extra_on) = order_where(&mut db, shop_id, &format!("{never_refunded} and {no_statement}")).await;
    run(&mut db, &format!("insert into planted values ({id})")).await;
    run(&mut db, "insert into planted values (-7)").await;
    for (table, which, change) in [
        ("sales_order", format!("order_id = {id}"), "order_id = -7, order_no = 'extra'"),
        ("order_line", of(id), "line_id = -line_id, order_id = -7, line_no = 'extra' || line_no"),
        ("ledger_entry", of(id), "line_id = -line_id"),
    ] {
        run(&mut db, &format!("create temp table copied as select * from {table} where {which}")).await;
        run(&mut db, &format!("update copied set {change}")).await;
        assert!(run(&mut db, &format!("insert into {table} select * from copied")).await > 0);
        run(&mut db, "drop table copied").await;
    }
    // one a yuan dearer
    let (id, dearer, dearer_on) = order_where(&mut db, shop_id, never_refunded).await;
    run(&mut db, &format!("insert into planted values ({id})")).await;
    let first = format!("select min(rowid) from ledger_entry where gmv_fen > 0 and {}", of(id));
    let change = "gmv_fen = gmv_fen + 100, unassigned_fen = unassigned_fen + 100";
    assert_eq!(run(&mut db, &format!("update ledger_entry set {change} where rowid = ({first})")).await, 1);
    // one refund a day later
    let (id, shifted, shifted_on) = order_where(&mut db, shop_id, "e.refund_fen > 0").await;
    let change = "event_on = date(event_on, '+1 day')";
    let which = format!("refund_fen <> 0 and event_on = '{shifted_on}' and {}", of(id));
    assert!(run(&mut db, &format!("update ledger_entry set {change} where {which}")).await > 0);
    db.close().await.unwrap();

    let after = Box::pin(compared(&desk)).await;
    let mut found: Vec<_> = after
        .measures
        .iter()
        .flat_map(|(measure, compared)| {
            compared.differences.iter().map(|d| (*measure, d.reason, d.order_no.clone(), d.days().next().unwrap()))
        })
        .collect();
    found.sort();
    let next_day = shifted_on.succ_opt().unwrap();
    let mut expected = vec![
        (Measure::Sales, Reason::Missing, missing, missing_on),
        (Measure::Sales, Reason::Extra, "extra".to_owned(), extra_on),
        (Measure::Sales, Reason::Amount, dearer, dearer_on),
        (Measure::Refunds, Reason::Day, shifted, next_day),
    ];
    expected.sort();
    assert_eq!(found, expected);
    let mut session = desk.read().await;
    let kept = reconciled::list_days(&mut session, after.days.from, after.days.to).await.unwrap();
    let total: i64 = kept.iter().map(|row| row.differences).sum();
    assert_eq!(total, 5, "the refund stands under both of its days");
    let opened = reconciled::list_differences(&mut session, shop_id, next_day, 100).await.unwrap();
    let of_refund = opened.iter().find(|d| d.measure == "refunds").unwrap();
    assert_eq!((of_refund.our_on, of_refund.their_on), (Some(next_day), Some(shifted_on)));
    assert_eq!(of_refund.our_fen, of_refund.their_fen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_changes_while_it_is_asked_for_is_no_difference() {
    let dir = TempDir::new().unwrap();
    let desk = open(&file(&dir)).await;
    desk.round().await;
    let begun_at = desk.clock.now();
    let slow = Way::Slow { clock: desk.clock.clone(), passes: TimeDelta::hours(12) };
    let (puller, asked) = desk.puller_on(&desk.shop(SHOP).await, slow).await;
    let report = compared_with(&desk, puller).await;
    // statements of the day before come in these hours, which nobody has pulled yet
    for (measure, compared) in &report.measures {
        assert_eq!(compared.differences, [], "{measure:?}");
    }
    let asked = asked.lock().unwrap();
    let (before, after): (Vec<_>, Vec<_>) = asked.came.iter().partition(|(to, _, _)| *to <= begun_at);
    let of_days = |paid_at| (report.days.from..=report.days.to).contains(&day_of(paid_at));
    let late = after
        .iter()
        .filter(|(_, no, paid_at)| paid_at.is_some_and(of_days) && !before.iter().any(|(_, known, _)| known == no));
    assert!(late.count() > 0, "no order left its window before that was read: {:?}", asked.ends);
}
