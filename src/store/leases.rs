//! Whose turn it is to pull a shop.
//!
//! Rule: a turn has a number higher than every one before it. Renewing names the number, in the very transaction that
//! writes what was pulled: it locks the row until that is committed, so that nobody can take the turn over in between,
//! and it fails where somebody has.

use super::{Session, StoreError};
use crate::domain::calendar::Instant;

/// A turn that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub shop_id: i64,
    /// Higher than that of every turn before.
    pub fence: i64,
    pub holder: String,
}

/// The name of one who takes turns, which no other has.
pub fn new_holder() -> String {
    format!("{:08x}-{:016x}", std::process::id(), rand::random::<u64>())
}

/// Takes the turn where nobody has it or its holder has not been heard of until now.
pub async fn take(
    session: &mut Session,
    shop_id: i64,
    holder: &str,
    now: Instant,
    ends_at: Instant,
) -> Result<Option<Lease>, StoreError> {
    let county = session.county_text();
    let fence: Option<i64> = on!(session, conn => sqlx::query_scalar(
        "insert into pull_lease (county_code, shop_id, fence, holder, ends_at) values ($1, $2, 1, $3, $4)
         on conflict (county_code, shop_id) do update
            set fence = pull_lease.fence + 1, holder = excluded.holder, ends_at = excluded.ends_at
            where pull_lease.ends_at <= $5 or pull_lease.holder = ''
         returning fence"
    ).bind(county).bind(shop_id).bind(holder).bind(ends_at).bind(now).fetch_optional(conn).await)?;
    Ok(fence.map(|fence| Lease { shop_id, fence, holder: holder.to_owned() }))
}

/// Keeps the turn until a later moment; `false` where somebody else has taken it over, or it was given back.
pub async fn renew(session: &mut Session, lease: &Lease, ends_at: Instant) -> Result<bool, StoreError> {
    let county = session.county_text();
    let renewed = on!(session, conn => sqlx::query(
        "update pull_lease set ends_at = $5 where county_code = $1 and shop_id = $2 and fence = $3 and holder = $4"
    ).bind(county).bind(lease.shop_id).bind(lease.fence).bind(&lease.holder).bind(ends_at)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(renewed == 1)
}

/// Gives the turn back; nothing where it is somebody else's by now.
pub async fn release(session: &mut Session, lease: &Lease, now: Instant) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "update pull_lease set holder = '', ends_at = $5
         where county_code = $1 and shop_id = $2 and fence = $3 and holder = $4"
    ).bind(county).bind(lease.shop_id).bind(lease.fence).bind(&lease.holder).bind(now)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}
