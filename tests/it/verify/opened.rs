//! A locked month that is opened again, changed and locked again: everything still follows from the facts.

use super::changed::Copies;
use crate::audit::any_change;
use crate::world::{self, County, at, code, day};
use red_anchor::domain::access::{Actor, Role};
use red_anchor::domain::calendar::month_start;
use red_anchor::domain::ledger::facts::Outcome;
use red_anchor::domain::month_report::Report;
use red_anchor::domain::records::RefundRecord;
use red_anchor::services::desk::Desk;
use red_anchor::services::verify::verify;
use red_anchor::services::{openings, post};
use red_anchor::store::facts::{self, Selection};
use red_anchor::store::month_reports::{self, Stored};
use red_anchor::store::prices::{self, BaselineRow};
use red_anchor::store::{ledger, take_ids};

async fn clean(county: &County, when: &str) {
    let report = verify(&mut county.read().await).await.expect("a report");
    assert_eq!(report.differences, [], "{when}: {report}");
}

async fn reports(county: &County) -> Vec<Stored> {
    let mut session = county.read().await;
    month_reports::list_of_month(&mut session, day("2026-01-01")).await.expect("reports")
}

/// January is opened again by a second person.
async fn open_january(county: &County, on: &str) {
    county.clock().advance_to(at(on, 9));
    let [asks, opens] = [(1, "staff", Role::Branch), (2, "official", Role::Official)]
        .map(|(id, name, role)| Actor::account(id, name, role, "10.0.0.1"));
    let desk = |actor| Desk { store: &county.store, county: code(), actor, clock: county.clock() };
    openings::ask(&desk(&asks), day("2026-01-01"), "a price was wrong").await.expect("asked");
    openings::grant(&desk(&opens), day("2026-01-01")).await.expect("opened");
}

/// A refund of January, and another price of January's goods.
async fn learn_of_january(county: &County, on: &str) {
    let mut work = county.work(on, 12).await;
    let late = RefundRecord { outcome: Outcome::Kept, ..world::refund(11, 1, "2026-01-26", 330) };
    world::take_refunds(&mut work, 1, &[late]).await;
    let baseline_id = take_ids(&mut work, "baseline", 1).await.expect("an id");
    let corrected = BaselineRow { baseline_id, mid_fen_per_kg: 655, ..world::county_price() };
    prices::insert_baselines(&mut work, &[corrected]).await.expect("a price");
    let of = facts::Of::Product;
    facts::queue_slices(&mut work, of, &[world::KUMQUAT], day("2026-01-01"), day("2026-12-31")).await.expect("a queue");
    post::post(&mut work).await.expect("posting");
    work.commit(&any_change()).await.expect("a commit");
}

#[tokio::test]
async fn a_month_opened_again_takes_entries_until_it_is_locked_again_and_both_reports_stand() {
    let county = County::made().await;
    let before = reports(&county).await;
    open_january(&county, "2026-03-20").await;
    clean(&county, "opened").await;
    learn_of_january(&county, "2026-03-21").await;
    clean(&county, "learnt").await;
    let rows = ledger::list_rows(&mut county.read().await, Selection::All, 1, i64::MAX).await.expect("rows");
    let january = day("2026-01-01");
    let last_batch = before.last().expect("a report").head.lock_batch_id;
    let booked = |r: &&ledger::LedgerRow| r.batch_id > last_batch && month_start(r.booked_on) == january;
    assert!(rows.iter().filter(booked).count() > 0, "entries are booked in it");
    assert!(rows.iter().filter(booked).all(|r| r.adjusts_on.is_none()));

    county.lock("2026-01-01", "2026-03-25").await;
    clean(&county, "locked again").await;
    let after = reports(&county).await;
    assert_eq!((after.len(), &after[..1]), (2, &before[..]), "the old report stays");
    let [old, new] = [&after[0], &after[1]].map(|stored| Report::parse(&stored.document).expect("a report"));
    assert_eq!((old.report_no, new.report_no), (1, 3), "behind February's");
    assert!(new.figures.total.entries > old.figures.total.entries);

    // what comes now is booked in the open month, as after any lock
    learn_of_january(&county, "2026-03-26").await;
    clean(&county, "learnt after the second lock").await;
    open_january(&county, "2026-03-27").await;
    clean(&county, "opened twice").await;
}

#[tokio::test]
async fn an_opening_that_was_changed_or_taken_away_is_found() {
    let county = County::made().await;
    open_january(&county, "2026-03-20").await;
    learn_of_january(&county, "2026-03-21").await;
    let copies = Copies::of(county).await;
    for change in [
        "delete from month_opening",
        "update month_opening set decided_at = '2026-03-01T00:00:00+00:00'",
        "update month_opening set locked_at = '2026-03-01T00:00:00+00:00'",
        "update month_opening set lock_batch_id = lock_batch_id - 1",
        "update month_opening set month = '2026-02-01'",
        "update month_opening set outcome = 'refused'",
    ] {
        copies.after(change).await;
    }
    copies.all_found();
}
