//! Two people lock a month: one puts it forward, another one locks it. Whoever locks is neither the one who put it forward,
//! nor somebody whose own commission or income the month holds, nor in an account that whoever put it forward made or
//! changed shortly before or since: administrators are shown the link to every account they make or reset, and would be
//! both people.
//!
//! What an administrator who plans ahead can still do stands in docs/ARCHITECTURE.md.
//! Not here: what a lock needs and does (`services::lock`), which the command line and the demo call directly; sending a
//! month back (`services::reviews`).

use super::{in_hand, lock};
use crate::clock::Clock;
use crate::domain::access::{Actor, Grant, Role, own_in, second_person};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, Instant, month_key, next_month};
use crate::domain::problem::{Problem, Refusal};
use crate::domain::regions::RegionCode;
use crate::store::figures::{self, Basis, Grouping, Question, Range};
use crate::store::filings::{self, Filing, Outcome};
use crate::store::rows::known;
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
    if second_person(&filer(&filing)?, actor) && !actor.role.may_lock() {
        return Err(Problem::Refused(Refusal::NotTheirsToWithdraw { month: month_key(month) }).into());
    }
    filings::decide(&mut work, month, Outcome::Withdrawn).await?;
    let change = Change::new(Verb::Withdraw, Noun::Month, month_key(month)).before(Field::FiledBy, filing.filed_by);
    Ok(work.commit(&change).await?)
}

/// Locks a month that another person put forward.
pub async fn lock(store: &Store, county: RegionCode, actor: &Actor, clock: &Clock, month: Day) -> anyhow::Result<()> {
    let held = accounts::list_grants(store, actor.account_id).await?;
    let mut work = store.work(county, actor, "lock month", clock).await?;
    let filing = needed(&mut work, month).await?;
    let first = First { by: filer(&filing)?, at: filing.filed_at };
    hold_to_second_person(&mut work, &first, actor, &held, month).await?;
    let (_, change) = lock::lock_within(&mut work, clock.today(), month, &filing.reason).await?;
    Ok(work.commit(&change.after(Field::FiledBy, filing.filed_by)).await?)
}

/// The first of two people: who, and when they put something forward.
#[derive(Debug, Clone)]
pub(super) struct First {
    pub by: Actor,
    pub at: Instant,
}

/// Refuses whoever may not decide on what the first person put forward: the same person, an account the first one had in
/// hand, and somebody with an own income or commission in the month. `held` are all grants of the second one's account.
pub(super) async fn hold_to_second_person(
    session: &mut Session,
    first: &First,
    second: &Actor,
    held: &[Grant],
    month: Day,
) -> anyhow::Result<()> {
    let key = month_key(month);
    if !second_person(&first.by, second) {
        return Err(Problem::Refused(Refusal::SecondPersonNeeded { month: key }).into());
    }
    if in_hand::had(session, first.by.account_id, first.at, second).await? {
        let filed_by = first.by.name.clone();
        return Err(Problem::Refused(Refusal::SecondPersonMade { month: key, filed_by, days: in_hand::DAYS }).into());
    }
    if holds_own(session, held, month).await? {
        return Err(Problem::Refused(Refusal::MonthOfOwn { month: key }).into());
    }
    Ok(())
}

async fn waiting(session: &mut Session, month: Day) -> Result<Option<Filing>, StoreError> {
    Ok(filings::list_waiting(session).await?.into_iter().find(|f| f.month == month))
}

/// The filing of a month that waits.
pub(super) async fn needed(session: &mut Session, month: Day) -> anyhow::Result<Filing> {
    let refused = || Problem::Refused(Refusal::MonthNotFiled { month: month_key(month) });
    Ok(waiting(session, month).await?.ok_or_else(refused)?)
}

/// Who put a month forward, as far as telling two people apart needs it.
pub(super) fn filer(filing: &Filing) -> Result<Actor, StoreError> {
    let role = known(&filing.role, Role::parse)?;
    Ok(Actor::account(filing.account_id, &filing.filed_by, role, &filing.came_from))
}

/// Whether a month holds the commission of an anchor or the income of a household that the grants are over.
async fn holds_own(session: &mut Session, held: &[Grant], month: Day) -> Result<bool, StoreError> {
    let county = session.scope().county();
    for grant in own_in(held, county) {
        let grouping = if grant.role == Role::Anchor { Grouping::Anchor } else { Grouping::Farmer };
        let question = Question {
            basis: Basis::Event,
            range: Range { from: Some(month), to: next_month(month).pred_opt() },
            region: county,
            grouping,
            headline_only: false,
            by_month: false,
            only: Some(grant.subject_id),
            households: false,
            counts: false,
        };
        if !figures::sums(session, &question).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
