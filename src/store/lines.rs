//! Order lines as people list and open them: where each stands, whose it is, what proves it.
//!
//! Every list is a page: a count and at most [`PAGE`] rows, whatever stands behind them. A line is found only inside
//! the session's scope: its household's village for an official, its household for a farmer, its anchor for an anchor.
//! Not here: writing facts (`store::orders`) and posting (`store::ledger`).

use super::doubles::records;
use super::figures::{self, Basis, Grouping, Question, Range};
use super::rows::{amount_sums, amounts};
use super::{Session, StoreError, scope};
use crate::domain::amounts::Amounts;
use crate::domain::calendar::{Day, Instant};
use sqlx::{AssertSqlSafe, FromRow, Row};

/// Rows of a page.
pub const PAGE: i64 = 50;

/// By what a list of lines is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lens {
    Farmer,
    Product,
    Room,
    Anchor,
    Stream,
}

impl Lens {
    const fn column(self) -> &'static str {
        match self {
            Self::Farmer => "farmer_id",
            Self::Product => "product_id",
            Self::Room => "room_id",
            Self::Anchor => "anchor_id",
            Self::Stream => "stream_id",
        }
    }

    const fn grouping(self) -> Grouping {
        match self {
            Self::Farmer => Grouping::Farmer,
            Self::Product => Grouping::Product,
            Self::Room => Grouping::Room,
            Self::Anchor => Grouping::Anchor,
            Self::Stream => Grouping::Stream,
        }
    }
}

/// Which lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    pub lens: Lens,
    pub id: i64,
    /// Days the payment is counted on; both ends in it.
    pub from: Day,
    pub to: Day,
}

/// A line in a list, with its position now; of one household where the list is a household's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLine {
    pub line_id: i64,
    pub line_no: String,
    pub paid_on: Option<Day>,
    pub listing: String,
    pub pieces: i64,
    pub state: String,
    pub position: Amounts,
}

impl<'r, R> FromRow<'r, R> for ListedLine
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> String: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    for<'a> Option<Day>: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            line_id: row.try_get(0)?,
            line_no: row.try_get(1)?,
            paid_on: row.try_get(2)?,
            listing: row.try_get(3)?,
            pieces: row.try_get(4)?,
            state: row.try_get(5)?,
            position: amounts(row, 6)?,
        })
    }
}

fn chosen_sql(session: &Session, chosen: &Chosen) -> String {
    let is_chosen = match chosen.lens {
        Lens::Farmer => format!("in {}", records(&chosen.id.to_string())),
        _ => format!("= {}", chosen.id),
    };
    format!("s.{} {is_chosen}{}", chosen.lens.column(), scope::slices(session.scope(), "s"))
}

/// How many lines are chosen, as the rollups count them.
pub async fn count_chosen(session: &mut Session, chosen: &Chosen) -> Result<i64, StoreError> {
    let question = Question {
        basis: Basis::Event,
        range: Range { from: Some(chosen.from), to: Some(chosen.to) },
        region: session.scope().region(),
        grouping: chosen.lens.grouping(),
        headline_only: false,
        by_month: false,
        only: Some(chosen.id),
        households: false,
        counts: true,
    };
    Ok(figures::counts(session, &question).await?.iter().map(|(_, counts)| counts.lines).sum())
}

/// A page of the chosen lines, the last paid first.
///
/// The page is found by walking an index from its end until it is full; no list is made of all lines there are. A stream's
/// own are few and may be years back: they are read by its index and sorted, which an order by no column of an index says.
pub async fn list_chosen(session: &mut Session, chosen: &Chosen, page: i64) -> Result<Vec<ListedLine>, StoreError> {
    let filter = chosen_sql(session, chosen);
    list_filtered(session, chosen, &filter, page).await
}

/// A page of the chosen lines that are of one listing.
pub async fn list_of_listing(
    session: &mut Session,
    chosen: &Chosen,
    listing_id: i64,
    page: i64,
) -> Result<Vec<ListedLine>, StoreError> {
    let filter = chosen_sql(session, chosen) + &format!(" and s.listing_id = {listing_id}");
    list_filtered(session, chosen, &filter, page).await
}

async fn list_filtered(
    session: &mut Session,
    chosen: &Chosen,
    filter: &str,
    page: i64,
) -> Result<Vec<ListedLine>, StoreError> {
    let county = session.county_text();
    let own = match chosen.lens {
        Lens::Farmer => format!(" and e.farmer_id in {}", records(&chosen.id.to_string())),
        _ => String::new(),
    };
    // of a line shared with others, only the part in scope
    let own = own + &scope::slices(session.scope(), "e");
    let newest = if chosen.lens == Lens::Stream { "cast(s.paid_counted_on as text)" } else { "s.paid_counted_on" };
    let sql = format!(
        "with page as (select distinct {newest} as counted_on, s.line_id, s.state, s.listing_id
            from line_slice s where s.county_code = $1 and {newest} >= '{}' and {newest} <= '{}' and {filter}
            order by {newest} desc, s.line_id desc limit {PAGE} offset $2)
         select p.line_id, l.line_no, o.paid_on, coalesce(i.name, ''), l.pieces, p.state, {}
         from page p
         cross join order_line l
         cross join sales_order o
         left join listing i on i.county_code = $1 and i.listing_id = p.listing_id
         left join ledger_entry e on e.county_code = $1 and e.line_id = p.line_id{own}
         where l.county_code = $1 and l.line_id = p.line_id and o.county_code = $1 and o.order_id = l.order_id
         group by p.line_id, l.line_no, o.paid_on, i.name, l.pieces, p.state",
        chosen.from,
        chosen.to,
        amount_sums("e.")
    );
    let mut rows = on!(session, conn => sqlx::query_as::<_, ListedLine>(AssertSqlSafe(sql)).bind(county)
        .bind((page - 1) * PAGE).fetch_all(conn).await)?;
    rows.sort_by_key(|r| std::cmp::Reverse((r.paid_on, r.line_id)));
    Ok(rows)
}

/// One line with what its page says of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LineDetail {
    pub line_id: i64,
    pub order_id: i64,
    pub line_no: String,
    pub pieces: i64,
    pub paid_on: Option<Day>,
    /// Empty where none is known.
    pub listing: String,
    pub state: String,
    pub class: String,
    pub stream_id: i64,
    pub product_id: i64,
    /// 0 where none is known.
    pub listing_id: i64,
    /// Households that share it, 0 apart; all of them, whoever asks.
    pub households: i64,
    /// One of them, for the way back up.
    pub farmer_id: i64,
    pub without_baseline: bool,
}

/// A line inside the scope; outside it there is none.
pub async fn find(session: &mut Session, line_id: i64) -> Result<Option<LineDetail>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::slices(session.scope(), "s"));
    Ok(on!(session, conn => sqlx::query_as::<_, LineDetail>(AssertSqlSafe(format!(
        "select l.line_id, l.order_id, l.line_no, l.pieces, o.paid_on, coalesce(i.name, '') as listing, s.state, s.class,
            s.stream_id, s.product_id, s.listing_id, (select count(distinct x.farmer_id) from line_slice x
                where x.county_code = $1 and x.line_id = $2 and x.farmer_id <> 0) as households,
            s.farmer_id, s.without_baseline
         from (select s.line_id as line_id, min(s.state) as state, min(s.class) as class, min(s.stream_id) as stream_id,
                min(s.product_id) as product_id, min(s.listing_id) as listing_id, max(s.farmer_id) as farmer_id,
                max(case when s.without_baseline then 1 else 0 end) = 1 as without_baseline
             from line_slice s where s.county_code = $1 and s.line_id = $2{in_scope} group by s.line_id) s
         cross join order_line l
         cross join sales_order o
         left join listing i on i.county_code = $1 and i.listing_id = s.listing_id
         where l.county_code = $1 and l.line_id = s.line_id and o.county_code = $1 and o.order_id = l.order_id"
    ))).bind(county).bind(line_id).fetch_optional(conn).await)?)
}

/// An answer that says something about an order, its refunds or statement rows.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Answer {
    pub kind: String,
    pub source: String,
    pub fetched_at: Instant,
    /// Of the scrubbed record.
    pub sha256: Vec<u8>,
}

/// Everything kept of an order's evidence, oldest first; nothing of an order without a line in scope.
pub async fn list_answers(session: &mut Session, order_id: i64) -> Result<Vec<Answer>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::slices(session.scope(), "s"));
    let mut rows = on!(session, conn => sqlx::query_as::<_, Answer>(AssertSqlSafe(format!(
        "select v.kind, b.source, b.fetched_at, v.sha256
         from (select 'order' as kind, $2 as record_id
               union all select 'refund', r.refund_id from refund r where r.county_code = $1 and r.order_id = $2
               union all select 'settlement', t.settlement_id from settlement t
                    where t.county_code = $1 and t.order_id = $2) record
         cross join evidence v
         cross join evidence_blob b
         where v.county_code = $1 and v.kind = record.kind and v.record_id = record.record_id
           and b.county_code = $1 and b.blob_id = v.blob_id
           and exists (select 1 from order_line l cross join line_slice s where l.county_code = $1 and l.order_id = $2
                and s.county_code = $1 and s.line_id = l.line_id{in_scope})"
    ))).bind(county).bind(order_id).fetch_all(conn).await)?;
    rows.sort_by(|a, b| (a.fetched_at, &a.kind, &a.sha256).cmp(&(b.fetched_at, &b.kind, &b.sha256)));
    Ok(rows)
}

/// Why a line belongs to its stream: the newest decision.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Decision {
    pub rule: String,
    pub actor: String,
    pub reason: String,
}

/// The newest decision on a line in scope.
pub async fn find_decision(session: &mut Session, line_id: i64) -> Result<Option<Decision>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::slices(session.scope(), "s"));
    Ok(on!(session, conn => sqlx::query_as::<_, Decision>(AssertSqlSafe(format!(
        "select rule, actor, reason from attribution where county_code = $1 and line_id = $2
            and exists (select 1 from line_slice s where s.county_code = $1 and s.line_id = $2{in_scope})
         order by version_id desc limit 1"
    ))).bind(county).bind(line_id).fetch_optional(conn).await)?)
}

/// Lines nobody has said what they are: a SKU without a listing.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unlisted {
    pub shop_key: String,
    pub shop: String,
    pub product_no: String,
    pub sku_no: String,
    pub title: String,
    pub lines: i64,
    pub gmv_fen: i64,
    pub last_on: Option<Day>,
}

/// Paid lines without a listing, by SKU, most lines first; so many SKUs behind the first `after`. Shop 0 is all of them.
pub async fn list_unlisted(
    session: &mut Session,
    shop_id: i64,
    most: i64,
    after: i64,
) -> Result<Vec<Unlisted>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    // What has no listing has no household, so the household index finds it.
    let mut rows = on!(session, conn => sqlx::query_as::<_, Unlisted>(AssertSqlSafe(format!(
        "select h.shop_key, h.name as shop, coalesce(k.product_no, '') as product_no, coalesce(k.sku_no, '') as sku_no,
            coalesce(k.title, '') as title, g.lines, g.gmv_fen, g.last_on
         from (select l.shop_id as shop_id, l.sku_id as sku_id, count(*) as lines,
                cast(sum(l.list_fen - l.shop_coupon_fen - l.platform_coupon_fen - l.anchor_coupon_fen) as bigint) as gmv_fen,
                max(s.paid_counted_on) as last_on
             from line_slice s join order_line l on l.county_code = s.county_code and l.line_id = s.line_id
             where s.county_code = $1 and s.farmer_id = 0 and s.paid_counted_on is not null and s.without_listing
                and ($2 = 0 or l.shop_id = $2)
             group by l.shop_id, l.sku_id order by 3 desc, l.sku_id limit {most} offset {after}) g
         join shop h on h.county_code = $1 and h.shop_id = g.shop_id
         left join shop_sku k on k.county_code = $1 and k.sku_id = g.sku_id"
    ))).bind(county).bind(shop_id).fetch_all(conn).await)?;
    rows.sort_by(|a, b| {
        b.lines
            .cmp(&a.lines)
            .then_with(|| (&a.shop, &a.product_no, &a.sku_no).cmp(&(&b.shop, &b.product_no, &b.sku_no)))
    });
    Ok(rows)
}

/// A line whose stream waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Undecided {
    pub line_id: i64,
    pub shop_id: i64,
    pub created_at: Instant,
    pub line_no: String,
    pub paid_at: Option<Instant>,
    pub title: String,
    pub rule: String,
    pub stream_id: i64,
}

/// Which of the lines that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sought<'a> {
    pub rule: &'a str,
    /// 0: of all shops.
    pub shop_id: i64,
    pub oldest_first: bool,
}

/// Lines matched by two streams, or by shelf and time only: so many of a rule behind the first `after`, newest first
/// unless the oldest are asked for.
pub async fn list_undecided(
    session: &mut Session,
    sought: Sought<'_>,
    most: i64,
    after: i64,
) -> Result<Vec<Undecided>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let order = if sought.oldest_first { "asc" } else { "desc" };
    // the shop stands on the line: only where one is asked for is each read before the page is full
    let of_shop = if sought.shop_id == 0 {
        String::new()
    } else {
        format!(
            " and exists (select 1 from order_line x where x.county_code = a.county_code and x.line_id = a.line_id
                and x.shop_id = {})",
            sought.shop_id
        )
    };
    let mut rows = on!(session, conn => sqlx::query_as::<_, Undecided>(AssertSqlSafe(format!(
        "select l.line_id, l.shop_id, o.created_at, l.line_no, o.paid_at, coalesce(k.title, '') as title, a.rule,
            a.stream_id
         from (select a.line_id as line_id, a.rule as rule, a.stream_id as stream_id from attribution a
             where a.county_code = $1 and a.rule in ('ambiguous', 'shelf') and a.rule = $2
             and not exists (select 1 from attribution n where n.county_code = a.county_code and n.line_id = a.line_id
                and n.version_id > a.version_id){of_shop} order by a.line_id {order} limit $3 offset $4) a
         join order_line l on l.county_code = $1 and l.line_id = a.line_id
         join sales_order o on o.county_code = $1 and o.order_id = l.order_id
         left join shop_sku k on k.county_code = $1 and k.sku_id = l.sku_id"
    ))).bind(county).bind(sought.rule).bind(most).bind(after).fetch_all(conn).await)?;
    rows.sort_by_key(|r| r.line_id);
    if !sought.oldest_first {
        rows.reverse();
    }
    Ok(rows)
}
