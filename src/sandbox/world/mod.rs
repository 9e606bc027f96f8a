//! What happens in the shops: streams, orders, parcels, refunds, statements. Pure; no clock, no I/O.
//!
//! Rule that must hold: [`World::day`] is a function of (seed, scale, quirks, shop, day) and of nothing else. Every day
//! draws from its own generator, seeded with exactly these, so days can be made in any order and thrown away.
//!
//! A day holds the orders born in it, each with its complete timeline up to the last statement row; what the platform
//! shows at a moment is read off the timeline ([`orders::Order`]). No timeline is longer than [`LIFETIME_DAYS`], which
//! bounds how far back a question about a window has to look.
//!
//! The parameters are those of a very good team; the sums they earn are held by a test, not written down anywhere.

pub mod aftermath;
pub mod dice;
pub mod goods;
pub mod making;
pub mod numbers;
pub mod orders;
pub mod people;
pub mod season;
pub mod shops;
pub mod streams;

use crate::domain::calendar::Day;
use crate::domain::money::round_div;
use chrono::{Datelike, NaiveDate, TimeDelta};
use orders::Order;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shops::Shop;
use std::str::FromStr;

/// Seconds in a day.
pub const DAY_SECONDS: i64 = 86_400;
/// No order has an event later than this after the day it was born.
pub const LIFETIME_DAYS: i64 = 80;

/// The Monday the world begins: the month the scheme's joint committee was set up.
pub fn first_day() -> Day {
    NaiveDate::from_ymd_opt(2022, 10, 10).expect("a valid date")
}

/// The Monday of a day's week.
pub fn monday_of(day: Day) -> Day {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

/// Days since the world began; negative before.
pub fn day_index(day: Day) -> i64 {
    (day - first_day()).num_days()
}

/// Weeks since the world began; negative before.
pub fn week_index(day: Day) -> i64 {
    day_index(day).div_euclid(7)
}

/// How large the world is: a factor on the lines of every stream, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    ppm: i64,
}

impl Scale {
    const WHOLE_PPM: i64 = 1_000_000;
    /// The county as it is described.
    pub const FULL: Self = Self { ppm: Self::WHOLE_PPM };

    /// `count × scale`, rounded half up.
    pub fn of(self, count: i64) -> i64 {
        round_div(i128::from(count) * i128::from(self.ppm), i128::from(Self::WHOLE_PPM))
    }
}

impl FromStr for Scale {
    type Err = String;

    /// Reads a decimal such as `0.02`.
    fn from_str(text: &str) -> Result<Self, String> {
        let ppm = Decimal::from_str(text)
            .ok()
            .and_then(|d| (d * Decimal::from(Self::WHOLE_PPM)).trunc().to_i64())
            .filter(|ppm| (1..=10 * Self::WHOLE_PPM).contains(ppm));
        ppm.map(|ppm| Self { ppm }).ok_or_else(|| format!("scale {text:?}: give a number above 0, at most 10 (0.02)"))
    }
}

/// Departures from the usual course that are asked for by fault, and belong to the world rather than the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quirks {
    /// Nearly every second line of fruit is compensated in part.
    pub partial_refunds: bool,
    /// A third of the statement rows come three to five weeks late.
    pub late_settlement: bool,
}

/// A world: everything follows from these three values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct World {
    pub seed: u64,
    pub scale: Scale,
    pub quirks: Quirks,
}

impl World {
    /// The usual world of a seed.
    pub fn new(seed: u64, scale: Scale) -> Self {
        Self { seed, scale, quirks: Quirks::default() }
    }

    /// The orders born in a shop on a day, with their complete timelines. Orders of a stream past midnight belong to
    /// the day it started. Empty before the world begins.
    pub fn day(&self, shop: Shop, day: Day) -> Vec<Order> {
        making::orders_of_day(self, shop, day)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn scale_is_read_exactly_and_rounds_half_up() {
        let small: Scale = "0.02".parse().unwrap();
        assert_eq!((small.of(255), small.of(75), Scale::FULL.of(255)), (5, 2, 255));
        assert!("0".parse::<Scale>().is_err() && "eleven".parse::<Scale>().is_err() && "11".parse::<Scale>().is_err());
    }

    #[test]
    fn the_world_begins_on_a_monday() {
        assert_eq!(monday_of(first_day()), first_day());
        let last = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(week_index(last), 215);
    }
}
