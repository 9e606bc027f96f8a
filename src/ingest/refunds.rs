//! Taking in refunds: their orders looked up, compared with what is known, written in bulk, queued for posting.

use super::{Standing, Taken, mark, newest};
use crate::domain::calendar::day_of;
use crate::domain::records::{Evidenced, RefundRecord, RefundStatus};
use crate::store::evidence::{Kept, Kind, Source};
use crate::store::orders::RefundRow;
use crate::store::{StoreError, Work, evidence, facts, orders, take_ids};
use rustc_hash::FxHashMap;

/// Writes what is new in `records` and queues the orders it touches. A refund whose order is not known yet waits for it.
pub async fn take(work: &mut Work, source: &Source, records: &[Evidenced<RefundRecord>]) -> Result<Taken, StoreError> {
    let records = newest(records, |r| r.record.refund_no.as_str(), |r| r.record.updated_at.timestamp_micros());
    let refund_nos: Vec<&str> = records.iter().map(|r| r.record.refund_no.as_str()).collect();
    let known: FxHashMap<String, RefundRow> = orders::list_refunds(work, source.shop_id, &refund_nos)
        .await?
        .into_iter()
        .map(|r| (r.refund_no.clone(), r))
        .collect();
    let mut taken = Taken::default();
    let mut changed = Vec::new();
    for record in records {
        let (sha256, evidence_mark) = mark(&record.evidence);
        let old = known.get(&record.record.refund_no);
        match standing(old, record, evidence_mark) {
            Standing::Unchanged => taken.unchanged += 1,
            Standing::New => taken.new += 1,
            Standing::Changed => taken.changed += 1,
        }
        if standing(old, record, evidence_mark) != Standing::Unchanged {
            changed.push((record, old, sha256, evidence_mark));
        }
    }
    let order_nos: Vec<&str> = changed.iter().map(|(r, ..)| r.record.order_no.as_str()).collect();
    let ids = orders::ids_of_orders(work, source.shop_id, &order_nos).await?;
    let mut next_id = take_ids(work, "event", changed.iter().filter(|(_, old, ..)| old.is_none()).count()).await?;
    let mut rows = Vec::with_capacity(changed.len());
    for (record, old, _, evidence_mark) in &changed {
        let refund_id = old.map_or(next_id, |o| o.refund_id);
        next_id += i64::from(old.is_none());
        let order = ids.get(&record.record.order_no).copied();
        rows.push(row(refund_id, source.shop_id, &record.record, order, *evidence_mark));
    }
    orders::upsert_refunds(work, &rows).await?;
    let kept: Vec<Kept> = changed
        .iter()
        .zip(&rows)
        .map(|((record, _, sha256, _), row)| Kept { record_id: row.refund_id, text: &record.evidence, sha256: *sha256 })
        .collect();
    evidence::insert(work, source, Kind::Refund, &kept).await?;
    let order_ids: Vec<i64> = rows.iter().map(|r| r.order_id).filter(|&id| id != 0).collect();
    facts::queue(work, &order_ids).await?;
    Ok(taken)
}

fn standing(old: Option<&RefundRow>, record: &Evidenced<RefundRecord>, evidence_mark: i64) -> Standing {
    match old {
        None => Standing::New,
        Some(old) if old.evidence_mark == evidence_mark || old.updated_at > record.record.updated_at => {
            Standing::Unchanged
        }
        Some(_) => Standing::Changed,
    }
}

/// A refund's row. One that succeeded on an unknown day takes the order's pay day, and says so (时间推定).
fn row(
    refund_id: i64,
    shop_id: i64,
    record: &RefundRecord,
    order: Option<(i64, Option<crate::domain::calendar::Day>)>,
    evidence_mark: i64,
) -> RefundRow {
    let succeeded = record.status == RefundStatus::Succeeded;
    let own_day = record.refunded_at.map(day_of);
    let refunded_on = succeeded
        .then(|| own_day.or(order.and_then(|(_, paid_on)| paid_on)).unwrap_or_else(|| day_of(record.updated_at)));
    RefundRow {
        refund_id,
        shop_id,
        refund_no: record.refund_no.clone(),
        order_id: order.map_or(0, |(id, _)| id),
        order_no: if order.is_some() { String::new() } else { record.order_no.clone() },
        line_no: record.line_no.clone().unwrap_or_default(),
        updated_at: record.updated_at,
        status: record.status.key().to_owned(),
        platform_status: record.platform_status.clone(),
        status_unknown: record.status_unknown,
        refund_fen: if succeeded { record.refund_fen } else { 0 },
        freight_fen: record.freight_fen,
        subsidy_back_fen: record.subsidy_back_fen,
        refunded_at: record.refunded_at,
        refunded_on,
        day_inferred: succeeded && own_day.is_none(),
        outcome: record.outcome.key().to_owned(),
        pieces: record.pieces,
        resent_pieces: record.resent_pieces,
        reason: record.reason.clone(),
        evidence_mark,
    }
}
