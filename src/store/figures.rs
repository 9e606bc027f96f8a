//! Rollups: adding what was posted, and answering questions about ranges, regions and groups.
//!
//! A range of days is cut into whole years, whole months and edge days, so any range is exact and cheap; a region is a
//! half-open range of village codes; households are recounted for every group, never added up.

use super::rows::{amount_list, amount_sums, amounts, join};
use super::{Session, StoreError, Work, scope};
use crate::domain::access::Scope;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, month_start, next_month, year_start};
use crate::domain::counts::{Group, Lens};
use crate::domain::figures::Counts;
use crate::domain::regions::RegionCode;
use chrono::{Datelike, NaiveDate};
use rustc_hash::FxHashMap;
use sqlx::{AssertSqlSafe, FromRow, Row};

/// By which day a ledger row is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The day it is booked: locked months stand.
    Event,
    /// The pay day of its line: a cohort view, never locked.
    Pay,
}

impl Basis {
    /// As stored and printed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Pay => "pay",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Event, Self::Pay].into_iter().find(|b| b.key() == key)
    }
}

/// Length of a rollup's period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    Day,
    Month,
    Year,
}

impl Grain {
    /// All grains.
    pub const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Day => "d",
            Self::Month => "m",
            Self::Year => "y",
        }
    }

    /// First day of the period a day lies in.
    pub fn start(self, on: Day) -> Day {
        match self {
            Self::Day => on,
            Self::Month => month_start(on),
            Self::Year => year_start(on),
        }
    }
}

/// The lenses money is rolled up by.
pub const MONEY_LENSES: [Lens; 5] = [Lens::Shop, Lens::Listing, Lens::Room, Lens::Anchor, Lens::Stream];

/// A row of `figure` but for its sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FigureKey {
    pub basis: Basis,
    pub lens: Lens,
    pub grain: Grain,
    pub start_on: Day,
    /// Row id in the lens, 0 = none.
    pub key: i64,
    pub farmer_id: i64,
    pub household_category: &'static str,
    pub village_code: RegionCode,
    pub class: &'static str,
}

/// How a lens's row id is written in `key`.
pub fn key_text(id: i64) -> String {
    if id == 0 { String::new() } else { id.to_string() }
}

/// Sums on their way to the rollup, each with the number of ledger rows summed.
pub type FigureSums = FxHashMap<FigureKey, (Amounts, i64)>;

/// Adds sums to the rollup; the second of each is the number of ledger rows summed.
pub async fn add(work: &mut Work, sums: &FigureSums) -> Result<(), StoreError> {
    let county = work.county_text();
    let mut rows: Vec<_> = sums.iter().collect();
    rows.sort_unstable_by_key(|(key, _)| **key);
    let head = format!(
        "insert into figure (county_code, basis, lens, grain, start_on, key, farmer_id, household_category, village_code,
         class, entries, {}) ",
        amount_list("")
    );
    let tail = format!(
        " on conflict (county_code, basis, lens, grain, start_on, key, farmer_id, household_category, village_code, class)
          do update set entries = figure.entries + excluded.entries, {}",
        join(|c| format!("{c} = figure.{c} + excluded.{c}"))
    );
    insert_rows!(work, head.as_str(), rows, tail.as_str(), |b, row| {
        let (k, (sums, entries)) = *row;
        b.push_bind(county.clone())
            .push_bind(k.basis.key())
            .push_bind(k.lens.key())
            .push_bind(k.grain.key())
            .push_bind(k.start_on)
            .push_bind(key_text(k.key))
            .push_bind(k.farmer_id)
            .push_bind(k.household_category)
            .push_bind(k.village_code.to_string())
            .push_bind(k.class)
            .push_bind(*entries);
        for column in Col::ALL {
            b.push_bind(sums[column]);
        }
    });
    Ok(())
}

/// A row of `figure_order` but for its counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountKey {
    pub group: Group,
    pub grain: Grain,
    pub start_on: Day,
}

/// How a group's region is written: '' for what has no household.
pub fn region_text(region: Option<RegionCode>) -> String {
    region.map(|code| code.to_string()).unwrap_or_default()
}

/// Counts on their way to the rollup.
pub type CountSums = FxHashMap<CountKey, Counts>;

/// Adds counts to the rollup and removes the rows that come to nothing.
pub async fn add_counts(work: &mut Work, counts: &CountSums) -> Result<(), StoreError> {
    let county = work.county_text();
    let mut rows: Vec<_> = counts.iter().filter(|(_, c)| !c.is_zero()).collect();
    rows.sort_unstable_by_key(|(key, _)| **key);
    insert_rows!(
        work,
        "insert into figure_order (county_code, lens, grain, start_on, key, region_code, orders_paid, orders_unpaid,
         orders_refunded, lines, lines_without_baseline, lines_without_listing) ",
        rows,
        " on conflict (county_code, lens, grain, start_on, key, region_code) do update set
          orders_paid = figure_order.orders_paid + excluded.orders_paid,
          orders_unpaid = figure_order.orders_unpaid + excluded.orders_unpaid,
          orders_refunded = figure_order.orders_refunded + excluded.orders_refunded,
          lines = figure_order.lines + excluded.lines,
          lines_without_baseline = figure_order.lines_without_baseline + excluded.lines_without_baseline,
          lines_without_listing = figure_order.lines_without_listing + excluded.lines_without_listing",
        |b, row| {
            let (k, c) = *row;
            b.push_bind(county.clone())
                .push_bind(k.group.lens.key())
                .push_bind(k.grain.key())
                .push_bind(k.start_on)
                .push_bind(k.group.key.to_string())
                .push_bind(region_text(k.group.region))
                .push_bind(c.orders_paid)
                .push_bind(c.orders_unpaid)
                .push_bind(c.orders_refunded)
                .push_bind(c.lines)
                .push_bind(c.lines_without_baseline)
                .push_bind(c.lines_without_listing);
        }
    );
    // Only a negative change can bring a row to nothing; look for such rows in the days it touched and nowhere else.
    for lens in Lens::ALL {
        for grain in Grain::ALL {
            let shrunk = rows
                .iter()
                .filter(|(k, c)| k.group.lens == lens && k.grain == grain && has_negative(c))
                .map(|(k, _)| k.start_on);
            let (Some(from), Some(to)) = (shrunk.clone().min(), shrunk.max()) else { continue };
            let county = work.county_text();
            on!(work, conn => sqlx::query(
                "delete from figure_order where county_code = $1 and lens = $2 and grain = $3 and start_on >= $4
                 and start_on <= $5 and orders_paid = 0 and orders_unpaid = 0 and orders_refunded = 0 and lines = 0
                 and lines_without_baseline = 0 and lines_without_listing = 0"
            ).bind(county).bind(lens.key()).bind(grain.key()).bind(from).bind(to).execute(conn).await.map(|_| ()))?;
        }
    }
    Ok(())
}

fn has_negative(c: &Counts) -> bool {
    [c.orders_paid, c.orders_unpaid, c.orders_refunded, c.lines, c.lines_without_baseline, c.lines_without_listing]
        .into_iter()
        .any(|n| n < 0)
}

/// A range of days, both ends in it; `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

/// First and last day any figure can lie on.
const FIRST: (i32, u32, u32) = (2000, 1, 1);
const LAST: (i32, u32, u32) = (2199, 12, 31);

fn ymd((y, m, d): (i32, u32, u32)) -> Day {
    NaiveDate::from_ymd_opt(y, m, d).expect("a valid day")
}

impl Range {
    /// Both ends, open ones at the ends of time.
    pub fn ends(self) -> (Day, Day) {
        (self.from.unwrap_or_else(|| ymd(FIRST)), self.to.unwrap_or_else(|| ymd(LAST)))
    }

    /// Half-open spans of whole periods that together are the range, each with its grain; at most `coarsest` long.
    pub fn spans(self, coarsest: Grain) -> Vec<(Grain, Day, Day)> {
        let (from, to) = self.ends();
        let end = to.succ_opt().expect("the end of time has a day after it");
        let mut spans = Vec::new();
        cut(coarsest, from, end, &mut spans);
        spans
    }
}

fn cut(grain: Grain, from: Day, end: Day, spans: &mut Vec<(Grain, Day, Day)>) {
    if from >= end {
        return;
    }
    let (finer, first) = match grain {
        Grain::Day => return spans.push((grain, from, end)),
        Grain::Month => (Grain::Day, if from.day() == 1 { from } else { next_month(month_start(from)) }),
        Grain::Year => {
            let start = year_start(from);
            (Grain::Month, if from == start { from } else { ymd((start.year() + 1, 1, 1)) })
        }
    };
    let last = grain.start(end);
    if first >= last {
        return cut(finer, from, end, spans);
    }
    cut(finer, from, first, spans);
    spans.push((grain, first, last));
    cut(finer, last, end, spans);
}

/// What a question is grouped by, in the store's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    Total,
    /// Key: first day of the month.
    Month,
    /// Key: the day.
    Day,
    /// Key: town code, null for no household.
    Town,
    /// Key: village code, null for no household.
    Village,
    Product,
    Listing,
    Room,
    Anchor,
    Stream,
    Farmer,
    Shop,
    Class,
}

/// Which rows a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    pub basis: Basis,
    pub range: Range,
    /// The county or a region in it.
    pub region: RegionCode,
    pub grouping: Grouping,
    /// Only classes of the headline.
    pub headline_only: bool,
    /// Only this key of the grouping's lens, and further narrowing to a farmer.
    pub only: Option<i64>,
}

impl Question {
    /// Refuses what the session may not see: an official's region, a household's or an anchor's own figures.
    fn hold_to(&self, scope: Scope) -> Result<(), StoreError> {
        let allowed = match scope {
            Scope::County(_) => true,
            Scope::Region(region) => self.region.within(region),
            // which households agreed, the statements ask themselves
            Scope::Village(code) => {
                self.grouping == Grouping::Farmer && self.only.is_some() && self.region.within(code)
            }
            Scope::Farmer { farmer_id, .. } => self.grouping == Grouping::Farmer && self.only == Some(farmer_id),
            Scope::Anchor { anchor_id, .. } => self.grouping == Grouping::Anchor && self.only == Some(anchor_id),
        };
        if allowed { Ok(()) } else { Err(StoreError::OutOfScope) }
    }
}

/// One group's sums; `key` as in [`Grouping`], '' for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    pub key: String,
    pub amounts: Amounts,
    pub households: i64,
    pub counts: Counts,
}

impl Grouping {
    /// The lens money is read through.
    fn lens(self) -> Lens {
        match self {
            Self::Product | Self::Listing => Lens::Listing,
            Self::Room => Lens::Room,
            Self::Anchor => Lens::Anchor,
            Self::Stream => Lens::Stream,
            _ => Lens::Shop,
        }
    }

    /// The group's key in SQL over `figure f`.
    fn key_sql(self) -> &'static str {
        match self {
            Self::Total => "''",
            Self::Month | Self::Day => "cast(f.start_on as text)",
            Self::Town => "case when length(f.village_code) >= 9 then substr(f.village_code, 1, 9) else '' end",
            Self::Village => "case when length(f.village_code) > 9 then f.village_code else '' end",
            Self::Product => {
                "coalesce((select cast(p.product_id as text) from listing p where p.county_code = f.county_code
                and cast(p.listing_id as text) = f.key), '')"
            }
            Self::Listing | Self::Room | Self::Anchor | Self::Stream | Self::Shop => "f.key",
            Self::Farmer => "case when f.farmer_id = 0 then '' else cast(f.farmer_id as text) end",
            Self::Class => "f.class",
        }
    }

    /// The longest period that keeps the group's key.
    fn coarsest(self) -> Grain {
        match self {
            Self::Day => Grain::Day,
            Self::Month => Grain::Month,
            _ => Grain::Year,
        }
    }

    /// The lens counts are read through.
    fn count_lens(self, headline_only: bool) -> Lens {
        match self {
            Self::Class => Lens::Class,
            Self::Product => Lens::Product,
            Self::Listing => Lens::Listing,
            Self::Room => Lens::Room,
            Self::Anchor => Lens::Anchor,
            Self::Stream => Lens::Stream,
            Self::Farmer => Lens::Farmer,
            _ if headline_only => Lens::Class,
            _ => Lens::Shop,
        }
    }
}

#[derive(FromRow)]
struct CountRow {
    key: String,
    orders_paid: i64,
    orders_unpaid: i64,
    orders_refunded: i64,
    lines: i64,
    lines_without_baseline: i64,
    lines_without_listing: i64,
}

impl CountRow {
    fn split(self) -> (String, Counts) {
        let counts = Counts {
            orders_paid: self.orders_paid,
            orders_unpaid: self.orders_unpaid,
            orders_refunded: self.orders_refunded,
            lines: self.lines,
            lines_without_baseline: self.lines_without_baseline,
            lines_without_listing: self.lines_without_listing,
        };
        (self.key, counts)
    }
}

/// Sums and households of a group, on their way from the database.
struct SumRow(String, i64, Amounts);

impl<'r, R> FromRow<'r, R> for SumRow
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> String: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self(row.try_get(0)?, row.try_get(1)?, amounts(row, 2)?))
    }
}

/// `and (…)` over the spans of a range, days bound inline as literals this program wrote.
fn spans_sql(alias: &str, range: Range, coarsest: Grain) -> String {
    let parts: Vec<String> = range
        .spans(coarsest)
        .into_iter()
        .map(|(grain, from, end)| {
            format!(
                "({alias}.grain = '{}' and {alias}.start_on >= '{from}' and {alias}.start_on < '{end}')",
                grain.key()
            )
        })
        .collect();
    if parts.is_empty() { "and 1 = 0".into() } else { format!("and ({})", parts.join(" or ")) }
}

/// Answers a question: sums, counts and households of every group, in three statements whatever the range.
pub async fn sums(session: &mut Session, question: &Question) -> Result<Vec<Sums>, StoreError> {
    let mut groups: FxHashMap<String, Sums> = FxHashMap::default();
    for SumRow(key, households, amounts) in sum_rows(session, question).await? {
        let key = period_key(question.grouping, key);
        let group = groups.entry(key.clone()).or_insert_with(|| Sums::empty(key));
        group.amounts += amounts;
        group.households += households;
    }
    for (key, counts) in counts(session, question).await? {
        let key = period_key(question.grouping, key);
        let group = groups.entry(key.clone()).or_insert_with(|| Sums::empty(key));
        group.counts += counts;
    }
    let mut groups: Vec<Sums> = groups.into_values().collect();
    groups.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    Ok(groups)
}

/// A month that is only partly in the range arrives by its days; both are the month.
fn period_key(grouping: Grouping, key: String) -> String {
    if grouping == Grouping::Month { key[..7].to_owned() } else { key }
}

impl Sums {
    /// A group with nothing in it.
    pub fn empty(key: String) -> Self {
        Self { key, amounts: Amounts::ZERO, households: 0, counts: Counts::ZERO }
    }
}

async fn sum_rows(session: &mut Session, question: &Question) -> Result<Vec<SumRow>, StoreError> {
    question.hold_to(session.scope())?;
    let county = session.county_text();
    let (from, to) = question.region.text_range();
    let grouping = question.grouping;
    let key = match grouping {
        Grouping::Month => "substr(cast(f.start_on as text), 1, 7)",
        other => other.key_sql(),
    };
    let mut filter = spans_sql("f", question.range, grouping.coarsest());
    if question.headline_only {
        filter.push_str(" and f.class in ('red', 'red_supervised')");
    }
    if let Some(id) = question.only {
        let narrowed = if grouping == Grouping::Farmer {
            format!(" and f.farmer_id = {id}")
        } else {
            format!(" and f.key = '{}'", key_text(id))
        };
        filter.push_str(&narrowed);
    }
    filter.push_str(&scope::agreed(session.scope(), "f.farmer_id"));
    // Households are distinct farmers with settled net above zero in the whole range: first per farmer, then per group.
    let sql = format!(
        "select g, cast(sum(case when farmer_id <> 0 and settled_net_fen > 0 then 1 else 0 end) as bigint), {}
         from (select {key} as g, f.farmer_id as farmer_id, {} from figure f
               where f.county_code = $1 and f.basis = $2 and f.lens = $3 and f.village_code >= $4 and f.village_code < $5
               {filter} group by 1, 2) per_farmer group by g",
        amount_sums(""),
        join(|c| format!("cast(sum(f.{c}) as bigint) as {c}")),
    );
    Ok(on!(session, conn => sqlx::query_as::<_, SumRow>(AssertSqlSafe(sql)).bind(county).bind(question.basis.key())
        .bind(grouping.lens().key()).bind(from).bind(to).fetch_all(conn).await)?)
}

/// Only the counts of every group: a few rows, where [`sums`] reads every household's.
pub async fn counts(session: &mut Session, question: &Question) -> Result<Vec<(String, Counts)>, StoreError> {
    question.hold_to(session.scope())?;
    let county = session.county_text();
    let grouping = question.grouping;
    let lens = grouping.count_lens(question.headline_only);
    let key = match grouping {
        Grouping::Town | Grouping::Village => "f.region_code",
        Grouping::Month => "substr(cast(f.start_on as text), 1, 7)",
        Grouping::Day => "cast(f.start_on as text)",
        Grouping::Total => "''",
        _ => "f.key",
    };
    let mut filter = spans_sql("f", question.range, grouping.coarsest());
    if lens == Lens::Class {
        filter.push_str(match grouping {
            Grouping::Class => " and f.key not in ('all', 'headline')",
            _ => " and f.key = 'headline'",
        });
    }
    if let Some(id) = question.only {
        filter = format!("{filter} and f.key = '{}'{}", key_text(id), scope::agreed(session.scope(), &id.to_string()));
    }
    filter.push_str(&count_regions_sql(question, &county));
    let sql = format!(
        "select {key} as key, cast(sum(f.orders_paid) as bigint) as orders_paid,
            cast(sum(f.orders_unpaid) as bigint) as orders_unpaid,
            cast(sum(f.orders_refunded) as bigint) as orders_refunded, cast(sum(f.lines) as bigint) as lines,
            cast(sum(f.lines_without_baseline) as bigint) as lines_without_baseline,
            cast(sum(f.lines_without_listing) as bigint) as lines_without_listing
         from figure_order f where f.county_code = $1 and f.lens = $2 {filter} group by 1"
    );
    let rows = on!(session, conn => sqlx::query_as::<_, CountRow>(AssertSqlSafe(sql)).bind(county).bind(lens.key())
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(CountRow::split).collect())
}

/// Which region rows of `figure_order` answer a question: the rows of a level for towns and villages (what has no
/// household is in the county only), else the one row of the region asked for.
fn count_regions_sql(question: &Question, county: &str) -> String {
    let digits = match question.grouping {
        Grouping::Town => 9,
        Grouping::Village => 12,
        _ if question.region.digits() < 6 => return format!(" and f.region_code = '{county}'"),
        _ => return format!(" and f.region_code = '{}'", question.region),
    };
    let (from, to) = question.region.text_range();
    let none = if question.region.digits() <= 6 { "f.region_code = '' or " } else { "" };
    format!(" and ({none}(length(f.region_code) = {digits} and f.region_code >= '{from}' and f.region_code < '{to}'))")
}

/// Settled net of every household in every shop of a question: (shop's row id, farmer, fen).
pub async fn households_of_shops(
    session: &mut Session,
    question: &Question,
) -> Result<Vec<(String, i64, i64)>, StoreError> {
    question.hold_to(session.scope())?;
    let county = session.county_text();
    let (from, to) = question.region.text_range();
    let mut filter = spans_sql("f", question.range, Grain::Year);
    if question.headline_only {
        filter.push_str(" and f.class in ('red', 'red_supervised')");
    }
    let sql = format!(
        "select f.key, f.farmer_id, cast(sum(f.settled_net_fen) as bigint) from figure f
         where f.county_code = $1 and f.basis = $2 and f.lens = 'shop' and f.farmer_id <> 0
         and f.village_code >= $3 and f.village_code < $4 {filter} group by 1, 2"
    );
    Ok(on!(session, conn => sqlx::query_as::<_, (String, i64, i64)>(AssertSqlSafe(sql)).bind(county)
        .bind(question.basis.key()).bind(from).bind(to).fetch_all(conn).await)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn a_question_beyond_the_scope_is_refused() {
        let code = |text: &str| RegionCode::parse(text).unwrap();
        let (county, town) = (code("360827"), code("360827100"));
        let ask = |region, grouping, only| Question {
            basis: Basis::Event,
            range: Range::default(),
            region,
            grouping,
            headline_only: false,
            only,
        };
        let allowed = |scope, question: Question| question.hold_to(scope).is_ok();
        assert!(allowed(Scope::Region(town), ask(code("360827100201"), Grouping::Farmer, None)));
        assert!(!allowed(Scope::Region(town), ask(county, Grouping::Total, None)));
        assert!(!allowed(Scope::Region(town), ask(code("360827101"), Grouping::Total, None)));
        let farmer = Scope::Farmer { county, farmer_id: 7 };
        assert!(allowed(farmer, ask(county, Grouping::Farmer, Some(7))));
        assert!(!allowed(farmer, ask(county, Grouping::Farmer, Some(8))));
        assert!(!allowed(farmer, ask(county, Grouping::Total, None)));
        assert!(!allowed(Scope::Anchor { county, anchor_id: 2 }, ask(county, Grouping::Anchor, None)));
    }
}
