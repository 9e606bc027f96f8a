//! Posting: bringing the ledger and its rollups up to what is now known of the queued orders.
//!
//! Runs inside the unit of work that changed the facts, so a reader never sees facts without their entries. The queue is
//! taken in runs of orders; each run is read in one statement a table, computed by pure code, and written in bulk.
//! Rollups are collected over all runs and added once.
//!
//! Rules that must hold: rows are only appended; the sum of a line's rows equals its position computed afresh; the queue
//! is empty afterwards; posting again changes nothing.

use super::assemble::{self, OrderRows};
use super::book::Knowledge;
use super::mark::mark;
use crate::domain::amounts::Amounts;
use crate::domain::calendar::Day;
use crate::domain::counts::{Contribution, CountedOrder, Lens, contributions};
use crate::domain::figures::Counts;
use crate::domain::ledger::book::Book;
use crate::domain::ledger::facts::OrderFacts;
use crate::domain::ledger::{
    Change, Entry, EventKind, LineState, OrderEntries, PostedSum, State, differences, entries,
};
use crate::domain::regions::RegionCode;
use crate::store::facts::{Chunk, Selection};
use crate::store::figures::{Basis, CountKey, FigureKey, Grain, MONEY_LENSES};
use crate::store::ledger::{LedgerRow, NewRow, SliceRow};
use crate::store::orders::OrderRow;
use crate::store::{Session, StoreError, Work, facts, figures, ledger, orders, streams};
use rustc_hash::FxHashMap;

/// Orders a run takes: bounds memory, large enough that statements cost little.
pub const RUN_ORDERS: i64 = 4_000;

/// What a posting did, for logs and tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Posted {
    pub orders: u64,
    pub rows: u64,
}

/// Posts everything queued.
pub async fn post(work: &mut Work) -> Result<Posted, StoreError> {
    let mut posted = Posted::default();
    let mut rollups = Rollups::default();
    let mut after = 0;
    while let Some(last) = facts::next_run(work, Selection::Queued, after, RUN_ORDERS).await? {
        let run = post_run(work, after + 1, last, &mut rollups).await?;
        posted.orders += run.orders;
        posted.rows += run.rows;
        facts::dequeue(work, after + 1, last).await?;
        after = last;
    }
    figures::add(work, &rollups.sums).await?;
    figures::add_counts(work, &rollups.counts).await?;
    Ok(posted)
}

async fn post_run(work: &mut Work, from: i64, to: i64, rollups: &mut Rollups) -> Result<Posted, StoreError> {
    let chunk = facts::list_chunk(work, Selection::Queued, from, to).await?;
    let knowledge = load_knowledge(work, &chunk).await?;
    let posted_rows = ledger::list_rows(work, Selection::Queued, from, to).await?;
    let old_slices = ledger::list_slices(work, Selection::Queued, from, to).await?;
    let run = compute(&chunk, &knowledge, &posted_rows, &old_slices, work.scope().county())?;
    ledger::append(work, &run.rows).await?;
    ledger::upsert_slices(work, &run.slices).await?;
    ledger::remove_slices(work, &run.gone_slices).await?;
    orders::upsert_orders(work, &run.orders).await?;
    for row in &run.rows {
        rollups.add_row(row);
    }
    rollups.add_counts(&run.counts);
    Ok(Posted { orders: chunk.orders.len() as u64, rows: run.rows.len() as u64 })
}

/// Knowledge for a chunk: for every day its orders were made or paid on, and every stream its lines belong to. What a
/// line is computed with must not depend on which other orders happen to share its run.
pub async fn load_knowledge(session: &mut Session, chunk: &Chunk) -> Result<Knowledge, StoreError> {
    let Some((from, to)) = assemble::days(&chunk.orders) else { return Ok(Knowledge::default()) };
    let mut knowledge = Knowledge::load(session, from, to).await?;
    let mut elsewhere: Vec<i64> = chunk.attributions.iter().map(|a| a.stream_id).filter(|&id| id != 0).collect();
    elsewhere.retain(|&id| knowledge.streams.find(id).is_none());
    elsewhere.sort_unstable();
    elsewhere.dedup();
    knowledge.streams.add(&streams::list_of_ids(session, &elsewhere).await?);
    Ok(knowledge)
}

/// What a run of orders changes.
#[derive(Debug, Default)]
struct Run {
    rows: Vec<NewRow>,
    slices: Vec<SliceRow>,
    gone_slices: Vec<(i64, i64)>,
    /// Orders whose counted days changed.
    orders: Vec<OrderRow>,
    counts: Vec<(CountKey, Counts)>,
}

/// Pure: everything read in, everything to write out.
fn compute(
    chunk: &Chunk,
    knowledge: &Knowledge,
    posted_rows: &[LedgerRow],
    old_slices: &[SliceRow],
    county: RegionCode,
) -> Result<Run, StoreError> {
    let mut run = Run::default();
    let mut old_slices = old_slices;
    for rows in assemble::orders(chunk) {
        let order = rows.order;
        let old = assemble::take(&mut old_slices, order.order_id, |s| s.order_id);
        let facts = assemble::facts(&rows, knowledge)?;
        let result = entries(&facts, &knowledge.book);
        let posted = posted_of(&rows, posted_rows);
        let changes = unposted(order.paid_on, &result.entries, &posted, &knowledge.book);
        let days = counted_days(order, &facts, &posted, &changes, &knowledge.book);
        if (order.paid_counted_on, order.refund_counted_on) != days {
            let (paid_counted_on, refund_counted_on) = days;
            run.orders.push(OrderRow { paid_counted_on, refund_counted_on, ..order.clone() });
        }
        number_rows(&mut run.rows, &changes, &posted, order.shop_id);
        update_slices(&mut run, order.shop_id, old, slices_of(&rows, &result, days, &knowledge.book), county)?;
    }
    Ok(run)
}

/// The ledger rows of an order's lines, out of all of a run (sorted by line).
pub fn posted_of<'a>(rows: &OrderRows, posted_rows: &'a [LedgerRow]) -> Vec<&'a LedgerRow> {
    rows.lines
        .iter()
        .flat_map(|line| {
            let start = posted_rows.partition_point(|r| r.posted.line_id < line.line_id);
            posted_rows[start..].iter().take_while(|r| r.posted.line_id == line.line_id)
        })
        .collect()
}

/// A change with the pay day it is summed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unposted {
    pub paid_on: Day,
    pub change: Change,
}

/// What an order's rows still lack, none when they agree with its entries. Rows posted under a pay day that is no longer
/// the order's are reversed under that day, so that both bases add up.
pub fn unposted(paid_on: Option<Day>, target: &[Entry], posted: &[&LedgerRow], book: &Book) -> Vec<Unposted> {
    let mut days: Vec<Day> = posted.iter().map(|r| r.paid_on).chain(paid_on).collect();
    days.sort_unstable();
    days.dedup();
    let mut out = Vec::new();
    for day in days {
        let sums: Vec<PostedSum> = posted.iter().filter(|r| r.paid_on == day).map(|r| r.posted).collect();
        let target = if Some(day) == paid_on { target } else { &[] };
        out.extend(differences(target, &sums, book).into_iter().map(|change| Unposted { paid_on: day, change }));
    }
    out
}

/// Gives each row the next number of its slice.
fn number_rows(out: &mut Vec<NewRow>, changes: &[Unposted], posted: &[&LedgerRow], shop_id: i64) {
    let first = out.len();
    for &Unposted { paid_on, change } in changes {
        let slice = |line_id: i64, farmer_id: i64| {
            (line_id, farmer_id) == (change.entry.line_id, change.entry.dimensions.farmer_id)
        };
        let before =
            posted.iter().filter(|r| slice(r.posted.line_id, r.slice_no)).map(|r| r.entry_no).max().unwrap_or(0);
        let new =
            out[first..].iter().filter(|r| slice(r.change.entry.line_id, r.change.entry.dimensions.farmer_id)).count();
        let entry_no = before + 1 + i64::try_from(new).expect("few rows a slice");
        out.push(NewRow { change, entry_no, paid_on, shop_id });
    }
}

/// The days an order is counted on as paid and as refunded: those its payment's and its first refund's entries are
/// booked on. Once booked a day stands, also when the month is locked later.
pub fn counted_days(
    order: &OrderRow,
    facts: &OrderFacts,
    posted: &[&LedgerRow],
    changes: &[Unposted],
    book: &Book,
) -> (Option<Day>, Option<Day>) {
    let booked = |event_id: i64, event_on: Day, stored: Option<Day>| {
        let first_row = posted
            .iter()
            .filter(|r| r.posted.event_id == event_id && r.posted.event_on == event_on)
            .min_by_key(|r| r.batch_id)
            .map(|r| r.booked_on);
        let new_row = || {
            let of_event = |c: &&Change| (c.entry.event_id, c.entry.event_on) == (event_id, event_on);
            changes.iter().map(|u| &u.change).find(of_event).map(|c| c.booking.booked_on)
        };
        first_row.or_else(new_row).or(stored).unwrap_or_else(|| book.booking(event_on).booked_on)
    };
    let paid = facts
        .events
        .iter()
        .find(|e| matches!(e.kind, EventKind::Paid))
        .map(|e| booked(e.id, e.on, order.paid_counted_on));
    let refunds = || {
        facts.events.iter().filter_map(|e| match e.kind {
            EventKind::Refund { refund_fen, .. } => Some((e, refund_fen)),
            _ => None,
        })
    };
    let refunded = refunds().map(|(_, fen)| fen).sum::<i64>() > 0;
    let first = refunds().map(|(e, _)| e).min_by_key(|e| (e.on, e.second, e.id));
    let refund = first.filter(|_| refunded && paid.is_some()).map(|e| booked(e.id, e.on, order.refund_counted_on));
    (paid, refund)
}

/// The present slices of an order's lines, by line and household.
pub fn slices_of(
    rows: &OrderRows,
    result: &OrderEntries,
    (paid_counted_on, refund_counted_on): (Option<Day>, Option<Day>),
    book: &Book,
) -> Vec<SliceRow> {
    let order = rows.order;
    let facts_mark = mark(rows, result, book);
    let slices = result.lines.iter().flat_map(|line| line.slices.iter().map(move |slice| (line, slice)));
    slices
        .map(|(line, slice)| {
            let d = &slice.dimensions;
            SliceRow {
                line_id: line.line_id,
                farmer_id: d.farmer_id,
                order_id: order.order_id,
                shop_id: order.shop_id,
                listing_id: d.listing_id,
                product_id: d.product_id,
                room_id: d.room_id,
                anchor_id: d.anchor_id,
                stream_id: d.stream_id,
                village_code: d.village_code.to_string(),
                class: d.class.key().to_owned(),
                state: line.state.key().to_owned(),
                without_listing: line.without_listing,
                without_baseline: slice.without_baseline,
                created_on: order.created_on,
                paid_counted_on,
                refund_counted_on,
                facts_mark,
            }
        })
        .collect()
}

/// Writes down the present slices and what changed in the counts.
fn update_slices(
    run: &mut Run,
    shop_id: i64,
    old: &[SliceRow],
    new: Vec<SliceRow>,
    county: RegionCode,
) -> Result<(), StoreError> {
    if new == old {
        return Ok(());
    }
    let gone = old.iter().filter(|o| !new.iter().any(|n| (n.line_id, n.farmer_id) == (o.line_id, o.farmer_id)));
    run.gone_slices.extend(gone.map(|o| (o.line_id, o.farmer_id)));
    if !same_counts(old, &new) {
        count(&mut run.counts, shop_id, old, county, |n| -n)?;
        count(&mut run.counts, shop_id, &new, county, |n| n)?;
    }
    run.slices.extend(new.into_iter().filter(|n| !old.contains(n)));
    Ok(())
}

/// True if two states of an order's slices count alike: only their sale state, or what they were posted from, differs.
fn same_counts(old: &[SliceRow], new: &[SliceRow]) -> bool {
    let alike =
        |o: &SliceRow, n: &SliceRow| SliceRow { state: n.state.clone(), facts_mark: n.facts_mark, ..o.clone() } == *n;
    old.len() == new.len() && old.iter().zip(new).all(|(o, n)| alike(o, n))
}

/// Adds what an order's slices count for, through `sign`.
fn count(
    out: &mut Vec<(CountKey, Counts)>,
    shop_id: i64,
    slices: &[SliceRow],
    county: RegionCode,
    sign: impl Fn(Counts) -> Counts,
) -> Result<(), StoreError> {
    out.extend(count_contributions(shop_id, slices, county)?.into_iter().map(|(key, counts)| (key, sign(counts))));
    Ok(())
}

/// Everything an order's slices count for, in every grain.
pub fn count_contributions(
    shop_id: i64,
    slices: &[SliceRow],
    county: RegionCode,
) -> Result<Vec<(CountKey, Counts)>, StoreError> {
    let in_grains = |c: Contribution| {
        Grain::ALL.map(|grain| (CountKey { group: c.group, grain, start_on: grain.start(c.on) }, c.counts))
    };
    Ok(contributions_of(shop_id, slices, county)?.into_iter().flat_map(in_grains).collect())
}

/// Everything an order's slices count for, by day.
pub fn contributions_of(
    shop_id: i64,
    slices: &[SliceRow],
    county: RegionCode,
) -> Result<Vec<Contribution>, StoreError> {
    let Some(first) = slices.first() else { return Ok(Vec::new()) };
    let mut lines = Vec::new();
    for of_line in slices.chunk_by(|a, b| a.line_id == b.line_id) {
        let mut state = State::Unpaid;
        let mut states = Vec::with_capacity(of_line.len());
        for slice in of_line {
            let (of_slice, slice_state) = slice.state()?;
            state = of_slice;
            states.push(slice_state);
        }
        lines.push(LineState {
            line_id: of_line[0].line_id,
            state,
            without_listing: of_line[0].without_listing,
            slices: states,
        });
    }
    let counted = CountedOrder {
        shop_id,
        created_on: first.created_on,
        paid_counted_on: first.paid_counted_on,
        refund_counted_on: first.refund_counted_on,
        lines: &lines,
    };
    Ok(contributions(&counted, county))
}

/// Sums of a posting on their way to the rollups.
#[derive(Debug, Default)]
pub struct Rollups {
    pub sums: FxHashMap<FigureKey, (Amounts, i64)>,
    pub counts: FxHashMap<CountKey, Counts>,
}

impl Rollups {
    /// Adds a ledger row in every basis, lens and grain.
    fn add_row(&mut self, row: &NewRow) {
        for key in figure_keys(&row.change.entry.dimensions, row.shop_id, row.change.booking.booked_on, row.paid_on) {
            let (sums, entries) = self.sums.entry(key).or_default();
            *sums += row.change.entry.amounts;
            *entries += 1;
        }
    }

    fn add_counts(&mut self, counts: &[(CountKey, Counts)]) {
        for (key, counts) in counts {
            *self.counts.entry(*key).or_default() += *counts;
        }
    }
}

/// The rollup rows a ledger row is summed in.
pub fn figure_keys(
    d: &crate::domain::ledger::Dimensions,
    shop_id: i64,
    booked_on: Day,
    paid_on: Day,
) -> impl Iterator<Item = FigureKey> + use<> {
    let d = *d;
    MONEY_LENSES.into_iter().flat_map(move |lens| {
        let key = match lens {
            Lens::Listing => d.listing_id,
            Lens::Room => d.room_id,
            Lens::Anchor => d.anchor_id,
            Lens::Stream => d.stream_id,
            _ => shop_id,
        };
        [(Basis::Event, booked_on), (Basis::Pay, paid_on)].into_iter().flat_map(move |(basis, on)| {
            Grain::ALL.into_iter().map(move |grain| FigureKey {
                basis,
                lens,
                grain,
                start_on: grain.start(on),
                key,
                farmer_id: d.farmer_id,
                household_category: d.household_category.key(),
                village_code: d.village_code,
                class: d.class.key(),
            })
        })
    })
}
