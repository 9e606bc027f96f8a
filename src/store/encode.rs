//! Days, instants and words on their way into SQLite, written without the generality of a date formatter.
//!
//! SQLite keeps both as text, and the driver makes that text through a format string; a ledger row holds five of them
//! and is written by the million. The text is the driver's own to the byte (a test compares), so that values bound
//! either way compare and sort alike. PostgreSQL takes both as numbers and is left to its driver.

use crate::domain::calendar::{Day, Instant};
use chrono::{Datelike, Timelike};
use rustc_hash::FxHashSet;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Encode, Postgres, Sqlite, Type};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

/// A day to bind.
#[derive(Debug, Clone, Copy)]
pub struct OnDay(pub Day);

/// An instant to bind, whole microseconds.
#[derive(Debug, Clone, Copy)]
pub struct AtInstant(pub Instant);

/// A word that many rows hold, to bind: SQLite's driver keeps what is bound in memory of its own, and a bulk statement
/// binds the same few words thousands of times.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a>(pub &'a str);

thread_local! {
    /// Words of the statement that is put together.
    static KNOWN: RefCell<FxHashSet<Arc<str>>> = RefCell::default();
}

/// Begins anew. A statement's words are its own: who puts the next together and who runs this one would count those who
/// hold a word against each other, on two processors.
pub fn forget_words() {
    KNOWN.with_borrow_mut(FxHashSet::clear);
}

/// A word that was written before, or a new one that is remembered.
fn shared(word: &str) -> Arc<str> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(word) = known.get(word) {
            return Arc::clone(word);
        }
        let word: Arc<str> = word.into();
        known.insert(Arc::clone(&word));
        word
    })
}

/// Writes `value` as decimal digits, most significant first, leading zeros kept.
fn digits(out: &mut [u8], mut value: u32) {
    for place in out.iter_mut().rev() {
        *place = b'0' + u8::try_from(value % 10).expect("a digit");
        value /= 10;
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("digits and signs")
}

/// `YYYY-MM-DD` into the first ten bytes.
fn write_day(out: &mut [u8], on: Day) {
    digits(&mut out[0..4], u32::try_from(on.year()).expect("a year of this era"));
    digits(&mut out[5..7], on.month());
    digits(&mut out[8..10], on.day());
}

/// `2026-02-28`
fn day_text(on: Day) -> [u8; 10] {
    let mut out = *b"0000-00-00";
    write_day(&mut out, on);
    out
}

/// `2026-02-28T23:59:59.000001+00:00`, the fraction in none, three or six digits as the driver writes it.
fn instant_text(at: Instant) -> String {
    let mut out = *b"0000-00-00T00:00:00.000000+00:00";
    write_day(&mut out, at.date_naive());
    digits(&mut out[11..13], at.hour());
    digits(&mut out[14..16], at.minute());
    digits(&mut out[17..19], at.second());
    let micros = at.timestamp_subsec_micros();
    digits(&mut out[20..26], micros);
    let kept = match micros {
        0 => 19,
        thousands if thousands % 1_000 == 0 => 23,
        _ => 26,
    };
    let mut whole = text(&out[..kept]).to_owned();
    whole.push_str("+00:00");
    whole
}

/// Words that a platform or a person wrote, as they are stored: control characters become spaces, so that a row holding
/// them can be read packed. Not for numbers by which something is found again: those are looked up as they came.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte < b' ') {
        text.chars().map(|c| if c < ' ' { ' ' } else { c }).collect()
    } else {
        text.into()
    }
}

impl Type<Sqlite> for Word<'_> {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for Word<'_> {
    fn encode_by_ref(&self, buffer: &mut <Sqlite as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(shared(self.0), buffer)
    }
}

impl Type<Postgres> for Word<'_> {
    fn type_info() -> <Postgres as Database>::TypeInfo {
        <str as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Word<'_> {
    fn encode_by_ref(&self, buffer: &mut <Postgres as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode(self.0, buffer)
    }
}

impl Type<Sqlite> for OnDay {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <Day as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for OnDay {
    fn encode_by_ref(&self, buffer: &mut <Sqlite as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(shared(text(&day_text(self.0))), buffer)
    }
}

impl Type<Postgres> for OnDay {
    fn type_info() -> <Postgres as Database>::TypeInfo {
        <Day as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for OnDay {
    fn encode_by_ref(&self, buffer: &mut <Postgres as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode_by_ref(&self.0, buffer)
    }
}

impl Type<Sqlite> for AtInstant {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <Instant as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for AtInstant {
    fn encode_by_ref(&self, buffer: &mut <Sqlite as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        thread_local! {
            // the rows of one unit of work bear its time
            static LAST: RefCell<Option<(Instant, Arc<str>)>> = RefCell::default();
        }
        let text = LAST.with_borrow_mut(|last| match last {
            Some((at, text)) if *at == self.0 => Arc::clone(text),
            _ => Arc::clone(&last.insert((self.0, instant_text(self.0).into())).1),
        });
        Encode::<Sqlite>::encode(text, buffer)
    }
}

impl Type<Postgres> for AtInstant {
    fn type_info() -> <Postgres as Database>::TypeInfo {
        <Instant as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for AtInstant {
    fn encode_by_ref(&self, buffer: &mut <Postgres as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode_by_ref(&self.0, buffer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use chrono::{DateTime, NaiveDate, SecondsFormat};

    #[test]
    fn a_day_is_written_as_the_driver_writes_it() {
        for (year, month, day) in [(2026, 2, 28), (2000, 1, 1), (2199, 12, 31), (987, 10, 5)] {
            let on = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            assert_eq!(text(&day_text(on)), on.format("%F").to_string());
        }
    }

    #[test]
    fn an_instant_is_written_as_the_driver_writes_it() {
        for micros in [0, 1, 1_000, 999_999, 1_772_323_199_000_000, 1_772_323_199_123_000, 1_772_323_199_120_030] {
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            assert_eq!(instant_text(at), at.to_rfc3339_opts(SecondsFormat::AutoSi, false));
        }
    }
}
