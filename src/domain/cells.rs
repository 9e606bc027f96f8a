//! Text on its way into a spreadsheet: a cell that begins like a formula is made plain text.
//!
//! A product's title comes from a platform and a household's name from a form; `=HYPERLINK(…)` in either would run in
//! the reader's spreadsheet. Only cells of text go through here: a negative amount is a number and stays one.

use std::borrow::Cow;

/// What spreadsheets take for the beginning of a formula; tabs and line ends before it do not help.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The text, with an apostrophe before it where a spreadsheet would compute it.
pub fn plain(text: &str) -> Cow<'_, str> {
    let computed = text.starts_with(FORMULA) || text.trim_start().starts_with(FORMULA);
    if computed { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for formula in ["=1+1", "+86", "-cmd", "@sum", "\t=1", " =1", "\r\n=1"] {
            assert_eq!(plain(formula), format!("'{formula}"));
        }
        for text in ["金桔 5斤", "360827100", "2026-01", ""] {
            assert_eq!(plain(text), text);
        }
    }
}
