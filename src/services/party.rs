//! 党员发展: a module that is off until an administrator of the branch switches it on. Stage, day and document number are
//! recorded, the least times between stages are held, and nothing of it is ranked or leaves the branch.

use super::desk::Desk;
use super::typed::{LONGEST_NAME, text};
use crate::domain::audit::{CHANGED, Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::party::{self, Refused, Stage};
use crate::domain::problem::{Mistake, Problem, Teaching};
use crate::store::party::{self as stored, Step};
use crate::store::{people, training};

/// Switches the module on or off; what was recorded stays.
pub async fn switch(desk: &Desk<'_>, on: bool) -> anyhow::Result<()> {
    let mut work = desk.work("switch party stages").await?;
    if on {
        stored::switch_on(&mut work, desk.clock.today()).await?;
    } else {
        stored::switch_off(&mut work).await?;
    }
    let verb = if on { Verb::Open } else { Verb::Close };
    work.commit(&Change::new(verb, Noun::PartyStep, "module")).await?;
    Ok(())
}

/// Records a stage of somebody; dates may lie back. False where there is no such person.
pub async fn record(desk: &Desk<'_>, anchor_id: i64, stage: Stage, on: Day, document: &str) -> anyhow::Result<bool> {
    let document_no = text(document, LONGEST_NAME)?;
    if on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: on }).into());
    }
    let mut work = desk.work("record party stage").await?;
    if stored::find_switch(&mut work).await?.is_none() {
        return Err(Problem::from(Teaching::PartyOff).into());
    }
    if !people::list_anchors(&mut work).await?.iter().any(|a| a.anchor_id == anchor_id) {
        return Ok(false);
    }
    let steps = stored::list(&mut work).await?;
    let last = steps.iter().rfind(|s| s.anchor_id == anchor_id);
    let last = last.and_then(|s| Some((Stage::parse(&s.stage)?, s.from_on)));
    let profiles = training::list_profiles(&mut work).await?;
    let born_on = profiles.iter().find(|p| p.anchor_id == anchor_id).and_then(|p| p.born_on);
    party::check(last, born_on, stage, on).map_err(|refused| {
        Problem::from(match refused {
            Refused::NotNext => Teaching::PartyNotNext,
            Refused::TooEarly { first } => Teaching::PartyTooEarly { first },
            Refused::BirthUnknown => Teaching::BirthNeeded,
        })
    })?;
    let step = Step { anchor_id, stage: stage.key().to_owned(), from_on: on, document_no };
    stored::insert(&mut work, &step).await?;
    // the trail is read by auditors: it says that a stage was recorded, not whose, which and by what document
    work.commit(&Change::new(Verb::Add, Noun::PartyStep, "").after(Field::Reference, CHANGED)).await?;
    Ok(true)
}
