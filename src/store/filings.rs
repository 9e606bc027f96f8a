//! Months put forward for locking, and what became of each.

use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use sqlx::FromRow;

/// A month somebody put forward.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Filing {
    pub filing_id: i64,
    /// Its first day.
    pub month: Day,
    pub reason: String,
    pub account_id: i64,
    pub filed_by: String,
    pub role: String,
    pub came_from: String,
    pub filed_at: Instant,
}

/// What becomes of one that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Locked,
    Withdrawn,
}

impl Outcome {
    const fn key(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Those that wait, in the months' order.
pub async fn list_waiting(session: &mut Session) -> Result<Vec<Filing>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut waiting: Vec<Filing> = on!(session, conn => sqlx::query_as(
        "select filing_id, month, reason, account_id, filed_by, role, came_from, filed_at from month_filing
         where county_code = $1 and outcome = 'waiting'"
    ).bind(county).fetch_all(conn).await)?;
    waiting.sort_unstable_by_key(|f| f.month);
    Ok(waiting)
}

/// What became of a month somebody put forward.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Decided {
    #[sqlx(flatten)]
    pub filing: Filing,
    outcome: String,
    /// '' while it waits.
    pub decided_by: String,
    pub decided_at: Option<Instant>,
}

impl Decided {
    /// What became of it; `None` while it waits.
    pub fn outcome(&self) -> Option<Outcome> {
        [Outcome::Locked, Outcome::Withdrawn].into_iter().find(|outcome| outcome.key() == self.outcome)
    }
}

/// Every time a month was put forward, in order.
pub async fn list_of_month(session: &mut Session, month: Day) -> Result<Vec<Decided>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut all: Vec<Decided> = on!(session, conn => sqlx::query_as(
        "select filing_id, month, reason, account_id, filed_by, role, came_from, filed_at, outcome, decided_by, decided_at
         from month_filing where county_code = $1 and month = $2"
    ).bind(county).bind(month).fetch_all(conn).await)?;
    all.sort_unstable_by_key(|decided| decided.filing.filing_id);
    Ok(all)
}

/// Every time any month was put forward, in order.
pub async fn list_all(session: &mut Session) -> Result<Vec<Decided>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut all: Vec<Decided> = on!(session, conn => sqlx::query_as(
        "select filing_id, month, reason, account_id, filed_by, role, came_from, filed_at, outcome, decided_by, decided_at
         from month_filing where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    all.sort_unstable_by_key(|decided| decided.filing.filing_id);
    Ok(all)
}

/// Puts a month forward in the name of the unit of work's actor.
pub async fn insert(work: &mut Work, month: Day, reason: &str) -> Result<(), StoreError> {
    let filing_id = super::take_ids(work, "month_filing", 1).await?;
    let (county, at, by) = (work.county_text(), work.at, work.actor.clone());
    on!(work, conn => sqlx::query(
        "insert into month_filing (county_code, filing_id, month, reason, account_id, filed_by, role, came_from, filed_at,
            outcome, decided_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', '')"
    ).bind(county).bind(filing_id).bind(month).bind(reason).bind(by.account_id).bind(&by.name).bind(by.role.key())
        .bind(&by.from).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Decides on the filing of a month that waits; a month without one is left alone.
pub async fn decide(work: &mut Work, month: Day, outcome: Outcome) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "update month_filing set outcome = $3, decided_by = $4, decided_at = $5
         where county_code = $1 and month = $2 and outcome = 'waiting'"
    ).bind(county).bind(month).bind(outcome.key()).bind(by).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}
