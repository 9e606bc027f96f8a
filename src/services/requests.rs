//! 诉求: a household asks about a figure of its own, the branch says who sees to it by when and answers, the household
//! says how good the answer is, or asks again.
//!
//! Rules that must hold: what is asked about is the household's own; a step is taken only where it may
//! (`domain::requests`); only the household rates and asks again; in the trail a household is its number, and what was
//! said stands with the request, not there. Not here: rows (`store::requests`).

use super::desk::Desk;
use crate::domain::access::Scope;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::doubles::Households;
use crate::domain::problem::{Asking, Problem};
use crate::domain::requests::{About, RATINGS, Step, said};
use crate::store::payouts::own;
use crate::store::requests::{self, NewStep};
use crate::store::{Session, StoreError, doubles, lines};

/// Requests of a household that may wait for the branch at a time.
const MOST_WAITING: usize = 10;

/// Whether a household may ask about something: a session of its own scope finds it.
pub async fn is_own(session: &mut Session, farmer_id: i64, about: About) -> anyhow::Result<bool> {
    Ok(match about {
        About::Month(_) => true,
        About::Payout(id) => own::list(session, farmer_id).await?.iter().any(|own| own.payout_id == id),
        About::Line(id) => lines::find(session, id).await?.is_some(),
    })
}

/// A household asks. Returns the request's number.
pub async fn ask(desk: Desk<'_>, farmer_id: i64, about: About, text: &str) -> anyhow::Result<i64> {
    let text = said(text).ok_or_else(|| asking(Asking::NothingSaid))?;
    let scope = Scope::Farmer { county: desk.county, farmer_id };
    let mut session = desk.store.read(scope).await?;
    if !is_own(&mut session, farmer_id, about).await? {
        return Err(asking(Asking::NotThere));
    }
    drop(session);
    let mut work = desk.work("ask").await?;
    let farmer_id = households(&mut work).await?.kept(farmer_id);
    let known = requests::list_of_farmer(&mut work, farmer_id, 100).await?;
    if known.iter().filter(|request| request.state.waits_for_branch()).count() >= MOST_WAITING {
        return Err(asking(Asking::TooMany { most: MOST_WAITING }));
    }
    let request_id = requests::insert(&mut work, farmer_id, about, &text).await?;
    let change = Change::new(Verb::Add, Noun::Request, request_id.to_string())
        .after(Field::Kind, about.kind())
        .after(Field::Number, about.which());
    work.commit(&change).await?;
    Ok(request_id)
}

/// The branch says who sees to it, and by when.
pub async fn assign(desk: Desk<'_>, request_id: i64, assignee: &str, due_on: Day) -> anyhow::Result<()> {
    let assignee = said(assignee).ok_or_else(|| asking(Asking::NobodyNamed))?;
    if due_on < desk.clock.today() {
        return Err(asking(Asking::DayOver { day: due_on }));
    }
    let new = NewStep { assignee: &assignee, due_on: Some(due_on), ..NewStep::default() };
    let change = |change: Change| change.after(Field::To, due_on);
    take(desk, request_id, None, Step::Assigned, (Verb::Change, new), change).await
}

/// The branch answers.
pub async fn answer(desk: Desk<'_>, request_id: i64, text: &str) -> anyhow::Result<()> {
    let text = said(text).ok_or_else(|| asking(Asking::NothingSaid))?;
    let new = NewStep { said: &text, ..NewStep::default() };
    take(desk, request_id, None, Step::Answered, (Verb::Change, new), |change| change).await
}

/// The household says how good the answer is.
pub async fn rate(desk: Desk<'_>, farmer_id: i64, request_id: i64, rating: i64) -> anyhow::Result<()> {
    if !RATINGS.contains(&rating) {
        return Err(asking(Asking::NothingSaid));
    }
    let new = NewStep { rating, ..NewStep::default() };
    take(desk, request_id, Some(farmer_id), Step::Rated, (Verb::Confirm, new), |change| change).await
}

/// The household asks again, and says why.
pub async fn reopen(desk: Desk<'_>, farmer_id: i64, request_id: i64, text: &str) -> anyhow::Result<()> {
    let text = said(text).ok_or_else(|| asking(Asking::NothingSaid))?;
    let new = NewStep { said: &text, ..NewStep::default() };
    take(desk, request_id, Some(farmer_id), Step::Reopened, (Verb::Retry, new), |change| change).await
}

/// Takes a step where it may be taken; `of` names the household whose it has to be.
async fn take(
    desk: Desk<'_>,
    request_id: i64,
    of: Option<i64>,
    step: Step,
    (verb, new): (Verb, NewStep<'_>),
    also: impl FnOnce(Change) -> Change,
) -> anyhow::Result<()> {
    let mut work = desk.work("request").await?;
    let found = requests::find(&mut work, request_id).await?;
    let own = households(&mut work).await?;
    let found = found.filter(|request| of.is_none_or(|id| own.kept(request.farmer_id) == own.kept(id)));
    let request = found.ok_or_else(|| asking(Asking::NotThere))?;
    if !step.may_follow(request.state) {
        return Err(asking(Asking::MovedOn));
    }
    requests::insert_step(&mut work, request_id, step, new).await?;
    let change = Change::new(verb, Noun::Request, request_id.to_string()).after(Field::Stage, step.key());
    Ok(work.commit(&also(change)).await?)
}

/// Whose records are one household's.
async fn households(session: &mut Session) -> Result<Households, StoreError> {
    Ok(Households::now(&doubles::list(session).await?))
}

fn asking(problem: Asking) -> anyhow::Error {
    Problem::from(problem).into()
}
