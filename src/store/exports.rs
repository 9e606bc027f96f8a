//! How many tables an account took away in the running hour. Not here: how many it may (`services::exports`).

use super::{Session, StoreError};
use crate::domain::calendar::Instant;

/// Counts one more and returns how many there are in the hour, and when that hour began; an hour that began at or before
/// `over` is over, and a new one begins.
pub async fn count_one(
    session: &mut Session,
    account_id: i64,
    now: Instant,
    over: Instant,
) -> Result<(i64, Instant), StoreError> {
    Ok(on!(session, conn => sqlx::query_as(
        "insert into export_count (account_id, started_at, exports) values ($1, $2, 1)
         on conflict (account_id) do update set
            exports = case when export_count.started_at <= $3 then 1 else export_count.exports + 1 end,
            started_at = case when export_count.started_at <= $3 then excluded.started_at else export_count.started_at end
         returning exports, started_at"
    ).bind(account_id).bind(now).bind(over).fetch_one(conn).await)?)
}
