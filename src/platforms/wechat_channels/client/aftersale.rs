//! After-sale cases, a page of a window: their numbers, then each by its number, and the order of those whose money
//! went back.

use super::{AFTER_SALES, Listed, WechatChannels, check_window, numbers};
use crate::domain::records::RefundRecord;
use crate::platforms::connector::{IsKnown, together};
use crate::platforms::fields::Text;
use crate::platforms::reading::{Sorted, evidence, moment};
use crate::platforms::wechat_channels::convert::aftersale::{has_succeeded, refund};
use crate::platforms::wechat_channels::limits::{AFTER_SALE_WINDOW, CALLS_AT_ONCE, MOST_CASES};
use crate::platforms::wechat_channels::wire::aftersale::{Case, Evidence};
use crate::platforms::wechat_channels::wire::envelope::{CaseNumbers, OneCase};
use crate::platforms::wechat_channels::wire::order::Order;
use crate::platforms::why::{Why, missing};
use crate::platforms::{Ask, Page, PlatformError, Token};
use futures::FutureExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const GET: &str = "channels/ec/aftersale/getaftersaleorder";

/// A case with the order it is read beside.
struct Known {
    case: Case,
    order: Option<Order>,
    received_sha256: [u8; 32],
}

impl WechatChannels {
    /// Cases changed in the window. The list gives no times, so each case is asked for, known or not.
    pub async fn refunds(&self, ask: Ask<'_>, is_known: IsKnown<'_>) -> Result<Page<RefundRecord>, PlatformError> {
        check_window(AFTER_SALES, &ask.window, AFTER_SALE_WINDOW)?;
        let mut params = json!({
            "begin_update_time": ask.window.from.timestamp(),
            "end_update_time": ask.window.to.timestamp(),
        });
        if !ask.cursor.text().is_empty() {
            params["next_key"] = json!(ask.cursor.text());
        }
        let answer = self.call(AFTER_SALES, Some(ask.token), &params).await?;
        let data: CaseNumbers = answer.read()?;
        let page = numbers(AFTER_SALES, MOST_CASES, data.after_sale_order_id_list, &data.next_key, data.has_more)?;
        let Listed { numbers, received, next } = page;
        let awaited = numbers.iter().map(|number| self.with_order(ask.token, number, is_known).boxed()).collect();
        let known = together(awaited, CALLS_AT_ONCE).await?;
        let mut sorted = Sorted::default();
        let mut received_sha256 = Sha256::new();
        for (i, (number, known)) in numbers.iter().zip(known).enumerate() {
            match known {
                Ok(None) => {}
                Ok(Some(Known { case, order, received_sha256: bytes })) => {
                    received_sha256.update(bytes);
                    let evidence = evidence(&Evidence { case: &case, order: order.as_ref() });
                    sorted.add(number, i + 1, refund(&case, order.as_ref()), evidence);
                }
                Err(reason) => sorted.add(number, i + 1, Err(reason), "{}".to_owned()),
            }
        }
        let (records, rejected) = (sorted.records, sorted.rejected);
        Ok(Page { records, rejected, received, total: None, next, received_sha256: received_sha256.finalize().into() })
    }

    /// A case, with its order where its money went back and it is not known in this state already (then nothing). The
    /// inner error is the case's own.
    async fn with_order(
        &self,
        token: &Token,
        number: &Text,
        is_known: IsKnown<'_>,
    ) -> Result<Result<Option<Known>, Why>, PlatformError> {
        let (case, received_sha256) = match self.case(token, number).await? {
            Ok(known) => known,
            Err(reason) => return Ok(Err(reason)),
        };
        if !has_succeeded(&case) {
            return Ok(Ok(Some(Known { case, order: None, received_sha256 })));
        }
        let changed_at = moment(case.update_time, "update_time").ok().flatten();
        if let (Some(number), Some(at)) = (case.after_sale_order_id.id(), changed_at)
            && is_known(number, at)
        {
            return Ok(Ok(None));
        }
        Ok(self
            .known(token, &case.order_id)
            .await?
            .map(|(order, _)| Some(Known { case, order: Some(order), received_sha256 })))
    }

    /// One case by its number, with the hash of the bytes it came in.
    pub(super) async fn case(
        &self,
        token: &Token,
        number: &Text,
    ) -> Result<Result<(Case, [u8; 32]), Why>, PlatformError> {
        let Some(number) = number.id() else { return Ok(Err(missing("after_sale_order_id"))) };
        let one = self.numbered::<OneCase>(GET, token, json!({ "after_sale_order_id": number })).await?;
        Ok(one.map(|(one, bytes)| (one.after_sale_order, bytes)))
    }
}
