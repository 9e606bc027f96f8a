//! Records and lists inside a record.
//!
//! They are read where they stand: an answer is long, and a second look at it costs as much as the first.

use super::{Field, Text};
use crate::platforms::why::{Why, misshapen};
use serde::de::{DeserializeSeed, IgnoredAny, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A record or a list inside a record. One that is not in the documented shape is unreadable as a whole.
#[derive(Debug, Default)]
pub enum Part<T> {
    #[default]
    Absent,
    Known(T),
    /// There is a value of another shape.
    Unreadable,
}

impl<T> Part<T> {
    /// The part where there is one; the error names the field.
    pub fn get(&self, name: &str) -> Result<Option<&T>, Why> {
        match self {
            Self::Absent => Ok(None),
            Self::Known(part) => Ok(Some(part)),
            Self::Unreadable => Err(misshapen(name)),
        }
    }

    /// The part itself, nothing being an empty one; the error names the field.
    pub fn take(self, name: &str) -> Result<T, Why>
    where
        T: Default,
    {
        match self {
            Self::Absent => Ok(T::default()),
            Self::Known(part) => Ok(part),
            Self::Unreadable => Err(misshapen(name)),
        }
    }

    /// The part, where it is of no weight that it cannot be read.
    pub const fn ok(&self) -> Option<&T> {
        match self {
            Self::Known(part) => Some(part),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

impl<T> Field for Part<T> {
    fn is_absent(&self) -> bool {
        !matches!(self, Self::Known(_))
    }
}

/// What a part can be: an object or a list, read where it stands. `None`: it is the other one, or holds what it must not,
/// and has been passed over.
pub trait Shape: Default {
    fn of_object<'de, A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        IgnoredAny.visit_map(object).map(|_| None)
    }

    fn of_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        IgnoredAny.visit_seq(list).map(|_| None)
    }
}

/// Declares that structures stand for objects; an array would otherwise be taken for their fields in their order.
macro_rules! objects {
    ($($name:ty),* $(,)?) => {
        $(impl crate::platforms::fields::Shape for $name {
            fn of_object<'de, A: serde::de::MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
                serde::Deserialize::deserialize(serde::de::value::MapAccessDeserializer::new(object)).map(Some)
            }
        })*
    };
}
pub(crate) use objects;

/// A list of records; one that is none makes the list unreadable.
impl<T: Shape> Shape for Vec<T> {
    fn of_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut records = Some(Self::new());
        while let Some(part) = list.next_element::<Part<T>>()? {
            match (part, &mut records) {
                (Part::Known(record), Some(records)) => records.push(record),
                _ => records = None,
            }
        }
        Ok(records)
    }
}

/// The records of a page, each for itself: one that is none does not spoil the page.
impl<T: Shape> Shape for Vec<Part<T>> {
    fn of_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        values(list)
    }
}

impl Shape for Vec<Text> {
    fn of_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        values(list)
    }
}

fn values<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Vec<T>>, A::Error> {
    let mut values = Vec::with_capacity(list.size_hint().unwrap_or_default());
    while let Some(value) = list.next_element()? {
        values.push(value);
    }
    Ok(Some(values))
}

impl<'de, T: Shape> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PartVisitor(PhantomData))
    }
}

struct PartVisitor<T>(PhantomData<T>);

/// How `serde_json` hands over a number that no integer of Rust's holds: as an object with one member of this name.
const NUMBER: &str = "$serde_json::private::Number";

/// An object whose first name has been looked at.
struct Begun<A> {
    first: Option<String>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Begun<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(name) => seed.deserialize(name.into_deserializer()).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}

impl<'de, T: Shape> Visitor<'de> for PartVisitor<T> {
    type Value = Part<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Part<T>, A::Error> {
        let first: Option<String> = object.next_key()?;
        if first.as_deref() == Some(NUMBER) {
            object.next_value::<IgnoredAny>()?;
            return Ok(Part::Unreadable);
        }
        Ok(T::of_object(Begun { first, rest: object })?.map_or(Part::Unreadable, Part::Known))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Part<T>, A::Error> {
        Ok(T::of_list(list)?.map_or(Part::Unreadable, Part::Known))
    }

    fn visit_unit<E>(self) -> Result<Part<T>, E> {
        Ok(Part::Absent)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Part<T>, E> {
        Ok(Part::Unreadable)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Part<T>, E> {
        Ok(Part::Unreadable)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Part<T>, E> {
        Ok(Part::Unreadable)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Part<T>, E> {
        Ok(Part::Unreadable)
    }

    fn visit_str<E>(self, _: &str) -> Result<Part<T>, E> {
        Ok(Part::Unreadable)
    }
}

impl<T: Serialize> Serialize for Part<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ok().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize, Serialize)]
    #[serde(default)]
    struct Sample {
        no: Text,
    }

    objects!(Sample);

    #[test]
    fn a_part_of_another_shape_does_not_sink_what_it_is_in() {
        let read = |json: &str| serde_json::from_str::<Part<Vec<Sample>>>(json).expect("parses");
        for odd in [r#""x""#, "7", "-7", "0.7", "true", "{}", r#"[{},"x"]"#, "[null]", r#"[["n","b"]]"#] {
            assert!(read(odd).get("list").is_err(), "{odd}");
        }
        let record = |json: &str| serde_json::from_str::<Part<Sample>>(json).expect("parses");
        for odd in [r#""x""#, "7", "-0", "0.7", "123456789012345678901", "1e3", "false", "[]", r#"["n"]"#] {
            assert!(record(odd).get("record").is_err(), "{odd}");
        }
        assert!(record("{}").ok().is_some() && record("null").get("record").expect("absent").is_none());
        assert_eq!(record(r#"{"no":1,"x":0.7}"#).ok().and_then(|sample| sample.no.get()), Some("1"));
        assert!(read("null").get("list").expect("absent").is_none());
        assert_eq!(read(r#"[{"no":1}]"#).ok().map(Vec::len), Some(1));
        assert_eq!(serde_json::to_string(&read(r#""x""#)).expect("writes"), "null");
    }
}
