//! 党员发展: five stages in order, and the least time between them.
//!
//! Rules (中国共产党发展党员工作细则): an applicant is 18 or older; an activist is one for a year at least before becoming a
//! candidate, and is reviewed every half-year; a candidate has had three days of training before being admitted on
//! probation; probation lasts a year from the day it began. Nothing else is enforced, and nothing else is kept.

use super::calendar::Day;
use super::ladder::{FULL_AGE, age_on};
use chrono::{Months, TimeDelta};

/// Days of the short training before probation.
const TRAINING_DAYS: i64 = 3;
const YEAR: Months = Months::new(12);
const HALF_YEAR: Months = Months::new(6);

/// A stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// 入党申请人
    Applicant,
    /// 入党积极分子
    Activist,
    /// 发展对象
    Candidate,
    /// 预备党员
    Probationary,
    /// 正式党员
    Full,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Applicant, Self::Activist, Self::Candidate, Self::Probationary, Self::Full];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Activist => "activist",
            Self::Candidate => "candidate",
            Self::Probationary => "probationary",
            Self::Full => "full",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// The one after; `None` after the last.
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|&s| s > self)
    }
}

/// The first day the stage after one that began on a day can begin.
pub fn earliest_next(stage: Stage, since: Day) -> Option<Day> {
    match stage {
        Stage::Applicant => since.succ_opt(),
        Stage::Activist | Stage::Probationary => since.checked_add_months(YEAR),
        Stage::Candidate => Some(since + TimeDelta::days(TRAINING_DAYS)),
        Stage::Full => None,
    }
}

/// Why a stage cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The stage before is not recorded, or this one is.
    NotNext,
    /// Before its first day.
    TooEarly { first: Day },
    /// Nobody knows the age of who applies.
    BirthUnknown,
}

/// Checks a stage that would begin on a day.
pub fn check(last: Option<(Stage, Day)>, born_on: Option<Day>, stage: Stage, on: Day) -> Result<(), Refused> {
    let Some((before, since)) = last else {
        if stage != Stage::Applicant {
            return Err(Refused::NotNext);
        }
        let born_on = born_on.ok_or(Refused::BirthUnknown)?;
        if age_on(born_on, on) < FULL_AGE {
            let years = Months::new(FULL_AGE.unsigned_abs() * 12);
            return Err(born_on
                .checked_add_months(years)
                .map_or(Refused::BirthUnknown, |first| Refused::TooEarly { first }));
        }
        return Ok(());
    };
    if before.next() != Some(stage) {
        return Err(Refused::NotNext);
    }
    match earliest_next(before, since) {
        Some(first) if on < first => Err(Refused::TooEarly { first }),
        _ => Ok(()),
    }
}

/// What is next for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The half-year's review of an activist.
    Review { on: Day },
    /// The next stage can begin from this day on.
    Stage { stage: Stage, from: Day },
}

/// The next step and its day, as seen on a day.
pub fn due(stage: Stage, since: Day, today: Day) -> Option<Due> {
    let next = Due::Stage { stage: stage.next()?, from: earliest_next(stage, since)? };
    if stage == Stage::Activist
        && let Some(review) = since.checked_add_months(HALF_YEAR).filter(|&review| review >= today)
    {
        return Some(Due::Review { on: review });
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::parse_day;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    #[test]
    fn an_applicant_is_eighteen() {
        let apply = |born: Option<&str>| check(None, born.map(day), Stage::Applicant, day("2026-03-01"));
        assert_eq!(apply(None), Err(Refused::BirthUnknown));
        assert_eq!(apply(Some("2008-03-01")), Ok(()));
        assert_eq!(apply(Some("2008-03-02")), Err(Refused::TooEarly { first: day("2026-03-02") }));
    }

    #[test]
    fn stages_come_in_order_and_in_their_time() {
        let after = |stage, on: &str, next, then: &str| check(Some((stage, day(on))), None, next, day(then));
        assert_eq!(after(Stage::Applicant, "2025-01-01", Stage::Candidate, "2026-01-01"), Err(Refused::NotNext));
        assert_eq!(
            after(Stage::Activist, "2025-02-01", Stage::Candidate, "2026-01-31"),
            Err(Refused::TooEarly { first: day("2026-02-01") })
        );
        assert_eq!(after(Stage::Activist, "2025-02-01", Stage::Candidate, "2026-02-01"), Ok(()));
        assert!(after(Stage::Candidate, "2026-02-01", Stage::Probationary, "2026-02-03").is_err());
        assert_eq!(after(Stage::Probationary, "2025-02-01", Stage::Full, "2026-02-01"), Ok(()));
        assert_eq!(after(Stage::Full, "2025-02-01", Stage::Applicant, "2026-02-01"), Err(Refused::NotNext));
    }

    #[test]
    fn an_activist_is_reviewed_before_the_year_is_over() {
        let since = day("2026-01-10");
        assert_eq!(due(Stage::Activist, since, day("2026-03-01")), Some(Due::Review { on: day("2026-07-10") }));
        let next = Due::Stage { stage: Stage::Candidate, from: day("2027-01-10") };
        assert_eq!(due(Stage::Activist, since, day("2026-08-01")), Some(next));
        assert_eq!(due(Stage::Full, since, day("2026-08-01")), None);
    }
}
