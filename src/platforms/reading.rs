//! Reading one record of a page, whatever the platform: the same rules for what is refused and what a refusal says.
//!
//! Rule: a record that does not fit is an error with a reason for a person, naming the field; it is never mended. The
//! reason holds amounts and ids at most, for it is shown and stored.

use super::PlatformError;
use super::canonical::canonical;
use super::fields::{Int, Part, Shape, Text};
use super::why::{Why, missing, why};
use crate::domain::calendar::Instant;
use crate::domain::records::{Evidenced, Rejected, row_no};
use chrono::DateTime;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;
use sha2::{Digest as _, Sha256};

/// A successful answer: its data, and the hash of the bytes it came in.
pub struct Answer<T> {
    pub data: T,
    pub received_sha256: [u8; 32],
}

/// Reads JSON. A field named twice counts with its last value; no derived reader takes one, and no record is lost for it.
pub fn parse<T: DeserializeOwned>(json: &str) -> serde_json::Result<T> {
    let once = |error| canonical(json).ok().and_then(|once| serde_json::from_str(&once).ok()).ok_or(error);
    serde_json::from_str(json).or_else(once)
}

/// The frame of an answer as JSON, with everything in it.
pub fn frame<T: DeserializeOwned>(context: &str, body: &[u8]) -> Result<T, PlatformError> {
    let malformed = |what: &str| PlatformError::Malformed { context: format!("{context}, {what}") };
    let no_envelope = || malformed("not the JSON envelope");
    let body = std::str::from_utf8(body).map_err(|_| no_envelope())?;
    if !body.trim_start().starts_with('{') {
        return Err(no_envelope());
    }
    parse(body).map_err(|error| match error.classify() {
        // The parser's own words may quote a value, and the value may be a person's name.
        Category::Data => malformed(&format!("not in the documented shape, at column {}", error.column())),
        _ => no_envelope(),
    })
}

impl<T> Answer<T> {
    /// A success with its data; without them nobody could tell it from an answer misread.
    pub fn of(method: &str, data: Part<T>, body: &[u8]) -> Result<Self, PlatformError> {
        let malformed = |what: &str| Err(PlatformError::Malformed { context: format!("{method}: {what}") });
        match data {
            Part::Known(data) => Ok(Self { data, received_sha256: Sha256::digest(body).into() }),
            Part::Absent => malformed("success without data"),
            Part::Unreadable => malformed("data is not an object"),
        }
    }
}

/// An answer with something in it that it cannot do without, and that cannot be read.
pub fn malformed(method: &str, why: &Why) -> PlatformError {
    PlatformError::Malformed { context: format!("{method}: {}", why.en) }
}

/// The records of a page, those that are none being rejected; `row` counts from 1 and names them.
pub fn rows<W: Shape>(
    method: &str,
    name: &str,
    list: Part<Vec<Part<W>>>,
) -> Result<Vec<Result<W, Rejected>>, PlatformError> {
    let list = list.take(name).map_err(|why| malformed(method, &why))?;
    let record = |(i, part): (usize, Part<W>)| match part {
        Part::Known(wire) => Ok(wire),
        Part::Absent | Part::Unreadable => Err(Rejected {
            record_no: row_no(i + 1),
            reason: why!("这条记录不是一个对象", "record is not an object").to_string(),
            evidence: "{}".to_owned(),
        }),
    };
    Ok(list.into_iter().enumerate().map(record).collect())
}

/// A wire record as evidence: what the allow-list kept of it.
pub fn evidence<W: Serialize>(wire: &W) -> String {
    serde_json::to_string(wire).expect("texts and whole numbers can always be written")
}

/// A rejection of a record that was read.
pub fn reject(record_no: &Text, row: usize, why: &Why, evidence: String) -> Rejected {
    let record_no = record_no.get().map_or_else(|| row_no(row), str::to_owned);
    Rejected { record_no, reason: why.to_string(), evidence }
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
    /// Converts the records of a page, each for itself.
    pub fn of<W: Serialize>(
        rows: Vec<Result<W, Rejected>>,
        no: impl Fn(&W) -> &Text,
        convert: impl Fn(&W) -> Result<T, Why>,
    ) -> Self {
        let mut sorted = Self { records: Vec::with_capacity(rows.len()), rejected: Vec::new() };
        for (i, row) in rows.into_iter().enumerate() {
            match row {
                Ok(wire) => sorted.add(no(&wire), i + 1, convert(&wire), evidence(&wire)),
                Err(rejection) => sorted.rejected.push(rejection),
            }
        }
        sorted
    }

    /// Adds what became of one record: its conversion with the evidence for it, or the reason against it.
    pub fn add(&mut self, record_no: &Text, row: usize, converted: Result<T, Why>, evidence: String) {
        match converted {
            Ok(record) => self.records.push(Evidenced::new(record, evidence)),
            Err(why) => self.rejected.push(reject(record_no, row, &why, evidence)),
        }
    }
}

/// A moment in seconds; 0 is "has not happened".
pub fn moment(seconds: Int, name: &str) -> Result<Option<Instant>, Why> {
    match seconds.amount(name)? {
        0 => Ok(None),
        n => DateTime::from_timestamp(n, 0).map(Some).ok_or_else(|| no_time(name, n)),
    }
}

/// A moment in milliseconds; 0 is "has not happened".
pub fn moment_ms(milliseconds: Int, name: &str) -> Result<Option<Instant>, Why> {
    match milliseconds.amount(name)? {
        0 => Ok(None),
        n => DateTime::from_timestamp_millis(n).map(Some).ok_or_else(|| no_time(name, n)),
    }
}

fn no_time(name: &str, n: i64) -> Why {
    why!("{name} 不是时间（{n}）", "{name} is not a time ({n})")
}

/// A moment that must have happened.
pub fn happened(moment: Option<Instant>, name: &str) -> Result<Instant, Why> {
    moment.ok_or_else(|| missing(name))
}

/// An id that must be there.
pub fn id_of(text: &Text, name: &str) -> Result<String, Why> {
    optional_id_of(text, name)?.ok_or_else(|| missing(name))
}

/// An id where there is one. No platform numbers anything with control characters, and rows are told apart by them.
pub fn optional_id_of(text: &Text, name: &str) -> Result<Option<String>, Why> {
    match text.id() {
        Some(id) if id.contains(char::is_control) => {
            Err(why!("{name} 里有控制字符", "{name} holds control characters"))
        }
        id => Ok(id.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::platforms::fields::objects;

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(default)]
    struct Page {
        total: Int,
        list: Part<Vec<Part<Sample>>>,
        more: bool,
    }

    #[derive(Debug, Default, serde::Deserialize, serde::Serialize)]
    #[serde(default)]
    struct Sample {
        no: Text,
    }

    objects!(Page, Sample);

    #[test]
    fn a_record_that_is_none_is_rejected_alone() {
        let page: Page = frame("orders", br#" {"total":"4","list":[{"no":7},null,["7"],{"no":[]}]}"#).unwrap();
        assert_eq!(page.total, Int::Known(4));
        let Sorted { records, rejected } =
            Sorted::of(rows("orders", "list", page.list).unwrap(), |r| &r.no, |r| id_of(&r.no, "no"));
        let records: Vec<_> = records.iter().map(|r| (r.record.as_str(), &*r.evidence)).collect();
        assert_eq!(records, [("7", r#"{"no":"7"}"#)]);
        let rejected: Vec<_> = rejected.iter().map(|r| format!("{}: {}", r.record_no, r.reason)).collect();
        let no_object = "这条记录不是一个对象 / record is not an object";
        assert_eq!(
            rejected,
            [
                format!("第 2 行 / row 2: {no_object}"),
                format!("第 3 行 / row 3: {no_object}"),
                "第 4 行 / row 4: 缺少 no / no is missing".to_owned(),
            ]
        );
    }

    #[test]
    fn a_field_named_twice_counts_with_its_last_value() {
        let page: Page =
            frame("orders", br#"{"total":1,"list":[{"no":1,"no":20000000000000000001}],"total":2}"#).unwrap();
        assert_eq!(page.total, Int::Known(2));
        let sorted = Sorted::of(rows("orders", "list", page.list).unwrap(), |r| &r.no, |r| id_of(&r.no, "no"));
        assert_eq!(sorted.records[0].record, "20000000000000000001", "to the last digit");
    }

    #[test]
    fn an_answer_in_another_shape_is_malformed_and_quotes_nothing() {
        let error = |body: &str| frame::<Page>("orders: HTTP 200", body.as_bytes()).unwrap_err().to_string();
        for other in ["", "<html>", "[1]", r#"{"total":1"#] {
            assert!(error(other).contains("orders: HTTP 200, not the JSON envelope"), "{other}: {}", error(other));
        }
        let shape = error(r#"{"more":"Mr Wang"}"#);
        assert!(shape.contains("not in the documented shape, at column 17"), "{shape}");
        let page: Page = frame("orders", br#"{"list":"Mr Wang"}"#).unwrap();
        let list = rows("orders", "list", page.list).unwrap_err().to_string();
        assert!(list.contains("orders: list is not in the documented shape"), "{list}");
        let of = |data: Part<Page>| Answer::of("orders", data, b"").err().unwrap().to_string();
        assert!(of(Part::Absent).contains("orders: success without data"));
        assert!(of(Part::Unreadable).contains("orders: data is not an object"));
    }

    #[test]
    fn an_id_with_control_characters_is_refused_by_its_fields_name() {
        let read = |json: &str| serde_json::from_str::<Text>(json).unwrap();
        assert_eq!(id_of(&read(r#""69""#), "order_id").unwrap(), "69");
        assert_eq!(id_of(&read("0"), "order_id"), Err(missing("order_id")));
        assert_eq!(optional_id_of(&read("0"), "order_id"), Ok(None));
        for odd in [r#""6\u001f9""#, r#""6\u001e""#, r#""6\n9""#] {
            let why = id_of(&read(odd), "order_id").unwrap_err();
            assert_eq!(why.en, "order_id holds control characters", "{odd}");
        }
    }
}
