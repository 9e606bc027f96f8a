//! Import profiles that people saved.

use super::{Session, StoreError, Work};
use crate::domain::calendar::Instant;
use sqlx::FromRow;

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SavedProfile {
    pub name: String,
    /// The profile's JSON document.
    pub document: String,
    pub saved_at: Instant,
    pub saved_by: String,
}

/// All of the county, by name.
pub async fn list(session: &mut Session) -> Result<Vec<SavedProfile>, StoreError> {
    let county = session.county_text();
    let mut found = on!(session, conn => sqlx::query_as::<_, SavedProfile>(
        "select name, document, saved_at, saved_by from import_profile where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Saves one; of the same name the new one stays.
pub async fn upsert(work: &mut Work, name: &str, document: &str) -> Result<(), StoreError> {
    let (county, at, actor) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into import_profile (county_code, name, document, saved_at, saved_by) values ($1, $2, $3, $4, $5)
         on conflict (county_code, name) do update set document = excluded.document, saved_at = excluded.saved_at,
            saved_by = excluded.saved_by"
    ).bind(county).bind(name).bind(document).bind(at).bind(actor).execute(conn).await.map(|_| ()))?;
    Ok(())
}
