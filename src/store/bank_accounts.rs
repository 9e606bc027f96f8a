//! Sealed bank accounts of households. Not here: sealing (`domain::sealing`), who sees what of them
//! (`services::bank_accounts`).

use super::{Session, StoreError, Work};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

/// A sealed account.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SealedAccount {
    pub farmer_id: i64,
    /// The key it is sealed with.
    pub key_id: String,
    pub sealed: Vec<u8>,
    pub stored_at: Instant,
}

/// Stores accounts, over those that stand there.
pub async fn upsert(work: &mut Work, rows: &[SealedAccount]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into bank_account (county_code, farmer_id, key_id, sealed, stored_at) ",
        rows,
        " on conflict (county_code, farmer_id) do update set key_id = excluded.key_id, sealed = excluded.sealed,
          stored_at = excluded.stored_at",
        |b, r| {
            b.push_bind(r.farmer_id).push_bind(r.key_id.as_str()).push_bind(r.sealed.as_slice()).push_bind(r.stored_at);
        }
    );
    Ok(())
}

/// A household's.
pub async fn find(session: &mut Session, farmer_id: i64) -> Result<Option<SealedAccount>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select farmer_id, key_id, sealed, stored_at from bank_account where county_code = $1 and farmer_id = $2"
    ).bind(county).bind(farmer_id).fetch_optional(conn).await)?)
}

/// All of the county's, by household.
pub async fn list(session: &mut Session) -> Result<Vec<SealedAccount>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select farmer_id, key_id, sealed, stored_at from bank_account where county_code = $1 order by farmer_id"
    ).bind(county).fetch_all(conn).await)?)
}

/// Those of a payout's households, by household.
pub async fn list_of_payout(session: &mut Session, payout_id: i64) -> Result<Vec<SealedAccount>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select b.farmer_id, b.key_id, b.sealed, b.stored_at from payout_line l
         join bank_account b on b.county_code = l.county_code and b.farmer_id = l.farmer_id
         where l.county_code = $1 and l.payout_id = $2 order by b.farmer_id"
    ).bind(county).bind(payout_id).fetch_all(conn).await)?)
}

/// Forgets a household's; forgetting one that is not there is no error.
pub async fn remove(work: &mut Work, farmer_id: i64) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from bank_account where county_code = $1 and farmer_id = $2")
        .bind(county).bind(farmer_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}
