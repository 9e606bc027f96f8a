//! Streams as people list and open them: who, where, when, and what was sold on them.
//!
//! Sums of many streams come from the rollup by its key; one stream's goods and minutes from its own lines.
//! Not here: setting streams up (`store::streams`).

use super::rows::{amount_sums, amounts};
use super::streams::TAKES_PLACE;
use super::{Session, StoreError, scope};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::{Day, Instant};
use rustc_hash::FxHashMap;
use sqlx::{AssertSqlSafe, FromRow, Row};

/// A stream with the names of who and where.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Named {
    pub stream_id: i64,
    pub started_on: Day,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub views: Option<i64>,
    pub anchor_id: i64,
    pub anchor: String,
    /// 0 and '' outside every Red Livestream Room.
    pub room_id: i64,
    pub room: String,
    pub shop: String,
}

const NAMED: &str = "select s.stream_id, s.started_on, s.starts_at, s.ends_at, s.views, s.anchor_id, a.name as anchor,
        s.room_id, coalesce(r.name, '') as room, h.name as shop
    from stream s join anchor a on a.county_code = s.county_code and a.anchor_id = s.anchor_id
    join shop h on h.county_code = s.county_code and h.shop_id = s.shop_id
    left join room r on r.county_code = s.county_code and r.room_id = s.room_id";

/// Streams that started in a span, both ends in it, the last first.
pub async fn list_between(session: &mut Session, from: Day, to: Day) -> Result<Vec<Named>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::streams(session.scope(), "s"));
    let mut rows = on!(session, conn => sqlx::query_as::<_, Named>(AssertSqlSafe(format!(
        "{NAMED} where s.county_code = $1 and s.started_on >= $2 and s.started_on <= $3{in_scope}{TAKES_PLACE}"
    ))).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_by_key(|r| std::cmp::Reverse((r.starts_at, r.stream_id)));
    Ok(rows)
}

/// One stream in scope.
pub async fn find(session: &mut Session, stream_id: i64) -> Result<Option<Named>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::streams(session.scope(), "s"));
    Ok(on!(session, conn => sqlx::query_as::<_, Named>(AssertSqlSafe(format!(
        "{NAMED} where s.county_code = $1 and s.stream_id = $2{in_scope}"
    ))).bind(county).bind(stream_id).fetch_optional(conn).await)?)
}

/// Names of those of the streams with these ids that are in scope.
pub async fn list_named(session: &mut Session, stream_ids: &[i64]) -> Result<Vec<Named>, StoreError> {
    if stream_ids.is_empty() {
        return Ok(Vec::new());
    }
    let (county, in_scope) = (session.county_text(), scope::streams(session.scope(), "s"));
    let ids = stream_ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    Ok(on!(session, conn => sqlx::query_as::<_, Named>(AssertSqlSafe(format!(
        "{NAMED} where s.county_code = $1 and s.stream_id in ({ids}){in_scope}"
    ))).bind(county).fetch_all(conn).await)?)
}

/// Goods sold on a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    pub product: String,
    pub product_en: String,
    pub lines: i64,
    pub position: Amounts,
}

impl<'r, R> FromRow<'r, R> for Goods
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> String: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            product: row.try_get(0)?,
            product_en: row.try_get(1)?,
            lines: row.try_get(2)?,
            position: amounts(row, 3)?,
        })
    }
}

/// What a stream sold, by product, as it now stands.
///
/// `cross join` makes SQLite begin with the stream's slices: left to choose, it reads every
/// ledger entry of the county.
pub async fn sum_goods(session: &mut Session, stream_id: i64) -> Result<Vec<Goods>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::slices(session.scope(), "s"));
    let sql = format!(
        "select coalesce(p.name, ''), coalesce(p.name_en, ''), count(distinct s.line_id), {}
         from line_slice s cross join ledger_entry e
         left join product p on p.county_code = s.county_code and p.product_id = s.product_id
         where s.county_code = $1 and s.stream_id = $2{in_scope}
           and e.county_code = s.county_code and e.line_id = s.line_id and e.slice_no = s.farmer_id
         group by p.name, p.name_en",
        amount_sums("e.")
    );
    let mut rows = on!(session, conn => sqlx::query_as::<_, Goods>(AssertSqlSafe(sql)).bind(county).bind(stream_id)
        .fetch_all(conn).await)?;
    rows.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.product.cmp(&b.product)));
    Ok(rows)
}

/// When each order of a stream was paid.
pub async fn list_paid_at(session: &mut Session, stream_id: i64) -> Result<Vec<Instant>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::slices(session.scope(), "s"));
    let rows: Vec<(i64, Instant)> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select distinct o.order_id, o.paid_at from line_slice s
         join sales_order o on o.county_code = s.county_code and o.order_id = s.order_id
         where s.county_code = $1 and s.stream_id = $2{in_scope} and o.paid_at is not null"
    ))).bind(county).bind(stream_id).fetch_all(conn).await)?;
    let mut paid: Vec<Instant> = rows.into_iter().map(|r| r.1).collect();
    paid.sort_unstable();
    Ok(paid)
}

/// What a stream sold in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    pub stream_id: i64,
    pub position: Amounts,
}

impl<'r, R> FromRow<'r, R> for Sold
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self { stream_id: row.try_get(0)?, position: amounts(row, 1)? })
    }
}

/// What each of these streams sold, as it now stands, from the rollups: by the keys of each year there is, so that the cost
/// is that of the streams asked for.
pub async fn sum_sold(session: &mut Session, stream_ids: &[i64]) -> Result<Vec<Sold>, StoreError> {
    let Some(keys) = keys_of(session, stream_ids)? else { return Ok(Vec::new()) };
    let sql = format!(
        "select cast(f.key as bigint), {}
         from (select distinct y.start_on from figure_county y where y.county_code = $1 and y.basis = 'event'
            and y.lens = 'shop' and y.grain = 'y') year
         cross join figure_county f where f.county_code = $1 and f.basis = 'event' and f.lens = 'stream' and f.grain = 'y'
            and f.start_on = year.start_on and f.key in ({keys})
         group by f.key",
        amount_sums("f.")
    );
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as::<_, Sold>(AssertSqlSafe(sql)).bind(county).fetch_all(conn).await)?)
}

/// How many lines each of these streams sold; a stream without any is not among them. They are kept by month: a few
/// streams' worth of asking, which `sum_sold` for a hundred days of everybody's streams is not.
pub async fn count_lines(session: &mut Session, stream_ids: &[i64]) -> Result<FxHashMap<i64, i64>, StoreError> {
    let Some(keys) = keys_of(session, stream_ids)? else { return Ok(FxHashMap::default()) };
    let sql = format!(
        "select cast(n.key as bigint), cast(sum(n.lines) as bigint)
         from (select distinct m.start_on from figure_order m where m.county_code = $1 and m.lens = 'shop'
            and m.grain = 'm' and m.region_code = $1) month
         cross join figure_order n where n.county_code = $1 and n.lens = 'stream' and n.grain = 'm'
            and n.start_on = month.start_on and n.key in ({keys}) and n.region_code = $1
         group by n.key having sum(n.lines) <> 0"
    );
    let county = session.county_text();
    let rows: Vec<(i64, i64)> =
        on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).fetch_all(conn).await)?;
    Ok(rows.into_iter().collect())
}

/// The keys in the rollups of those streams that the reader may see, as a question; `None` where none is asked for.
fn keys_of(session: &Session, stream_ids: &[i64]) -> Result<Option<String>, StoreError> {
    if stream_ids.is_empty() {
        return Ok(None);
    }
    let in_scope = scope::of_anchors(session)?;
    let ids = stream_ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    Ok(Some(format!(
        "select cast(stream_id as text) from stream where county_code = $1 and stream_id in ({ids}){in_scope}"
    )))
}

/// Pieces of a listing paid for on a stream; those that came back were paid for too.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Pieces {
    pub listing_id: i64,
    pub pieces: i64,
}

/// What a stream sold in pieces, by listing.
pub async fn sum_pieces(session: &mut Session, stream_id: i64) -> Result<Vec<Pieces>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::slices(session.scope(), "s"));
    let mut rows = on!(session, conn => sqlx::query_as::<_, Pieces>(AssertSqlSafe(format!(
        "select d.listing_id, coalesce(cast(sum(l.pieces) as bigint), 0) as pieces
         from (select distinct s.line_id as line_id, s.listing_id as listing_id from line_slice s
            where s.county_code = $1 and s.stream_id = $2 and s.paid_counted_on is not null{in_scope}) d
         cross join order_line l where l.county_code = $1 and l.line_id = d.line_id
         group by d.listing_id"
    ))).bind(county).bind(stream_id).fetch_all(conn).await)?;
    rows.sort_by_key(|r| r.listing_id);
    Ok(rows)
}

/// Whose earlier streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Anchor(i64),
    Room(i64),
}

/// The streams of an anchor or a room that started on a day before and are over now, the last first: so many.
pub async fn list_before(
    session: &mut Session,
    whose: Whose,
    day: Day,
    now: Instant,
    most: i64,
) -> Result<Vec<Named>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::streams(session.scope(), "s"));
    let (column, id) = match whose {
        Whose::Anchor(id) => ("anchor_id", id),
        Whose::Room(id) => ("room_id", id),
    };
    let mut rows = on!(session, conn => sqlx::query_as::<_, Named>(AssertSqlSafe(format!(
        "{NAMED} where s.county_code = $1 and s.{column} = $2 and s.started_on < $3 and s.ends_at <= $4{in_scope}{TAKES_PLACE}
         order by s.started_on desc, s.stream_id desc limit {most}"
    ))).bind(county).bind(id).bind(day).bind(now).fetch_all(conn).await)?;
    rows.sort_by_key(|r| std::cmp::Reverse((r.starts_at, r.stream_id)));
    Ok(rows)
}
