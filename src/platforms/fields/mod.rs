//! Single values in a platform's answer, read as they really come: numbers as text, text as numbers, null, or absent.
//!
//! Rule: a value that is not what it should be does not sink its record's parsing: it is kept as unreadable, so that
//! the rejection can name the field, and is never written into evidence, where anything might stand in it.
//!
//! Ids are always text: 19 digits do not fit the numbers of most JSON readers, and ours must not pretend they do.
//!
//! Why through `RawValue`: it hands over the literal without building anything, and numbers keep every digit.

mod part;

pub(crate) use part::objects;
pub use part::{Part, Shape};

use super::why::{Why, why};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// Amounts beyond this are not amounts; below it, no sum over a record can overflow. Fen: a hundred billion yuan.
const MAX_INT: u64 = 10_000_000_000_000;

/// A field that may be left out when a record is written as evidence.
pub trait Field {
    fn is_absent(&self) -> bool;
}

/// A whole number: an amount in fen, a count, or a second since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Int {
    #[default]
    Absent,
    Known(i64),
    /// There is a value, and it is not a whole number of a believable size.
    Unreadable,
}

impl Int {
    fn read(literal: &str) -> Self {
        let digits = literal.trim_matches('"');
        match digits.parse::<i64>() {
            Ok(n) if n.unsigned_abs() <= MAX_INT => Self::Known(n),
            _ if matches!(digits, "" | "null") => Self::Absent,
            _ => Self::Unreadable,
        }
    }

    /// The number where there is one; the error names the field.
    pub fn get(self, name: &str) -> Result<Option<i64>, Why> {
        match self {
            Self::Absent => Ok(None),
            Self::Known(n) => Ok(Some(n)),
            Self::Unreadable => Err(why!("{name} 不是整数", "{name} is not a whole number")),
        }
    }

    /// The number, nothing being 0; below 0 is an error.
    pub fn amount(self, name: &str) -> Result<i64, Why> {
        match self.get(name)?.unwrap_or_default() {
            n if n < 0 => Err(why!("{name} 是负数（{n}）", "{name} is negative ({n})")),
            n => Ok(n),
        }
    }
}

impl Field for Int {
    fn is_absent(&self) -> bool {
        !matches!(self, Self::Known(_))
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::read(<&'de RawValue>::deserialize(deserializer)?.get()))
    }
}

impl Serialize for Int {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(n) => serializer.serialize_i64(*n),
            Self::Absent | Self::Unreadable => serializer.serialize_none(),
        }
    }
}

/// True or false.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Flag {
    #[default]
    Absent,
    Known(bool),
    /// There is a value, and it is neither.
    Unreadable,
}

impl Flag {
    /// The answer where there is one; the error names the field.
    pub fn get(self, name: &str) -> Result<Option<bool>, Why> {
        match self {
            Self::Absent => Ok(None),
            Self::Known(answer) => Ok(Some(answer)),
            Self::Unreadable => Err(why!("{name} 不是 true 或 false", "{name} is neither true nor false")),
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match <&'de RawValue>::deserialize(deserializer)?.get() {
            "true" => Self::Known(true),
            "false" => Self::Known(false),
            "null" => Self::Absent,
            _ => Self::Unreadable,
        })
    }
}

/// A text, or a number kept as its digits: names, statuses, ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(Option<String>);

impl Text {
    /// No text.
    pub const NONE: Self = Self(None);

    fn read(literal: &str) -> Self {
        Self(match literal.as_bytes().first() {
            Some(b'"') if literal.contains('\\') => serde_json::from_str(literal).ok(),
            Some(b'"') => Some(literal[1..literal.len() - 1].to_owned()),
            Some(b'0'..=b'9' | b'-') => Some(literal.to_owned()),
            _ => None,
        })
    }

    /// The text where there is one that is not empty.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    /// The text, or nothing.
    pub fn or_empty(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The text as an id: `0` is how platforms say that there is none.
    pub fn id(&self) -> Option<&str> {
        self.get().filter(|text| *text != "0")
    }
}

impl Field for Text {
    fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::read(<&'de RawValue>::deserialize(deserializer)?.get()))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A text that is read and never written: it counts as absent in evidence.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Unkept(Text);

impl Unkept {
    /// The id where there is one.
    pub fn id(&self) -> Option<&str> {
        self.0.id()
    }
}

impl Field for Unkept {
    fn is_absent(&self) -> bool {
        true
    }
}

impl Serialize for Unkept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

impl fmt::Debug for Unkept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unkept")
    }
}

/// Declares what a platform sends and may be kept, field by field: the allow-list.
///
/// Everything may be missing, what is not named is skipped, and what is absent is not written. Fields stand in the
/// alphabet's order, so that a record written out is canonical JSON (a test holds each declaration to it). Attributes
/// after the description are the structure's: a platform that writes `likeThis` says so once.
macro_rules! allow_list {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty,)* }) => {
        #[derive(Debug, Default, serde::Deserialize, serde::Serialize)]
        #[serde(default)]
        $(#[$doc])*
        pub struct $name {
            $(
                #[serde(skip_serializing_if = "crate::platforms::fields::Field::is_absent")]
                pub $field: $kind,
            )*
        }

        crate::platforms::fields::objects!($name);

        #[cfg(test)]
        impl $name {
            /// The names, for the tests that hold every allow-list to its rules.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }
    };
}
pub(crate) use allow_list;

#[cfg(test)]
mod tests {
    use super::*;

    allow_list! {
        Sample {
            buyer_no: Unkept,
            name: Text,
            no: Text,
            paid_fen: Int,
        }
    }

    fn read(json: &str) -> Sample {
        serde_json::from_str(json).expect("parses")
    }

    #[test]
    fn numbers_and_texts_are_read_either_way() {
        let sample = read(r#"{"paid_fen":"4990","no":6936476692437472563,"name":"a\u0026\"b","x":{"y":[1]}}"#);
        assert_eq!(sample.paid_fen, Int::Known(4990));
        assert_eq!((sample.no.id(), sample.name.get()), (Some("6936476692437472563"), Some("a&\"b")));
        let sample = read(r#"{"paid_fen":null,"no":0,"name":{"odd":1}}"#);
        assert_eq!((sample.paid_fen, sample.no.id(), sample.name.get()), (Int::Absent, None, None));
    }

    #[test]
    fn what_is_not_a_whole_number_names_its_field_and_is_not_evidence() {
        for odd in ["1.5", "\"13800000000x\"", "true", "99999999999999999", "[1]"] {
            let sample = read(&format!("{{\"paid_fen\":{odd}}}"));
            let why = sample.paid_fen.get("paid_fen").expect_err("no number");
            assert_eq!(why.to_string(), "paid_fen 不是整数 / paid_fen is not a whole number", "{odd}");
            assert_eq!(serde_json::to_string(&sample).expect("writes"), "{}", "{odd}");
        }
        assert!(Int::Known(-1).amount("paid_fen").is_err());
    }

    #[test]
    fn an_allow_list_knows_its_fields() {
        assert_eq!(Sample::FIELDS, ["buyer_no", "name", "no", "paid_fen"]);
    }

    #[test]
    fn a_buyer_is_read_and_never_written() {
        let sample = read(r#"{"buyer_no":"b-1","no":"7"}"#);
        assert_eq!(sample.buyer_no.id(), Some("b-1"));
        assert_eq!(serde_json::to_string(&sample).expect("writes"), r#"{"no":"7"}"#);
        assert!(!format!("{sample:?}").contains("b-1"));
    }
}
