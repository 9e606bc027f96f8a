//! Review of a month: whoever may lock it sends it back with what is to be mended, and anybody who works on it may
//! comment. What was said stays on record, with who and when.
//!
//! Rule: whoever put a month forward takes it back and does not send it back; sending back needs its reason.
//! Not here: putting forward, taking back and locking (`services::filings`).

use super::desk::Desk;
use super::{filings, lock};
use crate::domain::access::second_person;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, month_key};
use crate::domain::problem::{Problem, Refusal};
use crate::store::filings::{self as stored, Outcome};
use crate::store::month_notes::{self, Kind};

/// Characters somebody may say at once.
pub const MOST_CHARACTERS: usize = 500;

/// Says something of a month that is over.
pub async fn comment(desk: &Desk<'_>, month: Day, said: &str) -> anyhow::Result<()> {
    let said = words(said)?;
    let mut work = desk.work("comment on month").await?;
    lock::over(desk.clock.today(), month)?;
    lock::held(&mut work, month).await?;
    month_notes::insert(&mut work, month, Kind::Comment, 0, said).await?;
    let change = Change::new(Verb::Comment, Noun::Month, month_key(month)).after(Field::Said, said);
    Ok(work.commit(&change).await?)
}

/// Sends a month that waits back to whoever put it forward, with what is to be mended.
pub async fn send_back(desk: &Desk<'_>, month: Day, why: &str) -> anyhow::Result<()> {
    let why = words(why)?;
    let mut work = desk.work("send month back").await?;
    let filing = filings::needed(&mut work, month).await?;
    if !second_person(&filings::filer(&filing)?, desk.actor) {
        return Err(Problem::Refused(Refusal::SecondPersonNeeded { month: month_key(month) }).into());
    }
    stored::decide(&mut work, month, Outcome::Withdrawn).await?;
    month_notes::insert(&mut work, month, Kind::Return, filing.filing_id, why).await?;
    let change = Change::new(Verb::Return, Noun::Month, month_key(month))
        .before(Field::FiledBy, filing.filed_by)
        .after(Field::Reason, why);
    Ok(work.commit(&change).await?)
}

/// What was said: something, and not too much.
pub(super) fn words(said: &str) -> Result<&str, Problem> {
    let said = said.trim();
    if said.is_empty() || said.chars().count() > MOST_CHARACTERS {
        return Err(Problem::Refused(Refusal::WordsNeeded { most: MOST_CHARACTERS }));
    }
    Ok(said)
}
