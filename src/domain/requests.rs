//! 诉求: what somebody asks of the branch about a figure, and how it is seen to: 收集 → 分办 → 答复 → 评价, and once more where
//! the answer is no answer.
//!
//! Rules that must hold: a step follows only where it may; nothing said is changed, each step is a further row; only
//! whoever asked rates the answer or asks again. Pure. Not here: rows (`store::requests`), who may what
//! (`services::requests`).

use super::calendar::{Day, Instant, parse_month};

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A parcel: the order line.
    Line(i64),
    Payout(i64),
    /// First day of the month.
    Month(Day),
}

impl About {
    /// The kind, as stored and in addresses.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Line(_) => "line",
            Self::Payout(_) => "payout",
            Self::Month(_) => "month",
        }
    }

    /// Which one, as stored and in addresses.
    pub fn which(self) -> String {
        match self {
            Self::Line(id) | Self::Payout(id) => id.to_string(),
            Self::Month(month) => month.format("%Y-%m").to_string(),
        }
    }

    /// Reads kind and which.
    pub fn parse(kind: &str, which: &str) -> Option<Self> {
        let id = || which.parse().ok().filter(|&id: &i64| id > 0);
        match kind {
            "line" => id().map(Self::Line),
            "payout" => id().map(Self::Payout),
            "month" => parse_month(which).map(Self::Month),
            _ => None,
        }
    }
}

/// Where the last step left a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nobody sees to it yet.
    Open,
    Assigned,
    /// Waits for whoever asked to say how good the answer is; nobody has to.
    Answered,
    Rated,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Open, Self::Assigned, Self::Answered, Self::Rated];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::Answered => "answered",
            Self::Rated => "rated",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// True while the branch has something to do.
    pub const fn waits_for_branch(self) -> bool {
        matches!(self, Self::Open | Self::Assigned)
    }
}

/// What was done about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Somebody sees to it, by a day.
    Assigned,
    Answered,
    /// Whoever asked said how good the answer is: it is closed.
    Rated,
    /// Whoever asked asks again.
    Reopened,
}

impl Step {
    pub const ALL: [Self; 4] = [Self::Assigned, Self::Answered, Self::Rated, Self::Reopened];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Answered => "answered",
            Self::Rated => "rated",
            Self::Reopened => "reopened",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }

    /// True if it may be taken where a request stands so.
    pub const fn may_follow(self, state: State) -> bool {
        match self {
            Self::Assigned | Self::Answered => state.waits_for_branch(),
            Self::Rated => matches!(state, State::Answered),
            Self::Reopened => matches!(state, State::Answered | State::Rated),
        }
    }

    /// Where it leaves the request.
    pub const fn leaves(self) -> State {
        match self {
            Self::Assigned => State::Assigned,
            Self::Answered => State::Answered,
            Self::Rated => State::Rated,
            Self::Reopened => State::Open,
        }
    }
}

/// Characters of what is said.
pub const MOST_CHARACTERS: usize = 500;
/// Worst and best of a rating.
pub const RATINGS: std::ops::RangeInclusive<i64> = 1..=3;

/// What a person typed, fit to be kept: something, not too much, line ends kept as blanks.
pub fn said(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && text.chars().count() <= MOST_CHARACTERS).then_some(text)
}

/// Requests asked in one month, without who asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Month {
    pub asked: i64,
    pub answered: i64,
    /// Half of those answered were answered within so many hours; `None` before the first answer.
    pub median_hours: Option<i64>,
    pub rated: i64,
    pub content: i64,
    pub reopened: i64,
}

/// One request's times, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub asked_at: Instant,
    pub answered_at: Option<Instant>,
    /// The last rating, 0 for none.
    pub rating: i64,
    pub reopened: bool,
}

impl Month {
    /// Counts a month's requests.
    pub fn of(times: &[Times]) -> Self {
        let count = |is: &dyn Fn(&Times) -> bool| times.iter().map(|t| i64::from(is(t))).sum();
        let mut hours: Vec<i64> =
            times.iter().filter_map(|t| Some(begun_hours((t.answered_at? - t.asked_at).num_seconds()))).collect();
        hours.sort_unstable();
        // of an even number the later of the two in the middle: never better than it was
        let median_hours = hours.get(hours.len() / 2).copied();
        Self {
            asked: count(&|_| true),
            answered: count(&|t| t.answered_at.is_some()),
            median_hours,
            rated: count(&|t| t.rating > 0),
            content: count(&|t| t.rating == *RATINGS.end()),
            reopened: count(&|t| t.reopened),
        }
    }
}

/// Hours that have begun: an answer after three hours and a minute did not take three.
const fn begun_hours(seconds: i64) -> i64 {
    const HOUR_SECONDS: i64 = 3_600;
    (seconds + HOUR_SECONDS - 1) / HOUR_SECONDS
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]
mod tests {
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};
    use chrono::TimeDelta;
    use proptest::prelude::*;

    #[test]
    fn what_a_request_is_about_is_read_as_it_is_written() {
        for about in [About::Line(7), About::Payout(2), About::Month(parse_day("2026-02-01").unwrap())] {
            assert_eq!(About::parse(about.kind(), &about.which()), Some(about));
        }
        for (kind, which) in [("line", "0"), ("line", "x"), ("month", "2026-13"), ("order", "1")] {
            assert_eq!(About::parse(kind, which), None, "{kind} {which}");
        }
    }

    #[test]
    fn what_is_said_is_something_and_not_too_much() {
        assert_eq!(said(" 少算了\r\n 一箱 "), Some("少算了 一箱".to_owned()));
        assert_eq!(said(" \n"), None);
        assert_eq!(said(&"长".repeat(MOST_CHARACTERS + 1)), None);
    }

    #[test]
    fn half_are_answered_within_the_median() {
        let asked_at = start_of(parse_day("2026-02-01").unwrap());
        let times = |hours: Option<i64>, rating, reopened| Times {
            asked_at,
            answered_at: hours.map(|hours| asked_at + TimeDelta::hours(hours)),
            rating,
            reopened,
        };
        let all =
            [times(Some(3), 3, false), times(Some(90), 1, true), times(None, 0, false), times(Some(10), 0, false)];
        let expected = Month { asked: 4, answered: 3, median_hours: Some(10), rated: 2, content: 1, reopened: 1 };
        assert_eq!(Month::of(&all), expected);
        assert_eq!(Month::of(&all[..2]).median_hours, Some(90));
        assert_eq!(Month::of(&[]), Month::default());
    }

    proptest! {
        /// Whatever is tried in whatever order, an answer is rated only once, and nothing is answered that was.
        #[test]
        fn a_request_goes_round_in_its_order(tried in prop::collection::vec(0_usize..4, 0..30)) {
            let mut state = State::Open;
            let (mut answers, mut ratings) = (0, 0);
            for step in tried.into_iter().map(|place| Step::ALL[place]) {
                if !step.may_follow(state) {
                    continue;
                }
                answers += i64::from(step == Step::Answered);
                ratings += i64::from(step == Step::Rated);
                prop_assert!(ratings <= answers, "an answer is rated once");
                state = step.leaves();
                prop_assert_eq!(State::parse(state.key()), Some(state));
                prop_assert_eq!(Step::parse(step.key()), Some(step));
            }
        }
    }
}
