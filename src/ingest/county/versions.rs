//! Dated values: a version is added where the newest one known for the very same thing and dates says something else.
//!
//! A version is never changed, because a locked month keeps the values it was locked with. Versions of one document are
//! numbered by their first day, so that of two open ones the later start wins.

use crate::domain::calendar::Day;
use crate::domain::doubles::Households;
use crate::ingest::Taken;
use crate::store::goods::{MappingRow, ShopSetting, TermsRow};
use crate::store::people::CategoryRow;
use crate::store::prices::BaselineRow;
use crate::store::{StoreError, Work, take_ids};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::hash::Hash;

/// A version of something.
pub(super) trait Version: Clone {
    /// Noun of its numbers.
    const NOUN: &'static str;
    /// What it is a version of, dates included.
    type Slot: Eq + Hash;
    fn slot(&self) -> Self::Slot;
    /// Later versions have larger numbers.
    fn number(&self) -> i64;
    fn set_number(&mut self, number: i64);
    /// True if both say the same of their slot.
    fn says(&self, other: &Self) -> bool;
}

/// The wanted versions that are news, numbered.
pub(super) async fn news<T: Version>(
    work: &mut Work,
    known: Vec<T>,
    wanted: Vec<T>,
) -> Result<(Vec<T>, Taken), StoreError> {
    let count = wanted.len();
    let mut rows = unsaid(known, wanted);
    let mut taken = Taken::default();
    taken.new += i64::try_from(rows.len()).expect("a document has fewer rows");
    taken.unchanged += i64::try_from(count - rows.len()).expect("a document has fewer rows");
    if !rows.is_empty() {
        let first = take_ids(work, T::NOUN, rows.len()).await?;
        for (row, number) in rows.iter_mut().zip(first..) {
            row.set_number(number);
        }
    }
    Ok((rows, taken))
}

fn unsaid<T: Version>(known: Vec<T>, wanted: Vec<T>) -> Vec<T> {
    let mut newest: FxHashMap<T::Slot, T> = FxHashMap::default();
    for version in known {
        let slot = version.slot();
        if newest.get(&slot).is_none_or(|n| n.number() < version.number()) {
            newest.insert(slot, version);
        }
    }
    wanted.into_iter().filter(|w| newest.get(&w.slot()).is_none_or(|n| !w.says(n))).collect()
}

/// A version of a listing's supply: all its households.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SupplyVersion {
    pub listing_id: i64,
    pub version_id: i64,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    /// Household and share, by household; none: the goods come from lots.
    pub shares: Vec<(i64, i64)>,
}

impl SupplyVersion {
    /// What a document says of a double that was merged before the version's days is the kept record's.
    pub fn hand_over(&mut self, households: &Households) {
        let mut shares: BTreeMap<i64, i64> = BTreeMap::new();
        for &(farmer_id, share_bp) in &self.shares {
            *shares.entry(households.kept(farmer_id)).or_default() += share_bp;
        }
        self.shares = shares.into_iter().collect();
    }
}

impl Version for SupplyVersion {
    const NOUN: &'static str = "supply";
    type Slot = (i64, Day, Option<Day>);
    fn slot(&self) -> Self::Slot {
        (self.listing_id, self.valid_from, self.valid_to)
    }
    fn number(&self) -> i64 {
        self.version_id
    }
    fn set_number(&mut self, number: i64) {
        self.version_id = number;
    }
    fn says(&self, other: &Self) -> bool {
        self.shares == other.shares
    }
}

/// Says for a stored row which column is its number and what it is a version of.
macro_rules! version {
    ($row:ty, $noun:literal, $number:ident, $slot:ty, |$this:ident| $of:expr) => {
        impl Version for $row {
            const NOUN: &'static str = $noun;
            type Slot = $slot;
            fn slot(&self) -> Self::Slot {
                let $this = self;
                $of
            }
            fn number(&self) -> i64 {
                self.$number
            }
            fn set_number(&mut self, number: i64) {
                self.$number = number;
            }
            fn says(&self, other: &Self) -> bool {
                Self { $number: other.$number, batch_id: other.batch_id, ..self.clone() } == *other
            }
        }
    };
}

version!(TermsRow, "terms", version_id, (i64, Day, Option<Day>), |t| (t.listing_id, t.valid_from, t.valid_to));
version!(CategoryRow, "category", version_id, (i64, Day, Option<Day>), |c| (c.farmer_id, c.valid_from, c.valid_to));
version!(BaselineRow, "baseline", baseline_id, (i64, String, Day, Day), |b| (
    b.product_id,
    b.region_code.clone(),
    b.valid_from,
    b.valid_to
));
version!(MappingRow, "mapping", mapping_id, (i64, String, String), |m| (
    m.shop_id,
    m.product_no.clone(),
    m.sku_no.clone()
));

/// A shop's setting holds from the day it is made, so the day is no part of what it says.
impl Version for ShopSetting {
    const NOUN: &'static str = "shop_setting";
    type Slot = i64;
    fn slot(&self) -> Self::Slot {
        self.shop_id
    }
    fn number(&self) -> i64 {
        self.version_id
    }
    fn set_number(&mut self, number: i64) {
        self.version_id = number;
    }
    fn says(&self, other: &Self) -> bool {
        self.settled_after_days == other.settled_after_days
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::parse_day;

    fn supply(version_id: i64, from: &str, share_bp: i64) -> SupplyVersion {
        let valid_from = parse_day(from).unwrap();
        SupplyVersion { listing_id: 1, version_id, valid_from, valid_to: None, shares: vec![(7, share_bp)] }
    }

    #[test]
    fn only_the_newest_version_of_the_same_dates_is_compared() {
        let known = || vec![supply(2, "2026-01-01", 6_000), supply(1, "2026-01-01", 9_000)];
        assert_eq!(unsaid(known(), vec![supply(0, "2026-01-01", 6_000)]), []);
        assert_eq!(unsaid(known(), vec![supply(0, "2026-01-01", 9_000)]).len(), 1, "back to the older value is news");
        assert_eq!(unsaid(known(), vec![supply(0, "2026-01-08", 6_000)]).len(), 1, "other dates are another slot");
    }
}
