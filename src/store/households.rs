//! What a household's own pages read: its sales of a span by goods and by day, what came back, who pays it.
//!
//! Every read names the household and stays in its index; sums are of the household's own slices, those of all its
//! records where it has several.

use super::doubles::records;
use super::rows::{amount_sums, amounts};
use super::{Session, StoreError, scope};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::Day;
use sqlx::{AssertSqlSafe, FromRow, Row};

/// Sales of a household in one group: goods of a listing, or a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sales {
    /// Listing's name, or the day.
    pub key: String,
    /// The listing's number; 0 for a day, or where no listing is known.
    pub listing_id: i64,
    pub lines: i64,
    pub lines_without_baseline: i64,
    pub position: Amounts,
}

impl<'r, R> FromRow<'r, R> for Sales
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> String: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            key: row.try_get(0)?,
            listing_id: row.try_get(1)?,
            lines: row.try_get(2)?,
            lines_without_baseline: row.try_get(3)?,
            position: amounts(row, 4)?,
        })
    }
}

/// How a household's sales are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Listing,
    Day,
}

/// Sales paid in a span, both ends in it, as they now stand.
pub async fn sum_sales(
    session: &mut Session,
    farmer_id: i64,
    by: By,
    from: Day,
    to: Day,
) -> Result<Vec<Sales>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "s"));
    let key = match by {
        By::Listing => "coalesce(i.name, ''), s.listing_id",
        By::Day => "cast(s.paid_counted_on as text), cast(0 as bigint)",
    };
    let own = records("$2");
    let sql = format!(
        "select {key}, count(distinct s.line_id),
            count(distinct case when s.without_baseline then s.line_id end), {}
         from line_slice s cross join ledger_entry e
         left join listing i on i.county_code = s.county_code and i.listing_id = s.listing_id
         where s.county_code = $1 and s.farmer_id in {own} and s.paid_counted_on >= $3 and s.paid_counted_on <= $4{in_scope}
           and e.county_code = s.county_code and e.line_id = s.line_id and e.slice_no = s.farmer_id
         group by 1, 2",
        amount_sums("e.")
    );
    let mut rows = on!(session, conn => sqlx::query_as::<_, Sales>(AssertSqlSafe(sql)).bind(county).bind(farmer_id)
        .bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_by(|a, b| (&a.key, a.listing_id).cmp(&(&b.key, b.listing_id)));
    Ok(rows)
}

/// Months a household sold in, `YYYY-MM`, newest first.
pub async fn list_months(session: &mut Session, farmer_id: i64) -> Result<Vec<String>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "s"));
    let mut months: Vec<String> = on!(session, conn => sqlx::query_scalar(AssertSqlSafe(format!(
        "select distinct substr(cast(s.paid_counted_on as text), 1, 7) from line_slice s
         where s.county_code = $1 and s.farmer_id in {} and s.paid_counted_on is not null{in_scope}", records("$2")
    ))).bind(county).bind(farmer_id).fetch_all(conn).await)?;
    months.sort_unstable_by(|a, b| b.cmp(a));
    Ok(months)
}

/// Which of some months a household sold goods of a listing in, by pay day, newest first: a step in the rollup's key each.
pub async fn list_listing_months(
    session: &mut Session,
    farmer_id: i64,
    listing_id: i64,
    months: &[Day],
) -> Result<Vec<Day>, StoreError> {
    if months.is_empty() {
        return Ok(Vec::new());
    }
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "f"));
    let starts = months.iter().map(|month| format!("'{month}'")).collect::<Vec<_>>().join(", ");
    let mut found: Vec<Day> = on!(session, conn => sqlx::query_scalar(AssertSqlSafe(format!(
        "select distinct f.start_on from figure f
         where f.county_code = $1 and f.basis = 'pay' and f.lens = 'listing' and f.grain = 'm'
            and f.start_on in ({starts}) and f.key = cast($3 as text) and f.farmer_id in {}{in_scope}", records("$2")
    ))).bind(county).bind(farmer_id).bind(listing_id).fetch_all(conn).await)?;
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found)
}

/// Lines of a household with a refund on a day of the span: outcome and how many lines. Starts from the refunds of those
/// days, so that it costs what came back in the span and not what the household ever sold. (Whose a slice is
/// and whether it was refunded are asked in a way no index answers: SQLite would walk all of the household's, or everything
/// that ever came back, for each refund.)
pub async fn count_returned(
    session: &mut Session,
    farmer_id: i64,
    from: Day,
    to: Day,
) -> Result<Vec<(String, i64)>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "s"));
    let mut rows: Vec<(String, i64)> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select r.outcome, count(distinct s.line_id) from refund r cross join order_line l cross join line_slice s
         where r.county_code = $1 and r.status = 'succeeded' and r.refunded_on >= $3 and r.refunded_on <= $4
            and l.county_code = $1 and l.order_id = r.order_id and (r.line_no = '' or r.line_no = l.line_no)
            and s.county_code = $1 and s.line_id = l.line_id and s.farmer_id + 0 in {}
            and case when s.refund_counted_on is null then 0 else 1 end = 1{in_scope}
         group by r.outcome", records("$2")
    ))).bind(county).bind(farmer_id).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort();
    Ok(rows)
}

/// Whoever pays a household.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Payer {
    pub name: String,
    pub phone: String,
    /// Day of the month; 0 = not agreed.
    pub pays_on_day: i64,
    pub lines: i64,
}

/// Who pays a household, the one with most of its lines first.
pub async fn list_payers(session: &mut Session, farmer_id: i64) -> Result<Vec<Payer>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "x"));
    let mut rows = on!(session, conn => sqlx::query_as::<_, Payer>(AssertSqlSafe(format!(
        "select o.name, o.phone, o.pays_on_day, g.lines from
            (select h.operator_id as operator_id, cast(sum(s.lines) as bigint) as lines from
                (select x.shop_id as shop_id, count(*) as lines from line_slice x
                 where x.county_code = $1 and x.farmer_id in {}{in_scope} group by x.shop_id) s
             join shop h on h.county_code = $1 and h.shop_id = s.shop_id group by h.operator_id) g
         join operator o on o.county_code = $1 and o.operator_id = g.operator_id", records("$2")
    ))).bind(county).bind(farmer_id).fetch_all(conn).await)?;
    rows.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.name.cmp(&b.name)));
    Ok(rows)
}

/// The name and village of a household in scope.
pub async fn find(session: &mut Session, farmer_id: i64) -> Result<Option<(String, String)>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "f"));
    Ok(on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "select f.name, f.village_code from farmer f where f.county_code = $1 and f.farmer_id = $2{in_scope}"
    ))).bind(county).bind(farmer_id).fetch_optional(conn).await)?)
}

/// A household's slice of a line, as it now stands.
pub async fn sum_slice(session: &mut Session, farmer_id: i64, line_id: i64) -> Result<Amounts, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "e"));
    let row = on!(session, conn => sqlx::query_as::<_, Sales>(AssertSqlSafe(format!(
        "select '', cast(0 as bigint), count(*), count(*), {} from ledger_entry e
         where e.county_code = $1 and e.line_id = $2 and e.slice_no in {}{in_scope}", amount_sums("e."), records("$3")
    ))).bind(county).bind(line_id).bind(farmer_id).fetch_one(conn).await)?;
    Ok(row.position)
}

/// A household by its name and place.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Named {
    pub farmer_id: i64,
    pub name: String,
    pub village_code: String,
}

/// Names of those of the households with these ids that are in scope.
pub async fn list_names(session: &mut Session, farmer_ids: &[i64]) -> Result<Vec<Named>, StoreError> {
    if farmer_ids.is_empty() {
        return Ok(Vec::new());
    }
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "f"));
    let ids = farmer_ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    Ok(on!(session, conn => sqlx::query_as::<_, Named>(AssertSqlSafe(format!(
        "select f.farmer_id, f.name, f.village_code from farmer f
         where f.county_code = $1 and f.farmer_id in ({ids}){in_scope}"
    ))).bind(county).fetch_all(conn).await)?)
}
