//! The chain under writers at once, and under somebody who opens the database with another program.

use super::any_change;
use crate::store::engines;
use crate::verify::changed::Copies;
use crate::world::{County, code};
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Grant, Role, Scope};
use red_anchor::domain::audit::{Noun, Row, Verb};
use red_anchor::services::{setup, sign_in, verify};
use red_anchor::store::audit::{self, Sought};
use red_anchor::store::{Session, Store};

async fn entries(session: &mut Session) -> Vec<Row> {
    let mut entries = Vec::new();
    audit::each(session, &Sought::default(), |entry| entries.push(entry)).await.unwrap();
    entries
}

/// Units of work and writing sessions, all at once.
async fn write_at_once(store: &Store) {
    const WRITERS: usize = 12;
    setup::init(store, code(), "", [7; 32], &Clock::System).await.unwrap();
    let writers = (0..WRITERS).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            if n % 2 == 0 {
                let work = store.work(code(), &Actor::job("test"), "test", &Clock::System).await.unwrap();
                work.commit(&any_change()).await.unwrap();
            } else {
                let grant = Grant::new(Role::Branch, code(), 0).unwrap();
                sign_in::issue_link(&store, code(), &grant, &Actor::command_line(), &Clock::System).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let mut session = store.read(Scope::County(code())).await.unwrap();
    // setting the county up is told first
    assert_eq!(audit::count(&mut session, &Sought::default()).await.unwrap(), 13);
    let report = verify::verify(&mut session).await.unwrap();
    assert_eq!((report.differences, report.audit_rows), (Vec::new(), 13));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_at_once_make_one_chain() {
    let dir = tempfile::tempdir().unwrap();
    write_at_once(&engines::sqlite(&dir).await).await;
    write_at_once(&engines::postgres().await).await;
}

#[tokio::test]
async fn a_unit_of_work_that_is_dropped_leaves_no_row() {
    let county = County::made().await;
    let before = entries(&mut county.read().await).await;
    let mut work = county.work("2026-04-01", 9).await;
    audit::append(&mut work, &Actor::command_line(), county.clock().now(), 0, &any_change()).await.unwrap();
    drop(work);
    assert_eq!(entries(&mut county.read().await).await, before);
}

#[tokio::test]
async fn what_happened_in_the_county_is_told_once_a_unit_of_work() {
    let county = County::made().await;
    let entries = entries(&mut county.read().await).await;
    assert_eq!((entries[0].verb.as_str(), entries[0].noun.as_str(), entries[0].batch_id), ("add", "county", 0));
    let batches: Vec<i64> = entries[1..].iter().map(|e| e.batch_id).collect();
    assert_eq!(batches, (1..).take(batches.len()).collect::<Vec<i64>>());
    let locks = entries.iter().filter(|e| (e.verb.as_str(), e.noun.as_str()) == (Verb::Lock.key(), Noun::Month.key()));
    assert_eq!(locks.map(|e| e.subject.as_str()).collect::<Vec<_>>(), ["2026-01", "2026-02"]);
}

#[tokio::test]
async fn a_row_removed_altered_put_in_or_moved_is_found() {
    let copies = Copies::of(County::made().await).await;
    copies.each_row("audit", "1 = 1", |row| format!("delete from audit where rowid = {row}")).await;
    for change in [
        "at = '2026-01-01T00:00:00+00:00'",
        "actor = 'somebody else'",
        "account_id = account_id + 1",
        "role = 'official'",
        "came_from = '203.0.113.9'",
        "verb = 'pull'",
        "noun = 'orders'",
        "subject = subject || 'x'",
        "before = '{}'",
        "after = '{\"reason\":\"another\"}'",
        "batch_id = batch_id + 100",
        "prev_hash = hash",
        "hash = prev_hash",
        "audit_no = audit_no + 100",
    ] {
        copies.each_row("audit", "1 = 1", |row| format!("update audit set {change} where rowid = {row}")).await;
    }
    let columns =
        "at, actor, account_id, role, came_from, verb, noun, subject, before, after, batch_id, prev_hash, hash";
    for change in [
        // the newest row cut off, and one put in behind it
        "delete from audit where audit_no = (select max(audit_no) from audit)",
        &format!(
            "insert into audit (county_code, audit_no, {columns})
             select county_code, audit_no + 1, {columns} from audit where audit_no = (select max(audit_no) from audit)"
        ),
        // the head moved back with it or forgotten
        "update audit_head set audit_no = audit_no - 1",
        "update audit_head set hash = ''",
        "delete from audit_head",
        // a unit of work of a program that told nothing
        "insert into batch select county_code, batch_id + 1, '2027-01-01T00:00:00+00:00', actor, kind from batch
            where batch_id = (select max(batch_id) from batch)",
    ] {
        copies.after(change).await;
    }
    copies.all_found();
}

#[tokio::test]
async fn the_engines_refuse_to_change_a_row() {
    let dir = tempfile::tempdir().unwrap();
    for store in [engines::sqlite(&dir).await, engines::postgres().await] {
        setup::init(&store, code(), "", [7; 32], &Clock::System).await.unwrap();
        let work = store.work(code(), &Actor::job("test"), "test", &Clock::System).await.unwrap();
        work.commit(&any_change()).await.unwrap();
        for change in ["update audit set actor = 'x'", "delete from audit"] {
            let refused = match &store {
                Store::Sqlite { writer, .. } => sqlx::query(change).execute(writer).await.map(|_| ()),
                Store::Postgres(pool) => sqlx::query(change).execute(pool).await.map(|_| ()),
            };
            assert!(refused.unwrap_err().to_string().contains("append-only"), "{change}");
        }
    }
}
