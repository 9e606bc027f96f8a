//! Where a county's list of barred phrases differs from the program's own. Not here: the own list (`domain::phrases`).

use super::rows::known;
use super::{Session, StoreError, Work};
use crate::domain::phrases::{Edit, Kind};

/// All of a county's changes, by phrase.
pub async fn list(session: &mut Session) -> Result<Vec<Edit>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<(String, String, String, bool)> = on!(session, conn => sqlx::query_as(
        "select phrase, kind, suggestion, barred from barred_phrase where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    let mut edits = Vec::with_capacity(rows.len());
    for (phrase, kind, suggestion, barred) in rows {
        edits.push(Edit { phrase, kind: known(&kind, Kind::parse)?, suggestion, barred });
    }
    edits.sort_by(|a, b| a.phrase.cmp(&b.phrase));
    Ok(edits)
}

/// Writes a change over the one that stands there.
pub async fn upsert(work: &mut Work, edit: &Edit) -> Result<(), StoreError> {
    let (county, by, at) = (work.county_text(), work.actor.name.clone(), work.at);
    on!(work, conn => sqlx::query(
        "insert into barred_phrase (county_code, phrase, kind, suggestion, barred, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (county_code, phrase) do update set kind = excluded.kind, suggestion = excluded.suggestion,
            barred = excluded.barred, changed_by = excluded.changed_by, changed_at = excluded.changed_at"
    ).bind(county).bind(edit.phrase.as_str()).bind(edit.kind.key()).bind(edit.suggestion.as_str()).bind(edit.barred)
        .bind(by).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Takes a change back: the program's own list says again what it says.
pub async fn remove(work: &mut Work, phrase: &str) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from barred_phrase where county_code = $1 and phrase = $2")
        .bind(county).bind(phrase).execute(conn).await.map(|_| ()))?;
    Ok(())
}
