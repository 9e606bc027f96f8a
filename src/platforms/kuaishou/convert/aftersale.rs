//! An after-sale case as a refund or a re-sending.
//!
//! | handling | what it is | goods |
//! |---|---|---|
//! | 1 | return and refund | returned, all pieces |
//! | 10 | refund only, all that was paid for the goods | never left before sending, lost after it |
//! | 10 | refund only, a part | kept (bad fruit, price protection) |
//! | 3, 4 | exchange, re-sending | pieces sent once more, no money |
//! | 5 | repair | nothing |
//!
//! Rule: only status 60 is money that went back. How many pieces, whether they had been sent and what was paid for them
//! is the order's to say, so a case that moved money is read beside its order.
//! Rule: a handling or status nobody listed is pending, kept in the platform's words, and never success.

use super::order::paid;
use crate::domain::calendar::Instant;
use crate::domain::ledger::facts::Outcome;
use crate::domain::records::{RefundRecord, RefundStatus};
use crate::platforms::kuaishou::wire::aftersale::{Case, Sold};
use crate::platforms::reading::{happened, id_of, moment_ms};
use crate::platforms::why::{Why, missing, money_in_exchange, no_order};

/// What the buyer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Handling {
    Return,
    RefundOnly,
    /// Goods are sent once more: an exchange, or what was missing.
    Resend,
    Repair,
}

/// A case that succeeded, so that its order has to be asked for: its number and the time of its last change.
pub fn succeeded(case: &Case) -> Option<(&str, Instant)> {
    handling(case)?;
    (status(case) == Some(RefundStatus::Succeeded)).then_some(())?;
    Some((case.refund_id.id()?, moment_ms(case.update_time, "updateTime").ok()??))
}

/// Converts a case; the error says why it does not fit.
pub fn refund(case: &Case, sold: Option<Sold<'_>>) -> Result<RefundRecord, Why> {
    let known = handling(case).zip(status(case));
    let order_no = id_of(&case.oid, "oid")?;
    let updated_at = happened(moment_ms(case.update_time, "updateTime")?, "updateTime")?;
    let record = RefundRecord {
        refund_no: id_of(&case.refund_id, "refundId")?,
        line_no: Some(order_no.clone()),
        order_no,
        updated_at,
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
        reason: case.refund_reason_desc.or_empty().to_owned(),
    };
    let refund_fen = case.refund_fee.amount("refundFee")?;
    let Some((handling, RefundStatus::Succeeded)) = known else { return Ok(record) };
    let sold = sold.ok_or_else(no_order)?;
    let pieces =
        sold.order.order_item_info.get("orderItemInfo")?.ok_or_else(|| missing("orderItemInfo"))?.num.amount("num")?;
    let ended_at = moment_ms(case.end_time, "endTime")?.or(Some(updated_at));
    match handling {
        Handling::Resend | Handling::Repair if refund_fen > 0 => Err(money_in_exchange(refund_fen)),
        Handling::Resend => Ok(RefundRecord { resent_pieces: pieces, refunded_at: ended_at, ..record }),
        Handling::Repair => Ok(RefundRecord { refunded_at: ended_at, ..record }),
        Handling::Return | Handling::RefundOnly => {
            let outcome = outcome(handling, refund_fen, ended_at, sold)?;
            let pieces = if outcome == Outcome::Kept { 0 } else { pieces };
            Ok(RefundRecord { refund_fen, refunded_at: ended_at, outcome, pieces, ..record })
        }
    }
}

fn outcome(handling: Handling, refund_fen: i64, ended_at: Option<Instant>, sold: Sold<'_>) -> Result<Outcome, Why> {
    if handling == Handling::Return {
        return Ok(Outcome::Returned);
    }
    let goods_fen = paid(sold.fee)?.goods_fen;
    if goods_fen == 0 || refund_fen < goods_fen {
        return Ok(Outcome::Kept);
    }
    let base = sold.order.order_base_info.get("orderBaseInfo")?.ok_or_else(|| missing("orderBaseInfo"))?;
    let sent = moment_ms(base.send_time, "sendTime")?.is_some_and(|sent_at| Some(sent_at) <= ended_at);
    Ok(if sent { Outcome::Lost } else { Outcome::NeverLeft })
}

fn handling(case: &Case) -> Option<Handling> {
    Some(match case.handling_way.get()? {
        "1" => Handling::Return,
        "10" => Handling::RefundOnly,
        "3" | "4" => Handling::Resend,
        "5" => Handling::Repair,
        _ => return None,
    })
}

fn status(case: &Case) -> Option<RefundStatus> {
    Some(match case.status.get()? {
        "10" | "11" | "20" | "21" | "22" | "30" | "40" | "45" | "50" => RefundStatus::Pending,
        "60" => RefundStatus::Succeeded,
        "70" => RefundStatus::Closed,
        _ => return None,
    })
}

/// The platform's numbers.
fn words(case: &Case, unknown: bool) -> String {
    let text = format!("handling {}, status {}", case.handling_way.or_empty(), case.status.or_empty());
    if unknown { format!("unknown: {text}") } else { text }
}

#[cfg(test)]
#[path = "aftersale_tests.rs"]
mod tests;
