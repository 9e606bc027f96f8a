//! Baselines and market references.

use super::bulk::{Bulk, listed, placed};
use super::{Session, StoreError, Work};
use crate::domain::calendar::Day;
use sqlx::FromRow;

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct BaselineRow {
    pub baseline_id: i64,
    pub batch_id: i64,
    pub product_id: i64,
    pub region_code: String,
    pub valid_from: Day,
    pub valid_to: Day,
    pub low_fen_per_kg: i64,
    pub mid_fen_per_kg: i64,
    pub high_fen_per_kg: i64,
    pub salvage_fen_per_kg: Option<i64>,
    pub source: String,
    pub entered_by: String,
    pub approved_by: String,
}

/// One day's market price of one grade, a reference that feeds no figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketPrice {
    pub market: String,
    pub name: String,
    pub grade: String,
    pub on: Day,
    pub low_fen_per_kg: i64,
    pub mid_fen_per_kg: i64,
    pub high_fen_per_kg: i64,
}

const COLUMNS: &str = "baseline_id, batch_id, product_id, region_code, valid_from, valid_to, low_fen_per_kg,
    mid_fen_per_kg, high_fen_per_kg, salvage_fen_per_kg, source, entered_by, approved_by";

pub async fn insert_baselines(work: &mut Work, rows: &[BaselineRow]) -> Result<(), StoreError> {
    let batch_id = work.batch_id;
    insert_rows!(
        work,
        "insert into baseline (county_code, baseline_id, batch_id, product_id, region_code, valid_from, valid_to,
         low_fen_per_kg, mid_fen_per_kg, high_fen_per_kg, salvage_fen_per_kg, source, entered_by, approved_by) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.baseline_id)
                .push_bind(batch_id)
                .push_bind(r.product_id)
                .push_bind(r.region_code.as_str())
                .push_bind(r.valid_from)
                .push_bind(r.valid_to)
                .push_bind(r.low_fen_per_kg)
                .push_bind(r.mid_fen_per_kg)
                .push_bind(r.high_fen_per_kg)
                .push_bind(r.salvage_fen_per_kg)
                .push_bind(r.source.as_str())
                .push_bind(r.entered_by.as_str())
                .push_bind(r.approved_by.as_str());
        }
    );
    Ok(())
}

/// Baselines valid on some day of a span, oldest first.
pub async fn list_baselines(session: &mut Session, from: Day, to: Day) -> Result<Vec<BaselineRow>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, BaselineRow>(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from baseline where county_code = $1 and valid_to >= $2 and valid_from <= $3"
    ))).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_by_key(|r| r.baseline_id);
    Ok(rows)
}

/// Baselines by their ids, oldest first.
pub async fn list_of_ids(session: &mut Session, ids: &[i64]) -> Result<Vec<BaselineRow>, StoreError> {
    session.hold_to_region()?;
    let county = session.county_text();
    let mut rows: Vec<BaselineRow> = Vec::new();
    for chunk in listed(ids) {
        rows.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!("select {COLUMNS} from baseline where county_code = "));
            builder.push_bind(county.clone()).push(" and baseline_id");
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<BaselineRow>().fetch_all(conn).await
        })?);
    }
    rows.sort_by_key(|r| r.baseline_id);
    rows.dedup();
    Ok(rows)
}

/// Writes market prices; a day and grade already known is left as it is. Returns how many were new.
pub async fn insert_market(work: &mut Work, rows: &[MarketPrice]) -> Result<u64, StoreError> {
    let (county, batch_id) = (work.county_text(), work.batch_id);
    let mut new = 0;
    for chunk in placed(rows) {
        new += on!(work, conn => {
            let mut builder = sqlx::QueryBuilder::new(
                "insert into market_price (county_code, market, name, grade, on_day, low_fen_per_kg, mid_fen_per_kg,
                 high_fen_per_kg, batch_id) ");
            builder.push_values(chunk, |mut b, r| {
                b.push_bind(county.clone()).push_bind(r.market.as_str()).push_bind(r.name.as_str())
                    .push_bind(r.grade.as_str()).push_bind(r.on).push_bind(r.low_fen_per_kg).push_bind(r.mid_fen_per_kg)
                    .push_bind(r.high_fen_per_kg).push_bind(batch_id);
            });
            builder.push(" on conflict do nothing");
            builder.build().execute(conn).await.map(|done| done.rows_affected())
        })?;
    }
    Ok(new)
}
