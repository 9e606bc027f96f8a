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
mod heading;
mod layout;
pub mod market;
mod orders;
pub mod profile;
pub mod read;
pub mod reading;
pub mod recognise;
mod settlements;
mod streams;
pub mod take;

pub use profile::{Kind, Profile, Profiles};
pub use reading::Received;
pub use recognise::Wanted;
pub use take::{FileReport, TableReport, take};
