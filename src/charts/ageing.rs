//! How provisional income turns into settled income: of what buyers paid in a month, how much of the farmers' part has been
//! settled by now, and how much still waits.
//!
//! Old months ought to be whole; one that is not is a statement nobody fetched. A month whose parts are not above zero (all of
//! it was given back) has no bar and says so.

use super::frame::{BODY, Body, Frame, SMALL, Sheet, Width};
use super::measure::width_px;
use super::numbers::Unit;
use super::palette::{AXIS, RANGE, TEA};
use super::scale::Scale;
use crate::domain::calendar::{Day, month_key};

/// What was paid in a month, as it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cohort {
    /// First day of the month.
    pub month: Day,
    pub settled_fen: i64,
    pub waiting_fen: i64,
}

/// Months, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ageing {
    pub cohorts: Vec<Cohort>,
}

const GAP: i32 = 10;

impl Cohort {
    /// The settled part in tenths of a percent, rounded down: what still waits is not whole.
    pub fn settled_tenths(&self) -> Option<i128> {
        let whole = i128::from(self.settled_fen) + i128::from(self.waiting_fen);
        (whole > 0 && self.settled_fen >= 0).then(|| (i128::from(self.settled_fen) * 1_000 / whole).min(1_000))
    }
}

/// The picture.
pub fn svg(data: &Ageing, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    if data.cohorts.is_empty() {
        return frame.draw_empty(width, words.nothing_sold, words.nothing_sold_do);
    }
    let unit = Unit::of(data.cohorts.iter().map(|c| i128::from(c.settled_fen) + i128::from(c.waiting_fen)));
    let heading = format!("{} · {} · {}", words.income, unit.name(words), words.ageing_note);
    let row_px = width.pick(30, 46);
    let height = row_px * i32::try_from(data.cohorts.len()).expect("a few months");
    frame.draw(width, &heading, height, |sheet| {
        let values: Vec<String> = data.cohorts.iter().map(|cohort| value(cohort, unit, sheet)).collect();
        let values_px = values.iter().map(|text| width_px(text, BODY.size_px)).max().unwrap_or(0);
        let largest = data.cohorts.iter().map(|c| positive(c.settled_fen) + positive(c.waiting_fen)).max().unwrap_or(1);
        let Body { left, top, right, .. } = sheet.body;
        let names_px = width_px("2026-00", BODY.size_px);
        let (from, to) = match width {
            Width::Desktop => (left + names_px + GAP, right - values_px - GAP),
            Width::Phone => (left, right),
        };
        let scale = Scale::new((0, largest.max(1)), (from, to));
        let mut y = top;
        for (cohort, value) in data.cohorts.iter().zip(&values) {
            let bar = width.pick(y + 6, y + 22);
            let (settled, whole) =
                (positive(cohort.settled_fen), positive(cohort.settled_fen) + positive(cohort.waiting_fen));
            sheet.pen.text((left, width.pick(y + 20, y + 15)), BODY, &month_key(cohort.month));
            sheet.pen.block((from, bar), (scale.px(whole), bar + 18), RANGE);
            sheet.pen.block((from, bar), (scale.px(settled), bar + 18), TEA);
            sheet.pen.line((from, bar - 2), (from, bar + 20), AXIS);
            match width {
                Width::Desktop => sheet.pen.text((scale.px(whole) + 8, y + 20), SMALL, value),
                Width::Phone => sheet.pen.text((right, y + 15), SMALL.end(), value),
            }
            y += row_px;
        }
    })
}

fn positive(fen: i64) -> i128 {
    i128::from(fen.max(0))
}

/// The amounts and the settled share in words.
fn value(cohort: &Cohort, unit: Unit, sheet: &Sheet<'_>) -> String {
    let whole = i128::from(cohort.settled_fen) + i128::from(cohort.waiting_fen);
    match cohort.settled_tenths() {
        None => sheet.words.nothing_left.to_owned(),
        Some(tenths) => {
            format!("{} · {} {}.{}%", unit.value(whole), sheet.words.settled, tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_month;

    #[test]
    fn the_settled_share_is_never_rounded_up_to_the_whole() {
        let cohort = |settled_fen, waiting_fen| {
            Cohort { month: parse_month("2026-01").expect("a month"), settled_fen, waiting_fen }.settled_tenths()
        };
        assert_eq!(cohort(99_999, 1), Some(999));
        assert_eq!(cohort(5, 0), Some(1_000));
        assert_eq!(cohort(5, -1), Some(1_000), "settled for more than was expected");
        assert_eq!((cohort(0, 0), cohort(-3, 4)), (None, None));
    }
}
