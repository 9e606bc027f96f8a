//! Time cut into what is asked for: windows that are written at once, halves where a platform lets one not be paged
//! through, parts where it takes less at a time.

use crate::domain::calendar::Instant;
use crate::platforms::Window;
use chrono::TimeDelta;

/// Longest window written at once; an interface that takes less is asked for its parts.
pub const LONGEST_WINDOW: TimeDelta = TimeDelta::days(7);
/// A half shorter than this does not help.
const SHORTEST_HALF: TimeDelta = TimeDelta::minutes(1);
/// How far the parts of a window reach over one another: no platform says clearly which ends are inside.
const SEAM: TimeDelta = TimeDelta::seconds(1);

/// The windows from a moment to another, one after the other.
pub(in crate::ingest) fn windows(mut from: Instant, until: Instant) -> Vec<Window> {
    let mut windows = Vec::new();
    while from < until {
        let to = until.min(from + LONGEST_WINDOW);
        windows.push(Window { from, to });
        from = to;
    }
    windows
}

/// How many windows a span is asked for in.
pub fn windows_between(from: Instant, until: Instant) -> usize {
    windows(from, until).len()
}

/// A window in halves; `None` where it is too short for that.
pub(in crate::ingest) fn halved(window: Window) -> Option<[Window; 2]> {
    let half = (window.to - window.from) / 2;
    let middle = window.from + half;
    (half >= SHORTEST_HALF).then_some([Window { to: middle, ..window }, Window { from: middle, ..window }])
}

/// A window in parts, none longer than the platform takes, each beginning a little before the end of the one before.
pub(super) fn parts(window: Window, longest: TimeDelta) -> Vec<Window> {
    let mut from = window.from;
    let mut parts = Vec::new();
    while from < window.to {
        let to = window.to.min(from + longest);
        parts.push(Window { from, to });
        if to == window.to {
            break;
        }
        from = to - SEAM;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};

    fn at(minutes: i64) -> Instant {
        start_of(parse_day("2026-02-03").expect("a day")) + TimeDelta::minutes(minutes)
    }

    #[test]
    fn windows_follow_one_another_without_a_gap() {
        let week = 7 * 24 * 60;
        let ends = [0, week, 2 * week, 2 * week + 5].map(at);
        let expected: Vec<Window> = ends.windows(2).map(|pair| Window { from: pair[0], to: pair[1] }).collect();
        assert_eq!(windows(at(0), at(2 * week + 5)), expected);
        assert_eq!(windows(at(3), at(3)), []);
    }

    #[test]
    fn a_window_is_halved_until_that_does_not_help() {
        let halves = halved(Window { from: at(0), to: at(2) });
        assert_eq!(halves, Some([Window { from: at(0), to: at(1) }, Window { from: at(1), to: at(2) }]));
        assert_eq!(halved(Window { from: at(0), to: at(1) }), None);
    }
}
