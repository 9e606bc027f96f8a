//! What a product brings its farmers over the year, per kilogram, against what it fetches at the farm gate.
//!
//! A line for what farmers got of a kilogram sold, and behind it, pale, the baseline from low to high as it held for those
//! goods. Where the line runs inside the band, selling online brought nothing. A month held back, or without sales, is a gap;
//! a month in which some goods had no price has no band.

use super::frame::{BODY, Body, Frame, SMALL, Sheet, Width};
use super::measure::width_px;
use super::numbers::exact;
use super::palette::{AXIS, GRID, KUMQUAT_INK, RANGE, TEA};
use super::scale::{Axis, Scale};
use super::years::{marks, month_no};
use crate::domain::calendar::Day;

/// A month of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// First day of the month.
    pub month: Day,
    /// What farmers got of a kilogram.
    pub farmer_fen: i64,
    /// The baseline of the same goods, low and high.
    pub baseline_fen: Option<(i64, i64)>,
}

/// Months, ascending; those without sales or held back are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Season {
    pub points: Vec<Point>,
}

const GAP: i32 = 10;
/// Marks of the axis are never closer than ten fen.
const FINEST_FEN: i128 = 10;

/// The picture.
pub fn svg(data: &Season, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    let (Some(first), Some(last)) = (data.points.first(), data.points.last()) else {
        return super::withheld::svg(frame, width);
    };
    let values = data.points.iter().flat_map(|p| {
        let (low, high) = p.baseline_fen.unwrap_or((p.farmer_fen, p.farmer_fen));
        [p.farmer_fen, low, high].map(i128::from)
    });
    let axis = Axis::round(values, 5, FINEST_FEN);
    let heading = format!("{} · {}", words.per_kilogram, words.season_note);
    frame.draw(width, &heading, width.pick(270, 240), |sheet| {
        let label = exact(last.farmer_fen.into());
        let left = axis.ticks.iter().map(|&t| width_px(&exact(t), SMALL.size_px)).max().unwrap_or(0);
        let right = width_px(&label, BODY.size_px + 1).max(width_px(words.season_farmer, SMALL.size_px));
        let Body { left: x, top, right: end, bottom } = sheet.body;
        let plot = Body { left: x + left + GAP, top: top + 10, right: end - right - GAP, bottom: bottom - 26 };
        let up = Scale::new(axis.ends(), (plot.bottom, plot.top));
        let (from, to) = (month_no(first.month), month_no(last.month));
        let along = Scale::new((from.min(to - 1), to), (plot.left, plot.right));
        for &tick in &axis.ticks {
            let y = up.px(tick);
            sheet.pen.line((plot.left, y), (plot.right, y), if tick == 0 { AXIS } else { GRID });
            sheet.pen.text((plot.left - GAP, y + 5), SMALL.end(), &exact(tick));
        }
        for mark in marks(first.month, last.month, plot.right - plot.left, words) {
            let x = along.px(mark.month_no);
            sheet.pen.line((x, plot.bottom), (x, plot.bottom + 5), AXIS);
            sheet.pen.text((x, plot.bottom + 20), SMALL.middle(), &mark.name);
        }
        for stretch in stretches(&data.points, |a, b| a.baseline_fen.is_some() && b.baseline_fen.is_some()) {
            paint_band(sheet, stretch, &along, &up);
        }
        for stretch in stretches(&data.points, |_, _| true) {
            let place = |p: &Point| (along.tenth(month_no(p.month)), up.tenth(p.farmer_fen.into()));
            sheet.pen.curve_tenths(stretch.iter().map(place).collect(), 2, TEA);
            for point in stretch {
                sheet.pen.dot_tenths(place(point), 2, TEA);
            }
        }
        let y = up.px(last.farmer_fen.into()).clamp(plot.top + 8, plot.bottom - 20);
        sheet.pen.text((plot.right + GAP, y - 3), SMALL.colour(TEA), words.season_farmer);
        sheet.pen.text((plot.right + GAP, y + 14), BODY.bold(), &label);
        if let Some((low, high)) = last.baseline_fen {
            let text = format!("{} {} – {}", words.season_gate, exact(low.into()), exact(high.into()));
            sheet.pen.text((plot.right, plot.top - 2), SMALL.colour(KUMQUAT_INK).end(), &text);
        }
    })
}

/// Runs of months that follow one another and go together.
fn stretches(points: &[Point], together: impl Fn(&Point, &Point) -> bool) -> impl Iterator<Item = &[Point]> {
    points.chunk_by(move |a, b| month_no(a.month) + 1 == month_no(b.month) && together(a, b))
}

/// The band over a run; of one month alone an upright stroke.
fn paint_band(sheet: &Sheet<'_>, stretch: &[Point], along: &Scale, up: &Scale) {
    let place = |p: &Point, fen: i64| (along.tenth(month_no(p.month)), up.tenth(fen.into()));
    let ends = stretch.iter().filter_map(|p| p.baseline_fen.map(|(low, high)| (place(p, low), place(p, high))));
    let ends: Vec<_> = ends.collect();
    if let [(low, high)] = ends.as_slice() {
        sheet.pen.curve_tenths(vec![*low, *high], 10, RANGE);
    } else if !ends.is_empty() {
        let there = ends.iter().map(|(_, high)| *high);
        let back = ends.iter().rev().map(|(low, _)| *low);
        sheet.pen.outline_tenths(there.chain(back).collect(), RANGE);
    }
}
