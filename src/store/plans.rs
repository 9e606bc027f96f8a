//! What the branch means to do on a stream: its title, who stands beside the anchor, what is promised of each listing.
//!
//! The stream itself, its window and the order of its shelf are `store::streams`', for a plan as for what happened.

use super::bulk::{Bulk, listed};
use super::{Session, StoreError, Work, scope};
use crate::domain::calendar::{Day, Instant, day_of};
use chrono::TimeDelta;
use sqlx::FromRow;

/// The plan of a stream.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Plan {
    pub stream_id: i64,
    pub title: String,
    /// '' where it is not said.
    pub author_no: String,
    pub planned_from: Instant,
    pub planned_to: Instant,
    pub planned_by: String,
    pub planned_at: Instant,
    /// Who noted when it really began and ended; '' where nobody did.
    pub times_by: String,
    pub cancelled_at: Option<Instant>,
    pub cancelled_why: String,
}

/// What is promised of a listing on a stream.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Offer {
    pub stream_id: i64,
    pub listing_id: i64,
    pub price_fen: i64,
    /// 0: no number was promised.
    pub promised_pieces: i64,
    pub points: String,
}

const COLUMNS: &str = "p.stream_id, p.title, p.author_no, p.planned_from, p.planned_to, p.planned_by, p.planned_at,
    p.times_by, p.cancelled_at, p.cancelled_why";

/// Writes plans over those that stand there.
pub async fn upsert(work: &mut Work, rows: &[Plan]) -> Result<(), StoreError> {
    insert_rows!(
        work,
        "insert into stream_plan (county_code, stream_id, title, author_no, planned_from, planned_to, planned_by,
         planned_at, times_by, cancelled_at, cancelled_why) ",
        rows,
        " on conflict (county_code, stream_id) do update set title = excluded.title, author_no = excluded.author_no,
          planned_from = excluded.planned_from, planned_to = excluded.planned_to, planned_by = excluded.planned_by,
          planned_at = excluded.planned_at, times_by = excluded.times_by, cancelled_at = excluded.cancelled_at,
          cancelled_why = excluded.cancelled_why",
        |b, r| {
            b.push_bind(r.stream_id)
                .push_bind(r.title.as_str())
                .push_bind(r.author_no.as_str())
                .push_bind(r.planned_from)
                .push_bind(r.planned_to)
                .push_bind(r.planned_by.as_str())
                .push_bind(r.planned_at)
                .push_bind(r.times_by.as_str())
                .push_bind(r.cancelled_at)
                .push_bind(r.cancelled_why.as_str());
        }
    );
    Ok(())
}

/// The plan of a stream; `None` where it was never planned here.
pub async fn find(session: &mut Session, stream_id: i64) -> Result<Option<Plan>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from stream_plan p where p.county_code = $1 and p.stream_id = $2"
    ))).bind(county).bind(stream_id).fetch_optional(conn).await)?)
}

/// Plans of the streams in scope that start in a span, both ends in it, those called off too.
pub async fn list_between(session: &mut Session, from: Day, to: Day) -> Result<Vec<Plan>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::of_anchors(session)?);
    let mut rows: Vec<Plan> = on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from stream s join stream_plan p on p.county_code = s.county_code and p.stream_id = s.stream_id
         where s.county_code = $1 and s.started_on >= $2 and s.started_on <= $3{in_scope}"
    ))).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_by_key(|p| (p.planned_from, p.stream_id));
    Ok(rows)
}

/// What is promised on a stream, by listing.
pub async fn list_offers(session: &mut Session, stream_ids: &[i64]) -> Result<Vec<Offer>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found: Vec<Offer> = Vec::new();
    for chunk in listed(stream_ids) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select stream_id, listing_id, price_fen, promised_pieces, points from stream_offer where county_code = ");
            builder.push_bind(county.clone()).push(" and stream_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Offer>().fetch_all(conn).await
        })?);
    }
    found.sort_by_key(|o| (o.stream_id, o.listing_id));
    Ok(found)
}

/// What is promised on a stream that is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct OpenOffer {
    pub stream_id: i64,
    pub starts_at: Instant,
    pub listing_id: i64,
    pub promised_pieces: i64,
}

/// What the streams promise that are not over at a moment, by stream and listing; what is called off promises nothing.
/// A stream with a plan is no longer than a day, so it is found by the days it may have started on.
pub async fn list_open_offers(session: &mut Session, now: Instant) -> Result<Vec<OpenOffer>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let from = day_of(now) - TimeDelta::days(2);
    let mut rows: Vec<OpenOffer> = on!(session, conn => sqlx::query_as(
        "select s.stream_id, s.starts_at, o.listing_id, o.promised_pieces from stream s
         join stream_offer o on o.county_code = s.county_code and o.stream_id = s.stream_id and o.promised_pieces > 0
         left join stream_plan p on p.county_code = s.county_code and p.stream_id = s.stream_id
         where s.county_code = $1 and s.started_on >= $2 and s.ends_at > $3 and p.cancelled_at is null"
    ).bind(county).bind(from).bind(now).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|of| (of.stream_id, of.listing_id));
    Ok(rows)
}

/// Puts what is promised on a stream in place of what was.
pub async fn replace_offers(work: &mut Work, stream_id: i64, rows: &[Offer]) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from stream_offer where county_code = $1 and stream_id = $2")
        .bind(county.clone()).bind(stream_id).execute(conn).await.map(|_| ()))?;
    insert_rows!(
        work,
        "insert into stream_offer (county_code, stream_id, listing_id, price_fen, promised_pieces, points) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.stream_id)
                .push_bind(r.listing_id)
                .push_bind(r.price_fen)
                .push_bind(r.promised_pieces)
                .push_bind(r.points.as_str());
        }
    );
    Ok(())
}

/// Who stands beside the anchor, ascending.
pub async fn list_assistants(session: &mut Session, stream_id: i64) -> Result<Vec<i64>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found: Vec<i64> = on!(session, conn => sqlx::query_scalar(
        "select anchor_id from stream_assistant where county_code = $1 and stream_id = $2"
    ).bind(county).bind(stream_id).fetch_all(conn).await)?;
    found.sort_unstable();
    Ok(found)
}

/// Says anew who stands beside the anchor.
pub async fn replace_assistants(work: &mut Work, stream_id: i64, anchor_ids: &[i64]) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from stream_assistant where county_code = $1 and stream_id = $2")
        .bind(county.clone()).bind(stream_id).execute(conn).await.map(|_| ()))?;
    insert_rows!(work, "insert into stream_assistant (county_code, stream_id, anchor_id) ", anchor_ids, "", |b, id| {
        b.push_bind(stream_id).push_bind(*id);
    });
    Ok(())
}

/// True if a line of sales now belongs to a stream.
pub async fn has_sold(session: &mut Session, stream_id: i64) -> Result<bool, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let one: Option<i64> = on!(session, conn => sqlx::query_scalar(
        "select line_id from line_slice where county_code = $1 and stream_id = $2 limit 1"
    ).bind(county).bind(stream_id).fetch_optional(conn).await)?;
    Ok(one.is_some())
}
