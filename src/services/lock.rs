//! Locking a month: it takes no new entries from here on, and keeps the versions known now.

use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key, next_month};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::services::figures::{self, Request};
use crate::store::figures::{Grouping, Range};
use crate::store::{Store, ledger};

/// Coverage under which a month is locked only with a reason, in basis points.
pub const FULL_COVERAGE_BP: i64 = 9_500;

/// Locks the month that begins on `month`. Returns its coverage.
pub async fn lock(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    month: Day,
    reason: &str,
) -> anyhow::Result<i64> {
    let key = month_key(month);
    let last = next_month(month).pred_opt().expect("a month has a last day");
    if clock.today() <= last {
        return Err(Problem::MonthNotOver { month: key }.into());
    }
    let mut work = store.work(county, actor, "lock month", clock).await?;
    if ledger::list_locks(&mut work).await?.iter().any(|l| l.month == month) {
        return Err(Problem::MonthLocked { month: key }.into());
    }
    let request =
        Request { range: Range { from: Some(month), to: Some(last) }, ..Request::all(county, Grouping::Total) };
    let total = figures::total(&mut work, &request).await?;
    if total.is_empty() {
        return Err(Problem::NothingInMonth { month: key }.into());
    }
    let coverage_bp = total.baseline_coverage_bp;
    if coverage_bp < FULL_COVERAGE_BP && reason.trim().is_empty() {
        let percent = format!("{}.{:02} %", coverage_bp / 100, coverage_bp % 100);
        return Err(Problem::LowCoverage { month: key, percent }.into());
    }
    ledger::insert_lock(&mut work, month, reason.trim(), coverage_bp).await?;
    let percent = format!("{}.{:02} %", coverage_bp / 100, coverage_bp % 100);
    let change =
        Change::new(Verb::Lock, Noun::Month, key).after(Field::Coverage, percent).after(Field::Reason, reason.trim());
    work.commit(&change).await?;
    Ok(coverage_bp)
}

/// Locks a month unless it or a later one is locked already; the reason is used only where one is needed. `None`: it was.
pub async fn lock_next(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    month: Day,
    reason: &str,
) -> anyhow::Result<Option<i64>> {
    let mut session = store.read(Scope::County(county)).await?;
    let locked = ledger::list_locks(&mut session).await?.iter().any(|l| l.month >= month);
    drop(session);
    if locked {
        return Ok(None);
    }
    match lock(store, county, actor, clock, month, "").await {
        Err(error) if matches!(error.downcast_ref(), Some(Problem::LowCoverage { .. })) => {
            lock(store, county, actor, clock, month, reason).await.map(Some)
        }
        other => other.map(Some),
    }
}
