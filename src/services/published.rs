//! Entering a figure that was published before this program was used.

use super::desk::Desk;
use super::reviews::MOST_CHARACTERS;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::parse_day;
use crate::domain::money::parse_fen;
use crate::domain::problem::{Problem, Refusal};
use crate::store::published::{self, New};

/// A figure as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    pub amount_yuan: &'a str,
    pub on_day: &'a str,
    pub document: &'a str,
    pub stated_basis: &'a str,
}

/// Enters it.
pub async fn enter(desk: &Desk<'_>, typed: Typed<'_>) -> anyhow::Result<()> {
    let (document, stated_basis) = (typed.document.trim(), typed.stated_basis.trim());
    let too_long = |text: &str| text.is_empty() || text.chars().count() > MOST_CHARACTERS;
    if too_long(document) || too_long(stated_basis) {
        return Err(Problem::Refused(Refusal::WordsNeeded { most: MOST_CHARACTERS }).into());
    }
    let amount_fen = parse_fen(typed.amount_yuan.trim()).filter(|fen| *fen > 0);
    let amount_fen = amount_fen.ok_or(Problem::Refused(Refusal::NoAmount))?;
    let on_day = parse_day(typed.on_day).ok_or_else(|| Problem::BadDay { text: typed.on_day.to_owned() })?;
    let mut work = desk.work("enter published figure").await?;
    published::insert(&mut work, New { amount_fen, on_day, document, stated_basis }).await?;
    let change = Change::new(Verb::Add, Noun::PublishedFigure, on_day.to_string())
        .after(Field::AmountFen, amount_fen)
        .after(Field::Evidence, document)
        .after(Field::Said, stated_basis);
    Ok(work.commit(&change).await?)
}
