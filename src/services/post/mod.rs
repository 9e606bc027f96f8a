//! Posting: bringing the ledger and its rollups up to what is now known of the queued orders.
//!
//! Runs inside the unit of work that changed the facts, so a reader never sees facts without their entries. The queue is
//! taken in runs of orders; each run is read in one statement a table, computed by pure code, and written in bulk, the rows
//! that do not fill a statement together with the next run's. Rollups are collected over all runs and added once.
//!
//! Rules that must hold: rows are only appended; the sum of a line's rows equals its position computed afresh; the queue
//! is empty afterwards; posting again changes nothing.

mod rollups;

use super::assemble::{self, OrderRows};
use super::book::Knowledge;
use super::draws;
use super::mark::mark;
use crate::domain::calendar::Day;
use crate::domain::counts::{Contribution, CountedOrder, Group, contributions};
use crate::domain::figures::Counts;
use crate::domain::ledger::book::Book;
use crate::domain::ledger::facts::OrderFacts;
use crate::domain::ledger::{
    Change, Entry, EventKind, LineState, OrderEntries, PostedSum, State, differences, entries,
};
use crate::domain::regions::RegionCode;
use crate::store::facts::{Chunk, PackedChunk, Selection};
use crate::store::ledger::{LedgerRow, NewRow, SliceRow, Sums};
use crate::store::orders::AttributionRow;
use crate::store::packed::Answer;
use crate::store::streams::{self, Stream};
use crate::store::{FULL_STATEMENT, Session, StoreError, Work, facts, ledger};
use rollups::Rollups;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Orders a run takes: large enough that statements cost little, small enough that a week of sales is several, which can
/// overlap.
const RUN_ORDERS: i64 = 1_000;

/// What a posting did, for logs and tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Posted {
    pub orders: u64,
    pub rows: u64,
}

/// Posts everything queued. While a run is computed the database works on the others: the one before is written, the one
/// behind is read.
pub async fn post(work: &mut Work) -> Result<Posted, StoreError> {
    let Some((from, to)) = facts::queued_days(work).await? else { return Ok(Posted::default()) };
    let county = work.scope().county();
    let mut knowledge = Arc::new(Knowledge::load(work, from, to).await?);
    draws::draw(work, &knowledge).await?;
    let (mut posted, mut rollups, mut after) = (Posted::default(), Rollups::default(), 0);
    let mut waiting = Run::default();
    let mut computing: Option<JoinHandle<Result<(Run, Rollups), StoreError>>> = None;
    loop {
        let read = read_run(work, &mut after, &knowledge).await?;
        if let Some(task) = computing.take() {
            let (run, summed) = task.await.unwrap_or_else(|stopped| std::panic::resume_unwind(stopped.into_panic()))?;
            posted.orders += run.orders;
            posted.rows += run.rows().count() as u64;
            waiting = run.with_rest_of(waiting);
            rollups = summed;
        }
        let last = read.is_none();
        if let Some(read) = read {
            Arc::get_mut(&mut knowledge).expect("the run before is computed").streams.add(&read.elsewhere);
            let (knowledge, mut summed) = (Arc::clone(&knowledge), std::mem::take(&mut rollups));
            computing = Some(spawn_blocking(move || {
                let run = compute(read, &knowledge, county)?;
                summed.add(&run);
                Ok((run, summed))
            }));
        }
        if last {
            break;
        }
        write_run(work, &mut waiting, FULL_STATEMENT).await?;
    }
    let summing = spawn_blocking(move || rollups.with_longer_periods());
    write_run(work, &mut waiting, 1).await?;
    let rollups = summing.await.unwrap_or_else(|stopped| std::panic::resume_unwind(stopped.into_panic()));
    rollups.write(work).await?;
    Ok(posted)
}

/// A run of orders with what is posted of them, as the database answered.
struct Read {
    chunk: PackedChunk,
    posted_rows: Answer<LedgerRow>,
    old_slices: Answer<SliceRow>,
    /// Streams its lines belong to that the knowledge lacks.
    elsewhere: Vec<Stream>,
}

/// Takes the next run out of the queue; `None` when nothing is left.
async fn read_run(work: &mut Work, after: &mut i64, knowledge: &Knowledge) -> Result<Option<Read>, StoreError> {
    let Some(to) = facts::next_run(work, Selection::Queued, *after, RUN_ORDERS).await? else { return Ok(None) };
    let from = *after + 1;
    let chunk = facts::ask_chunk(work, Selection::Queued, from, to).await?;
    let posted_rows = ledger::ask_rows(work, Selection::QueuedAgain, from, to).await?;
    let old_slices = ledger::ask_slices(work, Selection::QueuedAgain, from, to).await?;
    let elsewhere = streams_elsewhere(work, knowledge, &chunk.attributions).await?;
    facts::dequeue(work, from, to).await?;
    *after = to;
    Ok(Some(Read { chunk, posted_rows, old_slices, elsewhere }))
}

/// Writes what fills statements of so many rows; the rest waits on.
async fn write_run(work: &mut Work, run: &mut Run, rows: usize) -> Result<(), StoreError> {
    macro_rules! full {
        ($waiting:expr, $write:path) => {{
            let full = $waiting.len() / rows * rows;
            $write(work, &$waiting[..full]).await?;
            $waiting.drain(..full);
        }};
    }
    for alike in run.rows.values_mut() {
        full!(alike, ledger::append);
    }
    full!(run.new_slices, ledger::insert_slices);
    full!(run.slices, ledger::upsert_slices);
    full!(run.restated, ledger::restate_slices);
    ledger::remove_slices(work, &std::mem::take(&mut run.gone_slices)).await
}

/// Knowledge for a chunk: for every day its orders were made or paid on, and every stream its lines belong to. What a
/// line is computed with must not depend on which other orders happen to share its run.
pub async fn load_knowledge(session: &mut Session, chunk: &Chunk) -> Result<Knowledge, StoreError> {
    let Some((from, to)) = assemble::days(&chunk.orders) else { return Ok(Knowledge::default()) };
    let mut knowledge = Knowledge::load(session, from, to).await?;
    let elsewhere = streams_elsewhere(session, &knowledge, &chunk.attributions).await?;
    knowledge.streams.add(&elsewhere);
    Ok(knowledge)
}

/// Streams lines belong to that the knowledge lacks, wherever in time: a person may give a line to any.
async fn streams_elsewhere(
    session: &mut Session,
    knowledge: &Knowledge,
    attributions: &[AttributionRow],
) -> Result<Vec<Stream>, StoreError> {
    let mut elsewhere: Vec<i64> = attributions.iter().map(|a| a.stream_id).filter(|&id| id != 0).collect();
    elsewhere.retain(|&id| knowledge.streams.find(id).is_none());
    elsewhere.sort_unstable();
    elsewhere.dedup();
    if elsewhere.is_empty() {
        return Ok(Vec::new());
    }
    streams::list_of_ids(session, &elsewhere).await
}

/// What runs of orders change.
#[derive(Debug, Default)]
struct Run {
    orders: u64,
    /// Those that are written together.
    rows: BTreeMap<Sums, Vec<NewRow>>,
    new_slices: Vec<SliceRow>,
    /// Slices whose place is another than it was.
    slices: Vec<SliceRow>,
    /// Slices of which only the state is news.
    restated: Vec<SliceRow>,
    gone_slices: Vec<(i64, i64)>,
    /// What its orders add to a group on a day.
    counts: FxHashMap<(Group, Day), Counts>,
}

impl Run {
    /// The same with what the runs before it have left to write; their counts are in the rollups.
    fn with_rest_of(mut self, before: Self) -> Self {
        for (sums, rows) in before.rows {
            self.rows.entry(sums).or_default().extend(rows);
        }
        self.new_slices.extend(before.new_slices);
        self.slices.extend(before.slices);
        self.restated.extend(before.restated);
        self.gone_slices.extend(before.gone_slices);
        self
    }

    /// All ledger rows.
    fn rows(&self) -> impl Iterator<Item = &NewRow> {
        self.rows.values().flatten()
    }
}

/// Pure: everything read in, everything to write out.
fn compute(read: Read, knowledge: &Knowledge, county: RegionCode) -> Result<Run, StoreError> {
    let Read { chunk, posted_rows, old_slices, .. } = read;
    let (chunk, posted_rows, old_slices) = (chunk.unpack()?, posted_rows.in_order()?, old_slices.in_order()?);
    let mut run = Run { orders: chunk.orders.len() as u64, ..Run::default() };
    let mut old_slices = old_slices.as_slice();
    for rows in assemble::orders(&chunk) {
        let order = rows.order;
        let old = assemble::take(&mut old_slices, order.order_id, |s| s.order_id);
        let facts = assemble::facts(&rows, knowledge)?;
        let result = entries(&facts, &knowledge.book);
        let posted = posted_of(&rows, &posted_rows);
        let changes = unposted(order.paid_on, &result.entries, &posted, &knowledge.book);
        let days = counted_days(old, &facts, &posted, &changes, &knowledge.book);
        for row in number_rows(&changes, &posted, order.shop_id) {
            run.rows.entry(Sums::of(&row.change.entry.amounts)).or_default().push(row);
        }
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
fn number_rows(changes: &[Unposted], posted: &[&LedgerRow], shop_id: i64) -> Vec<NewRow> {
    let mut out: Vec<NewRow> = Vec::with_capacity(changes.len());
    for &Unposted { paid_on, change } in changes {
        let slice = |line_id: i64, farmer_id: i64| {
            (line_id, farmer_id) == (change.entry.line_id, change.entry.dimensions.farmer_id)
        };
        let before =
            posted.iter().filter(|r| slice(r.posted.line_id, r.slice_no)).map(|r| r.entry_no).max().unwrap_or(0);
        let new = out.iter().filter(|r| slice(r.change.entry.line_id, r.change.entry.dimensions.farmer_id)).count();
        let entry_no = before + 1 + i64::try_from(new).expect("few rows a slice");
        out.push(NewRow { change, entry_no, paid_on, shop_id });
    }
    out
}

/// The days an order is counted on as paid and as refunded: those its payment's and its first refund's entries are
/// booked on. Once booked a day stands, also when the month is locked later: `old` are the order's slices as they stood.
pub fn counted_days(
    old: &[SliceRow],
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
    let stored = old.first();
    let paid = facts
        .events
        .iter()
        .find(|e| matches!(e.kind, EventKind::Paid))
        .map(|e| booked(e.id, e.on, stored.and_then(|s| s.paid_counted_on)));
    let refunds = || {
        facts.events.iter().filter_map(|e| match e.kind {
            EventKind::Refund { refund_fen, .. } => Some((e, refund_fen)),
            _ => None,
        })
    };
    let refunded = refunds().map(|(_, fen)| fen).sum::<i64>() > 0;
    let first = refunds().map(|(e, _)| e).min_by_key(|e| (e.on, e.second, e.id));
    let refund = first
        .filter(|_| refunded && paid.is_some())
        .map(|e| booked(e.id, e.on, stored.and_then(|s| s.refund_counted_on)));
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
    for slice in new {
        match old.iter().find(|o| (o.line_id, o.farmer_id) == (slice.line_id, slice.farmer_id)) {
            Some(known) if *known == slice => {}
            Some(known) if differs_in_state_only(known, &slice) => run.restated.push(slice),
            Some(_) => run.slices.push(slice),
            None => run.new_slices.push(slice),
        }
    }
    Ok(())
}

/// True if two states of an order's slices count alike: only their sale state, or what they were posted from, differs.
fn same_counts(old: &[SliceRow], new: &[SliceRow]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(o, n)| differs_in_state_only(o, n))
}

/// True if two states of a slice differ at most in its sale state and in what it was posted from.
fn differs_in_state_only(old: &SliceRow, new: &SliceRow) -> bool {
    SliceRow { state: new.state.clone(), facts_mark: new.facts_mark, ..old.clone() } == *new
}

/// Adds what an order's slices count for, through `sign`.
fn count(
    out: &mut FxHashMap<(Group, Day), Counts>,
    shop_id: i64,
    slices: &[SliceRow],
    county: RegionCode,
    sign: impl Fn(Counts) -> Counts,
) -> Result<(), StoreError> {
    for c in contributions_of(shop_id, slices, county)? {
        *out.entry((c.group, c.on)).or_default() += sign(c.counts);
    }
    Ok(())
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
