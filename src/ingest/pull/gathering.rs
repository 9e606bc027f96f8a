//! The pages of one question put together, and held to the platform's own total.
//!
//! Rule that must hold: what comes twice counts once, so that pages that repeat cannot hide that others are missing; a
//! question whose pages lead nowhere ends in an error, never in a loop.

use crate::domain::calendar::Instant;
use crate::domain::records::{Evidenced, Rejected};
use crate::platforms::{Cursor, Page, PlatformError};
use crate::store::evidence::Source;
use crate::store::goods::Shop;
use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};

/// Pages of one window, whatever the platform says: a loop that does not end is a fault.
const MOST_PAGES: usize = 2_000;
/// Times a platform may answer with the place it was asked from before it is taken to mean it.
const MOST_STANDSTILLS: usize = 3;

/// The records of all pages of one question.
#[derive(Debug)]
pub(in crate::ingest) struct Gathered<T> {
    pub(in crate::ingest) records: Vec<Evidenced<T>>,
    pub(in crate::ingest) rejected: Vec<Rejected>,
    /// Records that were understood, as often as they came.
    pub(super) seen: usize,
    /// sha256 over the pages' own, in order.
    received: Sha256,
    pub(in crate::ingest) complete: bool,
}

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Self { records: Vec::new(), rejected: Vec::new(), seen: 0, received: Sha256::new(), complete: true }
    }
}

impl<T> Gathered<T> {
    /// The same with what is made of the records.
    pub(super) fn map<U>(self, make: impl FnOnce(Vec<Evidenced<T>>) -> Vec<Evidenced<U>>) -> Gathered<U> {
        let Self { records, rejected, seen, received, complete } = self;
        Gathered { records: make(records), rejected, seen, received, complete }
    }

    pub(super) fn source(&self, shop: &Shop, name: &str, fetched_at: Instant) -> Source {
        Source { shop_id: shop.shop_id, name: name.to_owned(), fetched_at, received_sha256: self.sha256() }
    }

    pub(super) fn sha256(&self) -> [u8; 32] {
        self.received.clone().finalize().into()
    }
}

/// Gathers the pages of one question and holds them to the platform's own total.
pub(super) struct Gathering<'a, T, N> {
    into: &'a mut Gathered<T>,
    no: N,
    /// Where the question's records begin, and what could not be understood.
    begins: (usize, usize),
    known: i64,
    total: Option<i64>,
    pages: usize,
    /// Where to go on; `None`: read to the end.
    next: Option<Cursor>,
    /// Answers that did not lead on.
    standstills: usize,
}

impl<'a, T, N: Fn(&T) -> &str> Gathering<'a, T, N> {
    pub(super) fn new(into: &'a mut Gathered<T>, no: N) -> Self {
        let begins = (into.records.len(), into.rejected.len());
        Self { into, no, begins, known: 0, total: None, pages: 0, next: Some(Cursor::START), standstills: 0 }
    }

    /// Where to ask next.
    pub(super) fn place(&self) -> Option<Cursor> {
        self.next.clone()
    }

    pub(super) fn add(&mut self, page: Page<T>) -> Result<(), PlatformError> {
        self.pages += 1;
        if self.pages > MOST_PAGES {
            return Err(PlatformError::Malformed { context: format!("more than {MOST_PAGES} pages in one window") });
        }
        self.into.received.update(page.received_sha256);
        let understood = i64::try_from(page.records.len() + page.rejected.len()).expect("a page is small");
        // records passed over because they are known count as received and name nothing
        self.known += (page.received - understood).max(0);
        self.total = page.total.max(self.total);
        self.into.seen += page.records.len();
        self.into.records.extend(page.records);
        self.into.rejected.extend(page.rejected);
        // the page before this one, sent once more, says to go on from here: ask again
        if page.next.is_some() && page.next == self.next {
            self.standstills += 1;
            if self.standstills > MOST_STANDSTILLS {
                return Err(PlatformError::Malformed { context: "a page that leads to itself".to_owned() });
            }
        }
        self.next = page.next;
        Ok(())
    }

    pub(super) fn finish(self) {
        let Some(total) = self.total else { return };
        // distinct ones: pages that repeat must not hide that others are missing
        let records = self.into.records[self.begins.0..].iter().map(|r| (self.no)(&r.record));
        let rejected = self.into.rejected[self.begins.1..].iter().map(|r| r.record_no.as_str());
        let seen: FxHashSet<&str> = records.chain(rejected).collect();
        let seen = i64::try_from(seen.len()).expect("a window is bounded") + self.known;
        if seen < total {
            self.into.complete = false;
        }
    }
}
