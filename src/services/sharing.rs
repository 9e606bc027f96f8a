//! Links to a stored report: making one, ending one, opening one.
//!
//! What a link shows may leave the site: the report holds no household's row and no amount of fewer than five
//! (`domain::month_report`). It is made for one report, not for a month: where the month is opened again and locked anew, the
//! link goes on showing what it was made for and says that there is a later one.

use super::codes;
use super::desk::Desk;
use crate::clock::Clock;
use crate::domain::access::Scope;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key};
use crate::domain::problem::{Problem, Refusal};
use crate::domain::sharing::{DAYS, Standing, standing};
use crate::store::month_reports::{self, Stored};
use crate::store::sharing::{self, NewSharedReport, SharedReport};
use crate::store::{Session, Store, StoreError, ledger, rows, take_ids};
use chrono::TimeDelta;

/// Makes a link to the latest report of a month and returns its code, which is known now and never again.
pub async fn share(desk: &Desk<'_>, month: Day, days: i64) -> anyhow::Result<String> {
    if !DAYS.contains(&days) {
        return Err(Problem::BadOption { why: days.to_string() }.into());
    }
    let mut work = desk.work("share report").await?;
    let refused = || Problem::Refused(Refusal::NoStoredReport { month: month_key(month) });
    let report_no = latest(&mut work, month).await?.ok_or_else(refused)?;
    let (code, expires_on) = (codes::new(), desk.clock.today() + TimeDelta::days(days));
    let link = NewSharedReport {
        link_id: take_ids(&mut work, "shared_report", 1).await?,
        report_no,
        month,
        token_hash: codes::hash(&code),
        account_id: desk.actor.account_id,
        made_by: desk.actor.name.clone(),
        expires_on,
    };
    sharing::insert(&mut work, &link).await?;
    let change = Change::new(Verb::Issue, Noun::SharedReport, month_key(month))
        .after(Field::Number, report_no)
        .after(Field::To, expires_on);
    work.commit(&change).await?;
    Ok(code)
}

/// Ends a link; `false` where there is none that could be ended.
pub async fn revoke(desk: &Desk<'_>, month: Day, link_id: i64) -> anyhow::Result<bool> {
    let mut work = desk.work("revoke shared report").await?;
    let Some(report_no) = sharing::revoke(&mut work, month, link_id, &desk.actor.name).await? else { return Ok(false) };
    let change = Change::new(Verb::Remove, Noun::SharedReport, month_key(month)).before(Field::Number, report_no);
    work.commit(&change).await?;
    Ok(true)
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// No such link.
    Unknown,
    /// It opens no more.
    Ended(Standing),
    Shown(Box<Shared>),
}

/// A report behind a link that opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    pub link: SharedReport,
    pub stored: Stored,
    /// The month was opened again since, or has a later report.
    pub is_superseded: bool,
}

/// Follows a link.
pub async fn open(store: &Store, code: &str, clock: &Clock) -> anyhow::Result<Opened> {
    let Some(link) = sharing::find(store, &codes::hash(code)).await? else { return Ok(Opened::Unknown) };
    match standing(link.expires_on, link.revoked_at.is_some(), clock.today()) {
        Standing::Open => {}
        ended => return Ok(Opened::Ended(ended)),
    }
    let county = rows::region(&link.county_code)?;
    let mut session = store.read(Scope::Region(county)).await?;
    let Some(stored) = month_reports::find(&mut session, link.report_no).await? else { return Ok(Opened::Unknown) };
    let is_superseded = is_superseded(&mut session, &stored).await?;
    Ok(Opened::Shown(Box::new(Shared { link, stored, is_superseded })))
}

/// Counts that a link was opened.
pub async fn count(store: &Store, shared: &Shared, clock: &Clock) -> anyhow::Result<()> {
    let county = rows::region(&shared.link.county_code)?;
    Ok(sharing::count_opening(store, county, shared.link.link_id, clock.now()).await?)
}

/// True where a report is not what stands of its month: it was opened again, or locked anew.
pub async fn is_superseded(session: &mut Session, stored: &Stored) -> Result<bool, StoreError> {
    let is_locked = ledger::list_locked_months(session).await?.contains(&stored.head.month);
    Ok(!is_locked || latest(session, stored.head.month).await? != Some(stored.head.report_no))
}

async fn latest(session: &mut Session, month: Day) -> Result<Option<i64>, StoreError> {
    Ok(month_reports::list_of_month(session, month).await?.last().map(|stored| stored.head.report_no))
}
