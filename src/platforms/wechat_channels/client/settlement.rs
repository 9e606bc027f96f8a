//! Settlements, a page of a window: the completed orders that changed in it, those of them that have been settled, with
//! their after-sale cases.
//!
//! An order that changes after its settlement comes again with the same row, which is then known.

use super::{Listed, WechatChannels};
use crate::domain::records::SettlementRecord;
use crate::platforms::connector::together;
use crate::platforms::fields::Text;
use crate::platforms::reading::{Sorted, evidence};
use crate::platforms::wechat_channels::convert::settlement::{settle_info, settlement};
use crate::platforms::wechat_channels::limits::CALLS_AT_ONCE;
use crate::platforms::wechat_channels::wire::aftersale::{Case, Settled};
use crate::platforms::wechat_channels::wire::order::Order;
use crate::platforms::why::Why;
use crate::platforms::{Ask, Page, PlatformError, Token};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};

/// A completed order.
const COMPLETED: i64 = 100;

/// A settled order with its cases.
struct Known {
    order: Order,
    cases: Vec<Case>,
    received_sha256: [u8; 32],
}

impl WechatChannels {
    /// Orders settled, among the completed ones that changed in the window.
    pub async fn settlements(&self, ask: Ask<'_>) -> Result<Page<SettlementRecord>, PlatformError> {
        let Listed { numbers, received, next } = self.order_numbers(ask, Some(COMPLETED)).await?;
        let awaited = numbers.iter().map(|number| self.settled(ask.token, number).boxed()).collect();
        let known = together(awaited, CALLS_AT_ONCE).await?;
        let mut sorted = Sorted::default();
        let mut received_sha256 = Sha256::new();
        for (i, (number, known)) in numbers.iter().zip(known).enumerate() {
            match known {
                Ok(None) => {}
                Ok(Some(Known { order, cases, received_sha256: bytes })) => {
                    received_sha256.update(bytes);
                    let evidence = evidence(&Settled { cases: &cases, order: &order });
                    sorted.add(number, i + 1, settlement(&order, &cases), evidence);
                }
                Err(reason) => sorted.add(number, i + 1, Err(reason), "{}".to_owned()),
            }
        }
        let (records, rejected) = (sorted.records, sorted.rejected);
        Ok(Page { records, rejected, received, total: None, next, received_sha256: received_sha256.finalize().into() })
    }

    /// An order with its cases, if it has been settled. The inner error is the order's own.
    async fn settled(&self, token: &Token, number: &Text) -> Result<Result<Option<Known>, Why>, PlatformError> {
        let (order, received_sha256) = match self.known(token, number).await? {
            Ok((order, _)) if settle_info(&order).is_none() => return Ok(Ok(None)),
            Ok(known) => known,
            Err(reason) => return Ok(Err(reason)),
        };
        let listed = order.aftersale_detail.ok().and_then(|detail| detail.aftersale_order_list.ok());
        let mut cases = Vec::new();
        for state in listed.into_iter().flatten() {
            match self.case(token, &state.aftersale_order_id).await? {
                Ok((case, _)) => cases.push(case),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(Ok(Some(Known { order, cases, received_sha256 })))
    }
}
