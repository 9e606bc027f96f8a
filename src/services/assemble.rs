//! From stored rows to the facts of an order as the ledger sees them. Pure: rows and knowledge in, facts out.
//!
//! Rule that must hold: whatever moves the ledger is a row that was stored; nothing is made up here. A refund that has
//! not succeeded is no event.

use super::book::{Goods, Knowledge, Streams};
use crate::domain::attribution::{Rule, class_of};
use crate::domain::calendar::{Day, Instant, shanghai};
use crate::domain::ledger::facts::{Attribution, Coupons, Event, EventKind, LineFacts, OrderFacts, Outcome};
use crate::domain::records::RefundStatus;
use crate::store::StoreError;
use crate::store::facts::Chunk;
use crate::store::lots::draws::DrawRow;
use crate::store::orders::{AttributionRow, EventRow, LineRow, OrderNumbers, RefundRow, SettlementRow};
use crate::store::rows::known;
use chrono::Timelike;

/// One order's rows within a chunk.
#[derive(Debug, Clone, Copy)]
pub struct OrderRows<'a> {
    pub order: &'a OrderNumbers,
    pub lines: &'a [LineRow],
    pub refunds: &'a [RefundRow],
    pub settlements: &'a [SettlementRow],
    pub events: &'a [EventRow],
    /// Of the chunk, by line and version.
    pub attributions: &'a [AttributionRow],
    /// Of the chunk, by line and ticket.
    pub draws: &'a [DrawRow],
}

impl<'a> OrderRows<'a> {
    /// The draws of a line.
    pub fn draws_of(&self, line_id: i64) -> &'a [DrawRow] {
        let start = self.draws.partition_point(|d| d.line_id < line_id);
        let end = start + self.draws[start..].partition_point(|d| d.line_id == line_id);
        &self.draws[start..end]
    }
}

/// The orders of a chunk, each with its rows. Lists are sorted by order, so one pass serves all.
pub fn orders(chunk: &Chunk) -> impl Iterator<Item = OrderRows<'_>> {
    let (mut lines, mut refunds, mut settlements, mut events) =
        (&chunk.lines[..], &chunk.refunds[..], &chunk.settlements[..], &chunk.events[..]);
    chunk.orders.iter().map(move |order| {
        let id = order.order_id;
        OrderRows {
            order,
            lines: take(&mut lines, id, |r| r.order_id),
            refunds: take(&mut refunds, id, |r| r.order_id),
            settlements: take(&mut settlements, id, |r| r.order_id),
            events: take(&mut events, id, |r| r.order_id),
            attributions: &chunk.attributions,
            draws: &chunk.draws,
        }
    })
}

/// The run of rows of one order at the head of a sorted list; the list moves past it.
pub fn take<'a, T>(rows: &mut &'a [T], order_id: i64, id: impl Fn(&T) -> i64) -> &'a [T] {
    let start = rows.partition_point(|r| id(r) < order_id);
    let end = start + rows[start..].partition_point(|r| id(r) == order_id);
    let run = &rows[start..end];
    *rows = &rows[end..];
    run
}

/// What is known of an order.
pub fn facts(rows: &OrderRows, knowledge: &Knowledge) -> Result<OrderFacts, StoreError> {
    let order = rows.order;
    let lines: Vec<LineFacts> = rows
        .lines
        .iter()
        .filter(|line| !line.replaced)
        .map(|line| line_facts(line, rows, &knowledge.goods, &knowledge.streams))
        .collect::<Result<_, _>>()?;
    let mut events = Vec::with_capacity(1 + rows.refunds.len() + rows.settlements.len() + rows.events.len());
    if let (Some(on), Some(at)) = (order.paid_on, order.paid_at) {
        events.push(Event { id: order.paid_event_id, on, second: second_of(at), kind: EventKind::Paid });
    }
    for refund in rows.refunds {
        events.extend(refund_event(refund, rows)?);
    }
    events.extend(rows.settlements.iter().map(|row| settlement_event(row, rows.lines)));
    for event in rows.events {
        events.push(other_event(event)?);
    }
    Ok(OrderFacts {
        order_id: order.order_id,
        shop_id: order.shop_id,
        lines,
        order_coupons: Coupons {
            shop_fen: order.shop_coupon_fen,
            platform_fen: order.platform_coupon_fen,
            anchor_fen: order.anchor_coupon_fen,
        },
        buyer_freight_fen: order.buyer_freight_fen,
        events,
    })
}

fn line_facts(line: &LineRow, rows: &OrderRows, goods: &Goods, streams: &Streams) -> Result<LineFacts, StoreError> {
    Ok(LineFacts {
        line_id: line.line_id,
        pieces: line.pieces,
        list_fen: line.list_fen,
        coupons: Coupons {
            shop_fen: line.shop_coupon_fen,
            platform_fen: line.platform_coupon_fen,
            anchor_fen: line.anchor_coupon_fen,
        },
        listing: goods.listing(line.sku_id),
        attribution: attribution(latest(rows.attributions, line.line_id), streams)?,
        intake_on: None,
        draws: rows.draws_of(line.line_id).iter().map(|row| row.draw).collect(),
    })
}

/// The version of a line's attribution that counts.
pub fn latest(attributions: &[AttributionRow], line_id: i64) -> Option<&AttributionRow> {
    let end = attributions.partition_point(|a| a.line_id <= line_id);
    attributions[..end].last().filter(|a| a.line_id == line_id)
}

/// A choice of stream with its place, seller and class.
pub fn attribution(choice: Option<&AttributionRow>, streams: &Streams) -> Result<Attribution, StoreError> {
    let Some(choice) = choice else { return Ok(Attribution::NONE) };
    let rule = known(&choice.rule, Rule::parse)?;
    let Some(stream) = streams.find(choice.stream_id) else {
        return Ok(Attribution { class: class_of(Rule::None, choice.bulk, false, None), ..Attribution::NONE });
    };
    let stage = streams.stage(stream.anchor_id, stream.started_on);
    Ok(Attribution {
        stream_id: choice.stream_id,
        room_id: stream.room_id,
        anchor_id: stream.anchor_id,
        class: class_of(rule, choice.bulk, stream.room_id != 0, stage),
    })
}

fn second_of(at: Instant) -> u32 {
    at.with_timezone(&shanghai()).num_seconds_from_midnight()
}

fn line_id(line_no: &str, lines: &[LineRow]) -> Option<i64> {
    lines.iter().find(|l| l.line_no == line_no && !l.replaced).map(|l| l.line_id)
}

/// A refund that succeeded, or goods sent once more; both may come of one case.
fn refund_event(refund: &RefundRow, rows: &OrderRows) -> Result<Option<Event>, StoreError> {
    let (Some(on), RefundStatus::Succeeded) = (refund.refunded_on, known(&refund.status, RefundStatus::parse)?) else {
        return Ok(None);
    };
    // without an hour of its own it happens when the order was paid, and after it by its id
    let at = refund.refunded_at.or(rows.order.paid_at);
    let line = line_id(&refund.line_no, rows.lines);
    let first_line = || rows.lines.iter().find(|l| !l.replaced).map(|l| l.line_id);
    let kind = match (refund.resent_pieces, line.or_else(first_line)) {
        (pieces @ 1.., Some(line_id)) => EventKind::Resend { line_id, pieces },
        _ => EventKind::Refund {
            line_id: line,
            refund_fen: refund.refund_fen,
            freight_fen: refund.freight_fen,
            subsidy_back_fen: refund.subsidy_back_fen,
            outcome: known(&refund.outcome, Outcome::parse)?,
            pieces: refund.pieces,
        },
    };
    Ok(Some(Event { id: refund.refund_id, on, second: at.map_or(0, second_of), kind }))
}

fn settlement_event(row: &SettlementRow, lines: &[LineRow]) -> Event {
    Event {
        id: row.settlement_id,
        on: row.settled_on,
        second: second_of(row.settled_at),
        kind: EventKind::Settled {
            line_id: line_id(&row.line_no, lines),
            goods_fen: row.goods_fen,
            freight_fen: row.freight_fen,
            subsidy_fen: row.subsidy_fen,
            refund_fen: row.refund_fen,
            platform_fen: row.platform_fen,
            anchor_fen: row.anchor_fen,
        },
    }
}

fn other_event(row: &EventRow) -> Result<Event, StoreError> {
    let kind = match row.kind.as_str() {
        "inferred" => EventKind::Inferred,
        "parcels" => EventKind::Parcels { parcels: row.quantity },
        "resend" => EventKind::Resend { line_id: row.line_id, pieces: row.quantity },
        "offplatform_compensation" => EventKind::Compensation { line_id: row.line_id, fen: row.quantity },
        other => return Err(StoreError::UnknownValue(format!("order event {other:?}"))),
    };
    Ok(Event { id: row.event_id, on: row.happened_on, second: 0, kind })
}

/// First and last day on which orders were made or paid; `None` when there are none.
pub fn days(orders: &[OrderNumbers]) -> Option<(Day, Day)> {
    let days = || orders.iter().flat_map(|o| [Some(o.created_on), o.paid_on]).flatten();
    Some((days().min()?, days().max()?))
}
