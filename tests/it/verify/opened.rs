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
use red_anchor::services::{filings, openings, post, reviews};
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

/// March is commented on, put forward, sent back, put forward again and taken back; then February is asked to be opened and
/// is not.
async fn reviewed() -> County {
    let county = County::made().await;
    county.clock().advance_to(at("2026-04-02", 9));
    let [staff, official] = [(1, "staff", Role::Branch), (2, "official", Role::Official)]
        .map(|(id, name, role)| Actor::account(id, name, role, "10.0.0.1"));
    let desk = |actor| Desk { store: &county.store, county: code(), actor, clock: county.clock() };
    let march = day("2026-03-01");
    reviews::comment(&desk(&official), march, "where is the tea?").await.expect("a comment");
    for hour in [10, 12] {
        county.clock().advance_to(at("2026-04-02", hour));
        filings::file(&county.store, code(), &staff, county.clock(), march, "a few are missing").await.expect("filed");
        county.clock().advance_to(at("2026-04-02", hour + 1));
        if hour == 10 {
            reviews::send_back(&desk(&official), march, "the tea is missing").await.expect("sent back");
        } else {
            filings::withdraw(&county.store, code(), &staff, county.clock(), march).await.expect("taken back");
        }
    }
    openings::ask(&desk(&staff), day("2026-02-01"), "a price was wrong").await.expect("asked");
    county.clock().advance_to(at("2026-04-02", 15));
    openings::refuse(&desk(&official), day("2026-02-01")).await.expect("refused");
    clean(&county, "reviewed").await;
    county
}

#[tokio::test]
async fn a_comment_or_a_step_of_the_review_that_was_changed_is_found_and_named() {
    let county = reviewed().await;
    let copies = Copies::of(county).await;
    for change in [
        "delete from month_note where kind = 'comment'",
        "update month_note set said = 'no tea' where kind = 'comment'",
        "update month_note set said_by = 'staff' where kind = 'comment'",
        "update month_note set account_id = 9 where kind = 'comment'",
        "update month_note set role = 'branch' where kind = 'comment'",
        "update month_note set said_at = '2026-04-02T00:00:00+00:00' where kind = 'comment'",
        "update month_note set month = '2026-02-01' where kind = 'comment'",
        "update month_note set kind = 'comment' where kind = 'return'",
        "update month_note set said = 'all is well' where kind = 'return'",
        "update month_note set filing_id = filing_id + 1 where kind = 'return'",
        "delete from month_note where kind = 'return'",
        "insert into month_note select county_code, note_id + 90, month, kind, filing_id, said, account_id, said_by, role,
            said_at from month_note where kind = 'comment'",
        "update month_opening set outcome = 'waiting', decided_by = '', decided_at = null",
        "update month_opening set outcome = 'opened'",
        "delete from month_opening",
    ] {
        copies.after(change).await;
    }
    for change in ["filed_by = 'official'", "reason = ''", "filed_at = '2026-04-01T00:00:00+00:00'", "decided_by = 'x'"]
    {
        copies
            .each_row("month_filing", "1 = 1", |row| format!("update month_filing set {change} where rowid = {row}"))
            .await;
    }
    copies.all_found();
    let named = copies.named("update month_note set said = 'no tea' where kind = 'comment'").await;
    assert!(named.iter().any(|n| n.starts_with("month_note, note ") && n.contains("2026-03")), "{named:?}");
    let named = copies.named("update month_opening set reason = 'another reason'").await;
    assert!(named.iter().any(|n| n.starts_with("month_opening, opening ") && n.contains("2026-02")), "{named:?}");
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
        "update month_opening set reason = 'another reason'",
        "update month_opening set asked_by = 'somebody'",
        "update month_opening set asked_at = '2026-03-01T00:00:00+00:00'",
        "update month_opening set account_id = 9",
        "update month_opening set role = 'official'",
        "update month_opening set came_from = '10.0.0.9'",
        "update month_opening set decided_by = 'somebody'",
        "update month_opening set lock_actor = 'somebody'",
        "update month_opening set lock_reason = 'another reason'",
    ] {
        copies.after(change).await;
    }
    copies.all_found();
}
