//! A fingerprint of the numbers an order's entries were computed from.
//!
//! A fen more in a statement may leave every entry as it is, because a rate's rounding swallows it. The fact has changed
//! all the same, so posting writes down what it computed from, and verify compares.
//!
//! Rule that must hold: it is a function of the order's own rows, its draws among them, and of the prices its entries name, and of nothing that
//! changes without the order being posted again.

use super::assemble::OrderRows;
use crate::domain::calendar::{Day, Instant};
use crate::domain::ledger::OrderEntries;
use crate::domain::ledger::book::Book;
use chrono::Datelike;
use sha2::{Digest, Sha256};

/// The first eight bytes of the sha256 of all the numbers, each list after its length.
pub fn mark(rows: &OrderRows, result: &OrderEntries, book: &Book) -> i64 {
    let mut numbers = Vec::with_capacity(64);
    let order = rows.order;
    numbers.extend([order.paid_event_id, order.buyer_freight_fen]);
    numbers.extend([order.shop_coupon_fen, order.platform_coupon_fen, order.anchor_coupon_fen]);
    numbers.extend(micros(order.paid_at));
    numbers.push(length(rows.lines));
    for line in rows.lines {
        numbers.extend([line.line_id, line.sku_id, line.pieces, line.list_fen, i64::from(line.replaced)]);
        numbers.extend([line.shop_coupon_fen, line.platform_coupon_fen, line.anchor_coupon_fen]);
    }
    numbers.push(length(rows.refunds));
    for refund in rows.refunds {
        numbers.extend([refund.refund_id, refund.refund_fen, refund.subsidy_back_fen]);
        numbers.extend([refund.pieces, refund.resent_pieces]);
        numbers.extend(maybe(refund.freight_fen));
        numbers.extend(maybe(refund.refunded_on.map(day)));
        numbers.extend(micros(refund.refunded_at));
    }
    numbers.push(length(rows.settlements));
    for row in rows.settlements {
        numbers.extend([row.settlement_id, row.settled_at.timestamp_micros(), day(row.settled_on)]);
        numbers.extend([row.goods_fen, row.freight_fen, row.subsidy_fen, row.refund_fen]);
        numbers.extend([row.platform_fen, row.anchor_fen]);
    }
    numbers.push(length(rows.events));
    for event in rows.events {
        numbers.extend([event.event_id, event.line_id, day(event.happened_on), event.quantity]);
    }
    for row in rows.lines.iter().flat_map(|line| rows.draws_of(line.line_id)) {
        let drawn = &row.draw;
        numbers.extend([row.line_id, drawn.ticket_id, drawn.drawn_g, drawn.batch_id, i64::from(drawn.late)]);
        numbers.extend([drawn.farmer_id, day(drawn.intake_on), drawn.agreed_fen_per_kg]);
    }
    add_prices(&mut numbers, result, book);
    let mut hash = Sha256::new();
    for number in numbers {
        hash.update(number.to_be_bytes());
    }
    let bytes: [u8; 32] = hash.finalize().into();
    i64::from_be_bytes(*bytes.first_chunk::<8>().expect("a sha256 has 32 bytes"))
}

/// The prices of every version the entries name, each once.
fn add_prices(numbers: &mut Vec<i64>, result: &OrderEntries, book: &Book) {
    let mut used: Vec<(i64, i64)> =
        result.entries.iter().map(|e| (e.dimensions.product_id, e.baseline_id)).filter(|(_, id)| *id != 0).collect();
    used.sort_unstable();
    used.dedup();
    for (product_id, baseline_id) in used {
        let versions = book.baselines.get(&product_id).into_iter().flatten();
        for price in versions.filter(|v| v.version_id == baseline_id).map(|v| v.value) {
            numbers.extend([baseline_id, price.low_fen_per_kg, price.mid_fen_per_kg, price.high_fen_per_kg]);
        }
    }
}

fn length<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).expect("few rows an order")
}

fn day(on: Day) -> i64 {
    i64::from(on.num_days_from_ce())
}

/// A number that may be missing, and whether it is.
fn maybe(number: Option<i64>) -> [i64; 2] {
    [i64::from(number.is_some()), number.unwrap_or(0)]
}

fn micros(at: Option<Instant>) -> [i64; 2] {
    maybe(at.map(|at| at.timestamp_micros()))
}
