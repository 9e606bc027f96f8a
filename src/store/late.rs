//! What was booked after a month was locked and belongs to it: found by the month it adjusts, whatever else the ledger
//! holds.

use super::rows::{amount_sums, amounts};
use super::{Session, StoreError};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::{Day, month_start};
use crate::domain::ledger::book::BatchId;
use sqlx::{AssertSqlSafe, FromRow, Row};
use std::collections::BTreeMap;

/// Lines of a page.
pub const PAGE: i64 = 50;

/// Entries of one kind of event and one month, posted by one kind of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// First day of the month they are booked in, or belong to: the question says which.
    pub month: Day,
    pub event_kind: String,
    /// The kind of unit of work that posted them: what they were learnt from.
    pub cause: String,
    pub entries: i64,
    pub amounts: Amounts,
}

/// Entries of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateLine {
    pub line_id: i64,
    pub line_no: String,
    /// The first event's own day.
    pub event_on: Day,
    pub entries: i64,
    pub amounts: Amounts,
}

struct Raw<const TEXTS: usize>(Option<i64>, Day, [String; TEXTS], i64, Amounts);

impl<'r, R, const TEXTS: usize> FromRow<'r, R> for Raw<TEXTS>
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> Option<i64>: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> String: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> Day: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let mut texts = [const { String::new() }; TEXTS];
        for (place, text) in texts.iter_mut().enumerate() {
            *text = row.try_get(3 + place)?;
        }
        Ok(Self(row.try_get(0)?, row.try_get(1)?, texts, row.try_get(2)?, amounts(row, 3 + TEXTS)?))
    }
}

/// What belongs to a month and was booked later, by the month it is booked in, kind of event and cause.
///
/// The day stands last in the grouping: where it stands first, SQLite walks the whole ledger by its days to have the groups
/// in order, though nothing was booked later.
pub async fn list(session: &mut Session, month: Day) -> Result<Vec<Late>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!(
        "select cast(null as bigint), e.booked_on, count(*), e.event_kind, b.kind, {}
         from ledger_entry e join batch b on b.county_code = e.county_code and b.batch_id = e.batch_id
         where e.county_code = $1 and e.adjusts_on = $2 group by e.event_kind, b.kind, e.booked_on",
        amount_sums("e.")
    );
    let rows: Vec<Raw<2>> = on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).bind(month)
        .fetch_all(conn).await)?;
    Ok(sorted(rows))
}

fn sorted(rows: Vec<Raw<2>>) -> Vec<Late> {
    let mut late: Vec<Late> = rows
        .into_iter()
        .map(|Raw(_, month, [event_kind, cause], entries, amounts)| Late { month, event_kind, cause, entries, amounts })
        .collect();
    late.sort_unstable_by(|a, b| (a.month, &a.event_kind, &a.cause).cmp(&(b.month, &b.event_kind, &b.cause)));
    late
}

/// What the headline counts of entries booked from a day on that belong to locked months, by the month they
/// belong to. Costs what of it was booked since that day: such entries have an index of their own.
pub async fn list_booked_from(session: &mut Session, from: Day) -> Result<Vec<Late>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!(
        "select cast(null as bigint), e.adjusts_on, count(*), e.event_kind, b.kind, {}
         from ledger_entry e join batch b on b.county_code = e.county_code and b.batch_id = e.batch_id
         where e.county_code = $1 and e.booked_on >= $2 and e.adjusts_on is not null
         and e.class in ('red', 'red_supervised') group by e.adjusts_on, e.event_kind, b.kind",
        amount_sums("e.")
    );
    let rows: Vec<Raw<2>> = on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).bind(from)
        .fetch_all(conn).await)?;
    Ok(sorted(rows))
}

/// What the headline counts of entries posted after a unit of work and booked in a span of days, by the month they are
/// booked in. While a month is open again entries are booked in it as in any open month, adjusting nothing. Costs what is
/// booked in the span, which begins with the first open month.
pub async fn list_learnt(
    session: &mut Session,
    (from, before): (Day, Day),
    after: BatchId,
) -> Result<Vec<Late>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!(
        "select cast(null as bigint), e.booked_on, count(*), e.event_kind, b.kind, {}
         from ledger_entry e join batch b on b.county_code = e.county_code and b.batch_id = e.batch_id
         where e.county_code = $1 and e.booked_on >= $2 and e.booked_on < $3 and e.batch_id > $4
         and e.class in ('red', 'red_supervised') group by e.booked_on, e.event_kind, b.kind",
        amount_sums("e.")
    );
    let rows: Vec<Raw<2>> = on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).bind(from)
        .bind(before).bind(after).fetch_all(conn).await)?;
    let mut months: BTreeMap<(Day, String, String), (i64, Amounts)> = BTreeMap::new();
    for Raw(_, day, [event_kind, cause], entries, amounts) in rows {
        let sum = months.entry((month_start(day), event_kind, cause)).or_default();
        *sum = (sum.0 + entries, sum.1 + amounts);
    }
    let late = |((month, event_kind, cause), (entries, amounts))| Late { month, event_kind, cause, entries, amounts };
    Ok(months.into_iter().map(late).collect())
}

/// The lines behind some of it, by line; `page` counts from 1.
pub async fn list_lines(
    session: &mut Session,
    month: Day,
    booked_on: Day,
    event_kind: &str,
    page: i64,
) -> Result<Vec<LateLine>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let sql = format!(
        "select e.line_id, min(e.event_on), count(*), l.line_no, {}
         from ledger_entry e join order_line l on l.county_code = e.county_code and l.line_id = e.line_id
         where e.county_code = $1 and e.adjusts_on = $2 and e.booked_on = $3 and e.event_kind = $4
         group by e.line_id, l.line_no order by e.line_id limit $5 offset $6",
        amount_sums("e.")
    );
    let rows: Vec<Raw<1>> = on!(session, conn => sqlx::query_as(AssertSqlSafe(sql)).bind(county).bind(month)
        .bind(booked_on).bind(event_kind).bind(PAGE).bind((page - 1) * PAGE).fetch_all(conn).await)?;
    Ok(rows
        .into_iter()
        .filter_map(|Raw(line_id, event_on, [line_no], entries, amounts)| {
            Some(LateLine { line_id: line_id?, line_no, event_on, entries, amounts })
        })
        .collect())
}

/// How many lines are behind it.
pub async fn count_lines(
    session: &mut Session,
    month: Day,
    booked_on: Day,
    event_kind: &str,
) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar(
        "select count(distinct line_id) from ledger_entry
         where county_code = $1 and adjusts_on = $2 and booked_on = $3 and event_kind = $4"
    ).bind(county).bind(month).bind(booked_on).bind(event_kind).fetch_one(conn).await)?)
}
