//! A settled order as a statement row: WeChat has no statement that says what an order's money is made of, but an order
//! says when it was settled and what was charged for it.
//!
//! ```text
//! goods    = the lines' goods, paid by the buyer
//! freight  = freight
//! subsidy  = the platform and talent coupons of lines whose goods money did not all go back
//! refund   = cases that were over by the settlement
//! platform = commission_fee + wecoin_commission, and what agencies earn
//! anchor   = what talents earn (commission_infos)
//! ```
//!
//! Rule: what is predicted is not charged: before `settle_time` there is no row. Commission that is told later makes the
//! row another, and the newer text is its correction: `statement_no` is `order_id:settled`, one for each order.
//!
//! A refund beyond the goods is freight (goods first): it is taken off both freight and refund, so that `goods − refund`
//! is the goods money that settled. What goes back after the settlement is the refund's to say.

use super::aftersale::paid_back;
use super::order::{TALENT, order};
use crate::domain::records::SettlementRecord;
use crate::platforms::reading::moment;
use crate::platforms::wechat_channels::limits::{CARD_FEE_STANDS_BESIDE, COUPONS_ARE_PAID_OUT};
use crate::platforms::wechat_channels::wire::aftersale::Case;
use crate::platforms::wechat_channels::wire::order::{Order, Settle};
use crate::platforms::why::{Why, missing};

/// The settlement of an order, where it has been settled.
pub fn settle_info(wire: &Order) -> Option<&Settle> {
    let settle = wire.order_detail.ok()?.settle_info.ok()?;
    matches!(moment(settle.settle_time, "settle_time"), Ok(Some(_))).then_some(settle)
}

/// Converts a settled order with its cases; the error says why it does not fit.
pub fn settlement(wire: &Order, cases: &[Case]) -> Result<SettlementRecord, Why> {
    let settle = settle_info(wire).ok_or_else(|| missing("settle_time"))?;
    let settled_at = moment(settle.settle_time, "settle_time")?.ok_or_else(|| missing("settle_time"))?;
    let record = order(wire)?;
    let mut refunds: Vec<(Option<&str>, i64)> = Vec::new();
    for case in cases {
        if let Some((fen, _)) = paid_back(case)?.filter(|(_, at)| *at <= settled_at) {
            refunds.push((case.product_info.ok().and_then(|product| product.sku_id.id()), fen));
        }
    }
    let refund_fen: i64 = refunds.iter().map(|(_, fen)| fen).sum();
    let (mut goods_fen, mut coupons_fen) = (0, 0);
    for line in &record.lines {
        let reaches_shop_fen = line.coupons.platform_fen + line.coupons.anchor_fen;
        let paid_fen = line.list_fen - line.coupons.shop_fen - reaches_shop_fen;
        let of_line = refunds.iter().filter(|(sku_no, _)| *sku_no == Some(line.sku_no.as_str()));
        let is_given_back = paid_fen > 0 && of_line.map(|(_, fen)| fen).sum::<i64>() >= paid_fen;
        goods_fen += paid_fen;
        coupons_fen += if is_given_back { 0 } else { reaches_shop_fen };
    }
    let freight_refund_fen = (refund_fen - goods_fen).max(0);
    let card_fee_fen = settle.wecoin_commission.amount("wecoin_commission")?;
    let mut platform_fen =
        settle.commission_fee.amount("commission_fee")? + if CARD_FEE_STANDS_BESIDE { card_fee_fen } else { 0 };
    let mut anchor_fen = 0;
    let detail = wire.order_detail.get("order_detail")?;
    let commissions = match detail {
        Some(detail) => detail.commission_infos.get("commission_infos")?,
        None => None,
    };
    for commission in commissions.into_iter().flatten() {
        let fen = commission.amount.amount("amount")?;
        match commission.r#type.get() {
            Some(TALENT) => anchor_fen += fen,
            _ => platform_fen += fen,
        }
    }
    Ok(SettlementRecord {
        statement_no: format!("{}:settled", record.order_no),
        order_no: record.order_no,
        line_no: None,
        settled_at,
        goods_fen,
        freight_fen: record.buyer_freight_fen - freight_refund_fen,
        subsidy_fen: if COUPONS_ARE_PAID_OUT { coupons_fen } else { 0 },
        refund_fen: refund_fen - freight_refund_fen,
        platform_fen,
        anchor_fen,
    })
}

#[cfg(test)]
#[path = "settlement_tests.rs"]
mod tests;
