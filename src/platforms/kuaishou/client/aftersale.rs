//! After-sale cases, a page of a window, with the order of those that moved money.

use super::orders::Known;
use super::{AFTER_SALES, ASCENDING, BY_UPDATE, Kuaishou, check_window, count, next_place};
use crate::domain::records::RefundRecord;
use crate::platforms::connector::{IsKnown, together};
use crate::platforms::kuaishou::convert::aftersale::{refund, succeeded};
use crate::platforms::kuaishou::limits::{AFTER_SALE_PAGE, AFTER_SALE_WINDOW, CALLS_AT_ONCE};
use crate::platforms::kuaishou::wire::aftersale::{Case, Evidence, Sold};
use crate::platforms::kuaishou::wire::envelope::AfterSalePage;
use crate::platforms::reading::{Answer, Sorted, evidence, rows};
use crate::platforms::why::Why;
use crate::platforms::{Ask, Page, PlatformError, Token};
use futures::FutureExt as _;
use serde_json::json;

/// Both waiting and ended cases.
const ALL: i64 = 9;

impl Kuaishou {
    /// `open.seller.order.refund.pcursor.list`: cases changed in the window, oldest change first.
    ///
    /// A case that succeeded and `is_known` (by its number and the time of its last change) is passed over: it counts as
    /// received and costs no second call.
    pub async fn refunds(&self, ask: Ask<'_>, is_known: IsKnown<'_>) -> Result<Page<RefundRecord>, PlatformError> {
        check_window(AFTER_SALES, &ask.window, AFTER_SALE_WINDOW)?;
        let params = json!({
            "beginTime": ask.window.from.timestamp_millis(),
            "currentPage": 1,
            "endTime": ask.window.to.timestamp_millis(),
            "pageSize": AFTER_SALE_PAGE,
            "pcursor": ask.cursor.text(),
            "queryType": BY_UPDATE,
            "sort": ASCENDING,
            "type": ALL,
        });
        let Answer { data, received_sha256 } = self.call::<AfterSalePage>(AFTER_SALES, ask.token, &params).await?;
        let rows = rows(AFTER_SALES, "refundOrderInfoList", data.refund_order_info_list)?;
        let received = count(AFTER_SALES, rows.len(), AFTER_SALE_PAGE)?;
        let mut sorted = Sorted::default();
        let mut cases: Vec<(usize, Case)> = Vec::new();
        for (i, row) in rows.into_iter().enumerate() {
            match row {
                Ok(case) if succeeded(&case).is_some_and(|(no, at)| is_known(no, at)) => {}
                Ok(case) => cases.push((i + 1, case)),
                Err(rejection) => sorted.rejected.push(rejection),
            }
        }
        let awaited = cases.iter().map(|(_, case)| self.sold(ask.token, case).boxed()).collect();
        let sold = together(awaited, CALLS_AT_ONCE).await?;
        for ((row, case), sold) in cases.iter().zip(&sold) {
            let known = sold.as_ref().ok().and_then(Option::as_ref);
            let sold_of = known.and_then(|known| Some(Sold { fee: known.fee.as_ref()?, order: &known.order }));
            let evidence = evidence(&Evidence { case, sold: sold_of });
            let converted = sold.as_ref().map_err(Clone::clone).and_then(|_| refund(case, sold_of));
            sorted.add(&case.refund_id, *row, converted, evidence);
        }
        let (records, rejected, next) = (sorted.records, sorted.rejected, next_place(&data.pcursor));
        Ok(Page { records, rejected, received, total: None, next, received_sha256 })
    }

    /// The order of a case that moved money. The inner error is the case's own and rejects it alone.
    async fn sold(&self, token: &Token, case: &Case) -> Result<Result<Option<Known>, Why>, PlatformError> {
        if succeeded(case).is_none() {
            return Ok(Ok(None));
        }
        Ok(self.known(token, &case.oid).await?.map(Some))
    }
}
