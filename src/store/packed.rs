//! Rows read as one text: many columns packed by the database and unpacked here.
//!
//! A driver hands every value over by itself, from a thread of its own on SQLite; for rows of fifty numbers read by the
//! million that costs more than finding them. `concat_ws` exists on both engines, so there is still one statement.
//!
//! Rule: only columns this program wrote itself and that hold no control characters are packed (ids, days, amounts,
//! enumerations), never text from a platform. A row that does not unpack is an error, never a guess.

use super::StoreError;
use crate::domain::calendar::{Day, Instant};
use chrono::{NaiveDate, NaiveTime};
use sqlx::Row;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use std::str::Split;

/// Between values: a character no packed column can hold (unit separator).
const SEPARATOR: char = '\u{1f}';

/// SQL for columns packed into one text: first those that are never absent, then, after a `;`, those that may be, which
/// are packed as '' then.
macro_rules! packed {
    ($($present:literal),* ; $($absent:literal),*) => {
        concat!("concat_ws('\u{1f}'", $(", ", $present,)* $(", coalesce(cast(", $absent, " as text), '')",)* ")")
    };
}
pub(super) use packed;

/// SQL for a list of columns that are never absent, packed into one text.
pub fn pack_present(columns: &str) -> String {
    format!("concat_ws('{SEPARATOR}', {columns})")
}

/// A row of either engine whose columns are text.
pub trait TextRow: Row {
    /// The text at a place.
    fn text(&self, place: usize) -> Result<String, StoreError>;
    /// The same, borrowed.
    fn text_ref(&self, place: usize) -> Result<&str, StoreError>;
}

impl TextRow for SqliteRow {
    fn text(&self, place: usize) -> Result<String, StoreError> {
        Ok(self.try_get::<String, _>(place)?)
    }
    fn text_ref(&self, place: usize) -> Result<&str, StoreError> {
        Ok(self.try_get::<&str, _>(place)?)
    }
}

impl TextRow for PgRow {
    fn text(&self, place: usize) -> Result<String, StoreError> {
        Ok(self.try_get::<String, _>(place)?)
    }
    fn text_ref(&self, place: usize) -> Result<&str, StoreError> {
        Ok(self.try_get::<&str, _>(place)?)
    }
}

/// Reads a row whose first column is packed.
pub fn unpacked<R: TextRow, T>(
    row: &R,
    take: impl FnOnce(&mut Unpacked) -> Result<T, StoreError>,
) -> Result<T, sqlx::Error> {
    let read = || take(&mut Unpacked::new(row.text_ref(0)?));
    read().map_err(|error| sqlx::Error::Decode(error.into()))
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

    /// The next value as a number, if there is one.
    pub fn optional_number(&mut self) -> Result<Option<i64>, StoreError> {
        match self.text()? {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| self.bad()),
        }
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

    /// The next value as an instant, if there is one.
    pub fn optional_instant(&mut self) -> Result<Option<Instant>, StoreError> {
        match self.text()? {
            "" => Ok(None),
            text => instant(text).map(Some).ok_or_else(|| self.bad()),
        }
    }

    /// The next value as an instant.
    pub fn instant(&mut self) -> Result<Instant, StoreError> {
        self.optional_instant()?.ok_or_else(|| self.bad())
    }
}

/// An instant as either engine writes it, in UTC: `2026-02-28T23:59:59.5+00:00`, `2026-02-28 23:59:59.5+00`.
fn instant(text: &str) -> Option<Instant> {
    let (on, rest) = text.split_at_checked(10)?;
    let (time, zone) = rest.get(1..)?.split_once('+')?;
    if !matches!(zone, "00" | "00:00") {
        return None;
    }
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = clock.splitn(3, ':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    // micros: the digits that are there, filled up to six
    let places = u32::try_from(fraction.len()).ok().filter(|&places| places <= 6)?;
    let micros = if places == 0 { 0 } else { fraction.parse::<u32>().ok()? * 10_u32.pow(6 - places) };
    let time = NaiveTime::from_hms_micro_opt(hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?, micros)?;
    Some(day(on)?.and_time(time).and_utc())
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
    fn an_instant_is_read_as_either_engine_writes_it() {
        let at = instant("2026-02-28T23:59:59.5+00:00").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-02-28T23:59:59.500+00:00");
        assert_eq!(instant("2026-02-28 23:59:59.500000+00"), Some(at));
        assert_eq!(instant("2026-02-28T23:59:59+00:00").unwrap().timestamp_subsec_micros(), 0);
        assert_eq!(instant("2026-02-28 23:59:59+08"), None);
        assert_eq!(instant("2026-02-28"), None);
    }

    #[test]
    fn what_does_not_unpack_is_an_error() {
        assert!(Unpacked::new("x").number().is_err());
        assert!(Unpacked::new("2026-02-30").day().is_err());
        assert!(Unpacked::new("").day().is_err());
        assert!(Unpacked::new("2").flag().is_err());
    }
}
