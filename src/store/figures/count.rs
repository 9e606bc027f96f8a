//! Counting orders and lines in ranges, regions and groups: from the rollup, and on single days within a region from the
//! slices themselves, where the rollup keeps its towns and villages by month alone.

use super::ask::{Grouping, Question, households_of, keys_of, union_of_spans};
use super::range::Span;
use super::{Grain, of_counts};
use crate::domain::counts::Lens;
use crate::domain::doubles::Households;
use crate::domain::figures::Counts;
use crate::domain::regions::RegionCode;
use crate::store::{Session, StoreError, scope};
use sqlx::{AssertSqlSafe, FromRow};

impl Grouping {
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

/// Only the counts of every group.
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
    let households = if lens == Lens::Farmer { households_of(session, question).await? } else { Households::default() };
    let kept = of_counts(lens, Some(question.region));
    let longest = kept.iter().copied().max().unwrap_or(Grain::Day);
    let (stored, edges): (Vec<Span>, Vec<Span>) = question
        .range
        .spans(longest.min(grouping.coarsest()))
        .into_iter()
        .partition(|(grain, ..)| kept.contains(grain));
    let classes = match (lens, grouping) {
        (Lens::Class, Grouping::Class) => " and f.key <> 'headline'",
        (Lens::Class, _) => " and f.key = 'headline'",
        _ => "",
    };
    let only = |key: &str| {
        let of_one = |id: i64| {
            let agreed = scope::agreed(session.scope(), &id.to_string());
            format!(" and {key} in ({}){agreed}", keys_of(question, &households, id))
        };
        question.only.map(of_one).unwrap_or_default()
    };
    let from_rollup = format!(
        "select {} as key, f.orders_paid, f.orders_unpaid, f.orders_refunded, f.lines, f.lines_without_baseline,
            f.lines_without_listing from figure_order f where f.county_code = $1 and f.lens = $2{}{classes}{}",
        of_household(key, &households),
        regions_sql(question, &county),
        only(key),
    );
    let mut parts = vec![union_of_spans(&from_rollup, &stored)];
    if let Some(column) = slice_column(lens) {
        let raw = format!("case when {column} = 0 then '' else cast({column} as text) end");
        let narrowed = format!("{}{}", village_sql(question.region), only(&raw));
        let key = of_household(&raw, &households);
        parts.extend(edges.iter().flat_map(|(_, from, end)| {
            SLICES.map(|(counted, day, also)| {
                format!(
                    "select {key} as key, {counted} from line_slice f where f.county_code = $1 and f.{day} >= '{from}'
                     and f.{day} < '{end}'{also}{narrowed} group by {column}"
                )
            })
        }));
    }
    let sql = format!(
        "select key, cast(sum(orders_paid) as bigint) as orders_paid, cast(sum(orders_unpaid) as bigint) as orders_unpaid,
            cast(sum(orders_refunded) as bigint) as orders_refunded, cast(sum(lines) as bigint) as lines,
            cast(sum(lines_without_baseline) as bigint) as lines_without_baseline,
            cast(sum(lines_without_listing) as bigint) as lines_without_listing
         from ({}) kept group by key",
        parts.join(" union all ")
    );
    let rows = on!(session, conn => sqlx::query_as::<_, CountRow>(AssertSqlSafe(sql)).bind(county).bind(lens.key())
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(CountRow::split).collect())
}

/// What slices count for ([`crate::domain::counts`]): the columns, the day they count on, and what else holds.
const SLICES: [(&str, &str, &str); 3] = [
    (
        "count(distinct f.order_id) as orders_paid, 0 as orders_unpaid, 0 as orders_refunded,
         count(distinct f.line_id) as lines,
         count(distinct case when f.without_baseline and not f.without_listing then f.line_id end) as lines_without_baseline,
         count(distinct case when f.without_listing then f.line_id end) as lines_without_listing",
        "paid_counted_on",
        "",
    ),
    ("0, count(distinct f.order_id), 0, 0, 0, 0", "created_on", " and f.paid_counted_on is null"),
    ("0, 0, count(distinct f.order_id), 0, 0, 0", "refund_counted_on", " and f.paid_counted_on is not null"),
];

/// Where a slice names its group of a lens; `None` for lenses whose counts are kept by day everywhere.
fn slice_column(lens: Lens) -> Option<&'static str> {
    Some(match lens {
        Lens::Listing => "f.listing_id",
        Lens::Room => "f.room_id",
        Lens::Anchor => "f.anchor_id",
        Lens::Stream => "f.stream_id",
        Lens::Product => "f.product_id",
        Lens::Farmer => "f.farmer_id",
        Lens::Shop | Lens::Class => return None,
    })
}

/// A key with doubles put under the record that is kept.
fn of_household(key: &str, households: &Households) -> String {
    let whens: Vec<String> =
        households.pairs().map(|(double, kept, _)| format!("when '{double}' then '{kept}'")).collect();
    if whens.is_empty() { key.to_owned() } else { format!("case {key} {} else {key} end", whens.join(" ")) }
}

/// Slices of a region within the county; of the county they are never asked for.
fn village_sql(region: RegionCode) -> String {
    let (from, to) = region.text_range();
    format!(" and f.village_code >= '{from}' and f.village_code < '{to}'")
}

/// Which region rows of `figure_order` answer a question: the rows of a level for towns and villages (what has no
/// household is in the county only), else the one row of the region asked for.
fn regions_sql(question: &Question, county: &str) -> String {
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
