//! The rows of a window, in order, kept between the pages of one question.
//!
//! A listing holds as long as nothing in it changes: it is made for a moment, knows the next moment anything it looked
//! at changes, and is made afresh after that, so pages move under a slow client exactly as on the platform, and a quick
//! client does not pay for sorting the window a hundred times.

use super::archive::{Archive, DayOrders};
use crate::domain::calendar::{Day, day_of};
use crate::sandbox::world::DAY_SECONDS;
use crate::sandbox::world::LIFETIME_DAYS;
use crate::sandbox::world::dice::mix;
use crate::sandbox::world::orders::{Line, Order};
use crate::sandbox::world::shops::Shop;
use chrono::DateTime;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Listings kept; each holds some ten thousand rows at most.
const KEPT: usize = 6;

/// What a listing is asked for. Windows include their start and not their end, in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingKey {
    pub shop: Shop,
    pub kind: Kind,
    pub created: Window,
    pub updated: Window,
    pub sort: Sort,
    pub ascending: bool,
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Orders,
    /// Orders whose settlement is a change of theirs, completed ones alone where that is asked for.
    SettlingOrders {
        completed_only: bool,
    },
    /// Lines, each an order of its own.
    Lines,
    AfterSales,
    Bills,
}

/// By which of its times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Created,
    Updated,
}

/// A half-open range of Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: i64,
    pub to: i64,
}

impl Window {
    /// All of time.
    pub const ALWAYS: Self = Self { from: 0, to: i64::MAX };

    fn holds(self, at: i64) -> bool {
        self.from <= at && at < self.to
    }
}

/// Where a row's record is: day, order in it, line in that; and its times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub at: i64,
    pub number: u64,
    day: usize,
    order: usize,
    line: usize,
    /// A statement's second row.
    pub reversal: bool,
}

/// Rows in order, with the days they are in.
#[derive(Debug)]
pub struct Listing {
    key: ListingKey,
    made_at: i64,
    changes_at: i64,
    days: Vec<DayOrders>,
    pub rows: Vec<Row>,
}

/// A candidate for a row.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Created or applied, and last updated, as shown at the moment of asking.
    pub created_at: i64,
    pub updated_at: i64,
    pub number: u64,
    pub line: usize,
    pub reversal: bool,
}

impl Listing {
    /// Walks every order that can lie in the windows; `candidates` says what of an order is shown at the moment, and
    /// when that changes next.
    pub fn make(
        archive: &Archive,
        key: ListingKey,
        now: i64,
        mut candidates: impl FnMut(&Order, &mut Vec<Candidate>) -> Option<i64>,
    ) -> Self {
        let (from, to) = births(key, now);
        let days = archive.days(key.shop, from, to);
        let mut listing = Self { key, made_at: now, changes_at: i64::MAX, days: Vec::new(), rows: Vec::new() };
        let mut found = Vec::new();
        for (day, orders) in days.iter().enumerate() {
            for (order, record) in orders.iter().enumerate() {
                if let Some(change) = candidates(record, &mut found) {
                    listing.changes_at = listing.changes_at.min(change);
                }
                for c in found.drain(..) {
                    if key.created.holds(c.created_at) && key.updated.holds(c.updated_at) {
                        let at = if key.sort == Sort::Created { c.created_at } else { c.updated_at };
                        let Candidate { number, line, reversal, .. } = c;
                        listing.rows.push(Row { at, number, day, order, line, reversal });
                    }
                }
            }
        }
        listing.days = days;
        listing.rows.sort_unstable_by_key(|r| (r.at, r.number, r.reversal));
        if !key.ascending {
            listing.rows.reverse();
        }
        listing
    }

    /// The same rows in an order of their own, the same for every request.
    pub fn shuffled(mut self) -> Self {
        self.rows.sort_unstable_by_key(|r| mix(4, r.number ^ u64::from(r.reversal)));
        self
    }

    /// The rows of a page, from 0.
    pub fn page(&self, page: usize, size: usize) -> &[Row] {
        let start = (page * size).min(self.rows.len());
        &self.rows[start..(start + size).min(self.rows.len())]
    }

    /// The place behind a row that was listed with this time and number, or behind where it would be.
    pub fn place_behind(&self, at: i64, number: u64) -> usize {
        let listed = self.rows.iter().position(|row| (row.at, row.number) == (at, number)).map(|place| place + 1);
        listed.unwrap_or_else(|| self.rows.partition_point(|row| (row.at, row.number) <= (at, number)))
    }

    /// The order a row is in.
    pub fn order(&self, row: &Row) -> &Order {
        &self.days[row.day][row.order]
    }

    /// The line a row is of.
    pub fn line(&self, row: &Row) -> &Line {
        &self.order(row).lines[row.line]
    }
}

/// The days whose orders can have a row: none lives longer than [`LIFETIME_DAYS`].
fn births(key: ListingKey, now: i64) -> (Day, Day) {
    let from = (key.updated.from - LIFETIME_DAYS * DAY_SECONDS).max(match key.kind {
        Kind::Orders | Kind::SettlingOrders { .. } | Kind::Lines => key.created.from - DAY_SECONDS,
        Kind::AfterSales | Kind::Bills => key.created.from - LIFETIME_DAYS * DAY_SECONDS,
    });
    let to = now.min(key.updated.to).min(key.created.to);
    (day(from), day(to))
}

fn day(seconds: i64) -> Day {
    let seconds = seconds.clamp(0, 253_000_000_000);
    day_of(DateTime::from_timestamp(seconds, 0).expect("clamped to representable times"))
}

/// The listings of the last few questions.
#[derive(Debug, Default)]
pub struct Listings(Mutex<VecDeque<Arc<Listing>>>);

impl Listings {
    /// A listing that still holds, or a new one.
    pub fn get_or_make(&self, key: ListingKey, now: i64, make: impl FnOnce() -> Listing) -> Arc<Listing> {
        let holds = |l: &&Arc<Listing>| l.key == key && l.made_at <= now && now < l.changes_at;
        if let Some(listing) = self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().find(holds) {
            return Arc::clone(listing);
        }
        let listing = Arc::new(make());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|l| l.key != key);
        kept.push_back(Arc::clone(&listing));
        while kept.len() > KEPT {
            kept.pop_front();
        }
        listing
    }
}
