//! After-sale cases, a page of a window, with the detail of those that moved money.
//!
//! The list states what was asked for and the detail what was paid, so a page costs one call and one more for each case
//! whose money went back: at most a page of them, several at the same time and each at the rate limit. Cases in progress
//! cost nothing more. The page fails as a whole if a detail cannot be had now, and is asked for again as a whole; a
//! detail the platform refuses rejects its own case only.

use super::{AFTER_SALES, Douyin, check_depth, check_window, count, next_page, page_no, total_of};
use crate::domain::records::{Evidenced, RefundRecord};
use crate::platforms::connector::{IsKnown, together};
use crate::platforms::douyin::convert::aftersale::{moved_money, refunds};
use crate::platforms::douyin::limits::{CALLS_AT_ONCE, PAGE_SIZE};
use crate::platforms::douyin::wire::aftersale::{Detail, DetailData, Evidence, Item};
use crate::platforms::douyin::wire::envelope::AfterSalePage;
use crate::platforms::fields::Text;
use crate::platforms::reading::{Answer, Sorted, evidence, malformed, reject, rows};
use crate::platforms::why::Why;
use crate::platforms::{Cursor, Page, PlatformError, Token, Window};
use futures::FutureExt as _;
use serde_json::json;

impl Douyin {
    /// `afterSale.List`: cases changed in the window, oldest change first.
    ///
    /// A case whose money moved and that `is_known` (by its number and the time of its last change) is passed over: it
    /// counts as received and costs no second call. So asking for the last weeks again costs the pages only.
    pub async fn refunds(
        &self,
        token: &Token,
        window: Window,
        cursor: &Cursor,
        is_known: IsKnown<'_>,
    ) -> Result<Page<RefundRecord>, PlatformError> {
        check_window(&window)?;
        let page = page_no(cursor)?;
        check_depth(AFTER_SALES, page, 0)?;
        let params = json!({
            "page": page,
            "size": PAGE_SIZE,
            "order_by": ["update_time asc"],
            "update_start_time": window.from.timestamp(),
            "update_end_time": window.to.timestamp(),
        });
        let Answer { data, received_sha256 } = self.call::<AfterSalePage>(AFTER_SALES, Some(token), &params).await?;
        let rows = rows(AFTER_SALES, "items", data.items)?;
        let (received, total) = (count(AFTER_SALES, rows.len())?, total_of(AFTER_SALES, data.total)?);
        check_depth(AFTER_SALES, page, total)?;
        let has_more = data.has_more.get("has_more").map_err(|why| malformed(AFTER_SALES, &why))?;

        let Sorted { mut records, mut rejected } = Sorted::default();
        let mut cases: Vec<(usize, Item)> = Vec::new();
        for (i, row) in rows.into_iter().enumerate() {
            match row {
                Ok(item) if moved_money(&item).is_some_and(|(no, at)| is_known(no, at)) => {}
                Ok(item) => cases.push((i + 1, item)),
                Err(rejection) => rejected.push(rejection),
            }
        }
        let awaited = cases.iter().map(|(_, item)| self.detail(token, item).boxed()).collect();
        let details = together(awaited, CALLS_AT_ONCE).await?;
        for ((row, item), detail) in cases.iter().zip(details) {
            let evidence = evidence(&Evidence { detail: detail.as_ref().ok().and_then(Option::as_ref), item });
            match detail.and_then(|detail| refunds(item, detail.as_ref())) {
                Ok(converted) => {
                    records.extend(converted.into_iter().map(|record| Evidenced::new(record, evidence.clone())));
                }
                Err(why) => rejected.push(reject(case_no(item), *row, &why, evidence)),
            }
        }
        let next = next_page(page, received, total, has_more);
        Ok(Page { records, rejected, received, total: Some(total), next, received_sha256 })
    }

    /// `afterSale.Detail` of a case that moved money. The inner error is the case's own and rejects it alone.
    async fn detail(&self, token: &Token, item: &Item) -> Result<Result<Option<Detail>, Why>, PlatformError> {
        if moved_money(item).is_none() {
            return Ok(Ok(None));
        }
        let params = json!({ "after_sale_id": case_no(item).or_empty() });
        match self.call::<DetailData>("afterSale.Detail", Some(token), &params).await {
            Ok(answer) => {
                let info = answer.data.process_info.take("process_info");
                Ok(info.and_then(|info| info.after_sale_info.take("after_sale_info")).map(Some))
            }
            Err(error @ (PlatformError::Rejected { .. } | PlatformError::Malformed { .. })) => {
                Ok(Err(Why::refused(&error)))
            }
            Err(error) => Err(error),
        }
    }
}

fn case_no(item: &Item) -> &Text {
    const NONE: &Text = &Text::NONE;
    item.aftersale_info.ok().map_or(NONE, |case| &case.aftersale_id)
}
