//! What households agreed to, and until when.

use super::bulk::{Bulk, listed};
use super::{Session, StoreError};
use crate::domain::calendar::Day;
use sqlx::FromRow;

/// One consent. It is in force from the day it was given to the day before it was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Consent {
    pub farmer_id: i64,
    /// `records`, `contact` or `showcase`.
    pub kind: String,
    pub given_on: Day,
    pub withdrawn_on: Option<Day>,
    pub recorded_by: String,
}

/// Writes consents; one that is known is given its last day.
pub async fn upsert(session: &mut Session, rows: &[Consent]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into consent (county_code, farmer_id, kind, given_on, withdrawn_on, recorded_by) ",
        rows,
        " on conflict (county_code, farmer_id, kind, given_on) do update set withdrawn_on = excluded.withdrawn_on,
          recorded_by = excluded.recorded_by",
        |b, r| {
            b.push_bind(r.farmer_id)
                .push_bind(r.kind.as_str())
                .push_bind(r.given_on)
                .push_bind(r.withdrawn_on)
                .push_bind(r.recorded_by.as_str());
        }
    );
    Ok(())
}

/// Consents of some households, by household, kind and day.
pub async fn list_of(session: &mut Session, farmer_ids: &[i64]) -> Result<Vec<Consent>, StoreError> {
    let county = session.county_text();
    let mut rows: Vec<Consent> = Vec::new();
    for chunk in listed(farmer_ids) {
        rows.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select farmer_id, kind, given_on, withdrawn_on, recorded_by from consent where county_code = ",
            );
            builder.push_bind(county.clone()).push(" and farmer_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Consent>().fetch_all(conn).await
        })?);
    }
    rows.sort_by(|a, b| (a.farmer_id, &a.kind, a.given_on).cmp(&(b.farmer_id, &b.kind, b.given_on)));
    Ok(rows)
}

/// True if a household's consent to something is in force on a day.
pub async fn is_given(session: &mut Session, farmer_id: i64, kind: &str, on: Day) -> Result<bool, StoreError> {
    let of = list_of(session, &[farmer_id]).await?;
    Ok(of.iter().any(|c| c.kind == kind && c.given_on <= on && c.withdrawn_on.is_none_or(|end| on < end)))
}
