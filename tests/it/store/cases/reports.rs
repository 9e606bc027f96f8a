//! Notes and stored reports of months, and what they are made from.

use super::ledger::{amounts, row};
use super::orders::{line, order};
use crate::store::contract::{Place, day, instant};
use red_anchor::domain::amounts::Amounts;
use red_anchor::domain::ledger::facts::Class;
use red_anchor::domain::regions::RegionCode;
use red_anchor::store::facts::{self, Selection};
use red_anchor::store::filings::{self, Outcome};
use red_anchor::store::month_notes::{self, Kind};
use red_anchor::store::month_reports::{self, Head, Stored};
use red_anchor::store::published::{self, New};
use red_anchor::store::sharing::{self, NewSharedReport};
use red_anchor::store::{Work, late, ledger, openings, orders};

pub async fn what_is_said_of_months_stays(place: &Place) {
    let mut work = place.work().await;
    let (january, february) = (day("2026-01-01"), day("2026-02-01"));
    filings::insert(&mut work, january, "茶没有基准价").await.unwrap();
    filings::decide(&mut work, january, Outcome::Withdrawn).await.unwrap();
    filings::insert(&mut work, january, "").await.unwrap();
    month_notes::insert(&mut work, january, Kind::Comment, 0, "板鸭的价呢").await.unwrap();
    month_notes::insert(&mut work, february, Kind::Comment, 0, "二月").await.unwrap();
    month_notes::insert(&mut work, january, Kind::Return, 1, "补上").await.unwrap();
    let notes = month_notes::list(&mut work, january, january).await.unwrap();
    let told: Vec<_> = notes.iter().map(|n| (n.said.as_str(), n.is_return(), n.filing_id)).collect();
    assert_eq!(told, [("板鸭的价呢", false, 0), ("补上", true, 1)]);
    assert_eq!((notes[0].said_by.as_str(), notes[0].role.as_str()), ("command line", "branch_admin"));
    assert_eq!(notes[0].said_at, work.at);
    assert_eq!(month_notes::list(&mut work, january, february).await.unwrap().len(), 3);
    let filed = filings::list_of_month(&mut work, january).await.unwrap();
    let became: Vec<_> = filed.iter().map(|d| (d.filing.reason.as_str(), d.outcome(), d.decided_at)).collect();
    assert_eq!(became, [("茶没有基准价", Some(Outcome::Withdrawn), Some(work.at)), ("", None, None)]);
}

pub async fn reports_are_stored_and_found(place: &Place) {
    let mut work = place.work().await;
    let stored = |report_no: i64, month: &str| Stored {
        head: Head {
            report_no,
            month: day(month),
            lock_batch_id: 7,
            made_at: work.at,
            sha256: format!("hash {report_no}"),
        },
        document: format!("{{\"名\":{report_no}}}"),
    };
    let all = [stored(1, "2026-01-01"), stored(2, "2026-02-01"), stored(3, "2026-01-01")];
    for one in [&all[1], &all[0], &all[2]] {
        month_reports::append(&mut work, one).await.unwrap();
    }
    assert!(month_reports::append(&mut work, &all[1]).await.is_err(), "a number is given once");
    drop(work);
    let mut work = place.work().await;
    for one in &all {
        month_reports::append(&mut work, one).await.unwrap();
    }
    let heads: Vec<Head> = all.iter().map(|s| s.head.clone()).collect();
    assert_eq!(month_reports::list_heads(&mut work).await.unwrap(), heads);
    assert_eq!(month_reports::find(&mut work, 2).await.unwrap(), Some(all[1].clone()));
    assert_eq!(month_reports::find(&mut work, 9).await.unwrap(), None);
    let of_january = month_reports::list_of_month(&mut work, day("2026-01-01")).await.unwrap();
    assert_eq!(of_january, [all[0].clone(), all[2].clone()]);
    let until = async |work: &mut Work, before: &str| {
        month_reports::list_between(work, day("2026-01-01"), day(before)).await.unwrap()
    };
    assert_eq!(until(&mut work, "2026-02-01").await, of_january);
    assert_eq!(until(&mut work, "2027-01-01").await, all);
    work.commit(&crate::audit::any_change()).await.unwrap();
}

/// Two lines: January's entries booked in February, and one of February's own.
async fn booked(work: &mut Work) {
    orders::upsert_orders(work, &[order(1), order(2)]).await.unwrap();
    orders::upsert_lines(work, &[line(1, 1), line(2, 2)]).await.unwrap();
    let mut own = row(1, 4, 3);
    own.change.booking.adjusts_on = None;
    own.change.booking.booked_on = day("2026-02-28");
    let mut next = row(2, 4, 9);
    next.change.booking.booked_on = day("2026-03-01");
    ledger::append(work, &[row(1, 4, 1), row(2, 4, 2), own, next]).await.unwrap();
}

pub async fn what_was_booked_in_a_month_is_summed(place: &Place) {
    let mut work = place.work().await;
    booked(&mut work).await;
    let batch = work.batch_id;
    let mut rows = month_reports::list_booked(&mut work, day("2026-02-01"), batch).await.unwrap();
    rows.sort_by_key(|r| r.adjusts_on);
    let seen: Vec<_> = rows.iter().map(|r| (r.adjusts_on, r.entries, r.amounts)).collect();
    let both: Amounts = amounts(100) + amounts(200);
    assert_eq!(seen, [(None, 1, amounts(300)), (Some(day("2026-01-01")), 2, both)]);
    let first = &rows[0];
    assert_eq!((first.product_id, first.room_id, first.anchor_id, first.farmer_id), (1, 1, 2, 4));
    assert_eq!((first.class, first.village), (Class::RedSupervised, RegionCode::parse("360827100215").unwrap()));
    assert_eq!(month_reports::list_booked(&mut work, day("2026-02-01"), batch - 1).await.unwrap(), []);
}

pub async fn what_came_late_is_found_by_its_month(place: &Place) {
    let mut work = place.work().await;
    booked(&mut work).await;
    let (january, february) = (day("2026-01-01"), day("2026-02-01"));
    let found = late::list(&mut work, january).await.unwrap();
    let seen: Vec<_> = found.iter().map(|l| (l.month, l.event_kind.as_str(), l.cause.as_str(), l.entries)).collect();
    assert_eq!(seen, [(february, "refund", "案例", 2), (day("2026-03-01"), "refund", "案例", 1)]);
    assert_eq!(found[0].amounts, amounts(100) + amounts(200));
    assert_eq!(late::list(&mut work, february).await.unwrap(), []);
    let open = late::list_booked_from(&mut work, day("2026-03-01")).await.unwrap();
    let seen: Vec<_> = open.iter().map(|l| (l.month, l.entries, l.amounts)).collect();
    assert_eq!(seen, [(january, 1, amounts(900))]);
    let (next, batch) = (day("2026-03-01"), work.batch_id);
    let learnt = late::list_learnt(&mut work, (february, next), batch - 1).await.unwrap();
    let whole: i64 = learnt.iter().map(|l| l.entries).sum();
    assert!(whole == 3 && learnt.iter().all(|l| l.month == february && l.cause == "案例"), "{learnt:?}");
    assert_eq!(learnt.iter().map(|l| l.amounts).sum::<Amounts>(), amounts(100) + amounts(200) + amounts(300));
    assert_eq!(late::list_learnt(&mut work, (february, next), batch).await.unwrap(), [], "what was known");
    let lines = late::list_lines(&mut work, january, february, "refund", 1).await.unwrap();
    let seen: Vec<_> = lines.iter().map(|l| (l.line_id, l.event_on, l.entries, l.amounts)).collect();
    assert_eq!(seen, [(1, day("2026-01-31"), 1, amounts(100)), (2, day("2026-01-31"), 1, amounts(200))]);
    assert_eq!(lines[0].line_no, line(1, 1).line_no);
    assert_eq!(late::list_lines(&mut work, january, february, "refund", 2).await.unwrap(), []);
    assert_eq!(late::count_lines(&mut work, january, february, "refund").await.unwrap(), 2);
    assert_eq!(late::count_lines(&mut work, january, february, "paid").await.unwrap(), 0);
}

pub async fn published_figures_are_entered_and_listed(place: &Place) {
    let mut work = place.work().await;
    let later =
        New { amount_fen: 1_100_000_000, on_day: day("2026-01-31"), document: "报道", stated_basis: "未说明" };
    published::insert(&mut work, later).await.unwrap();
    published::insert(&mut work, New { on_day: day("2025-06-30"), amount_fen: 5, ..later }).await.unwrap();
    let all = published::list(&mut work).await.unwrap();
    let seen: Vec<_> = all.iter().map(|p| (p.published_id, p.amount_fen, p.on_day)).collect();
    assert_eq!(seen, [(2, 5, day("2025-06-30")), (1, 1_100_000_000, day("2026-01-31"))]);
    assert_eq!((all[1].document.as_str(), all[1].stated_basis.as_str()), ("报道", "未说明"));
    assert_eq!((all[1].entered_by.as_str(), all[1].entered_at), ("command line", work.at));
}

pub async fn openings_are_asked_for_and_decided_on(place: &Place) {
    let mut work = place.work().await;
    let january = day("2026-01-01");
    ledger::insert_lock(&mut work, january, "茶没有基准价", 9_123).await.unwrap();
    let lock = ledger::list_locks(&mut work).await.unwrap().remove(0);
    openings::insert(&mut work, &lock, "价录错了").await.unwrap();
    assert!(openings::list(&mut work).await.unwrap()[0].opened().is_none());
    openings::decide(&mut work, january, openings::Outcome::Refused).await.unwrap();
    openings::insert(&mut work, &lock, "再看一次").await.unwrap();
    openings::decide(&mut work, january, openings::Outcome::Opened).await.unwrap();
    ledger::remove_lock(&mut work, january).await.unwrap();
    assert_eq!(ledger::list_locks(&mut work).await.unwrap(), []);
    let all = openings::list(&mut work).await.unwrap();
    let became: Vec<_> = all.iter().map(|o| (o.reason.as_str(), o.outcome(), o.decided_at)).collect();
    let (refused, opened) = (Some(openings::Outcome::Refused), Some(openings::Outcome::Opened));
    assert_eq!(became, [("价录错了", refused, Some(work.at)), ("再看一次", opened, Some(work.at))]);
    assert_eq!(all[1].opened(), Some((lock, work.at)));
    assert_eq!((all[0].opened(), all[0].asked_by.as_str()), (None, "command line"));
}

pub async fn orders_of_a_month_are_queued(place: &Place) {
    let mut work = place.work().await;
    booked(&mut work).await;
    facts::queue_month(&mut work, day("2026-01-01")).await.unwrap();
    let queued = facts::next_run(&mut work, Selection::Queued, 0, 10).await.unwrap();
    assert_eq!(queued, Some(2), "both have entries that belong to January");
    facts::dequeue(&mut work, 1, 2).await.unwrap();
    facts::queue_month(&mut work, day("2024-01-01")).await.unwrap();
    assert_eq!(facts::next_run(&mut work, Selection::Queued, 0, 10).await.unwrap(), None);
}

pub async fn links_to_a_report_are_kept_opened_and_ended(place: &Place) {
    let mut work = place.work().await;
    let february = day("2026-02-01");
    let head = Head { report_no: 1, month: february, lock_batch_id: 7, made_at: work.at, sha256: "hash".into() };
    month_reports::append(&mut work, &Stored { head, document: "{}".into() }).await.unwrap();
    // a code's hash is the county's own among all of them
    let hash = |link_id: i64| format!("{} {link_id}", place.code);
    for link_id in [1, 2] {
        let link = NewSharedReport {
            link_id,
            report_no: 1,
            month: february,
            token_hash: hash(link_id),
            account_id: 9,
            made_by: "县 刘".into(),
            expires_on: day("2026-05-01"),
        };
        sharing::insert(&mut work, &link).await.unwrap();
    }
    let made_at = work.at;
    work.commit(&crate::audit::any_change()).await.unwrap();
    sharing::count_opening(&place.store, place.code, 2, instant(5)).await.unwrap();
    sharing::count_opening(&place.store, place.code, 2, instant(6)).await.unwrap();
    let mut work = place.work().await;
    assert_eq!(sharing::revoke(&mut work, february, 1, "县 王").await.unwrap(), Some(1));
    assert_eq!(sharing::revoke(&mut work, february, 1, "县 王").await.unwrap(), None, "it ends once");
    assert_eq!(sharing::revoke(&mut work, day("2026-03-01"), 2, "县 王").await.unwrap(), None, "of another month");
    let ended_at = work.at;
    let links = sharing::list_of_month(&mut work, february).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let seen: Vec<_> = links.iter().map(|l| (l.link_id, l.openings, l.last_opened_at, l.revoked_at)).collect();
    assert_eq!(seen, [(2, 2, Some(instant(6)), None), (1, 0, None, Some(ended_at))]);
    let found = sharing::find(&place.store, &hash(1)).await.unwrap().unwrap();
    assert_eq!((found.made_by.as_str(), found.revoked_by.as_str(), found.made_at), ("县 刘", "县 王", made_at));
    assert_eq!((found.county_code, found.report_no, found.expires_on), (place.code.to_string(), 1, day("2026-05-01")));
    assert_eq!(sharing::find(&place.store, "unknown").await.unwrap(), None);
    assert_eq!(sharing::list_of_month(&mut place.read().await, day("2026-03-01")).await.unwrap(), []);
}
