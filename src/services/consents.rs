//! Recording what a household agreed to, and that it no longer does.

use super::farmers::find;
use crate::clock::Clock;
use crate::domain::access::Actor;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::county::CONSENT_KINDS;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::regions::RegionCode;
use crate::store::Store;
use crate::store::consents::{self, Consent};

/// A household's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    pub farmer_key: &'a str,
    pub kind: &'a str,
    pub given_on: Day,
    pub withdrawn_on: Option<Day>,
}

/// Writes it down.
pub async fn record(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    word: Word<'_>,
) -> anyhow::Result<()> {
    if !CONSENT_KINDS.contains(&word.kind) {
        return Err(Problem::BadOption { why: format!("--kind {} ({})", word.kind, CONSENT_KINDS.join(" ")) }.into());
    }
    if word.withdrawn_on.is_some_and(|end| end < word.given_on) {
        return Err(Problem::from(Mistake::ConsentBackwards).into());
    }
    // whoever asks what is in force looks at what was withdrawn, so nothing is recorded before its day
    let today = clock.today();
    if let Some(day) = [Some(word.given_on), word.withdrawn_on].into_iter().flatten().find(|&day| day > today) {
        return Err(Problem::from(Mistake::NotYet { day }).into());
    }
    let mut work = store.work(county, actor, "record consent", clock).await?;
    let farmer = find(&mut work, word.farmer_key).await?;
    let known = consents::list_of(&mut work, &[farmer.farmer_id]).await?;
    let old = known.iter().find(|c| c.kind == word.kind && c.given_on == word.given_on);
    if word.withdrawn_on.is_none() && old.is_some_and(|c| c.withdrawn_on.is_some()) {
        return Err(Problem::from(Mistake::ConsentEnded).into());
    }
    let row = Consent {
        farmer_id: farmer.farmer_id,
        kind: word.kind.to_owned(),
        given_on: word.given_on,
        withdrawn_on: word.withdrawn_on,
        recorded_by: work.actor.name.clone(),
    };
    consents::upsert(&mut work, &[row]).await?;
    let end = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    let change = Change::new(old.map_or(Verb::Add, |_| Verb::Change), Noun::Consent, farmer.farmer_id.to_string())
        .before(Field::To, end(old.and_then(|c| c.withdrawn_on)))
        .after(Field::Kind, word.kind)
        .after(Field::From, word.given_on)
        .after(Field::To, end(word.withdrawn_on));
    Ok(work.commit(&change).await?)
}
