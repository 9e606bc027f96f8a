//! Orders, a page of a window: their numbers, then each by its number.

use super::{Listed, ORDERS, WechatChannels, check_window, numbers};
use crate::domain::records::OrderRecord;
use crate::platforms::connector::together;
use crate::platforms::fields::Text;
use crate::platforms::reading::{Sorted, evidence};
use crate::platforms::wechat_channels::convert::order::order;
use crate::platforms::wechat_channels::limits::{CALLS_AT_ONCE, ORDER_WINDOW, PAGE_SIZE};
use crate::platforms::wechat_channels::wire::envelope::{OneOrder, OrderNumbers};
use crate::platforms::wechat_channels::wire::order::Order;
use crate::platforms::why::{Why, missing};
use crate::platforms::{Ask, Page, PlatformError, Token};
use futures::FutureExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const GET: &str = "channels/ec/order/get";

/// An order with the hash of the bytes it came in, or why it cannot be had.
pub(super) type Known = Result<(Order, [u8; 32]), Why>;

impl WechatChannels {
    /// Orders changed in the window. The platform states neither a total nor an order among them: a window is complete
    /// when its list has ended.
    pub async fn orders(&self, ask: Ask<'_>) -> Result<Page<OrderRecord>, PlatformError> {
        let Listed { numbers, received, next } = self.order_numbers(ask, None).await?;
        let awaited = numbers.iter().map(|number| self.known(ask.token, number).boxed()).collect();
        let known = together(awaited, CALLS_AT_ONCE).await?;
        let mut sorted = Sorted::default();
        let mut received_sha256 = Sha256::new();
        for (i, (number, known)) in numbers.iter().zip(known).enumerate() {
            match known {
                Ok((wire, bytes)) => {
                    received_sha256.update(bytes);
                    sorted.add(number, i + 1, order(&wire), evidence(&wire));
                }
                Err(reason) => sorted.add(number, i + 1, Err(reason), "{}".to_owned()),
            }
        }
        let (records, rejected) = (sorted.records, sorted.rejected);
        Ok(Page { records, rejected, received, total: None, next, received_sha256: received_sha256.finalize().into() })
    }

    /// The numbers of orders changed in the window, of a status where one is given.
    pub(super) async fn order_numbers(&self, ask: Ask<'_>, status: Option<i64>) -> Result<Listed, PlatformError> {
        check_window(ORDERS, &ask.window, ORDER_WINDOW)?;
        let mut params = json!({
            "page_size": PAGE_SIZE,
            "update_time_range": {
                "start_time": ask.window.from.timestamp(),
                "end_time": ask.window.to.timestamp(),
            },
        });
        if !ask.cursor.text().is_empty() {
            params["next_key"] = json!(ask.cursor.text());
        }
        if let Some(status) = status {
            params["status"] = json!(status);
        }
        let answer = self.call(ORDERS, Some(ask.token), &params).await?;
        let data: OrderNumbers = answer.read()?;
        numbers(ORDERS, PAGE_SIZE, data.order_id_list, &data.next_key, data.has_more)
    }

    /// One order by its number.
    pub(super) async fn known(&self, token: &Token, number: &Text) -> Result<Known, PlatformError> {
        let Some(number) = number.id() else { return Ok(Err(missing("order_id"))) };
        let one = self.numbered::<OneOrder>(GET, token, json!({ "order_id": number })).await?;
        Ok(one.map(|(one, bytes)| (one.order, bytes)))
    }
}
