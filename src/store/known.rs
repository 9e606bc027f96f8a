//! What is already known of orders that an answer or a file names.

use super::orders::{RefundRow, SettlementRow};
use super::packed::read_packed_in;
use super::{Session, StoreError};
use crate::domain::records::CUMULATIVE;

/// Refunds of orders, by order and row id.
pub async fn list_refunds_of_orders(session: &mut Session, order_ids: &[i64]) -> Result<Vec<RefundRow>, StoreError> {
    let mut found = read_packed_in!(session, RefundRow, "refund r", "r", [], "order_id", order_ids);
    found.sort_unstable_by_key(|r| (r.order_id, r.refund_id));
    Ok(found)
}

/// Statement rows of orders, by order and row id.
pub async fn list_settlements_of_orders(
    session: &mut Session,
    order_ids: &[i64],
) -> Result<Vec<SettlementRow>, StoreError> {
    let mut found = read_packed_in!(session, SettlementRow, "settlement s", "s", [], "order_id", order_ids);
    found.sort_unstable_by_key(|s| (s.order_id, s.settlement_id));
    Ok(found)
}

/// Numbers of a shop's refunds that are known as a sum and have not ended.
pub async fn list_pending_totals(session: &mut Session, shop_id: i64) -> Result<Vec<String>, StoreError> {
    let county = session.county_text();
    let pending: Vec<String> = on!(session, conn => sqlx::query_scalar(
        "select refund_no from refund where county_code = $1 and shop_id = $2 and status = 'pending'"
    ).bind(county).bind(shop_id).fetch_all(conn).await)?;
    Ok(pending.into_iter().filter(|no| no.ends_with(CUMULATIVE)).collect())
}
