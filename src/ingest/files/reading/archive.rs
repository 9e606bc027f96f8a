//! Archives of exports: each member that is a table, within limits on their number and size.

use super::text::{Again, TextTable};
use super::{Bytes, MOST_HELD, Shape, Visit, head, named, unreadable, workbook};
use crate::domain::problem::Problem;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::result::ZipError;

/// Members of an archive; exports have a handful.
const MOST_MEMBERS: usize = 100;
/// Bytes of one member of text.
const MOST_TEXT: u64 = 4 << 30;
/// Bytes of the texts of a workbook, which are held while its sheets are read.
const MOST_STRINGS: u64 = 512 << 20;
/// The member that makes an archive a workbook, and the one that holds its texts.
const WORKBOOK: &str = "xl/workbook.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

type Archive<'a> = ZipArchive<&'a mut dyn Bytes>;

/// True if an archive is a workbook. One that cannot be opened is not; whoever opens it next says why.
pub fn is_workbook<R: Read + Seek>(bytes: &mut R) -> bool {
    bytes.seek(SeekFrom::Start(0)).is_ok()
        && ZipArchive::new(bytes).is_ok_and(|archive| {
            archive.file_names().any(|name| name.is_ok_and(|name| name.eq_ignore_ascii_case(WORKBOOK)))
        })
}

/// Hands over the tables of each member, or why it has none.
pub fn each_table(path: &str, bytes: &mut dyn Bytes, visit: &mut Visit<'_>) -> Result<(), Problem> {
    bytes.seek(SeekFrom::Start(0)).map_err(|e| unreadable(path, &e))?;
    let mut archive: Archive<'_> = ZipArchive::new(bytes).map_err(|e| problem(path, &e))?;
    if archive.len() > MOST_MEMBERS {
        return Err(Problem::FileTooLarge { path: path.to_owned() });
    }
    for index in 0..archive.len() {
        let name = {
            let member = archive.by_index(index).map_err(|e| problem(path, &e))?;
            if member.is_dir() {
                continue;
            }
            name_of(member.name_raw())
        };
        // what some systems pack beside the files
        if name.starts_with("__MACOSX/") || name.rsplit('/').next().is_some_and(|n| n.starts_with('.')) {
            continue;
        }
        if let Err(problem) = member(path, &name, &mut archive, index, visit)? {
            visit(Err(problem))?;
        }
    }
    Ok(())
}

/// One member; the inner error is about it alone.
fn member(
    path: &str,
    name: &str,
    archive: &mut Archive<'_>,
    index: usize,
    visit: &mut Visit<'_>,
) -> Result<Result<(), Problem>, Problem> {
    let shown = named(path, name);
    let mut member = Member { archive, index };
    let head = match member.head() {
        Ok(head) => head,
        Err(e) => return Ok(Err(Problem::BrokenFile { path: shown, why: e.to_string() })),
    };
    match Shape::of(&head) {
        Shape::Text => match TextTable::new(path, name, member) {
            Ok(mut table) => visit(Ok(&mut table)).map(Ok),
            Err(problem) => Ok(Err(problem)),
        },
        Shape::WebPage => Ok(Err(Problem::WebPageFile { path: shown })),
        Shape::Zip | Shape::Ole => {
            let mut held = match member.hold() {
                Ok(held) => Cursor::new(held),
                Err(_) => return Ok(Err(Problem::FileTooLarge { path: shown })),
            };
            if Shape::of(&head) == Shape::Ole {
                workbook::xls(path, name, &mut held, visit).map(Ok)
            } else if is_workbook(&mut held) {
                workbook::xlsx(path, name, held, visit).map(Ok)
            } else {
                Ok(Err(Problem::ArchiveInArchive { path: shown }))
            }
        }
    }
}

/// A member that can be opened anew.
struct Member<'a, 'b> {
    archive: &'a mut Archive<'b>,
    index: usize,
}

impl Member<'_, '_> {
    fn head(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(64);
        self.open()?.take(64).read_to_end(&mut bytes)?;
        head(&mut Cursor::new(bytes))
    }

    /// All of it, if that is not too much.
    fn hold(&mut self) -> io::Result<Vec<u8>> {
        let mut held = Vec::new();
        self.open()?.take(MOST_HELD + 1).read_to_end(&mut held)?;
        if held.len() as u64 > MOST_HELD { Err(io::Error::other("too large")) } else { Ok(held) }
    }
}

impl Again for Member<'_, '_> {
    fn open(&mut self) -> io::Result<Box<dyn Read + '_>> {
        let member = self.archive.by_index(self.index).map_err(io::Error::other)?;
        if member.size() > MOST_TEXT {
            return Err(io::Error::other("the member is larger than any export"));
        }
        // whatever size is declared, no more than this is taken out
        Ok(Box::new(member.take(MOST_TEXT)))
    }
}

/// Names are UTF-8, or GBK from programs that do not say so.
fn name_of(raw: &[u8]) -> String {
    std::str::from_utf8(raw).map_or_else(|_| encoding_rs::GB18030.decode(raw).0.into_owned(), str::to_owned)
}

fn problem(path: &str, error: &ZipError) -> Problem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Problem::LockedFile { path: path.to_owned() }
        }
        other => Problem::BrokenFile { path: path.to_owned(), why: other.to_string() },
    }
}

/// Refuses a workbook whose texts would not fit.
pub fn check_strings<R: Read + Seek>(name: &str, bytes: &mut R) -> Result<(), Problem> {
    bytes.seek(SeekFrom::Start(0)).map_err(|e| unreadable(name, &e))?;
    let mut archive = ZipArchive::new(bytes).map_err(|e| problem(name, &e))?;
    match archive.by_name(STRINGS) {
        Ok(strings) if strings.size() > MOST_STRINGS => Err(Problem::FileTooLarge { path: name.to_owned() }),
        _ => Ok(()),
    }
}
