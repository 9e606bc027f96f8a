//! From the facts of an order to its dated entries.
//!
//! The order's events are walked in order of time; an event's entry is a line's position after it less the position
//! before it, household by household, so the entries of a line always sum to its position. An event of one line may
//! change another: when a line drops out of the parcel, the others carry it, dated by that event.
//!
//! Rule of versions: an event of a locked month is computed with what was known at its lock. From a line's first
//! settled event on, if that lies in a locked month, everything of the line is. All else uses the newest, so that a
//! corrected price, rate or share between lock and settlement reaches the next event, whose entry carries the
//! difference too. Attribution and listing are always the present ones.
//!
//! Not here: what a position is ([`super::position`]), what is posted and on which day ([`super::posting`]).

use super::basis::{Basis, nobodys_dimensions};
use super::book::{Book, Category, Known};
use super::facts::{Class, Event, EventKind, LineFacts, OrderFacts};
use super::parcels::{ParcelCost, parcel_costs};
use super::position::{Slice, position};
use super::sale::Sale;
use super::tally::{Settled, Tally};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::Day;
use crate::domain::regions::RegionCode;

/// What an entry is about; copied into every ledger row. 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimensions {
    pub room_id: i64,
    pub anchor_id: i64,
    pub stream_id: i64,
    pub listing_id: i64,
    pub product_id: i64,
    pub farmer_id: i64,
    /// The household's village, the county for what has none.
    pub village_code: RegionCode,
    pub household_category: Category,
    pub lot_ticket_id: i64,
    pub class: Class,
}

/// One event's effect on one household's slice of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub line_id: i64,
    pub event_id: i64,
    pub event_kind: &'static str,
    pub event_on: Day,
    pub dimensions: Dimensions,
    /// The baseline version used, 0 = none.
    pub baseline_id: i64,
    pub amounts: Amounts,
}

/// Where the sale of a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Unpaid,
    /// 暂计
    Provisional,
    /// 已结算
    Settled,
    /// Wholly refunded.
    Refunded,
}

impl State {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Unpaid, Self::Provisional, Self::Settled, Self::Refunded];

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// As stored and printed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Provisional => "provisional",
            Self::Settled => "settled",
            Self::Refunded => "refunded",
        }
    }
}

/// The present state of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineState {
    pub line_id: i64,
    pub state: State,
    pub without_listing: bool,
    /// Households now (one with farmer 0 where there is none), by farmer.
    pub slices: Vec<SliceState>,
}

/// The present state of one slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceState {
    pub dimensions: Dimensions,
    /// Has kilograms and no price on its day.
    pub without_baseline: bool,
    /// The whole position of the slice now.
    pub position: Amounts,
}

/// Everything the ledger says of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderEntries {
    /// Non-zero entries, by event order, line, dimensions.
    pub entries: Vec<Entry>,
    pub lines: Vec<LineState>,
}

/// Computes all entries of an order as they are with what is now known.
pub fn entries(order: &OrderFacts, book: &Book) -> OrderEntries {
    let events = in_order(&order.events);
    let Some(paid_on) = events.iter().find(|e| e.kind == EventKind::Paid).map(|e| e.on) else {
        return OrderEntries { entries: Vec::new(), lines: order.lines.iter().map(|l| unpaid(l, book)).collect() };
    };
    let mut walk = Walk {
        order,
        book,
        paid_on,
        sale: Sale::new(order),
        costs: Vec::new(),
        lines: order.lines.iter().map(|_| LineWalk::default()).collect(),
        entries: Vec::with_capacity(order.lines.len() * (events.len() + 1)),
    };
    let mut paid = false;
    for event in events {
        walk.sale.apply(&event.kind);
        paid |= event.kind == EventKind::Paid;
        if paid {
            walk.post(event);
        }
    }
    walk.finish()
}

/// Events by moment and id. On its own day the payment comes first: a fact known only by its day cannot precede it.
/// What is dated before the payment shows in the payment's entry.
fn in_order(events: &[Event]) -> Vec<&Event> {
    let mut sorted: Vec<&Event> = events.iter().collect();
    sorted.sort_by_key(|e| (e.on, e.kind != EventKind::Paid, e.second, e.id));
    sorted
}

/// A line of an order nobody has paid.
fn unpaid(line: &LineFacts, book: &Book) -> LineState {
    LineState {
        line_id: line.line_id,
        state: State::Unpaid,
        without_listing: line.listing.is_none(),
        slices: vec![SliceState {
            dimensions: nobodys_dimensions(line, book),
            without_baseline: false,
            position: Amounts::ZERO,
        }],
    }
}

/// Everything a line's position depends on; while it does not change, neither does the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    tally: Tally,
    cost: ParcelCost,
    settled: Settled,
    known: Known,
}

/// Where the walk through an order's events stands for one line.
#[derive(Debug, Default)]
struct LineWalk<'a> {
    moment: Option<Moment>,
    basis: Option<Basis<'a>>,
    /// The position after the last event, and room for the next.
    slices: Vec<Slice>,
    next: Vec<Slice>,
    /// The first settled event has passed.
    settled_once: bool,
    /// The knowledge of the lock that first settled event lies under: good for all later events too.
    frozen: Option<Known>,
}

impl LineWalk<'_> {
    /// The knowledge an event is computed with: that of its month's lock, once settled that of the settled month's.
    fn known(&mut self, on_that_day: Known, settled: Settled) -> Known {
        if settled.has_begun() && !self.settled_once {
            self.settled_once = true;
            self.frozen = matches!(on_that_day, Known::At(_)).then_some(on_that_day);
        }
        self.frozen.unwrap_or(on_that_day)
    }
}

/// The walk through an order's events.
struct Walk<'a> {
    order: &'a OrderFacts,
    book: &'a Book,
    paid_on: Day,
    sale: Sale,
    costs: Vec<ParcelCost>,
    lines: Vec<LineWalk<'a>>,
    entries: Vec<Entry>,
}

impl Walk<'_> {
    /// Adds the entries of an event: every line's position after it less the position before.
    fn post(&mut self, event: &Event) {
        let on_that_day = self.book.known_on(event.on);
        let mut costs_known = None;
        for (i, facts) in self.order.lines.iter().enumerate() {
            let settled = self.sale.settled(i);
            let line = &mut self.lines[i];
            let known = line.known(on_that_day, settled);
            if costs_known != Some(known) {
                parcel_costs(&self.order.lines, &self.sale, self.paid_on, known, self.book, &mut self.costs);
                costs_known = Some(known);
            }
            let moment = Moment { tally: self.sale.lines[i], cost: self.costs[i], settled, known };
            if line.moment == Some(moment) {
                continue;
            }
            line.moment = Some(moment);
            let basis = match line.basis.take() {
                Some(basis) if basis.known == known => basis,
                _ => Basis::resolve(facts, self.paid_on, known, self.book),
            };
            position(&moment.tally, moment.cost, settled, &basis, &mut line.next);
            line.basis = Some(basis);
            post_changes(event, facts.line_id, &line.slices, &line.next, &mut self.entries);
            std::mem::swap(&mut line.slices, &mut line.next);
        }
    }

    fn finish(self) -> OrderEntries {
        let lines = self.order.lines.iter().zip(self.lines).enumerate().map(|(i, (facts, line))| {
            let tally = &self.sale.lines[i];
            let state = if tally.is_wholly_refunded() {
                State::Refunded
            } else if self.sale.settled(i).is_whole() {
                State::Settled
            } else {
                State::Provisional
            };
            let mut slices: Vec<SliceState> = line
                .slices
                .iter()
                .map(|slice| SliceState {
                    dimensions: slice.dimensions,
                    without_baseline: slice.without_baseline,
                    position: slice.amounts,
                })
                .collect();
            slices.sort_unstable_by_key(|slice| slice.dimensions);
            // a household with two tickets in a line is one household of it
            slices.dedup_by(|next, kept| {
                let same = next.dimensions.farmer_id == kept.dimensions.farmer_id;
                if same {
                    kept.position += next.position;
                    kept.without_baseline |= next.without_baseline;
                }
                same
            });
            let without_listing = line.basis.is_none_or(|basis| basis.terms.is_none());
            LineState { line_id: facts.line_id, state, without_listing, slices }
        });
        OrderEntries { lines: lines.collect(), entries: self.entries }
    }
}

/// Adds what changed between two positions of a line, by dimensions. A household that supplies no longer is taken back
/// under its own dimensions; two positions that differ in nothing but the price's version give no entry.
fn post_changes(event: &Event, line_id: i64, before: &[Slice], after: &[Slice], entries: &mut Vec<Entry>) {
    let first = entries.len();
    let mut add = |slice: &Slice, baseline_id: i64, amounts: Amounts| {
        if !amounts.is_zero() {
            entries.push(Entry {
                line_id,
                event_id: event.id,
                event_kind: event.kind.key(),
                event_on: event.on,
                dimensions: slice.dimensions,
                baseline_id,
                amounts,
            });
        }
    };
    for slice in after {
        match before.iter().find(|old| old.dimensions == slice.dimensions) {
            Some(old) => add(slice, slice.baseline_id, slice.amounts - old.amounts),
            None => add(slice, slice.baseline_id, slice.amounts),
        }
    }
    for old in before.iter().filter(|old| after.iter().all(|slice| slice.dimensions != old.dimensions)) {
        add(old, 0, -old.amounts);
    }
    entries[first..].sort_unstable_by_key(|entry| entry.dimensions);
}
