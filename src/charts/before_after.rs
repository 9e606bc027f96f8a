//! Net sales of an hour of streaming before somebody was certified and after: two bars a person.
//!
//! People stand in the order they are given (by the day they were certified) and are never ranked.

use super::frame::{Frame, Width};
use super::numbers::Unit;
use super::palette::{SAND, SLATE};
use super::rows::{Row, Rows};

/// One person; `None` where there was no stream in the span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub before_fen: Option<i64>,
    pub after_fen: Option<i64>,
}

/// People, those certified last first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeforeAfter {
    pub people: Vec<Person>,
}

/// The picture.
pub fn svg(data: &BeforeAfter, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    let amounts = data.people.iter().flat_map(|p| [p.before_fen, p.after_fen]).flatten().map(i128::from);
    let unit = Unit::of(amounts.clone());
    if amounts.count() == 0 {
        return frame.draw_empty(width, words.nobody_streamed, words.nobody_streamed_do);
    }
    let row = |name: &str, basis: &str, fen: Option<i64>, colour| Row {
        name: name.to_owned(),
        basis: basis.to_owned(),
        from: 0,
        to: fen.unwrap_or(0).into(),
        value: fen.map_or_else(|| words.no_stream.to_owned(), |fen| unit.value(fen.into())),
        colour,
        strong: false,
        level_after: None,
    };
    let rows: Vec<Row> = data
        .people
        .iter()
        .flat_map(|p| {
            let before = row(&p.name, words.before_certified, p.before_fen, SAND[1]);
            [before, row(&p.name, words.after_certified, p.after_fen, SLATE)]
        })
        .collect();
    let rows = Rows::lay(&rows, width);
    let heading = format!("{} · {}", words.net_an_hour, unit.name(words));
    frame.draw(width, &heading, rows.height(), |sheet| rows.paint(sheet))
}
