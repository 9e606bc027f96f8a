//! Rows read as one text: many columns packed by the database and unpacked here.
//!
//! A driver hands every value over by itself, from a thread of its own on SQLite; for rows of fifty numbers read by the
//! million that costs more than finding them. `concat_ws` exists on both engines, so there is still one statement.
//!
//! Rule: only columns this program wrote itself and that hold no control characters are packed (ids, days, amounts,
//! enumerations), never text from a platform. A row that does not unpack is an error, never a guess.

use super::StoreError;
use crate::domain::calendar::Day;
use chrono::NaiveDate;
use std::str::Split;

/// Between values: a character no packed column can hold (unit separator).
const SEPARATOR: char = '\u{1f}';

/// SQL for columns packed into one text. An absent value is packed as ''.
pub fn pack(columns: &[&str]) -> String {
    let values: Vec<String> = columns.iter().map(|c| format!("coalesce(cast({c} as text), '')")).collect();
    format!("concat_ws('{SEPARATOR}', {})", values.join(", "))
}

/// SQL for columns that are never absent, packed into one text.
pub fn pack_present(columns: &str) -> String {
    format!("concat_ws('{SEPARATOR}', {columns})")
}

/// The values of a packed row, in order.
pub struct Unpacked<'a> {
    text: &'a str,
    values: Split<'a, char>,
}

impl<'a> Unpacked<'a> {
    /// Begins with the first value.
    pub fn new(text: &'a str) -> Self {
        Self { text, values: text.split(SEPARATOR) }
    }

    fn bad(&self) -> StoreError {
        StoreError::UnknownValue(format!("row {:?}", self.text.replace(SEPARATOR, "|")))
    }

    /// The next value as text.
    pub fn text(&mut self) -> Result<&'a str, StoreError> {
        self.values.next().ok_or_else(|| self.bad())
    }

    /// The next value as a number.
    pub fn number(&mut self) -> Result<i64, StoreError> {
        self.text()?.parse().map_err(|_| self.bad())
    }

    /// The next value as a truth, as either engine writes it.
    pub fn flag(&mut self) -> Result<bool, StoreError> {
        match self.text()? {
            "1" | "t" | "true" => Ok(true),
            "0" | "f" | "false" => Ok(false),
            _ => Err(self.bad()),
        }
    }

    /// The next value as a day, if there is one.
    pub fn optional_day(&mut self) -> Result<Option<Day>, StoreError> {
        match self.text()? {
            "" => Ok(None),
            text => day(text).map(Some).ok_or_else(|| self.bad()),
        }
    }

    /// The next value as a day.
    pub fn day(&mut self) -> Result<Day, StoreError> {
        self.optional_day()?.ok_or_else(|| self.bad())
    }
}

/// `YYYY-MM-DD`, without the generality of a date parser: this is read millions of times.
fn day(text: &str) -> Option<Day> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn a_row_unpacks_as_it_was_packed() {
        let mut row = Unpacked::new("-7\u{1f}\u{1f}2026-02-28\u{1f}t\u{1f}red");
        assert_eq!(row.number().unwrap(), -7);
        assert_eq!(row.optional_day().unwrap(), None);
        assert_eq!(row.day().unwrap().to_string(), "2026-02-28");
        assert!(row.flag().unwrap());
        assert_eq!(row.text().unwrap(), "red");
        assert!(row.text().is_err());
    }

    #[test]
    fn what_does_not_unpack_is_an_error() {
        assert!(Unpacked::new("x").number().is_err());
        assert!(Unpacked::new("2026-02-30").day().is_err());
        assert!(Unpacked::new("").day().is_err());
        assert!(Unpacked::new("2").flag().is_err());
    }
}
