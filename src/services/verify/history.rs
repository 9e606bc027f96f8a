//! Units of work and locks in the order they happened: on which day a row had to be booked when it was posted.
//!
//! A row knows when it was posted and a lock when it was set, so "open at that moment" can be answered at any time later.
//! Arrival moves nothing else.

use super::Report;
use crate::domain::calendar::{Day, Instant, month_start, next_month};
use crate::domain::ledger::book::{BatchId, Booking};
use crate::store::ledger::{MonthLock, list_locks};
use crate::store::openings::{self, Opening};
use crate::store::verify::list_batches;
use crate::store::{Session, StoreError};
use rustc_hash::FxHashMap;

/// What happened when.
#[derive(Debug, Default)]
pub(super) struct History {
    batches: FxHashMap<BatchId, Instant>,
    /// From when until when a month was closed; without an end it still is.
    closed: FxHashMap<Day, Vec<(Instant, Option<Instant>)>>,
}

impl History {
    /// Reads batches and locks, and reports where they contradict each other.
    pub(super) async fn load(session: &mut Session, report: &mut Report) -> Result<Self, StoreError> {
        let batches = list_batches(session).await?;
        let locks = list_locks(session).await?;
        let opened: Vec<(MonthLock, Instant)> =
            openings::list(session).await?.iter().filter_map(Opening::opened).collect();
        let mut history = Self::new(&batches, &locks, report);
        for (lock, opened_at) in &opened {
            history.check(lock, report);
            if !history.batches.values().any(|at| at == opened_at) || lock.locked_at >= *opened_at {
                report.add("month_opening", format!("month {}", lock.month), "was not opened by a batch at that time");
            }
            history.closed.entry(lock.month).or_default().push((lock.locked_at, Some(*opened_at)));
        }
        Ok(history)
    }

    /// Reports what is wrong with a lock.
    fn check(&self, lock: &MonthLock, report: &mut Report) {
        if self.batches.get(&lock.batch_id) != Some(&lock.locked_at) {
            report.add("month_lock", format!("month {}", lock.month), "was not set by its batch at that time");
        }
        if lock.month != month_start(lock.month) {
            report.add("month_lock", format!("month {}", lock.month), "is not the first day of a month");
        }
    }

    fn new(batches: &[(BatchId, Instant)], locks: &[MonthLock], report: &mut Report) -> Self {
        let mut before: Option<(BatchId, Instant)> = None;
        for &(batch_id, at) in batches {
            if before.map_or(0, |(id, _)| id) + 1 != batch_id {
                report.add("batch", format!("batch {batch_id}"), "the one before it is missing");
            }
            if before.is_some_and(|(_, earlier)| earlier >= at) {
                report.add("batch", format!("batch {batch_id}"), "is not later than the one before it");
            }
            before = Some((batch_id, at));
        }
        let batches: FxHashMap<BatchId, Instant> = batches.iter().copied().collect();
        let history = Self { batches, closed: locks.iter().map(|l| (l.month, vec![(l.locked_at, None)])).collect() };
        for lock in locks {
            history.check(lock, report);
        }
        history
    }

    /// All batches.
    pub(super) fn ids(&self) -> impl Iterator<Item = BatchId> {
        self.batches.keys().copied()
    }

    /// When a batch was.
    pub(super) fn at(&self, batch_id: BatchId) -> Option<Instant> {
        self.batches.get(&batch_id).copied()
    }

    /// True if a month was locked at an instant: what the lock's own work posts finds it locked, what the opening's own
    /// posts finds it open.
    fn was_closed(&self, month: Day, at: Instant) -> bool {
        let closed = |(from, until): &(Instant, Option<Instant>)| *from <= at && until.is_none_or(|until| at < until);
        self.closed.get(&month).is_some_and(|spans| spans.iter().any(closed))
    }

    /// Where an event of a day had to be booked by a row posted at an instant.
    pub(super) fn booking(&self, event_on: Day, posted_at: Instant) -> Booking {
        let own = month_start(event_on);
        let mut month = own;
        while self.was_closed(month, posted_at) {
            month = next_month(month);
        }
        if month == own {
            Booking { booked_on: event_on, adjusts_on: None }
        } else {
            Booking { booked_on: month, adjusts_on: Some(own) }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn lock(month: &str, batch_id: BatchId, on: &str) -> MonthLock {
        MonthLock {
            month: day(month),
            batch_id,
            locked_at: start_of(day(on)),
            actor: String::new(),
            reason: String::new(),
            coverage_bp: 10_000,
        }
    }

    fn batches() -> [(BatchId, Instant); 3] {
        [(1, start_of(day("2026-02-01"))), (2, start_of(day("2026-02-10"))), (3, start_of(day("2026-03-10")))]
    }

    #[test]
    fn a_row_is_booked_by_the_locks_set_before_it_was_posted() {
        let mut report = Report::default();
        let locks = [lock("2026-01-01", 2, "2026-02-10"), lock("2026-02-01", 3, "2026-03-10")];
        let history = History::new(&batches(), &locks, &mut report);
        assert!(report.is_clean(), "{report:?}");
        let booked = |posted: &str| history.booking(day("2026-01-20"), start_of(day(posted)));
        assert_eq!(booked("2026-02-01"), Booking { booked_on: day("2026-01-20"), adjusts_on: None });
        let adjusts_on = Some(day("2026-01-01"));
        assert_eq!(booked("2026-02-11"), Booking { booked_on: day("2026-02-01"), adjusts_on });
        assert_eq!(booked("2026-03-11"), Booking { booked_on: day("2026-03-01"), adjusts_on });
    }

    #[test]
    fn a_missing_batch_and_a_lock_at_another_time_are_reported() {
        let mut report = Report::default();
        let with_a_gap = [batches()[0], batches()[2]];
        History::new(&with_a_gap, &[lock("2026-01-01", 1, "2026-02-02")], &mut report);
        let tables: Vec<&str> = report.differences.iter().map(|d| d.table).collect();
        assert_eq!(tables, ["batch", "month_lock"]);
    }
}
