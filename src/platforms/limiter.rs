//! How fast a shop may be asked: so many calls a second on average, with a small burst.
//!
//! Rule: the wait is on the clock passed in. On a world clock it costs no real time, and the limit is still obeyed by
//! that world's own reckoning, because waiting moves it.
//!
//! Why one number of the next free place and no bucket being refilled: nothing runs between calls, and two callers at
//! one moment get two places, in order.

use crate::clock::Clock;
use crate::domain::calendar::Instant;
use chrono::TimeDelta;
use std::sync::{Mutex, PoisonError};

/// One shop's limit.
#[derive(Debug)]
pub struct Limiter {
    interval: TimeDelta,
    /// How far ahead of the steady pace a burst may run.
    lead: TimeDelta,
    /// When the steady pace would let the next call through.
    due_at: Mutex<Option<Instant>>,
}

impl Limiter {
    /// `per_second` calls a second, `burst` of them at once. Both at least 1.
    pub fn new(per_second: i32, burst: i32) -> Self {
        assert!(per_second >= 1 && burst >= 1, "a limit of no calls is no limit");
        let interval = TimeDelta::seconds(1) / per_second;
        Self { interval, lead: interval * (burst - 1), due_at: Mutex::new(None) }
    }

    /// Waits for a place.
    pub async fn acquire(&self, clock: &Clock) {
        let wait = self.take_place(clock.now());
        if let Ok(wait) = wait.to_std() {
            clock.sleep(wait).await;
        }
    }

    /// Takes the next place and says how long it is until then; zero or less: at once.
    fn take_place(&self, now: Instant) -> TimeDelta {
        let mut due_at = self.due_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = due_at.map_or(now, |at| at.max(now));
        *due_at = Some(due + self.interval);
        due - self.lead - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    #[tokio::test]
    async fn a_burst_passes_at_once_and_the_rest_at_the_steady_pace() {
        let clock = Clock::at_end_of(parse_day("2026-11-23").expect("a day"));
        let started = clock.now();
        let limiter = Limiter::new(10, 3);
        let mut passed_ms = Vec::new();
        for _ in 0..6 {
            limiter.acquire(&clock).await;
            passed_ms.push((clock.now() - started).num_milliseconds());
        }
        assert_eq!(passed_ms, [0, 0, 0, 100, 200, 300]);
    }

    #[tokio::test]
    async fn unused_places_are_not_saved_beyond_the_burst() {
        let clock = Clock::at_end_of(parse_day("2026-11-23").expect("a day"));
        let limiter = Limiter::new(10, 2);
        limiter.acquire(&clock).await;
        clock.advance_to(clock.now() + TimeDelta::hours(1));
        let rested = clock.now();
        for _ in 0..3 {
            limiter.acquire(&clock).await;
        }
        assert_eq!((clock.now() - rested).num_milliseconds(), 100);
    }
}
