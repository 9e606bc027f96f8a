//! Sheets of workbooks: the new kind read cell by cell, the old kind (at most 65 536 rows) whole.

use super::archive;
use super::{Bytes, Each, MOST_COLUMNS, MOST_HELD, Table, Visit, named, unreadable};
use crate::domain::problem::Problem;
use calamine::{Data, DataType, Range, Reader, Xls, XlsError, Xlsx, XlsxError};
use chrono::TimeDelta;
use std::io::{Read, Seek, SeekFrom};

/// Hands over each sheet of an `.xlsx`.
pub fn xlsx<R: Read + Seek>(path: &str, member: &str, mut bytes: R, visit: &mut Visit<'_>) -> Result<(), Problem> {
    let name = named(path, member);
    archive::check_strings(&name, &mut bytes)?;
    let mut workbook: Xlsx<R> = Xlsx::new(bytes).map_err(|e| match e {
        XlsxError::Password => Problem::LockedFile { path: name.clone() },
        other => Problem::BrokenFile { path: name.clone(), why: other.to_string() },
    })?;
    for sheet in workbook.sheet_names() {
        let part = part_of(member, &sheet);
        visit(Ok(&mut Sheet { path, part, name: sheet, workbook: &mut workbook }))?;
    }
    Ok(())
}

/// Hands over each sheet of an old `.xls`.
pub fn xls(path: &str, member: &str, bytes: &mut dyn Bytes, visit: &mut Visit<'_>) -> Result<(), Problem> {
    let name = named(path, member);
    let size = bytes.seek(SeekFrom::End(0)).map_err(|e| unreadable(&name, &e))?;
    if size > MOST_HELD {
        return Err(Problem::FileTooLarge { path: name });
    }
    bytes.seek(SeekFrom::Start(0)).map_err(|e| unreadable(&name, &e))?;
    let mut workbook = match Xls::new(&mut *bytes) {
        Ok(workbook) => workbook,
        Err(XlsError::Password) => return Err(Problem::LockedFile { path: name }),
        Err(other) => {
            let why = other.to_string();
            return Err(if is_encrypted(bytes).map_err(|e| unreadable(&name, &e))? {
                Problem::LockedFile { path: name }
            } else {
                Problem::BrokenFile { path: name, why }
            });
        }
    };
    for sheet in workbook.sheet_names() {
        let range = workbook
            .worksheet_range(&sheet)
            .map_err(|e| Problem::BrokenFile { path: name.clone(), why: e.to_string() })?;
        visit(Ok(&mut OldSheet { part: part_of(member, &sheet), range }))?;
    }
    Ok(())
}

/// A workbook under a password is an old-style container with a stream of this name in its directory.
fn is_encrypted(bytes: &mut dyn Bytes) -> std::io::Result<bool> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.seek(SeekFrom::Start(0))?;
    let mut all = Vec::new();
    bytes.take(MOST_HELD).read_to_end(&mut all)?;
    Ok(all.windows(name.len()).any(|window| window == name))
}

fn part_of(member: &str, sheet: &str) -> String {
    if member.is_empty() { sheet.to_owned() } else { format!("{member} › {sheet}") }
}

struct Sheet<'a, R> {
    path: &'a str,
    part: String,
    name: String,
    workbook: &'a mut Xlsx<R>,
}

impl<R: Read + Seek> Table for Sheet<'_, R> {
    fn part(&self) -> &str {
        &self.part
    }

    fn rows(&mut self, each: &mut Each<'_>) -> Result<(), Problem> {
        let name = named(self.path, &self.part);
        let broken = |e: XlsxError| Problem::BrokenFile { path: name.clone(), why: e.to_string() };
        let mut reader = match self.workbook.worksheet_cells_reader(&self.name) {
            Ok(reader) => reader,
            // a sheet that is a chart, or one without cells
            Err(XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_)) => return Ok(()),
            Err(other) => return Err(broken(other)),
        };
        let mut row = Row::default();
        while let Some(cell) = reader.next_cell().map_err(broken)? {
            let (number, column) = cell.get_position();
            if number != row.number && row.emit(each).is_break() {
                return Ok(());
            }
            row.number = number;
            row.set(column, cell_text(cell.get_value()));
        }
        let _ = row.emit(each);
        Ok(())
    }
}

struct OldSheet {
    part: String,
    range: Range<Data>,
}

impl Table for OldSheet {
    fn part(&self) -> &str {
        &self.part
    }

    fn rows(&mut self, each: &mut Each<'_>) -> Result<(), Problem> {
        let Some((first_row, first_column)) = self.range.start() else { return Ok(()) };
        let mut row = Row::default();
        for (cells, number) in self.range.rows().zip(first_row..) {
            row.number = number;
            for (cell, column) in cells.iter().zip(first_column..) {
                row.set(column, cell_text(cell));
            }
            if row.emit(each).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The cells of one row, collected.
#[derive(Default)]
struct Row {
    /// Counted from 0.
    number: u32,
    cells: Vec<String>,
}

impl Row {
    fn set(&mut self, column: u32, text: String) {
        let column = column as usize;
        if column >= MOST_COLUMNS || text.is_empty() {
            return;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
    }

    /// Hands the row over, if anything is in it, and empties it.
    fn emit(&mut self, each: &mut Each<'_>) -> std::ops::ControlFlow<()> {
        if self.cells.iter().all(|c| c.trim().is_empty()) {
            self.cells.clear();
            return std::ops::ControlFlow::Continue(());
        }
        let cells: Vec<&str> = self.cells.iter().map(String::as_str).collect();
        let flow = each(self.number as usize + 1, &cells);
        self.cells.clear();
        flow
    }
}

/// A cell as text. A number of more digits than a spreadsheet keeps is written with an exponent, so that it is refused
/// where an id is wanted; an error is nothing.
fn cell_text<C: DataType>(cell: &C) -> String {
    if let Some(text) = cell.get_string().or_else(|| cell.get_datetime_iso()) {
        return text.to_owned();
    }
    if let Some(at) = cell.get_datetime().and_then(|at| at.as_datetime()) {
        // stored as parts of a day: a second may come out a hair short
        return (at + TimeDelta::milliseconds(500)).format("%Y-%m-%d %H:%M:%S").to_string();
    }
    if let Some(whole) = cell.get_int() {
        return if whole.unsigned_abs() >= 1_000_000_000_000_000 { format!("{whole:E}") } else { whole.to_string() };
    }
    match cell.get_float() {
        Some(number) if number.abs() >= 1e15 => format!("{number:E}"),
        Some(number) => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        None => String::new(),
    }
}
