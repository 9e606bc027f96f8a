//! Settled bills, a page of a window. A day's bills may appear a day late, so a caller asks for the last days again.

use super::{Kuaishou, SETTLEMENTS, check_window, count, next_place};
use crate::domain::records::SettlementRecord;
use crate::platforms::kuaishou::convert::settlement::settlement;
use crate::platforms::kuaishou::limits::{BILL_PAGE, SETTLEMENT_WINDOW};
use crate::platforms::kuaishou::wire::envelope::SettlementPage;
use crate::platforms::kuaishou::wire::settlement::Bill;
use crate::platforms::reading::{Sorted, evidence, read};
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
        let answer = self.call(SETTLEMENTS, ask.token, &params).await?;
        let data: SettlementPage<'_> = answer.read()?;
        let rows = data.orders.unwrap_or_default();
        let received = count(SETTLEMENTS, rows.len(), BILL_PAGE)?;
        let mut sorted = Sorted::default();
        for (i, raw) in rows.iter().enumerate() {
            match read::<Bill>(raw, i + 1) {
                Ok(bill) => sorted.add(&bill.order_no, i + 1, settlement(&bill), evidence(&bill)),
                Err(rejection) => sorted.rejected.push(rejection),
            }
        }
        let (records, rejected, next) = (sorted.records, sorted.rejected, next_place(&data.cursor));
        Ok(Page { records, rejected, received, total: None, next, received_sha256: answer.received_sha256 })
    }
}
