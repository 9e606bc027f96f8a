//! What people type into forms, text by text: there, not too long, a number within bounds. In the words of the training
//! desk, whose forms these are.

use crate::domain::problem::{Problem, Teaching};

/// Letters of the longest name, and of the longest other text.
pub const LONGEST_NAME: usize = 40;
pub const LONGEST_TEXT: usize = 200;

/// A text that has to be there, and not too long.
pub fn text(text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most {
        return Err(Teaching::TextMissing.into());
    }
    Ok(text.to_owned())
}

/// A whole number within bounds.
pub fn number(typed: &str, least: i64, most: i64) -> Result<i64, Problem> {
    let read = typed.trim().parse().ok().filter(|number| (least..=most).contains(number));
    read.ok_or_else(|| Teaching::BadNumber { text: typed.trim().to_owned(), least, most }.into())
}

/// One of a few things that are chosen from.
pub fn choice<T>(typed: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
    parse(typed).ok_or_else(|| Teaching::TextMissing.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn texts_and_numbers_are_held_to_their_bounds() {
        assert_eq!(text(" x ", 3).unwrap(), "x");
        assert!(text(" ", 3).is_err() && text("abcd", 3).is_err());
        assert_eq!(number(" 7 ", 0, 9).unwrap(), 7);
        assert!(number("10", 0, 9).is_err() && number("x", 0, 9).is_err());
    }
}
