//! What foreign keys would hold, and what only holds between units of work: rows that point to nothing, or to the wrong thing.

use crate::store::{Session, StoreError};

/// A question whose answer must be empty: ids of rows of a table that are wrong in one way.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    pub table: &'static str,
    /// What the id names.
    pub id: &'static str,
    /// What is wrong with the row.
    pub wrong: &'static str,
    sql: &'static str,
}

/// What foreign keys would hold, and what only holds between units of work.
pub const LINKS: [Link; 23] = [
    Link {
        table: "order_line",
        id: "line",
        wrong: "belongs to an order that does not exist",
        sql: "select l.line_id from order_line l where l.county_code = $1 and not exists (select 1 from sales_order o
              where o.county_code = l.county_code and o.order_id = l.order_id)",
    },
    Link {
        table: "order_line",
        id: "line",
        wrong: "names another shop than its order",
        sql: "select l.line_id from order_line l join sales_order o on o.county_code = l.county_code
              and o.order_id = l.order_id where l.county_code = $1 and o.shop_id <> l.shop_id",
    },
    Link {
        table: "sales_order",
        id: "order",
        wrong: "has no line that counts",
        sql: "select o.order_id from sales_order o where o.county_code = $1 and not exists (select 1 from order_line l
              where l.county_code = o.county_code and l.order_id = o.order_id and not l.replaced)",
    },
    Link {
        table: "refund",
        id: "refund",
        wrong: "names an order of its shop that does not exist",
        sql: "select r.refund_id from refund r where r.county_code = $1 and r.order_id <> 0 and not exists
              (select 1 from sales_order o where o.county_code = r.county_code and o.order_id = r.order_id
               and o.shop_id = r.shop_id)",
    },
    Link {
        table: "refund",
        id: "refund",
        wrong: "waits for an order that is there",
        sql: "select r.refund_id from refund r join sales_order o on o.county_code = r.county_code
              and o.shop_id = r.shop_id and o.order_no = r.order_no where r.county_code = $1 and r.order_id = 0",
    },
    Link {
        table: "refund",
        id: "refund",
        wrong: "has an amount or a day that does not go with its status",
        sql: "select r.refund_id from refund r where r.county_code = $1
              and ((r.status = 'succeeded' and r.refunded_on is null)
                or (r.status <> 'succeeded' and (r.refunded_on is not null or r.refund_fen <> 0)))",
    },
    Link {
        table: "settlement",
        id: "statement row",
        wrong: "names an order of its shop that does not exist",
        sql: "select s.settlement_id from settlement s where s.county_code = $1 and s.order_id <> 0 and not exists
              (select 1 from sales_order o where o.county_code = s.county_code and o.order_id = s.order_id
               and o.shop_id = s.shop_id)",
    },
    Link {
        table: "settlement",
        id: "statement row",
        wrong: "waits for an order that is there",
        sql: "select s.settlement_id from settlement s join sales_order o on o.county_code = s.county_code
              and o.shop_id = s.shop_id and o.order_no = s.order_no where s.county_code = $1 and s.order_id = 0",
    },
    Link {
        table: "order_event",
        id: "event",
        wrong: "names an order that does not exist",
        sql: "select v.event_id from order_event v where v.county_code = $1 and not exists (select 1 from sales_order o
              where o.county_code = v.county_code and o.order_id = v.order_id)",
    },
    Link {
        table: "attribution",
        id: "line",
        wrong: "is given to a stream but does not exist",
        sql: "select a.line_id from attribution a where a.county_code = $1 and not exists (select 1 from order_line l
              where l.county_code = a.county_code and l.line_id = a.line_id)",
    },
    Link {
        table: "attribution",
        id: "line",
        wrong: "is given to a stream that does not exist",
        sql: "select a.line_id from attribution a where a.county_code = $1 and a.stream_id <> 0 and not exists
              (select 1 from stream s where s.county_code = a.county_code and s.stream_id = a.stream_id)",
    },
    Link {
        table: "draw",
        id: "line",
        wrong: "is drawn from a lot but does not exist",
        sql: "select d.line_id from draw d where d.county_code = $1 and not exists (select 1 from order_line l
              where l.county_code = d.county_code and l.line_id = d.line_id)",
    },
    Link {
        table: "draw",
        id: "line",
        wrong: "is drawn from a ticket that does not exist",
        sql: "select d.line_id from draw d where d.county_code = $1 and not exists (select 1 from lot_ticket t
              where t.county_code = d.county_code and t.ticket_id = d.ticket_id)",
    },
    Link {
        table: "draw",
        id: "ticket",
        wrong: "gives more goods than it took in",
        sql: "select t.ticket_id from lot_ticket t join draw d on d.county_code = t.county_code
              and d.ticket_id = t.ticket_id where t.county_code = $1 group by t.ticket_id, t.weight_g
              having cast(sum(d.drawn_g) as bigint) > t.weight_g",
    },
    Link {
        table: "draw",
        id: "ticket",
        wrong: "says that it gave another weight than its draws",
        sql: "select t.ticket_id from lot_ticket t left join draw d on d.county_code = t.county_code
              and d.ticket_id = t.ticket_id where t.county_code = $1 group by t.ticket_id, t.drawn_g
              having cast(coalesce(sum(d.drawn_g), 0) as bigint) <> t.drawn_g",
    },
    Link {
        table: "draw",
        id: "line",
        wrong: "is drawn from a lot of another product",
        sql: "select d.line_id from draw d join lot_ticket t on t.county_code = d.county_code
              and t.ticket_id = d.ticket_id join lot w on w.county_code = t.county_code and w.lot_id = t.lot_id
              join line_slice s on s.county_code = d.county_code and s.line_id = d.line_id
              where d.county_code = $1 and s.product_id <> w.product_id",
    },
    Link {
        table: "lot_ticket",
        id: "ticket",
        wrong: "was not wholly sold, left or lost when its lot was closed",
        sql: "select t.ticket_id from lot_ticket t join lot w on w.county_code = t.county_code and w.lot_id = t.lot_id
              where t.county_code = $1 and ((w.closed_on is not null and t.weight_g <> t.drawn_g + t.left_g + t.lost_g)
                or (w.closed_on is null and (t.left_g <> 0 or t.lost_g <> 0)))",
    },
    Link {
        table: "lot_ticket",
        id: "ticket",
        wrong: "is of a household that does not exist, or has no weight",
        sql: "select t.ticket_id from lot_ticket t where t.county_code = $1 and (t.weight_g <= 0 or t.drawn_g < 0
              or t.left_g < 0 or t.lost_g < 0 or not exists (select 1 from farmer f
              where f.county_code = t.county_code and f.farmer_id = t.farmer_id))",
    },
    Link {
        table: "lot_shortage",
        id: "line",
        wrong: "waits for goods though it is not a paid line",
        sql: "select s.line_id from lot_shortage s where s.county_code = $1 and not exists (select 1 from order_line l
              join sales_order o on o.county_code = l.county_code and o.order_id = l.order_id
              where l.county_code = s.county_code and l.line_id = s.line_id and o.paid_on is not null
              and not l.replaced)",
    },
    Link {
        table: "ledger_entry",
        id: "line",
        wrong: "has entries but does not exist",
        sql: "select e.line_id from ledger_entry e where e.county_code = $1 and not exists (select 1 from order_line l
              where l.county_code = e.county_code and l.line_id = e.line_id)",
    },
    Link {
        table: "line_slice",
        id: "line",
        wrong: "has a slice but does not exist in its order",
        sql: "select s.line_id from line_slice s where s.county_code = $1 and not exists (select 1 from order_line l
              where l.county_code = s.county_code and l.line_id = s.line_id and l.order_id = s.order_id)",
    },
    Link {
        table: "payout_receipt",
        id: "payout",
        wrong: "is said to have arrived where nothing was paid",
        sql: "select r.payout_id from payout_receipt r where r.county_code = $1 and (not exists (select 1 from payout_step s
              where s.county_code = r.county_code and s.payout_id = r.payout_id and s.step = 'paid') or not exists
              (select 1 from payout_line l where l.county_code = r.county_code and l.payout_id = r.payout_id
               and l.farmer_id = r.farmer_id))",
    },
    Link {
        table: "posting_queue",
        id: "order",
        wrong: "still waits to be posted",
        sql: "select q.order_id from posting_queue q where q.county_code = $1",
    },
];

/// Ids of the rows that are wrong in a way.
pub async fn list_broken(session: &mut Session, link: &Link) -> Result<Vec<i64>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut ids: Vec<i64> = on!(session, conn => sqlx::query_scalar(link.sql).bind(county).fetch_all(conn).await)?;
    ids.sort_unstable();
    Ok(ids)
}
