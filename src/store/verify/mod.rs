//! What verify asks of the database beside the facts: rows that point to nothing ([`links`]), whole rollup tables, plain sums.
//!
//! The sums are written without a word of posting, so that a mistake there cannot hide itself here. Tables that may
//! hold millions of rows are handed over row by row.

mod links;

pub use links::{LINKS, Link, list_broken};

use super::figures::{Basis, Grain};
use super::rows::{amount_list, amounts, known};
use super::{Session, StoreError};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::{Day, Instant};
use crate::domain::counts::Lens;
use crate::domain::figures::Counts;
use crate::domain::ledger::book::BatchId;
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, FromRow, Row};

/// Every unit of work and when it was, by number.
pub async fn list_batches(session: &mut Session) -> Result<Vec<(BatchId, Instant)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut batches = on!(session, conn => sqlx::query_as::<_, (i64, Instant)>(
        "select batch_id, at from batch where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    batches.sort_unstable();
    Ok(batches)
}

/// A row of `figure` as it stands.
#[derive(Debug, Clone)]
pub struct StoredFigure {
    pub basis: Basis,
    pub lens: Lens,
    pub grain: Grain,
    pub start_on: Day,
    pub key: String,
    pub farmer_id: i64,
    pub household_category: String,
    pub village_code: String,
    pub class: String,
    pub entries: i64,
    pub amounts: Amounts,
}

/// A row of `figure_order` as it stands.
#[derive(Debug, Clone)]
pub struct StoredCounts {
    pub lens: Lens,
    pub grain: Grain,
    pub start_on: Day,
    pub key: String,
    pub region_code: String,
    pub counts: Counts,
}

/// A `figure` row on its way from the database, its enumerations still text.
struct RawFigure(String, String, String, Day, [String; 4], [i64; 2], Amounts);

impl<'r, R> FromRow<'r, R> for RawFigure
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> String: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> Day: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self(
            row.try_get(0)?,
            row.try_get(1)?,
            row.try_get(2)?,
            row.try_get(3)?,
            [row.try_get(4)?, row.try_get(5)?, row.try_get(6)?, row.try_get(7)?],
            [row.try_get(8)?, row.try_get(9)?],
            amounts(row, 10)?,
        ))
    }
}

fn grain(text: &str) -> Result<Grain, StoreError> {
    known(text, |text| Grain::ALL.into_iter().find(|g| g.key() == text))
}

/// Hands over every row of `figure`.
pub async fn each_figure(session: &mut Session, mut take: impl FnMut(StoredFigure) + Send) -> Result<(), StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!(
        "select basis, lens, grain, start_on, key, household_category, village_code, class, farmer_id, entries, {}
         from figure where county_code = $1",
        amount_list("")
    );
    on!(session, conn => {
        let mut rows = sqlx::query_as::<_, RawFigure>(AssertSqlSafe(sql)).bind(county).fetch(conn);
        while let Some(RawFigure(basis, lens, grain_key, start_on, texts, [farmer_id, entries], amounts)) =
            rows.try_next().await?
        {
            let [key, household_category, village_code, class] = texts;
            take(StoredFigure {
                basis: known(&basis, Basis::parse)?,
                lens: known(&lens, Lens::parse)?,
                grain: grain(&grain_key)?,
                start_on,
                key,
                farmer_id,
                household_category,
                village_code,
                class,
                entries,
                amounts,
            });
        }
    });
    Ok(())
}

/// A row of `figure_county` as it stands.
#[derive(Debug, Clone)]
pub struct StoredCountyFigure {
    pub basis: Basis,
    pub lens: Lens,
    pub grain: Grain,
    pub start_on: Day,
    pub key: String,
    pub class: String,
    pub entries: i64,
    pub amounts: Amounts,
}

/// Hands over every row of `figure_county`.
pub async fn each_county_figure(
    session: &mut Session,
    mut take: impl FnMut(StoredCountyFigure) + Send,
) -> Result<(), StoreError> {
    let county = session.county_text();
    let sql = format!(
        "select basis, lens, grain, start_on, key, '', '', class, cast(0 as bigint), entries, {} from figure_county
         where county_code = $1",
        amount_list("")
    );
    on!(session, conn => {
        let mut rows = sqlx::query_as::<_, RawFigure>(AssertSqlSafe(sql)).bind(county).fetch(conn);
        while let Some(RawFigure(basis, lens, grain_key, start_on, [key, _, _, class], [_, entries], amounts)) =
            rows.try_next().await?
        {
            take(StoredCountyFigure {
                basis: known(&basis, Basis::parse)?,
                lens: known(&lens, Lens::parse)?,
                grain: grain(&grain_key)?,
                start_on,
                key,
                class,
                entries,
                amounts,
            });
        }
    });
    Ok(())
}

#[derive(FromRow)]
struct RawCounts {
    lens: String,
    grain: String,
    start_on: Day,
    key: String,
    region_code: String,
    orders_paid: i64,
    orders_unpaid: i64,
    orders_refunded: i64,
    lines: i64,
    lines_without_baseline: i64,
    lines_without_listing: i64,
}

/// Hands over every row of `figure_order`.
pub async fn each_count(session: &mut Session, mut take: impl FnMut(StoredCounts) + Send) -> Result<(), StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    on!(session, conn => {
        let mut rows = sqlx::query_as::<_, RawCounts>(
            "select lens, grain, start_on, key, region_code, orders_paid, orders_unpaid, orders_refunded, lines,
                lines_without_baseline, lines_without_listing from figure_order where county_code = $1"
        ).bind(county).fetch(conn);
        while let Some(row) = rows.try_next().await? {
            take(StoredCounts {
                lens: known(&row.lens, Lens::parse)?,
                grain: grain(&row.grain)?,
                start_on: row.start_on,
                key: row.key,
                region_code: row.region_code,
                counts: Counts {
                    orders_paid: row.orders_paid,
                    orders_unpaid: row.orders_unpaid,
                    orders_refunded: row.orders_refunded,
                    lines: row.lines,
                    lines_without_baseline: row.lines_without_baseline,
                    lines_without_listing: row.lines_without_listing,
                },
            });
        }
    });
    Ok(())
}

/// A sum of a shop and a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct DaySum {
    pub shop_id: i64,
    pub on_day: Day,
    pub fen: i64,
}

/// What a plain sum is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// Order money by pay day: list prices less all coupons, plus the buyers' freight.
    OrderMoney,
    /// Successful refunds of paid orders by their day, or by the pay day where that is later.
    Refunds,
    /// The ledger's GMV by event day.
    LedgerGmv,
    /// The ledger's refunds by event day.
    LedgerRefunds,
}

impl Sum {
    /// Shop, day and fen of everything summed.
    const fn rows_sql(self) -> &'static str {
        match self {
            Self::OrderMoney => {
                "select o.shop_id as shop_id, o.paid_on as on_day,
                    l.list_fen - l.shop_coupon_fen - l.platform_coupon_fen - l.anchor_coupon_fen as fen
                 from sales_order o join order_line l on l.county_code = o.county_code and l.order_id = o.order_id
                 where o.county_code = $1 and o.paid_on is not null and not l.replaced
                 union all
                 select o.shop_id, o.paid_on,
                    o.buyer_freight_fen - o.shop_coupon_fen - o.platform_coupon_fen - o.anchor_coupon_fen
                 from sales_order o where o.county_code = $1 and o.paid_on is not null"
            }
            Self::Refunds => {
                "select o.shop_id as shop_id,
                    case when r.refunded_on > o.paid_on then r.refunded_on else o.paid_on end as on_day,
                    r.refund_fen as fen
                 from refund r join sales_order o on o.county_code = r.county_code and o.order_id = r.order_id
                 where r.county_code = $1 and o.paid_on is not null and r.status = 'succeeded' and r.resent_pieces = 0"
            }
            Self::LedgerGmv => {
                "select shop_id, event_on as on_day, gmv_fen as fen from ledger_entry where county_code = $1"
            }
            Self::LedgerRefunds => {
                "select shop_id, event_on as on_day, refund_fen as fen from ledger_entry where county_code = $1"
            }
        }
    }
}

/// A sum by shop and day, days without money left out, by shop and day.
pub async fn sums_by_day(session: &mut Session, sum: Sum) -> Result<Vec<DaySum>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!(
        "select shop_id, on_day, cast(sum(fen) as bigint) as fen from ({}) money group by shop_id, on_day
         having sum(fen) <> 0",
        sum.rows_sql()
    );
    let mut rows =
        on!(session, conn => sqlx::query_as::<_, DaySum>(AssertSqlSafe(sql)).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|r| (r.shop_id, r.on_day));
    Ok(rows)
}

/// How many orders and lines a shop has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct ShopCounts {
    pub shop_id: i64,
    pub orders_paid: i64,
    pub orders_unpaid: i64,
    pub lines: i64,
}

/// Orders and lines of each shop, from the facts, by shop.
pub async fn count_facts(session: &mut Session) -> Result<Vec<ShopCounts>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, ShopCounts>(
        "select shop_id, cast(sum(paid) as bigint) as orders_paid, cast(sum(1 - paid) as bigint) as orders_unpaid,
            cast(sum(paid * lines) as bigint) as lines
         from (select o.shop_id, case when o.paid_on is null then 0 else 1 end as paid,
                (select count(*) from order_line l where l.county_code = o.county_code and l.order_id = o.order_id
                 and not l.replaced) as lines
               from sales_order o where o.county_code = $1) orders group by shop_id"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|r| r.shop_id);
    Ok(rows)
}

/// The same as `figure_order` says, by the key it has there.
pub async fn count_published(session: &mut Session) -> Result<Vec<(String, i64, i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows = on!(session, conn => sqlx::query_as::<_, (String, i64, i64, i64)>(
        "select key, cast(sum(orders_paid) as bigint), cast(sum(orders_unpaid) as bigint), cast(sum(lines) as bigint)
         from figure_order where county_code = $1 and lens = 'shop' and grain = 'y' and region_code = $1 group by key"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}
