//! What a form sends, field by field, in its order.

use super::form::typed_day;
use crate::domain::calendar::Day;
use crate::domain::problem::Problem;
use crate::services::typed;
use serde::Deserialize;

/// The fields as they came.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field's text; '' where it was not sent.
    pub fn text<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    /// All of them.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.trim()))
    }

    /// Every value of a field that is sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Fields whose names begin so and go on with a number, as `seat7` does.
    pub fn numbered<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (i64, &'a str)> {
        self.0.iter().filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?.parse().ok()?, value.trim())))
    }

    pub fn day(&self, name: &str) -> Result<Day, Problem> {
        typed_day(self.text(name))
    }

    /// A day that may be left out.
    pub fn optional_day(&self, name: &str) -> Result<Option<Day>, Problem> {
        if self.text(name).is_empty() { Ok(None) } else { self.day(name).map(Some) }
    }

    pub fn number(&self, name: &str, least: i64, most: i64) -> Result<i64, Problem> {
        typed::number(self.text(name), least, most)
    }

    /// One of a few things that are chosen from.
    pub fn choice<T>(&self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
        typed::choice(self.text(name), parse)
    }

    /// A row's number; 0 where none was chosen.
    pub fn id(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_and_by_number() {
        let of = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let fields = Fields([("who", "1"), ("who", "2"), ("seat7", " present "), ("seatx", "y")].map(of).into());
        assert_eq!(fields.all("who").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.numbered("seat").collect::<Vec<_>>(), [(7, "present")]);
        assert_eq!(fields.optional_day("to"), Ok(None));
        assert!(fields.day("to").is_err() && fields.id("to") == 0);
        let word = |text: &str| (text == "2").then_some("two");
        assert!(fields.choice("who", word).is_err() && fields.choice("none", word).is_err());
    }
}
