//! Opening a locked month again: one person asks and says why, another one opens it. Until it is locked again entries are
//! booked in it as in any open month; its report stays, and the next lock makes another behind it.
//!
//! What has to be exact: while the month is open its events are computed with the newest versions, and so are later events of
//! the lines that first settled in it; at the next lock both are held again, the later events also where their own month has
//! been locked meanwhile. So every order with an event in the month is posted afresh at the opening ([`grant`]) and once more
//! at the next lock ([`post_again`]): what changes is booked by the rule that always holds.
//!
//! Who may open is who may lock: neither whoever asked, nor an account that whoever asked had in hand, nor somebody whose own
//! income or commission the month holds.

use super::desk::Desk;
use super::{filings, lock, month_reports, post, reviews};
use crate::domain::access::{Actor, Role, second_person};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key};
use crate::domain::problem::{Problem, Refusal};
use crate::store::openings::{self, Opening, Outcome};
use crate::store::rows::known;
use crate::store::{Session, StoreError, Work, accounts, facts, ledger};

/// Asks for a locked month to be opened.
pub async fn ask(desk: &Desk<'_>, month: Day, reason: &str) -> anyhow::Result<()> {
    let reason = reviews::words(reason)?;
    let mut work = desk.work("ask to open month").await?;
    if waiting(&mut work, month).await?.is_some() {
        return Err(Problem::Refused(Refusal::OpeningAsked { month: month_key(month) }).into());
    }
    let locks = ledger::list_locks(&mut work).await?;
    let lock = locks.iter().find(|lock| lock.month == month);
    let lock = lock.ok_or_else(|| Problem::Refused(Refusal::MonthNotLocked { month: month_key(month) }))?;
    openings::insert(&mut work, lock, reason).await?;
    let change = Change::new(Verb::File, Noun::MonthOpening, month_key(month)).after(Field::Reason, reason);
    Ok(work.commit(&change).await?)
}

/// Does not open it: whoever asked on second thoughts, or whoever would have opened it.
pub async fn refuse(desk: &Desk<'_>, month: Day) -> anyhow::Result<()> {
    let mut work = desk.work("refuse to open month").await?;
    let opening = needed(&mut work, month).await?;
    if second_person(&asker(&opening)?, desk.actor) && !desk.actor.role.may_lock() {
        return Err(Problem::Refused(Refusal::NotTheirsToWithdraw { month: month_key(month) }).into());
    }
    openings::decide(&mut work, month, Outcome::Refused).await?;
    let change =
        Change::new(Verb::Withdraw, Noun::MonthOpening, month_key(month)).before(Field::FiledBy, opening.asked_by);
    Ok(work.commit(&change).await?)
}

/// Opens a month that another person asked for.
pub async fn grant(desk: &Desk<'_>, month: Day) -> anyhow::Result<()> {
    let held = accounts::list_grants(desk.store, desk.actor.account_id).await?;
    let mut work = desk.work("open month").await?;
    let opening = needed(&mut work, month).await?;
    let asked = filings::First { by: asker(&opening)?, at: opening.asked_at };
    filings::hold_to_second_person(&mut work, &asked, desk.actor, &held, month).await?;
    // a lock of an older program has no report yet, and could not be given one later
    let made = month_reports::append_missing(&mut work).await?;
    openings::decide(&mut work, month, Outcome::Opened).await?;
    ledger::remove_lock(&mut work, month).await?;
    facts::queue_month(&mut work, month).await?;
    let posted = post::post(&mut work).await?;
    let mut change = Change::new(Verb::Open, Noun::MonthOpening, month_key(month))
        .before(Field::FiledBy, opening.asked_by)
        .after(Field::Reason, opening.reason)
        .count(Field::LedgerRows, i64::try_from(posted.rows)?);
    lock::tell_reports(&mut change, &made);
    Ok(work.commit(&change).await?)
}

/// Posts afresh what a month holds that was open once and is locked again: the number of rows.
pub async fn post_again(work: &mut Work, month: Day) -> anyhow::Result<i64> {
    let opened = openings::list(work).await?.iter().any(|o| o.month == month && o.opened().is_some());
    if !opened {
        return Ok(0);
    }
    facts::queue_month(work, month).await?;
    Ok(i64::try_from(post::post(work).await?.rows)?)
}

async fn waiting(session: &mut Session, month: Day) -> Result<Option<Opening>, StoreError> {
    Ok(openings::list(session).await?.into_iter().find(|o| o.month == month && o.outcome().is_none()))
}

async fn needed(session: &mut Session, month: Day) -> anyhow::Result<Opening> {
    let refused = || Problem::Refused(Refusal::OpeningNotAsked { month: month_key(month) });
    Ok(waiting(session, month).await?.ok_or_else(refused)?)
}

/// Who asked, as far as telling two people apart needs it.
fn asker(opening: &Opening) -> Result<Actor, StoreError> {
    let role = known(&opening.role, Role::parse)?;
    Ok(Actor::account(opening.account_id, &opening.asked_by, role, &opening.came_from))
}
