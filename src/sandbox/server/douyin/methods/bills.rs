//! `order.getSettleBillDetailV3`: statement rows of a window of at most seven days.
//!
//! The answer nests the platform's older code inside its envelope. Paging is by the index and time it hands out, until
//! `is_end`. A day's rows are there from three in the afternoon of the next.

use super::super::refusal::{BILL_PARAMETERS, Refusal, envelope};
use super::super::wire::bill::{Row, local_text};
use super::{Call, place};
use crate::domain::calendar::{day_of, local, start_of};
use crate::sandbox::server::listing::{Candidate, Kind, Listing, ListingKey, Sort, Window};
use crate::sandbox::world::DAY_SECONDS;
use crate::sandbox::world::orders::Statement;
use chrono::{DateTime, NaiveDateTime};
use serde::Serialize;

const LONGEST_SECONDS: i64 = 7 * DAY_SECONDS;
/// From the midnight a day began to the hour its rows are there.
const THERE_AFTER_SECONDS: i64 = DAY_SECONDS + 15 * 3_600;
/// The inner code of a good answer.
const INNER_OK: &str = "100000";

#[derive(Serialize)]
struct Bills {
    code: &'static str,
    code_msg: &'static str,
    data: Vec<Row>,
    next_start_index: String,
    next_start_time: String,
    is_end: u8,
    size: i64,
}

/// See the module.
pub fn list(call: &Call<'_>) -> Result<Vec<u8>, Refusal> {
    let params = call.params;
    let time = |name: &str| {
        let text = params.text(name)?;
        NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok().map(|at| local(at).timestamp())
    };
    let (from, to) = time("start_time").zip(time("end_time")).ok_or(BILL_PARAMETERS)?;
    let size = params.int("size").unwrap_or(0);
    let (_, count) = place(0, size).ok_or(BILL_PARAMETERS)?;
    let by_settlement = params.int("time_type").unwrap_or(0) == 0;
    let first = usize::try_from(params.int("start_index").unwrap_or(0)).map_err(|_| BILL_PARAMETERS)?;
    let unknown_filter = params.has_any(&["order_id", "product_id", "pay_type", "flow_type"]);
    if !(0..=LONGEST_SECONDS).contains(&(to - from)) || !by_settlement || unknown_filter {
        return Err(BILL_PARAMETERS);
    }
    let key = ListingKey {
        shop: call.shop,
        kind: Kind::Bills,
        created: Window::ALWAYS,
        updated: Window { from, to },
        sort: Sort::Updated,
        ascending: true,
    };
    let archive = &call.sandbox.scene.archive;
    let listing = archive.listing(key, call.now, || {
        Listing::make(archive, key, call.now, |order, found| {
            let mut changes = None;
            for (line, l) in order.lines.iter().enumerate() {
                for (statement, reversal) in [(l.statement, false), (l.reversal, true)] {
                    let Some(Statement { settled_at, .. }) = statement else { continue };
                    let there_at = there_at(settled_at);
                    if there_at <= call.now {
                        let (created_at, number) = (order.created_at, l.line_no);
                        found.push(Candidate { created_at, updated_at: settled_at, number, line, reversal });
                    } else {
                        changes = changes.into_iter().chain([there_at]).min();
                    }
                }
            }
            changes
        })
    });
    let last = (first + count).min(listing.rows.len());
    let data = listing.rows[first.min(last)..last]
        .iter()
        .filter_map(|row| {
            let line = listing.line(row);
            let statement = if row.reversal { line.reversal } else { line.statement };
            Some(Row::of(listing.order(row), line, statement?, row.reversal))
        })
        .collect();
    Ok(envelope(&Bills {
        code: INNER_OK,
        code_msg: "",
        data,
        next_start_index: last.to_string(),
        next_start_time: local_text(from),
        is_end: u8::from(last >= listing.rows.len()),
        size,
    }))
}

/// When a row settled at a moment can be asked for.
fn there_at(settled_at: i64) -> i64 {
    let on = day_of(DateTime::from_timestamp(settled_at, 0).expect("the world's times are representable"));
    start_of(on).timestamp() + THERE_AFTER_SECONDS
}
