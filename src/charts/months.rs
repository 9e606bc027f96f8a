//! The four figures month by month, each in its own panel over one month axis.
//!
//! They are never drawn into one set of axes: GMV dated by pay day and uplift dated by settlement day are different
//! things, and a shared scale would flatten the uplift until its season cannot be seen. Each panel therefore has
//! its own scale, and the picture says so; each has its basis under its name, bars from zero, its last value.

use plotters::style::RGBColor;

use super::frame::{BODY, Body, Frame, SMALL, Sheet, Width};
use super::measure::{width_px, wrap};
use super::numbers::Unit;
use super::palette::{AXIS, GRID, KUMQUAT, SLATE, SLATE_LIGHT, TEA};
use super::scale::{Scale, TENTHS};
use super::wording::Words;
use super::years::{Mark, marks, month_no};
use crate::domain::calendar::{Day, month_key};

/// The figures of a month, by event day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// First day of the month.
    pub month: Day,
    pub gmv_fen: i64,
    pub net_fen: i64,
    /// Settled.
    pub income_fen: i64,
    /// Settled.
    pub uplift_fen: i64,
}

/// Months, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Months {
    pub months: Vec<Month>,
}

struct Panel {
    name: &'static str,
    basis: &'static str,
    colour: RGBColor,
    of: fn(&Month) -> i64,
}

fn panels(words: &Words) -> [Panel; 4] {
    [
        Panel { name: words.gmv, basis: words.gmv_basis, colour: SLATE, of: |m| m.gmv_fen },
        Panel { name: words.net, basis: words.net_basis, colour: SLATE_LIGHT, of: |m| m.net_fen },
        Panel { name: words.income, basis: words.income_basis, colour: TEA, of: |m| m.income_fen },
        Panel { name: words.uplift, basis: words.uplift_basis, colour: KUMQUAT, of: |m| m.uplift_fen },
    ]
}

const BARS_HEIGHT: i32 = 76;
/// Room for the value of a loss, which stands under its bar.
const BELOW_BARS: i32 = 16;
const DESKTOP_PANEL: i32 = BARS_HEIGHT + 18 + BELOW_BARS;
/// On a phone the name and basis stand above the bars.
const PHONE_PANEL: i32 = BARS_HEIGHT + 58 + BELOW_BARS;
const NAME_WIDTH: i32 = 172;
const MONTHS_AXIS: i32 = 26;

/// The picture.
pub fn svg(data: &Months, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    let (Some(first), Some(last)) = (data.months.first(), data.months.last()) else {
        return frame.draw_empty(width, words.nothing_sold, words.nothing_sold_do);
    };
    let panels = panels(words);
    let amounts = data.months.iter().flat_map(|m| panels.iter().map(|p| i128::from((p.of)(m))));
    let unit = Unit::of(amounts);
    let heading = format!("{} · {}", unit.name(words), words.own_scale);
    let panel_height = width.pick(DESKTOP_PANEL, PHONE_PANEL);
    frame.draw(width, &heading, 4 * panel_height + MONTHS_AXIS, |sheet| {
        let values = panels.iter().flat_map(|p| {
            let largest = data.months.iter().map(|m| (p.of)(m)).max_by_key(|fen| fen.unsigned_abs());
            [largest, Some((p.of)(last))].into_iter().flatten()
        });
        let value_px = values.map(|fen| width_px(&unit.value(fen.into()), BODY.size_px)).max().unwrap_or(0) + 8;
        let left = sheet.body.left + width.pick(NAME_WIDTH, 0);
        let right = sheet.body.right - value_px;
        let along = Scale::new((month_no(first.month), month_no(last.month) + 1), (left, right));
        let years = marks(first.month, last.month, right - left, words);
        let mut top = sheet.body.top;
        for panel in &panels {
            paint_head(sheet, panel, top, width);
            let bottom = top + panel_height - BELOW_BARS;
            let bars = Body { left, top: bottom - BARS_HEIGHT, right, bottom };
            paint_bars(sheet, panel, data, bars, &along, &years, unit);
            top += panel_height;
        }
        paint_month_names(sheet, data, &years, &along, top + 16);
    })
}

/// Names under the middle of their months; the last month, whose values are written, under those.
fn paint_month_names(sheet: &Sheet<'_>, data: &Months, names: &[Mark], along: &Scale, y: i32) {
    let Body { left, mut right, .. } = sheet.body;
    if let [_, .., last] = data.months.as_slice() {
        let text = month_key(last.month);
        sheet.pen.text((right, y), SMALL.end(), &text);
        right -= width_px(&text, SMALL.size_px) + 4;
    }
    for mark in names {
        let half = width_px(&mark.name, SMALL.size_px) / 2;
        let middle = (along.tenth(mark.month_no) + along.tenth(mark.month_no + 1)) / (2 * TENTHS);
        let x = middle.max(left + half);
        if x + half <= right {
            sheet.pen.text((x, y), SMALL.middle(), &mark.name);
        }
    }
}

fn paint_head(sheet: &Sheet<'_>, panel: &Panel, top: i32, width: Width) {
    let Body { left, right, .. } = sheet.body;
    sheet.pen.block((left, top + 4), (left + 4, top + 18), panel.colour);
    sheet.pen.text((left + 11, top + 16), BODY.bold(), panel.name);
    let room = width.pick(NAME_WIDTH - 16, right - left);
    for (line, y) in wrap(panel.basis, SMALL.size_px, room, 3).iter().zip([35, 52, 69]) {
        sheet.pen.text((left + 11, top + y), SMALL, line);
    }
}

fn paint_bars(sheet: &Sheet<'_>, panel: &Panel, data: &Months, plot: Body, along: &Scale, years: &[Mark], unit: Unit) {
    // The peak's own value is written at its bar, so the panel needs no round marks and wastes no height on them.
    let fen = data.months.iter().map(|m| i128::from((panel.of)(m)));
    let ends = fen.fold((0, 0), |(low, high): (i128, i128), v| (low.min(v), high.max(v)));
    let up = Scale::new(ends, (plot.bottom, plot.top));
    for mark in years {
        let x = along.px(mark.month_no);
        sheet.pen.line((x, plot.top), (x, plot.bottom + 4), GRID);
    }
    for month in &data.months {
        let no = month_no(month.month);
        let (from, to) = (along.tenth(no), along.tenth(no + 1));
        // A fifth of the month's width is air, but never more than four pixels.
        let air = ((to - from) / 5).min(4 * TENTHS);
        let width = (to - from - air).min(40 * TENTHS);
        let start = from + (to - from - width) / 2;
        sheet.pen.block_tenths((start, up.tenth(0)), (start + width, up.tenth((panel.of)(month).into())), panel.colour);
    }
    sheet.pen.line((plot.left, up.px(0)), (plot.right, up.px(0)), AXIS);
    paint_peak(sheet, panel, data, along, &up, unit);
    if let Some(last) = data.months.last().map(panel.of) {
        let y = up.px(last.into()).clamp(plot.top + 10, plot.bottom);
        sheet.pen.text((sheet.body.right, y + 4), BODY.bold().end(), &unit.value(last.into()));
    }
}

/// Writes the value of the month furthest from zero at its bar: it gives the panel its scale.
fn paint_peak(sheet: &Sheet<'_>, panel: &Panel, data: &Months, along: &Scale, up: &Scale, unit: Unit) {
    let before_last = data.months.iter().rev().skip(1);
    let Some(peak) = before_last.max_by_key(|m| (panel.of)(m).unsigned_abs()) else { return };
    let fen = i128::from((panel.of)(peak));
    if fen == 0 {
        return;
    }
    let no = month_no(peak.month);
    let text = unit.value(fen);
    let half = width_px(&text, SMALL.size_px) / 2;
    let middle = i32::midpoint(along.px(no), along.px(no + 1)).max(along.px(month_no(data.months[0].month)) + half);
    let y = up.px(fen) + if fen > 0 { -5 } else { 14 };
    sheet.pen.text((middle, y), SMALL.middle(), &text);
}
