//! A ranking: towns or products by one figure, the largest first.
//!
//! At most [`MOST`] rows are drawn; the others are summed into a last row and counted, so that the bars always add
//! up to the whole. Equal amounts keep the order of their names, so that the picture does not change by itself.
//! People and households are never ranked here: the callers offer regions and goods only.

use super::frame::{Frame, Width};
use super::numbers::Unit;
use super::palette::{KUMQUAT, SAND, SLATE, TEA};
use super::rows::{Row, Rows};

/// Rows drawn one by one.
pub const MOST: usize = 20;

/// Which figure is ranked; it gives the bars their colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Gmv,
    Income,
    Uplift,
}

/// What is ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub fen: i64,
}

/// A ranking, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    pub figure: Figure,
    pub entries: Vec<Entry>,
}

/// The picture.
pub fn svg(data: &Ranked, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    if data.entries.is_empty() {
        return frame.draw_empty(width, words.nothing_settled, words.nothing_settled_do);
    }
    let mut entries: Vec<&Entry> = data.entries.iter().collect();
    entries.sort_by(|a, b| b.fen.cmp(&a.fen).then_with(|| a.name.cmp(&b.name)));
    let (shown, rest) = entries.split_at(entries.len().min(MOST));
    let rest_fen: i128 = rest.iter().map(|e| i128::from(e.fen)).sum();
    let unit = Unit::of(shown.iter().map(|e| e.fen.into()).chain([rest_fen]));
    let (name, colour) = match data.figure {
        Figure::Gmv => (words.gmv, SLATE),
        Figure::Income => (words.income, TEA),
        Figure::Uplift => (words.uplift, KUMQUAT),
    };
    let row = |name: String, fen: i128, colour| Row {
        name,
        basis: String::new(),
        from: 0,
        to: fen,
        value: unit.value(fen),
        colour,
        strong: false,
        level_after: None,
    };
    let mut rows: Vec<Row> = shown.iter().map(|e| row(e.name.clone(), e.fen.into(), colour)).collect();
    if !rest.is_empty() {
        let rest_name = format!("{}{}{}", words.the_rest_before, rest.len(), words.the_rest_after);
        rows.push(row(rest_name, rest_fen, SAND[2]));
    }
    let rows = Rows::lay(&rows, width);
    let heading = format!("{name} · {}", unit.name(words));
    frame.draw(width, &heading, rows.height(), |sheet| rows.paint(sheet))
}
