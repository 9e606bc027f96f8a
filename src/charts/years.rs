//! The month axis shared by the pictures over time: where a month stands, and which months are named.
//!
//! Places follow the calendar, so a month without data leaves a gap instead of moving its neighbours together.
//! Over more than a year and a half only Januaries are named, by their year; the lines there make the seasons
//! comparable. Shorter stretches name their months.

use chrono::Datelike;

use super::frame::SMALL;
use super::measure::width_px;
use super::wording::Words;
use crate::domain::calendar::Day;

/// From this many months on, years are named instead of months.
const MONTHS_NAMED_BY_YEAR: i128 = 19;
/// Air between two names.
const AIR_PX: i32 = 2;

/// A month on the axis.
#[derive(Debug, PartialEq, Eq)]
pub struct Mark {
    pub month_no: i128,
    pub name: String,
}

/// Months counted from the beginning of the calendar.
pub fn month_no(month: Day) -> i128 {
    i128::from(month.year()) * 12 + i128::from(month.month0())
}

/// The months to name between two, as many as fit when the axis has `room_px`.
pub fn marks(first: Day, last: Day, room_px: i32, words: &Words) -> Vec<Mark> {
    let (from, to) = (month_no(first), month_no(last));
    let by_year = to - from + 1 >= MONTHS_NAMED_BY_YEAR;
    let smallest: i128 = if by_year { 12 } else { 1 };
    let name_px = width_px(&name(to, by_year, words), SMALL.size_px) + if by_year { AIR_PX } else { 6 * AIR_PX };
    let (needed, room) = (i128::from(name_px) * (to - from + 1), i128::from(room_px.max(1)));
    let months_a_name = (needed + room - 1) / room;
    let step = (months_a_name + smallest - 1) / smallest * smallest;
    (from..=to)
        .filter(|n| if by_year { n % 12 == 0 && (n - to / 12 * 12) % step == 0 } else { (n - from) % step == 0 })
        .map(|month_no| Mark { month_no, name: name(month_no, by_year, words) })
        .collect()
}

fn name(month_no: i128, by_year: bool, words: &Words) -> String {
    let (year, month) = (month_no.div_euclid(12), month_no.rem_euclid(12) + 1);
    if by_year { format!("{year}{}", words.year) } else { format!("{year}-{month:02}") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::charts::wording::words;
    use crate::domain::calendar::parse_month;
    use crate::domain::lang::Lang;

    fn names(from: &str, to: &str, room_px: i32) -> Vec<String> {
        let (from, to) = (parse_month(from).unwrap(), parse_month(to).unwrap());
        marks(from, to, room_px, words(Lang::En)).into_iter().map(|m| m.name).collect()
    }

    #[test]
    fn long_stretches_name_years_and_short_ones_months() {
        assert_eq!(names("2022-10", "2026-11", 600), ["2023", "2024", "2025", "2026"]);
        assert_eq!(names("2026-10", "2026-12", 600), ["2026-10", "2026-11", "2026-12"]);
        assert_eq!(names("2026-10", "2026-10", 600), ["2026-10"]);
    }

    #[test]
    fn names_never_stand_closer_than_they_are_wide() {
        assert_eq!(names("2022-10", "2026-11", 80), ["2024", "2026"]);
        assert_eq!(names("2026-01", "2026-12", 200).len(), 3);
    }
}
