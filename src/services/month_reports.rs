//! Making the report of a month at its lock, from the ledger rows booked in it.
//!
//! A month locked by an older program has none: the next lock, of whatever month, makes those that are missing first, in
//! the order in which they were locked. `red-anchor doctor` says how many are missing. Their figures are those of the
//! lock, because a locked month takes no rows; their names and time are those of when they were made.
//!
//! Not here: what a report says and holds back (`domain::month_report`), checking it (`services::verify`).

use crate::domain::calendar::{Day, Instant, month_key, next_month, rfc3339};
use crate::domain::month_report::{BASIS, Earlier, Figures, Lock, Place, Report, Shape, bases, figures_after};
use crate::services::figures as asked;
use crate::store::ledger::{MonthLock, list_locks};
use crate::store::month_reports::{self, Head, Stored};
use crate::store::{Session, StoreError, Work, counties, filings, goods, people};
use std::collections::BTreeMap;

/// Locks whose report is not stored, in the order they were set.
pub async fn missing(session: &mut Session) -> Result<Vec<MonthLock>, StoreError> {
    let heads = month_reports::list_heads(session).await?;
    let mut locks = list_locks(session).await?;
    locks.retain(|lock| !heads.iter().any(|h| h.month == lock.month && h.lock_batch_id == lock.batch_id));
    locks.sort_unstable_by_key(|lock| (lock.batch_id, lock.month));
    Ok(locks)
}

/// Makes and stores the reports that are missing, the one of a month just locked last.
pub async fn append_missing(work: &mut Work) -> Result<Vec<Head>, StoreError> {
    let mut before = month_reports::list_heads(work).await?.pop();
    let mut made = Vec::new();
    for lock in missing(work).await? {
        let report = report(work, &lock, before.as_ref()).await?;
        let (document, sha256) = report.document();
        let head = Head {
            report_no: report.report_no,
            month: lock.month,
            lock_batch_id: lock.batch_id,
            made_at: work.at,
            sha256,
        };
        let stored = Stored { head, document };
        month_reports::append(work, &stored).await?;
        before = Some(stored.head.clone());
        made.push(stored.head);
    }
    Ok(made)
}

/// The report that stands of each of some locked months, ascending by month: the one made by the lock that holds. A month
/// locked by an older program may have none yet.
pub async fn standing(session: &mut Session, months: &[Day]) -> Result<Vec<Stored>, StoreError> {
    let mut locks = list_locks(session).await?;
    locks.retain(|lock| months.contains(&lock.month));
    let of_month = |lock: &MonthLock| lock.month;
    let (Some(first), Some(last)) = (locks.iter().map(of_month).min(), locks.iter().map(of_month).max()) else {
        return Ok(Vec::new());
    };
    let mut standing = month_reports::list_between(session, first, next_month(last)).await?;
    standing
        .retain(|stored| locks.iter().any(|l| l.month == stored.head.month && l.batch_id == stored.head.lock_batch_id));
    standing.sort_unstable_by_key(|stored| stored.head.month);
    Ok(standing)
}

/// The report that stands of each locked month of a year, ascending by month; `None` for what is no year.
pub async fn list_standing(session: &mut Session, year: i32) -> Result<Option<Vec<Stored>>, StoreError> {
    let months: Option<Vec<Day>> = (1..=12).map(|month| Day::from_ymd_opt(year, month, 1)).collect();
    let Some(months) = months else { return Ok(None) };
    standing(session, &months).await.map(Some)
}

/// What the reports of a month before one of them said, and what was booked up to each. One that is no report any more
/// (`verify` says so) has said nothing.
pub async fn earlier(session: &mut Session, month: Day, report_no: i64) -> Result<Vec<Earlier>, StoreError> {
    let mut earlier = Vec::new();
    for stored in month_reports::list_of_month(session, month).await? {
        if stored.head.report_no >= report_no {
            continue;
        }
        if let Some(report) = Report::parse(&stored.document) {
            let booked = month_reports::list_booked(session, month, stored.head.lock_batch_id).await?;
            earlier.push(Earlier { report_no: stored.head.report_no, booked, figures: report.figures });
        }
    }
    Ok(earlier)
}

/// What a report says of its lock, which follows from stored rows.
pub fn lock_of(lock: &MonthLock) -> Lock {
    Lock {
        batch: lock.batch_id,
        at: rfc3339(lock.locked_at),
        by: lock.actor.clone(),
        reason: lock.reason.clone(),
        coverage_bp: lock.coverage_bp,
        filed_by: String::new(),
        filed_at: None,
    }
}

async fn report(work: &mut Work, lock: &MonthLock, before: Option<&Head>) -> Result<Report, StoreError> {
    let booked = month_reports::list_booked(work, lock.month, lock.batch_id).await?;
    let report_no = before.map_or(0, |head| head.report_no) + 1;
    let figures = figures_after(&booked, &earlier(work, lock.month, report_no).await?, Shape::NEWEST);
    let filed = filings::list_of_month(work, lock.month).await?;
    let filed = filed.into_iter().find(|decided| decided.decided_at == Some(lock.locked_at));
    let county = counties::get(work).await?;
    // how far the shops were known is known for a month that is locked now, not for one locked long ago
    let now = lock.batch_id == work.batch_id;
    let as_of: Option<Instant> = if now { asked::as_of(work).await? } else { None };
    Ok(Report {
        schema: Shape::NEWEST.schema().to_owned(),
        demo: county.demo,
        county: Place { code: county.county_code, name: county.name },
        month: month_key(lock.month),
        report_no,
        previous_sha256: before.map(|head| head.sha256.clone()).unwrap_or_default(),
        made_at: rfc3339(work.at),
        as_of: as_of.map(rfc3339),
        lock: Lock {
            filed_by: filed.as_ref().map(|d| d.filing.filed_by.clone()).unwrap_or_default(),
            filed_at: filed.map(|d| rfc3339(d.filing.filed_at)),
            ..lock_of(lock)
        },
        basis: BASIS.to_owned(),
        bases: bases(),
        names: names(work, &figures).await?,
        figures,
    })
}

/// The names of the groups of some figures.
async fn names(
    session: &mut Session,
    figures: &Figures,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, StoreError> {
    let known: [(&str, Vec<(String, String)>); 4] = [
        ("town", counties::region_names(session).await?),
        (
            "product",
            goods::list_products(session).await?.into_iter().map(|p| (p.product_id.to_string(), p.name)).collect(),
        ),
        ("room", people::list_rooms(session).await?.into_iter().map(|r| (r.room_id.to_string(), r.name)).collect()),
        (
            "anchor",
            people::list_anchors(session).await?.into_iter().map(|a| (a.anchor_id.to_string(), a.name)).collect(),
        ),
    ];
    let of = |(grouping, known): (&str, Vec<(String, String)>)| {
        let groups = figures.by.get(grouping).map(Vec::as_slice).unwrap_or_default();
        let named = known.into_iter().filter(|(key, _)| groups.iter().any(|g| g.key.as_deref() == Some(key)));
        (grouping.to_owned(), named.collect())
    };
    Ok(known.into_iter().map(of).collect())
}
