//! Broadcasts and their shelves.

use super::bulk::{Bulk, delete_of, listed};
use super::keys::keyed;
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use sqlx::{AssertSqlSafe, FromRow};

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stream {
    pub stream_id: i64,
    pub stream_key: String,
    pub shop_id: i64,
    pub anchor_id: i64,
    pub room_id: i64,
    pub live_room_no: String,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub started_on: Day,
    pub views: Option<i64>,
}

/// A place on a stream's shelf.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ShelfPlace {
    pub stream_id: i64,
    pub place: i64,
    pub listing_id: i64,
}

keyed!(
    Stream,
    Stream,
    stream_id,
    stream_key,
    "stream_id, stream_key, shop_id, anchor_id, room_id, live_room_no, starts_at, ends_at, started_on, views"
);

pub async fn upsert(session: &mut Session, rows: &[Stream]) -> Result<(), StoreError> {
    insert_rows!(session,
        "insert into stream (county_code, stream_id, stream_key, shop_id, anchor_id, room_id, live_room_no, starts_at,
         ends_at, started_on, views) ", rows,
        " on conflict (county_code, stream_id) do update set shop_id = excluded.shop_id, anchor_id = excluded.anchor_id,
          room_id = excluded.room_id, live_room_no = excluded.live_room_no, starts_at = excluded.starts_at,
          ends_at = excluded.ends_at, started_on = excluded.started_on, views = excluded.views", |b, r| {
            b.push_bind(r.stream_id).push_bind(r.stream_key.as_str()).push_bind(r.shop_id)
                .push_bind(r.anchor_id).push_bind(r.room_id).push_bind(r.live_room_no.as_str()).push_bind(r.starts_at)
                .push_bind(r.ends_at).push_bind(r.started_on).push_bind(r.views);
        });
    Ok(())
}

pub async fn upsert_shelf(session: &mut Session, rows: &[ShelfPlace]) -> Result<(), StoreError> {
    insert_rows!(
        session,
        "insert into stream_shelf (county_code, stream_id, place, listing_id) ",
        rows,
        " on conflict (county_code, stream_id, place) do update set listing_id = excluded.listing_id",
        |b, r| {
            b.push_bind(r.stream_id).push_bind(r.place).push_bind(r.listing_id);
        }
    );
    Ok(())
}

/// Takes everything off the shelves of some streams.
pub async fn clear_shelves(session: &mut Session, stream_ids: &[i64]) -> Result<(), StoreError> {
    delete_of(session, "stream_shelf", "stream_id", stream_ids).await
}

/// Shelves of some streams, by stream and place.
pub async fn list_shelves_of(session: &mut Session, stream_ids: &[i64]) -> Result<Vec<ShelfPlace>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found = Vec::new();
    for chunk in listed(stream_ids) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select stream_id, place, listing_id from stream_shelf where county_code = ");
            builder.push_bind(county.clone()).push(" and stream_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<ShelfPlace>().fetch_all(conn).await
        })?);
    }
    found.sort_by_key(|p| (p.stream_id, p.place));
    Ok(found)
}

/// Streams held by an anchor or in a room of these, by start: whose they are has changed.
pub async fn list_held_by(
    session: &mut Session,
    anchor_ids: &[i64],
    room_ids: &[i64],
) -> Result<Vec<Stream>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found: Vec<Stream> = Vec::new();
    for (column, ids) in [("anchor_id", anchor_ids), ("room_id", room_ids)] {
        for chunk in listed(ids) {
            found.extend(on!(session, conn => {
                let mut builder = sqlx::QueryBuilder::new(
                    "select stream_id, stream_key, shop_id, anchor_id, room_id, live_room_no, starts_at, ends_at,
                     started_on, views from stream where county_code = ");
                builder.push_bind(county.clone()).push(format!(" and {column}"));
                Bulk::push_in(&mut builder, chunk);
                builder.build_query_as::<Stream>().fetch_all(conn).await
            })?);
        }
    }
    found.sort_by_key(|r| (r.starts_at, r.stream_id));
    found.dedup();
    Ok(found)
}

/// Of streams `s`, those that were not called off.
pub(super) const TAKES_PLACE: &str = " and not exists (select 1 from stream_plan c where c.county_code = s.county_code
    and c.stream_id = s.stream_id and c.cancelled_at is not null)";

/// Gives a stream the key a document knows it by.
pub async fn set_key(work: &mut Work, stream_id: i64, key: &str) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("update stream set stream_key = $3 where county_code = $1 and stream_id = $2")
        .bind(county).bind(stream_id).bind(key).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Streams that started on a day of the span, by start; those called off are none.
pub async fn list_between(session: &mut Session, from: Day, to: Day) -> Result<Vec<Stream>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, Stream>(AssertSqlSafe(format!(
        "select s.stream_id, s.stream_key, s.shop_id, s.anchor_id, s.room_id, s.live_room_no, s.starts_at, s.ends_at,
         s.started_on, s.views
         from stream s where s.county_code = $1 and s.started_on >= $2 and s.started_on <= $3{TAKES_PLACE}"
    ))).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_by_key(|r| (r.starts_at, r.stream_id));
    Ok(rows)
}

/// The streams of some ids.
pub async fn list_of_ids(session: &mut Session, ids: &[i64]) -> Result<Vec<Stream>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut found = Vec::new();
    for chunk in listed(ids) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "select stream_id, stream_key, shop_id, anchor_id, room_id, live_room_no, starts_at, ends_at, started_on,
                 views from stream where county_code = ");
            builder.push_bind(county.clone()).push(" and stream_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<Stream>().fetch_all(conn).await
        })?);
    }
    found.sort_by_key(|r| r.stream_id);
    Ok(found)
}

/// Shelves of the streams that started in the span.
pub async fn list_shelves(session: &mut Session, from: Day, to: Day) -> Result<Vec<ShelfPlace>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, ShelfPlace>(
        "select s.stream_id, f.place, f.listing_id from stream s
         join stream_shelf f on f.county_code = s.county_code and f.stream_id = s.stream_id
         where s.county_code = $1 and s.started_on >= $2 and s.started_on <= $3"
    ).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_by_key(|r| (r.stream_id, r.place));
    Ok(rows)
}

/// One stream.
pub async fn find(session: &mut Session, stream_id: i64) -> Result<Option<Stream>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Stream>(
        "select stream_id, stream_key, shop_id, anchor_id, room_id, live_room_no, starts_at, ends_at, started_on, views
         from stream where county_code = $1 and stream_id = $2"
    ).bind(county).bind(stream_id).fetch_optional(conn).await)?)
}
