//! Stored reports of months: the chain walked from its first document to its last, each one hashed, and each one made again
//! from the ledger rows booked in its month, to the same bytes.
//!
//! A document that was changed differs from its hash; one changed together with its hash breaks the chain after it, differs
//! from what the audit trail was told when it was made, and is not what the ledger gives. One that is missing, from the
//! middle or the end, is missed by the chain, by its lock and by the trail.

use super::Report;
use crate::domain::audit::{Field, Noun, split};
use crate::domain::calendar::{month_key, rfc3339};
use crate::domain::month_report::{BASIS, Figures, Lock, Report as Document, Shape, bases, figures_after, sha256};
use crate::services::month_reports::{earlier, lock_of};
use crate::store::audit::{self, Sought};
use crate::store::ledger::{MonthLock, list_locks};
use crate::store::month_reports::{self, Head, Stored};
use crate::store::{Session, StoreError, openings};

const TABLE: &str = "month_report";

/// Walks the chain.
pub(super) async fn check(session: &mut Session, report: &mut Report) -> Result<(), StoreError> {
    let heads = month_reports::list_heads(session).await?;
    let told = told(session).await?;
    let locks = list_locks(session).await?;
    // a report stays when its month is opened again, and is still that of the lock it was made for
    let opened: Vec<MonthLock> = openings::list(session).await?.iter().filter_map(|o| Some(o.opened()?.0)).collect();
    let mut before: Option<Head> = None;
    for head in &heads {
        // each is read by itself, so that memory does not grow with the years
        if let Some(stored) = month_reports::find(session, head.report_no).await? {
            for wrong in of_chain(&stored, before.as_ref()) {
                report.add(TABLE, name(head), wrong);
            }
            let lock = locks.iter().chain(&opened).find(|l| l.month == head.month && l.batch_id == head.lock_batch_id);
            if let Some(wrong) = made_again(session, &stored, lock, before.as_ref()).await? {
                report.add(TABLE, name(head), wrong);
            }
        }
        if !told.contains(&(month_key(head.month), head.sha256.clone())) {
            report.add(TABLE, name(head), "is not the one the audit trail was told of");
        }
        before = Some(head.clone());
        report.reports += 1;
    }
    for (month, hash) in &told {
        if !heads.iter().any(|head| head.sha256 == *hash) {
            report.add(TABLE, format!("month {month}"), format!("the report with {hash} is missing"));
        }
    }
    // before the first report, months were locked by a program that made none
    if !heads.is_empty() {
        for lock in locks.iter().chain(&opened) {
            if !heads.iter().any(|h| h.month == lock.month && h.lock_batch_id == lock.batch_id) {
                report.add(TABLE, format!("month {}", month_key(lock.month)), "is locked and has no report");
            }
        }
    }
    Ok(())
}

fn name(head: &Head) -> String {
    format!("report {} of {}", head.report_no, month_key(head.month))
}

/// Months and hashes the audit trail was told of when reports were made.
async fn told(session: &mut Session) -> Result<Vec<(String, String)>, StoreError> {
    let mut told = Vec::new();
    for noun in [Noun::Month, Noun::MonthOpening] {
        let sought = Sought { noun: Some(noun.key().to_owned()), ..Sought::default() };
        audit::each(session, &sought, |row| {
            for (key, value) in row.facts_after() {
                let (month, field) = split(&key);
                if field == Field::ReportSha256.key() {
                    told.push((month.to_owned(), value));
                }
            }
        })
        .await?;
    }
    Ok(told)
}

/// What is wrong with a document's place and bytes.
fn of_chain(stored: &Stored, before: Option<&Head>) -> Vec<&'static str> {
    let head = &stored.head;
    let mut wrong = Vec::new();
    if head.report_no != before.map_or(0, |b| b.report_no) + 1 {
        wrong.push("the one before it is missing");
    }
    if sha256(&stored.document) != head.sha256 {
        wrong.push("is not what was stored: its hash differs");
    }
    wrong
}

/// Why a document cannot be made again to the same bytes; `None` if it can. What does not follow from stored rows (names,
/// how far the shops were known) is taken as it stands: the hashes hold it.
async fn made_again(
    session: &mut Session,
    stored: &Stored,
    lock: Option<&MonthLock>,
    before: Option<&Head>,
) -> Result<Option<&'static str>, StoreError> {
    let head = &stored.head;
    let document = Document::parse(&stored.document);
    let Some((document, shape)) = document.and_then(|d| d.shape().map(|shape| (d, shape))) else {
        return Ok(Some("is no report this program knows"));
    };
    let Some(lock) = lock else { return Ok(Some("is of a lock that is not there")) };
    let again = Document {
        month: month_key(head.month),
        report_no: head.report_no,
        previous_sha256: before.map(|b| b.sha256.clone()).unwrap_or_default(),
        made_at: rfc3339(head.made_at),
        lock: Lock {
            filed_by: document.lock.filed_by.clone(),
            filed_at: document.lock.filed_at.clone(),
            ..lock_of(lock)
        },
        basis: BASIS.to_owned(),
        bases: bases(),
        figures: of_ledger(session, head, shape).await?,
        ..document
    };
    let same = again.document().0 == stored.document;
    Ok((!same).then_some("cannot be made again from the ledger rows booked in its month"))
}

/// The figures by the rule of the document's shape; one made again is decided beside those that were said before it.
async fn of_ledger(session: &mut Session, head: &Head, shape: Shape) -> Result<Figures, StoreError> {
    let booked = month_reports::list_booked(session, head.month, head.lock_batch_id).await?;
    Ok(figures_after(&booked, &earlier(session, head.month, head.report_no).await?, shape))
}
