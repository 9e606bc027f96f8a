//! Orders, a page of a window or one by its number.

use super::{Douyin, ORDERS, check_depth, check_window, count, next_page, page_no, total_of};
use crate::domain::records::{Evidenced, OrderRecord, Rejected};
use crate::platforms::douyin::convert::order::order;
use crate::platforms::douyin::limits::PAGE_SIZE;
use crate::platforms::douyin::wire::envelope::{OrderDetail, OrderPage};
use crate::platforms::douyin::wire::order::ShopOrder;
use crate::platforms::reading::{evidence, read, reject};
use crate::platforms::{Cursor, Page, PlatformError, Token, Window};
use serde_json::{json, value::RawValue};

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
        let answer = self.call(ORDERS, Some(token), &params).await?;
        let data: OrderPage<'_> = answer.read()?;
        let rows = data.shop_order_list.unwrap_or_default();
        let (received, total) = (count(ORDERS, rows.len())?, total_of(ORDERS, data.total)?);
        check_depth(ORDERS, page, total)?;
        let (records, rejected) = convert_rows(&rows);
        let next = next_page(page, received, total, None);
        Ok(Page { records, rejected, received, total: Some(total), next, received_sha256: answer.received_sha256 })
    }

    /// `order.orderDetail`: one order however old, as a page of one.
    pub async fn order(&self, token: &Token, order_no: &str) -> Result<Page<OrderRecord>, PlatformError> {
        let answer = self.call("order.orderDetail", Some(token), &json!({ "shop_order_id": order_no })).await?;
        let data: OrderDetail<'_> = answer.read()?;
        let (records, rejected) = convert_rows(&[data.shop_order_detail]);
        let received_sha256 = answer.received_sha256;
        Ok(Page { records, rejected, received: 1, total: Some(1), next: None, received_sha256 })
    }
}

fn convert_rows(rows: &[&RawValue]) -> (Vec<Evidenced<OrderRecord>>, Vec<Rejected>) {
    let mut records = Vec::with_capacity(rows.len());
    let mut rejected = Vec::new();
    for (i, raw) in rows.iter().enumerate() {
        match convert_row(raw, i + 1) {
            Ok(record) => records.push(record),
            Err(rejection) => rejected.push(rejection),
        }
    }
    (records, rejected)
}

fn convert_row(raw: &RawValue, row: usize) -> Result<Evidenced<OrderRecord>, Rejected> {
    let wire: ShopOrder = read(raw, row)?;
    let evidence = evidence(&wire);
    match order(&wire) {
        Ok(record) => Ok(Evidenced::new(record, evidence)),
        Err(reason) => Err(reject(&wire.order_id, row, reason, evidence)),
    }
}
