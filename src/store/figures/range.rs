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

/// Days by the shorter way, month by month: themselves, or the month without its other days. First what is added, then what
/// is taken away; of no month are more than half of the days in them.
pub fn shorter((_, from, end): Span) -> (Vec<Span>, Vec<Span>) {
    let (mut added, mut taken_off) = (Vec::new(), Vec::new());
    let length = |(_, from, end): &Span| (*end - *from).num_days();
    let mut first = month_start(from);
    while first < end {
        let next = next_month(first);
        let days = (Grain::Day, from.max(first), end.min(next));
        let others = [(Grain::Day, first, days.1), (Grain::Day, days.2, next)];
        if length(&days) <= others.iter().map(length).sum() {
            added.push(days);
        } else {
            added.push((Grain::Month, first, next));
            taken_off.extend(others.into_iter().filter(|span| length(span) > 0));
        }
        first = next;
    }
    (added, taken_off)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What is added less what is taken away are the days, each once, and no more than half a month is read by day.
        #[test]
        fn the_shorter_way_comes_to_the_same_days(offset in 0_u64..800, length in 1_u64..70) {
            let from = ymd((2025, 1, 1)) + chrono::Days::new(offset);
            let end = from + chrono::Days::new(length);
            let (added, taken_off) = shorter((Grain::Day, from, end));
            let days = |(_, from, end): &Span| from.iter_days().take_while(|day| day < end).collect::<Vec<_>>();
            let mut left: Vec<Day> = added.iter().flat_map(days).collect();
            for day in taken_off.iter().flat_map(days) {
                let at = left.iter().position(|other| *other == day);
                prop_assert!(at.is_some(), "{day} is taken off twice or was never there");
                left.remove(at.unwrap_or_default());
            }
            prop_assert_eq!(left, days(&(Grain::Day, from, end)));
            let mut by_day: Vec<Day> =
                added.iter().filter(|span| span.0 == Grain::Day).chain(&taken_off).flat_map(days).map(month_start).collect();
            by_day.sort_unstable();
            prop_assert!(by_day.chunk_by(|a, b| a == b).all(|of_month| of_month.len() <= 15), "{by_day:?}");
        }
    }
}
