//! Contests: what counts, who takes part, and the results once they are published.

use super::{Session, StoreError, Work};
use crate::domain::access::Scope;
use crate::domain::calendar::Day;
use sqlx::{AssertSqlSafe, FromRow};

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Contest {
    pub contest_id: i64,
    pub title: String,
    pub from_on: Day,
    pub to_on: Day,
    /// Keys, separated by spaces.
    pub indicators: String,
    pub entered_by: String,
    pub published_on: Option<Day>,
}

/// A published place.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Placed {
    pub anchor_id: i64,
    pub name: String,
    pub place: i64,
    /// Places in each indicator, separated by spaces.
    pub places: String,
}

pub async fn insert(work: &mut Work, contest: &Contest, entrants: &[i64]) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into contest (county_code, contest_id, title, from_on, to_on, indicators, entered_by)
         values ($1, $2, $3, $4, $5, $6, $7)"
    ).bind(county).bind(contest.contest_id).bind(contest.title.as_str()).bind(contest.from_on).bind(contest.to_on)
        .bind(contest.indicators.as_str()).bind(contest.entered_by.as_str()).execute(conn).await.map(|_| ()))?;
    let contest_id = contest.contest_id;
    insert_rows!(
        work,
        "insert into contest_entrant (county_code, contest_id, anchor_id) ",
        entrants,
        " on conflict do nothing",
        |b, r| {
            b.push_bind(contest_id).push_bind(*r);
        }
    );
    Ok(())
}

/// What of contests is in scope: to an anchor the published ones it took part in, with everybody's places.
fn in_scope(session: &Session) -> Result<String, StoreError> {
    match session.scope() {
        Scope::Anchor { anchor_id, .. } => Ok(format!(
            " and exists (select 1 from contest_result r where r.county_code = c.county_code
               and r.contest_id = c.contest_id and r.anchor_id = {anchor_id})"
        )),
        _ => session.hold_to_county().map(|()| String::new()),
    }
}

/// All contests, the last first.
pub async fn list(session: &mut Session) -> Result<Vec<Contest>, StoreError> {
    let in_scope = in_scope(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Contest>(AssertSqlSafe(format!(
        "select c.contest_id, c.title, c.from_on, c.to_on, c.indicators, c.entered_by, c.published_on from contest c
         where c.county_code = $1{in_scope}"
    ))).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|c| std::cmp::Reverse((c.to_on, c.contest_id)));
    Ok(rows)
}

pub async fn list_entrants(session: &mut Session, contest_id: i64) -> Result<Vec<i64>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut ids: Vec<i64> = on!(session, conn => sqlx::query_scalar(
        "select anchor_id from contest_entrant where county_code = $1 and contest_id = $2"
    ).bind(county).bind(contest_id).fetch_all(conn).await)?;
    ids.sort_unstable();
    Ok(ids)
}

/// Publishes results; they stand from then on.
pub async fn publish(work: &mut Work, contest_id: i64, on_day: Day, rows: &[Placed]) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("update contest set published_on = $3 where county_code = $1 and contest_id = $2")
        .bind(county).bind(contest_id).bind(on_day).execute(conn).await.map(|_| ()))?;
    insert_rows!(
        work,
        "insert into contest_result (county_code, contest_id, anchor_id, name, place, places) ",
        rows,
        "",
        |b, r| {
            b.push_bind(contest_id)
                .push_bind(r.anchor_id)
                .push_bind(r.name.as_str())
                .push_bind(r.place)
                .push_bind(r.places.as_str());
        }
    );
    Ok(())
}

/// Published results of all contests, each with its contest's number: the last contest first, its best first.
pub async fn list_all_results(session: &mut Session, most: i64) -> Result<Vec<(i64, Placed)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<(i64, i64, String, i64, String)> = on!(session, conn => sqlx::query_as(
        "select c.contest_id, c.anchor_id, c.name, c.place, c.places from contest_result c where c.county_code = $1
         order by c.contest_id desc, c.place, c.anchor_id limit $2"
    ).bind(county).bind(most).fetch_all(conn).await)?;
    let placed = rows.into_iter();
    Ok(placed
        .map(|(contest, anchor_id, name, place, places)| (contest, Placed { anchor_id, name, place, places }))
        .collect())
}

/// The published results of a contest, the best first.
pub async fn list_results(session: &mut Session, contest_id: i64) -> Result<Vec<Placed>, StoreError> {
    let in_scope = in_scope(session)?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Placed>(AssertSqlSafe(format!(
        "select c.anchor_id, c.name, c.place, c.places from contest_result c
         where c.county_code = $1 and c.contest_id = $2{in_scope}"
    ))).bind(county).bind(contest_id).fetch_all(conn).await)?;
    rows.sort_by_key(|r| (r.place, r.anchor_id));
    Ok(rows)
}
