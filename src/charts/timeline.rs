//! Orders per minute of one stream, from going live to going off, with the tail that still counts as the stream's.
//!
//! A bar is a minute; where the paper has less than two pixels for one, minutes are added up in round groups and
//! the unit says so. Minutes without orders stay empty. What lies behind the dashed line was ordered after the
//! anchor went off, within the stream's tail. A stream past midnight keeps counting: its axis shows clock times.

use chrono::{Duration, Timelike};

use super::frame::{Body, Frame, SMALL, Sheet, Width};
use super::measure::width_px;
use super::numbers::count;
use super::palette::{AXIS, GRID, INK, MUTED, SLATE};
use super::scale::{Axis, Scale, TENTHS};
use crate::domain::calendar::{Instant, shanghai};

/// Orders by minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    pub start_at: Instant,
    pub end_at: Instant,
    /// Orders of each minute from `start_at` on; may run past `end_at` by the stream's tail.
    pub orders: Vec<u32>,
}

/// Minutes a bar may stand for.
const GROUPS: [usize; 8] = [1, 2, 5, 10, 15, 30, 60, 120];
/// No stream lasts longer than two days; what comes after is not drawn.
const MOST_MINUTES: usize = 2 * 24 * 60;
const GAP: i32 = 8;

/// The picture.
pub fn svg(data: &Timeline, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    let orders = &data.orders[..data.orders.len().min(MOST_MINUTES)];
    let total: i128 = orders.iter().map(|&n| i128::from(n)).sum();
    if total == 0 {
        return frame.draw_empty(width, words.nothing_sold, words.nothing_sold_do);
    }
    let lasted = usize::try_from((data.end_at - data.start_at).num_minutes()).unwrap_or(0).min(MOST_MINUTES);
    let minutes = orders.len().max(lasted).max(1);
    let room = usize::try_from(Frame::room(width) - 50).expect("paper is wider than its margins");
    let group = GROUPS.into_iter().find(|g| minutes.div_ceil(*g) * 2 <= room).unwrap_or(GROUPS[GROUPS.len() - 1]);
    let bars: Vec<i128> = orders.chunks(group).map(|c| c.iter().map(|&n| i128::from(n)).sum()).collect();
    let per = if group == 1 {
        words.orders_per_minute.to_owned()
    } else {
        format!("{}{group}{}", words.orders_per, words.minutes)
    };
    let heading = format!("{per} · {}{}{}", words.total, count(total), words.order_unit);
    frame.draw(width, &heading, width.pick(210, 190), |sheet| {
        let axis = Axis::round(bars.iter().copied(), 4, 1);
        let marks_px = axis.ticks.iter().map(|&t| width_px(&count(t), SMALL.size_px)).max().unwrap_or(0);
        let Body { left, top, right, bottom } = sheet.body;
        let plot = Body { left: left + marks_px + GAP, top: top + 26, right, bottom: bottom - 26 };
        let up = Scale::new(axis.ends(), (plot.bottom, plot.top));
        let along = Scale::new((0, as_i128(minutes)), (plot.left, plot.right));
        for &tick in &axis.ticks {
            let y = up.px(tick);
            sheet.pen.line((plot.left, y), (plot.right, y), if tick == 0 { AXIS } else { GRID });
            sheet.pen.text((plot.left - GAP, y + 5), SMALL.end(), &count(tick));
        }
        for (at, &n) in bars.iter().enumerate().filter(|&(_, &n)| n > 0) {
            let (from, to) = (along.tenth(as_i128(at * group)), along.tenth(as_i128((at + 1) * group)));
            let air = ((to - from) / 4).min(2 * TENTHS);
            let to = to.min(plot.right * TENTHS) - air;
            sheet.pen.block_tenths((from, up.tenth(0)), (to, up.tenth(n)), SLATE);
        }
        paint_peak(sheet, plot, data, &bars, group, &along);
        paint_clock(sheet, plot, data, lasted, &along);
    })
}

/// The busiest bar in words, above it: how many, and when.
fn paint_peak(sheet: &Sheet<'_>, plot: Body, data: &Timeline, bars: &[i128], group: usize, along: &Scale) {
    let Some((at, n)) = bars.iter().enumerate().rev().max_by_key(|&(_, n)| n) else { return };
    let text = format!("{}{}{} {}", sheet.words.peak, count(*n), sheet.words.order_unit, clock(data, at * group));
    let half = width_px(&text, SMALL.size_px) / 2;
    let middle = i32::midpoint(along.px(as_i128(at * group)), along.px(as_i128((at + 1) * group)));
    let x = middle.clamp(plot.left + half, (plot.right - half).max(plot.left + half));
    sheet.pen.text((x, plot.top - 5), SMALL.colour(INK).middle(), &text);
}

/// Start and end in words, full hours between where there is room.
fn paint_clock(sheet: &Sheet<'_>, plot: Body, data: &Timeline, lasted: usize, along: &Scale) {
    let y = plot.bottom + 19;
    let start = format!("{} {}", clock(data, 0), sheet.words.went_live);
    sheet.pen.line((plot.left, plot.bottom), (plot.left, plot.bottom + 5), AXIS);
    sheet.pen.text((plot.left, y), SMALL.colour(INK), &start);
    let mut free_from = plot.left + width_px(&start, SMALL.size_px) + GAP;

    let end = format!("{} {}", clock(data, lasted), sheet.words.went_off);
    let end_px = width_px(&end, SMALL.size_px);
    let end_x = along.px(as_i128(lasted));
    let end_right = (end_x + end_px / 2).clamp(free_from + end_px, plot.right.max(free_from + end_px));
    sheet.pen.dashes(end_x, plot.top - 20, plot.bottom + 5, MUTED);
    sheet.pen.text((end_right, y), SMALL.colour(INK).end(), &end);

    let until = end_right - end_px - GAP;
    let first_full_hour = (60 - minute_of_hour(data)) % 60;
    for at in (first_full_hour..lasted).step_by(60) {
        let (x, text) = (along.px(as_i128(at)), clock(data, at));
        let half = width_px(&text, SMALL.size_px) / 2;
        if at > 0 && x - half >= free_from && x + half <= until {
            sheet.pen.line((x, plot.bottom), (x, plot.bottom + 5), AXIS);
            sheet.pen.text((x, y), SMALL.middle(), &text);
            free_from = x + half + GAP;
        }
    }
}

/// The clock in Asia/Shanghai so many minutes into the stream.
fn clock(data: &Timeline, minutes: usize) -> String {
    let passed = Duration::minutes(i64::try_from(minutes).expect("a stream has few minutes"));
    (data.start_at + passed).with_timezone(&shanghai()).format("%H:%M").to_string()
}

fn minute_of_hour(data: &Timeline) -> usize {
    usize::try_from(data.start_at.with_timezone(&shanghai()).minute()).expect("below sixty")
}

fn as_i128(n: usize) -> i128 {
    i128::try_from(n).expect("a count of minutes")
}
