//! Orders, a page of a window or one by its number.

use super::{Douyin, ORDERS, check_depth, check_window, count, next_page, page_no, total_of};
use crate::domain::records::OrderRecord;
use crate::platforms::douyin::convert::order::order;
use crate::platforms::douyin::limits::PAGE_SIZE;
use crate::platforms::douyin::wire::envelope::{OrderDetail, OrderPage};
use crate::platforms::fields::Part;
use crate::platforms::reading::{Answer, Sorted, rows};
use crate::platforms::{Cursor, Page, PlatformError, Token, Window};
use serde_json::json;

/// One order.
const ORDER: &str = "order.orderDetail";

impl Douyin {
    /// `order.searchList`: orders changed in the window, oldest change first.
    ///
    /// Finds nothing created more than 90 days ago, whatever changed since: see [`Self::order`]. An order that changes
    /// while its window is read leaves its place, and those behind it move up: a caller compares what it received with
    /// the total of the last page, and asks again where they differ.
    pub async fn orders(
        &self,
        token: &Token,
        window: Window,
        cursor: &Cursor,
    ) -> Result<Page<OrderRecord>, PlatformError> {
        check_window(&window)?;
        let page = page_no(cursor)?;
        check_depth(ORDERS, page, 0)?;
        let params = json!({
            "page": page,
            "size": PAGE_SIZE,
            "order_by": "update_time",
            "order_asc": true,
            "update_time_start": window.from.timestamp(),
            "update_time_end": window.to.timestamp(),
        });
        let Answer { data, received_sha256 } = self.call::<OrderPage>(ORDERS, Some(token), &params).await?;
        let rows = rows(ORDERS, "shop_order_list", data.shop_order_list)?;
        let (received, total) = (count(ORDERS, rows.len())?, total_of(ORDERS, data.total)?);
        check_depth(ORDERS, page, total)?;
        let Sorted { records, rejected } = Sorted::of(rows, |wire| &wire.order_id, order);
        let next = next_page(page, received, total, None);
        Ok(Page { records, rejected, received, total: Some(total), next, received_sha256 })
    }

    /// [`ORDER`]: one order however old, as a page of one.
    pub async fn order(&self, token: &Token, order_no: &str) -> Result<Page<OrderRecord>, PlatformError> {
        let params = json!({ "shop_order_id": order_no });
        let Answer { data, received_sha256 } = self.call::<OrderDetail>(ORDER, Some(token), &params).await?;
        let rows = rows(ORDER, "shop_order_detail", Part::Known(vec![data.shop_order_detail]))?;
        let Sorted { records, rejected } = Sorted::of(rows, |wire| &wire.order_id, order);
        Ok(Page { records, rejected, received: 1, total: Some(1), next: None, received_sha256 })
    }
}
