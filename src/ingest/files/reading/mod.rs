//! From bytes to rows of text, whatever a file is called: CSV, a workbook of either kind, or an archive of these.
//!
//! The first bytes say what a file is, for suffixes lie. A table can be read as often as needed, a row at a time: no file
//! is ever held whole but an old `.xls` and a workbook inside an archive, both bounded.
//!
//! Rules that must hold: everything has a limit (members, rows, columns, bytes taken out of an archive), so that a file
//! made to exhaust the machine is refused; what is locked, cut short or no table at all says what to do about it.
//!
//! Not here: what the rows mean ([`super::profile`], [`super::recognise`]).

mod archive;
mod text;
mod workbook;

use crate::domain::problem::Problem;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

/// Rows a table may have; more is not an export.
const MOST_ROWS: usize = 2_000_000;
/// Columns a table may have.
const MOST_COLUMNS: usize = 512;
/// Bytes of a file that has to be held in memory.
const MOST_HELD: u64 = 256 << 20;

/// Bytes that can be read again from their beginning.
pub trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

/// A file as received.
pub struct Received {
    /// As the person named it.
    pub path: String,
    bytes: Box<dyn Bytes>,
}

impl std::fmt::Debug for Received {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Received {
    /// A file of the person's naming.
    pub fn new(path: impl Into<String>, bytes: impl Bytes + 'static) -> Self {
        Self { path: path.into(), bytes: Box::new(bytes) }
    }

    /// A file on disk.
    pub fn open(path: &str) -> Result<Self, Problem> {
        let file = std::fs::File::open(path).map_err(|e| unreadable(path, &e))?;
        Ok(Self::new(path, io::BufReader::with_capacity(1 << 16, file)))
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }

    /// sha256 of the bytes as received.
    pub fn sha256(&mut self) -> Result<[u8; 32], Problem> {
        let mut hash = Sha256::new();
        let mut chunk = vec![0; 1 << 16];
        self.bytes.seek(SeekFrom::Start(0)).map_err(|e| unreadable(&self.path, &e))?;
        loop {
            match self.bytes.read(&mut chunk).map_err(|e| unreadable(&self.path, &e))? {
                0 => return Ok(hash.finalize().into()),
                n => hash.update(&chunk[..n]),
            }
        }
    }

    /// Hands over each table of the file, or why a part of it is none.
    pub fn each_table(&mut self, visit: &mut Visit<'_>) -> Result<(), Problem> {
        let path = self.path.as_str();
        let head = head(&mut self.bytes).map_err(|e| unreadable(path, &e))?;
        match Shape::of(&head) {
            Shape::Zip if archive::is_workbook(&mut self.bytes) => workbook::xlsx(path, "", &mut self.bytes, visit),
            Shape::Zip => archive::each_table(path, &mut self.bytes, visit),
            Shape::Ole => workbook::xls(path, "", &mut self.bytes, visit),
            Shape::WebPage => Err(Problem::WebPageFile { path: path.to_owned() }),
            Shape::Text => {
                let mut table = text::TextTable::new(path, "", &mut *self.bytes)?;
                visit(Ok(&mut table))
            }
        }
    }
}

/// What is done with each table.
pub type Visit<'a> = dyn FnMut(Result<&mut dyn Table, Problem>) -> Result<(), Problem> + 'a;

/// What is done with each row: its number, as a spreadsheet counts, and its cells.
pub type Each<'a> = dyn FnMut(usize, &[&str]) -> ControlFlow<()> + 'a;

/// A table whose rows can be read again and again.
pub trait Table {
    /// Where in the file it stands: the member of an archive, the sheet of a workbook; '' for the file itself.
    fn part(&self) -> &str;

    /// Reads the rows from the first on, until `each` breaks off. Empty rows are passed over.
    fn rows(&mut self, each: &mut Each<'_>) -> Result<(), Problem>;
}

/// What the first bytes say a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Zip,
    /// An old workbook, or a new one under a password.
    Ole,
    WebPage,
    Text,
}

impl Shape {
    fn of(head: &[u8]) -> Self {
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Self::Zip;
        }
        if head.starts_with(b"\xd0\xcf\x11\xe0") {
            return Self::Ole;
        }
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        if text.starts_with(b"<") { Self::WebPage } else { Self::Text }
    }
}

/// The first bytes; reading then begins at the beginning again.
fn head(bytes: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    bytes.seek(SeekFrom::Start(0))?;
    let mut head = Vec::with_capacity(64);
    bytes.by_ref().take(64).read_to_end(&mut head)?;
    bytes.seek(SeekFrom::Start(0))?;
    Ok(head)
}

fn unreadable(path: &str, why: &dyn std::fmt::Display) -> Problem {
    Problem::FileUnreadable { path: path.to_owned(), why: why.to_string() }
}

/// A file's or a part's name, for messages.
fn named(path: &str, part: &str) -> String {
    if part.is_empty() { path.to_owned() } else { format!("{path} › {part}") }
}
