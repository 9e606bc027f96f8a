//! A settled bill as what was settled: goods, subsidy, refunds, fees.
//!
//! ```text
//! goods    = actualPayAmount                                  buyers' money; their freight is in it and not told apart
//! subsidy  = platformAllowanceAmount + platformPayMarketAllowanceAmount + governmentSubsidyAmount
//!          + anchorHongBaoAmount + czjAmount
//! refund   = totalRefundAmount
//! platform = platformCommissionAmount + activityUserCommissionAmount + serviceAmount + otherAmount
//! anchor   = distributorCommissionAmount + kzkCommissionAmount
//! settlementAmount = goods + subsidy − refund − platform − anchor
//! ```
//!
//! Rule: the last line is checked on every bill, and a bill that does not fit is rejected: either a field means something
//! else than we think, or money went a way we do not know.
//!
//! Freight inside the goods does no harm: a bill covers its whole order, and what is covered counts to the goods' own
//! amount at most.
//!
//! Units: text is yuan where some text of the bill has a decimal point, fen otherwise; what comes as a number, and
//! `kzkCommissionAmount`, is always fen.
//!
//! `statement_no` is `orderNo:settlementTime`: bills have no number of their own, and a later bill of the same order is
//! another one.

use crate::domain::money::parse_fen;
use crate::domain::records::SettlementRecord;
use crate::platforms::fields::Text;
use crate::platforms::kuaishou::limits::BILL_WITHOUT_POINT_IS_FEN;
use crate::platforms::kuaishou::wire::settlement::Bill;
use crate::platforms::reading::{happened, id_of, moment_ms};
use crate::platforms::why::{Why, missing, no_amount, why};

/// Converts a bill; the error says why it does not fit.
pub fn settlement(bill: &Bill) -> Result<SettlementRecord, Why> {
    let unit = Unit::of(bill);
    let order_no = id_of(&bill.order_no, "orderNo")?;
    let settled_at = happened(moment_ms(bill.settlement_time, "settlementTime")?, "settlementTime")?;
    let goods_fen = unit.fen(&bill.actual_pay_amount, "actualPayAmount")?;
    let subsidy_fen = unit.fen(&bill.platform_allowance_amount, "platformAllowanceAmount")?
        + bill.platform_pay_market_allowance_amount.amount("platformPayMarketAllowanceAmount")?
        + bill.government_subsidy_amount.amount("governmentSubsidyAmount")?
        + unit.fen(&bill.anchor_hong_bao_amount, "anchorHongBaoAmount")?
        + unit.fen(&bill.czj_amount, "czjAmount")?;
    let refund_fen = unit.fen(&bill.total_refund_amount, "totalRefundAmount")?;
    let platform_fen = unit.fen(&bill.platform_commission_amount, "platformCommissionAmount")?
        + unit.fen(&bill.activity_user_commission_amount, "activityUserCommissionAmount")?
        + unit.fen(&bill.service_amount, "serviceAmount")?
        + bill.other_amount.get("otherAmount")?.unwrap_or_default();
    let anchor_fen = unit.fen(&bill.distributor_commission_amount, "distributorCommissionAmount")?
        + bill.kzk_commission_amount.amount("kzkCommissionAmount")?;
    bill.settlement_amount.get().ok_or_else(|| missing("settlementAmount"))?;
    let settled_fen = unit.fen(&bill.settlement_amount, "settlementAmount")?;
    let sum_fen = goods_fen + subsidy_fen - refund_fen - platform_fen - anchor_fen;
    if sum_fen != settled_fen {
        return Err(why!(
            "settlementAmount {settled_fen} 不等于各项之和 {sum_fen}：货款 {goods_fen}，补贴 {subsidy_fen}，退款 \
             {refund_fen}，平台费 {platform_fen}，佣金 {anchor_fen}",
            "settlementAmount {settled_fen} is not the sum of its parts {sum_fen}: goods {goods_fen}, subsidy \
             {subsidy_fen}, refund {refund_fen}, platform fees {platform_fen}, commission {anchor_fen}"
        ));
    }
    if refund_fen < 0 {
        return Err(why!("totalRefundAmount 是负数（{refund_fen}）", "totalRefundAmount is negative ({refund_fen})"));
    }
    Ok(SettlementRecord {
        statement_no: format!("{order_no}:{}", settled_at.timestamp_millis()),
        line_no: Some(order_no.clone()),
        order_no,
        settled_at,
        goods_fen,
        freight_fen: 0,
        subsidy_fen,
        refund_fen,
        platform_fen,
        anchor_fen,
    })
}

/// The unit of a bill's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Fen,
    Yuan,
}

impl Unit {
    fn of(bill: &Bill) -> Self {
        let texts = [
            &bill.activity_user_commission_amount,
            &bill.actual_pay_amount,
            &bill.anchor_hong_bao_amount,
            &bill.czj_amount,
            &bill.distributor_commission_amount,
            &bill.platform_allowance_amount,
            &bill.platform_commission_amount,
            &bill.service_amount,
            &bill.settlement_amount,
            &bill.total_income,
            &bill.total_outgoing_amount,
            &bill.total_refund_amount,
        ];
        let pointed = texts.into_iter().any(|text| text.or_empty().contains('.'));
        if BILL_WITHOUT_POINT_IS_FEN && !pointed { Self::Fen } else { Self::Yuan }
    }

    /// Nothing is 0.
    fn fen(self, text: &Text, name: &str) -> Result<i64, Why> {
        let Some(text) = text.get() else { return Ok(0) };
        let fen = match self {
            Self::Fen => text.trim().parse().ok(),
            Self::Yuan => parse_fen(text),
        };
        fen.filter(|fen: &i64| fen.unsigned_abs() <= MAX_FEN).ok_or_else(|| no_amount(name))
    }
}

/// A hundred billion yuan: amounts beyond are not amounts, and below no sum over a bill can overflow.
const MAX_FEN: u64 = 10_000_000_000_000;

#[cfg(test)]
#[path = "settlement_tests.rs"]
mod tests;
