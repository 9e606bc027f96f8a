//! A table of baselines that a person filled in: CSV in any encoding or a workbook, columns found by their names.
//!
//! It reads what was typed and judges nothing: what is wrong with a price is said where prices are read
//! (`domain::price_book`). A row without amounts is a row nobody filled in.

use super::cells;
use super::heading::normalised;
use super::reading::Received;
use crate::domain::calendar::day_of;
use crate::domain::price_book::{FIELDS, TypedPrice};
use crate::domain::problem::{Mistake, Problem};
use std::ops::ControlFlow;

/// Rows the headings may stand in.
const HEADING_ROWS: usize = 20;
/// Rows of such a table; a longer one is refused, so that none is passed over.
const MOST_ROWS: usize = 500;

/// The rows of the table, in its order; a file without such a table is refused.
pub fn read(received: &mut Received) -> Result<Vec<TypedPrice>, Problem> {
    let path = received.path.clone();
    let (mut found, mut typed) = (false, Vec::new());
    received.each_table(&mut |table| {
        let mut places: Option<Vec<usize>> = None;
        table?.rows(&mut |number, row| {
            let Some(places) = &places else {
                let headings: Vec<String> = row.iter().map(|cell| normalised(cell)).collect();
                places =
                    FIELDS.iter().map(|(_, heading)| headings.iter().position(|h| *h == normalised(heading))).collect();
                found |= places.is_some();
                let lost = places.is_none() && number >= HEADING_ROWS;
                return if lost { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            };
            let cell = |place: usize| cells::clean(row.get(places[place]).copied().unwrap_or(""));
            let (from, to) = (day(cell(2)), day(cell(3)));
            let price = TypedPrice::of([cell(0), cell(1), &from, &to, cell(4), cell(5), cell(6), cell(7), cell(8)]);
            if !price.is_empty() {
                typed.push(price);
            }
            if typed.len() > MOST_ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(())
    })?;
    if !found {
        return Err(Mistake::NotAPriceSheet { path }.into());
    }
    if typed.len() > MOST_ROWS {
        return Err(Mistake::LongMappingSheet { path, most: MOST_ROWS }.into());
    }
    if typed.is_empty() { Err(Problem::NoRows { path }) } else { Ok(typed) }
}

/// A day as spreadsheets write it, as a form has it; what is none stays as it is and is said to be wrong later.
fn day(cell: &str) -> String {
    match cells::instant(cell) {
        Ok(Some(at)) => day_of(at).to_string(),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_filled_in_table_is_read_and_empty_rows_are_none() {
        let heads = FIELDS.map(|(_, heading)| heading).join(",");
        let text =
            format!("{heads}\nkumquat,360827,2026/1/5,2026-01-11,2.88,3.2,3.52,,三家平均\nkumquat,360827,,,,,,,\n");
        let rows = read(&mut Received::new("p.csv", Cursor::new(text.into_bytes()))).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].from.as_str(), rows[0].mid.as_str()), ("2026-01-05", "3.2"));
        let other = read(&mut Received::new("x.csv", Cursor::new(b"a,b\n1,2\n".to_vec()))).unwrap_err();
        assert_eq!(other, Mistake::NotAPriceSheet { path: "x.csv".into() }.into());
    }
}
