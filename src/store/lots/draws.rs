//! Draws: what posting asks before it draws, what it writes, and what a line's draws are when it is computed.
//!
//! Everything is asked for the whole posting queue at once. A county whose goods never come from lots pays one small
//! question a posting and one a run.

use super::Shortage;
use crate::domain::calendar::{Day, Instant};
use crate::domain::draws::{Drawn, OpenTicket};
use crate::domain::ledger::book::{BatchId, Version};
use crate::domain::ledger::facts::Draw;
use crate::store::bulk::{Bulk, listed};
use crate::store::facts::Selection;
use crate::store::packed::{Packed, Unpacked, packed, read_packed, read_packed_in};
use crate::store::rows::region;
use crate::store::{Session, StoreError, Work};
use rustc_hash::FxHashMap;

/// A draw of a line with what its ticket and lot say, as the ledger reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawRow {
    pub line_id: i64,
    pub draw: Draw,
}

impl Packed for DrawRow {
    fn columns() -> String {
        "d.line_id, d.ticket_id, d.drawn_g, d.batch_id, case when exists (select 1 from late_draw x
            where x.county_code = d.county_code and x.line_id = d.line_id and x.ticket_id = d.ticket_id) then 1 else 0 end,
         t.farmer_id, t.agreed_fen_per_kg, case when t.bought then 1 else 0 end, w.intake_on, f.village_code"
            .to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        let line_id = of.number()?;
        let (ticket_id, drawn_g, batch_id, late) = (of.number()?, of.number()?, of.number()?, of.flag()?);
        let (farmer_id, agreed_fen_per_kg, bought) = (of.number()?, of.number()?, of.flag()?);
        let (intake_on, village_code) = (of.day()?, region(of.text()?)?);
        let draw =
            Draw { ticket_id, farmer_id, village_code, drawn_g, intake_on, agreed_fen_per_kg, bought, batch_id, late };
        Ok(Self { line_id, draw })
    }
}

/// The draws of the lines of a selection's orders, by line and ticket.
pub async fn list_chunk(
    session: &mut Session,
    selection: Selection,
    from: i64,
    to: i64,
) -> Result<Vec<DrawRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let any: i64 = on!(session, conn => sqlx::query_scalar(
        "select cast(case when exists (select 1 from draw where county_code = $1) then 1 else 0 end as bigint)"
    ).bind(county).fetch_one(conn).await)?;
    if any == 0 {
        return Ok(Vec::new());
    }
    let of_lines = format!(
        "{} and d.county_code = l.county_code and d.line_id = l.line_id and t.county_code = d.county_code
         and t.ticket_id = d.ticket_id and w.county_code = t.county_code and w.lot_id = t.lot_id
         and f.county_code = t.county_code and f.farmer_id = t.farmer_id",
        selection.from(
            "order_line",
            "l",
            "cross join draw d cross join lot_ticket t cross join lot w cross join farmer f"
        )
    );
    let mut rows = read_packed!(session, DrawRow, &of_lines, from, to)?;
    rows.sort_unstable_by_key(|r| (r.line_id, r.draw.ticket_id));
    Ok(rows)
}

/// On which days goods come from lots, of every listing of which they ever do: all versions of their supply, the value
/// telling lots from shares.
pub async fn list_supply(session: &mut Session) -> Result<FxHashMap<i64, Vec<Version<bool>>>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<(i64, i64, BatchId, Day, Option<Day>, i64)> = on!(session, conn => sqlx::query_as(
        "select listing_id, version_id, min(batch_id), min(valid_from), max(valid_to), max(farmer_id) from listing_supply
         where county_code = $1 and listing_id in (select listing_id from listing_supply where county_code = $1
            and farmer_id = 0) group by listing_id, version_id"
    ).bind(county).fetch_all(conn).await)?;
    let mut supply: FxHashMap<i64, Vec<Version<bool>>> = FxHashMap::default();
    for (listing_id, version_id, batch_id, valid_from, valid_to, farmer_id) in rows {
        let version = Version { version_id, batch_id, valid_from, valid_to, value: farmer_id == 0 };
        supply.entry(listing_id).or_default().push(version);
    }
    Ok(supply)
}

/// A paid line of an order that waits to be posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueuedLine {
    pub line_id: i64,
    pub order_id: i64,
    pub sku_id: i64,
    pub pieces: i64,
    pub paid_on: Day,
    pub paid_at: Instant,
}

impl Packed for QueuedLine {
    fn columns() -> String {
        packed!("l.line_id", "l.order_id", "l.sku_id", "l.pieces"; "o.paid_on", "o.paid_at").to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            line_id: of.number()?,
            order_id: of.number()?,
            sku_id: of.number()?,
            pieces: of.number()?,
            paid_on: of.day()?,
            paid_at: of.instant()?,
        })
    }
}

/// The paid lines of some SKUs among the orders that wait.
pub async fn list_queued_lines(session: &mut Session, sku_ids: &[i64]) -> Result<Vec<QueuedLine>, StoreError> {
    session.hold_to_county()?;
    let from = "posting_queue q join sales_order o on o.county_code = q.county_code and o.order_id = q.order_id
         and o.paid_at is not null and o.paid_on is not null
         join order_line l on l.county_code = q.county_code and l.order_id = q.order_id and not l.replaced";
    Ok(read_packed_in!(session, QueuedLine, from, "l", [], "sku_id", sku_ids))
}

/// A draw of an order that waits, with what says whether it still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueuedDraw {
    pub line_id: i64,
    pub sku_id: i64,
    pub replaced: bool,
    pub ticket_id: i64,
    pub drawn_g: i64,
    /// Of its lot.
    pub product_id: i64,
}

impl Packed for QueuedDraw {
    fn columns() -> String {
        "d.line_id, l.sku_id, l.replaced, d.ticket_id, d.drawn_g, w.product_id".to_owned()
    }

    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            line_id: of.number()?,
            sku_id: of.number()?,
            replaced: of.flag()?,
            ticket_id: of.number()?,
            drawn_g: of.number()?,
            product_id: of.number()?,
        })
    }
}

/// The draws of the orders that wait.
pub async fn list_queued_draws(session: &mut Session) -> Result<Vec<QueuedDraw>, StoreError> {
    session.hold_to_county()?;
    let from = "from posting_queue q cross join order_line l cross join draw d cross join lot_ticket t cross join lot w
         where q.county_code = $1 and l.county_code = q.county_code and l.order_id = q.order_id
         and d.county_code = l.county_code and d.line_id = l.line_id and t.county_code = d.county_code
         and t.ticket_id = d.ticket_id and w.county_code = t.county_code and w.lot_id = t.lot_id";
    read_packed!(session, QueuedDraw, from)
}

/// Which lines of the orders that wait are posted as paid, and under which listing.
pub async fn list_posted(session: &mut Session) -> Result<Vec<(i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select distinct s.line_id, s.listing_id from posting_queue q cross join order_line l cross join line_slice s
         where q.county_code = $1 and l.county_code = q.county_code and l.order_id = q.order_id
         and s.county_code = l.county_code and s.line_id = l.line_id and s.paid_counted_on is not null"
    ).bind(county).fetch_all(conn).await)?)
}

/// What is open of some products' lots, first in, first out.
pub async fn list_open(session: &mut Session, product_ids: &[i64]) -> Result<Vec<OpenTicket>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<(Day, i64, i64, i64, i64)> = Vec::new();
    for chunk in listed(product_ids) {
        rows.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select w.intake_on, w.lot_id, t.ticket_id, w.product_id, t.weight_g - t.drawn_g from lot w
                 join lot_ticket t on t.county_code = w.county_code and t.lot_id = w.lot_id and t.weight_g > t.drawn_g
                 where w.closed_on is null and w.county_code = ");
            builder.push_bind(county.clone()).push(" and w.product_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<(Day, i64, i64, i64, i64)>().fetch_all(conn).await
        })?);
    }
    rows.sort_unstable();
    let open = |(_, _, ticket_id, product_id, open_g)| OpenTicket { ticket_id, product_id, open_g };
    Ok(rows.into_iter().map(open).collect())
}

/// Writes draws, each with whether it is late, and takes them off their tickets.
pub async fn insert(work: &mut Work, rows: &[(Drawn, bool)]) -> Result<(), StoreError> {
    let batch_id = work.batch_id;
    // a ticket that was corrected upwards gives a line that lacked something more: the same weighing, the same draw
    insert_rows!(
        work,
        "insert into draw (county_code, line_id, ticket_id, drawn_g, batch_id) ",
        rows,
        " on conflict (county_code, line_id, ticket_id) do update set drawn_g = draw.drawn_g + excluded.drawn_g",
        |b, r| {
            b.push_bind(r.0.line_id).push_bind(r.0.ticket_id).push_bind(r.0.drawn_g).push_bind(batch_id);
        }
    );
    let late: Vec<&Drawn> = rows.iter().filter(|(_, late)| *late).map(|(drawn, _)| drawn).collect();
    insert_rows!(
        work,
        "insert into late_draw (county_code, line_id, ticket_id) ",
        late,
        " on conflict do nothing",
        |b, r| {
            b.push_bind(r.line_id).push_bind(r.ticket_id);
        }
    );
    add_drawn(work, rows.iter().map(|(drawn, _)| (drawn.ticket_id, drawn.drawn_g))).await
}

/// Takes draws back whose line is no longer of their product: they were never its goods.
pub async fn remove(work: &mut Work, rows: &[Drawn]) -> Result<(), StoreError> {
    for row in rows {
        let county = work.county_text();
        for table in ["draw", "late_draw"] {
            let delete = format!("delete from {table} where county_code = $1 and line_id = $2 and ticket_id = $3");
            on!(work, conn => sqlx::query(sqlx::AssertSqlSafe(delete)).bind(&*county).bind(row.line_id)
                .bind(row.ticket_id).execute(conn).await.map(|_| ()))?;
        }
    }
    add_drawn(work, rows.iter().map(|drawn| (drawn.ticket_id, -drawn.drawn_g))).await?;
    for row in rows {
        // a lot that is closed has it left over
        let county = work.county_text();
        on!(work, conn => sqlx::query(
            "update lot_ticket set left_g = weight_g - drawn_g - lost_g where county_code = $1 and ticket_id = $2
             and exists (select 1 from lot w where w.county_code = lot_ticket.county_code and w.lot_id = lot_ticket.lot_id
                and w.closed_on is not null)"
        ).bind(county).bind(row.ticket_id).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

async fn add_drawn(work: &mut Work, changes: impl Iterator<Item = (i64, i64)>) -> Result<(), StoreError> {
    let mut sums: FxHashMap<i64, i64> = FxHashMap::default();
    for (ticket_id, grams) in changes {
        *sums.entry(ticket_id).or_default() += grams;
    }
    let sums: Vec<(i64, i64)> = sums.into_iter().collect();
    insert_rows!(
        work,
        "update lot_ticket set drawn_g = lot_ticket.drawn_g + v.column3 from (",
        sums,
        ") as v where lot_ticket.county_code = v.column1 and lot_ticket.ticket_id = v.column2",
        |b, r| {
            b.push_bind(r.0).push_bind(r.1);
        }
    );
    Ok(())
}

/// Says anew which lines of the orders that wait lack goods.
pub async fn replace_shortages(work: &mut Work, rows: &[Shortage]) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "delete from lot_shortage where county_code = $1 and order_id in
            (select order_id from posting_queue where county_code = $1)"
    ).bind(&*county).execute(conn).await.map(|_| ()))?;
    insert_rows!(
        work,
        "insert into lot_shortage (county_code, line_id, order_id, listing_id, product_id, paid_on, missing_g) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.line_id)
                .push_bind(r.order_id)
                .push_bind(r.listing_id)
                .push_bind(r.product_id)
                .push_bind(r.paid_on)
                .push_bind(r.missing_g);
        }
    );
    Ok(())
}

/// Queues the orders whose lines wait for goods of a product: some have come.
pub async fn queue_short(work: &mut Work, product_id: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into posting_queue (county_code, order_id)
         select distinct county_code, order_id from lot_shortage where county_code = $1 and product_id = $2
         on conflict do nothing"
    ).bind(county).bind(product_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Queues the orders with goods of a product that were weighed in on a day of a span: their price changed.
pub async fn queue_taken_in(work: &mut Work, product_id: i64, from: Day, to: Day) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into posting_queue (county_code, order_id)
         select distinct l.county_code, l.order_id from lot w
         join lot_ticket t on t.county_code = w.county_code and t.lot_id = w.lot_id
         join draw d on d.county_code = t.county_code and d.ticket_id = t.ticket_id
         join order_line l on l.county_code = d.county_code and l.line_id = d.line_id
         where w.county_code = $1 and w.product_id = $2 and w.intake_on >= $3 and w.intake_on <= $4
         on conflict do nothing"
    ).bind(county).bind(product_id).bind(from).bind(to).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Queues the orders with goods of a ticket: what it says changed.
pub async fn queue_ticket(work: &mut Work, ticket_id: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into posting_queue (county_code, order_id)
         select distinct l.county_code, l.order_id from draw d
         join order_line l on l.county_code = d.county_code and l.line_id = d.line_id
         where d.county_code = $1 and d.ticket_id = $2 on conflict do nothing"
    ).bind(county).bind(ticket_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}
