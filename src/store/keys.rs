//! Row ids by the county's own keys: how a county document and the command line name things.

use super::bulk::{Bulk, listed};
use super::{Session, StoreError};
use rustc_hash::FxHashMap;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};

/// A noun that has a key of the county's choosing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    session.hold_to_county()?;
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
    session.hold_to_county()?;
    let (word, table) = (noun.word(), noun.table());
    let county = session.county_text();
    let mut found = FxHashMap::default();
    for chunk in listed(keys) {
        let rows = on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!("select {word}_key, {word}_id from {table} where county_code = "));
            builder.push_bind(county.clone()).push(format!(" and {word}_key"));
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<(String, i64)>().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// A row that has a key: what a document's names are compared with.
pub trait Keyed:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Clone + PartialEq + Send + Unpin
{
    const NOUN: Noun;
    /// Its columns, comma separated.
    const COLUMNS: &'static str;
    fn key(&self) -> &str;
    fn id(&self) -> i64;
    fn set_id(&mut self, id: i64);
}

/// Says for a row type which noun it is and where key and id stand.
macro_rules! keyed {
    ($row:ty, $noun:ident, $id:ident, $key:ident, $columns:expr) => {
        impl $crate::store::keys::Keyed for $row {
            const NOUN: $crate::store::keys::Noun = $crate::store::keys::Noun::$noun;
            const COLUMNS: &'static str = $columns;
            fn key(&self) -> &str {
                &self.$key
            }
            fn id(&self) -> i64 {
                self.$id
            }
            fn set_id(&mut self, id: i64) {
                self.$id = id;
            }
        }
    };
}
pub(super) use keyed;

/// The named rows of a noun, those that there are.
pub async fn list_by_keys<T: Keyed>(session: &mut Session, keys: &[&str]) -> Result<Vec<T>, StoreError> {
    session.hold_to_county()?;
    let (word, table, columns) = (T::NOUN.word(), T::NOUN.table(), T::COLUMNS);
    let county = session.county_text();
    let mut found = Vec::new();
    for chunk in listed(keys) {
        found.extend(on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!("select {columns} from {table} where county_code = "));
            builder.push_bind(county.clone()).push(format!(" and {word}_key"));
            Bulk::push_in(&mut builder, chunk);
            builder.build_query_as::<T>().fetch_all(conn).await
        })?);
    }
    Ok(found)
}
