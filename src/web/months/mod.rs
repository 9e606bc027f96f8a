//! 锁账与月报: a month put forward, reviewed, locked and reported, and what was learnt of it since.
//!
//! - [`list`]: the months that are open and those that are locked;
//! - [`month`]: one month: its record, its stored report, what was booked later and belongs to it;
//! - [`review`]: comments, and sending a month back;
//! - [`report`]: the stored report as a sheet and as the bytes that were stored;
//! - [`taking`]: finding a stored report that is taken away, and telling it;
//! - [`paper`]: the stored report as a PDF;
//! - [`tables`]: the stored report, and a year's, as tables for a spreadsheet;
//! - [`links`]: links that show a stored report without signing in;
//! - [`year`]: a year's locked months as a PDF;
//! - [`since`]: the order lines behind what was booked later.
//!
//! A month is the whole county's: a reader of a part of it is led to the list, which says so. Who may do
//! what is the router's table's and the services' business.

pub mod links;
pub mod list;
pub mod month;
pub mod paper;
pub mod report;
pub mod review;
pub mod since;
pub mod tables;
pub mod taking;
pub mod year;

use super::error::WebError;
use crate::domain::access::Scope;
use crate::domain::calendar::{Day, parse_month};
use crate::domain::problem::Problem;

/// Where the list is.
const PATH: &str = "/months";

/// A month as it was typed or stands in a form.
fn typed(text: &str) -> Result<Day, Problem> {
    parse_month(text).ok_or_else(|| Problem::BadMonth { text: text.to_owned() })
}

/// A month as it stands in an address; `None` for a reader of a part of the county, whom the list tells why.
fn asked(scope: Scope, text: &str) -> Result<Option<Day>, WebError> {
    let month = parse_month(text).ok_or(WebError::NotFound)?;
    Ok(scope.is_whole_county().then_some(month))
}
