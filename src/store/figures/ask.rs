//! Answering questions about ranges, regions and groups.
//!
//! What is asked of the whole county is read from its own sums; what is asked of a region, or by household, from those of
//! the households. Households are recounted for every group, never added up; records of one household count as one from
//! the month their merge counts from ([`Households::up_to`]); an answer month by month counts so in each month by itself, so
//! that a month says the same alone and among others.

use super::count::counts;
use super::range::{Range, Span, shorter};
use super::{Basis, Grain, key_text};
use crate::domain::access::Scope;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::Day;
use crate::domain::counts::Lens;
use crate::domain::doubles::Households;
use crate::domain::figures::Counts;
use crate::domain::regions::RegionCode;
use crate::store::rows::{amount_sums, amounts, join};
use crate::store::{Session, StoreError, doubles, scope};
use rustc_hash::FxHashMap;
use sqlx::{AssertSqlSafe, FromRow, Row};

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
#[allow(clippy::struct_excessive_bools, reason = "each is a question by itself, and all combinations are asked")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    pub basis: Basis,
    pub range: Range,
    /// The county or a region in it.
    pub region: RegionCode,
    pub grouping: Grouping,
    /// Only classes of the headline.
    pub headline_only: bool,
    /// Each group month by month: its key is then `YYYY-MM` and the group's own, one behind the other.
    pub by_month: bool,
    /// Only this group, by row id.
    pub only: Option<i64>,
    /// Whether households are counted: the one number whose cost grows with them.
    pub households: bool,
    /// Whether orders and lines are counted.
    pub counts: bool,
}

impl Question {
    /// The same without counting households.
    #[must_use]
    pub fn without_households(self) -> Self {
        Self { households: false, ..self }
    }

    /// The same without counting orders and lines.
    #[must_use]
    pub fn without_counts(self) -> Self {
        Self { counts: false, ..self }
    }

    /// The same month by month, of whole months.
    #[must_use]
    pub fn by_month(self) -> Self {
        Self { by_month: true, counts: false, ..self }
    }

    /// The key a row of a rollup `f` is put under.
    fn key_sql(&self) -> String {
        let key = self.grouping.key_sql();
        if self.by_month { format!("substr(cast(f.start_on as text), 1, 7) || {key}") } else { key.to_owned() }
    }

    /// The longest period that keeps that key.
    fn coarsest(&self) -> Grain {
        if self.by_month { self.grouping.coarsest().min(Grain::Month) } else { self.grouping.coarsest() }
    }

    /// True for one household's own question.
    fn is_of_one_household(&self) -> bool {
        self.grouping == Grouping::Farmer && self.only.is_some()
    }

    /// True if each month or day of the answer stands for itself, as a range of that month or day alone would.
    fn is_by_period(&self) -> bool {
        let by_period = self.by_month || matches!(self.grouping, Grouping::Month | Grouping::Day);
        by_period && !self.is_of_one_household()
    }

    /// True if the sums of the whole county answer it.
    fn is_of_county(&self) -> bool {
        self.region.digits() <= 6 && !matches!(self.grouping, Grouping::Town | Grouping::Village | Grouping::Farmer)
    }

    /// Refuses what the session may not see: an official's region, a household's or an anchor's own figures.
    pub(super) fn hold_to(&self, scope: Scope) -> Result<(), StoreError> {
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
    pub(super) fn lens(self) -> Lens {
        match self {
            Self::Product | Self::Listing => Lens::Listing,
            Self::Room => Lens::Room,
            Self::Anchor => Lens::Anchor,
            Self::Stream => Lens::Stream,
            _ => Lens::Shop,
        }
    }

    /// The group's key in SQL over a rollup `f`.
    fn key_sql(self) -> &'static str {
        match self {
            Self::Total => "''",
            Self::Month => "substr(cast(f.start_on as text), 1, 7)",
            Self::Day => "cast(f.start_on as text)",
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

    /// The group's key in SQL over `ledger_entry f`, of those groupings whose lens keeps no households by day.
    fn ledger_key_sql(self) -> Option<&'static str> {
        Some(match self {
            Self::Product => "case when f.product_id = 0 then '' else cast(f.product_id as text) end",
            Self::Listing => "case when f.listing_id = 0 then '' else cast(f.listing_id as text) end",
            Self::Room => "case when f.room_id = 0 then '' else cast(f.room_id as text) end",
            Self::Anchor => "case when f.anchor_id = 0 then '' else cast(f.anchor_id as text) end",
            Self::Stream => "case when f.stream_id = 0 then '' else cast(f.stream_id as text) end",
            _ => return None,
        })
    }

    /// The longest period that keeps the group's key.
    pub(super) fn coarsest(self) -> Grain {
        match self {
            Self::Day => Grain::Day,
            Self::Month => Grain::Month,
            _ => Grain::Year,
        }
    }
}

/// Households and sums of a group, on their way from the database.
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

/// `select … from …` of rows of a rollup `f`, one a span: an index finds each span by its grain and days, where a single
/// condition over all of them would have it read whole. Days are literals this program wrote.
pub(super) fn union_of_spans(select: &str, spans: &[Span]) -> String {
    let of_span = |(grain, from, end): &Span| {
        format!("{select} and f.grain = '{}' and f.start_on >= '{from}' and f.start_on < '{end}'", grain.key())
    };
    match spans {
        [] => format!("{select} and 1 = 0"),
        spans => spans.iter().map(of_span).collect::<Vec<_>>().join(" union all "),
    }
}

/// Answers a question: sums, counts and households of every group, in three statements whatever the range.
pub async fn sums(session: &mut Session, question: &Question) -> Result<Vec<Sums>, StoreError> {
    let mut groups: FxHashMap<String, Sums> = FxHashMap::default();
    let mut group = |key: String, amounts: Amounts, households: i64, counts: Counts| {
        let group = groups.entry(key).or_insert_with_key(|key| Sums::empty(key.clone()));
        group.amounts += amounts;
        group.households += households;
        group.counts += counts;
    };
    if question.is_of_county() {
        for SumRow(key, _, amounts) in county_sums(session, question).await? {
            group(key, amounts, 0, Counts::ZERO);
        }
        if question.households {
            for (key, households) in count_households(session, question).await? {
                group(key, Amounts::ZERO, households, Counts::ZERO);
            }
        }
    } else {
        for SumRow(key, households, amounts) in household_sums(session, question).await? {
            group(key, amounts, households, Counts::ZERO);
        }
    }
    if question.counts {
        for (key, counts) in counts(session, question).await? {
            group(key, Amounts::ZERO, 0, counts);
        }
    }
    let mut groups: Vec<Sums> = groups.into_values().collect();
    groups.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    Ok(groups)
}

impl Sums {
    /// A group with nothing in it.
    pub fn empty(key: String) -> Self {
        Self { key, amounts: Amounts::ZERO, households: 0, counts: Counts::ZERO }
    }
}

/// What narrows a question's rows beyond days and region, over a table `f` whose group has this key.
fn narrowed(question: &Question, households: &Households, key: &str) -> String {
    let classes = if question.headline_only { " and f.class in ('red', 'red_supervised')" } else { "" };
    let only = question.only.map(|id| format!(" and {key} in ({})", keys_of(question, households, id)));
    format!("{classes}{}", only.unwrap_or_default())
}

/// The keys of one group, as SQL literals: of a household those of all its records.
pub(super) fn keys_of(question: &Question, households: &Households, id: i64) -> String {
    let ids = if question.grouping == Grouping::Farmer { households.records(id) } else { vec![id] };
    ids.into_iter().map(|id| format!("'{}'", key_text(id))).collect::<Vec<_>>().join(", ")
}

/// The number of the record kept of the household that a column names; by period only in the rows of a rollup `f` from the
/// month on that the merge counts from.
fn household_sql(column: &str, households: &Households, by_period: bool) -> String {
    let when = |(double, kept, from): (i64, i64, Day)| {
        let since = if by_period { format!(" and f.start_on >= '{from}'") } else { String::new() };
        format!("when {column} = {double}{since} then {kept}")
    };
    let whens: Vec<String> = households.pairs().map(when).collect();
    if whens.is_empty() { column.to_owned() } else { format!("(case {} else {column} end)", whens.join(" ")) }
}

/// Whose records are one household's in the range of a question; one household's own question counts all its records.
pub(super) async fn households_of(session: &mut Session, question: &Question) -> Result<Households, StoreError> {
    let doubles = doubles::list(session).await?;
    Ok(if question.is_of_one_household() {
        Households::now(&doubles)
    } else {
        Households::up_to(&doubles, question.range.to)
    })
}

/// Sums of every group over the whole county.
async fn county_sums(session: &mut Session, question: &Question) -> Result<Vec<SumRow>, StoreError> {
    question.hold_to(session.scope())?;
    let county = session.county_text();
    let rows = union_of_spans(
        &format!(
            "select {} as g, {} from figure_county f where f.county_code = $1 and f.basis = $2 and f.lens = $3{}",
            question.key_sql(),
            join(|c| format!("f.{c}")),
            narrowed(question, &Households::default(), question.grouping.key_sql()),
        ),
        &question.range.spans(question.coarsest()),
    );
    let sql = format!("select g, cast(0 as bigint), {} from ({rows}) kept group by g", amount_sums(""));
    Ok(on!(session, conn => sqlx::query_as::<_, SumRow>(AssertSqlSafe(sql)).bind(county).bind(question.basis.key())
        .bind(question.grouping.lens().key()).fetch_all(conn).await)?)
}

/// `select g, farmer_id, columns …` of everything a question is about that belongs to some village or none: months and
/// years from the rollup, single days too where its lens keeps them, else from the ledger by the shorter way, some of them
/// taken off their month again. $1 county, $2 basis, $3 lens, $4 and $5 the range of villages.
pub(super) fn household_rows_sql(
    question: &Question,
    scope: Scope,
    households: &Households,
    columns: &[&str],
) -> String {
    let grouping = question.grouping;
    let of_household = household_sql("f.farmer_id", households, question.is_by_period());
    let lens = grouping.lens();
    let kept = Grain::of_figures(lens);
    let coarsest = kept.iter().copied().max().map_or(Grain::Day, |longest| longest.min(question.coarsest()));
    let (mut stored, edges): (Vec<Span>, Vec<Span>) =
        question.range.spans(coarsest).into_iter().partition(|(grain, ..)| kept.contains(grain));
    let mut days: Vec<(&str, Span)> = Vec::new();
    for (added, taken_off) in edges.into_iter().map(shorter) {
        let (months, singly): (Vec<Span>, Vec<Span>) =
            added.into_iter().partition(|(grain, ..)| *grain == Grain::Month);
        stored.extend(months);
        days.extend(singly.into_iter().map(|span| ("", span)).chain(taken_off.into_iter().map(|span| ("-", span))));
    }
    let list = |sign: &str| columns.iter().map(|c| format!(", {sign}f.{c}")).collect::<Vec<_>>().concat();
    // a row without the one amount that is asked for adds nothing, and half of the ledger is such
    let any = if let [only] = columns { format!(" and f.{only} <> 0") } else { String::new() };
    let agreed = scope::agreed(scope, "f.farmer_id");
    let from_rollup = format!(
        "select {} as g, {of_household} as farmer_id{} from figure f where f.county_code = $1 and f.basis = $2
         and f.lens = $3 and f.village_code >= $4 and f.village_code < $5{any}{}{agreed}",
        question.key_sql().replace("f.farmer_id", &of_household),
        list(""),
        narrowed(question, households, grouping.key_sql()),
    );
    let mut parts = vec![union_of_spans(&from_rollup, &stored)];
    // rows of a day, by the index that finds them
    let ways: &[(&str, &str)] = match question.basis {
        Basis::Event => &[("booked_on", "")],
        Basis::Pay => &[("booked_on", " and f.paid_on = f.booked_on"), ("paid_on", " and f.paid_on <> f.booked_on")],
    };
    parts.extend(grouping.ledger_key_sql().into_iter().flat_map(|key| {
        let (narrowed, list, any, agreed) = (narrowed(question, households, key), &list, &any, &agreed);
        // days off a ledger are the ends of one range, never periods of an answer
        let of_household = household_sql("f.farmer_id", households, false);
        days.iter().flat_map(|span| ways.iter().map(move |way| (span, way))).map(
            move |((sign, (_, from, end)), (day, only))| {
                format!(
                    "select {key} as g, {of_household} as farmer_id{} from ledger_entry f where f.county_code = $1
                     and f.{day} >= '{from}' and f.{day} < '{end}'{only} and f.village_code >= $4
                     and f.village_code < $5{any}{narrowed}{agreed}",
                    list(sign)
                )
            },
        )
    }));
    parts.join(" union all ")
}

/// A household counts in a group when its settled net over the whole range is above zero.
pub(super) const HOUSEHOLDS: &str =
    "cast(sum(case when farmer_id <> 0 and settled_net_fen > 0 then 1 else 0 end) as bigint)";

/// Sums and households of every group of a region's households.
async fn household_sums(session: &mut Session, question: &Question) -> Result<Vec<SumRow>, StoreError> {
    question.hold_to(session.scope())?;
    let county = session.county_text();
    let (from, to) = question.region.text_range();
    let households = households_of(session, question).await?;
    let rows = household_rows_sql(question, session.scope(), &households, &Col::ALL.map(Col::name));
    // first per household, then per group
    let sql = if question.households {
        format!(
            "select g, {HOUSEHOLDS}, {} from (select g, farmer_id, {} from ({rows}) kept group by g, farmer_id) per_farmer
             group by g",
            amount_sums(""),
            join(|c| format!("cast(sum({c}) as bigint) as {c}")),
        )
    } else {
        format!("select g, cast(0 as bigint), {} from ({rows}) kept group by g", amount_sums(""))
    };
    Ok(on!(session, conn => sqlx::query_as::<_, SumRow>(AssertSqlSafe(sql)).bind(county).bind(question.basis.key())
        .bind(question.grouping.lens().key()).bind(from).bind(to).fetch_all(conn).await)?)
}

/// Only the households of every group.
async fn count_households(session: &mut Session, question: &Question) -> Result<Vec<(String, i64)>, StoreError> {
    question.hold_to(session.scope())?;
    let county = session.county_text();
    let (from, to) = question.region.text_range();
    let households = households_of(session, question).await?;
    let rows = household_rows_sql(question, session.scope(), &households, &["settled_net_fen"]);
    let sql = format!(
        "select g, {HOUSEHOLDS} from (select g, farmer_id, cast(sum(settled_net_fen) as bigint) as settled_net_fen
            from ({rows}) kept group by g, farmer_id) per_farmer group by g"
    );
    Ok(on!(session, conn => sqlx::query_as::<_, (String, i64)>(AssertSqlSafe(sql)).bind(county)
        .bind(question.basis.key()).bind(question.grouping.lens().key()).bind(from).bind(to).fetch_all(conn).await)?)
}

/// Settled net of every household in every shop of a question: (shop's row id, farmer, fen).
pub async fn households_of_shops(
    session: &mut Session,
    question: &Question,
) -> Result<Vec<(String, i64, i64)>, StoreError> {
    question.hold_to(session.scope())?;
    let county = session.county_text();
    let (from, to) = question.region.text_range();
    let narrowed = if question.headline_only { " and f.class in ('red', 'red_supervised')" } else { "" };
    let of_household = household_sql("f.farmer_id", &households_of(session, question).await?, false);
    let rows = union_of_spans(
        &format!(
            "select f.key, {of_household} as farmer_id, f.settled_net_fen from figure f
             where f.county_code = $1 and f.basis = $2 and f.lens = 'shop' and f.farmer_id <> 0
             and f.village_code >= $3 and f.village_code < $4{narrowed}"
        ),
        &question.range.spans(Grain::Year),
    );
    let sql = format!(
        "select key, farmer_id, cast(sum(settled_net_fen) as bigint) from ({rows}) kept group by key, farmer_id"
    );
    Ok(on!(session, conn => sqlx::query_as::<_, (String, i64, i64)>(AssertSqlSafe(sql)).bind(county)
        .bind(question.basis.key()).bind(from).bind(to).fetch_all(conn).await)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::parse_day;
    use crate::store::{Missing, Store};

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
            by_month: false,
            only,
            households: false,
            counts: true,
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

    #[tokio::test]
    async fn sqlite_finds_single_days_of_the_ledger_by_either_day() {
        let dir = tempfile::TempDir::new().unwrap();
        let file = dir.path().join("county.db").display().to_string();
        let store = Store::open(&file, Missing::Create).await.unwrap();
        let county = RegionCode::parse("360827").unwrap();
        let (from, to) = (parse_day("2026-02-03"), parse_day("2026-02-05"));
        for (basis, expected) in [
            (Basis::Event, &["ledger_entry_by_day"][..]),
            (Basis::Pay, &["ledger_entry_by_day", "ledger_entry_by_pay_day"]),
        ] {
            let question = Question {
                basis,
                range: Range { from, to },
                region: county,
                grouping: Grouping::Anchor,
                headline_only: false,
                by_month: false,
                only: None,
                households: false,
                counts: false,
            };
            let sql = household_rows_sql(&question, Scope::County(county), &Households::default(), &["gmv_fen"]);
            let mut session = store.read(Scope::County(county)).await.unwrap();
            let explain = AssertSqlSafe(format!("explain query plan {sql}"));
            let plan: Result<Vec<(i64, i64, i64, String)>, StoreError> = async {
                let (low, high) = county.text_range();
                Ok(on!(&mut session, conn => sqlx::query_as(explain).bind("360827").bind(basis.key()).bind("anchor")
                    .bind(low).bind(high).fetch_all(conn).await)?)
            }
            .await;
            let steps: Vec<String> = plan.unwrap().into_iter().map(|(.., step)| step).collect();
            for index in expected {
                assert!(steps.iter().any(|step| step.contains(&format!("{index} "))), "{index}: {steps:?}");
            }
            assert!(steps.iter().all(|step| !step.starts_with("SCAN f")), "{steps:?}");
        }
    }
}
