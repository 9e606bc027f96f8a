//! Adding what was posted to the rollups, in the transaction that posts. Rows are written in the order of their keys, so
//! that a run of them touches each page once.

use super::{Basis, CountKey, FigureKey, Grain, key_text, region_text};
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::Day;
use crate::domain::counts::Lens;
use crate::domain::figures::Counts;
use crate::store::encode::{OnDay, Word};
use crate::store::rows::{amount_list, join};
use crate::store::{StoreError, Work};
use rustc_hash::FxHashMap;

/// Sums of households on their way to the rollup, each with the number of ledger rows summed.
pub type FigureSums = FxHashMap<FigureKey, (Amounts, i64)>;

/// Adds sums to the rollup of households.
pub async fn add(work: &mut Work, sums: &FigureSums) -> Result<(), StoreError> {
    let mut rows: Vec<_> = sums.iter().collect();
    rows.sort_unstable_by_key(|(key, _)| **key);
    let head = format!(
        "insert into figure (county_code, basis, lens, grain, start_on, key, farmer_id, household_category, village_code,
         class, entries, {}) ",
        amount_list("")
    );
    let tail = format!(
        " on conflict (county_code, basis, lens, grain, start_on, key, farmer_id, household_category, village_code, class)
          do update set entries = figure.entries + excluded.entries, {}",
        join(|c| format!("{c} = figure.{c} + excluded.{c}"))
    );
    insert_rows!(work, head.as_str(), rows, tail.as_str(), |b, row| {
        let (k, (sums, entries)) = *row;
        b.push_bind(Word(k.basis.key()))
            .push_bind(Word(k.lens.key()))
            .push_bind(Word(k.grain.key()))
            .push_bind(OnDay(k.start_on))
            .push_bind(Word(&key_text(k.key)))
            .push_bind(k.farmer_id)
            .push_bind(Word(k.household_category))
            .push_bind(Word(&k.village_code.to_string()))
            .push_bind(Word(k.class))
            .push_bind(*entries);
        for column in Col::ALL {
            b.push_bind(sums[column]);
        }
    });
    Ok(())
}

/// A row of `figure_county` but for its sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountyKey {
    pub basis: Basis,
    pub lens: Lens,
    pub grain: Grain,
    pub start_on: Day,
    /// Row id in the lens, 0 = none.
    pub key: i64,
    pub class: &'static str,
}

/// Sums of the county on their way to the rollup, each with the number of ledger rows summed.
pub type CountySums = FxHashMap<CountyKey, (Amounts, i64)>;

/// Adds sums to the rollup of the county.
pub async fn add_county(work: &mut Work, sums: &CountySums) -> Result<(), StoreError> {
    let mut rows: Vec<_> = sums.iter().collect();
    rows.sort_unstable_by_key(|(key, _)| **key);
    let head = format!(
        "insert into figure_county (county_code, basis, lens, grain, start_on, key, class, entries, {}) ",
        amount_list("")
    );
    let tail = format!(
        " on conflict (county_code, basis, lens, grain, start_on, key, class)
          do update set entries = figure_county.entries + excluded.entries, {}",
        join(|c| format!("{c} = figure_county.{c} + excluded.{c}"))
    );
    insert_rows!(work, head.as_str(), rows, tail.as_str(), |b, row| {
        let (k, (sums, entries)) = *row;
        b.push_bind(Word(k.basis.key()))
            .push_bind(Word(k.lens.key()))
            .push_bind(Word(k.grain.key()))
            .push_bind(OnDay(k.start_on))
            .push_bind(Word(&key_text(k.key)))
            .push_bind(Word(k.class))
            .push_bind(*entries);
        for column in Col::ALL {
            b.push_bind(sums[column]);
        }
    });
    Ok(())
}

/// Counts on their way to the rollup.
pub type CountSums = FxHashMap<CountKey, Counts>;

/// Adds counts to the rollup and removes the rows that come to nothing.
pub async fn add_counts(work: &mut Work, counts: &CountSums) -> Result<(), StoreError> {
    let mut rows: Vec<_> = counts.iter().filter(|(_, c)| !c.is_zero()).collect();
    rows.sort_unstable_by_key(|(key, _)| **key);
    insert_rows!(
        work,
        "insert into figure_order (county_code, lens, grain, start_on, key, region_code, orders_paid, orders_unpaid,
         orders_refunded, lines, lines_without_baseline, lines_without_listing) ",
        rows,
        " on conflict (county_code, lens, grain, start_on, key, region_code) do update set
          orders_paid = figure_order.orders_paid + excluded.orders_paid,
          orders_unpaid = figure_order.orders_unpaid + excluded.orders_unpaid,
          orders_refunded = figure_order.orders_refunded + excluded.orders_refunded,
          lines = figure_order.lines + excluded.lines,
          lines_without_baseline = figure_order.lines_without_baseline + excluded.lines_without_baseline,
          lines_without_listing = figure_order.lines_without_listing + excluded.lines_without_listing",
        |b, row| {
            let (k, c) = *row;
            b.push_bind(Word(k.group.lens.key()))
                .push_bind(Word(k.grain.key()))
                .push_bind(OnDay(k.start_on))
                .push_bind(Word(&k.group.key.to_string()))
                .push_bind(Word(&region_text(k.group.region)))
                .push_bind(c.orders_paid)
                .push_bind(c.orders_unpaid)
                .push_bind(c.orders_refunded)
                .push_bind(c.lines)
                .push_bind(c.lines_without_baseline)
                .push_bind(c.lines_without_listing);
        }
    );
    // Only a negative change can bring a row to nothing; look for such rows in the days it touched and nowhere else.
    for lens in Lens::ALL {
        for grain in Grain::ALL {
            let shrunk = rows
                .iter()
                .filter(|(k, c)| k.group.lens == lens && k.grain == grain && has_negative(c))
                .map(|(k, _)| k.start_on);
            let (Some(from), Some(to)) = (shrunk.clone().min(), shrunk.max()) else { continue };
            let county = work.county_text();
            on!(work, conn => sqlx::query(
                "delete from figure_order where county_code = $1 and lens = $2 and grain = $3 and start_on >= $4
                 and start_on <= $5 and orders_paid = 0 and orders_unpaid = 0 and orders_refunded = 0 and lines = 0
                 and lines_without_baseline = 0 and lines_without_listing = 0"
            ).bind(county).bind(lens.key()).bind(grain.key()).bind(from).bind(to).execute(conn).await.map(|_| ()))?;
        }
    }
    Ok(())
}

fn has_negative(c: &Counts) -> bool {
    [c.orders_paid, c.orders_unpaid, c.orders_refunded, c.lines, c.lines_without_baseline, c.lines_without_listing]
        .into_iter()
        .any(|n| n < 0)
}
