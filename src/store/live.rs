//! What is sold while streams run: sums of the streams of one day, found by their own index.
//!
//! [`find_mark`] is asked each second while somebody watches and is one step in the key of the batches; the rest is asked
//! when it has moved, and costs what those streams sold.

use super::{Session, StoreError};
use crate::domain::calendar::{Day, Instant};
use crate::domain::live::Sums;
use sqlx::{AssertSqlSafe, FromRow};

/// The county's last batch: what was written since has a higher one.
pub async fn find_mark(session: &mut Session) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mark: Option<i64> = on!(session, conn => sqlx::query_scalar(
        "select batch_id from batch where county_code = $1 order by batch_id desc limit 1"
    ).bind(county).fetch_optional(conn).await)?;
    Ok(mark.unwrap_or(0))
}

/// How a stream's goods are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Listing,
    Product,
}

/// Sums of a listing or a product on a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct OfGoods {
    pub stream_id: i64,
    /// The listing's or the product's.
    pub id: i64,
    pub orders: i64,
    pub gmv_fen: i64,
    pub refund_fen: i64,
    pub households: i64,
}

/// Pieces paid for of a listing on a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct PiecesOf {
    pub stream_id: i64,
    pub listing_id: i64,
    pub pieces: i64,
}

fn listed(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// A slice that was paid. Written so that SQLite does not take the index by day for it: it would walk all that was ever paid
/// instead of the streams' own slices.
const PAID: &str = "case when s.paid_counted_on is null then 0 else 1 end = 1";

/// `cross join` makes SQLite begin with the streams' own slices.
fn slices(ids: &[i64]) -> String {
    format!(
        "from line_slice s cross join ledger_entry e
         where s.county_code = $1 and s.stream_id in ({}) and {PAID}
           and e.county_code = s.county_code and e.line_id = s.line_id and e.slice_no = s.farmer_id",
        listed(ids)
    )
}

const SUMS: &str = "count(distinct s.order_id) as orders, coalesce(cast(sum(e.gmv_fen) as bigint), 0) as gmv_fen,
    coalesce(cast(sum(e.refund_fen) as bigint), 0) as refund_fen,
    count(distinct case when s.farmer_id <> 0 then s.farmer_id end) as households";

/// What streams sold, by stream and goods.
pub async fn sum_goods(session: &mut Session, ids: &[i64], by: By) -> Result<Vec<OfGoods>, StoreError> {
    session.hold_to_county()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let county = session.county_text();
    let column = match by {
        By::Listing => "s.listing_id",
        By::Product => "s.product_id",
    };
    let sql = format!("select s.stream_id, {column} as id, {SUMS} {} group by s.stream_id, {column}", slices(ids));
    let mut rows: Vec<OfGoods> =
        on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|r| (r.stream_id, r.id));
    Ok(rows)
}

/// What streams sold, by stream.
pub async fn sum_streams(session: &mut Session, ids: &[i64]) -> Result<Vec<(i64, Sums)>, StoreError> {
    session.hold_to_county()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let county = session.county_text();
    let sql = format!("select s.stream_id, {SUMS} {} group by s.stream_id", slices(ids));
    let rows: Vec<(i64, i64, i64, i64, i64)> =
        on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).fetch_all(conn).await)?;
    let mut sums: Vec<(i64, Sums)> = rows.into_iter().map(|(id, a, b, c, d)| (id, read((a, b, c, d)))).collect();
    sums.sort_by_key(|(id, _)| *id);
    Ok(sums)
}

/// What streams sold together: an order and a household once.
pub async fn sum_all(session: &mut Session, ids: &[i64]) -> Result<Sums, StoreError> {
    session.hold_to_county()?;
    if ids.is_empty() {
        return Ok(Sums::default());
    }
    let county = session.county_text();
    let sql = format!("select {SUMS} {}", slices(ids));
    let row: (i64, i64, i64, i64) =
        on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).fetch_one(conn).await)?;
    Ok(read(row))
}

fn read((orders, gmv_fen, refund_fen, households): (i64, i64, i64, i64)) -> Sums {
    Sums { orders, gmv_fen, refund_fen, households }
}

/// Pieces streams sold, by stream and listing.
pub async fn sum_pieces(session: &mut Session, ids: &[i64]) -> Result<Vec<PiecesOf>, StoreError> {
    session.hold_to_county()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let county = session.county_text();
    let sql = format!(
        "select d.stream_id, d.listing_id, coalesce(cast(sum(l.pieces) as bigint), 0) as pieces
         from (select distinct s.line_id as line_id, s.stream_id as stream_id, s.listing_id as listing_id
            from line_slice s where s.county_code = $1 and s.stream_id in ({}) and {PAID}) d
         cross join order_line l where l.county_code = $1 and l.line_id = d.line_id
         group by d.stream_id, d.listing_id",
        listed(ids)
    );
    let mut rows: Vec<PiecesOf> =
        on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).fetch_all(conn).await)?;
    rows.sort_by_key(|r| (r.stream_id, r.listing_id));
    Ok(rows)
}

/// When orders of streams were paid, from a moment on: stream and instant.
pub async fn list_paid_since(
    session: &mut Session,
    ids: &[i64],
    since: Instant,
) -> Result<Vec<(i64, Instant)>, StoreError> {
    session.hold_to_county()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let county = session.county_text();
    let sql = format!(
        "select distinct s.stream_id, o.order_id, o.paid_at from line_slice s
         join sales_order o on o.county_code = s.county_code and o.order_id = s.order_id
         where s.county_code = $1 and s.stream_id in ({}) and o.paid_at >= $2",
        listed(ids)
    );
    let rows: Vec<(i64, i64, Instant)> =
        on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).bind(since).fetch_all(conn).await)?;
    let mut paid: Vec<(i64, Instant)> = rows.into_iter().map(|(stream, _, at)| (stream, at)).collect();
    paid.sort_unstable();
    Ok(paid)
}

/// Titles of the planned streams that start in a span.
pub async fn list_titles(session: &mut Session, from: Day, to: Day) -> Result<Vec<(i64, String)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<(i64, String)> = on!(session, conn => sqlx::query_as(
        "select s.stream_id, p.title from stream s
         join stream_plan p on p.county_code = s.county_code and p.stream_id = s.stream_id
         where s.county_code = $1 and s.started_on >= $2 and s.started_on <= $3"
    ).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::access::Scope;
    use crate::domain::regions::RegionCode;
    use crate::store::{Missing, Store};

    /// The steps SQLite means to take.
    async fn plan(session: &mut Session, sql: &str) -> Result<Vec<(i64, i64, i64, String)>, StoreError> {
        let sql = AssertSqlSafe(format!("explain query plan {sql}"));
        Ok(on!(session, conn => sqlx::query_as(sql).bind("360827").fetch_all(conn).await)?)
    }

    #[tokio::test]
    async fn sqlite_begins_with_the_slices_of_the_streams() {
        let dir = tempfile::TempDir::new().unwrap();
        let file = dir.path().join("county.db").display().to_string();
        let store = Store::open(&file, Missing::Create).await.unwrap();
        let mut session = store.read(Scope::County(RegionCode::parse("360827").unwrap())).await.unwrap();
        for sums in [SUMS.to_owned(), format!("s.stream_id, {SUMS}")] {
            let plan = plan(&mut session, &format!("select {sums} {}", slices(&[1, 2]))).await.unwrap();
            assert!(plan.iter().any(|(.., step)| step.contains("line_slice_by_stream")), "{plan:?}");
        }
    }
}
