//! Facts of sales: orders, their lines, refunds, statement rows, other events. Written in bulk, in one transaction.

mod rows;

pub use rows::{AttributionRow, EventRow, LineRow, OrderNumbers, OrderRow, RefundRow, SettlementRow};

use super::encode::{AtInstant, OnDay, Word, plain};
use super::packed::{Packed, Unpacked, packed, read_packed, read_packed_in};
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant, day_of};
use chrono::TimeDelta;
use rustc_hash::FxHashMap;
use std::borrow::Borrow;

/// Orders of a shop by the platform's numbers.
pub async fn list_orders(session: &mut Session, shop_id: i64, order_nos: &[&str]) -> Result<Vec<OrderRow>, StoreError> {
    session.hold_to_county()?;
    Ok(read_packed_in!(session, OrderRow, "sales_order o", "o", ["shop_id" = shop_id], "order_no", order_nos))
}

/// Lines of a shop by the platform's numbers.
pub async fn list_lines(session: &mut Session, shop_id: i64, line_nos: &[&str]) -> Result<Vec<LineRow>, StoreError> {
    session.hold_to_county()?;
    Ok(read_packed_in!(session, LineRow, "order_line l", "l", ["shop_id" = shop_id], "line_no", line_nos))
}

/// Refunds of a shop by the platform's numbers.
pub async fn list_refunds(
    session: &mut Session,
    shop_id: i64,
    refund_nos: &[&str],
) -> Result<Vec<RefundRow>, StoreError> {
    session.hold_to_county()?;
    Ok(read_packed_in!(session, RefundRow, "refund r", "r", ["shop_id" = shop_id], "refund_no", refund_nos))
}

/// Statement rows of a shop by the platform's numbers.
pub async fn list_settlements(
    session: &mut Session,
    shop_id: i64,
    statement_nos: &[&str],
) -> Result<Vec<SettlementRow>, StoreError> {
    session.hold_to_county()?;
    Ok(read_packed_in!(
        session,
        SettlementRow,
        "settlement s",
        "s",
        ["shop_id" = shop_id],
        "statement_no",
        statement_nos
    ))
}

/// Order number → row id and pay day, of the orders that are known.
pub async fn ids_of_orders(
    session: &mut Session,
    shop_id: i64,
    order_nos: &[&str],
) -> Result<FxHashMap<String, (i64, Option<Day>)>, StoreError> {
    struct Found {
        order_no: String,
        order_id: i64,
        paid_on: Option<Day>,
    }
    impl Packed for Found {
        fn columns() -> String {
            packed!("o.order_no", "o.order_id"; "o.paid_on").to_owned()
        }
        fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
            Ok(Self { order_no: of.text()?.to_owned(), order_id: of.number()?, paid_on: of.optional_day()? })
        }
    }
    session.hold_to_county()?;
    let rows = read_packed_in!(session, Found, "sales_order o", "o", ["shop_id" = shop_id], "order_no", order_nos);
    Ok(rows.into_iter().map(|r| (r.order_no, (r.order_id, r.paid_on))).collect())
}

/// Writes orders that are new.
pub async fn insert_orders(work: &mut Work, rows: &[impl Borrow<OrderRow>]) -> Result<(), StoreError> {
    write_orders(work, rows, "").await
}

/// Writes orders; of those that are known, what may change.
pub async fn upsert_orders(work: &mut Work, rows: &[impl Borrow<OrderRow>]) -> Result<(), StoreError> {
    let known = " on conflict (county_code, order_id) do update set updated_at = excluded.updated_at,
          created_at = excluded.created_at, created_on = excluded.created_on, paid_at = excluded.paid_at,
          paid_on = excluded.paid_on, completed_at = excluded.completed_at, completed_on = excluded.completed_on,
          status = excluded.status, platform_status = excluded.platform_status,
          buyer_freight_fen = excluded.buyer_freight_fen, shop_coupon_fen = excluded.shop_coupon_fen,
          platform_coupon_fen = excluded.platform_coupon_fen, anchor_coupon_fen = excluded.anchor_coupon_fen,
          province = excluded.province, buyer_hash = excluded.buyer_hash, paid_event_id = excluded.paid_event_id,
          evidence_mark = excluded.evidence_mark";
    write_orders(work, rows, known).await
}

async fn write_orders(work: &mut Work, rows: &[impl Borrow<OrderRow>], known: &str) -> Result<(), StoreError> {
    insert_rows!(work,
        "insert into sales_order (county_code, order_id, shop_id, order_no, updated_at, created_at, created_on, paid_at,
         paid_on, completed_at, completed_on, status, platform_status, buyer_freight_fen, shop_coupon_fen,
         platform_coupon_fen, anchor_coupon_fen, province, buyer_hash, paid_event_id,
         evidence_mark) ", rows,
        known, |b, r| {
            let r: &OrderRow = r.borrow();
            b.push_bind(r.order_id).push_bind(r.shop_id).push_bind(r.order_no.as_str())
                .push_bind(AtInstant(r.updated_at)).push_bind(AtInstant(r.created_at)).push_bind(OnDay(r.created_on))
                .push_bind(r.paid_at.map(AtInstant)).push_bind(r.paid_on.map(OnDay))
                .push_bind(r.completed_at.map(AtInstant)).push_bind(r.completed_on.map(OnDay)).push_bind(Word(&r.status))
                .push_bind(Word(&plain(&r.platform_status))).push_bind(r.buyer_freight_fen).push_bind(r.shop_coupon_fen)
                .push_bind(r.platform_coupon_fen).push_bind(r.anchor_coupon_fen).push_bind(Word(&plain(&r.province)))
                .push_bind(r.buyer_hash.as_str()).push_bind(r.paid_event_id)
                .push_bind(r.evidence_mark);
        });
    Ok(())
}

/// Writes lines of orders that are new.
pub async fn insert_lines(work: &mut Work, rows: &[impl Borrow<LineRow>]) -> Result<(), StoreError> {
    write_lines(work, rows, "").await
}

/// Writes lines of orders; of those that are known, what may change.
pub async fn upsert_lines(work: &mut Work, rows: &[impl Borrow<LineRow>]) -> Result<(), StoreError> {
    let known = " on conflict (county_code, line_id) do update set sku_id = excluded.sku_id, pieces = excluded.pieces,
          list_fen = excluded.list_fen, shop_coupon_fen = excluded.shop_coupon_fen,
          platform_coupon_fen = excluded.platform_coupon_fen, anchor_coupon_fen = excluded.anchor_coupon_fen,
          live_room_no = excluded.live_room_no, author_no = excluded.author_no,
          replaced = excluded.replaced";
    write_lines(work, rows, known).await
}

async fn write_lines(work: &mut Work, rows: &[impl Borrow<LineRow>], known: &str) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into order_line (county_code, line_id, order_id, shop_id, line_no, sku_id, pieces, list_fen,
         shop_coupon_fen, platform_coupon_fen, anchor_coupon_fen, live_room_no, author_no, replaced) ",
        rows,
        known,
        |b, r| {
            let r: &LineRow = r.borrow();
            b.push_bind(r.line_id)
                .push_bind(r.order_id)
                .push_bind(r.shop_id)
                .push_bind(r.line_no.as_str())
                .push_bind(r.sku_id)
                .push_bind(r.pieces)
                .push_bind(r.list_fen)
                .push_bind(r.shop_coupon_fen)
                .push_bind(r.platform_coupon_fen)
                .push_bind(r.anchor_coupon_fen)
                .push_bind(Word(&plain(&r.live_room_no)))
                .push_bind(Word(&plain(&r.author_no)))
                .push_bind(r.replaced);
        }
    );
    Ok(())
}

pub async fn upsert_refunds(work: &mut Work, rows: &[RefundRow]) -> Result<(), StoreError> {
    insert_rows!(work,
        "insert into refund (county_code, refund_id, shop_id, refund_no, order_id, order_no, line_no, updated_at, status,
         platform_status, status_unknown, refund_fen, freight_fen, subsidy_back_fen, refunded_at, refunded_on,
         day_inferred, outcome, pieces, resent_pieces, reason, evidence_mark) ", rows,
        " on conflict (county_code, refund_id) do update set order_id = excluded.order_id, order_no = excluded.order_no,
          line_no = excluded.line_no, updated_at = excluded.updated_at, status = excluded.status,
          platform_status = excluded.platform_status, status_unknown = excluded.status_unknown,
          refund_fen = excluded.refund_fen, freight_fen = excluded.freight_fen,
          subsidy_back_fen = excluded.subsidy_back_fen, refunded_at = excluded.refunded_at,
          refunded_on = excluded.refunded_on, day_inferred = excluded.day_inferred, outcome = excluded.outcome,
          pieces = excluded.pieces, resent_pieces = excluded.resent_pieces, reason = excluded.reason,
          evidence_mark = excluded.evidence_mark", |b, r| {
            b.push_bind(r.refund_id).push_bind(r.shop_id).push_bind(r.refund_no.as_str())
                .push_bind(r.order_id).push_bind(r.order_no.as_str()).push_bind(r.line_no.as_str())
                .push_bind(AtInstant(r.updated_at)).push_bind(Word(&r.status)).push_bind(Word(&plain(&r.platform_status)))
                .push_bind(r.status_unknown).push_bind(r.refund_fen).push_bind(r.freight_fen)
                .push_bind(r.subsidy_back_fen).push_bind(r.refunded_at.map(AtInstant)).push_bind(r.refunded_on.map(OnDay))
                .push_bind(r.day_inferred).push_bind(Word(&r.outcome)).push_bind(r.pieces)
                .push_bind(r.resent_pieces).push_bind(&*plain(&r.reason)).push_bind(r.evidence_mark);
        });
    Ok(())
}

/// Writes statement rows that are new.
pub async fn insert_settlements(work: &mut Work, rows: &[impl Borrow<SettlementRow>]) -> Result<(), StoreError> {
    write_settlements(work, rows, "").await
}

/// Writes statement rows; of those that are known, what may change.
pub async fn upsert_settlements(work: &mut Work, rows: &[impl Borrow<SettlementRow>]) -> Result<(), StoreError> {
    let known = " on conflict (county_code, settlement_id) do update set order_id = excluded.order_id,
          order_no = excluded.order_no, line_no = excluded.line_no, settled_at = excluded.settled_at,
          settled_on = excluded.settled_on, goods_fen = excluded.goods_fen, freight_fen = excluded.freight_fen,
          subsidy_fen = excluded.subsidy_fen, refund_fen = excluded.refund_fen, platform_fen = excluded.platform_fen,
          anchor_fen = excluded.anchor_fen, evidence_mark = excluded.evidence_mark";
    write_settlements(work, rows, known).await
}

async fn write_settlements(
    work: &mut Work,
    rows: &[impl Borrow<SettlementRow>],
    known: &str,
) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into settlement (county_code, settlement_id, shop_id, statement_no, order_id, order_no, line_no,
         settled_at, settled_on, goods_fen, freight_fen, subsidy_fen, refund_fen, platform_fen, anchor_fen,
         evidence_mark) ",
        rows,
        known,
        |b, r| {
            let r: &SettlementRow = r.borrow();
            b.push_bind(r.settlement_id)
                .push_bind(r.shop_id)
                .push_bind(r.statement_no.as_str())
                .push_bind(r.order_id)
                .push_bind(r.order_no.as_str())
                .push_bind(r.line_no.as_str())
                .push_bind(AtInstant(r.settled_at))
                .push_bind(OnDay(r.settled_on))
                .push_bind(r.goods_fen)
                .push_bind(r.freight_fen)
                .push_bind(r.subsidy_fen)
                .push_bind(r.refund_fen)
                .push_bind(r.platform_fen)
                .push_bind(r.anchor_fen)
                .push_bind(r.evidence_mark);
        }
    );
    Ok(())
}

pub async fn insert_events(work: &mut Work, rows: &[EventRow]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into order_event (county_code, event_id, order_id, line_id, kind, happened_on, quantity) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.event_id)
                .push_bind(r.order_id)
                .push_bind(r.line_id)
                .push_bind(r.kind.as_str())
                .push_bind(r.happened_on)
                .push_bind(r.quantity);
        }
    );
    Ok(())
}

pub async fn insert_attributions(work: &mut Work, rows: &[AttributionRow]) -> Result<(), StoreError> {
    let batch_id = work.batch_id;
    insert_rows!(
        work,
        "insert into attribution (county_code, batch_id, line_id, version_id, stream_id, rule, bulk, actor, reason) ",
        rows,
        "",
        |b| {
            b.push_bind(batch_id);
        },
        |b, r| {
            b.push_bind(r.line_id)
                .push_bind(r.version_id)
                .push_bind(r.stream_id)
                .push_bind(Word(&r.rule))
                .push_bind(r.bulk)
                .push_bind(&*plain(&r.actor))
                .push_bind(&*plain(&r.reason));
        }
    );
    Ok(())
}

/// A refund or statement row that waits for its order.
struct Orphan {
    id: i64,
    order_no: String,
}

impl Packed for Orphan {
    fn columns() -> String {
        packed!("w.id", "w.order_no";).to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self { id: of.number()?, order_no: of.text()?.to_owned() })
    }
}

/// Gives refunds and statement rows that came before these orders of a shop, which are new, the order they belong to. Asked
/// of the orders and not of all that wait: a first pull may bring tens of thousands of statement rows before their orders.
pub async fn adopt_orphans(work: &mut Work, shop_id: i64, new: &[&OrderRow]) -> Result<(), StoreError> {
    let ids: FxHashMap<&str, i64> = new.iter().map(|o| (o.order_no.as_str(), o.order_id)).collect();
    let order_nos: Vec<&str> = ids.keys().copied().collect();
    for table in ["refund", "settlement"] {
        let waiting =
            format!("(select county_code, shop_id, order_no, {table}_id as id from {table} where order_id = 0) w");
        let found = read_packed_in!(work, Orphan, waiting, "w", ["shop_id" = shop_id], "order_no", order_nos);
        let head = format!("update {table} set order_id = v.column3, order_no = '' from (");
        let tail = format!(") as v where {table}.county_code = v.column1 and {table}.{table}_id = v.column2");
        insert_rows!(work, head.as_str(), found, tail.as_str(), |b, r| {
            b.push_bind(r.id).push_bind(ids[r.order_no.as_str()]);
        });
    }
    Ok(())
}

/// Completed orders of a shop that have waited long enough without a statement row, an open after-sale or an earlier
/// inference: 推定结算 is due for them.
pub async fn list_due_inferences(
    session: &mut Session,
    shop_id: i64,
    completed_from: Day,
    completed_to: Day,
) -> Result<Vec<(i64, Day)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut due = on!(session, conn => sqlx::query_as::<_, (i64, Day)>(
        "select o.order_id, o.completed_on from sales_order o
         where o.county_code = $1 and o.shop_id = $2 and o.completed_on >= $3 and o.completed_on <= $4
           and o.paid_on is not null
           and not exists (select 1 from order_event v where v.county_code = o.county_code and v.order_id = o.order_id
                and v.kind = 'inferred')
           and not exists (select 1 from refund r where r.county_code = o.county_code and r.order_id = o.order_id
                and r.status = 'pending')
           and not exists (select 1 from settlement s where s.county_code = o.county_code and s.order_id = o.order_id)"
    ).bind(county).bind(shop_id).bind(completed_from).bind(completed_to).fetch_all(conn).await)?;
    due.sort_unstable();
    Ok(due)
}

/// Attribution versions of lines, by line and version.
pub async fn list_attributions(session: &mut Session, line_ids: &[i64]) -> Result<Vec<AttributionRow>, StoreError> {
    session.hold_to_county()?;
    let mut found = read_packed_in!(session, AttributionRow, "attribution a", "a", [], "line_id", line_ids);
    found.sort_unstable_by_key(|r| (r.line_id, r.version_id));
    Ok(found)
}

/// A line with its order's times, as attribution asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedLine {
    pub line: LineRow,
    pub created_at: Instant,
    pub paid_at: Option<Instant>,
}

impl Packed for TimedLine {
    fn columns() -> String {
        format!("{}, {}", LineRow::columns(), packed!("o.created_at"; "o.paid_at"))
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self { line: LineRow::unpack(of)?, created_at: of.instant()?, paid_at: of.optional_instant()? })
    }
}

/// Days an order may wait between being made and being paid for: no platform keeps an unpaid one longer.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(7);

/// Lines that count, of a shop's orders created, waiting or paid at some moment of a span; by line.
pub async fn list_lines_between(
    session: &mut Session,
    shop_id: i64,
    from: Instant,
    to: Instant,
) -> Result<Vec<TimedLine>, StoreError> {
    session.hold_to_county()?;
    let mut found = read_packed!(
        session,
        TimedLine,
        "from sales_order o join order_line l on l.county_code = o.county_code and l.order_id = o.order_id
         where o.county_code = $1 and o.shop_id = $2 and o.created_on >= $5 and o.created_on <= $6
           and o.created_at <= $4 and coalesce(o.paid_at, o.created_at) >= $3 and not l.replaced",
        shop_id,
        from,
        to,
        day_of(from - LONGEST_WAIT),
        day_of(to)
    )?;
    found.sort_unstable_by_key(|t| t.line.line_id);
    Ok(found)
}

/// Lines that count, of some SKUs; by line.
pub async fn list_lines_of_skus(session: &mut Session, sku_ids: &[i64]) -> Result<Vec<TimedLine>, StoreError> {
    session.hold_to_county()?;
    let from = "order_line l join sales_order o on o.county_code = l.county_code and o.order_id = l.order_id";
    let mut found = read_packed_in!(session, TimedLine, from, "l", ["replaced" = false], "sku_id", sku_ids);
    found.sort_unstable_by_key(|t| t.line.line_id);
    Ok(found)
}

/// Lines of orders, by order and line.
pub async fn list_lines_of_orders(session: &mut Session, order_ids: &[i64]) -> Result<Vec<LineRow>, StoreError> {
    session.hold_to_county()?;
    let mut found = read_packed_in!(session, LineRow, "order_line l", "l", [], "order_id", order_ids);
    found.sort_unstable_by_key(|r| (r.order_id, r.line_id));
    Ok(found)
}

/// The number of parcels last reported, of those orders that have a report.
pub async fn list_parcels(session: &mut Session, order_ids: &[i64]) -> Result<FxHashMap<i64, i64>, StoreError> {
    session.hold_to_county()?;
    let mut found =
        read_packed_in!(session, EventRow, "order_event v", "v", ["kind" = "parcels"], "order_id", order_ids);
    found.sort_unstable_by_key(|v| v.event_id);
    Ok(found.into_iter().map(|v| (v.order_id, v.quantity)).collect())
}

/// Lines by their row ids, in that order.
pub async fn list_lines_by_id(session: &mut Session, line_ids: &[i64]) -> Result<Vec<LineRow>, StoreError> {
    session.hold_to_county()?;
    let mut found = read_packed_in!(session, LineRow, "order_line l", "l", [], "line_id", line_ids);
    found.sort_unstable_by_key(|r| r.line_id);
    Ok(found)
}

/// One order of the county by its row id.
pub async fn find_order(session: &mut Session, order_id: i64) -> Result<Option<OrderRow>, StoreError> {
    session.hold_to_county()?;
    let from = "from sales_order o where o.county_code = $1 and o.order_id = $2";
    Ok(read_packed!(session, OrderRow, from, order_id)?.pop())
}

/// One line of the county by its row id.
pub async fn find_line(session: &mut Session, line_id: i64) -> Result<Option<LineRow>, StoreError> {
    session.hold_to_county()?;
    let from = "from order_line l where l.county_code = $1 and l.line_id = $2";
    Ok(read_packed!(session, LineRow, from, line_id)?.pop())
}

/// Refunds of a shop last changed within a span, by number, with that change.
pub async fn known_refunds(
    session: &mut Session,
    shop_id: i64,
    from: Instant,
    to: Instant,
) -> Result<FxHashMap<String, Instant>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows = on!(session, conn => sqlx::query_as::<_, (String, Instant)>(
        "select refund_no, updated_at from refund where county_code = $1 and shop_id = $2 and updated_at >= $3
         and updated_at <= $4"
    ).bind(county).bind(shop_id).bind(from).bind(to).fetch_all(conn).await)?;
    Ok(rows.into_iter().collect())
}
