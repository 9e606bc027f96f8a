//! Money paid to buyers outside sales and refunds, as statements list it.

use super::bulk::{Bulk, listed};
use super::{Session, StoreError, Work};
use crate::domain::calendar::Day;
use sqlx::FromRow;

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Compensation {
    /// Also the id of its order's event, once the order is known.
    pub compensation_id: i64,
    pub shop_id: i64,
    pub statement_no: String,
    /// 0 until the order is known; then `order_no` is ''.
    pub order_id: i64,
    pub order_no: String,
    pub line_no: String,
    pub paid_on: Day,
    pub paid_fen: i64,
}

const COLUMNS: &str = "compensation_id, shop_id, statement_no, order_id, order_no, line_no, paid_on, paid_fen";

/// Of a shop by the platform's numbers.
pub async fn list(
    session: &mut Session,
    shop_id: i64,
    statement_nos: &[&str],
) -> Result<Vec<Compensation>, StoreError> {
    let county = session.county_text();
    let mut found: Vec<Compensation> = Vec::new();
    for chunk in listed(statement_nos) {
        found.extend(on!(session, conn => {
            let mut builder =
                sqlx::QueryBuilder::new(format!("select {COLUMNS} from compensation where county_code = "));
            builder.push_bind(county.clone()).push(" and shop_id = ").push_bind(shop_id);
            builder.push(" and statement_no");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Compensation>().fetch_all(conn).await
        })?);
    }
    Ok(found)
}

/// Those that wait for an order which is there by now, with that order's row id.
pub async fn list_adoptable(session: &mut Session) -> Result<Vec<(i64, i64)>, StoreError> {
    let county = session.county_text();
    let mut found = on!(session, conn => sqlx::query_as::<_, (i64, i64)>(
        "select c.compensation_id, o.order_id from compensation c
         join sales_order o on o.county_code = c.county_code and o.shop_id = c.shop_id and o.order_no = c.order_no
         where c.county_code = $1 and c.order_id = 0"
    ).bind(county).fetch_all(conn).await)?;
    found.sort_unstable();
    Ok(found)
}

/// By row id.
pub async fn list_by_id(session: &mut Session, ids: &[i64]) -> Result<Vec<Compensation>, StoreError> {
    let county = session.county_text();
    let mut found: Vec<Compensation> = Vec::new();
    for chunk in listed(ids) {
        found.extend(on!(session, conn => {
            let mut builder =
                sqlx::QueryBuilder::new(format!("select {COLUMNS} from compensation where county_code = "));
            builder.push_bind(county.clone()).push(" and compensation_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Compensation>().fetch_all(conn).await
        })?);
    }
    found.sort_unstable_by_key(|c| c.compensation_id);
    Ok(found)
}

pub async fn upsert(work: &mut Work, rows: &[Compensation]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into compensation (county_code, compensation_id, shop_id, statement_no, order_id, order_no, line_no,
         paid_on, paid_fen) ",
        rows,
        " on conflict (county_code, compensation_id) do update set order_id = excluded.order_id,
          order_no = excluded.order_no, line_no = excluded.line_no, paid_on = excluded.paid_on,
          paid_fen = excluded.paid_fen",
        |b, r| {
            b.push_bind(r.compensation_id)
                .push_bind(r.shop_id)
                .push_bind(r.statement_no.as_str())
                .push_bind(r.order_id)
                .push_bind(r.order_no.as_str())
                .push_bind(r.line_no.as_str())
                .push_bind(r.paid_on)
                .push_bind(r.paid_fen);
        }
    );
    Ok(())
}
