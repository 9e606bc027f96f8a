//! 重复档案: two records of one household, and whose numbers are one household's.
//!
//! Rules that must hold: what names a double keeps naming it, so a merge moves no row; everything that asks for a
//! household asks for all its records. A range of figures counts the records as one household where it reaches the month
//! from which the merge counts, which was never locked: so whatever was locked stays as it was. An account of a payout is
//! that of all records the household had when the payout was put forward.
//!
//! A kept record may have several doubles; a double is never kept itself, so there are no chains. Not here: who may
//! decide (`services::doubles`).

use super::calendar::Day;
use super::ledger::book::BatchId;
use std::collections::BTreeMap;

/// One double, as two people agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Double {
    pub entry_id: i64,
    pub double_id: i64,
    /// The record that is kept.
    pub into_id: i64,
    pub batch_id: BatchId,
    pub merged_on: Day,
    pub counts_from: Day,
    /// 0 while it stands.
    pub parted_batch_id: BatchId,
}

impl Double {
    /// True while nobody took it back.
    pub const fn stands(&self) -> bool {
        self.parted_batch_id == 0
    }

    /// True if it stood for whatever was done in a batch.
    const fn stood_in(&self, batch_id: BatchId) -> bool {
        self.batch_id < batch_id && (self.stands() || batch_id < self.parted_batch_id)
    }
}

/// Which numbers are one household's: the double's number, that of the record that is kept, and from when figures count
/// the two as one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Households(BTreeMap<i64, (i64, Day)>);

impl Households {
    /// As it stands.
    pub fn now(doubles: &[Double]) -> Self {
        Self::of(doubles.iter().filter(|d| d.stands()))
    }

    /// As it stood when a batch was written.
    pub fn in_batch(doubles: &[Double], batch_id: BatchId) -> Self {
        Self::of(doubles.iter().filter(|d| d.stood_in(batch_id)))
    }

    /// As a range of figures counts it, that ends with a day or has no end.
    pub fn up_to(doubles: &[Double], to: Option<Day>) -> Self {
        Self::of(doubles.iter().filter(|d| d.stands() && to.is_none_or(|to| d.counts_from <= to)))
    }

    /// For goods of a day: what a double brings after its merge is the kept record's.
    pub fn supplying(doubles: &[Double], day: Day) -> Self {
        Self::of(doubles.iter().filter(|d| d.stands() && d.merged_on < day))
    }

    fn of<'a>(doubles: impl Iterator<Item = &'a Double>) -> Self {
        Self(doubles.map(|d| (d.double_id, (d.into_id, d.counts_from))).collect())
    }

    /// The record kept of a household of which this is one.
    pub fn kept(&self, farmer_id: i64) -> i64 {
        self.0.get(&farmer_id).map_or(farmer_id, |(into, _)| *into)
    }

    /// True for a record that is another one's double.
    pub fn is_double(&self, farmer_id: i64) -> bool {
        self.0.contains_key(&farmer_id)
    }

    /// All records of the household of one of them, the kept one first.
    pub fn records(&self, farmer_id: i64) -> Vec<i64> {
        let kept = self.kept(farmer_id);
        let doubles = self.0.iter().filter(|(_, (into, _))| *into == kept).map(|(double, _)| *double);
        std::iter::once(kept).chain(doubles).collect()
    }

    /// Every double with the record that is kept and the first day that figures count them as one.
    pub fn pairs(&self) -> impl Iterator<Item = (i64, i64, Day)> {
        self.0.iter().map(|(double, (into, from))| (*double, *into, *from))
    }
}

/// One household's row of a version of a listing's supply, as far as the days and shares go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplied {
    pub version_id: i64,
    pub farmer_id: i64,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub share_bp: i64,
}

/// A version of a listing's supply to be written: its days and shares by household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSupply {
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub shares: BTreeMap<i64, i64>,
}

/// What a listing's supply has to say from a day on so that the kept record stands where the double stood: of each span of
/// days whose newest version names the double, that version with its share given to the kept record.
pub fn supply_from(day: Day, rows: &[Supplied], double_id: i64, into_id: i64) -> Vec<NewSupply> {
    let next = |last: Day| last.succ_opt();
    let mut starts: Vec<Day> =
        rows.iter().flat_map(|r| [Some(r.valid_from), r.valid_to.and_then(next)]).flatten().collect();
    starts.push(day);
    starts.retain(|start| *start >= day);
    starts.sort_unstable();
    starts.dedup();
    let mut found: Vec<NewSupply> = Vec::new();
    for (at, &valid_from) in starts.iter().enumerate() {
        let valid_to = starts.get(at + 1).and_then(Day::pred_opt);
        let holds = |r: &&Supplied| r.valid_from <= valid_from && r.valid_to.is_none_or(|to| valid_from <= to);
        let Some(newest) = rows.iter().filter(holds).map(|r| r.version_id).max() else { continue };
        let of_version: Vec<&Supplied> = rows.iter().filter(|r| r.version_id == newest).collect();
        if !of_version.iter().any(|r| r.farmer_id == double_id) {
            continue;
        }
        let mut shares = BTreeMap::new();
        for row in of_version {
            let farmer_id = if row.farmer_id == double_id { into_id } else { row.farmer_id };
            *shares.entry(farmer_id).or_default() += row.share_bp;
        }
        found.push(NewSupply { valid_from, valid_to, shares });
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where its case is wrong")]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn double(double_id: i64, into_id: i64) -> Double {
        Double {
            entry_id: double_id,
            double_id,
            into_id,
            batch_id: 10,
            merged_on: day("2026-03-05"),
            counts_from: day("2026-03-01"),
            parted_batch_id: 0,
        }
    }

    #[test]
    fn every_record_of_a_household_leads_to_all_of_them() {
        let households = Households::now(&[double(7, 2), double(9, 2)]);
        for record in [2, 7, 9] {
            assert_eq!(households.records(record), [2, 7, 9]);
            assert_eq!(households.kept(record), 2);
        }
        assert_eq!(households.records(3), [3]);
        assert!(households.is_double(7) && !households.is_double(2));
    }

    #[test]
    fn a_range_counts_one_household_only_where_it_reaches_the_month() {
        let doubles = [double(7, 2)];
        let kept = |to: Option<&str>| Households::up_to(&doubles, to.map(day)).kept(7);
        assert_eq!((kept(Some("2026-02-28")), kept(Some("2026-03-01")), kept(None)), (7, 2, 2));
    }

    #[test]
    fn a_payout_sees_the_merge_that_stood_when_it_was_put_forward() {
        let parted = [Double { parted_batch_id: 20, ..double(7, 2) }];
        let kept = |batch| Households::in_batch(&parted, batch).kept(7);
        assert_eq!((kept(9), kept(11), kept(19), kept(21)), (7, 2, 2, 7));
        assert_eq!(Households::now(&parted).kept(7), 7);
    }

    #[test]
    fn shares_go_to_the_kept_record_in_the_versions_that_count() {
        let row = |version_id, farmer_id, from: &str, to: Option<&str>, share_bp| Supplied {
            version_id,
            farmer_id,
            valid_from: day(from),
            valid_to: to.map(day),
            share_bp,
        };
        let rows = [
            row(1, 7, "2026-01-01", None, 6_000),
            row(1, 2, "2026-01-01", None, 4_000),
            // an older version that names the double counts again after this one has ended
            row(2, 5, "2026-04-01", Some("2026-04-30"), 10_000),
        ];
        let both = BTreeMap::from([(2, 10_000)]);
        let expected = [
            NewSupply { valid_from: day("2026-03-06"), valid_to: Some(day("2026-03-31")), shares: both.clone() },
            NewSupply { valid_from: day("2026-05-01"), valid_to: None, shares: both },
        ];
        assert_eq!(supply_from(day("2026-03-06"), &rows, 7, 2), expected);
        assert_eq!(supply_from(day("2026-03-06"), &rows, 8, 2), []);
    }
}
