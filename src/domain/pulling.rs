//! When a shop is asked next: after a pull, and after one that failed.
//!
//! Rule: what a person must mend is tried seldom, what mends itself soon, and each failure in a row waits twice as long
//! up to a bound, so that a shop in trouble costs the others nothing and comes back by itself.
//!
//! Not here: asking again within one pull (`platforms::retry`), whose turn it is (`store::leases`).

use super::calendar::{Day, Instant, day_of, start_of};
use chrono::TimeDelta;

/// How often a shop is pulled where nothing else is set.
pub const EVERY: TimeDelta = TimeDelta::minutes(15);
/// How often its last weeks are asked for once more: what arrived late under an old time is found then.
pub const AGAIN_EVERY: TimeDelta = TimeDelta::days(1);
/// How far back that reaches.
pub const AGAIN_REACH: TimeDelta = TimeDelta::days(30);
/// How far back interfaces show orders, a day to spare: a first pull begins there.
pub const FIRST_PULL: TimeDelta = TimeDelta::days(89);
/// Pulling that is further behind than this is being caught up with, and shown with how far it has come.
pub const BEHIND: TimeDelta = TimeDelta::days(2);
/// The first day from which interfaces can be asked whenever the next turn comes: the shop's windows reach back over their
/// beginning, and a turn may be late.
pub fn first_day_in_reach(now: Instant) -> Day {
    day_of(now - FIRST_PULL) + TimeDelta::days(2)
}

/// How long a turn stands without a sign of life.
pub const LEASE: TimeDelta = TimeDelta::minutes(2);

/// Why a pull failed, sorted by when it is worth trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Keys, permissions or authorisation: a person has to look.
    Denied,
    /// Too fast; the platform may say for how long to wait.
    Throttled {
        retry_after: Option<TimeDelta>,
    },
    /// Today's calls are used up.
    Exhausted,
    Unreachable,
    /// The platform refuses the question, or its answer is not understood.
    Refused,
    /// Our own: the database, a stored secret that does not open.
    Fault,
    /// A span that the interface no longer shows: passed over, and missing until its file is imported.
    OutOfReach,
}

impl Trouble {
    const ALL: [Self; 7] = [
        Self::Denied,
        Self::Throttled { retry_after: None },
        Self::Exhausted,
        Self::Unreachable,
        Self::Refused,
        Self::Fault,
        Self::OutOfReach,
    ];

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.key() == key)
    }

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Throttled { .. } => "throttled",
            Self::Exhausted => "exhausted",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Fault => "fault",
            Self::OutOfReach => "out_of_reach",
        }
    }

    /// First wait, and the longest.
    const fn waits(self) -> (TimeDelta, TimeDelta) {
        match self {
            Self::Denied | Self::Refused | Self::OutOfReach => (TimeDelta::hours(1), TimeDelta::days(1)),
            Self::Throttled { .. } => (TimeDelta::minutes(2), TimeDelta::hours(1)),
            Self::Unreachable => (TimeDelta::minutes(1), TimeDelta::hours(1)),
            Self::Exhausted | Self::Fault => (TimeDelta::minutes(5), TimeDelta::hours(1)),
        }
    }

    /// When to try again, `failures` tries in a row having failed with this one.
    pub fn next_try(self, failures: i64, now: Instant) -> Instant {
        let (first, longest) = self.waits();
        let doublings = u32::try_from(failures.clamp(1, 16) - 1).expect("clamped");
        let backed_off = now + longest.min(first * 2_i32.pow(doublings));
        match self {
            Self::Throttled { retry_after: Some(asked) } => backed_off.max(now + asked),
            // the platform's day is the county's; its counter may be a little late
            Self::Exhausted => backed_off.max(start_of(day_of(now) + TimeDelta::days(1)) + first),
            _ => backed_off,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{local, parse_day};

    const ALL: [Trouble; 6] = [
        Trouble::Denied,
        Trouble::Throttled { retry_after: None },
        Trouble::Exhausted,
        Trouble::Unreachable,
        Trouble::Refused,
        Trouble::Fault,
    ];

    fn noon() -> Instant {
        local(parse_day("2026-02-03").and_then(|day| day.and_hms_opt(12, 0, 0)).expect("a time"))
    }

    #[test]
    fn each_failure_waits_longer_up_to_a_bound() {
        for trouble in ALL {
            let waits: Vec<TimeDelta> = (1..40).map(|n| trouble.next_try(n, noon()) - noon()).collect();
            assert!(waits.is_sorted() && waits[0] >= TimeDelta::minutes(1), "{trouble:?} {waits:?}");
            assert!(waits.iter().all(|wait| *wait <= TimeDelta::days(1)), "{trouble:?}");
        }
        assert_eq!(Trouble::Unreachable.next_try(3, noon()), noon() + TimeDelta::minutes(4));
        assert_eq!(Trouble::Denied.next_try(9, noon()), noon() + TimeDelta::days(1));
    }

    #[test]
    fn a_platform_that_says_when_is_taken_at_its_word() {
        let asked = Trouble::Throttled { retry_after: Some(TimeDelta::hours(3)) };
        assert_eq!(asked.next_try(1, noon()), noon() + TimeDelta::hours(3));
        assert_eq!(day_of(Trouble::Exhausted.next_try(1, noon())), parse_day("2026-02-04").expect("a day"));
    }
}
