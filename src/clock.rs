//! Time comes in as an argument. The only place that reads the system's clock.
//!
//! The demo's world clock makes years pass in minutes: sleeping on it moves it, so rate limits and backoff are obeyed
//! and cost no real time.

use crate::domain::calendar::{Day, Instant, day_of, start_of};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A clock that can be read and waited on.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's.
    System,
    /// A world's own, in microseconds since 1970: waiting advances it.
    World(Arc<AtomicI64>),
}

impl Clock {
    /// A world clock standing at an instant.
    pub fn world(at: Instant) -> Self {
        Self::World(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// A world clock in the last second of a day, for `--today` and `--at`: everything that happened that day has.
    pub fn at_end_of(day: Day) -> Self {
        Self::world(start_of(day) + TimeDelta::days(1) - TimeDelta::seconds(1))
    }

    /// Now.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => Utc::now(),
            Self::World(micros) => DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst))
                .expect("a world's time is a valid instant"),
        }
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> Day {
        day_of(self.now())
    }

    /// Waits. On a world clock nothing waits: the time passes at once.
    #[allow(clippy::disallowed_methods, reason = "the one place that waits on the system's clock")]
    pub async fn sleep(&self, duration: Duration) {
        match self {
            Self::System => tokio::time::sleep(duration).await,
            Self::World(micros) => {
                let step = i64::try_from(duration.as_micros()).expect("waits are short");
                micros.fetch_add(step, Ordering::SeqCst);
            }
        }
    }

    /// Waits beside something else that takes its time. On a world clock only waiting takes time, so this waits for ever.
    pub async fn meanwhile(&self, duration: Duration) {
        match self {
            Self::System => self.sleep(duration).await,
            Self::World(_) => std::future::pending().await,
        }
    }

    /// Moves a world clock forward to an instant; it never goes back. Does nothing to the machine's.
    pub fn advance_to(&self, at: Instant) {
        if let Self::World(micros) = self {
            micros.fetch_max(at.timestamp_micros(), Ordering::SeqCst);
        }
    }
}
