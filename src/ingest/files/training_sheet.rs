//! A table of people and their classes that a person keeps; what is wrong with a row is said by `domain::training_sheet`.

use super::filled_in::{self, cell, day};
use super::reading::Received;
use crate::domain::problem::{Problem, Teaching};
use crate::domain::training_sheet::{FIELDS, TypedRow};

/// Rows of such a table.
pub const MOST_ROWS: usize = 500;

/// The rows of the table, in its order.
pub fn read(received: &mut Received) -> Result<Vec<TypedRow>, Problem> {
    let rows = filled_in::read(
        received,
        MOST_ROWS,
        |headings| FIELDS.iter().map(|(_, heading)| headings.place(heading)).collect::<Option<Vec<usize>>>(),
        |places, row| {
            let cell = |column: usize| cell(row, places[column]);
            let days = [1, 3, 5].map(|column| day(cell(column)));
            let row = TypedRow::of([cell(0), &days[0], cell(2), &days[1], cell(4), &days[2]]);
            (!row.is_empty()).then_some(row)
        },
        |path| Teaching::NotATrainingSheet { path }.into(),
    )?;
    Ok(rows.into_iter().map(|(_, row)| row).collect())
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
