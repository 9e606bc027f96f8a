//! Cumulative uplift month by month, with the range that low and high baseline prices span.
//!
//! The headline of the county as a picture: one line, its last value written, the ends of the range named by the
//! baseline that gives them. The year lines make the kumquat season (steep from November to February) visible.
//! The values come cumulated; a month that settles losses may lower the line, and the whole may be negative.

use super::frame::{BODY, Body, Frame, SMALL, Sheet, Width};
use super::measure::width_px;
use super::numbers::Unit;
use super::palette::{AXIS, GRID, KUMQUAT, KUMQUAT_INK, RANGE};
use super::scale::{Axis, Scale, Tenth};
use super::wording::Words;
use super::years::{marks, month_no};
use crate::domain::calendar::Day;

/// The uplift up to the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// First day of the month.
    pub month: Day,
    /// With the high baseline.
    pub low_fen: i64,
    pub uplift_fen: i64,
    /// With the low baseline.
    pub high_fen: i64,
}

/// Cumulative uplift by month, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cumulative {
    pub points: Vec<Point>,
}

/// Two lines of a label on the right: whose value, and the value.
struct EndLabel {
    at_fen: i64,
    name: &'static str,
    strong: bool,
}

const LABEL_HEIGHT: i32 = 38;
const GAP: i32 = 10;

/// The picture.
pub fn svg(data: &Cumulative, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    let (Some(first), Some(last)) = (data.points.first(), data.points.last()) else {
        return frame.draw_empty(width, words.nothing_settled, words.nothing_settled_do);
    };
    let values = data.points.iter().flat_map(|p| [p.low_fen, p.uplift_fen, p.high_fen]).map(i128::from);
    let unit = Unit::of(values.clone());
    let axis = Axis::round(values, 5, unit.fen());
    let has_range = data.points.iter().any(|p| p.low_fen != p.high_fen);
    let heading =
        if has_range { format!("{} · {}", unit.name(words), words.band_note) } else { unit.name(words).to_owned() };
    let labels = end_labels(last, words);
    frame.draw(width, &heading, width.pick(300, 270), |sheet| {
        let plot = plot(sheet.body, &axis, &labels, unit);
        let up = Scale::new(axis.ends(), (plot.bottom, plot.top));
        let (from, to) = (month_no(first.month), month_no(last.month));
        // A single month stands at the right end, beside its labels.
        let along = Scale::new((from.min(to - 1), to), (plot.left, plot.right));
        paint_grid(sheet, plot, &axis, &up, unit);
        for mark in marks(first.month, last.month, plot.right - plot.left, words) {
            let x = along.px(mark.month_no);
            sheet.pen.line((x, plot.top), (x, plot.bottom + 5), GRID);
            sheet.pen.text((x, plot.bottom + 20), SMALL.middle(), &mark.name);
        }
        let place = |point: &Point, fen: i64| (along.tenth(month_no(point.month)), up.tenth(fen.into()));
        paint_series(sheet, data, has_range, place);
        let wanted: Vec<i32> = labels.iter().map(|l| up.px(l.at_fen.into()) - LABEL_HEIGHT / 2).collect();
        for (label, y) in labels.iter().zip(apart(&wanted, LABEL_HEIGHT, plot.top - 8, plot.bottom)) {
            let how = if label.strong { BODY.bold() } else { SMALL.colour(KUMQUAT_INK) };
            sheet.pen.text((plot.right + GAP, y + 14), SMALL.colour(KUMQUAT_INK), label.name);
            sheet.pen.text((plot.right + GAP, y + 31), how, &unit.value(label.at_fen.into()));
        }
    })
}

/// From the top of the range to its bottom; only the uplift where there is no range.
fn end_labels(last: &Point, words: &Words) -> Vec<EndLabel> {
    let middle = EndLabel { at_fen: last.uplift_fen, name: words.uplift, strong: true };
    if last.low_fen == last.high_fen {
        return vec![middle];
    }
    vec![
        EndLabel { at_fen: last.high_fen, name: words.with_low_baseline, strong: false },
        middle,
        EndLabel { at_fen: last.low_fen, name: words.with_high_baseline, strong: false },
    ]
}

/// The rectangle of the curve: what the marks on the left and the labels on the right leave.
fn plot(body: Body, axis: &Axis, labels: &[EndLabel], unit: Unit) -> Body {
    let left = axis.ticks.iter().map(|&t| width_px(&unit.mark(t), SMALL.size_px)).max().unwrap_or(0);
    let right = labels
        .iter()
        .map(|l| width_px(l.name, SMALL.size_px).max(width_px(&unit.value(l.at_fen.into()), BODY.size_px + 1)));
    Body {
        left: body.left + left + GAP,
        top: body.top + 10,
        right: body.right - right.max().unwrap_or(0) - GAP,
        bottom: body.bottom - 26,
    }
}

fn paint_grid(sheet: &Sheet<'_>, plot: Body, axis: &Axis, up: &Scale, unit: Unit) {
    for &tick in &axis.ticks {
        let y = up.px(tick);
        sheet.pen.line((plot.left, y), (plot.right, y), if tick == 0 { AXIS } else { GRID });
        sheet.pen.text((plot.left - GAP, y + 5), SMALL.end(), &unit.mark(tick));
    }
}

fn paint_series(sheet: &Sheet<'_>, data: &Cumulative, has_range: bool, place: impl Fn(&Point, i64) -> (Tenth, Tenth)) {
    let line: Vec<_> = data.points.iter().map(|p| place(p, p.uplift_fen)).collect();
    let end = line.last().copied();
    if let [only] = data.points.as_slice() {
        // One month has no width: its range is an upright stroke.
        if has_range {
            sheet.pen.curve_tenths(vec![place(only, only.low_fen), place(only, only.high_fen)], 10, RANGE);
        }
    } else {
        if has_range {
            let there = data.points.iter().map(|p| place(p, p.high_fen));
            let back = data.points.iter().rev().map(|p| place(p, p.low_fen));
            sheet.pen.outline_tenths(there.chain(back).collect(), RANGE);
        }
        sheet.pen.curve_tenths(line, 2, KUMQUAT);
    }
    if let Some(end) = end {
        sheet.pen.dot_tenths(end, 4, KUMQUAT);
    }
}

/// Moves label tops, given from the top down, as little as needed to stand `height` apart between two limits.
fn apart(wanted: &[i32], height: i32, top: i32, bottom: i32) -> Vec<i32> {
    let mut tops = Vec::with_capacity(wanted.len());
    let mut free = top;
    for &y in wanted {
        let y = y.max(free);
        tops.push(y);
        free = y + height;
    }
    let mut limit = bottom - height;
    for y in tops.iter_mut().rev() {
        *y = (*y).min(limit);
        limit = *y - height;
    }
    tops
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn labels_that_would_touch_are_moved_apart() {
        assert_eq!(apart(&[10, 60, 200], 30, 0, 300), [10, 60, 200]);
        assert_eq!(apart(&[50, 50, 50], 30, 0, 300), [50, 80, 110]);
        assert_eq!(apart(&[290, 295], 30, 0, 300), [240, 270]);
    }
}
