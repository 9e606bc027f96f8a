//! Names and prices that listings have from a later day on, approved before it.
//!
//! Rule that must hold: who reads a listing of a day applies what has begun by then ([`apply`]), whether or not anything
//! was written since; before a listing is changed, what has begun is written into it ([`take_effect`]), so that the change
//! comes last.

use super::goods::Listing;
use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, day_of};
use sqlx::FromRow;

/// A listing's name and price from a day on.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Face {
    pub listing_id: i64,
    /// The draft that was approved.
    pub entry_id: i64,
    pub valid_from: Day,
    pub name: String,
    pub price_fen: i64,
}

pub async fn insert(work: &mut Work, face: &Face) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into listing_face (county_code, listing_id, entry_id, valid_from, name, price_fen)
         values ($1, $2, $3, $4, $5, $6)"
    ).bind(county).bind(face.listing_id).bind(face.entry_id).bind(face.valid_from).bind(face.name.as_str())
        .bind(face.price_fen).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// All that are not written into their listings yet, in the order they begin; of two for one day the later approved last.
pub async fn list(session: &mut Session) -> Result<Vec<Face>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Face> = on!(session, conn => sqlx::query_as(
        "select listing_id, entry_id, valid_from, name, price_fen from listing_face where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|f| (f.valid_from, f.entry_id));
    Ok(rows)
}

/// Gives listings the names and prices that have begun by a day.
pub fn apply(listings: &mut [Listing], faces: &[Face], on: Day) {
    for face in faces.iter().filter(|face| face.valid_from <= on) {
        if let Some(listing) = listings.iter_mut().find(|l| l.listing_id == face.listing_id) {
            (listing.name, listing.price_fen) = (face.name.clone(), face.price_fen);
        }
    }
}

/// Writes what has begun by the unit of work's day into the listings, and forgets it.
pub async fn take_effect(work: &mut Work) -> Result<(), StoreError> {
    let (county, on) = (work.county_text(), day_of(work.at));
    // which row of several that have begun is the newest, told by day and draft
    let newest = "from listing_face f where f.county_code = listing.county_code and f.listing_id = listing.listing_id
        and f.valid_from <= $2 order by f.valid_from desc, f.entry_id desc limit 1";
    let sql = format!(
        "update listing set name = (select f.name {newest}), price_fen = (select f.price_fen {newest})
         where county_code = $1 and exists (select 1 from listing_face f where f.county_code = listing.county_code
            and f.listing_id = listing.listing_id and f.valid_from <= $2)"
    );
    on!(work, conn => sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&county).bind(on).execute(conn).await.map(|_| ()))?;
    on!(work, conn => sqlx::query("delete from listing_face where county_code = $1 and valid_from <= $2")
        .bind(&county).bind(on).execute(conn).await.map(|_| ()))?;
    Ok(())
}
