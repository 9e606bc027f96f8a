//! When to ask again, and how long to wait before: longer each time, a little different for everybody, not for ever.
//!
//! Rule: only what may mend itself is tried again (throttled, unreachable), at most [`MAX_TRIES`] times in all, and no
//! single wait is longer than [`LONGEST_WAIT`], whatever the platform asks for: a pull that long delayed is better ended
//! and begun again from its checkpoint.
//!
//! Half of each wait is fixed and half is drawn, so that shops that failed together do not come back together. The
//! source of the draw is an argument, so a test and the demo can repeat it.

use super::PlatformError;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Calls made for one answer, the first one counted.
pub const MAX_TRIES: u32 = 5;
/// The wait after the first failure, before the draw.
const FIRST_WAIT: Duration = Duration::from_millis(800);
/// No wait is longer.
pub const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Where the uneven part of a wait comes from.
#[derive(Debug)]
pub struct Jitter(Mutex<ChaCha8Rng>);

impl Jitter {
    /// A source that can be repeated; outside tests and demo the seed is drawn by the caller.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }

    /// Between nothing and `most`.
    fn draw(&self, most: Duration) -> Duration {
        let most_ms = u64::try_from(most.as_millis()).expect("waits are short");
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Duration::from_millis(source.random_range(0..=most_ms))
    }
}

/// The tries made for one answer.
#[derive(Debug)]
pub struct Backoff<'a> {
    jitter: &'a Jitter,
    failures: u32,
}

impl<'a> Backoff<'a> {
    pub const fn new(jitter: &'a Jitter) -> Self {
        Self { jitter, failures: 0 }
    }

    /// How long to wait before asking again after this failure; `None`: give up and hand the error on.
    pub fn wait_after(&mut self, error: &PlatformError) -> Option<Duration> {
        self.failures += 1;
        if !error.is_transient() || self.failures >= MAX_TRIES {
            return None;
        }
        let planned = FIRST_WAIT * 2_u32.pow(self.failures - 1);
        let wait = planned / 2 + self.jitter.draw(planned / 2);
        let asked = match error {
            PlatformError::Throttled { retry_after: Some(asked), .. } => *asked,
            _ => Duration::ZERO,
        };
        Some(wait.max(asked).min(LONGEST_WAIT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down() -> PlatformError {
        PlatformError::Unreachable { context: "down".to_owned() }
    }

    #[test]
    fn waits_grow_and_end_after_the_last_try() {
        let jitter = Jitter::seeded(7);
        let mut backoff = Backoff::new(&jitter);
        let waits: Vec<Option<Duration>> = (0..MAX_TRIES).map(|_| backoff.wait_after(&down())).collect();
        for (failures, wait) in waits[..4].iter().enumerate() {
            let planned = FIRST_WAIT * 2_u32.pow(u32::try_from(failures).expect("few"));
            let wait = wait.expect("a wait");
            assert!(planned / 2 <= wait && wait <= planned, "{wait:?} after {failures} failures");
        }
        assert_eq!(waits[4], None);
    }

    #[test]
    fn what_cannot_mend_itself_is_not_tried_again() {
        let jitter = Jitter::seeded(7);
        let denied = PlatformError::Denied { context: "closed".to_owned() };
        assert_eq!(Backoff::new(&jitter).wait_after(&denied), None);
    }

    #[test]
    fn a_stated_wait_is_kept_up_to_the_longest() {
        let jitter = Jitter::seeded(7);
        let throttled = |seconds| PlatformError::Throttled {
            retry_after: Some(Duration::from_secs(seconds)),
            context: "slow down".to_owned(),
        };
        assert_eq!(Backoff::new(&jitter).wait_after(&throttled(9)), Some(Duration::from_secs(9)));
        assert_eq!(Backoff::new(&jitter).wait_after(&throttled(86_400)), Some(LONGEST_WAIT));
    }

    #[test]
    fn two_shops_do_not_wait_alike() {
        let (a, b) = (Jitter::seeded(1), Jitter::seeded(2));
        assert_ne!(Backoff::new(&a).wait_after(&down()), Backoff::new(&b).wait_after(&down()));
    }
}
