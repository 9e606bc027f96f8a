//! How the uplift is spread over households: how many have how much, and the household in the middle.
//!
//! A mean hides who gets little; this shows it without telling of anybody: a row stands for at least five households
//! (`domain::distribution`), its words say from where to where, its length how many. The median is one household's own
//! amount, so the picture says in which row it lies and not what it is.

use super::frame::{Frame, Width};
use super::numbers::{Unit, count};
use super::palette::{KUMQUAT, RANGE};
use super::rows::{Row, Rows};
use super::wording::{Words, words};
use crate::domain::distribution::Bucket;
use crate::domain::lang::Lang;

/// Households by amount.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    /// Ascending.
    pub buckets: Vec<Bucket>,
    /// Half of the households have more; only its row is shown.
    pub median_fen: Option<i64>,
}

/// The picture.
pub fn svg(data: &Distribution, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    if data.buckets.is_empty() {
        return super::withheld::svg(frame, width);
    }
    let all: i64 = data.buckets.iter().map(|bucket| bucket.households).sum();
    let rows: Vec<Row> = data.buckets.iter().map(|bucket| row(bucket, data.median_fen, words)).collect();
    let rows = Rows::lay(&rows, width);
    let heading = format!("{} · {}{}{}", words.household_count, words.total, count(all.into()), words.household_unit);
    frame.draw(width, &heading, rows.height(), |sheet| rows.paint(sheet))
}

fn row(bucket: &Bucket, median_fen: Option<i64>, words: &Words) -> Row {
    let has_median = median_fen.is_some_and(|fen| bucket.holds(fen));
    let is_loss = bucket.below_fen.is_some_and(|below| below <= 0);
    Row {
        name: span_in(bucket, words),
        basis: if has_median { words.median_here.to_owned() } else { String::new() },
        from: 0,
        to: bucket.households.into(),
        value: format!("{}{}", count(bucket.households.into()), words.household_unit),
        colour: if is_loss { RANGE } else { KUMQUAT },
        strong: has_median,
        level_after: None,
    }
}

/// From where to where, as the picture says it.
pub fn span(bucket: &Bucket, lang: Lang) -> String {
    span_in(bucket, words(lang))
}

fn span_in(bucket: &Bucket, words: &Words) -> String {
    let yuan = |fen: i64| Unit::Yuan.value(fen.into());
    match (bucket.from_fen, bucket.below_fen) {
        (None, None) => words.any_amount.to_owned(),
        (None, Some(0)) => words.a_loss.to_owned(),
        (None, Some(below)) => format!("{}{} {}", words.below, yuan(below), words.yuan),
        (Some(from), None) => format!("{} {}{}", yuan(from), words.yuan, words.and_more),
        (Some(from), Some(below)) => format!("{} – {} {}", yuan(from), yuan(below), words.yuan),
    }
}
