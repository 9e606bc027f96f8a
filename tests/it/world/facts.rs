//! What the platforms say of the county's sales: a record is a function of its number.

use super::{at, day};
use chrono::TimeDelta;
use red_anchor::domain::calendar::{Instant, local};
use red_anchor::domain::ledger::facts::{Coupons, Outcome};
use red_anchor::domain::records::{LineRecord, OrderRecord, OrderStatus, RefundRecord, RefundStatus, SettlementRecord};

/// A day of January at an hour of the evening, an order a day.
fn placed_at(number: i64) -> Instant {
    local(day("2026-01-03").and_hms_opt(20, 30, 0).expect("an hour")) + TimeDelta::days(number % 28)
}

/// An order with one to three lines; every seventh is not paid, every fifth has coupons of its own.
pub fn order(number: i64) -> OrderRecord {
    let created_at = placed_at(number);
    let paid = number % 7 != 6;
    let coupons =
        if number % 5 == 0 { Coupons { shop_fen: 101, platform_fen: 203, anchor_fen: 50 } } else { Coupons::default() };
    OrderRecord {
        order_no: format!("order-{number}"),
        updated_at: created_at + TimeDelta::hours(5),
        created_at,
        paid_at: paid.then(|| created_at + TimeDelta::hours(number % 5)),
        completed_at: paid.then(|| created_at + TimeDelta::days(6)),
        status: if paid { OrderStatus::Completed } else { OrderStatus::Unpaid },
        platform_status: "5".into(),
        buyer_freight_fen: (number % 3) * 150,
        coupons,
        parcels: (number % 8 == 1).then_some(2),
        province: Some("江西省".into()),
        buyer_no: Some(format!("buyer-{}", number % 9)),
        lines: (0..=number % 3).map(|place| line(number, place)).collect(),
    }
}

/// The product is a mapped one but for every eleventh.
fn line(number: i64, place: i64) -> LineRecord {
    let pieces = 1 + (number + place) % 2;
    let product_no = ["kumquat", "tea", "duck"][usize::try_from((number + place) % 3).expect("a place")];
    let known = (number + place) % 11 != 10;
    LineRecord {
        line_no: format!("order-{number}-{place}"),
        product_no: if known { product_no } else { "new" }.into(),
        sku_no: "1".into(),
        title: "遂川金桔".into(),
        pieces,
        list_fen: pieces * (5_990 + 137 * place),
        coupons: Coupons { shop_fen: place * 33, platform_fen: (number % 4) * 100, anchor_fen: (number % 2) * 77 },
        live_room_no: (number % 4 < 2).then(|| format!("room-{}", number % 4)),
        author_no: None,
    }
}

/// A successful refund of an order's first line.
pub fn refund(order: i64, pieces: i64, on: &str, refund_fen: i64) -> RefundRecord {
    RefundRecord {
        refund_no: format!("refund-{order}"),
        order_no: format!("order-{order}"),
        line_no: Some(format!("order-{order}-0")),
        updated_at: at(on, 12),
        status: RefundStatus::Succeeded,
        platform_status: "3".into(),
        status_unknown: false,
        refund_fen,
        freight_fen: (order % 2 == 0).then_some(10),
        subsidy_back_fen: 5,
        refunded_at: Some(at(on, 11)),
        outcome: Outcome::Returned,
        pieces,
        resent_pieces: 0,
        reason: "坏果".into(),
    }
}

/// A statement of an order's first line: all of its goods money, fees a little off the estimate.
pub fn settlement(order: i64, on: &str) -> SettlementRecord {
    let first = line(order, 0);
    let coupons = first.coupons.shop_fen + first.coupons.platform_fen + first.coupons.anchor_fen;
    SettlementRecord {
        statement_no: format!("statement-{order}"),
        order_no: format!("order-{order}"),
        line_no: Some(first.line_no.clone()),
        settled_at: at(on, 3),
        goods_fen: first.list_fen - coupons,
        freight_fen: 0,
        subsidy_fen: first.coupons.platform_fen + first.coupons.anchor_fen,
        refund_fen: 0,
        platform_fen: 123 + order,
        anchor_fen: 611,
    }
}
