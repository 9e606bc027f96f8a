//! Reading one record of a page, whatever the platform: the same rules for what is refused and what a refusal says.
//!
//! Rule: a record that does not fit is an error with a reason for a person, naming the field; it is never mended. The
//! reason holds amounts and ids at most, for it is shown and stored.

use super::PlatformError;
use super::fields::{Int, Text};
use crate::domain::calendar::Instant;
use crate::domain::records::{Evidenced, Rejected};
use chrono::DateTime;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use std::ops::Range;

/// A successful answer to a method, with its data where it stands in the body: a page is large, and read where it is.
pub struct Answer {
    method: &'static str,
    body: String,
    data: Range<usize>,
    pub received_sha256: [u8; 32],
}

impl Answer {
    /// An answer whose data stands in this part of the body.
    pub fn new(method: &'static str, body: String, data: Range<usize>) -> Self {
        let received_sha256 = Sha256::digest(&body).into();
        Self { method, body, data, received_sha256 }
    }

    /// Reads the data as what the method is documented to give.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, PlatformError> {
        object(&self.body[self.data.clone()])
            .map_err(|why| PlatformError::Malformed { context: format!("{}: data {why}", self.method) })
    }
}

/// Where a value that was read out of a text stands in it.
pub fn place_of(value: &RawValue, text: &str) -> Range<usize> {
    let begins = value.get().as_ptr().addr() - text.as_ptr().addr();
    begins..begins + value.get().len()
}

/// Reads one record of a page; `row` counts from 1 and names a record that cannot even say its number.
pub fn read<W: DeserializeOwned>(raw: &RawValue, row: usize) -> Result<W, Rejected> {
    object(raw.get()).map_err(|why| Rejected {
        record_no: format!("row {row}"),
        reason: format!("record {why}"),
        evidence: "{}".to_owned(),
    })
}

/// Reads a JSON object. An array is refused first: it would be taken for the fields in their order.
pub fn object<'a, W: Deserialize<'a>>(json: &'a str) -> Result<W, String> {
    if !json.starts_with('{') {
        return Err("is not an object".to_owned());
    }
    // The parser's own words may quote the value, and the value may be a person's name.
    serde_json::from_str(json).map_err(|e| format!("is not in the documented shape, at column {}", e.column()))
}

/// A wire record as evidence: what the allow-list kept of it.
pub fn evidence<W: Serialize>(wire: &W) -> String {
    serde_json::to_string(wire).expect("texts and whole numbers can always be written")
}

/// A rejection of a record that was read.
pub fn reject(record_no: &Text, row: usize, reason: String, evidence: String) -> Rejected {
    Rejected { record_no: record_no.get().map_or_else(|| format!("row {row}"), str::to_owned), reason, evidence }
}

/// A page's records, those understood and those not.
#[derive(Debug)]
pub struct Sorted<T> {
    pub records: Vec<Evidenced<T>>,
    pub rejected: Vec<Rejected>,
}

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Self { records: Vec::new(), rejected: Vec::new() }
    }
}

impl<T> Sorted<T> {
    /// Adds what became of one record: its conversion with the evidence for it, or the reason against it.
    pub fn add(&mut self, record_no: &Text, row: usize, converted: Result<T, String>, evidence: String) {
        match converted {
            Ok(record) => self.records.push(Evidenced::new(record, evidence)),
            Err(reason) => self.rejected.push(reject(record_no, row, reason, evidence)),
        }
    }
}

/// A moment in seconds; 0 is "has not happened".
pub fn moment(seconds: Int, name: &str) -> Result<Option<Instant>, String> {
    match seconds.amount(name)? {
        0 => Ok(None),
        n => DateTime::from_timestamp(n, 0).map(Some).ok_or_else(|| format!("{name} is not a time ({n})")),
    }
}

/// A moment in milliseconds; 0 is "has not happened".
pub fn moment_ms(milliseconds: Int, name: &str) -> Result<Option<Instant>, String> {
    match milliseconds.amount(name)? {
        0 => Ok(None),
        n => DateTime::from_timestamp_millis(n).map(Some).ok_or_else(|| format!("{name} is not a time ({n})")),
    }
}

/// A moment that must have happened.
pub fn happened(moment: Option<Instant>, name: &str) -> Result<Instant, String> {
    moment.ok_or_else(|| format!("{name} is missing"))
}

/// An id that must be there.
pub fn id_of(text: &Text, name: &str) -> Result<String, String> {
    optional_id_of(text, name)?.ok_or_else(|| format!("{name} is missing"))
}

/// An id where there is one. No platform numbers anything with control characters, and rows are told apart by them.
pub fn optional_id_of(text: &Text, name: &str) -> Result<Option<String>, String> {
    match text.id() {
        Some(id) if id.contains(char::is_control) => Err(format!("{name} holds control characters")),
        id => Ok(id.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn the_data_of_an_answer_is_read_where_it_stands() {
        let body = r#"{"code":10000, "data": {"total":7} }"#.to_owned();
        let data: &RawValue =
            serde_json::from_str::<std::collections::BTreeMap<&str, &RawValue>>(&body).unwrap()["data"];
        let place = place_of(data, &body);
        assert_eq!(&body[place.clone()], r#"{"total":7}"#);
        let answer = Answer::new("order.searchList", body, place);
        assert_eq!(answer.read::<serde_json::Value>().unwrap()["total"], 7);
        let error = answer.read::<std::collections::BTreeMap<String, String>>().unwrap_err().to_string();
        assert!(error.contains("order.searchList: data is not in the documented shape"), "{error}");
    }

    #[test]
    fn an_id_with_control_characters_is_refused_by_its_fields_name() {
        let read = |json: &str| serde_json::from_str::<Text>(json).unwrap();
        assert_eq!(id_of(&read(r#""69""#), "order_id").unwrap(), "69");
        assert_eq!(id_of(&read("0"), "order_id"), Err("order_id is missing".to_owned()));
        assert_eq!(optional_id_of(&read("0"), "order_id"), Ok(None));
        for odd in [r#""6\u001f9""#, r#""6\u001e""#, r#""6\n9""#] {
            assert_eq!(id_of(&read(odd), "order_id"), Err("order_id holds control characters".to_owned()), "{odd}");
        }
    }
}
