//! Days of the world in memory: made on demand, the oldest let go.
//!
//! A question about a window looks back as far as an order lives ([`LIFETIME_DAYS`]); keeping a little more than that
//! for both shops makes a pull that walks forward generate every day once. A question about long ago makes its days
//! again, which is slow and right.

use super::listing::{Listing, ListingKey, Listings};
use crate::domain::calendar::Day;
use crate::sandbox::world::orders::{Line, Order};
use crate::sandbox::world::shops::Shop;
use crate::sandbox::world::{LIFETIME_DAYS, World, first_day, numbers};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Days kept over both shops: a lifetime and three weeks of each.
const KEPT: usize = 200;
const _: () = assert!(LIFETIME_DAYS < 90, "a pull would make each day again at every step");

/// A day's orders.
pub type DayOrders = Arc<Vec<Order>>;

/// The world, with the days that were asked for lately.
#[derive(Debug)]
pub struct Archive {
    world: World,
    days: Mutex<BTreeMap<(Day, Shop), DayOrders>>,
    listings: Listings,
}

impl Archive {
    /// Of a world.
    pub fn new(world: World) -> Self {
        Self { world, days: Mutex::default(), listings: Listings::default() }
    }

    /// The orders born on a day.
    pub fn day(&self, shop: Shop, day: Day) -> DayOrders {
        if let Some(orders) = self.days.lock().unwrap_or_else(PoisonError::into_inner).get(&(day, shop)) {
            return Arc::clone(orders);
        }
        // Made outside the lock: two requests may make the same day, and make the same.
        let orders = Arc::new(self.world.day(shop, day));
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        days.insert((day, shop), Arc::clone(&orders));
        while days.len() > KEPT {
            days.pop_first();
        }
        orders
    }

    /// The days from `from` to `to`, both included, none before the world begins.
    pub fn days(&self, shop: Shop, from: Day, to: Day) -> Vec<DayOrders> {
        let mut day = from.max(first_day());
        let mut days = Vec::new();
        while day <= to {
            days.push(self.day(shop, day));
            day += TimeDelta::days(1);
        }
        days
    }

    /// An order of a shop, by the number of the order or of one of its lines.
    pub fn order(&self, shop: Shop, number: u64) -> Option<(DayOrders, usize)> {
        let (order_no, born_in, day) = numbers::birth(number)?;
        let orders = (born_in == shop).then(|| self.day(shop, day))?;
        let at = orders.iter().position(|o| o.order_no == order_no)?;
        Some((orders, at))
    }

    /// The rows of a window; see [`Listings`].
    pub fn listing(&self, key: ListingKey, now: i64, make: impl FnOnce() -> Listing) -> Arc<Listing> {
        self.listings.get_or_make(key, now, make)
    }
}

/// The line of an order that has a number.
pub fn line_of(order: &Order, line_no: u64) -> Option<&Line> {
    order.lines.iter().find(|l| l.line_no == line_no)
}
