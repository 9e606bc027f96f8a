//! Statement rows, a page of a window.
//!
//! The platform hands out the place to go on from: an index and a time, both sent back as they came. Rows of a day are
//! complete in the afternoon of the next one, so a caller asks for the last days again.

use super::{Douyin, SETTLEMENTS, check_window, count};
use crate::domain::calendar::{Instant, shanghai};
use crate::domain::records::SettlementRecord;
use crate::platforms::douyin::convert::settlement::settlement;
use crate::platforms::douyin::errors::SETTLEMENT_OK;
use crate::platforms::douyin::limits::{MAX_SETTLEMENT_PAGES, PAGE_SIZE, SETTLEMENT_WINDOW};
use crate::platforms::douyin::wire::envelope::SettlementPage;
use crate::platforms::fields::Int;
use crate::platforms::reading::{Answer, Sorted, rows};
use crate::platforms::{Cursor, Page, PlatformError, Token, Window};
use serde_json::{Map, Value, json};

impl Douyin {
    /// `order.getSettleBillDetailV3`: rows settled in the window, of at most seven days.
    pub async fn settlements(
        &self,
        token: &Token,
        window: Window,
        cursor: &Cursor,
    ) -> Result<Page<SettlementRecord>, PlatformError> {
        check_window(&window)?;
        if window.to - window.from > SETTLEMENT_WINDOW {
            let context = format!("{SETTLEMENTS}: a window of more than {} days", SETTLEMENT_WINDOW.num_days());
            return Err(PlatformError::Rejected { context });
        }
        let (page, place) = place(cursor)?;
        let mut params = json!({
            "size": PAGE_SIZE,
            "time_type": 0,
            "start_time": local_text(window.from),
            "end_time": local_text(window.to),
        });
        for (name, value) in place {
            params[name] = value;
        }
        let Answer { data, received_sha256 } = self.call::<SettlementPage>(SETTLEMENTS, Some(token), &params).await?;
        if data.code.get() != Some(SETTLEMENT_OK) {
            return Err(PlatformError::Rejected {
                context: format!("{SETTLEMENTS}: inner code {}", data.code.or_empty()),
            });
        }
        let next = next_place(page, cursor, &data)?;
        let rows = rows(SETTLEMENTS, "data", data.data)?;
        let received = count(SETTLEMENTS, rows.len())?;
        let Sorted { records, rejected } = Sorted::of(rows, |row| &row.order_id, settlement);
        Ok(Page { records, rejected, received, total: None, next, received_sha256 })
    }
}

/// The page number and the parameters a cursor stands for: a JSON object of the latter under the former.
fn place(cursor: &Cursor) -> Result<(i64, Map<String, Value>), PlatformError> {
    if *cursor == Cursor::START {
        return Ok((0, Map::new()));
    }
    cursor
        .text()
        .split_once(' ')
        .and_then(|(page, place)| Some((page.parse().ok()?, serde_json::from_str(place).ok()?)))
        .ok_or_else(|| PlatformError::Rejected { context: format!("{SETTLEMENTS}: a cursor of another interface") })
}

/// Where the platform says to go on.
fn next_place(page: i64, cursor: &Cursor, data: &SettlementPage) -> Result<Option<Cursor>, PlatformError> {
    let malformed = |what: &str| Err(PlatformError::Malformed { context: format!("{SETTLEMENTS}: {what}") });
    match data.is_end {
        Int::Known(1) => return Ok(None),
        Int::Known(0) => {}
        _ => return malformed("is_end is neither 0 nor 1"),
    }
    let (Some(index), Some(time)) = (&data.next_start_index, &data.next_start_time) else {
        return malformed("more to come, and no place to go on from");
    };
    let place = format!("{{\"start_index\":{},\"start_time\":{}}}", index.get(), time.get());
    if cursor.text().ends_with(&place) {
        return malformed("the place to go on from is where we are");
    }
    if page + 1 >= MAX_SETTLEMENT_PAGES {
        let rows = MAX_SETTLEMENT_PAGES * PAGE_SIZE;
        return Err(PlatformError::WindowTooWide {
            rows,
            context: format!("{SETTLEMENTS}: no end after that many rows"),
        });
    }
    Ok(Some(Cursor::new(format!("{} {place}", page + 1))))
}

/// `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai.
fn local_text(at: Instant) -> String {
    at.with_timezone(&shanghai()).format("%Y-%m-%d %H:%M:%S").to_string()
}
