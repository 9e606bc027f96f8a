//! Locked months that somebody asked to open again, and the locks that were opened: with `month_lock` they say which months
//! were closed at any moment.

use super::ledger::MonthLock;
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use crate::domain::ledger::book::BatchId;
use sqlx::FromRow;

/// What becomes of one that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Opened,
    Refused,
}

impl Outcome {
    const fn key(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Refused => "refused",
        }
    }
}

/// A month somebody asked to open again.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Opening {
    pub opening_id: i64,
    /// Its first day.
    pub month: Day,
    pub reason: String,
    pub account_id: i64,
    pub asked_by: String,
    pub role: String,
    pub came_from: String,
    pub asked_at: Instant,
    outcome: String,
    /// '' while it waits.
    pub decided_by: String,
    pub decided_at: Option<Instant>,
    lock_batch_id: BatchId,
    locked_at: Instant,
    lock_actor: String,
    lock_reason: String,
    coverage_bp: i64,
}

impl Opening {
    /// What became of it; `None` while it waits.
    pub fn outcome(&self) -> Option<Outcome> {
        [Outcome::Opened, Outcome::Refused].into_iter().find(|outcome| outcome.key() == self.outcome)
    }

    /// The lock that was opened and when; `None` where it was not.
    pub fn opened(&self) -> Option<(MonthLock, Instant)> {
        let at = self.decided_at.filter(|_| self.outcome() == Some(Outcome::Opened))?;
        let lock = MonthLock {
            month: self.month,
            batch_id: self.lock_batch_id,
            locked_at: self.locked_at,
            actor: self.lock_actor.clone(),
            reason: self.lock_reason.clone(),
            coverage_bp: self.coverage_bp,
        };
        Some((lock, at))
    }
}

/// The months that were opened again at some time, each by its first day; told to everybody, as what is locked is.
pub async fn list_opened_months(session: &mut Session) -> Result<Vec<Day>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select distinct month from month_opening where county_code = $1 and outcome = $2"
    ).bind(county).bind(Outcome::Opened.key()).fetch_all(conn).await)?)
}

/// All of them, in the order they were asked.
pub async fn list(session: &mut Session) -> Result<Vec<Opening>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut all: Vec<Opening> = on!(session, conn => sqlx::query_as(
        "select opening_id, month, reason, account_id, asked_by, role, came_from, asked_at, outcome, decided_by, decided_at,
            lock_batch_id, locked_at, lock_actor, lock_reason, coverage_bp
         from month_opening where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    all.sort_unstable_by_key(|opening| opening.opening_id);
    Ok(all)
}

/// Asks for a lock to be opened, in the name of the unit of work's actor.
pub async fn insert(work: &mut Work, lock: &MonthLock, reason: &str) -> Result<(), StoreError> {
    let opening_id = super::take_ids(work, "month_opening", 1).await?;
    let (county, at, by) = (work.county_text(), work.at, work.actor.clone());
    on!(work, conn => sqlx::query(
        "insert into month_opening (county_code, opening_id, month, reason, account_id, asked_by, role, came_from, asked_at,
            outcome, decided_by, lock_batch_id, locked_at, lock_actor, lock_reason, coverage_bp)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', '', $10, $11, $12, $13, $14)"
    ).bind(county).bind(opening_id).bind(lock.month).bind(reason).bind(by.account_id).bind(&by.name)
        .bind(by.role.key()).bind(&by.from).bind(at).bind(lock.batch_id).bind(lock.locked_at).bind(&lock.actor)
        .bind(&lock.reason).bind(lock.coverage_bp).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Decides on the one of a month that waits.
pub async fn decide(work: &mut Work, month: Day, outcome: Outcome) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "update month_opening set outcome = $3, decided_by = $4, decided_at = $5
         where county_code = $1 and month = $2 and outcome = 'waiting'"
    ).bind(county).bind(month).bind(outcome.key()).bind(by).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}
