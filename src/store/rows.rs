//! Reading columns that are more than a number: amounts, regions, enumerations kept as text.

use super::StoreError;
use crate::domain::amounts::{Amounts, COLUMNS, Col};
use crate::domain::regions::RegionCode;
use sqlx::{ColumnIndex, Decode, Row, Type};

/// The ledger's columns, comma separated, each prefixed: `e.gmv_fen, e.subsidy_fen, …`.
pub fn amount_list(prefix: &str) -> String {
    join(|name| format!("{prefix}{name}"))
}

/// Their sums, each cast so that both engines answer 64-bit integers and an empty set answers zeros.
pub fn amount_sums(prefix: &str) -> String {
    join(|name| format!("coalesce(cast(sum({prefix}{name}) as bigint), 0)"))
}

/// One piece of SQL per column, comma separated.
pub fn join(piece: impl Fn(&str) -> String) -> String {
    Col::ALL.iter().map(|c| piece(c.name())).collect::<Vec<_>>().join(", ")
}

/// Reads all ledger columns, starting at a place in the row.
pub fn amounts<R>(row: &R, from: usize) -> Result<Amounts, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'a> i64: Decode<'a, R::Database> + Type<R::Database>,
{
    let mut values = Amounts::ZERO;
    for place in 0..COLUMNS {
        values.0[place] = row.try_get(from + place)?;
    }
    Ok(values)
}

/// Reads a region code.
pub fn region(text: &str) -> Result<RegionCode, StoreError> {
    RegionCode::parse(text).ok_or_else(|| StoreError::UnknownValue(format!("region code {text:?}")))
}

/// Reads an enumeration kept as text.
pub fn known<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    parse(text).ok_or_else(|| StoreError::UnknownValue(format!("{text:?}")))
}
