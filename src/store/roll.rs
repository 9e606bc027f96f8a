//! The list of households: how each is recognised when a list is read, and whose members they are.

use super::bulk::{Bulk, delete_of, listed};
use super::{Session, StoreError, Work};
use crate::domain::calendar::Day;
use crate::domain::roll::Known;
use sqlx::FromRow;

#[derive(FromRow)]
struct KnownRow {
    farmer_id: i64,
    farmer_key: String,
    name: String,
    village_code: String,
    mark: String,
}

/// All households with the mark of their phone.
pub async fn list_known(session: &mut Session) -> Result<Vec<Known>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<KnownRow> = on!(session, conn => sqlx::query_as(
        "select f.farmer_id, f.farmer_key, f.name, f.village_code, coalesce(m.mark, '') as mark from farmer f
         left join farmer_phone_mark m on m.county_code = f.county_code and m.farmer_id = f.farmer_id
         where f.county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    let known = |r: KnownRow| Known {
        farmer_id: r.farmer_id,
        key: r.farmer_key,
        name: r.name,
        village: r.village_code,
        mark: r.mark,
    };
    let mut known: Vec<Known> = rows.into_iter().map(known).collect();
    known.sort_unstable_by_key(|k| k.farmer_id);
    Ok(known)
}

/// Sets the marks of whole phone numbers: (farmer, mark).
pub async fn upsert_marks(work: &mut Work, rows: &[(i64, String)]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into farmer_phone_mark (county_code, farmer_id, mark) ",
        rows,
        " on conflict (county_code, farmer_id) do update set mark = excluded.mark",
        |b, r| {
            b.push_bind(r.0).push_bind(r.1.as_str());
        }
    );
    Ok(())
}

/// Forgets marks of households: their phone is another one, or they are to be named no longer.
pub async fn remove_marks(work: &mut Work, farmer_ids: &[i64]) -> Result<(), StoreError> {
    delete_of(work, "farmer_phone_mark", "farmer_id", farmer_ids).await
}

/// A household among an operator's members, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Membership {
    pub farmer_id: i64,
    pub from_on: Day,
    pub operator_id: i64,
}

/// Writes memberships; a known one of the same day is corrected.
pub async fn upsert_memberships(work: &mut Work, rows: &[Membership]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into farmer_membership (county_code, farmer_id, from_on, operator_id) ",
        rows,
        " on conflict (county_code, farmer_id, from_on) do update set operator_id = excluded.operator_id",
        |b, r| {
            b.push_bind(r.farmer_id).push_bind(r.from_on).push_bind(r.operator_id);
        }
    );
    Ok(())
}

/// The memberships of some households, the latest first.
pub async fn list_memberships(session: &mut Session, farmer_ids: &[i64]) -> Result<Vec<Membership>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Membership> = Vec::new();
    for chunk in listed(farmer_ids) {
        rows.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select farmer_id, from_on, operator_id from farmer_membership where county_code = ",
            );
            builder.push_bind(county.clone()).push(" and farmer_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Membership>().fetch_all(conn).await
        })?);
    }
    rows.sort_unstable_by_key(|m| (m.farmer_id, std::cmp::Reverse(m.from_on)));
    Ok(rows)
}
