//! The county's own list of barred phrases: the branch's administrator adds one, allows one, or takes a change back.

use super::desk::Desk;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::phrases::{Edit, MOST_LETTERS, Phrases};
use crate::domain::problem::{Planning, Problem};
use crate::store::{Session, StoreError, phrases};

/// The list a county checks by.
pub async fn load(session: &mut Session) -> Result<Phrases, StoreError> {
    Ok(Phrases::with(&phrases::list(session).await?))
}

/// Bars a phrase, or allows it.
pub async fn put(desk: &Desk<'_>, edit: Edit) -> anyhow::Result<()> {
    let edit = Edit { phrase: edit.phrase.trim().to_owned(), suggestion: edit.suggestion.trim().to_owned(), ..edit };
    let is_long = |text: &str| text.chars().count() > MOST_LETTERS;
    if edit.phrase.is_empty() || is_long(&edit.phrase) || is_long(&edit.suggestion) {
        return Err(Problem::from(Planning::BadPhrase { most: MOST_LETTERS }).into());
    }
    let mut work = desk.work("change barred phrases").await?;
    phrases::upsert(&mut work, &edit).await?;
    let verb = if edit.barred { Verb::Add } else { Verb::Remove };
    let change = Change::new(verb, Noun::BarredPhrase, &edit.phrase)
        .after(Field::Kind, edit.kind.key())
        .after(Field::Said, &edit.suggestion);
    Ok(work.commit(&change).await?)
}

/// Takes a change back; the program's own list says again what it says.
pub async fn take_back(desk: &Desk<'_>, phrase: &str) -> anyhow::Result<()> {
    let mut work = desk.work("change barred phrases").await?;
    phrases::remove(&mut work, phrase).await?;
    Ok(work.commit(&Change::new(Verb::Withdraw, Noun::BarredPhrase, phrase)).await?)
}
