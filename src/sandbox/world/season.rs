//! The year and the years: how many streams a week, how many lines a stream, which goods sell when.
//!
//! The rooms begin with trial broadcasts in autumn 2022, grow through 2023 and then run at full speed. Before Spring
//! Festival people buy presents; in its week hardly anyone broadcasts. Kumquat is sold from October to May only; in
//! summer the shelf is tea and duck. Over the years the shares of lines are about 50 % kumquat, 30 % tea, 20 % duck.

use super::{monday_of, week_index};
use crate::domain::calendar::Day;
use chrono::{Datelike, NaiveDate};

/// New Year's Day of the Chinese calendar, in the years the world knows.
const SPRING_FESTIVALS: [(i32, u32, u32); 6] =
    [(2023, 1, 22), (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26)];

/// Weeks of trial broadcasts.
const TRIAL_WEEKS: i64 = 12;
/// Weeks of growth after them.
const GROWTH_WEEKS: i64 = 52;

/// A week's pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    pub streams: i64,
    /// Paid lines an ordinary stream sells at scale 1.
    pub lines_per_stream: i64,
}

/// The pace of the week a day lies in.
pub fn pace(day: Day) -> Pace {
    let week = week_index(day);
    let ordinary = match week {
        ..0 => return Pace { streams: 0, lines_per_stream: 0 },
        0..TRIAL_WEEKS => Pace { streams: 2, lines_per_stream: 60 },
        _ => {
            let grown = (week - TRIAL_WEEKS).min(GROWTH_WEEKS);
            Pace { streams: 4 + 14 * grown / GROWTH_WEEKS, lines_per_stream: 120 + 125 * grown / GROWTH_WEEKS }
        }
    };
    match weeks_to_spring_festival(day) {
        Some(0) => Pace { streams: (ordinary.streams / 5).max(1), lines_per_stream: ordinary.lines_per_stream / 2 },
        Some(1 | 2) => Pace { lines_per_stream: ordinary.lines_per_stream * 5 / 4, ..ordinary },
        _ => ordinary,
    }
}

/// Weeks until the next Spring Festival; 0 in its own week.
fn weeks_to_spring_festival(day: Day) -> Option<i64> {
    let monday = monday_of(day);
    SPRING_FESTIVALS
        .iter()
        .filter_map(|&(y, m, d)| NaiveDate::from_ymd_opt(y, m, d))
        .map(|festival| (monday_of(festival) - monday).num_weeks())
        .find(|weeks| *weeks >= 0)
}

/// True from October to May.
pub fn kumquat_is_in_season(day: Day) -> bool {
    !(6..=9).contains(&day.month())
}

/// Weights of kumquat, tea and duck among the lines of a day.
pub fn mix(day: Day) -> [u32; 3] {
    if kumquat_is_in_season(day) { [765, 127, 108] } else { [0, 630, 370] }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn day(y: i32, m: u32, d: u32) -> Day {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_rooms_grow_to_full_speed_and_rest_at_spring_festival() {
        assert_eq!(pace(day(2022, 9, 30)).streams, 0);
        assert_eq!(pace(day(2022, 11, 1)).streams, 2);
        assert_eq!(pace(day(2025, 6, 4)), Pace { streams: 18, lines_per_stream: 245 });
        assert_eq!(pace(day(2026, 2, 18)).streams, 3);
        assert!(pace(day(2026, 2, 10)).lines_per_stream > 245);
    }

    #[test]
    fn no_kumquat_in_summer() {
        assert_eq!(mix(day(2025, 7, 1))[0], 0);
        assert!(mix(day(2025, 10, 1))[0] > 0);
    }
}
