//! Two people lock a month: one puts it forward, another one locks it. Whoever locks is neither the one who put it forward
//! nor somebody whose own commission or income the month holds.
//!
//! Not here: what a lock needs and does (`services::lock`), which the command line and the demo call directly.

use super::lock;
use crate::clock::Clock;
use crate::domain::access::{Actor, Grant, Role, decides_on_own, second_person};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key, next_month};
use crate::domain::problem::Problem;
use crate::domain::refusals::Refusal;
use crate::domain::regions::RegionCode;
use crate::store::figures::{self, Basis, Grouping, Question, Range};
use crate::store::filings::{self, Filing, Outcome};
use crate::store::{Session, Store, StoreError, accounts};

/// Puts a month forward, with a reason where coverage is low; refused where it could not be locked as it is.
pub async fn file(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    month: Day,
    reason: &str,
) -> anyhow::Result<()> {
    let mut work = store.work(county, actor, "file month", clock).await?;
    let coverage_bp = lock::check(&mut work, clock.today(), month, reason).await?;
    if waiting(&mut work, month).await?.is_some() {
        return Err(Problem::Refused(Refusal::MonthFiled { month: month_key(month) }).into());
    }
    filings::insert(&mut work, month, reason.trim()).await?;
    let change = Change::new(Verb::File, Noun::Month, month_key(month))
        .after(Field::Coverage, lock::percent(coverage_bp))
        .after(Field::Reason, reason.trim());
    Ok(work.commit(&change).await?)
}

/// Takes a month back that waits: its filer on second thoughts, or whoever would have locked it.
pub async fn withdraw(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    month: Day,
) -> anyhow::Result<()> {
    let mut work = store.work(county, actor, "withdraw month", clock).await?;
    let filing = needed(&mut work, month).await?;
    filings::decide(&mut work, month, Outcome::Withdrawn).await?;
    let change = Change::new(Verb::Withdraw, Noun::Month, month_key(month)).before(Field::FiledBy, filing.filed_by);
    Ok(work.commit(&change).await?)
}

/// Locks a month that another person put forward.
pub async fn lock(store: &Store, county: RegionCode, actor: &Actor, clock: &Clock, month: Day) -> anyhow::Result<()> {
    let held = accounts::list_grants(store, actor.account_id).await?;
    let mut work = store.work(county, actor, "lock month", clock).await?;
    let filing = needed(&mut work, month).await?;
    if !second_person(&filer(&filing), actor) {
        return Err(Problem::Refused(Refusal::SecondPersonNeeded { month: month_key(month) }).into());
    }
    if holds_own(&mut work, &held, month).await? {
        return Err(Problem::Refused(Refusal::MonthOfOwn { month: month_key(month) }).into());
    }
    let (_, change) = lock::lock_within(&mut work, clock.today(), month, &filing.reason).await?;
    Ok(work.commit(&change.after(Field::FiledBy, filing.filed_by)).await?)
}

async fn waiting(session: &mut Session, month: Day) -> Result<Option<Filing>, StoreError> {
    Ok(filings::list_waiting(session).await?.into_iter().find(|f| f.month == month))
}

async fn needed(session: &mut Session, month: Day) -> anyhow::Result<Filing> {
    let refused = || Problem::Refused(Refusal::MonthNotFiled { month: month_key(month) });
    Ok(waiting(session, month).await?.ok_or_else(refused)?)
}

/// Who put a month forward, as far as telling two people apart needs it.
fn filer(filing: &Filing) -> Actor {
    let role = Role::parse(&filing.role).unwrap_or(Role::Branch);
    Actor::account(filing.account_id, &filing.filed_by, role, &filing.came_from)
}

/// Whether a month holds the commission of an anchor or the income of a household that the grants are over.
async fn holds_own(session: &mut Session, held: &[Grant], month: Day) -> Result<bool, StoreError> {
    let county = session.scope().county();
    for (role, grouping) in [(Role::Anchor, Grouping::Anchor), (Role::Farmer, Grouping::Farmer)] {
        if !held.iter().any(|grant| grant.role == role) {
            continue;
        }
        let question = Question {
            basis: Basis::Event,
            range: Range { from: Some(month), to: next_month(month).pred_opt() },
            region: county,
            grouping,
            headline_only: false,
            only: None,
            households: false,
            counts: false,
        };
        let groups = figures::sums(session, &question).await?;
        let ids = groups.iter().filter_map(|group| group.key.parse::<i64>().ok());
        if ids.filter_map(|id| Grant::new(role, county, id)).any(|beneficiary| decides_on_own(held, beneficiary)) {
            return Ok(true);
        }
    }
    Ok(false)
}
