//! A list of households that a person filled in, by whatever headings such lists have; what is wrong with a household is
//! said where households are read (`domain::roll`). Nothing of the file is kept.

use super::filled_in::{self, Headings, cell, day};
use super::reading::Received;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::roll::{FIELDS, TypedHousehold};

/// Households of such a list.
pub const MOST_ROWS: usize = 2_000;
/// Places of the columns without which a list is none: name and village.
const NEEDED: [usize; 2] = [1, 4];
/// Places of the columns of days.
const DAYS: [usize; 2] = [6, 7];

/// Where each column is, of those the list has.
type Places = [Option<usize>; FIELDS.len()];

/// The rows of the list with their number in the file, in its order.
pub fn read(received: &mut Received) -> Result<Vec<(usize, TypedHousehold)>, Problem> {
    filled_in::read(received, MOST_ROWS, columns, household, |path| Mistake::NotARoll { path }.into())
}

fn columns(headings: &Headings) -> Option<Places> {
    let places = FIELDS.map(|(_, names)| names.iter().find_map(|name| headings.place(name)));
    NEEDED.iter().all(|&needed| places[needed].is_some()).then_some(places)
}

fn household(places: &Places, row: &[&str]) -> Option<TypedHousehold> {
    let mut household = TypedHousehold::default();
    for (index, (field, _)) in FIELDS.iter().enumerate() {
        let cell = places[index].map_or("", |place| cell(row, place));
        let value = if DAYS.contains(&index) { day(cell) } else { cell.to_owned() };
        household.set(field, &value);
    }
    (!household.is_none()).then_some(household)
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
