//! A row of an after-sale export as a refund, or as goods sent once more.
//!
//! Rule: only a word the profile calls refunded moves money; a word or a type nobody described is pending and counted.

use super::heading::word;
use super::layout::Row;
use super::personal::told;
use super::profile::{AfterSaleWord, CaseWord, Field};
use crate::domain::calendar::Instant;
use crate::domain::ledger::facts::Outcome;
use crate::domain::records::{Evidenced, RefundRecord, RefundStatus};

/// Reads a case; also the words nobody described.
pub fn refund(row: &Row<'_>, updated_at: Instant) -> Result<(Evidenced<RefundRecord>, Vec<String>), String> {
    let refund_no = row.needed_id(Field::RefundNo)?.to_owned();
    let order_no = row.needed_id(Field::OrderNo)?.to_owned();
    let (status_text, type_text) = (row.text(Field::Status), row.text(Field::CaseType));
    let profile = row.profile();
    let standing = profile.after_sales.get(&*word(status_text)).copied();
    let kind = if row.layout().has(Field::CaseType) {
        profile.case_types.get(&*word(type_text)).copied()
    } else {
        Some(CaseWord::RefundOnly)
    };
    let unknown_words: Vec<String> = [(standing.is_none(), status_text), (kind.is_none(), type_text)]
        .into_iter()
        .filter(|(unknown, _)| *unknown)
        .map(|(_, text)| told(text).to_owned())
        .collect();
    let status = match (standing, kind) {
        (Some(AfterSaleWord::Refunded), Some(_)) => RefundStatus::Succeeded,
        (Some(AfterSaleWord::Closed | AfterSaleWord::None), Some(_)) => RefundStatus::Closed,
        _ => RefundStatus::Pending,
    };
    let succeeded = status == RefundStatus::Succeeded;
    let moves_money = !matches!(kind, Some(CaseWord::Resend | CaseWord::Repair));
    let pieces = row.count(Field::Pieces)?;
    let outcome = match kind {
        Some(CaseWord::Return) => Outcome::Returned,
        Some(CaseWord::Unshipped) => Outcome::NeverLeft,
        _ => Outcome::Kept,
    };
    let resent = succeeded && kind == Some(CaseWord::Resend);
    let record = RefundRecord {
        refund_no,
        order_no,
        line_no: row.id(Field::LineNo)?.map(str::to_owned),
        updated_at: row.instant(Field::UpdatedAt)?.unwrap_or(updated_at),
        status,
        platform_status: if unknown_words.is_empty() {
            status_text.to_owned()
        } else {
            format!("unknown: {}", unknown_words.join(" "))
        },
        status_unknown: !unknown_words.is_empty(),
        refund_fen: if succeeded && moves_money { row.amount(Field::Refund)? } else { 0 },
        freight_fen: if moves_money { row.money(Field::RefundedFreight)? } else { None },
        subsidy_back_fen: 0,
        refunded_at: if succeeded { row.instant(Field::RefundedAt)? } else { None },
        outcome,
        pieces: if outcome == Outcome::Kept { 0 } else { pieces.unwrap_or(1) },
        resent_pieces: if resent { pieces.unwrap_or(1) } else { 0 },
        reason: row.text(Field::Reason).to_owned(),
    };
    let evidence = serde_json::to_string(&row.evidence()).expect("text is valid JSON");
    Ok((Evidenced::new(record, evidence), unknown_words))
}
