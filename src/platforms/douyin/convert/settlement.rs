//! A statement row as what was settled: goods, freight, subsidy, refunds, fees.
//!
//! ```text
//! goods    = total_goods_amount − shop_coupon − subsidy      buyers' money, refunds in the row not taken off
//! freight  = post_amount
//! subsidy  = platform_coupon + author_coupon + zt_pay_promotion + zr_pay_promotion
//! refund   = refund_before_settle
//! platform = platform_service_fee + colonel_service_fee + channel_promotion_fee
//!          + good_learn_channel_fee + other_sharing_amount
//! anchor   = commission
//! settle_amount = goods + freight + subsidy − refund − platform − anchor
//! ```
//!
//! Rule: the last line is checked on every row, and a row that does not fit is rejected: either a field means something
//! else than we think, or money went a way we do not know.
//!
//! The payment channel's promotions are subsidy, as in the order's conversion: the buyer did not pay them and the shop
//! got them. A refund beyond the goods is freight (goods first): it is taken off both freight and refund, so that
//! `goods − refund` is the goods money that settled.
//!
//! Signs: amounts, fees and refunds are stated positive. A row after a refund (trade types 1 and 3) reverses an earlier
//! one: all its parts are negative, goods and fees alike, and so is what it settles.
//!
//! `statement_no` is `request_no:order_id:trade_type`: one settlement request may cover several lines, and a line comes
//! once in it for each kind of movement. The same row fetched twice has the same number.

use crate::domain::calendar::{Instant, local};
use crate::domain::records::SettlementRecord;
use crate::platforms::douyin::limits::REVERSAL_SIGN;
use crate::platforms::douyin::wire::settlement::Row;
use crate::platforms::fields::{Int, Text};
use crate::platforms::reading::id_of;
use crate::platforms::why::{Why, missing, why};
use chrono::{DateTime, NaiveDateTime};

/// Converts a row; the error says why it does not fit.
pub fn settlement(row: &Row) -> Result<SettlementRecord, Why> {
    let trade_type = row.trade_type.get().ok_or_else(|| missing("trade_type"))?;
    let sign = match trade_type {
        "0" | "2" => 1,
        "1" | "3" => REVERSAL_SIGN,
        other => return Err(why!("不认识的 trade_type {other}", "trade_type {other} is not known")),
    };
    let fen = |amount: Int, name: &str| amount.get(name).map(|fen| sign * fen.unwrap_or_default());
    let subsidy_fen = fen(row.platform_coupon, "platform_coupon")?
        + fen(row.author_coupon, "author_coupon")?
        + fen(row.zt_pay_promotion, "zt_pay_promotion")?
        + fen(row.zr_pay_promotion, "zr_pay_promotion")?;
    let goods_fen =
        fen(row.total_goods_amount, "total_goods_amount")? - fen(row.shop_coupon, "shop_coupon")? - subsidy_fen;
    let stated_refund_fen = fen(row.refund_before_settle, "refund_before_settle")?;
    let stated_freight_fen = fen(row.post_amount, "post_amount")?;
    let platform_fen = fen(row.platform_service_fee, "platform_service_fee")?
        + fen(row.colonel_service_fee, "colonel_service_fee")?
        + fen(row.channel_promotion_fee, "channel_promotion_fee")?
        + fen(row.good_learn_channel_fee, "good_learn_channel_fee")?
        + fen(row.other_sharing_amount, "other_sharing_amount")?;
    let anchor_fen = fen(row.commission, "commission")?;
    let settled_fen = row.settle_amount.get("settle_amount")?.ok_or_else(|| missing("settle_amount"))?;
    let sum_fen = goods_fen + stated_freight_fen + subsidy_fen - stated_refund_fen - platform_fen - anchor_fen;
    if sum_fen != settled_fen {
        return Err(why!(
            "settle_amount {settled_fen} 不等于各项之和 {sum_fen}：货款 {goods_fen}，运费 {stated_freight_fen}，补贴 \
             {subsidy_fen}，退款 {stated_refund_fen}，平台费 {platform_fen}，佣金 {anchor_fen}",
            "settle_amount {settled_fen} is not the sum of its parts {sum_fen}: goods {goods_fen}, freight \
             {stated_freight_fen}, subsidy {subsidy_fen}, refund {stated_refund_fen}, platform fees {platform_fen}, \
             commission {anchor_fen}"
        ));
    }
    if stated_refund_fen < 0 {
        return Err(why!(
            "refund_before_settle 是负数（{stated_refund_fen}）",
            "refund_before_settle is negative ({stated_refund_fen})"
        ));
    }
    let freight_refund_fen = (stated_refund_fen - goods_fen.max(0)).max(0);
    let line_no = id_of(&row.order_id, "order_id")?;
    let request_no = id_of(&row.request_no, "request_no")?;
    Ok(SettlementRecord {
        statement_no: format!("{request_no}:{line_no}:{trade_type}"),
        order_no: id_of(&row.shop_order_id, "shop_order_id")?,
        line_no: Some(line_no),
        settled_at: settled_at(&row.settle_time)?,
        goods_fen,
        freight_fen: stated_freight_fen - freight_refund_fen,
        subsidy_fen,
        refund_fen: stated_refund_fen - freight_refund_fen,
        platform_fen,
        anchor_fen,
    })
}

/// Local time as text, or seconds.
fn settled_at(text: &Text) -> Result<Instant, Why> {
    let text = text.id().ok_or_else(|| missing("settle_time"))?;
    let seconds = || text.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .ok()
        .map(local)
        .or_else(seconds)
        .ok_or_else(|| why!("settle_time 不是时间", "settle_time is not a time"))
}

#[cfg(test)]
#[path = "settlement_tests.rs"]
mod tests;
