//! Prices on their way into the book: what somebody entered and waits for another person, what became of it; what was
//! sold and taken in by day; which product a market's name is.

use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use crate::domain::price_book::{DayOf, NewPrice};
use sqlx::FromRow;
use std::collections::BTreeMap;

/// A price somebody entered.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Entry {
    pub entry_id: i64,
    pub product_id: i64,
    pub region_code: String,
    pub valid_from: Day,
    pub valid_to: Day,
    pub low_fen_per_kg: i64,
    pub mid_fen_per_kg: i64,
    pub high_fen_per_kg: i64,
    pub salvage_fen_per_kg: Option<i64>,
    pub source: String,
    pub account_id: i64,
    pub entered_by: String,
    pub role: String,
    pub came_from: String,
    pub entered_at: Instant,
    pub outcome: String,
    pub decided_by: String,
    pub decided_at: Option<Instant>,
    pub reason: String,
    /// 0 until approved.
    pub baseline_id: i64,
}

/// What becomes of one that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Approved { baseline_id: i64 },
    Rejected,
    Withdrawn,
}

impl Outcome {
    const fn key(self) -> &'static str {
        match self {
            Self::Approved { .. } => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

const COLUMNS: &str = "entry_id, product_id, region_code, valid_from, valid_to, low_fen_per_kg, mid_fen_per_kg,
    high_fen_per_kg, salvage_fen_per_kg, source, account_id, entered_by, role, came_from, entered_at, outcome, decided_by,
    decided_at, reason, baseline_id";

/// Enters prices in the name of the unit of work's actor; they feed no figure.
pub async fn insert(work: &mut Work, first_id: i64, rows: &[NewPrice]) -> Result<(), StoreError> {
    let (at, by) = (work.at, work.actor.clone());
    let rows: Vec<(i64, &NewPrice)> = (first_id..).zip(rows).collect();
    insert_rows!(
        work,
        "insert into baseline_entry (county_code, entry_id, product_id, region_code, valid_from, valid_to,
         low_fen_per_kg, mid_fen_per_kg, high_fen_per_kg, salvage_fen_per_kg, source, account_id, entered_by, role,
         came_from, entered_at, outcome, decided_by, reason, baseline_id) ",
        rows,
        "",
        |b, r| {
            b.push_bind(r.0)
                .push_bind(r.1.product_id)
                .push_bind(r.1.region.to_string())
                .push_bind(r.1.valid_from)
                .push_bind(r.1.valid_to)
                .push_bind(r.1.low)
                .push_bind(r.1.mid)
                .push_bind(r.1.high)
                .push_bind(r.1.salvage)
                .push_bind(r.1.source.clone())
                .push_bind(by.account_id)
                .push_bind(by.name.clone())
                .push_bind(by.role.key())
                .push_bind(by.from.clone())
                .push_bind(at)
                .push_bind("waiting")
                .push_bind("")
                .push_bind("")
                .push_bind(0_i64);
        }
    );
    Ok(())
}

/// Those that wait, in the order they were entered.
pub async fn list_waiting(session: &mut Session) -> Result<Vec<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<Entry> = on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from baseline_entry where county_code = $1 and outcome = 'waiting'"
    ))).bind(county).fetch_all(conn).await)?;
    rows.sort_unstable_by_key(|e| e.entry_id);
    Ok(rows)
}

/// The last that were decided on, of one product.
pub async fn list_decided(session: &mut Session, product_id: i64, most: i64) -> Result<Vec<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from baseline_entry where county_code = $1 and product_id = $2 and outcome <> 'waiting'
         order by entry_id desc limit $3"
    ))).bind(county).bind(product_id).bind(most).fetch_all(conn).await)?)
}

/// The entry of a number.
pub async fn find(session: &mut Session, entry_id: i64) -> Result<Option<Entry>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from baseline_entry where county_code = $1 and entry_id = $2"
    ))).bind(county).bind(entry_id).fetch_optional(conn).await)?)
}

/// Decides on one that waits.
pub async fn decide(work: &mut Work, entry_id: i64, outcome: Outcome, reason: &str) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    let baseline_id = if let Outcome::Approved { baseline_id } = outcome { baseline_id } else { 0 };
    on!(work, conn => sqlx::query(
        "update baseline_entry set outcome = $3, decided_by = $4, decided_at = $5, reason = $6, baseline_id = $7
         where county_code = $1 and entry_id = $2 and outcome = 'waiting'"
    ).bind(county).bind(entry_id).bind(outcome.key()).bind(by).bind(at).bind(reason).bind(baseline_id)
        .execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// What was sold and weighed in of a product by day: lines, those of them without a price, grams.
pub async fn list_days(session: &mut Session, product_id: i64, from: Day, to: Day) -> Result<Vec<DayOf>, StoreError> {
    session.hold_to_county()?;
    let (county, key) = (session.county_text(), product_id.to_string());
    let sold: Vec<(Day, i64, i64)> = on!(session, conn => sqlx::query_as(
        "select start_on, lines, lines_without_baseline from figure_order where county_code = $1 and lens = 'product'
         and grain = 'd' and start_on >= $2 and start_on <= $3 and key = $4 and region_code = $1"
    ).bind(&*county).bind(from).bind(to).bind(key).fetch_all(conn).await)?;
    let taken: Vec<(Day, i64)> = on!(session, conn => sqlx::query_as(
        "select w.intake_on, cast(sum(t.weight_g) as bigint) from lot w
         join lot_ticket t on t.county_code = w.county_code and t.lot_id = w.lot_id
         where w.county_code = $1 and w.product_id = $2 and w.intake_on >= $3 and w.intake_on <= $4 group by w.intake_on"
    ).bind(&*county).bind(product_id).bind(from).bind(to).fetch_all(conn).await)?;
    let mut days: BTreeMap<Day, DayOf> = BTreeMap::new();
    let empty = |on| DayOf { on, lines: 0, without_price: 0, taken_in_g: 0 };
    for (on, lines, without_price) in sold {
        let day = days.entry(on).or_insert_with(|| empty(on));
        (day.lines, day.without_price) = (lines, without_price);
    }
    for (on, grams) in taken {
        days.entry(on).or_insert_with(|| empty(on)).taken_in_g = grams;
    }
    Ok(days.into_values().collect())
}

/// A market's name for something, and the product a person matched it to (0: nobody has).
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct MarketName {
    pub market: String,
    pub name: String,
    pub product_id: i64,
    pub last_on: Day,
}

/// The names of all market prices.
pub async fn list_market_names(session: &mut Session) -> Result<Vec<MarketName>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<MarketName> = on!(session, conn => sqlx::query_as(
        "select p.market, p.name, coalesce(max(n.product_id), 0) as product_id, max(p.on_day) as last_on
         from market_price p left join market_name n on n.county_code = p.county_code and n.market = p.market
            and n.name = p.name
         where p.county_code = $1 group by p.market, p.name"
    ).bind(county).fetch_all(conn).await)?;
    rows.sort_by(|a, b| (&a.market, &a.name).cmp(&(&b.market, &b.name)));
    Ok(rows)
}

/// Says which product a market's name is; said again, the newer counts.
pub async fn match_name(work: &mut Work, market: &str, name: &str, product_id: i64) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into market_name (county_code, market, name, product_id, matched_by, matched_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (county_code, market, name) do update set product_id = excluded.product_id,
            matched_by = excluded.matched_by, matched_at = excluded.matched_at"
    ).bind(county).bind(market).bind(name).bind(product_id).bind(by).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Market prices of a product by day: sum of the grades' middle prices and how many there are.
pub async fn list_market(
    session: &mut Session,
    product_id: i64,
    from: Day,
    to: Day,
) -> Result<Vec<(Day, i64, i64)>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut rows: Vec<(Day, i64, i64)> = on!(session, conn => sqlx::query_as(
        "select p.on_day, cast(sum(p.mid_fen_per_kg) as bigint), count(*) from market_name n
         join market_price p on p.county_code = n.county_code and p.market = n.market and p.name = n.name
         where n.county_code = $1 and n.product_id = $2 and p.on_day >= $3 and p.on_day <= $4 group by p.on_day"
    ).bind(county).bind(product_id).bind(from).bind(to).fetch_all(conn).await)?;
    rows.sort_unstable();
    Ok(rows)
}
