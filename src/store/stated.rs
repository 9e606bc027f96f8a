//! When each group of an order's facts was last stated, where not all by the answer that changed it last.

use super::bulk::{Bulk, listed};
use super::{Session, StoreError, Work};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Stated {
    pub order_id: i64,
    /// `None`: by no source yet.
    pub coupons_at: Option<Instant>,
    pub origin_at: Option<Instant>,
}

/// Of those orders that have a row.
pub async fn list(session: &mut Session, order_ids: &[i64]) -> Result<Vec<Stated>, StoreError> {
    let county = session.county_text();
    let mut found = Vec::new();
    for chunk in listed(order_ids) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select order_id, coupons_at, origin_at from order_stated where county_code = ");
            builder.push_bind(county.clone()).push(" and order_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Stated>().fetch_all(conn).await
        })?);
    }
    found.sort_unstable_by_key(|s| s.order_id);
    Ok(found)
}

pub async fn upsert(work: &mut Work, rows: &[Stated]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into order_stated (county_code, order_id, coupons_at, origin_at) ",
        rows,
        " on conflict (county_code, order_id) do update set coupons_at = excluded.coupons_at,
          origin_at = excluded.origin_at",
        |b, r| {
            b.push_bind(r.order_id).push_bind(r.coupons_at).push_bind(r.origin_at);
        }
    );
    Ok(())
}
