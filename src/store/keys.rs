//! Row ids by the county's own keys: how a county document and the command line name things.

use super::{Session, StoreError};
use rustc_hash::FxHashMap;
use sqlx::AssertSqlSafe;

/// A noun that has a key of the county's choosing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Operator,
    Shop,
    Farmer,
    Product,
    Listing,
    Room,
    Module,
    Anchor,
    Stream,
}

impl Noun {
    /// Its word in ids and columns.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Shop => "shop",
            Self::Farmer => "farmer",
            Self::Product => "product",
            Self::Listing => "listing",
            Self::Room => "room",
            Self::Module => "module",
            Self::Anchor => "anchor",
            Self::Stream => "stream",
        }
    }

    const fn table(self) -> &'static str {
        match self {
            Self::Module => "training_module",
            other => other.word(),
        }
    }
}

/// Key → row id of every row of a noun in the county.
pub async fn ids_by_key(session: &mut Session, noun: Noun) -> Result<FxHashMap<String, i64>, StoreError> {
    let (word, table) = (noun.word(), noun.table());
    let county = session.county_text();
    let rows = on!(session, conn => sqlx::query_as::<_, (String, i64)>(AssertSqlSafe(format!(
        "select {word}_key, {word}_id from {table} where county_code = $1"
    ))).bind(county).fetch_all(conn).await)?;
    Ok(rows.into_iter().collect())
}

/// Key → row id of the named rows only; for documents that grow with time.
pub async fn ids_of_keys(
    session: &mut Session,
    noun: Noun,
    keys: &[&str],
) -> Result<FxHashMap<String, i64>, StoreError> {
    let (word, table) = (noun.word(), noun.table());
    let county = session.county_text();
    let mut found = FxHashMap::default();
    for chunk in keys.chunks(super::session::BULK_ROWS) {
        let rows = on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!("select {word}_key, {word}_id from {table} where county_code = "));
            builder.push_bind(county.clone()).push(format!(" and {word}_key in ("));
            let mut list = builder.separated(", ");
            for key in chunk {
                list.push_bind((*key).to_owned());
            }
            builder.push(")");
            builder.build_query_as::<(String, i64)>().persistent(chunk.len() == super::session::BULK_ROWS).fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
