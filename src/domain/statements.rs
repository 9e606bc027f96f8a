//! When the statements of a day are there to be read, and whether they were.
//!
//! Platforms state what they settled a while after the day is over. Until then nothing is missing; and what can be read by
//! now is missing only once somebody has asked for it. Rule: money that stands only in a statement nobody could have read
//! is waited for, never held against the books.
//!
//! Not here: how long each platform takes (`platforms`), how far a shop was pulled (`store::evidence`).

use super::calendar::{Day, Instant, start_of};
use chrono::TimeDelta;

/// Why a day's statements are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Waits {
    /// The platform has not stated the day yet.
    NotDue,
    /// It has, and the shop was not pulled since.
    NotAsked,
}

impl Waits {
    const ALL: [Self; 2] = [Self::NotDue, Self::NotAsked];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotDue => "not_due",
            Self::NotAsked => "not_asked",
        }
    }

    /// Reads [`Self::key`]; '' is none.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|waits| waits.key() == key)
    }
}

/// What is known of a shop's statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watermark {
    /// Everything that was there to be read up to this moment was read; `None`: the shop was never asked.
    pub read_to: Option<Instant>,
    /// How long after a day's end its statements are all there.
    pub stated_after: TimeDelta,
    pub now: Instant,
}

impl Watermark {
    /// Whether a day's statements are waited for, and why.
    pub fn waits(&self, day: Day) -> Option<Waits> {
        let there_at = start_of(day + TimeDelta::days(1)) + self.stated_after;
        match self.read_to {
            Some(read_to) if read_to >= there_at => None,
            _ if self.now < there_at => Some(Waits::NotDue),
            _ => Some(Waits::NotAsked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    #[test]
    fn a_day_is_read_when_somebody_asked_after_it_was_stated() {
        let day = parse_day("2026-02-03").expect("a day");
        let there_at = start_of(day) + TimeDelta::hours(39);
        let of = |read_to, now| Watermark { read_to, stated_after: TimeDelta::hours(15), now }.waits(day);
        let (before, after) = (there_at - TimeDelta::seconds(1), there_at + TimeDelta::hours(4));
        assert_eq!(of(Some(before), before), Some(Waits::NotDue));
        assert_eq!(of(Some(before), after), Some(Waits::NotAsked), "the pull was too early");
        assert_eq!(of(Some(there_at), after), None);
        assert_eq!(of(None, after), Some(Waits::NotAsked));
        assert!(Waits::ALL.into_iter().all(|waits| Waits::parse(waits.key()) == Some(waits)));
        assert_eq!(Waits::parse(""), None);
    }
}
