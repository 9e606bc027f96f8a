//! Everything known of the orders that wait to be posted, read in one statement a table.
//!
//! A chunk is a run of the posting queue by order id; each statement joins the queue, so that no statement carries a list
//! of ids and the cost is that of the orders touched.

use super::bulk::{Bulk, listed};
use super::lots::draws::{self, DrawRow};
use super::orders::{AttributionRow, EventRow, LineRow, OrderNumbers, RefundRow, SettlementRow};
use super::packed::{Answer, ask_packed};
use super::transaction::Engine;
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, next_month};
use chrono::TimeDelta;
use sqlx::AssertSqlSafe;

/// A run of queued orders and what is known of them, each list by order id (attributions by line and version).
#[derive(Debug, Default)]
pub struct Chunk {
    pub orders: Vec<OrderNumbers>,
    pub lines: Vec<LineRow>,
    pub refunds: Vec<RefundRow>,
    pub settlements: Vec<SettlementRow>,
    pub events: Vec<EventRow>,
    pub attributions: Vec<AttributionRow>,
    /// By line and ticket.
    pub draws: Vec<DrawRow>,
}

/// Which orders a chunk is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Those in the posting queue.
    Queued,
    /// Those of them that may have been posted before.
    QueuedAgain,
    /// All orders of the county: for verify.
    All,
    /// One order.
    One,
}

impl Selection {
    /// `from … where …` for the rows of a table with an `order_id` (named with its alias, and joined to more if need be)
    /// that belong to the selection, between $2 and $3.
    ///
    /// The queue comes first and is joined by `cross join`, which SQLite takes in the written order: orders that wait lie
    /// weeks apart, and reading the table between them would cost more than all of them.
    pub(super) fn from(self, table: &str, alias: &str, joined: &str) -> String {
        match self {
            Self::Queued | Self::QueuedAgain => format!(
                "from posting_queue q cross join {table} {alias} {joined} where q.county_code = $1 and q.order_id >= $2
                 and q.order_id <= $3{} and {alias}.county_code = q.county_code and {alias}.order_id = q.order_id",
                if self == Self::QueuedAgain { " and q.is_new = false" } else { "" }
            ),
            Self::All | Self::One => format!(
                "from {table} {alias} {joined} where {alias}.county_code = $1 and {alias}.order_id >= $2
                 and {alias}.order_id <= $3"
            ),
        }
    }
}

/// Orders in one unit of work that are many: a first import, not what a shop sold since the last pull.
const MANY_ORDERS: usize = 5_000;
/// Orders that PostgreSQL may not know of before its statistics are renewed for the first time.
const FEW_ORDERS: i64 = 500;

/// Puts orders into the posting queue.
pub async fn queue(work: &mut Work, order_ids: &[i64]) -> Result<(), StoreError> {
    put_into_queue(work, order_ids, false).await
}

/// Puts orders into the posting queue that this unit of work has brought: nothing can be posted of them yet, and nobody
/// needs to look.
pub async fn queue_new(work: &mut Work, order_ids: &[i64]) -> Result<(), StoreError> {
    put_into_queue(work, order_ids, true).await
}

async fn put_into_queue(work: &mut Work, order_ids: &[i64], is_new: bool) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into posting_queue (county_code, is_new, order_id) ",
        order_ids,
        " on conflict do nothing",
        |b| {
            b.push_bind(is_new);
        },
        |b, id| {
            b.push_bind(*id);
        }
    );
    let before = work.queued;
    work.queued += order_ids.len();
    let is_asked = before == 0 || (before..work.queued).contains(&MANY_ORDERS);
    if is_asked && statistics_are_old(work).await? { renew_statistics(work).await } else { Ok(()) }
}

/// By what orders are queued when a dated value of it has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    Listing,
    Product,
    Farmer,
    Anchor,
    Stream,
}

impl Of {
    const fn column(self) -> &'static str {
        match self {
            Self::Listing => "listing_id",
            Self::Product => "product_id",
            Self::Farmer => "farmer_id",
            Self::Anchor => "anchor_id",
            Self::Stream => "stream_id",
        }
    }
}

/// Queues orders with a slice of these paid in a span (created in it, where not paid): one statement for many ids that
/// changed for the same days.
pub async fn queue_slices(work: &mut Work, of: Of, ids: &[i64], from: Day, to: Day) -> Result<(), StoreError> {
    let county = work.county_text();
    for chunk in listed(ids) {
        on!(work, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "insert into posting_queue (county_code, order_id)
                 select distinct s.county_code, s.order_id from line_slice s
                 join sales_order o on o.county_code = s.county_code and o.order_id = s.order_id where s.county_code = ");
            builder.push_bind(county.clone());
            builder.push(" and coalesce(o.paid_on, o.created_on) >= ").push_bind(from);
            builder.push(" and coalesce(o.paid_on, o.created_on) <= ").push_bind(to);
            builder.push(format!(" and s.{}", of.column()));
            Bulk::push_in(&mut builder, chunk);
            builder.push(" on conflict do nothing");
            builder.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// True if orders may have been paid, or created and not paid, on a day of the span. Answered from the rollups, whose
/// keys start with the day, and by the queue for what is not in them yet: it costs the same in any county.
pub async fn any_orders(session: &mut Session, from: Day, to: Day) -> Result<bool, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let any: i64 = on!(session, conn => sqlx::query_scalar(
        "select cast(case when exists (select 1 from posting_queue where county_code = $1)
            or exists (select 1 from figure where county_code = $1 and basis = 'pay' and lens = 'shop' and grain = 'd'
                and start_on >= $2 and start_on <= $3)
            or exists (select 1 from figure_order where county_code = $1 and lens = 'shop' and grain = 'd'
                and start_on >= $2 and start_on <= $3)
            then 1 else 0 end as bigint)"
    ).bind(county).bind(from).bind(to).fetch_one(conn).await)?;
    Ok(any != 0)
}

/// Queues orders that hold a SKU of a shop's product: its mapping changed. `sku_no` '' is every SKU of the product.
pub async fn queue_sku(work: &mut Work, shop_id: i64, product_no: &str, sku_no: &str) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into posting_queue (county_code, order_id)
         select distinct l.county_code, l.order_id from order_line l
         join shop_sku k on k.county_code = l.county_code and k.sku_id = l.sku_id
         where l.county_code = $1 and k.shop_id = $2 and k.product_no = $3 and (k.sku_no = $4 or $4 = '')
         on conflict do nothing"
    ).bind(county).bind(shop_id).bind(product_no).bind(sku_no).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Queues every order that may have an event in a month: with an entry of it, or a fact dated in it. Reads whole tables of
/// facts: it is for what hardly ever happens.
pub async fn queue_month(work: &mut Work, month: Day) -> Result<(), StoreError> {
    let (county, end) = (work.county_text(), next_month(month));
    // a sale is inferred to be settled some weeks after it was completed
    let completed = month - TimeDelta::days(92);
    on!(work, conn => sqlx::query(
        "insert into posting_queue (county_code, order_id)
         select $1, order_id from (
            select l.order_id from ledger_entry e
                join order_line l on l.county_code = e.county_code and l.line_id = e.line_id
                where e.county_code = $1 and e.booked_on >= $2 and e.booked_on < $3
            union select l.order_id from ledger_entry e
                join order_line l on l.county_code = e.county_code and l.line_id = e.line_id
                where e.county_code = $1 and e.adjusts_on = $2
            union select order_id from sales_order where county_code = $1 and paid_on >= $2 and paid_on < $3
            union select order_id from sales_order where county_code = $1 and completed_on >= $4 and completed_on < $3
            union select order_id from refund where county_code = $1 and order_id <> 0 and refunded_on >= $2
                and refunded_on < $3
            union select order_id from settlement where county_code = $1 and order_id <> 0 and settled_on >= $2
                and settled_on < $3
            union select order_id from order_event where county_code = $1 and happened_on >= $2 and happened_on < $3
         ) touched where order_id > 0 on conflict do nothing"
    ).bind(county).bind(month).bind(end).bind(completed).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// First and last day on which orders that wait were made or paid; `None` when none wait.
pub async fn queued_days(session: &mut Session) -> Result<Option<(Day, Day)>, StoreError> {
    let county = session.county_text();
    let (from, to) = on!(session, conn => sqlx::query_as::<_, (Option<Day>, Option<Day>)>(
        "select min(o.created_on), max(case when o.paid_on > o.created_on then o.paid_on else o.created_on end)
         from posting_queue q cross join sales_order o
         where q.county_code = $1 and o.county_code = q.county_code and o.order_id = q.order_id"
    ).bind(county).fetch_one(conn).await)?;
    Ok(from.zip(to))
}

/// True if there are more than twice as many orders as PostgreSQL's statistics know of: a young county, whose server has not
/// yet looked at its tables by itself. Asked once or twice a unit of work; a county is then looked at a few times in its life.
async fn statistics_are_old(work: &mut Work) -> Result<bool, StoreError> {
    if work.held.engine() == Engine::Sqlite {
        return Ok(false);
    }
    Ok(on!(work, conn => sqlx::query_scalar(
        "select coalesce((select sum(next) from id_block where noun = 'order'), 0)
            > $1 + 2 * (select greatest(reltuples, 0) from pg_class where oid = 'sales_order'::regclass)"
    ).bind(FEW_ORDERS).fetch_one(conn).await)?)
}

/// Has PostgreSQL look at the tables that ingest and posting read. Its statistics may be of before many orders came, or of a
/// trial import that was rolled back, and say that a table of thousands is empty: then it walks all of a county for each
/// order. SQLite takes the order a statement is written in.
async fn renew_statistics(work: &mut Work) -> Result<(), StoreError> {
    if work.held.engine() == Engine::Sqlite {
        return Ok(());
    }
    // a tenth of the usual sample: how many rows there are is what matters, and a first pull looks again and again
    on!(work, conn => sqlx::raw_sql(
        "set local default_statistics_target = 10;
         analyze posting_queue, sales_order, order_line, order_event, refund, settlement, attribution, line_slice,
         ledger_entry;
         set local default_statistics_target to default"
    ).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The last order id of the next run of at most `limit` orders after `after`; `None` when nothing is left.
pub async fn next_run(
    session: &mut Session,
    selection: Selection,
    after: i64,
    limit: i64,
) -> Result<Option<i64>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let table = match selection {
        Selection::Queued | Selection::QueuedAgain => "posting_queue",
        Selection::All | Selection::One => "sales_order",
    };
    let last: Option<i64> = on!(session, conn => sqlx::query_scalar(AssertSqlSafe(format!(
        "select max(order_id) from (select order_id from {table} where county_code = $1 and order_id > $2
         order by order_id limit $3) run"
    ))).bind(county).bind(after).bind(limit).fetch_one(conn).await)?;
    Ok(last)
}

/// Empties the queue of a run that has been posted.
pub async fn dequeue(work: &mut Work, from: i64, to: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "delete from posting_queue where county_code = $1 and order_id >= $2 and order_id <= $3"
    ).bind(county).bind(from).bind(to).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// [`Chunk`] as it was answered, but for its attributions.
#[derive(Debug)]
pub struct PackedChunk {
    orders: Answer<OrderNumbers>,
    lines: Answer<LineRow>,
    refunds: Answer<RefundRow>,
    settlements: Answer<SettlementRow>,
    events: Answer<EventRow>,
    pub attributions: Vec<AttributionRow>,
    draws: Vec<DrawRow>,
}

impl PackedChunk {
    /// Takes it apart.
    pub fn unpack(self) -> Result<Chunk, StoreError> {
        Ok(Chunk {
            orders: self.orders.unpack_by(|r| r.order_id)?,
            lines: self.lines.unpack_by(|r| (r.order_id, r.line_id))?,
            refunds: self.refunds.unpack_by(|r| (r.order_id, r.refund_id))?,
            settlements: self.settlements.unpack_by(|r| (r.order_id, r.settlement_id))?,
            events: self.events.unpack_by(|r| (r.order_id, r.event_id))?,
            attributions: self.attributions,
            draws: self.draws,
        })
    }
}

/// Reads the orders of a selection between two ids and all that is known of them.
pub async fn list_chunk(session: &mut Session, selection: Selection, from: i64, to: i64) -> Result<Chunk, StoreError> {
    ask_chunk(session, selection, from, to).await?.unpack()
}

/// [`list_chunk`], still packed.
pub async fn ask_chunk(
    session: &mut Session,
    selection: Selection,
    from: i64,
    to: i64,
) -> Result<PackedChunk, StoreError> {
    session.hold_to_county()?;
    macro_rules! rows {
        ($row:ty, $table:literal, $alias:literal) => {
            ask_packed!(session, $row, &selection.from($table, $alias, ""), from, to)
        };
    }
    let orders = rows!(OrderNumbers, "sales_order", "o");
    let lines = rows!(LineRow, "order_line", "l");
    let refunds = rows!(RefundRow, "refund", "r");
    let settlements = rows!(SettlementRow, "settlement", "s");
    let events = rows!(EventRow, "order_event", "v");
    let of_lines = format!(
        "{} and a.county_code = l.county_code and a.line_id = l.line_id",
        selection.from("order_line", "l", "cross join attribution a")
    );
    let attributions = ask_packed!(session, AttributionRow, &of_lines, from, to);
    let attributions = attributions.unpack_by(|r| (r.line_id, r.version_id))?;
    let draws = draws::list_chunk(session, selection, from, to).await?;
    Ok(PackedChunk { orders, lines, refunds, settlements, events, attributions, draws })
}
