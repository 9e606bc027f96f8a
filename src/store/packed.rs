//! Rows read packed: the columns of a row, and all rows of an answer, as one text.
//!
//! A driver hands every value and every row over by itself, from a thread of its own on SQLite; for rows of fifty numbers
//! read by the million that costs more than finding them. `concat_ws` and `string_agg` exist on both engines, so there is
//! still one statement.
//!
//! Rule: a packed text holds no control characters. What this program writes itself (ids, days, amounts, enumerations)
//! has none; a number by which a platform knows something is refused with one before it comes here
//! (`platforms::reading`, `ingest::files`); words of a platform or a person are stored through
//! [`plain`](super::encode::plain). A row that does not unpack, or is not used up, is an error, never a guess; the error
//! names the kind of row and none of its values, which may be about a person.

use super::StoreError;
use crate::domain::calendar::{Day, Instant};
use chrono::{NaiveDate, NaiveTime};
use std::marker::PhantomData;
use std::str::Split;

/// Between values: a character no packed column can hold (unit separator).
const SEPARATOR: char = '\u{1f}';
/// Between rows (record separator).
const ROW_SEPARATOR: char = '\u{1e}';

/// A row that can be read packed.
pub trait Packed: Sized {
    /// SQL for its columns under the aliases it names, none of them ever null, in the order they are unpacked.
    fn columns() -> String;

    /// Reads it.
    fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError>;
}

/// SQL for a list of columns to pack: first those that are never absent, then, after a `;`, those that may be, which are
/// packed as '' then.
macro_rules! packed {
    ($first:literal $(, $present:literal)* ; $($absent:literal),*) => {
        concat!($first, $(", ", $present,)* $(", coalesce(cast(", $absent, " as text), '')",)*)
    };
}
pub(super) use packed;

/// `select` of all rows of `T`, packed into the one value of the one row of the answer.
pub fn select<T: Packed>(from: &str) -> String {
    format!("select string_agg(concat_ws('{SEPARATOR}', {}), '{ROW_SEPARATOR}') {from}", T::columns())
}

/// The rows of an answer to [`select`], in no order.
pub fn unpack_all<T: Packed>(answer: Option<&str>) -> Result<Vec<T>, StoreError> {
    let Some(text) = answer else { return Ok(Vec::new()) };
    // counted first: a vector of wide rows that grows copies itself again and again
    let mut rows = Vec::with_capacity(1 + text.matches(ROW_SEPARATOR).count());
    for row in text.split(ROW_SEPARATOR) {
        rows.push(unpack_one(row)?);
    }
    Ok(rows)
}

fn unpack_one<T: Packed>(row: &str) -> Result<T, StoreError> {
    let mut values = Unpacked::new(row, std::any::type_name::<T>());
    let unpacked = T::unpack(&mut values)?;
    if values.values.next().is_some() { Err(values.bad()) } else { Ok(unpacked) }
}

/// An answer as it came: whoever keeps the database waiting has something better to do than to take it apart.
#[derive(Debug)]
pub struct Answer<T> {
    text: Option<String>,
    rows: PhantomData<fn() -> T>,
}

impl<T: Packed> Answer<T> {
    /// The text that [`select`] is answered with.
    pub fn new(text: Option<String>) -> Self {
        Self { text, rows: PhantomData }
    }

    /// Its rows, in no order.
    pub fn unpack(&self) -> Result<Vec<T>, StoreError> {
        unpack_all(self.text.as_deref())
    }

    /// Its rows, sorted.
    pub fn unpack_by<K: Ord>(&self, key: impl FnMut(&T) -> K) -> Result<Vec<T>, StoreError> {
        let mut rows = self.unpack()?;
        rows.sort_unstable_by_key(key);
        Ok(rows)
    }
}

/// Asks for the rows of `from … where …`, whose first place is the county, with the values of its further places.
macro_rules! ask_packed {
    ($session:expr, $row:ty, $from:expr $(, $value:expr)*) => {{
        let county = $session.county_text();
        let sql = $crate::store::packed::select::<$row>($from);
        let answer: Option<String> = on!($session, conn => sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(county)$(.bind($value))* .fetch_one(conn).await)?;
        $crate::store::packed::Answer::<$row>::new(answer)
    }};
}
pub(super) use ask_packed;

/// [`ask_packed`], and takes the answer apart.
macro_rules! read_packed {
    ($($asked:tt)*) => {
        $crate::store::packed::ask_packed!($($asked)*).unpack()
    };
}
pub(super) use read_packed;

/// Reads the county's rows of `from` whose `column` is one of `values`, under conditions on further columns; all columns
/// are those of `alias`.
macro_rules! read_packed_in {
    ($session:expr, $row:ty, $from:expr, $alias:literal, [$($also:literal = $equals:expr),*], $column:literal, $values:expr) => {{
        let county = $session.county_text();
        let head = $crate::store::packed::select::<$row>(&format!("from {} where {}.county_code = ", $from, $alias));
        let values = &$values[..];
        let mut statements = 0;
        let answers: Result<Vec<Option<String>>, sqlx::Error> = on!($session, conn => {
            let mut answers = Vec::new();
            let mut lists = $crate::store::bulk::listed(values);
            loop {
                let Some(list) = lists.next() else { break Ok(answers) };
                let mut builder = sqlx::QueryBuilder::new(head.as_str());
                builder.push_bind(county.clone());
                $(builder.push(concat!(" and ", $alias, ".", $also, " = ")).push_bind($equals);)*
                builder.push(concat!(" and ", $alias, ".", $column));
                $crate::store::bulk::Bulk::push_in(&mut builder, list);
                statements += 1;
                match builder.build_query_scalar().fetch_one(&mut *conn).await {
                    Ok(answer) => answers.push(answer),
                    Err(error) => break Err(error),
                }
            }
        });
        $session.statements.were(statements);
        let mut found: Vec<$row> = Vec::new();
        for answer in answers? {
            found.extend($crate::store::packed::unpack_all::<$row>(answer.as_deref())?);
        }
        found
    }};
}
pub(super) use read_packed_in;

/// The values of a packed row, in order.
pub struct Unpacked<'a> {
    /// What is unpacked, for errors.
    kind: &'static str,
    values: Split<'a, char>,
}

impl<'a> Unpacked<'a> {
    /// Begins with the first value.
    pub fn new(text: &'a str, kind: &'static str) -> Self {
        Self { kind, values: text.split(SEPARATOR) }
    }

    fn bad(&self) -> StoreError {
        StoreError::UnknownValue(format!("a packed row of {}", self.kind))
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

    #[derive(Debug, PartialEq)]
    struct Pair(i64, String);

    impl Packed for Pair {
        fn columns() -> String {
            packed!("p.number"; "p.name").to_owned()
        }
        fn unpack(of: &mut Unpacked<'_>) -> Result<Self, StoreError> {
            Ok(Self(of.number()?, of.text()?.to_owned()))
        }
    }

    #[test]
    fn all_rows_of_an_answer_unpack() {
        assert_eq!(
            select::<Pair>("from pair p"),
            "select string_agg(concat_ws('\u{1f}', p.number, coalesce(cast(p.name as text), '')), '\u{1e}') from pair p"
        );
        assert_eq!(unpack_all::<Pair>(None).unwrap(), []);
        let rows = unpack_all::<Pair>(Some("1\u{1f}红\u{1e}2\u{1f}")).unwrap();
        assert_eq!(rows, [Pair(1, "红".to_owned()), Pair(2, String::new())]);
        assert!(unpack_all::<Pair>(Some("1\u{1f}红\u{1e}2")).is_err());
        assert!(unpack_all::<Pair>(Some("1\u{1f}红\u{1f}金桔")).is_err(), "a value nobody asked for");
    }

    #[test]
    fn an_error_names_the_kind_of_row_and_none_of_its_values() {
        let error = unpack_all::<Pair>(Some("陈某\u{1f}坏果")).unwrap_err().to_string();
        assert!(error.contains("Pair") && !error.contains("陈某") && !error.contains("坏果"), "{error}");
    }

    #[test]
    fn a_row_unpacks_as_it_was_packed() {
        let mut row = Unpacked::new("-7\u{1f}\u{1f}2026-02-28\u{1f}t\u{1f}red", "row");
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
        assert!(Unpacked::new("x", "row").number().is_err());
        assert!(Unpacked::new("2026-02-30", "row").day().is_err());
        assert!(Unpacked::new("", "row").day().is_err());
        assert!(Unpacked::new("2", "row").flag().is_err());
    }
}
