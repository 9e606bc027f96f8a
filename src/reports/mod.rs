//! Documents to take away: what a month's stored report, or a household's month, looks like as a PDF or in a spreadsheet.
//!
//! Rules that must hold:
//! - a document is made from its facts alone: no store, no clock, no network, no file beside the templates; the same facts
//!   are the same bytes, the moment and number inside the PDF included;
//! - a month's report says what the stored document says and nothing that was learnt since ([`month`]);
//! - words and looks stand in the templates (`reports/*.typ`), which a county replaces by a folder of its own without
//!   touching the program ([`templates`]); the demonstration mark is in every one of them.
//!
//! Where to look: [`paper`] sets a template with its facts, [`world`] is all a template can reach, [`press`] does it beside
//! the site, one document at a time, [`pixels`] turns a picture into PNG with the same fonts. [`book`] is a workbook whose
//! sums are formulas, [`labels`] the words of one, from the same templates.
//! Not here: who may have a document and that it was taken (`web`), what a report says and holds back
//! (`domain::month_report`).
//! A new document: a file that makes a [`paper::Paper`], its template, a test that reads its words.

pub mod book;
pub mod certificate;
pub mod fonts;
pub mod labels;
pub mod month;
pub mod month_book;
pub mod paper;
pub mod pixels;
pub mod press;
pub mod statement;
pub mod stream;
pub mod templates;
pub mod town;
pub mod training;
mod value;
mod world;
pub mod year;
pub mod year_book;
