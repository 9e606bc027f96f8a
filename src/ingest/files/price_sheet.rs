//! A table of baselines that a person filled in. A row without amounts is a row nobody filled in; what is wrong with a price
//! is said where prices are read (`domain::price_book`).

use super::filled_in::{self, cell, day};
use super::reading::Received;
use crate::domain::price_book::{FIELDS, TypedPrice};
use crate::domain::problem::{Mistake, Problem};

/// Rows of such a table.
const MOST_ROWS: usize = 500;

/// The rows of the table, in its order.
pub fn read(received: &mut Received) -> Result<Vec<TypedPrice>, Problem> {
    let rows = filled_in::read(
        received,
        MOST_ROWS,
        |headings| FIELDS.iter().map(|(_, heading)| headings.place(heading)).collect::<Option<Vec<usize>>>(),
        |places, row| {
            let cell = |column: usize| cell(row, places[column]);
            let (from, to) = (day(cell(2)), day(cell(3)));
            let price = TypedPrice::of([cell(0), cell(1), &from, &to, cell(4), cell(5), cell(6), cell(7), cell(8)]);
            (!price.is_empty()).then_some(price)
        },
        |path| Mistake::NotAPriceSheet { path }.into(),
    )?;
    Ok(rows.into_iter().map(|(_, price)| price).collect())
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
