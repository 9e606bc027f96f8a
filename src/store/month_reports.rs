//! Stored reports of months, and what was booked in a month: what reports are made from. Only appended to.

use super::rows::{amount_sums, amounts, known, region};
use super::{Session, StoreError, Work};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::{Day, Instant, next_month};
use crate::domain::ledger::book::BatchId;
use crate::domain::ledger::facts::Class;
use crate::domain::month_report::Booked;
use sqlx::{AssertSqlSafe, FromRow, Row};

/// A stored report without its document.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Head {
    /// Its place in the chain, from 1.
    pub report_no: i64,
    /// First day of the month.
    pub month: Day,
    pub lock_batch_id: BatchId,
    pub made_at: Instant,
    pub sha256: String,
}

/// A stored report.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stored {
    #[sqlx(flatten)]
    pub head: Head,
    pub document: String,
}

/// All reports, in the chain's order.
pub async fn list_heads(session: &mut Session) -> Result<Vec<Head>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut heads: Vec<Head> = on!(session, conn => sqlx::query_as(
        "select report_no, month, lock_batch_id, made_at, sha256 from month_report where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    heads.sort_unstable_by_key(|head| head.report_no);
    Ok(heads)
}

/// One report.
pub async fn find(session: &mut Session, report_no: i64) -> Result<Option<Stored>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(
        "select report_no, month, lock_batch_id, made_at, sha256, document from month_report
         where county_code = $1 and report_no = $2"
    ).bind(county).bind(report_no).fetch_optional(conn).await)?)
}

/// The reports of a month, in the chain's order: one, and another for each time it was locked again.
pub async fn list_of_month(session: &mut Session, month: Day) -> Result<Vec<Stored>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut reports: Vec<Stored> = on!(session, conn => sqlx::query_as(
        "select report_no, month, lock_batch_id, made_at, sha256, document from month_report
         where county_code = $1 and month = $2"
    ).bind(county).bind(month).fetch_all(conn).await)?;
    reports.sort_unstable_by_key(|stored| stored.head.report_no);
    Ok(reports)
}

/// The reports of the months from one to before another, in the chain's order.
pub async fn list_between(session: &mut Session, from: Day, before: Day) -> Result<Vec<Stored>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut reports: Vec<Stored> = on!(session, conn => sqlx::query_as(
        "select report_no, month, lock_batch_id, made_at, sha256, document from month_report
         where county_code = $1 and month >= $2 and month < $3"
    ).bind(county).bind(from).bind(before).fetch_all(conn).await)?;
    reports.sort_unstable_by_key(|stored| stored.head.report_no);
    Ok(reports)
}

/// Appends a report, made by this unit of work.
pub async fn append(work: &mut Work, stored: &Stored) -> Result<(), StoreError> {
    let (county, head) = (work.county_text(), &stored.head);
    on!(work, conn => sqlx::query(
        "insert into month_report (county_code, report_no, month, lock_batch_id, made_at, document, sha256)
         values ($1, $2, $3, $4, $5, $6, $7)"
    ).bind(county).bind(head.report_no).bind(head.month).bind(head.lock_batch_id).bind(head.made_at)
        .bind(&stored.document).bind(&head.sha256).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A sum of ledger rows on its way from the database.
struct Raw {
    ids: [i64; 4],
    class: String,
    village: String,
    adjusts_on: Option<Day>,
    entries: i64,
    amounts: Amounts,
}

impl<'r, R> FromRow<'r, R> for Raw
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> String: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> Option<Day>: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            ids: [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?],
            class: row.try_get(4)?,
            village: row.try_get(5)?,
            adjusts_on: row.try_get(6)?,
            entries: row.try_get(7)?,
            amounts: amounts(row, 8)?,
        })
    }
}

/// What was booked in a month up to a unit of work, summed by household, goods, room, anchor, class and adjusted month:
/// one statement over the ledger's rows of the month, whatever there was before it.
pub async fn list_booked(session: &mut Session, month: Day, until: BatchId) -> Result<Vec<Booked>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!(
        "select product_id, room_id, anchor_id, farmer_id, class, village_code, adjusts_on, count(*), {}
         from ledger_entry where county_code = $1 and booked_on >= $2 and booked_on < $3 and batch_id <= $4
         group by product_id, room_id, anchor_id, farmer_id, class, village_code, adjusts_on",
        amount_sums("")
    );
    let rows = on!(session, conn => sqlx::query_as::<_, Raw>(AssertSqlSafe(sql)).bind(county).bind(month)
        .bind(next_month(month)).bind(until).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|raw| {
            let [product_id, room_id, anchor_id, farmer_id] = raw.ids;
            Ok(Booked {
                product_id,
                room_id,
                anchor_id,
                farmer_id,
                class: known(&raw.class, Class::parse)?,
                village: region(&raw.village)?,
                adjusts_on: raw.adjusts_on,
                entries: raw.entries,
                amounts: raw.amounts,
            })
        })
        .collect()
}
