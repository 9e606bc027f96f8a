//! Finding the county's things by what somebody typed: a beginning of a name or key, or a whole number.
//!
//! Each noun is one statement with a limit. Orders and households grow: an order is found by its whole number in its
//! index, a household by the beginning of its key or name. `like` ignores case on one engine only, so both sides are
//! folded.

use super::{Session, StoreError, scope};
use sqlx::{AssertSqlSafe, FromRow};

/// Things of one noun that are shown at most.
pub const MOST: i64 = 12;

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Found {
    pub id: i64,
    /// Its key or number.
    pub key: String,
    pub name: String,
}

/// What can be found by key and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Anchor,
    Room,
    Listing,
    Product,
    Shop,
}

impl Noun {
    const fn word(self) -> &'static str {
        match self {
            Self::Anchor => "anchor",
            Self::Room => "room",
            Self::Listing => "listing",
            Self::Product => "product",
            Self::Shop => "shop",
        }
    }
}

/// A text as `like` takes it literally.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Things of a small noun whose key begins with the text or whose name holds it.
pub async fn list(session: &mut Session, noun: Noun, text: &str) -> Result<Vec<Found>, StoreError> {
    session.hold_to_county()?;
    let (county, word, text) = (session.county_text(), noun.word(), literal(text));
    let sql = format!(
        "select {word}_id as id, {word}_key as key, name from {word} where county_code = $1
           and (lower({word}_key) like $2 escape '\\' or lower(name) like $3 escape '\\')
         order by {word}_id limit {MOST}"
    );
    let (begins, holds) = (format!("{text}%"), format!("%{text}%"));
    Ok(on!(session, conn => sqlx::query_as::<_, Found>(AssertSqlSafe(sql)).bind(county).bind(begins).bind(holds)
        .fetch_all(conn).await)?)
}

/// Households in scope whose key or name begins with the text.
pub async fn list_households(session: &mut Session, text: &str) -> Result<Vec<Found>, StoreError> {
    let (county, in_scope) = (session.county_text(), scope::households(session.scope(), "f"));
    let sql = format!(
        "select f.farmer_id as id, f.farmer_key as key, f.name from farmer f where f.county_code = $1
           and (lower(f.farmer_key) like $2 escape '\\' or lower(f.name) like $2 escape '\\'){in_scope}
         order by f.farmer_id limit {MOST}"
    );
    let begins = format!("{}%", literal(text));
    Ok(on!(session, conn => sqlx::query_as::<_, Found>(AssertSqlSafe(sql)).bind(county).bind(begins)
        .fetch_all(conn).await)?)
}

/// Streams whose key begins with the text or whose title holds it, the last first.
pub async fn list_streams(session: &mut Session, text: &str) -> Result<Vec<Found>, StoreError> {
    session.hold_to_county()?;
    let (county, text) = (session.county_text(), literal(text));
    let sql = format!(
        "select s.stream_id as id, s.stream_key as key, coalesce(p.title, '') as name from stream s
         left join stream_plan p on p.county_code = s.county_code and p.stream_id = s.stream_id
         where s.county_code = $1 and (lower(s.stream_key) like $2 escape '\\' or lower(p.title) like $3 escape '\\')
         order by s.started_on desc, s.stream_id desc limit {MOST}"
    );
    let (begins, holds) = (format!("{text}%"), format!("%{text}%"));
    Ok(on!(session, conn => sqlx::query_as::<_, Found>(AssertSqlSafe(sql)).bind(county).bind(begins).bind(holds)
        .fetch_all(conn).await)?)
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct FoundLine {
    pub line_id: i64,
    pub order_no: String,
    pub line_no: String,
    pub shop: String,
    pub stream_id: i64,
}

/// The lines of an order by its whole number, or one by its own.
pub async fn list_lines(session: &mut Session, number: &str) -> Result<Vec<FoundLine>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    // by the unique keys, which begin with the shop: shops are few
    let sql = format!(
        "select l.line_id, o.order_no, l.line_no, h.name as shop,
            coalesce((select max(s.stream_id) from line_slice s where s.county_code = $1 and s.line_id = l.line_id), 0)
                as stream_id
         from (select o.order_id as order_id, h.shop_id as shop_id from shop h
                join sales_order o on o.county_code = $1 and o.shop_id = h.shop_id and o.order_no = $2
                where h.county_code = $1
            union select l.order_id, h.shop_id from shop h
                join order_line l on l.county_code = $1 and l.shop_id = h.shop_id and l.line_no = $2
                where h.county_code = $1) f
         join sales_order o on o.county_code = $1 and o.order_id = f.order_id
         join order_line l on l.county_code = $1 and l.order_id = f.order_id
         join shop h on h.county_code = $1 and h.shop_id = f.shop_id
         where not l.replaced order by l.line_id limit {MOST}"
    );
    Ok(on!(session, conn => sqlx::query_as::<_, FoundLine>(AssertSqlSafe(sql)).bind(county).bind(number)
        .fetch_all(conn).await)?)
}
