//! A workbook: sheets of cells in which sums are formulas. Beside each formula stands what it comes to, exactly, so that a
//! reader that computes nothing shows the same as one that does.
//!
//! Amounts go in as exact decimals; text is written as text and never computed. The same sheets are the same bytes: the
//! workbook's date is the one it is told.

use crate::domain::calendar::Instant;
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError, utility::row_col_to_cell,
};

/// Digits after the point of yuan, of kilograms, of a share.
const YUAN_DIGITS: u32 = 2;
const WEIGHT_DIGITS: u32 = 3;
const SHARE_DIGITS: u32 = 4;

/// How a whole number is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Count,
    /// Fen, shown as yuan.
    Fen,
    /// Grams, shown as kilograms.
    Grams,
    /// Basis points, shown as percent.
    Share,
}

impl Unit {
    /// That of a figure, by the ending of its key.
    pub fn of(key: &str) -> Self {
        match key.rsplit_once('_') {
            Some((_, "fen")) => Self::Fen,
            Some((_, "g")) => Self::Grams,
            Some((_, "bp")) => Self::Share,
            _ => Self::Count,
        }
    }

    /// The ending that names it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Fen => "fen",
            Self::Grams => "g",
            Self::Share => "bp",
        }
    }

    /// The number that is shown.
    pub fn decimal(self, value: i64) -> Decimal {
        let digits = match self {
            Self::Count => 0,
            Self::Fen => YUAN_DIGITS,
            Self::Grams => WEIGHT_DIGITS,
            Self::Share => SHARE_DIGITS,
        };
        Decimal::new(value, digits)
    }

    fn look(self) -> Format {
        Format::new().set_num_format(match self {
            Self::Count => "#,##0",
            Self::Fen => "#,##0.00",
            Self::Grams => "#,##0.000",
            Self::Share => "0.00%",
        })
    }

    /// Whether it may be added up down a column: a household stands in several rows, a share is none of the sum.
    pub const fn adds_up(self) -> bool {
        matches!(self, Self::Fen | Self::Grams)
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Blank,
    Text(String),
    Number(Unit, i64),
    /// The sum of the numbers of some rows of its own column, and what it comes to.
    Sum(Unit, Rows, i64),
    /// A row of its own column less another, and what it comes to.
    Difference(Unit, [usize; 2], i64),
}

/// Rows of a sheet, first and last, counted from the first under its head.
pub type Rows = (usize, usize);

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    /// Above the table, its title first.
    pub above: Vec<String>,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Under a blank row.
    pub notes: Vec<String>,
}

impl Sheet {
    /// What the numbers of a column of rows come to, as a cell under them.
    pub fn sum(rows: &[Vec<Cell>], column: usize, unit: Unit, (first, last): Rows) -> Cell {
        let number = |row: &Vec<Cell>| match row.get(column) {
            Some(Cell::Number(_, value)) => *value,
            _ => 0,
        };
        Cell::Sum(unit, (first, last), rows[first..=last].iter().map(number).sum())
    }

    fn fill(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let (bold, title) = (Format::new().set_bold(), Format::new().set_bold().set_font_size(14));
        let plain = Format::new();
        sheet.set_name(&self.name)?;
        let mut at: u32 = 0;
        for text in &self.above {
            sheet.write_string_with_format(at, 0, text, if at == 0 { &title } else { &plain })?;
            at += 1;
        }
        if !self.head.is_empty() {
            at += 1;
            sheet.write_row_with_format(at, 0, self.head.iter().map(String::as_str), &bold)?;
            at += 1;
            sheet.set_freeze_panes(at, 1)?;
        }
        let first = at;
        for row in &self.rows {
            for (cell, column) in row.iter().zip(0_u16..) {
                write(sheet, (at, column), first, cell)?;
            }
            at += 1;
        }
        self.widen(sheet)?;
        if !self.notes.is_empty() {
            at += 1;
        }
        for note in &self.notes {
            sheet.write_string(at, 0, note)?;
            at += 1;
        }
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_paper_size(9);
        Ok(())
    }

    /// Columns as wide as their cells: what stands above and under the table runs over them.
    fn widen(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (head, column) in self.head.iter().zip(0_u16..) {
            let cells = self.rows.iter().filter_map(|row| match row.get(usize::from(column)) {
                Some(Cell::Text(text)) => Some(width(text)),
                Some(Cell::Number(unit, value) | Cell::Sum(unit, _, value) | Cell::Difference(unit, _, value)) => {
                    let text = unit.decimal(*value).to_string();
                    Some(width(&text) + text.len().div_ceil(3))
                }
                _ => None,
            });
            let widest = cells.max().unwrap_or(0).max(width(head)).clamp(8, 60);
            sheet.set_column_width(column, u32::try_from(widest).unwrap_or(60) + 2)?;
        }
        Ok(())
    }
}

/// In columns of a digit: a Chinese character is as wide as two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn write(sheet: &mut Worksheet, (row, column): (u32, u16), first: u32, cell: &Cell) -> Result<(), XlsxError> {
    let place = |of: usize| row_col_to_cell(first + u32::try_from(of).unwrap_or(0), column);
    let bold = |unit: Unit| unit.look().set_bold();
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, text)?;
        }
        Cell::Number(unit, value) => {
            sheet.write_with_format(row, column, unit.decimal(*value), &unit.look())?;
        }
        Cell::Sum(unit, (from, to), value) => {
            let formula = Formula::new(format!("=SUM({}:{})", place(*from), place(*to)));
            let formula = formula.set_result(unit.decimal(*value).to_string());
            sheet.write_formula_with_format(row, column, formula, &bold(*unit))?;
        }
        Cell::Difference(unit, [of, less], value) => {
            // rounded to the unit: a spreadsheet's own sums of decimals miss zero by a hair
            let formula = Formula::new(format!("=ROUND({}-{},2)", place(*of), place(*less)));
            let formula = formula.set_result(unit.decimal(*value).to_string());
            sheet.write_formula_with_format(row, column, formula, &bold(*unit))?;
        }
    }
    Ok(())
}

/// The workbook's bytes.
pub fn xlsx(sheets: &[Sheet], at: Instant) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let at = ExcelDateTime::from_timestamp(at.timestamp())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&at));
    for sheet in sheets {
        sheet.fill(workbook.add_worksheet())?;
    }
    Ok(workbook.save_to_buffer()?)
}
