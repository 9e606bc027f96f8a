//! A table of people and their classes that a person keeps: CSV in any encoding or a workbook, columns found by their
//! names.
//!
//! It reads what was typed and judges nothing (`domain::training_sheet`).

use super::cells;
use super::heading::normalised;
use super::reading::Received;
use crate::domain::calendar::day_of;
use crate::domain::problem::{Mistake, Problem, Teaching};
use crate::domain::training_sheet::{FIELDS, TypedRow};
use std::ops::ControlFlow;

/// Rows the headings may stand in.
const HEADING_ROWS: usize = 20;
/// Rows of such a table; a longer one is refused, so that none is passed over.
pub const MOST_ROWS: usize = 500;

/// The rows of the table, in its order; a file without such a table is refused.
pub fn read(received: &mut Received) -> Result<Vec<TypedRow>, Problem> {
    let path = received.path.clone();
    let (mut found, mut typed) = (false, Vec::new());
    received.each_table(&mut |table| {
        let mut places: Option<Vec<usize>> = None;
        table?.rows(&mut |number, row| {
            let Some(places) = &places else {
                let headings: Vec<String> = row.iter().map(|cell| normalised(cell)).collect();
                let place = |heading: &str| headings.iter().position(|h| *h == normalised(heading));
                places = FIELDS.iter().map(|(_, heading)| place(heading)).collect();
                found |= places.is_some();
                let lost = places.is_none() && number >= HEADING_ROWS;
                return if lost { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            };
            let cell = |place: usize| cells::clean(row.get(places[place]).copied().unwrap_or(""));
            let days = [1, 3, 5].map(|place| day(cell(place)));
            let row = TypedRow::of([cell(0), &days[0], cell(2), &days[1], cell(4), &days[2]]);
            if !row.is_empty() {
                typed.push(row);
            }
            if typed.len() > MOST_ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(())
    })?;
    if !found {
        return Err(Teaching::NotATrainingSheet { path }.into());
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
    fn a_table_is_read_with_days_as_spreadsheets_write_them() {
        let heads = FIELDS.map(|(_, heading)| heading).join(",");
        let text = format!("{heads}\n甲,,规则,2026/2/1,4,\n,,,,,\n");
        let rows = read(&mut Received::new("t.csv", Cursor::new(text.into_bytes()))).unwrap();
        assert_eq!(rows, [TypedRow::of(["甲", "", "规则", "2026-02-01", "4", ""])]);
        let other = read(&mut Received::new("x.csv", Cursor::new(b"a,b\n1,2\n".to_vec()))).unwrap_err();
        assert_eq!(other, Teaching::NotATrainingSheet { path: "x.csv".into() }.into());
    }
}
