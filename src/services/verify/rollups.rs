//! Rollups against what they sum: `figure` and `figure_county` against the ledger, `figure_order` against the slices.
//!
//! The runs of verify hand their rows over and every row leaves its fingerprint in each period it belongs to; the tables
//! are then taken off ([`super::fingerprint`]). Only where a period differs are its rows compared one by one, in a second
//! pass over the same runs, a limited number of periods at most: one wrong row is in few.

use super::RUN_ORDERS;
use super::Report;
use super::fingerprint::{Exact, Fingerprints, of};
use crate::domain::amounts::{COLUMNS, Col};
use crate::domain::calendar::Day;
use crate::domain::counts::Lens;
use crate::domain::figures::Counts;
use crate::domain::regions::RegionCode;
use crate::services::post::contributions_of;
use crate::store::facts::{Selection, next_run};
use crate::store::figures::{Basis, Grain, key_text, of_counts, region_text};
use crate::store::ledger::{LedgerRow, SliceRow, list_rows, list_slices};
use crate::store::verify::{
    StoredCounts, StoredCountyFigure, StoredFigure, each_count, each_county_figure, each_figure,
};
use crate::store::{Session, StoreError};

/// Periods compared row by row; the others that differ are one difference each.
const MOST_PERIODS: usize = 400;

/// The tables, by the names reports give them.
const FIGURE: &str = "figure";
const FIGURE_COUNTY: &str = "figure_county";
const FIGURE_ORDER: &str = "figure_order";

/// Where figures are summed: table, basis (none for counts), lens, grain, first day.
type Period = (&'static str, Option<Basis>, Lens, Grain, Day);

const FIGURE_VALUES: usize = COLUMNS + 1;
const COUNT_VALUES: usize = 6;
const COUNT_COLUMNS: [&str; COUNT_VALUES] =
    ["orders_paid", "orders_unpaid", "orders_refunded", "lines", "lines_without_baseline", "lines_without_listing"];

/// Fingerprints of all periods of both tables.
#[derive(Debug, Default)]
pub(super) struct Rollups {
    figures: Fingerprints<Period>,
    counts: Fingerprints<Period>,
}

impl Rollups {
    /// Adds what the rows of a run should be summed to.
    pub(super) fn add_run(
        &mut self,
        rows: &[LedgerRow],
        slices: &[SliceRow],
        county: RegionCode,
    ) -> Result<(), StoreError> {
        for row in rows {
            each_sum(row, |periods, name, values| {
                let print = of(name, values);
                for &period in periods {
                    self.figures.add(period, print);
                }
            });
        }
        each_counted(slices, county, |periods, name, values| {
            let print = of(name, values);
            for &period in periods {
                self.counts.add(period, print);
            }
        })
    }

    /// Takes the stored rollups off and reports what is left.
    pub(super) async fn check(mut self, session: &mut Session, report: &mut Report) -> Result<(), StoreError> {
        each_figure(session, |row| {
            report.figures += 1;
            let (period, name, values) = stored_figure(&row);
            self.figures.take_off(period, of(&name, &values));
        })
        .await?;
        each_county_figure(session, |row| {
            report.figures += 1;
            let (period, name, values) = stored_county(&row);
            self.figures.take_off(period, of(&name, &values));
        })
        .await?;
        each_count(session, |row| {
            report.counts += 1;
            let (period, name, values) = stored_counts(&row);
            self.counts.take_off(period, of(&name, &values));
        })
        .await?;
        let (figures, counts) = (self.figures.differing(), self.counts.differing());
        if figures.is_empty() && counts.is_empty() {
            return Ok(());
        }
        explain(session, shorten(figures, report), shorten(counts, report), report).await
    }
}

/// The periods to be compared row by row; the rest are reported as they are.
fn shorten(mut periods: Vec<Period>, report: &mut Report) -> Vec<Period> {
    let rest = periods.split_off(periods.len().min(MOST_PERIODS));
    for period in rest {
        report.add(period.0, period_name(period), "has rows that differ");
    }
    periods
}

/// Compares the rows of some periods one by one.
async fn explain(
    session: &mut Session,
    figure_periods: Vec<Period>,
    count_periods: Vec<Period>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut figures: Exact<Period, FIGURE_VALUES> = Exact::new(figure_periods);
    let mut counts: Exact<Period, COUNT_VALUES> = Exact::new(count_periods);
    let county = session.scope().county();
    let mut after = 0;
    while let Some(last) = next_run(session, Selection::All, after, RUN_ORDERS).await? {
        for row in list_rows(session, Selection::All, after + 1, last).await? {
            each_sum(&row, |periods, name, values| {
                for &period in periods {
                    if figures.wants(period) {
                        figures.should(period, name, values);
                    }
                }
            });
        }
        let slices = list_slices(session, Selection::All, after + 1, last).await?;
        each_counted(&slices, county, |periods, name, values| {
            for &period in periods {
                if counts.wants(period) {
                    counts.should(period, name, values);
                }
            }
        })?;
        after = last;
    }
    each_figure(session, |row| {
        let (period, name, values) = stored_figure(&row);
        if figures.wants(period) {
            figures.is(period, &name, &values);
        }
    })
    .await?;
    each_county_figure(session, |row| {
        let (period, name, values) = stored_county(&row);
        if figures.wants(period) {
            figures.is(period, &name, &values);
        }
    })
    .await?;
    each_count(session, |row| {
        let (period, name, values) = stored_counts(&row);
        if counts.wants(period) {
            counts.is(period, &name, &values);
        }
    })
    .await?;
    let mut columns = ["entries"; FIGURE_VALUES];
    columns[1..].copy_from_slice(&Col::ALL.map(Col::name));
    for (period, name, wrong) in figures.differences(&columns) {
        report.add(period.0, format!("{} {name}", period_name(period)), wrong);
    }
    for (period, name, wrong) in counts.differences(&COUNT_COLUMNS) {
        report.add(period.0, format!("{} {name}", period_name(period)), wrong);
    }
    Ok(())
}

/// The periods days belong to, of the grains a table keeps.
fn periods(table: &'static str, lens: Lens, grains: &'static [Grain], days: &[(Option<Basis>, Day)]) -> Vec<Period> {
    let of_day = |&(basis, on)| grains.iter().map(move |grain| (table, basis, lens, *grain, grain.start(on)));
    days.iter().flat_map(of_day).collect()
}

/// Hands over the periods, the name and the values a ledger row has in every lens, in both tables of sums.
fn each_sum(row: &LedgerRow, mut take: impl FnMut(&[Period], &str, &[i64; FIGURE_VALUES])) {
    let d = &row.posted.dimensions;
    let mut values = [1; FIGURE_VALUES];
    values[1..].copy_from_slice(&row.posted.amounts.0);
    let (category, village, class) = (d.household_category.key(), d.village_code.to_string(), d.class.key());
    let days = [(Some(Basis::Event), row.booked_on), (Some(Basis::Pay), row.paid_on)];
    for (lens, id) in [
        (Lens::Shop, row.shop_id),
        (Lens::Listing, d.listing_id),
        (Lens::Room, d.room_id),
        (Lens::Anchor, d.anchor_id),
        (Lens::Stream, d.stream_id),
    ] {
        let key = key_text(id);
        let name = figure_name(&key, d.farmer_id, category, &village, class);
        take(&periods(FIGURE, lens, Grain::of_figures(lens), &days), &name, &values);
        take(&periods(FIGURE_COUNTY, lens, &Grain::ALL, &days), &county_name(&key, class), &values);
    }
}

fn county_name(key: &str, class: &str) -> String {
    format!("key '{key}' {class}")
}

fn stored_county(row: &StoredCountyFigure) -> (Period, String, [i64; FIGURE_VALUES]) {
    let mut values = [row.entries; FIGURE_VALUES];
    values[1..].copy_from_slice(&row.amounts.0);
    ((FIGURE_COUNTY, Some(row.basis), row.lens, row.grain, row.start_on), county_name(&row.key, &row.class), values)
}

fn figure_name(key: &str, farmer_id: i64, category: &str, village: &str, class: &str) -> String {
    format!("key '{key}' household {farmer_id} {category} in {village} {class}")
}

fn stored_figure(row: &StoredFigure) -> (Period, String, [i64; FIGURE_VALUES]) {
    let mut values = [row.entries; FIGURE_VALUES];
    values[1..].copy_from_slice(&row.amounts.0);
    let name = figure_name(&row.key, row.farmer_id, &row.household_category, &row.village_code, &row.class);
    ((FIGURE, Some(row.basis), row.lens, row.grain, row.start_on), name, values)
}

/// Hands over the periods, the name and the values of everything that slices count for; slices sorted by order.
fn each_counted(
    slices: &[SliceRow],
    county: RegionCode,
    mut take: impl FnMut(&[Period], &str, &[i64; COUNT_VALUES]),
) -> Result<(), StoreError> {
    for of_order in slices.chunk_by(|a, b| a.order_id == b.order_id) {
        for c in contributions_of(of_order[0].shop_id, of_order, county)? {
            let name = count_name(&c.group.key.to_string(), &region_text(c.group.region));
            let lens = c.group.lens;
            let periods = periods(FIGURE_ORDER, lens, of_counts(lens, c.group.region), &[(None, c.on)]);
            take(&periods, &name, &count_values(c.counts));
        }
    }
    Ok(())
}

fn count_name(key: &str, region: &str) -> String {
    format!("key '{key}' in '{region}'")
}

fn count_values(counts: Counts) -> [i64; COUNT_VALUES] {
    let Counts { orders_paid, orders_unpaid, orders_refunded, lines, lines_without_baseline, lines_without_listing } =
        counts;
    [orders_paid, orders_unpaid, orders_refunded, lines, lines_without_baseline, lines_without_listing]
}

fn stored_counts(row: &StoredCounts) -> (Period, String, [i64; COUNT_VALUES]) {
    (
        (FIGURE_ORDER, None, row.lens, row.grain, row.start_on),
        count_name(&row.key, &row.region_code),
        count_values(row.counts),
    )
}

fn period_name((_, basis, lens, grain, start_on): Period) -> String {
    let basis = basis.map(|b| format!("{} ", b.key())).unwrap_or_default();
    format!("{basis}{} {} {start_on}", lens.key(), grain.key())
}
