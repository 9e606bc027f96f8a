//! A table as a file for a spreadsheet: CSV and XLSX from the same cells.
//!
//! Text stays text: in CSV a cell that begins like a formula gets an apostrophe ([`plain`]); in XLSX a cell knows that it
//! is text. Amounts are exact decimals on the way in; what a spreadsheet makes of them is its own arithmetic. The same
//! cells are the same bytes: a workbook's date is the one it is told.

use crate::domain::calendar::Instant;
use crate::domain::cells::plain;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Look, Workbook, Worksheet, XlsxError};

/// Tells Excel that a text is UTF-8.
const MARK: &str = "\u{feff}";
/// Digits after the point of an amount in yuan and of a percentage.
const DIGITS: u32 = 2;
/// The same of a weight in kilograms.
const WEIGHT_DIGITS: u32 = 3;

/// What a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    pub const ALL: [Self; 2] = [Self::Xlsx, Self::Csv];

    /// The end of the file's name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// What an answer says of such a file; `stem` is its name without the end, and holds nothing a person typed.
    pub fn headers(self, stem: &str) -> [(HeaderName, String); 2] {
        [
            (header::CONTENT_TYPE, self.content_type().to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{stem}.{}\"", self.key())),
        ]
    }

    /// A file's name without its end, and what it is.
    pub fn of_name(name: &str) -> Option<(&str, Self)> {
        let (stem, end) = name.rsplit_once('.')?;
        Some((stem, Self::ALL.into_iter().find(|format| format.key() == end)?))
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Blank,
    Text(String),
    Count(i64),
    /// Fen, shown as yuan.
    Yuan(i64),
    /// Basis points, shown as percent.
    Percent(i64),
    /// Grams, shown as kilograms.
    Kilograms(i64),
}

impl Cell {
    fn hundredths(value: i64) -> Decimal {
        Decimal::new(value, DIGITS)
    }

    fn thousandths(value: i64) -> Decimal {
        Decimal::new(value, WEIGHT_DIGITS)
    }

    fn text(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) => plain(text).into_owned(),
            Self::Count(count) => count.to_string(),
            Self::Yuan(value) | Self::Percent(value) => Self::hundredths(*value).to_string(),
            Self::Kilograms(grams) => Self::thousandths(*grams).to_string(),
        }
    }
}

/// A table and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The sheet's name in a workbook.
    pub name: &'static str,
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Under a blank row, where there are any.
    pub notes: Vec<Vec<String>>,
    /// When what it holds was true.
    pub at: Instant,
}

impl Sheet {
    /// The file as an answer; `stem` is its name without the end, and holds nothing a person typed.
    pub fn answer(&self, stem: &str, format: Format) -> anyhow::Result<Response> {
        let bytes = match format {
            Format::Csv => self.csv()?,
            Format::Xlsx => self.xlsx()?,
        };
        Ok((format.headers(stem), bytes).into_response())
    }

    fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(MARK.as_bytes().to_vec());
        writer.write_record(&self.head)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::text))?;
        }
        if !self.notes.is_empty() {
            writer.write_record([""])?;
        }
        for note in &self.notes {
            writer.write_record(note.iter().map(|text| plain(text).into_owned()))?;
        }
        Ok(writer.into_inner()?)
    }

    fn xlsx(&self) -> anyhow::Result<Vec<u8>> {
        let mut workbook = Workbook::new();
        let at = ExcelDateTime::from_timestamp(self.at.timestamp())?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&at));
        self.fill(workbook.add_worksheet())?;
        Ok(workbook.save_to_buffer()?)
    }

    fn fill(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let (bold, amount) = (Look::new().set_bold(), Look::new().set_num_format("#,##0.00"));
        let weight = Look::new().set_num_format("#,##0.000");
        sheet.set_name(self.name)?.set_freeze_panes(1, 0)?;
        sheet.write_row_with_format(0, 0, self.head.iter().map(String::as_str), &bold)?;
        let mut at = 1;
        for row in &self.rows {
            for (cell, column) in row.iter().zip(0..) {
                match cell {
                    Cell::Blank => {}
                    Cell::Text(text) => {
                        sheet.write_string(at, column, text)?;
                    }
                    Cell::Count(count) => {
                        sheet.write(at, column, Decimal::from(*count))?;
                    }
                    Cell::Yuan(value) | Cell::Percent(value) => {
                        sheet.write_with_format(at, column, Cell::hundredths(*value), &amount)?;
                    }
                    Cell::Kilograms(grams) => {
                        sheet.write_with_format(at, column, Cell::thousandths(*grams), &weight)?;
                    }
                }
            }
            at += 1;
        }
        for note in &self.notes {
            at += 1;
            for (text, column) in note.iter().zip(0..) {
                sheet.write_string(at, column, text)?;
            }
        }
        sheet.autofit();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
    use std::io::Cursor;

    fn sheet() -> Sheet {
        let row = vec![
            Cell::Text("=1+1".into()),
            Cell::Blank,
            Cell::Count(7),
            Cell::Yuan(-8_765_000),
            Cell::Yuan(5),
            Cell::Percent(9_950),
        ];
        Sheet {
            name: "合计",
            head: vec!["品名".into(), "镇".into()],
            rows: vec![row],
            notes: vec![vec!["@截至".into(), "2026".into()]],
            at: Instant::UNIX_EPOCH,
        }
    }

    #[test]
    fn text_that_looks_like_a_formula_is_text_in_both() {
        let text = String::from_utf8(sheet().csv().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}品名,镇\r\n'=1+1,,7,-87650.00,0.05,99.50\r\n\"\"\r\n'@截至,2026\r\n");
        let bytes = sheet().xlsx().unwrap();
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(&bytes)).unwrap();
        let range = book.worksheet_range("合计").unwrap();
        let row: Vec<Data> = range.rows().nth(1).unwrap().to_vec();
        let expected = [
            Data::String("=1+1".into()),
            Data::Empty,
            Data::Float(7.0),
            Data::Float(-87_650.0),
            Data::Float(0.05),
            Data::Float(99.5),
        ];
        assert_eq!(row, expected);
        assert!(book.worksheet_formula("合计").unwrap().used_cells().all(|(_, _, formula)| formula.is_empty()));
        assert_eq!(range.get((3, 0)), Some(&Data::String("@截至".into())));
        let mut parts = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let properties = std::io::read_to_string(parts.by_name("docProps/core.xml").unwrap()).unwrap();
        assert!(properties.contains("1970-01-01T00:00:00Z"), "its date is the one it is told: {properties}");
    }

    #[test]
    fn a_name_says_what_the_file_is() {
        assert_eq!(Format::of_name("town.csv"), Some(("town", Format::Csv)));
        assert_eq!(Format::of_name("town.xlsx"), Some(("town", Format::Xlsx)));
        assert_eq!(Format::of_name("town"), None);
        assert_eq!(Format::of_name("town.xls"), None);
    }
}
