//! Ingest: what a source says becomes stored facts. The same input twice changes nothing.
//!
//! Records arrive from an interface ([`pull`]) or a file ([`files`]) as `domain::records`, with scrubbed evidence; here
//! they are compared with what is known, written in bulk, attributed to streams, and their orders queued for posting.
//!
//! Rules that must hold: a record whose evidence is unchanged writes nothing; of two versions the newer by the platform's
//! time wins, whatever arrives last; a record that cannot be understood is set aside and sinks nothing else; the buyer is
//! a province and a keyed hash, no more.

pub mod attribute;
pub mod compare;
pub mod compensations;
pub mod connect;
pub mod county;
pub mod files;
pub mod orders;
pub mod pull;
pub mod refunds;
pub mod settlements;
pub mod stated;

use crate::domain::calendar::Instant;

/// What taking records in did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    pub new: i64,
    pub changed: i64,
    pub unchanged: i64,
}

impl std::ops::AddAssign for Taken {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }
}

impl std::iter::Sum<Standing> for Taken {
    fn sum<I: Iterator<Item = Standing>>(standings: I) -> Self {
        let mut taken = Self::default();
        for standing in standings {
            match standing {
                Standing::New => taken.new += 1,
                Standing::Changed => taken.changed += 1,
                Standing::Unchanged => taken.unchanged += 1,
            }
        }
        taken
    }
}

/// How a record stands to what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    New,
    Changed,
    /// The same, or older than what is known.
    Unchanged,
}

/// Keeps the newest of records that one answer names several times (repeated pages, moving pages), by their numbers.
fn newest<T>(mut records: Vec<T>, no: impl Fn(&T) -> &str, at: impl Fn(&T) -> Instant) -> Vec<T> {
    records.sort_by(|a, b| (no(a), at(a)).cmp(&(no(b), at(b))));
    records.dedup_by(|later, kept| {
        let is_same = no(later) == no(kept);
        if is_same {
            std::mem::swap(later, kept);
        }
        is_same
    });
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn of_records_that_come_several_times_the_newest_is_kept_and_of_equal_ones_the_last() {
        let at = |minutes: i64| Instant::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let records = vec![("b", 1, 'a'), ("a", 2, 'b'), ("b", 1, 'c'), ("a", 1, 'd')];
        let kept = newest(records, |r| r.0, |r| at(r.1));
        assert_eq!(kept, [("a", 2, 'b'), ("b", 1, 'c')]);
    }
}
