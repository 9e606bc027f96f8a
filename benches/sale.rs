//! An order as the ledger meets it most: two boxes for two households, paid, then partly refunded and settled.

use red_anchor::domain::calendar::{Day, parse_day};
use red_anchor::domain::ledger::book::{Baseline, LossBearer, Model, Share, Terms};
use red_anchor::domain::ledger::facts::{Attribution, Class, Coupons, Listing, Outcome};
use red_anchor::domain::ledger::{Book, Entry, Event, EventKind, LineFacts, OrderFacts, PostedSum, Version, entries};
use red_anchor::domain::regions::RegionCode;

const LISTING: Listing = Listing { listing_id: 1, product_id: 1 };
const COUNTY: &str = "360827";
const VILLAGE: &str = "360827100201";
/// Goods of a line as the buyer paid them, and what the platform adds.
const GOODS_FEN: i64 = 3_990;
const SUBSIDY_FEN: i64 = 500;
const REFUND_FEN: i64 = 600;

/// Two lines; the first is partly refunded for bad fruit, both are settled on one day.
pub fn order() -> OrderFacts {
    let refund = EventKind::Refund {
        line_id: Some(1),
        refund_fen: REFUND_FEN,
        freight_fen: None,
        subsidy_back_fen: 0,
        outcome: Outcome::Kept,
        pieces: 1,
    };
    let happened = [
        ("2026-01-10", EventKind::Paid),
        ("2026-01-14", refund),
        ("2026-01-22", settled(1, REFUND_FEN)),
        ("2026-01-22", settled(2, 0)),
    ];
    OrderFacts {
        order_id: 1,
        shop_id: 1,
        lines: [1, 2].map(line).into(),
        events: happened
            .into_iter()
            .zip(1..)
            .map(|((on, kind), id)| Event { id, on: day(on), second: 0, kind })
            .collect(),
        ..OrderFacts::default()
    }
}

fn line(line_id: i64) -> LineFacts {
    LineFacts {
        line_id,
        pieces: 1,
        list_fen: 4_990,
        coupons: Coupons { shop_fen: 500, platform_fen: 300, anchor_fen: 200 },
        listing: Some(LISTING),
        attribution: Attribution { stream_id: 1, room_id: 1, anchor_id: 1, class: Class::Red },
        intake_on: None,
        draws: Vec::new(),
    }
}

fn settled(line_id: i64, refund_fen: i64) -> EventKind {
    EventKind::Settled {
        line_id: Some(line_id),
        goods_fen: GOODS_FEN,
        freight_fen: 0,
        subsidy_fen: SUBSIDY_FEN,
        refund_fen,
        platform_fen: 80,
        anchor_fen: 399,
    }
}

/// Kumquat on consignment with one price in the county.
pub fn book() -> Book {
    let village_code = region(VILLAGE);
    let shares = [(1, 6_000), (2, 4_000)].map(|(farmer_id, share_bp)| Share { farmer_id, village_code, share_bp });
    let terms = Terms {
        model: Model::Consignment,
        platform_bp: 200,
        anchor_bp: 1_000,
        operator_bp: 600,
        village_bp: 0,
        share_bp: 0,
        purchase_fen_per_kg: 0,
        freight_fen: 550,
        packaging_fen: 250,
        pack_g: 2_500,
        shrink_bp: 500,
        conversion_bp: 10_000,
        extra_cost_fen_per_kg: 0,
        loss_borne_by: LossBearer::Operator,
    };
    let price = Baseline { region: region(COUNTY), low_fen_per_kg: 576, mid_fen_per_kg: 640, high_fen_per_kg: 704 };
    let mut book = Book { county: Some(region(COUNTY)), ..Book::default() };
    book.terms.insert(LISTING.listing_id, vec![version(terms)]);
    book.supply.insert(LISTING.listing_id, vec![version(shares.into())]);
    book.baselines.insert(LISTING.product_id, vec![version(price)]);
    book
}

/// What the ledger holds once the payment is posted and nothing after it.
pub fn posted_at_payment(order: &OrderFacts, book: &Book) -> Vec<PostedSum> {
    let events = order.events.iter().copied().filter(|event| event.kind == EventKind::Paid).collect();
    let paid = OrderFacts { events, ..order.clone() };
    entries(&paid, book).entries.iter().map(posted).collect()
}

fn posted(entry: &Entry) -> PostedSum {
    PostedSum {
        line_id: entry.line_id,
        event_id: entry.event_id,
        event_kind: entry.event_kind,
        event_on: entry.event_on,
        dimensions: entry.dimensions,
        baseline_id: entry.baseline_id,
        amounts: entry.amounts,
    }
}

fn version<T>(value: T) -> Version<T> {
    Version { version_id: 1, batch_id: 1, valid_from: day("2025-10-01"), valid_to: None, value }
}

fn region(code: &str) -> RegionCode {
    RegionCode::parse(code).expect("a region")
}

fn day(text: &str) -> Day {
    parse_day(text).expect("a day")
}
