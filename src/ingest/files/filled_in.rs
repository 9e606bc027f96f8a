//! A table that a person filled in: CSV in any encoding or a workbook, columns found by their headings, wherever these
//! stand in the first rows.
//!
//! It reads what was typed and judges nothing: what is wrong with a row is said where its kind of row is read. A longer table
//! than is read is refused whole, so that no row is passed over; a file without such a table, or without a row, is refused.

use super::cells;
use super::heading::normalised;
use super::reading::Received;
use crate::domain::calendar::day_of;
use crate::domain::problem::{Mistake, Problem};
use std::ops::ControlFlow;

/// Rows the headings may stand in.
const HEADING_ROWS: usize = 20;

/// A row of headings, as they are compared.
pub struct Headings(Vec<String>);

impl Headings {
    /// Where the column of a name is.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|heading| *heading == normalised(name))
    }
}

/// The rows of the tables in a file, with their numbers: `places` finds the columns in a row of headings, `row` reads a row
/// by them and passes over one that nobody filled in, `lacking` is what to say of a file without such a table.
pub fn read<P, T>(
    received: &mut Received,
    most: usize,
    places: impl Fn(&Headings) -> Option<P>,
    row: impl Fn(&P, &[&str]) -> Option<T>,
    lacking: impl FnOnce(String) -> Problem,
) -> Result<Vec<(usize, T)>, Problem> {
    let path = received.path.clone();
    let (mut is_there, mut rows) = (false, Vec::new());
    received.each_table(&mut |table| {
        let mut found: Option<P> = None;
        table?.rows(&mut |number, cells| {
            let Some(found) = &found else {
                found = places(&Headings(cells.iter().map(|cell| normalised(cell)).collect()));
                is_there |= found.is_some();
                let lost = found.is_none() && number >= HEADING_ROWS;
                return if lost { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            };
            rows.extend(row(found, cells).map(|row| (number, row)));
            if rows.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(())
    })?;
    if !is_there {
        return Err(lacking(path));
    }
    if rows.len() > most {
        return Err(Mistake::LongMappingSheet { path, most }.into());
    }
    if rows.is_empty() { Err(Problem::NoRows { path }) } else { Ok(rows) }
}

/// What stands in a column, without what spreadsheets put around it.
pub fn cell<'r>(row: &[&'r str], place: usize) -> &'r str {
    cells::clean(row.get(place).copied().unwrap_or(""))
}

/// A day as spreadsheets write it, as a form has it; what is none stays as it is and is said to be wrong later.
pub fn day(cell: &str) -> String {
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

    fn rows_of(text: &str, most: usize) -> Result<Vec<(usize, String)>, Problem> {
        let filled = |place: &usize, row: &[&str]| Some(cell(row, *place).to_owned()).filter(|text| !text.is_empty());
        let mut received = Received::new("f.csv", Cursor::new(text.as_bytes().to_vec()));
        read(&mut received, most, |heads| heads.place("姓名"), filled, |path| Problem::NoRows { path })
    }

    #[test]
    fn headings_stand_below_a_title_and_a_longer_table_is_refused_whole() {
        let list = "某村花名册,\n序号,姓名\n1,甲\n2,\n3,乙\n";
        assert_eq!(rows_of(list, 2).unwrap(), [(3, "甲".to_owned()), (5, "乙".to_owned())]);
        assert_eq!(rows_of(list, 1).unwrap_err(), Mistake::LongMappingSheet { path: "f.csv".into(), most: 1 }.into());
        assert!(rows_of("序号,金额\n1,2\n", 2).is_err() && rows_of("姓名\n", 2).is_err());
    }

    #[test]
    fn a_day_is_written_as_a_form_has_it_and_what_is_none_stays() {
        assert_eq!((day("2026/2/1"), day("二月")), ("2026-02-01".into(), "二月".into()));
    }
}
