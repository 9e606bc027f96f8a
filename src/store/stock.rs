//! What there is to sell: what somebody counted of a listing, what was sold since, and what the lots of goods have left.
//!
//! Not here: how many parcels that makes (`domain::stock`).

use super::{Session, StoreError, Work, take_ids};
use crate::domain::calendar::{Day, Instant};
use sqlx::FromRow;

/// Parcels of a listing that somebody counted.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Count {
    pub listing_id: i64,
    pub counted_on: Day,
    /// The first day whose sales come off.
    pub sold_from: Day,
    pub parcels: i64,
    pub counted_by: String,
    pub counted_at: Instant,
}

/// Writes a count in the name of the unit of work's actor.
pub async fn insert_count(
    work: &mut Work,
    listing_id: i64,
    (counted_on, sold_from): (Day, Day),
    parcels: i64,
) -> Result<(), StoreError> {
    let count_id = take_ids(work, "stock_count", 1).await?;
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into stock_count (county_code, listing_id, count_id, counted_on, sold_from, parcels, counted_by, counted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    ).bind(county).bind(listing_id).bind(count_id).bind(counted_on).bind(sold_from).bind(parcels).bind(by).bind(at)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// The last counts of a listing, the newest first.
pub async fn list_counts(session: &mut Session, listing_id: i64, most: i64) -> Result<Vec<Count>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select listing_id, counted_on, sold_from, parcels, counted_by, counted_at from stock_count
         where county_code = $1 and listing_id = $2 order by count_id desc limit $3"
    ).bind(county).bind(listing_id).bind(most).fetch_all(conn).await)?)
}

#[derive(FromRow)]
struct NewestRow {
    #[sqlx(flatten)]
    count: Count,
    sold_g: i64,
}

/// The newest count of every listing that was counted, with what was sold from its day on in grams, by listing. Summed from
/// the days of the county's own rollup.
pub async fn list_newest(session: &mut Session) -> Result<Vec<(Count, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<NewestRow> = on!(session, conn => sqlx::query_as(
        "select c.listing_id, c.counted_on, c.sold_from, c.parcels, c.counted_by, c.counted_at,
            cast(coalesce((select sum(f.goods_g) from figure_county f
                where f.county_code = c.county_code and f.basis = 'event' and f.lens = 'listing' and f.grain = 'd'
                    and f.start_on >= c.sold_from and f.key = cast(c.listing_id as text)), 0) as bigint) as sold_g
         from stock_count c
         where c.county_code = $1 and c.count_id = (select max(n.count_id) from stock_count n
            where n.county_code = c.county_code and n.listing_id = c.listing_id)"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|r| r.count.listing_id);
    Ok(rows.into_iter().map(|r| (r.count, r.sold_g)).collect())
}

/// What the open lots of each product have left by a day, in grams, by product.
pub async fn sum_open_lots(session: &mut Session, on: Day) -> Result<Vec<(i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<(i64, i64)> = on!(session, conn => sqlx::query_as(
        "select l.product_id, cast(sum(t.weight_g - t.drawn_g) as bigint) from lot l
         join lot_ticket t on t.county_code = l.county_code and t.lot_id = l.lot_id
         where l.county_code = $1 and l.closed_on is null and l.intake_on <= $2 group by l.product_id"
    ).bind(county).bind(on).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}
