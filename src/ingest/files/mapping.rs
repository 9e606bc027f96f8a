//! A table of unmatched goods that a person filled in: which listing each SKU is.
//!
//! Read like any file, so CSV in any encoding and workbooks will do; columns are found by their names. A row without a
//! listing is a row nobody decided on yet. Numbers that a spreadsheet ruined are refused.

use super::cells;
use super::heading::normalised;
use super::reading::{Received, Table};
use crate::domain::county::MappingDoc;
use crate::domain::problem::{Mistake, Problem};
use std::ops::ControlFlow;

/// The names of the columns, as the table that is handed out has them.
pub const SHOP: &str = "店铺编号 shop";
pub const PRODUCT_NO: &str = "商品号 product_no";
pub const SKU_NO: &str = "规格号 sku_no";
pub const LISTING: &str = "货品编号 listing";
/// Rows the headings may stand in.
const HEADING_ROWS: usize = 20;
/// Rows of such a table; a longer one is refused, so that none is passed over.
const MOST_ROWS: usize = 20_000;

/// What a person filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilledIn {
    pub mappings: Vec<MappingDoc>,
    /// Rows without a listing.
    pub undecided: usize,
    /// Row and why it cannot be used.
    pub rejected: Vec<(usize, String)>,
}

/// Reads it; a file without such a table is refused.
pub fn read(received: &mut Received) -> Result<FilledIn, Problem> {
    let path = received.path.clone();
    let mut filled_in = None;
    received.each_table(&mut |table| {
        let table = table?;
        if filled_in.is_none() {
            filled_in = read_table(&path, table)?;
        }
        Ok(())
    })?;
    filled_in.ok_or(Problem::from(Mistake::NotAMappingSheet { path }))
}

/// Where the columns stand.
struct Places {
    shop: usize,
    product_no: usize,
    sku_no: usize,
    listing: usize,
}

impl Places {
    fn of(cells: &[&str]) -> Option<Self> {
        let plain: Vec<String> = cells.iter().map(|cell| normalised(cell)).collect();
        let place = |name: &str| plain.iter().position(|cell| *cell == normalised(name));
        Some(Self {
            shop: place(SHOP)?,
            product_no: place(PRODUCT_NO)?,
            sku_no: place(SKU_NO)?,
            listing: place(LISTING)?,
        })
    }
}

fn read_table(path: &str, table: &mut dyn Table) -> Result<Option<FilledIn>, Problem> {
    let mut places: Option<Places> = None;
    let mut filled_in = FilledIn::default();
    let mut rows = 0;
    table.rows(&mut |number, cells| {
        let Some(at) = &places else {
            places = Places::of(cells);
            return if places.is_none() && number >= HEADING_ROWS {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            };
        };
        rows += 1;
        if rows > MOST_ROWS {
            return ControlFlow::Break(());
        }
        let cell = |place: usize| cells::clean(cells.get(place).copied().unwrap_or(""));
        let listing = cell(at.listing);
        if listing.is_empty() {
            filled_in.undecided += 1;
        } else {
            match mapping(cell(at.shop), cell(at.product_no), cell(at.sku_no), listing) {
                Ok(mapping) => filled_in.mappings.push(mapping),
                Err(why) => filled_in.rejected.push((number, why)),
            }
        }
        ControlFlow::Continue(())
    })?;
    if rows > MOST_ROWS {
        return Err(Mistake::LongMappingSheet { path: path.to_owned(), most: MOST_ROWS }.into());
    }
    Ok(places.map(|_| filled_in))
}

fn mapping(shop: &str, product_no: &str, sku_no: &str, listing: &str) -> Result<MappingDoc, String> {
    let product_no = cells::id(product_no)?.to_owned();
    let sku_no = if sku_no.is_empty() { String::new() } else { cells::id(sku_no)?.to_owned() };
    if [&product_no, &sku_no].into_iter().any(|no| cells::rounded_tail(no) == Some(true)) {
        return Err("编号的末尾被电子表格改成了零 / a spreadsheet has rounded the number".to_owned());
    }
    Ok(MappingDoc { shop: shop.to_owned(), product_no, sku_no, listing: listing.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn sheet(rows: usize) -> Received {
        let mut lines = vec![format!("{SHOP},{PRODUCT_NO},{SKU_NO},{LISTING}")];
        lines.extend((1..=rows).map(|n| format!("dy1,{n},,k5")));
        Received::new("填好.csv", Cursor::new(lines.join("\n").into_bytes()))
    }

    #[test]
    fn a_longer_table_than_one_is_read_is_refused_whole() {
        assert_eq!(read(&mut sheet(MOST_ROWS)).unwrap().mappings.len(), MOST_ROWS);
        let refused = read(&mut sheet(MOST_ROWS + 1)).unwrap_err();
        assert_eq!(refused, Mistake::LongMappingSheet { path: "填好.csv".into(), most: MOST_ROWS }.into());
    }
}
