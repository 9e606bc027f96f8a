//! Counties: setting one up, telling demo from real, reference rows.

use super::transaction::Engine;
use super::{Session, Store, StoreError};
use crate::domain::admin::Region;
use crate::domain::regions::RegionCode;

/// A county as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct County {
    pub county_code: String,
    pub name: String,
    pub demo: bool,
    /// What the demo was made with; empty for a real county.
    pub demo_made_with: String,
    /// Key of the buyer hash.
    pub buyer_key: Vec<u8>,
}

/// All counties of a database, before a scope can be named: the command line's and the sign-in page's first question.
pub async fn list(store: &Store) -> Result<Vec<County>, StoreError> {
    const SQL: &str = "select county_code, name, demo, demo_made_with, buyer_key from county";
    let mut counties: Vec<County> = match store {
        Store::Sqlite { readers, .. } => sqlx::query_as(SQL).fetch_all(readers).await?,
        Store::Postgres(pool) => sqlx::query_as(SQL).fetch_all(pool).await?,
    };
    counties.sort_by(|a, b| a.county_code.cmp(&b.county_code));
    Ok(counties)
}

/// The session's own county.
pub async fn get(session: &mut Session) -> Result<County, StoreError> {
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select county_code, name, demo, demo_made_with, buyer_key from county where county_code = $1"
    ).bind(county).fetch_one(conn).await)?)
}

/// Sets a county up, or leaves it as it is when it is there; true if it was not.
pub async fn insert(session: &mut Session, county: &County) -> Result<bool, StoreError> {
    let rows = on!(session, conn => sqlx::query(
        "insert into county (county_code, name, demo, demo_made_with, buyer_key) values ($1, $2, $3, $4, $5)
         on conflict (county_code) do nothing"
    ).bind(&county.county_code).bind(&county.name).bind(county.demo).bind(&county.demo_made_with)
        .bind(&county.buyer_key).execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Writes reference rows that are not there yet.
pub async fn insert_regions(session: &mut Session, regions: &[Region]) -> Result<(), StoreError> {
    insert_rows!(
        of no county: session,
        "insert into region (code, name, level) ",
        regions,
        " on conflict (code) do nothing",
        |b, r| {
            b.push_bind(r.code.to_string())
                .push_bind(r.name.as_str())
                .push_bind(i64::try_from(r.code.digits()).expect("few digits"));
        }
    );
    Ok(())
}

/// Gives a county the name of its region, where it has none but its code.
pub async fn name_by_region(session: &mut Session) -> Result<(), StoreError> {
    let county = session.county_text();
    on!(session, conn => sqlx::query(
        "update county set name = (select r.name from region r where r.code = county.county_code)
         where county_code = $1 and name = county_code
           and exists (select 1 from region r where r.code = county.county_code)"
    ).bind(county).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Writes the platforms: key and name.
pub async fn insert_platforms(session: &mut Session, platforms: &[(&str, &str)]) -> Result<(), StoreError> {
    insert_rows!(
        of no county: session,
        "insert into platform (platform, name) ",
        platforms,
        " on conflict (platform) do nothing",
        |b, p| {
            b.push_bind(p.0.to_owned()).push_bind(p.1.to_owned());
        }
    );
    Ok(())
}

/// True if a region is known: it is in the reference table.
pub async fn region_exists(session: &mut Session, code: RegionCode) -> Result<bool, StoreError> {
    let found: Option<i64> = on!(session, conn => sqlx::query_scalar("select level from region where code = $1")
        .bind(code.to_string()).fetch_optional(conn).await)?;
    Ok(found.is_some())
}

/// Names of the county's regions, code and name.
pub async fn region_names(session: &mut Session) -> Result<Vec<(String, String)>, StoreError> {
    let (from, to) = session.scope().county().text_range();
    let rows = on!(session, conn => sqlx::query_as::<_, (String, String)>(
        "select code, name from region where code >= $1 and code < $2"
    ).bind(from).bind(to).fetch_all(conn).await)?;
    Ok(rows)
}

/// Says which engine a session is with, for `doctor`.
pub fn engine(session: &Session) -> &'static str {
    match session.held.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgresql",
    }
}
