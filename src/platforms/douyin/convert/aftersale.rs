//! An after-sale case as a refund, a re-sending, or both halves of a refund that was clawed back.
//!
//! | type | what it is | goods |
//! |---|---|---|
//! | 0 | return and refund | returned, the pieces of the case |
//! | 1 | refund only, shipped | kept when part of the price came back (bad fruit), lost when all of it did |
//! | 2, 4, 5 | refund or cancellation before shipping | never left |
//! | 6 | price protection | kept |
//! | 3, 7 | exchange, re-sending | pieces sent once more, no money |
//! | 8 | repair | nothing |
//!
//! Rule: only refund status 3 is money that went back, and only the case's detail says how much and when; the list says
//! what was asked for. Status 5 is money that came back again: a second record, negative, its number ending in
//! `#clawback`, dated by the case's update because the platform states no other day.
//! Rule: a type or status nobody listed is pending, kept in the platform's words, and never success.
//!
//! A case over several lines is known for the order only; the ledger splits it.

use crate::domain::calendar::Instant;
use crate::domain::ledger::facts::Outcome;
use crate::domain::records::{RefundRecord, RefundStatus};
use crate::platforms::douyin::wire::aftersale::{AfterSale, Detail, Item, RelatedOrder};
use crate::platforms::reading::{happened, id_of, moment, optional_id_of};
use crate::platforms::why::{Why, missing, money_in_exchange, why};

/// All `aftersale_status` this program knows: in progress, done, refused or withdrawn.
const KNOWN_STATUSES: [&str; 12] = ["6", "7", "8", "11", "12", "13", "14", "27", "28", "29", "51", "53"];
/// All `refund_status`; an exchange may have none.
const KNOWN_REFUND_STATUSES: [&str; 7] = ["", "0", "1", "2", "3", "4", "5"];

/// What the buyer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Return,
    RefundShipped,
    RefundUnshipped,
    PriceProtection,
    /// Goods are sent once more: an exchange, or what was missing.
    Resend,
    Repair,
}

/// Where the case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Pending,
    Closed,
    Succeeded,
    ClawedBack,
    Unknown,
}

/// A case that moved money, so that its detail has to be asked for: its number and the time of its last change.
pub fn moved_money(item: &Item) -> Option<(&str, Instant)> {
    let case = item.aftersale_info.ok()?;
    let kind = kind(case).filter(|kind| moves_money(*kind))?;
    matches!(standing(kind, case), Standing::Succeeded | Standing::ClawedBack).then_some(())?;
    Some((case.aftersale_id.id()?, moment(case.update_time, "update_time").ok()??))
}

/// Converts a case: one record, or two for a refund that was clawed back. The error says why it does not fit.
pub fn refunds(item: &Item, detail: Option<&Detail>) -> Result<Vec<RefundRecord>, Why> {
    let case = item.aftersale_info.get("aftersale_info")?.ok_or_else(|| missing("aftersale_info"))?;
    let order = item.order_info.get("order_info")?.ok_or_else(|| missing("order_info"))?;
    let related = order.related_order_info.get("related_order_info")?.map_or(&[][..], Vec::as_slice);
    let kind = kind(case);
    let standing = kind.map_or(Standing::Unknown, |kind| standing(kind, case));
    let unknown = standing == Standing::Unknown;
    let mut record = RefundRecord {
        refund_no: id_of(&case.aftersale_id, "aftersale_id")?,
        order_no: id_of(&order.shop_order_id, "shop_order_id")?,
        line_no: match related {
            [only] => optional_id_of(&only.sku_order_id, "sku_order_id")?,
            _ => None,
        },
        updated_at: happened(moment(case.update_time, "update_time")?, "update_time")?,
        status: match standing {
            Standing::Succeeded | Standing::ClawedBack => RefundStatus::Succeeded,
            Standing::Closed => RefundStatus::Closed,
            Standing::Pending | Standing::Unknown => RefundStatus::Pending,
        },
        platform_status: words(item, case, unknown),
        status_unknown: unknown,
        refund_fen: 0,
        freight_fen: None,
        subsidy_back_fen: 0,
        refunded_at: None,
        outcome: Outcome::Kept,
        pieces: 0,
        resent_pieces: 0,
        reason: item.text_part.ok().map_or("", |words| words.reason_text.or_empty()).to_owned(),
    };
    let pieces = case.aftersale_num.amount("aftersale_num")?;
    let requested_fen = case.refund_amount.amount("refund_amount")?;
    let Some(kind) = kind.filter(|_| record.status == RefundStatus::Succeeded) else {
        return Ok(vec![record]);
    };
    if moves_money(kind) {
        let (refund_fen, refunded_at) = paid_back(detail)?;
        record.refund_fen = refund_fen;
        record.refunded_at = refunded_at;
        record.freight_fen = freight(case, refund_fen, requested_fen)?;
        record.outcome = outcome(kind, related, refund_fen - record.freight_fen.unwrap_or_default())?;
        record.pieces = if record.outcome == Outcome::Kept { 0 } else { pieces };
    } else if requested_fen > 0 && case.refund_status.get() == Some("3") {
        return Err(money_in_exchange(requested_fen));
    } else {
        record.resent_pieces = if kind == Kind::Resend { pieces } else { 0 };
        // The platform states no day of sending; the case is complete since its last change.
        record.refunded_at = Some(record.updated_at);
    }
    let clawback = (standing == Standing::ClawedBack).then(|| clawback(&record));
    Ok(std::iter::once(record).chain(clawback).collect())
}

fn kind(case: &AfterSale) -> Option<Kind> {
    Some(match case.aftersale_type.get()? {
        "0" => Kind::Return,
        "1" => Kind::RefundShipped,
        "2" | "4" | "5" => Kind::RefundUnshipped,
        "3" | "7" => Kind::Resend,
        "6" => Kind::PriceProtection,
        "8" => Kind::Repair,
        _ => return None,
    })
}

fn moves_money(kind: Kind) -> bool {
    !matches!(kind, Kind::Resend | Kind::Repair)
}

fn standing(kind: Kind, case: &AfterSale) -> Standing {
    let (status, refund_status) = (case.aftersale_status.or_empty(), case.refund_status.or_empty());
    if !KNOWN_STATUSES.contains(&status) || !KNOWN_REFUND_STATUSES.contains(&refund_status) {
        return Standing::Unknown;
    }
    let refused = matches!(status, "27" | "28" | "29");
    match refund_status {
        "3" if moves_money(kind) => Standing::Succeeded,
        "5" if moves_money(kind) => Standing::ClawedBack,
        "4" if moves_money(kind) => Standing::Closed,
        _ if refused => Standing::Closed,
        _ if !moves_money(kind) && matches!(status, "12" | "14") => Standing::Succeeded,
        _ => Standing::Pending,
    }
}

/// The platform's numbers, and its word where it has one.
fn words(item: &Item, case: &AfterSale, unknown: bool) -> String {
    let word = item.text_part.ok().map_or("", |words| words.aftersale_status_text.or_empty());
    let (kind, status) = (case.aftersale_type.or_empty(), case.aftersale_status.or_empty());
    let text = format!("type {kind}, status {status}, refund {} {word}", case.refund_status.or_empty());
    let text = text.trim_end();
    if unknown { format!("unknown: {text}") } else { text.to_owned() }
}

fn paid_back(detail: Option<&Detail>) -> Result<(i64, Option<Instant>), Why> {
    let detail = detail.ok_or_else(|| why!("缺少售后单详情", "the case's detail is missing"))?;
    if detail.real_refund_amount.get("real_refund_amount")?.is_none() {
        return Err(missing("real_refund_amount"));
    }
    Ok((detail.real_refund_amount.amount("real_refund_amount")?, moment(detail.refund_time, "refund_time")?))
}

/// The freight in a refund. The list states it for what was asked for: known only if all of that was paid, or if none
/// of it was freight.
fn freight(case: &AfterSale, refund_fen: i64, requested_fen: i64) -> Result<Option<i64>, Why> {
    let Some(_) = case.refund_post_amount.get("refund_post_amount")? else { return Ok(None) };
    let freight_fen = case.refund_post_amount.amount("refund_post_amount")?;
    if freight_fen > requested_fen {
        return Err(why!(
            "refund_post_amount {freight_fen} 大于 refund_amount {requested_fen}",
            "refund_post_amount {freight_fen} is more than refund_amount {requested_fen}"
        ));
    }
    Ok((freight_fen == 0 || refund_fen == requested_fen).then_some(freight_fen))
}

fn outcome(kind: Kind, related: &[RelatedOrder], goods_fen: i64) -> Result<Outcome, Why> {
    Ok(match kind {
        Kind::Return => Outcome::Returned,
        Kind::RefundUnshipped => Outcome::NeverLeft,
        Kind::RefundShipped if is_whole(related, goods_fen)? => Outcome::Lost,
        Kind::RefundShipped | Kind::PriceProtection | Kind::Resend | Kind::Repair => Outcome::Kept,
    })
}

/// True if all the buyer had paid for the goods came back.
fn is_whole(related: &[RelatedOrder], goods_fen: i64) -> Result<bool, Why> {
    let mut paid_fen = 0;
    for line in related {
        paid_fen += line.pay_amount.amount("pay_amount")?
            - line.post_amount.amount("post_amount")?
            - line.promotion_pay_amount.amount("promotion_pay_amount")?;
    }
    Ok(paid_fen > 0 && goods_fen >= paid_fen)
}

/// The money of a refund coming back; the goods stay where the refund left them.
fn clawback(refund: &RefundRecord) -> RefundRecord {
    RefundRecord {
        refund_no: format!("{}#clawback", refund.refund_no),
        refund_fen: -refund.refund_fen,
        freight_fen: refund.freight_fen.map(|fen| -fen),
        refunded_at: Some(refund.updated_at),
        outcome: Outcome::Kept,
        pieces: 0,
        ..refund.clone()
    }
}

#[cfg(test)]
#[path = "aftersale_tests.rs"]
mod tests;
