//! An after-sale case as a refund or a re-sending. A case is about one SKU.
//!
//! | type | what it is | goods |
//! |---|---|---|
//! | RETURN | return and refund | returned, the pieces of the case |
//! | REFUND | all that was paid for the pieces | never left before sending, lost after it |
//! | REFUND | a part of it | kept (bad fruit, price protection) |
//! | EXCHANGE | exchange | pieces sent once more, no money |
//!
//! Rule: only the two statuses of success are money that went back. Whether the goods had been sent, and what was paid
//! for them, is the order's to say, so a case that moved money is read beside its order.
//! Rule: a type or status nobody listed is pending, kept in the platform's words, and never success. Refused and failed
//! refunds that may still succeed are pending.

use super::order::{line_no, order};
use crate::domain::calendar::Instant;
use crate::domain::ledger::facts::Outcome;
use crate::domain::records::{RefundRecord, RefundStatus};
use crate::platforms::reading::{happened, id_of, moment, optional_id_of};
use crate::platforms::wechat_channels::wire::aftersale::Case;
use crate::platforms::wechat_channels::wire::order::Order;
use crate::platforms::why::{Why, missing, money_in_exchange, no_order, why};

/// What the buyer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Return,
    RefundOnly,
    Exchange,
}

/// True for a case that succeeded, so that its order has to be asked for.
pub fn has_succeeded(case: &Case) -> bool {
    kind(case).is_some() && status(case) == Some(RefundStatus::Succeeded)
}

/// What went back with a case, and when; nothing where it has not.
pub fn paid_back(case: &Case) -> Result<Option<(i64, Instant)>, Why> {
    if !has_succeeded(case) {
        return Ok(None);
    }
    let refund = case.refund_info.get("refund_info")?.ok_or_else(|| missing("refund_info"))?;
    let at = match moment(case.complete_time, "complete_time")? {
        Some(at) => at,
        None => happened(moment(case.update_time, "update_time")?, "update_time")?,
    };
    Ok(Some((refund.amount.amount("amount")?, at)))
}

/// Converts a case; the error says why it does not fit.
pub fn refund(case: &Case, sold: Option<&Order>) -> Result<RefundRecord, Why> {
    let known = kind(case).zip(status(case));
    let order_no = id_of(&case.order_id, "order_id")?;
    let product = case.product_info.get("product_info")?;
    let sku_no = match product {
        Some(product) => optional_id_of(&product.sku_id, "sku_id")?,
        None => None,
    };
    let record = RefundRecord {
        refund_no: id_of(&case.after_sale_order_id, "after_sale_order_id")?,
        line_no: sku_no.map(|sku_no| line_no(&order_no, &sku_no)),
        order_no,
        updated_at: happened(moment(case.update_time, "update_time")?, "update_time")?,
        status: known.map_or(RefundStatus::Pending, |(_, status)| status),
        platform_status: words(case, known.is_none()),
        status_unknown: known.is_none(),
        refund_fen: 0,
        // which part of a refund is freight is not stated
        freight_fen: None,
        subsidy_back_fen: 0,
        refunded_at: None,
        outcome: Outcome::Kept,
        pieces: 0,
        resent_pieces: 0,
        reason: case.reason.or_empty().to_owned(),
    };
    let Some((kind, RefundStatus::Succeeded)) = known else { return Ok(record) };
    let Some((refund_fen, at)) = paid_back(case)? else { return Ok(record) };
    let pieces = match product {
        Some(product) => product.count.amount("count")?,
        None => 0,
    };
    if kind == Kind::Exchange {
        if refund_fen > 0 {
            return Err(money_in_exchange(refund_fen));
        }
        return Ok(RefundRecord { resent_pieces: pieces, refunded_at: Some(at), ..record });
    }
    let outcome = match kind {
        Kind::Return => Outcome::Returned,
        _ => outcome(sold.ok_or_else(no_order)?, &record, refund_fen, pieces, at)?,
    };
    let pieces = if outcome == Outcome::Kept { 0 } else { pieces };
    Ok(RefundRecord { refund_fen, refunded_at: Some(at), outcome, pieces, ..record })
}

/// What became of goods whose money went back without them.
fn outcome(sold: &Order, record: &RefundRecord, refund_fen: i64, pieces: i64, at: Instant) -> Result<Outcome, Why> {
    let lines = order(sold).map_err(|why| why.within(&why!("售后单的订单", "the case's order")))?.lines;
    let line = lines.iter().find(|line| Some(&line.line_no) == record.line_no.as_ref());
    let Some(line) = line.filter(|line| line.list_fen > 0) else { return Ok(Outcome::Kept) };
    let goods_fen = line.list_fen - line.coupons.shop_fen - line.coupons.platform_fen - line.coupons.anchor_fen;
    let whole = i128::from(refund_fen) * i128::from(line.pieces) >= i128::from(goods_fen) * i128::from(pieces);
    Ok(match (whole, sent_by(sold, at)?) {
        (false, _) => Outcome::Kept,
        (true, true) => Outcome::Lost,
        (true, false) => Outcome::NeverLeft,
    })
}

/// True if goods of the order had been sent by a moment.
fn sent_by(sold: &Order, at: Instant) -> Result<bool, Why> {
    let Some(delivery) = sold.order_detail.ok().and_then(|detail| detail.delivery_info.ok()) else { return Ok(false) };
    let parcels = delivery.delivery_product_info.ok().into_iter().flatten();
    let mut sent =
        parcels.map(|parcel| moment(parcel.delivery_time, "delivery_time")).collect::<Result<Vec<_>, _>>()?;
    sent.push(moment(delivery.ship_done_time, "ship_done_time")?);
    Ok(sent.into_iter().flatten().any(|sent_at| sent_at <= at))
}

fn kind(case: &Case) -> Option<Kind> {
    Some(match case.r#type.get()? {
        "RETURN" => Kind::Return,
        "REFUND" => Kind::RefundOnly,
        "EXCHANGE" => Kind::Exchange,
        _ => return None,
    })
}

fn status(case: &Case) -> Option<RefundStatus> {
    Some(match case.status.get()? {
        "MERCHANT_REFUND_SUCCESS" | "MERCHANT_RETURN_SUCCESS" => RefundStatus::Succeeded,
        // the platform spells the first so
        "USER_CANCELD"
        | "USER_CANCELED"
        | "RETURN_CLOSED"
        | "MERCHANT_REJECT_REFUND"
        | "MERCHANT_REJECT_RETURN"
        | "MERCHANT_FAIL" => RefundStatus::Closed,
        "MERCHANT_PROCESSING"
        | "USER_WAIT_RETURN"
        | "MERCHANT_WAIT_RECEIPT"
        | "MERCHANT_OVERDUE_REFUND"
        | "PLATFORM_REFUNDING"
        | "PLATFORM_REFUND_FAIL"
        | "USER_WAIT_CONFIRM"
        | "MERCHANT_REFUND_RETRY_FAIL"
        | "USER_WAIT_CONFIRM_UPDATE"
        | "USER_WAIT_HANDLE_MERCHANT_AFTER_SALE" => RefundStatus::Pending,
        _ => return None,
    })
}

/// The platform's words.
fn words(case: &Case, unknown: bool) -> String {
    let text = format!("{} {}", case.r#type.or_empty(), case.status.or_empty());
    let text = text.trim();
    if unknown { format!("unknown: {text}") } else { text.to_owned() }
}

#[cfg(test)]
#[path = "aftersale_tests.rs"]
mod tests;
