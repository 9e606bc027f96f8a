//! Reading a table as back offices really write it: UTF-8 with or without BOM, or GB18030; headings with stray spaces;
//! ids wrapped so that spreadsheets leave them alone; `-` for nothing.

use super::{File, personal};
use crate::domain::calendar::{Instant, local};
use crate::domain::problem::Problem;
use chrono::{NaiveDate, NaiveDateTime};
use sha2::{Digest, Sha256};

/// Rows a file may have; more is not an order export.
const MOST_ROWS: usize = 2_000_000;

/// A table with the columns a profile asked for.
#[derive(Debug)]
pub struct Table {
    /// The asked columns' cells, in the asked order, trimmed; a row that is short has empty cells.
    pub rows: Vec<Row>,
}

/// One row of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts: the headings are row 1.
    pub number: usize,
    pub cells: Vec<String>,
}

/// sha256 of bytes as received.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Reads the columns of a profile, or says which are missing. Other columns are not read at all.
pub fn read(file: File<'_>, profile: &str, columns: &[&str]) -> Result<Table, Problem> {
    let text = decode(file)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let unreadable = |e: csv::Error| Problem::FileUnreadable { path: file.path.to_owned(), why: e.to_string() };
    let headings: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(|h| h.trim().to_owned()).collect();
    let places: Vec<Option<usize>> = columns.iter().map(|c| headings.iter().position(|h| h == c)).collect();
    let missing: Vec<&str> =
        columns.iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(c, _)| *c).collect();
    if !missing.is_empty() {
        return Err(Problem::MissingColumns {
            path: file.path.to_owned(),
            profile: profile.to_owned(),
            missing: missing.join("、"),
        });
    }
    let mut rows = Vec::new();
    for (place, record) in reader.records().take(MOST_ROWS).enumerate() {
        let record = record.map_err(unreadable)?;
        let cells: Vec<String> =
            places.iter().flatten().map(|&p| unwrap_cell(record.get(p).unwrap_or("")).to_owned()).collect();
        if cells.iter().any(|c| !c.is_empty()) {
            rows.push(Row { number: place + 2, cells });
        }
    }
    Ok(Table { rows })
}

fn decode(file: File<'_>) -> Result<String, Problem> {
    let bytes = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file.bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        // a zip, a workbook or a picture is full of these
        return if text.contains('\0') {
            Err(Problem::NotText { path: file.path.to_owned() })
        } else {
            Ok(text.to_owned())
        };
    }
    let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
    if broken || text.contains('\0') {
        return Err(Problem::NotText { path: file.path.to_owned() });
    }
    Ok(text.into_owned())
}

/// Takes off what exports put around an id: a tab, an apostrophe, `="…"`.
fn unwrap_cell(cell: &str) -> &str {
    let cell = cell.trim();
    let cell = cell.strip_prefix("=\"").and_then(|c| c.strip_suffix('"')).unwrap_or(cell);
    cell.trim_start_matches(['\'', '\t']).trim()
}

/// An id, unless a spreadsheet has turned it into a number and its digits are lost.
pub fn id(cell: &str) -> Result<&str, String> {
    if cell.is_empty() {
        return Err("订单编号为空 / no order number".into());
    }
    if is_scientific(cell) {
        return Err(format!(
            "编号 {cell} 已被电子表格改成科学计数，位数丢失，请重新导出 / a spreadsheet has ruined the number, export the file again"
        ));
    }
    if !personal::is_number_of_a_record(cell) {
        return Err(
            "编号不像平台的编号，可能是列错位了 / not a number of the platform's, the columns may have slipped".into(),
        );
    }
    Ok(cell)
}

/// `6.91E+18` and its like: digits, perhaps a point, an exponent.
fn is_scientific(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    cell.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        digits(whole) && digits(part) && digits(exponent.trim_start_matches(['+', '-']))
    })
}

/// A date and time as exports write them: `2020-02-21 00:00:00`, `2026/9/10 8:00`, a bare day. Empty or `-` is `None`.
pub fn instant(cell: &str) -> Result<Option<Instant>, String> {
    if matches!(cell, "" | "-" | "--") {
        return Ok(None);
    }
    let text = cell.replace('/', "-");
    for format in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"] {
        if let Ok(at) = NaiveDateTime::parse_from_str(&text, format) {
            return Ok(Some(local(at)));
        }
    }
    match NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        Ok(day) => Ok(Some(crate::domain::calendar::start_of(day))),
        Err(_) => Err(format!("{}不是有效时间 / not a date and time", personal::quoted(cell))),
    }
}

/// The export's own instant, where its file name begins with the epoch second.
pub fn exported_at(name: &str) -> Option<Instant> {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    let seconds: i64 = if digits.len() == 10 { digits.parse().ok()? } else { return None };
    chrono::DateTime::from_timestamp(seconds, 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    fn file(bytes: &[u8]) -> File<'_> {
        File { path: "x/1600000000.csv", bytes }
    }

    #[test]
    fn headings_with_spaces_and_wrapped_ids_are_read() {
        let table = read(
            file("\u{feff}编号 ,金额\n\"\t6917\",¥1\n=\"6918\",2\n'6919,3\n,\n".as_bytes()),
            "p",
            &["编号", "金额"],
        )
        .unwrap();
        let ids: Vec<_> = table.rows.iter().map(|r| r.cells[0].as_str()).collect();
        assert_eq!(ids, ["6917", "6918", "6919"]);
        assert_eq!(table.rows[2].number, 4);
    }

    #[test]
    fn gb18030_is_read_and_rubbish_is_not() {
        let (bytes, ..) = encoding_rs::GB18030.encode("编号,金额\n1,2\n");
        assert_eq!(read(file(&bytes), "p", &["编号"]).unwrap().rows.len(), 1);
        assert!(matches!(read(file(b"PK\x03\x04\0\0\0"), "p", &["a"]), Err(Problem::NotText { .. })));
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = read(file("a,b\n1,2\n".as_bytes()), "p", &["a", "c"]).unwrap_err();
        assert!(matches!(error, Problem::MissingColumns { missing, .. } if missing == "c"));
    }

    #[test]
    fn a_ruined_id_is_refused() {
        assert!(id("6.91749E+18").is_err() && id("7e18").is_err());
        assert_eq!(id("E2026-17"), Ok("E2026-17"));
        assert_eq!(id("6917490000000000001"), Ok("6917490000000000001"));
    }

    #[test]
    fn dates_are_read_as_exports_write_them() {
        assert_eq!(instant("2026/9/10 8:00").unwrap(), instant("2026-09-10 08:00:00").unwrap());
        assert_eq!(instant("-").unwrap(), None);
        assert!(instant("2026-02-30").is_err());
        assert_eq!(exported_at("1600000000_x.csv").unwrap().timestamp(), 1_600_000_000);
        assert_eq!(exported_at("2020-02.csv"), None);
    }
}
