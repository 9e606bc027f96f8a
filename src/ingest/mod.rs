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

/// How a record stands to what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    New,
    Changed,
    /// The same, or older than what is known.
    Unchanged,
}

/// Keeps the newest of records that one answer names several times (repeated pages, moving pages).
fn newest<'a, T, K: Ord>(records: &'a [T], key: impl Fn(&'a T) -> K, updated_at: impl Fn(&'a T) -> i64) -> Vec<&'a T> {
    let mut sorted: Vec<&T> = records.iter().collect();
    sorted.sort_by_key(|r| (key(r), updated_at(r)));
    let mut out: Vec<&T> = Vec::with_capacity(sorted.len());
    for record in sorted {
        match out.last_mut() {
            Some(last) if key(*last) == key(record) => *last = record,
            _ => out.push(record),
        }
    }
    out
}
