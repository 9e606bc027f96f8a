//! Sums of what a posting appends, on their way to the rollups.

use super::Run;
use crate::domain::amounts::Amounts;
use crate::domain::calendar::Day;
use crate::domain::counts::{Group, Lens};
use crate::domain::figures::Counts;
use crate::domain::ledger::Dimensions;
use crate::store::figures::{
    self, Basis, CountKey, CountSums, CountyKey, CountySums, FigureKey, FigureSums, Grain, MONEY_LENSES, of_counts,
};
use crate::store::ledger::NewRow;
use crate::store::{StoreError, Work};
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Sums of a posting on their way to the rollups, each by the finest grain its table keeps; longer periods are made of
/// these when all runs are in.
#[derive(Debug, Default)]
pub(super) struct Rollups {
    households: FigureSums,
    county: CountySums,
    counts: CountSums,
}

/// All that rollups tell ledger rows apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    booked_on: Day,
    paid_on: Day,
    shop_id: i64,
    /// Without product and ticket.
    dimensions: Dimensions,
}

impl Place {
    fn of(row: &NewRow) -> Self {
        Self {
            booked_on: row.change.booking.booked_on,
            paid_on: row.paid_on,
            shop_id: row.shop_id,
            dimensions: Dimensions { product_id: 0, lot_ticket_id: 0, ..row.change.entry.dimensions },
        }
    }
}

impl Rollups {
    /// Adds what a run changes. Rows that no rollup tells apart are summed first: a stream sells the same goods many times
    /// over, and each row goes into twenty sums.
    pub(super) fn add(&mut self, run: &Run) {
        let mut alike: FxHashMap<Place, (Amounts, i64)> = FxHashMap::default();
        for row in run.rows() {
            add_sum(&mut alike, Place::of(row), row.change.entry.amounts, 1);
        }
        for (place, (amounts, entries)) in alike {
            self.add_at(&place, amounts, entries);
        }
        self.add_counts(&run.counts);
    }

    /// Adds the sum of some ledger rows in every basis and lens.
    fn add_at(&mut self, place: &Place, amounts: Amounts, entries: i64) {
        let d = &place.dimensions;
        let class = d.class.key();
        for (lens, key) in money_keys(d, place.shop_id) {
            let finest = Grain::of_figures(lens)[0];
            for (basis, on) in [(Basis::Event, place.booked_on), (Basis::Pay, place.paid_on)] {
                add_sum(
                    &mut self.county,
                    CountyKey { basis, lens, grain: Grain::Day, start_on: on, key, class },
                    amounts,
                    entries,
                );
                let key = FigureKey {
                    basis,
                    lens,
                    grain: finest,
                    start_on: finest.start(on),
                    key,
                    farmer_id: d.farmer_id,
                    household_category: d.household_category.key(),
                    village_code: d.village_code,
                    class,
                };
                add_sum(&mut self.households, key, amounts, entries);
            }
        }
    }

    fn add_counts(&mut self, counts: &FxHashMap<(Group, Day), Counts>) {
        for (&(group, on), &counts) in counts {
            let finest = of_counts(group.lens, group.region)[0];
            let key = CountKey { group, grain: finest, start_on: finest.start(on) };
            *self.counts.entry(key).or_default() += counts;
        }
    }

    /// The same with the longer periods.
    pub(super) fn with_longer_periods(mut self) -> Self {
        let longer = |grains: &'static [Grain]| grains[1..].iter().copied();
        for (key, (amounts, entries)) in self.households.clone() {
            for grain in longer(Grain::of_figures(key.lens)) {
                let key = FigureKey { grain, start_on: grain.start(key.start_on), ..key };
                add_sum(&mut self.households, key, amounts, entries);
            }
        }
        for (key, (amounts, entries)) in self.county.clone() {
            for grain in longer(&Grain::ALL) {
                add_sum(
                    &mut self.county,
                    CountyKey { grain, start_on: grain.start(key.start_on), ..key },
                    amounts,
                    entries,
                );
            }
        }
        for (key, counts) in self.counts.clone() {
            for grain in longer(of_counts(key.group.lens, key.group.region)) {
                let key = CountKey { grain, start_on: grain.start(key.start_on), ..key };
                *self.counts.entry(key).or_default() += counts;
            }
        }
        self
    }

    /// Writes everything down.
    pub(super) async fn write(&self, work: &mut Work) -> Result<(), StoreError> {
        figures::add(work, &self.households).await?;
        figures::add_county(work, &self.county).await?;
        figures::add_counts(work, &self.counts).await
    }
}

fn add_sum<K: Eq + Hash>(sums: &mut FxHashMap<K, (Amounts, i64)>, key: K, amounts: Amounts, entries: i64) {
    let sum = sums.entry(key).or_default();
    sum.0 += amounts;
    sum.1 += entries;
}

/// The key of a ledger row in every lens money is summed by.
fn money_keys(d: &Dimensions, shop_id: i64) -> [(Lens, i64); MONEY_LENSES.len()] {
    MONEY_LENSES.map(|lens| {
        let key = match lens {
            Lens::Listing => d.listing_id,
            Lens::Room => d.room_id,
            Lens::Anchor => d.anchor_id,
            Lens::Stream => d.stream_id,
            _ => shop_id,
        };
        (lens, key)
    })
}
