//! The county's towns as squares in their rough places: how the uplift spreads over the county, at a glance.
//!
//! It is no map: a square a town, large or small, so that a town counts by its figure and not by its fields. The number
//! stands in every square and the shade only repeats it, in one hue from pale to deep that every eye tells apart. A town held
//! back says so, one without households is a dash. Towns whose place nobody wrote down stand in a row of their own at the
//! bottom. A phone is too narrow for squares with words in them: there the same towns are ranked.

use super::frame::{BODY, Body, Frame, SMALL, Sheet, Width};
use super::measure::{fit, wrap};
use super::numbers::Unit;
use super::palette::{GRID, INK, PAPER, TROUGH, UPLIFT};
use super::ranked::{self, Entry, Figure, Ranked};
use crate::domain::tiles::Place;

/// A town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub name: String,
    /// `None`: its place is not known.
    pub place: Option<Place>,
    pub shown: Shown,
}

/// What a town shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Fen(i64),
    /// Held back: fewer than five households, or one that would give such a town away.
    Held,
    /// It has no household.
    Nobody,
}

/// The towns, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tiles {
    pub tiles: Vec<Tile>,
}

const TILE_HEIGHT: i32 = 66;
const GAP: i32 = 4;
const PAD: i32 = 6;

impl Tiles {
    fn amounts(&self) -> impl Iterator<Item = i64> {
        self.tiles.iter().filter_map(|tile| if let Shown::Fen(fen) = tile.shown { Some(fen) } else { None })
    }

    /// Columns and rows of the known places.
    fn size(&self) -> (i32, i32) {
        let places = self.tiles.iter().filter_map(|tile| tile.place);
        places.fold((0, 0), |(columns, rows), p| (columns.max(p.column + 1), rows.max(p.row + 1)))
    }
}

/// The picture.
pub fn svg(data: &Tiles, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    if data.tiles.iter().all(|tile| tile.shown == Shown::Nobody) {
        return frame.draw_empty(width, words.nothing_settled, words.nothing_settled_do);
    }
    if data.amounts().next().is_none() {
        return super::withheld::svg(frame, width);
    }
    if width == Width::Phone {
        return ranked::svg(&as_ranked(data), frame, width);
    }
    let unit = Unit::of(data.amounts().map(i128::from));
    let heading = format!("{} · {} · {}", words.uplift, unit.name(words), words.tiles_note);
    let (columns, rows) = data.size();
    let stray: Vec<&Tile> = data.tiles.iter().filter(|t| t.place.is_none() && t.shown != Shown::Nobody).collect();
    let columns = columns.max(1);
    let stray_rows = (count(stray.len()) + columns - 1) / columns;
    let height = (rows + stray_rows) * (TILE_HEIGHT + GAP);
    frame.draw(width, &heading, height, |sheet| {
        let side = (sheet.body.right - sheet.body.left + GAP) / columns - GAP;
        let largest = data.amounts().max().unwrap_or(0);
        for tile in data.tiles.iter().filter(|tile| tile.place.is_some()) {
            let place = tile.place.unwrap_or_default();
            paint(sheet, tile, place, (side, largest), unit);
        }
        for (at, tile) in stray.iter().enumerate() {
            let at = count(at);
            let place = Place { column: at % columns, row: rows + at / columns };
            paint(sheet, tile, place, (side, largest), unit);
        }
    })
}

/// The same towns for a narrow paper.
fn as_ranked(data: &Tiles) -> Ranked {
    let entries = data.tiles.iter().filter_map(|tile| match tile.shown {
        Shown::Fen(fen) => Some(Entry { name: tile.name.clone(), fen }),
        Shown::Held | Shown::Nobody => None,
    });
    Ranked { figure: Figure::Uplift, entries: entries.collect() }
}

fn paint(sheet: &Sheet<'_>, tile: &Tile, place: Place, (side, largest): (i32, i64), unit: Unit) {
    let Body { left, top, .. } = sheet.body;
    let (x, y) = (left + place.column * (side + GAP), top + place.row * (TILE_HEIGHT + GAP));
    let ground = match tile.shown {
        Shown::Fen(fen) => UPLIFT[shade(fen, largest)],
        Shown::Held => TROUGH,
        Shown::Nobody => PAPER,
    };
    sheet.pen.block((x, y), (x + side, y + TILE_HEIGHT), GRID);
    sheet.pen.block((x + 1, y + 1), (x + side - 1, y + TILE_HEIGHT - 1), ground);
    let middle = x + side / 2;
    let name = wrap(&tile.name, SMALL.size_px, side - PAD, 2);
    let name_top = if name.len() > 1 { y + 16 } else { y + 24 };
    for (line, text) in name.iter().enumerate() {
        sheet.pen.text((middle, name_top + count(line) * 16), SMALL.colour(INK).middle(), text);
    }
    let (how, value) = match tile.shown {
        Shown::Fen(fen) => (BODY.bold(), unit.value(fen.into())),
        Shown::Held => (SMALL.colour(INK), sheet.words.held.to_owned()),
        Shown::Nobody => (SMALL, "—".to_owned()),
    };
    sheet.pen.text((middle, y + 54), how.middle(), &fit(&value, how.size_px, side - PAD));
}

/// Which shade: a fifth of the largest amount each; what is not above zero is the palest.
fn shade(fen: i64, largest: i64) -> usize {
    let steps = i128::try_from(UPLIFT.len()).unwrap_or(1);
    let at = if largest > 0 { i128::from(fen.max(0)) * steps / i128::from(largest) } else { 0 };
    usize::try_from(at.min(steps - 1)).unwrap_or(0)
}

fn count(n: usize) -> i32 {
    i32::try_from(n).expect("a county has few towns")
}

#[cfg(test)]
mod tests {
    use super::shade;

    #[test]
    fn the_shade_follows_the_amount_and_a_loss_is_the_palest() {
        assert_eq!([-5, 0, 19, 20, 50, 99, 100].map(|fen| shade(fen, 100)), [0, 0, 0, 1, 2, 4, 4]);
        assert_eq!(shade(-5, -5), 0);
    }
}
