//! Cutting a range of days into whole years, whole months and edge days.

use super::Grain;
use crate::domain::calendar::{Day, month_start, next_month, year_start};
use chrono::{Datelike, NaiveDate};

/// A range of days, both ends in it; `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

/// Whole periods of a grain, from a day up to another that is not in it.
pub type Span = (Grain, Day, Day);

/// First and last day any figure can lie on.
const FIRST: (i32, u32, u32) = (2000, 1, 1);
const LAST: (i32, u32, u32) = (2199, 12, 31);

fn ymd((y, m, d): (i32, u32, u32)) -> Day {
    NaiveDate::from_ymd_opt(y, m, d).expect("a valid day")
}

impl Range {
    /// Both ends, open ones at the ends of time.
    pub fn ends(self) -> (Day, Day) {
        (self.from.unwrap_or_else(|| ymd(FIRST)), self.to.unwrap_or_else(|| ymd(LAST)))
    }

    /// Half-open spans of whole periods that together are the range; at most `coarsest` long.
    pub fn spans(self, coarsest: Grain) -> Vec<Span> {
        let (from, to) = self.ends();
        let end = to.succ_opt().expect("the end of time has a day after it");
        let mut spans = Vec::new();
        cut(coarsest, from, end, &mut spans);
        spans
    }
}

fn cut(grain: Grain, from: Day, end: Day, spans: &mut Vec<Span>) {
    if from >= end {
        return;
    }
    let (finer, first) = match grain {
        Grain::Day => return spans.push((grain, from, end)),
        Grain::Month => (Grain::Day, if from.day() == 1 { from } else { next_month(month_start(from)) }),
        Grain::Year => {
            let start = year_start(from);
            (Grain::Month, if from == start { from } else { ymd((start.year() + 1, 1, 1)) })
        }
    };
    let last = grain.start(end);
    if first >= last {
        return cut(finer, from, end, spans);
    }
    cut(finer, from, first, spans);
    spans.push((grain, first, last));
    cut(finer, last, end, spans);
}
