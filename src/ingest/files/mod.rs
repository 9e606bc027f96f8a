//! Files that people download from a platform's back office.
//!
//! A file's way: [`reading`] makes rows of text of it, whatever it is called; [`recognise`] finds the [`profile`] whose
//! headings it has; [`layout`] reads single cells through it; `orders`, `after_sales`, `settlements` and `streams` make
//! records of rows; [`read`] hands them over in batches, and [`take`] writes them as an interface's answers are written.
//!
//! Rules that must hold: a file that fails leaves nothing; a bad row is set aside with its reason and never sinks the
//! file; reading a file again changes nothing but the import log; ids are text, and one that a spreadsheet ruined is
//! refused, never guessed; buyers' names, phones and addresses are not read.
//!
//! To add a format: a profile, which is one JSON file in `profiles/` (docs/FILES.md).

mod after_sales;
mod cells;
mod complete;
mod filled_in;
pub mod heading;
mod layout;
pub mod mapping;
pub mod market;
mod orders;
pub mod personal;
pub mod price_sheet;
pub mod profile;
pub mod read;
pub mod reading;
pub mod recognise;
pub mod regions;
pub mod roll_sheet;
pub mod sample;
mod settlements;
pub mod spool;
mod streams;
pub mod take;
pub mod training_sheet;

use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::store::evidence::Import;

pub use profile::{Kind, Profile, Profiles};
pub use reading::Received;
pub use recognise::Wanted;
pub use spool::Spool;
pub use take::{FileReport, TableReport, begin, take};

/// What importing a file did, for the audit trail.
pub fn change(noun: Noun, subject: &str, import: &Import) -> Change {
    Change::new(Verb::Import, noun, subject)
        .after(Field::File, &import.file_name)
        .after(Field::FileSha256, &import.file_sha256)
        .count(Field::RowsRead, import.rows_read)
        .count(Field::RowsNew, import.rows_new)
        .count(Field::RowsChanged, import.rows_changed)
        .count(Field::RowsUnchanged, import.rows_unchanged)
        .count(Field::RowsRejected, import.rows_rejected)
}
