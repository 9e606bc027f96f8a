//! Party stages: whether the module is on, and stage, day and document number of people. Branch only.

use super::{Session, StoreError, Work};
use crate::domain::access::Scope;
use crate::domain::calendar::Day;
use sqlx::FromRow;

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Step {
    pub anchor_id: i64,
    pub stage: String,
    pub from_on: Day,
    pub document_no: String,
}

/// Refuses everybody but the branch, an official or auditor of the whole county too.
fn hold_to_branch(session: &Session) -> Result<(), StoreError> {
    if matches!(session.scope(), Scope::County(_)) { Ok(()) } else { Err(StoreError::OutOfScope) }
}

/// Since when the module is on, and who switched it; `None` while it is off.
pub async fn find_switch(session: &mut Session) -> Result<Option<(Day, String)>, StoreError> {
    hold_to_branch(session)?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, (Day, String)>(
        "select switched_on, switched_by from party_switch where county_code = $1"
    ).bind(county).fetch_optional(conn).await)?)
}

pub async fn switch_on(work: &mut Work, on_day: Day) -> Result<(), StoreError> {
    let (county, by) = (work.county_text(), work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into party_switch (county_code, switched_on, switched_by) values ($1, $2, $3) on conflict do nothing"
    ).bind(county).bind(on_day).bind(by).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What was recorded stays, and shows again when the module is switched on.
pub async fn switch_off(work: &mut Work) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from party_switch where county_code = $1")
        .bind(county).execute(conn).await.map(|_| ()))?;
    Ok(())
}

pub async fn insert(work: &mut Work, step: &Step) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into party_step (county_code, anchor_id, stage, from_on, document_no) values ($1, $2, $3, $4, $5)"
    ).bind(county).bind(step.anchor_id).bind(step.stage.as_str()).bind(step.from_on).bind(step.document_no.as_str())
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Everybody's stages, by person and day.
pub async fn list(session: &mut Session) -> Result<Vec<Step>, StoreError> {
    hold_to_branch(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Step>(
        "select anchor_id, stage, from_on, document_no from party_step where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|s| (s.anchor_id, s.from_on));
    Ok(rows)
}
