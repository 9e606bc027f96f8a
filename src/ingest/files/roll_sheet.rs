//! A list of households that a person filled in: CSV in any encoding or a workbook, columns found by their headings.
//!
//! It reads what was typed and judges nothing: what is wrong with a household is said where households are read
//! (`domain::roll`). Nothing of the file is kept.

use super::cells;
use super::heading::normalised;
use super::reading::Received;
use crate::domain::calendar::day_of;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::roll::{FIELDS, TypedHousehold};
use std::ops::ControlFlow;

/// Rows the headings may stand in.
const HEADING_ROWS: usize = 20;
/// Households of such a list; a longer one is refused, so that none is passed over.
pub const MOST_ROWS: usize = 2_000;
/// Places of the columns without which a list is none: name and village.
const NEEDED: [usize; 2] = [1, 4];
/// Places of the columns of days.
const DAYS: [usize; 2] = [6, 7];

/// The rows of the list with their number in the file, in its order; a file without such a list is refused.
pub fn read(received: &mut Received) -> Result<Vec<(usize, TypedHousehold)>, Problem> {
    let path = received.path.clone();
    let (mut found, mut typed) = (false, Vec::new());
    received.each_table(&mut |table| {
        let mut places: Option<[Option<usize>; FIELDS.len()]> = None;
        table?.rows(&mut |number, row| {
            let Some(places) = &places else {
                places = columns(row);
                found |= places.is_some();
                let lost = places.is_none() && number >= HEADING_ROWS;
                return if lost { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            };
            let mut household = TypedHousehold::default();
            for (index, (field, _)) in FIELDS.iter().enumerate() {
                let cell = places[index].and_then(|place| row.get(place)).map_or("", |cell| cells::clean(cell));
                let value = if DAYS.contains(&index) { day(cell) } else { cell.to_owned() };
                household.set(field, &value);
            }
            if !household.is_none() {
                typed.push((number, household));
            }
            if typed.len() > MOST_ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(())
    })?;
    if !found {
        return Err(Mistake::NotARoll { path }.into());
    }
    if typed.len() > MOST_ROWS {
        return Err(Mistake::LongMappingSheet { path, most: MOST_ROWS }.into());
    }
    if typed.is_empty() { Err(Problem::NoRows { path }) } else { Ok(typed) }
}

/// Where each column is, if the row holds the headings of such a list.
fn columns(row: &[&str]) -> Option<[Option<usize>; FIELDS.len()]> {
    let headings: Vec<String> = row.iter().map(|cell| normalised(cell)).collect();
    let places = FIELDS.map(|(_, names)| {
        names.iter().find_map(|name| headings.iter().position(|heading| *heading == normalised(name)))
    });
    NEEDED.iter().all(|&needed| places[needed].is_some()).then_some(places)
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
    fn a_list_is_read_by_its_headings_in_any_order_and_the_example_is_passed_over() {
        let text = "某村花名册\n序号,户主姓名,所在村,手机号码,认定日期\n1,示例（删除）,,,\n2,陈示范,丰林村,13800000042,2021/1/5\n,,,,\n";
        let rows = read(&mut Received::new("h.csv", Cursor::new(text.as_bytes().to_vec()))).unwrap();
        let [(number, household)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((*number, household.name.as_str(), household.village.as_str()), (4, "陈示范", "丰林村"));
        assert_eq!((household.phone.as_str(), household.category_from.as_str()), ("13800000042", "2021-01-05"));
    }

    #[test]
    fn a_file_without_names_and_villages_is_no_list() {
        let other =
            read(&mut Received::new("x.csv", Cursor::new("订单号,金额\n1,2\n".as_bytes().to_vec()))).unwrap_err();
        assert_eq!(other, Mistake::NotARoll { path: "x.csv".into() }.into());
        let empty = read(&mut Received::new("x.csv", Cursor::new("姓名,村\n".as_bytes().to_vec()))).unwrap_err();
        assert_eq!(empty, Problem::NoRows { path: "x.csv".into() });
    }
}
