//! Locking a month: it takes no new entries from here on, keeps the versions known now, and its report is stored.
//!
//! Not here: that on the site two people do it (`services::filings`); what the report says (`services::month_reports`).

use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, Instant, clock_text, month_key, next_month, start_of};
use crate::domain::figures::FigureRow;
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::services::figures::{self, Request};
use crate::services::{month_reports, openings};
use crate::store::figures::{Grouping, Range};
use crate::store::filings::{self, Outcome};
use crate::store::goods::{self, Shop};
use crate::store::month_reports::Head;
use crate::store::schedules::{self, Gap};
use crate::store::{Session, Store, StoreError, Work, ledger, pauses};

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
    let mut work = store.work(county, actor, "lock month", clock).await?;
    let (coverage_bp, change) = lock_within(&mut work, clock.today(), month, reason).await?;
    work.commit(&change).await?;
    Ok(coverage_bp)
}

/// Locks a month within a unit of work: its coverage, and what to tell the trail. Somebody who put it forward waits no
/// longer.
pub async fn lock_within(work: &mut Work, today: Day, month: Day, reason: &str) -> anyhow::Result<(i64, Change)> {
    let coverage_bp = check(work, today, month, reason).await?;
    ledger::insert_lock(work, month, reason.trim(), coverage_bp).await?;
    filings::decide(work, month, Outcome::Locked).await?;
    let mut change = Change::new(Verb::Lock, Noun::Month, month_key(month))
        .after(Field::Coverage, percent(coverage_bp))
        .after(Field::Reason, reason.trim());
    tell_reports(&mut change, &month_reports::append_missing(work).await?);
    change = change.count(Field::LedgerRows, openings::post_again(work, month).await?);
    Ok((coverage_bp, change))
}

/// Says of each report that was stored which bytes it is.
pub(super) fn tell_reports(change: &mut Change, made: &[Head]) {
    for head in made {
        change.of_item(&month_key(head.month), Field::ReportSha256, "", &head.sha256);
    }
}

/// Whether a month can be locked with this reason: its coverage, or what is in the way.
pub async fn check(session: &mut Session, today: Day, month: Day, reason: &str) -> anyhow::Result<i64> {
    over(today, month)?;
    let key = month_key(month);
    if ledger::list_locks(session).await?.iter().any(|l| l.month == month) {
        return Err(Problem::MonthLocked { month: key }.into());
    }
    let coverage_bp = held(session, month).await?.baseline_coverage_bp;
    let gap = schedules::list_gaps(session).await?.into_iter().find(|gap| gap.reaches(month));
    if let Some(Gap { shop_key: shop, from_at, to_at, .. }) = gap.filter(|_| reason.trim().is_empty()) {
        let (from, to) = (clock_text(from_at), clock_text(to_at));
        return Err(Problem::MonthHasGap { month: key, shop, from, to }.into());
    }
    if coverage_bp < FULL_COVERAGE_BP && reason.trim().is_empty() {
        return Err(Problem::LowCoverage { month: key, percent: percent(coverage_bp) }.into());
    }
    Ok(coverage_bp)
}

/// What the county's shops are known of, beside a month that is to be locked.
#[derive(Debug, Clone, Default)]
pub struct KnownShops {
    gaps: Vec<Gap>,
    /// Shops that have orders and are not paused.
    shops: Vec<Shop>,
}

/// What may be missing from a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Part of it was never pulled: a reason is asked for.
    pub has_gap: bool,
    /// Names of shops known only up to a moment before its end, and that moment.
    pub behind: Vec<(String, Instant)>,
}

impl KnownShops {
    /// Reads it.
    pub async fn load(session: &mut Session) -> Result<Self, StoreError> {
        let paused = pauses::list(session).await?;
        let mut shops = goods::list_shops(session).await?;
        shops.retain(|shop| paused.iter().all(|pause| pause.shop_id != shop.shop_id));
        Ok(Self { gaps: schedules::list_gaps(session).await?, shops })
    }

    /// What may be missing from the month that begins on `month`.
    pub fn missing_from(&self, month: Day) -> Missing {
        let end = start_of(next_month(month));
        let known = self.shops.iter().filter_map(|shop| Some((shop.name.clone(), shop.known_to_at?)));
        Missing {
            has_gap: self.gaps.iter().any(|gap| gap.reaches(month)),
            behind: known.filter(|(_, known_to)| *known_to < end).collect(),
        }
    }
}

/// Refuses a month that is not over.
pub fn over(today: Day, month: Day) -> Result<(), Problem> {
    if today < next_month(month) { Err(Problem::MonthNotOver { month: month_key(month) }) } else { Ok(()) }
}

/// What a month holds; refused where it holds nothing.
pub async fn held(session: &mut Session, month: Day) -> anyhow::Result<FigureRow> {
    let county = session.scope().county();
    let range = Range { from: Some(month), to: next_month(month).pred_opt() };
    let total = figures::total(session, &Request { range, ..Request::all(county, Grouping::Total) }).await?;
    if total.is_empty() {
        return Err(Problem::NothingInMonth { month: month_key(month) }.into());
    }
    Ok(total)
}

/// Coverage as people read it.
pub fn percent(coverage_bp: i64) -> String {
    format!("{}.{:02} %", coverage_bp / 100, coverage_bp % 100)
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
