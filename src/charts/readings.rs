//! Three readings of the same orders: GMV, gross farmer income, uplift.
//!
//! The first two are what is usually published as farmers' gain; this picture puts the strict figure beside them
//! on one scale, so that nobody needs an explanation of how far apart they are. The three must be of the same
//! orders and the same days: the caller takes them from one row of figures.

use super::frame::{Frame, Width};
use super::numbers::Unit;
use super::palette::{KUMQUAT, SLATE, TEA};
use super::rows::{Row, Rows};

/// One set of orders, read three ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Readings {
    pub gmv_fen: i64,
    /// Gross: the baseline is not taken off.
    pub income_fen: i64,
    pub uplift_fen: i64,
}

/// The picture.
pub fn svg(data: &Readings, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    if *data == Readings::default() {
        return frame.draw_empty(width, words.nothing_sold, words.nothing_sold_do);
    }
    let readings = [
        (words.gmv, words.reading_gmv, data.gmv_fen, SLATE),
        (words.income, words.reading_income, data.income_fen, TEA),
        (words.uplift, words.reading_uplift, data.uplift_fen, KUMQUAT),
    ];
    let unit = Unit::of(readings.map(|(_, _, fen, _)| fen.into()));
    let rows = readings.map(|(name, basis, fen, colour)| Row {
        name: name.to_owned(),
        basis: basis.to_owned(),
        from: 0,
        to: fen.into(),
        value: unit.value(fen.into()),
        colour,
        strong: colour == KUMQUAT,
        level_after: None,
    });
    let rows = Rows::lay(&rows, width);
    frame.draw(width, unit.name(words), rows.height(), |sheet| rows.paint(sheet))
}
