//! Settled bills, a page of a window. A day's bills may appear a day late, so a caller asks for the last days again.

use super::{Kuaishou, SETTLEMENTS, check_window, count, next_place};
use crate::domain::records::SettlementRecord;
use crate::platforms::kuaishou::convert::settlement::settlement;
use crate::platforms::kuaishou::limits::{BILL_PAGE, SETTLEMENT_WINDOW};
use crate::platforms::kuaishou::wire::envelope::SettlementPage;
use crate::platforms::reading::{Answer, Sorted, rows};
use crate::platforms::{Ask, Page, PlatformError};
use serde_json::json;

impl Kuaishou {
    /// `open.funds.financial.settled.bill.detail`: bills settled in the window.
    pub async fn settlements(&self, ask: Ask<'_>) -> Result<Page<SettlementRecord>, PlatformError> {
        check_window(SETTLEMENTS, &ask.window, SETTLEMENT_WINDOW)?;
        let params = json!({
            "cursor": ask.cursor.text(),
            "settlementEndTime": ask.window.to.timestamp_millis(),
            "settlementStartTime": ask.window.from.timestamp_millis(),
            "size": BILL_PAGE,
        });
        let Answer { data, received_sha256 } = self.call::<SettlementPage>(SETTLEMENTS, ask.token, &params).await?;
        let rows = rows(SETTLEMENTS, "orders", data.orders)?;
        let received = count(SETTLEMENTS, rows.len(), BILL_PAGE)?;
        let Sorted { records, rejected } = Sorted::of(rows, |bill| &bill.order_no, settlement);
        let next = next_place(&data.cursor);
        Ok(Page { records, rejected, received, total: None, next, received_sha256 })
    }
}
