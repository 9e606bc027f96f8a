//! How much slower each wrong guess makes the next: passwords, and the digits of a slip.
//!
//! Failures are counted three ways. By *pair* (a name from an address) and by *address* the wait doubles up to a quarter
//! of an hour: that is the guesser's own doing. By *account*, over all addresses, it stays under a minute, and a pair
//! that once succeeded does not wait for it at all: however many strangers try, the owner at the usual desk gets in, and
//! from a new one waits a minute at most. Nothing is ever locked for good. A guess made too early is refused unread and
//! not counted, so that waiting always ends.

use super::calendar::Instant;
use chrono::TimeDelta;

/// By what failures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Account,
    Address,
    Pair,
}

impl Kind {
    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
            Self::Pair => "pair",
        }
    }

    /// Guesses that cost nothing, and the longest wait in seconds.
    const fn limits(self) -> (i64, i64) {
        match self {
            // a family or an office may sit behind one address
            Self::Address => (20, 900),
            Self::Account => (10, 45),
            Self::Pair => (3, 900),
        }
    }
}

/// What is known of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    pub failures: i64,
    /// The last of them; `None`: there was none.
    pub failed_at: Option<Instant>,
    /// Somebody got in under this key before.
    pub succeeded: bool,
}

/// Failures older than this are forgotten.
pub const FORGOTTEN_HOURS: i64 = 24;
/// Wrong digits that end a slip.
pub const SLIP_GUESSES: i64 = 5;

/// Seconds to wait before the next guess; 0: go on.
pub fn wait_seconds(kind: Kind, counted: &Counted, now: Instant) -> i64 {
    let Some(failed_at) = counted.failed_at else { return 0 };
    let since = (now - failed_at).num_seconds().max(0);
    let (free, longest) = kind.limits();
    if counted.failures < free || since >= FORGOTTEN_HOURS * 3_600 {
        return 0;
    }
    let doublings = u32::try_from((counted.failures - free).min(30)).unwrap_or(30);
    let wait = (2_i64 << doublings).min(longest);
    (wait - since).max(0)
}

/// The longest of the waits that hold a sign-in up.
pub fn sign_in_wait(account: &Counted, address: &Counted, pair: &Counted, now: Instant) -> i64 {
    let of_account = if pair.succeeded { 0 } else { wait_seconds(Kind::Account, account, now) };
    of_account.max(wait_seconds(Kind::Address, address, now)).max(wait_seconds(Kind::Pair, pair, now))
}

/// The instant before which failures are forgotten.
pub fn forgotten_before(now: Instant) -> Instant {
    now - TimeDelta::hours(FORGOTTEN_HOURS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(1_769_900_000 + seconds, 0).expect("an instant")
    }

    fn failed(failures: i64) -> Counted {
        Counted { failures, failed_at: Some(at(0)), succeeded: false }
    }

    #[test]
    fn each_wrong_guess_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (1..=16).map(|n| wait_seconds(Kind::Pair, &failed(n), at(0))).collect();
        assert_eq!(waits[..6], [0, 0, 2, 4, 8, 16]);
        assert_eq!(waits.last(), Some(&900));
        assert!(waits.windows(2).all(|w| w[0] <= w[1]));
    }

    #[test]
    fn waiting_ends_and_old_failures_are_forgotten() {
        assert_eq!(wait_seconds(Kind::Pair, &failed(1_000_000), at(900)), 0);
        assert_eq!(wait_seconds(Kind::Address, &failed(1_000_000), at(FORGOTTEN_HOURS * 3_600)), 0);
    }

    #[test]
    fn a_stranger_cannot_keep_the_owner_out() {
        let (attacked, fresh) = (failed(1_000_000), Counted::default());
        let usual = Counted { succeeded: true, ..Counted::default() };
        assert_eq!(sign_in_wait(&attacked, &fresh, &usual, at(0)), 0, "at the usual address");
        assert!(sign_in_wait(&attacked, &fresh, &fresh, at(0)) < 60, "at a new address, less than a minute");
    }

    #[test]
    fn many_names_from_one_address_are_slowed_as_well() {
        assert!(sign_in_wait(&Counted::default(), &failed(40), &Counted::default(), at(1)) > 60);
    }
}
