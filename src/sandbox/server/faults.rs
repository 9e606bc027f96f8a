//! Faults on request: what a real platform does on a bad day, made repeatable.
//!
//! Rule: every fault ends. Faults of transport and paging strike a request the first time it is made, by a hash of the
//! request, and never its repetition; faults of records (unknown status, torn record) end when the order moves on; a
//! late record comes half an hour late. So a client that retries as it should always gets everything.

use crate::sandbox::world::dice::mix;
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::Hasher;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::PoisonError;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Throttle,
    ServerError,
    Slow,
    TokenExpired,
    RepeatPages,
    ShufflePages,
    LateUpdate,
    PartialRefund,
    UnknownStatus,
    Malformed,
    SettlementLate,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Throttle,
        Self::ServerError,
        Self::Slow,
        Self::TokenExpired,
        Self::RepeatPages,
        Self::ShufflePages,
        Self::LateUpdate,
        Self::PartialRefund,
        Self::UnknownStatus,
        Self::Malformed,
        Self::SettlementLate,
    ];

    /// As typed after `--faults`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::ServerError => "5xx",
            Self::Slow => "slow",
            Self::TokenExpired => "token-expired",
            Self::RepeatPages => "repeat-pages",
            Self::ShufflePages => "shuffle-pages",
            Self::LateUpdate => "late-update",
            Self::PartialRefund => "partial-refund",
            Self::UnknownStatus => "unknown-status",
            Self::Malformed => "malformed",
            Self::SettlementLate => "settlement-late",
        }
    }
}

/// The faults that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// A day without trouble.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every fault there is.
    pub fn all() -> Self {
        Self(Fault::ALL.to_vec())
    }

    /// Was it asked for?
    pub fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }
}

impl FromStr for Faults {
    type Err = String;

    /// Reads `throttle,5xx,…`; empty is none, `all` is all.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() == "all" {
            return Ok(Self::all());
        }
        let known = |word: &str| {
            Fault::ALL.into_iter().find(|f| f.key() == word).ok_or_else(|| {
                format!("unknown fault {word:?}; known are: all {}", Fault::ALL.map(Fault::key).join(" "))
            })
        };
        text.split(',').map(str::trim).filter(|w| !w.is_empty()).map(known).collect::<Result<_, _>>().map(Self)
    }
}

/// What happens to a request instead of an answer, or before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Throttled,
    /// A gateway's 503, no envelope.
    Broken,
    /// The platform's own "busy", in its envelope.
    Unavailable,
    Slow,
    TokenEnded,
}

/// A request's own hash, given the first time it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

/// So many requests are remembered before all are forgotten; a fault may then strike one of them a second time.
const REMEMBERED: usize = 100_000;

/// Decides which request meets which fault.
#[derive(Debug)]
pub struct Troubles {
    faults: Faults,
    seen: Mutex<FxHashSet<u64>>,
}

impl Troubles {
    /// With these faults.
    pub fn new(faults: Faults) -> Self {
        Self { faults, seen: Mutex::default() }
    }

    /// Notes a request; its fingerprint if it is made for the first time.
    pub fn is_first(&self, method: &str, body: &[u8]) -> Option<Fingerprint> {
        if self.faults.0.is_empty() {
            return None;
        }
        let mut hasher = FxHasher::default();
        hasher.write(method.as_bytes());
        hasher.write(body);
        let hash = mix(0, hasher.finish());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.clear();
        }
        seen.insert(hash).then_some(Fingerprint(hash))
    }

    /// The trouble a first request meets: each kind strikes one in twelve. Tokens end between pages, not between the
    /// hundred details of one page, which a client may well fetch under one token.
    pub fn on_request(&self, is_detail: bool, Fingerprint(hash): Fingerprint) -> Option<Trouble> {
        let (fault, trouble) = match hash % 12 {
            0 => (Fault::Throttle, Trouble::Throttled),
            1 if hash % 2 == (hash >> 16) % 2 => (Fault::ServerError, Trouble::Broken),
            1 => (Fault::ServerError, Trouble::Unavailable),
            2 => (Fault::Slow, Trouble::Slow),
            3 if !is_detail => (Fault::TokenExpired, Trouble::TokenEnded),
            _ => return None,
        };
        self.faults.has(fault).then_some(trouble)
    }

    /// True for a first request that gets the page before the one it asked for.
    pub fn repeats_page(&self, fingerprint: Option<Fingerprint>, page: usize) -> bool {
        page > 0 && self.faults.has(Fault::RepeatPages) && fingerprint.is_some_and(|f| (f.0 >> 8).is_multiple_of(6))
    }

    /// True if rows come in an order of their own, the same at every request for the window.
    pub fn shuffles_pages(&self) -> bool {
        self.faults.has(Fault::ShufflePages)
    }

    /// How many seconds late a record shows its changes.
    pub fn lateness(&self, record_no: u64) -> i64 {
        if self.faults.has(Fault::LateUpdate) && mix(1, record_no).is_multiple_of(20) { 1_800 } else { 0 }
    }

    /// True for records that show a status nobody knows for a while.
    pub fn has_unknown_status(&self, record_no: u64) -> bool {
        self.faults.has(Fault::UnknownStatus) && mix(2, record_no).is_multiple_of(40)
    }

    /// True for records that come torn for a while.
    pub fn is_torn(&self, record_no: u64) -> bool {
        self.faults.has(Fault::Malformed) && mix(3, record_no).is_multiple_of(90)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn faults_are_read_by_name_and_a_wrong_name_lists_the_known() {
        let faults: Faults = "throttle, 5xx".parse().unwrap();
        assert!(faults.has(Fault::Throttle) && faults.has(Fault::ServerError) && !faults.has(Fault::Slow));
        assert_eq!("".parse::<Faults>().unwrap(), Faults::none());
        assert!("thunder".parse::<Faults>().unwrap_err().contains("settlement-late"));
    }

    #[test]
    fn a_repeated_request_meets_no_trouble() {
        let troubles = Troubles::new(Faults::all());
        let struck = (0..100_u32)
            .filter_map(|n| troubles.is_first("order.searchList", &n.to_le_bytes()))
            .filter_map(|f| troubles.on_request(false, f))
            .count();
        assert!((15..60).contains(&struck), "{struck} of 100");
        assert!((0..100_u32).all(|n| troubles.is_first("order.searchList", &n.to_le_bytes()).is_none()));
    }
}
