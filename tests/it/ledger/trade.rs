//! One order in a small county, built up fact by fact, and a ledger in memory to post it into.

use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::calendar::{Day, month_start, parse_day};
use red_anchor::domain::figures::{Counts, FigureRow};
use red_anchor::domain::ledger::book::{Baseline, LossBearer, Model, Share, Terms};
use red_anchor::domain::ledger::facts::{Attribution, Coupons, Listing, Outcome};
use red_anchor::domain::ledger::{
    Book, Change, Event, EventKind, LineFacts, OrderEntries, OrderFacts, PostedSum, Version, differences, entries,
};
use red_anchor::domain::regions::RegionCode;

pub const PRODUCT_ID: i64 = 1;
pub const LISTING_ID: i64 = 1;
pub const LINE_ID: i64 = 17;
pub const VILLAGE: &str = "360827100201";

pub fn day(text: &str) -> Day {
    parse_day(text).expect("a day")
}

pub fn region(code: &str) -> RegionCode {
    RegionCode::parse(code).expect("a region")
}

/// Something always valid, known in a batch.
pub fn version<T>(batch_id: i64, value: T) -> Version<T> {
    Version { version_id: batch_id, batch_id, valid_from: day("2025-10-01"), valid_to: None, value }
}

/// A kumquat listing: 2.5 kg and 5 % shrinkage, freight 4.70, packaging 2.50, platform 2 %, anchor 10 %, operator 6 %.
pub fn terms(model: Model) -> Terms {
    Terms {
        model,
        platform_bp: 200,
        anchor_bp: 1_000,
        operator_bp: 600,
        village_bp: 0,
        share_bp: 6_500,
        purchase_fen_per_kg: 740,
        freight_fen: 470,
        packaging_fen: 250,
        pack_g: 2_500,
        shrink_bp: 500,
        conversion_bp: 10_000,
        extra_cost_fen_per_kg: 0,
        loss_borne_by: LossBearer::Operator,
    }
}

/// A price for the whole county, ±10 %.
pub fn price(mid_fen_per_kg: i64) -> Baseline {
    let tenth = mid_fen_per_kg / 10;
    Baseline {
        region: region("360827"),
        low_fen_per_kg: mid_fen_per_kg - tenth,
        mid_fen_per_kg,
        high_fen_per_kg: mid_fen_per_kg + tenth,
    }
}

pub fn share(farmer_id: i64, share_bp: i64) -> Share {
    Share { farmer_id, village_code: region(VILLAGE), share_bp }
}

pub fn line(line_id: i64, list_fen: i64) -> LineFacts {
    LineFacts {
        line_id,
        pieces: 1,
        list_fen,
        coupons: Coupons::default(),
        listing: Some(Listing { listing_id: LISTING_ID, product_id: PRODUCT_ID }),
        attribution: Attribution::NONE,
        intake_on: None,
        draws: Vec::new(),
    }
}

pub fn refund(line_id: Option<i64>, refund_fen: i64, outcome: Outcome) -> EventKind {
    EventKind::Refund { line_id, refund_fen, freight_fen: None, subsidy_back_fen: 0, outcome, pieces: 1 }
}

pub fn settled(line_id: Option<i64>, goods_fen: i64, platform_fen: i64, anchor_fen: i64) -> EventKind {
    EventKind::Settled { line_id, goods_fen, freight_fen: 0, subsidy_fen: 0, refund_fen: 0, platform_fen, anchor_fen }
}

/// An order, the county's book and the ledger so far.
#[derive(Debug, Clone)]
pub struct Trade {
    pub order: OrderFacts,
    pub book: Book,
    pub ledger: Vec<Change>,
    batch_id: i64,
}

impl Trade {
    /// One line of 44.90 sold under these terms for household 1, farm-gate price 6.80 a kilogram, not yet paid.
    pub fn new(terms: Terms) -> Self {
        let mut book = Book { county: Some(region("360827")), ..Book::default() };
        book.terms.insert(LISTING_ID, vec![version(1, terms)]);
        book.supply.insert(LISTING_ID, vec![version(1, vec![share(1, 10_000)])]);
        book.baselines.insert(PRODUCT_ID, vec![version(1, price(680))]);
        let order = OrderFacts { order_id: 1, shop_id: 1, lines: vec![line(LINE_ID, 4_490)], ..OrderFacts::default() };
        Self { order, book, ledger: Vec::new(), batch_id: 1 }
    }

    /// The same, with another order's lines.
    pub fn with_lines(mut self, lines: Vec<LineFacts>) -> Self {
        self.order.lines = lines;
        self
    }

    /// The number of the next unit of work.
    pub fn next_batch(&mut self) -> i64 {
        self.batch_id += 1;
        self.batch_id
    }

    /// Something happens and is posted; ids follow the order of arrival.
    pub fn happens(&mut self, on: &str, kind: EventKind) -> &mut Self {
        let id = i64::try_from(self.order.events.len()).expect("few events") + 1;
        self.order.events.push(Event { id, on: day(on), second: 0, kind });
        self.post()
    }

    pub fn locks(&mut self, month: &str) -> &mut Self {
        let batch_id = self.next_batch();
        self.book.locks.insert(month_start(day(month)), batch_id);
        self.post()
    }

    pub fn state(&self) -> OrderEntries {
        entries(&self.order, &self.book)
    }

    /// Appends what is missing; nothing may go into a month that is locked by now.
    pub fn post(&mut self) -> &mut Self {
        let changes = differences(&self.state().entries, &self.posted(), &self.book);
        for change in &changes {
            assert!(!self.book.locks.contains_key(&month_start(change.booking.booked_on)), "locked: {change:?}");
        }
        self.ledger.extend(changes);
        self
    }

    pub fn posted(&self) -> Vec<PostedSum> {
        let mut sums: Vec<PostedSum> = Vec::new();
        for entry in self.ledger.iter().map(|row| row.entry) {
            let place = (entry.event_on, entry.event_id, entry.line_id, entry.dimensions);
            match sums.iter_mut().find(|s| (s.event_on, s.event_id, s.line_id, s.dimensions) == place) {
                Some(sum) => sum.amounts += entry.amounts,
                None => sums.push(PostedSum {
                    line_id: entry.line_id,
                    event_id: entry.event_id,
                    event_kind: entry.event_kind,
                    event_on: entry.event_on,
                    dimensions: entry.dimensions,
                    baseline_id: entry.baseline_id,
                    amounts: entry.amounts,
                }),
            }
        }
        sums
    }

    /// Ledger sums of rows that are asked for.
    pub fn sum(&self, rows: impl Fn(&Change) -> bool) -> Amounts {
        self.ledger.iter().filter(|row| rows(row)).map(|row| row.entry.amounts).sum()
    }

    pub fn total(&self) -> Amounts {
        self.sum(|_| true)
    }

    pub fn of_line(&self, line_id: i64) -> Amounts {
        self.sum(|row| row.entry.line_id == line_id)
    }

    pub fn of_farmer(&self, farmer_id: i64) -> Amounts {
        self.sum(|row| row.entry.dimensions.farmer_id == farmer_id)
    }

    /// Figures of a booked month, without counts.
    pub fn month(&self, month: &str) -> FigureRow {
        let amounts = self.sum(|row| month_start(row.booking.booked_on) == month_start(day(month)));
        FigureRow::from_sums(&amounts, Counts::ZERO, 0)
    }

    pub fn figures(&self) -> FigureRow {
        FigureRow::from_sums(&self.total(), Counts::ZERO, 0)
    }
}

/// Uplift of all entries, settled or not.
pub fn uplift(amounts: &Amounts) -> i64 {
    amounts[Col::Farmer] - amounts[Col::WithoutBaseline] - amounts[Col::BaselineMid] - amounts[Col::ExtraCost]
}
