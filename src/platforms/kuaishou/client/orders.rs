//! Orders, a page of a window, each with its detail and, once paid, its fees.

use super::{ASCENDING, BY_UPDATE, Kuaishou, ORDERS, check_window, count, next_place};
use crate::domain::records::OrderRecord;
use crate::platforms::connector::together;
use crate::platforms::fields::{Part, Shape, Text};
use crate::platforms::kuaishou::convert::order::{is_paid, order};
use crate::platforms::kuaishou::limits::{CALLS_AT_ONCE, ORDER_PAGE, ORDER_WINDOW};
use crate::platforms::kuaishou::wire::envelope::OrderPage;
use crate::platforms::kuaishou::wire::order::{Evidence, Fee, Listed, Order};
use crate::platforms::reading::{Answer, Sorted, evidence, rows};
use crate::platforms::why::{Why, missing, why};
use crate::platforms::{Ask, Page, PlatformError, Token};
use futures::FutureExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const DETAIL: &str = "open.order.detail";
const FEES: &str = "open.seller.order.fee.detail";

/// What is known of one order, with the hash of the bytes it came in.
pub(super) struct Known {
    pub order: Order,
    pub fee: Option<Fee>,
    received_sha256: [u8; 32],
}

impl Kuaishou {
    /// `open.order.cursor.list`: orders changed in the window, oldest change first.
    ///
    /// The platform states no total: a window is complete when its list has ended.
    pub async fn orders(&self, ask: Ask<'_>) -> Result<Page<OrderRecord>, PlatformError> {
        check_window(ORDERS, &ask.window, ORDER_WINDOW)?;
        let params = json!({
            "beginTime": ask.window.from.timestamp_millis(),
            "cpsType": 0,
            "cursor": ask.cursor.text(),
            "endTime": ask.window.to.timestamp_millis(),
            "orderViewStatus": 1,
            "pageSize": ORDER_PAGE,
            "queryType": BY_UPDATE,
            "sort": ASCENDING,
        });
        let answer = self.call::<OrderPage>(ORDERS, ask.token, &params).await?;
        let rows = rows(ORDERS, "orderList", answer.data.order_list)?;
        let received = count(ORDERS, rows.len(), ORDER_PAGE)?;
        let numbers: Vec<Text> = rows.into_iter().map(|row| row.map(number).unwrap_or_default()).collect();
        let awaited = numbers.iter().map(|number| self.known(ask.token, number).boxed()).collect();
        let known = together(awaited, CALLS_AT_ONCE).await?;
        let mut sorted = Sorted::default();
        let mut received_sha256 = Sha256::new_with_prefix(answer.received_sha256);
        for (i, (number, known)) in numbers.iter().zip(known).enumerate() {
            match known {
                Ok(Known { order: wire, fee, received_sha256: bytes }) => {
                    received_sha256.update(bytes);
                    let evidence = evidence(&Evidence { fee: fee.as_ref(), order: &wire });
                    sorted.add(number, i + 1, order(&wire, fee.as_ref()), evidence);
                }
                Err(reason) => sorted.add(number, i + 1, Err(reason), "{}".to_owned()),
            }
        }
        let (records, rejected) = (sorted.records, sorted.rejected);
        let received_sha256 = received_sha256.finalize().into();
        Ok(Page { records, rejected, received, total: None, next: next_place(&answer.data.cursor), received_sha256 })
    }

    /// An order's detail and, once it is paid, its fees. The inner error is the order's own and rejects it alone.
    pub(super) async fn known(&self, token: &Token, number: &Text) -> Result<Result<Known, Why>, PlatformError> {
        let Some(number) = number.id() else { return Ok(Err(missing("oid"))) };
        let mut received_sha256 = Sha256::new();
        let detail = self.numbered::<Order>(DETAIL, token, "oid", number, &mut received_sha256).await?;
        let order = match detail {
            Ok(order) => order,
            Err(reason) => return Ok(Err(reason)),
        };
        let fee = if is_paid(&order) {
            match self.numbered::<Fee>(FEES, token, "orderId", number, &mut received_sha256).await? {
                Ok(fee) => Some(fee),
                Err(reason) => return Ok(Err(reason)),
            }
        } else {
            None
        };
        Ok(Ok(Known { order, fee, received_sha256: received_sha256.finalize().into() }))
    }

    /// One record by the number of its order, which is sent as the number it is.
    async fn numbered<T: Shape>(
        &self,
        method: &'static str,
        token: &Token,
        name: &str,
        number: &str,
        received_sha256: &mut Sha256,
    ) -> Result<Result<T, Why>, PlatformError> {
        let Ok(number) = number.parse::<u64>() else {
            return Ok(Err(why!("订单号 {number} 不是数字", "an order number that is none ({number})")));
        };
        match self.call(method, token, &json!({ name: number })).await {
            Ok(Answer { data, received_sha256: bytes }) => {
                received_sha256.update(bytes);
                Ok(Ok(data))
            }
            Err(error @ (PlatformError::Rejected { .. } | PlatformError::Malformed { .. })) => {
                Ok(Err(Why::refused(&error)))
            }
            Err(error) => Err(error),
        }
    }
}

/// The number of an order of the list; none where it cannot be read.
fn number(listed: Listed) -> Text {
    match listed.order_base_info {
        Part::Known(base) => base.oid,
        Part::Absent | Part::Unreadable => Text::NONE,
    }
}
