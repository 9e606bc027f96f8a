//! Sealed secrets by shop and field. Not here: sealing (`domain::sealing`), which key (`services::secrets`).

use super::{Session, StoreError};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// A sealed secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Sealed {
    pub shop_id: i64,
    /// `app_key`, `app_secret` or `token`.
    pub field: String,
    /// The key it is sealed with.
    pub key_id: String,
    pub sealed: Vec<u8>,
    pub stored_at: Instant,
}

/// Stores secrets, over those that stand there.
pub async fn upsert(session: &mut Session, rows: &[Sealed]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into secret (county_code, shop_id, field, key_id, sealed, stored_at) ",
        rows,
        " on conflict (county_code, shop_id, field) do update set key_id = excluded.key_id, sealed = excluded.sealed,
          stored_at = excluded.stored_at",
        |b, r| {
            b.push_bind(r.shop_id)
                .push_bind(r.field.as_str())
                .push_bind(r.key_id.as_str())
                .push_bind(r.sealed.as_slice())
                .push_bind(r.stored_at);
        }
    );
    Ok(())
}

/// One of a shop's secrets.
pub async fn find(session: &mut Session, shop_id: i64, field: &str) -> Result<Option<Sealed>, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select shop_id, field, key_id, sealed, stored_at from secret
         where county_code = $1 and shop_id = $2 and field = $3"
    ).bind(county).bind(shop_id).bind(field).fetch_optional(conn).await)?)
}

/// All of the county's, by shop and field.
pub async fn list(session: &mut Session) -> Result<Vec<Sealed>, StoreError> {
    let county = session.county_text();
    let mut rows: Vec<Sealed> = on!(session, conn => sqlx::query_as(
        "select shop_id, field, key_id, sealed, stored_at from secret where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_by(|a, b| (a.shop_id, &a.field).cmp(&(b.shop_id, &b.field)));
    Ok(rows)
}

/// Forgets one of a shop's secrets; forgetting one that is not there is no error.
pub async fn remove(session: &mut Session, shop_id: i64, field: &str) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query("delete from secret where county_code = $1 and shop_id = $2 and field = $3")
        .bind(county).bind(shop_id).bind(field).execute(conn).await.map(|_| ()))?;
    Ok(())
}
