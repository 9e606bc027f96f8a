//! Photos of goods: one for each product, listing or proposal.
//!
//! Photos of products and listings are for everybody of the county who sells or grows them, and for an anchor those of the
//! listings on the shelves of the own streams; one of a proposal is its household's and the branch's. Not here: drawing
//! them (`services::photo_drawing`).

use super::doubles::records;
use super::{Session, StoreError, Work, take_ids};
use crate::domain::access::Scope;
use crate::domain::photos::Shows;
use sqlx::{AssertSqlSafe, FromRow};

/// A photo without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Photo {
    pub photo_id: i64,
    pub of_kind: String,
    pub of_id: i64,
    pub sha256: String,
    pub width_px: i64,
    pub height_px: i64,
}

/// A photo on its way in.
#[derive(Debug, Clone, Copy)]
pub struct NewPhoto<'a> {
    pub sha256: &'a str,
    pub width_px: i64,
    pub height_px: i64,
    pub picture: &'a [u8],
    pub small: &'a [u8],
}

/// What of photos `f` is in scope.
fn in_scope(session: &Session) -> Result<String, StoreError> {
    match session.scope() {
        scope if scope.is_whole_county() => Ok(String::new()),
        Scope::Farmer { farmer_id, .. } => Ok(format!(
            " and (f.of_kind in ('product', 'listing') or exists (select 1 from listing_proposal p
                where p.county_code = f.county_code and p.proposal_id = f.of_id and p.farmer_id in {}))",
            records(&farmer_id.to_string())
        )),
        Scope::Anchor { anchor_id, .. } => Ok(format!(
            " and f.of_kind = 'listing' and exists (select 1 from stream_shelf h
                join stream s on s.county_code = h.county_code and s.stream_id = h.stream_id
                where h.county_code = f.county_code and h.listing_id = f.of_id and s.anchor_id = {anchor_id})"
        )),
        _ => Err(StoreError::OutOfScope),
    }
}

/// Stores a photo in the name of the unit of work's actor, over the one that stands there. Its number, which is a new one,
/// so that an address never changes what it shows.
pub async fn put(work: &mut Work, shows: Shows, new: &NewPhoto<'_>) -> Result<i64, StoreError> {
    remove(work, shows).await?;
    let photo_id = take_ids(work, "photo", 1).await?;
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into photo (county_code, photo_id, of_kind, of_id, sha256, width_px, height_px, picture, small, added_by,
            added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    ).bind(county).bind(photo_id).bind(shows.kind()).bind(shows.id()).bind(new.sha256).bind(new.width_px)
        .bind(new.height_px).bind(new.picture).bind(new.small).bind(by).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(photo_id)
}

/// Forgets the photo of something; forgetting one that is not there is no error.
pub async fn remove(work: &mut Work, shows: Shows) -> Result<(), StoreError> {
    let county = work.county_text();
    on!(work, conn => sqlx::query("delete from photo where county_code = $1 and of_kind = $2 and of_id = $3")
        .bind(county).bind(shows.kind()).bind(shows.id()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Gives a listing the photo of the proposal its draft was made of, unless it has one.
pub async fn hand_on(work: &mut Work, entry_id: i64, listing_id: i64) -> Result<(), StoreError> {
    let photo_id = take_ids(work, "photo", 1).await?;
    let county = work.county_text();
    on!(work, conn => sqlx::query(
        "insert into photo (county_code, photo_id, of_kind, of_id, sha256, width_px, height_px, picture, small, added_by,
            added_at)
         select f.county_code, $2, 'listing', $3, f.sha256, f.width_px, f.height_px, f.picture, f.small, f.added_by, f.added_at
         from photo f join listing_proposal p on p.county_code = f.county_code and p.proposal_id = f.of_id
         where f.county_code = $1 and f.of_kind = 'proposal' and p.entry_id = $4 and p.entry_id <> 0
         on conflict (county_code, of_kind, of_id) do nothing"
    ).bind(county).bind(photo_id).bind(listing_id).bind(entry_id).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The photos in scope of a kind, by what they show; of `only` one where it is named.
pub async fn list(session: &mut Session, kind: &str, only: Option<i64>) -> Result<Vec<Photo>, StoreError> {
    let (county, scope) = (session.county_text(), in_scope(session)?);
    let mut rows: Vec<Photo> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select f.photo_id, f.of_kind, f.of_id, f.sha256, f.width_px, f.height_px from photo f
         where f.county_code = $1 and f.of_kind = $2 and ($3 = 0 or f.of_id = $3){scope}"
    ))).bind(county).bind(kind).bind(only.unwrap_or(0)).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|f| f.of_id);
    Ok(rows)
}

/// The photo of something.
pub async fn find(session: &mut Session, shows: Shows) -> Result<Option<Photo>, StoreError> {
    Ok(list(session, shows.kind(), Some(shows.id())).await?.pop())
}

/// What a photo of a number shows.
pub async fn find_shown(session: &mut Session, photo_id: i64) -> Result<Option<Photo>, StoreError> {
    let (county, scope) = (session.county_text(), in_scope(session)?);
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select f.photo_id, f.of_kind, f.of_id, f.sha256, f.width_px, f.height_px from photo f
         where f.county_code = $1 and f.photo_id = $2{scope}"
    ))).bind(county).bind(photo_id).fetch_optional(conn).await)?)
}

/// The bytes of a photo, whole or as a thumb.
pub async fn find_bytes(session: &mut Session, photo_id: i64, small: bool) -> Result<Option<Vec<u8>>, StoreError> {
    let (county, scope) = (session.county_text(), in_scope(session)?);
    let column = if small { "small" } else { "picture" };
    Ok(on!(session, conn => sqlx::query_scalar(AssertSqlSafe(format!(
        "select f.{column} from photo f where f.county_code = $1 and f.photo_id = $2{scope}"
    ))).bind(county).bind(photo_id).fetch_optional(conn).await)?)
}
