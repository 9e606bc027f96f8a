//! Taking in refunds: their orders looked up, compared with what is known, written in bulk, queued for posting.

use super::{Standing, Taken, newest};
use crate::domain::calendar::day_of;
use crate::domain::records::{CUMULATIVE, Evidenced, RefundRecord, RefundStatus, STAND_IN};
use crate::store::evidence::{Kept, Kind, Packing, Source};
use crate::store::orders::RefundRow;
use crate::store::{StoreError, Work, evidence, facts, known, orders, take_ids};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What stands for the platform's word on a sum that yields to refunds stated by themselves.
const YIELDED: &str = "itemised";

/// Writes what is new in `records` and queues the orders it touches. A refund whose order is not known yet waits for it.
pub async fn take(work: &mut Work, source: &Source, records: &[Evidenced<RefundRecord>]) -> Result<Taken, StoreError> {
    let records = newest(records.iter().collect(), |r| &r.record.refund_no, |r| r.record.updated_at);
    let refund_nos: Vec<&str> = records.iter().map(|r| r.record.refund_no.as_str()).collect();
    let known: FxHashMap<String, RefundRow> = orders::list_refunds(work, source.shop_id, &refund_nos)
        .await?
        .into_iter()
        .map(|r| (r.refund_no.clone(), r))
        .collect();
    let of = |record: &Evidenced<RefundRecord>| known.get(&record.record.refund_no);
    let taken: Taken = records.iter().map(|record| standing(of(record), record)).sum();
    let changed: Vec<_> = records
        .iter()
        .map(|&record| (record, of(record)))
        .filter(|(record, old)| standing(*old, record) != Standing::Unchanged)
        .collect();
    let packing = Packing::of(changed.iter().map(|(record, _)| Arc::clone(&record.evidence)));
    let order_nos: Vec<&str> = changed.iter().map(|(r, ..)| r.record.order_no.as_str()).collect();
    let ids = orders::ids_of_orders(work, source.shop_id, &order_nos).await?;
    let mut next_id = take_ids(work, "event", changed.iter().filter(|(_, old, ..)| old.is_none()).count()).await?;
    let mut rows = Vec::with_capacity(changed.len());
    for (record, old) in &changed {
        let refund_id = old.map_or(next_id, |o| o.refund_id);
        next_id += i64::from(old.is_none());
        let order = ids.get(&record.record.order_no).copied();
        rows.push(row(refund_id, source.shop_id, record, order));
    }
    let yielded = totals_that_yield(work, source.shop_id, &mut rows).await?;
    orders::upsert_refunds(work, &rows).await?;
    orders::upsert_refunds(work, &yielded).await?;
    let kept: Vec<Kept> = changed
        .iter()
        .zip(&rows)
        .map(|((record, _), row)| Kept { record_id: row.refund_id, sha256: record.sha256 })
        .collect();
    evidence::insert(work, source, Kind::Refund, &kept, packing).await?;
    let order_ids: Vec<i64> = rows.iter().map(|r| r.order_id).filter(|&id| id != 0).collect();
    facts::queue(work, &order_ids).await?;
    Ok(taken)
}

/// Sums that must not count beside what is stated by itself: those among `rows` are emptied, known ones are returned
/// emptied. A sum yields to a refund that succeeded for its line or for the whole order; that of a stand-in to any other.
async fn totals_that_yield(
    work: &mut Work,
    shop_id: i64,
    rows: &mut [RefundRow],
) -> Result<Vec<RefundRow>, StoreError> {
    let mut order_ids: Vec<i64> = rows.iter().map(|r| r.order_id).filter(|&id| id != 0).collect();
    order_ids.sort_unstable();
    order_ids.dedup();
    let written: FxHashSet<i64> = rows.iter().map(|r| r.refund_id).collect();
    let mut known = known::list_refunds_of_orders(work, &order_ids).await?;
    known.retain(|k| k.shop_id == shop_id && !written.contains(&k.refund_id));
    let mut beside: FxHashMap<i64, Beside> = FxHashMap::default();
    for row in known.iter().chain(rows.iter()).filter(|r| r.order_id != 0 && is_success(r)) {
        let beside = beside.entry(row.order_id).or_default();
        if !is_total(row) {
            beside.itemised.insert(row.line_no.clone());
        }
        beside.of_lines |= !row.line_no.ends_with(STAND_IN);
    }
    let yields = |r: &RefundRow| {
        is_total(r) && is_success(r) && beside.get(&r.order_id).is_some_and(|beside| beside.outweighs(&r.line_no))
    };
    for row in rows.iter_mut().filter(|r| yields(r)) {
        empty(row);
    }
    let mut yielded: Vec<RefundRow> = known.into_iter().filter(yields).collect();
    yielded.iter_mut().for_each(empty);
    Ok(yielded)
}

fn is_total(row: &RefundRow) -> bool {
    row.refund_no.ends_with(CUMULATIVE)
}

fn is_success(row: &RefundRow) -> bool {
    row.status == RefundStatus::Succeeded.key()
}

/// What is stated of an order's refunds beside sums.
#[derive(Default)]
struct Beside {
    /// Lines of refunds stated by themselves; '' is the whole order.
    itemised: FxHashSet<String>,
    /// Some refund is of a real line, or of the whole order.
    of_lines: bool,
}

impl Beside {
    fn outweighs(&self, line_no: &str) -> bool {
        if line_no.ends_with(STAND_IN) {
            return self.of_lines || !self.itemised.is_empty();
        }
        self.itemised.contains("") || self.itemised.contains(line_no)
    }
}

/// Takes a sum out of the figures; its evidence stays.
fn empty(total: &mut RefundRow) {
    RefundStatus::Closed.key().clone_into(&mut total.status);
    YIELDED.clone_into(&mut total.platform_status);
    (total.refund_fen, total.freight_fen) = (0, None);
    (total.refunded_at, total.refunded_on, total.day_inferred) = (None, None, false);
}

fn standing(old: Option<&RefundRow>, record: &Evidenced<RefundRecord>) -> Standing {
    match old {
        None => Standing::New,
        Some(old) if old.evidence_mark == record.mark() || old.updated_at > record.record.updated_at => {
            Standing::Unchanged
        }
        Some(_) => Standing::Changed,
    }
}

/// A refund's row. One that succeeded on an unknown day takes the order's pay day, and says so (时间推定).
fn row(
    refund_id: i64,
    shop_id: i64,
    evidenced: &Evidenced<RefundRecord>,
    order: Option<(i64, Option<crate::domain::calendar::Day>)>,
) -> RefundRow {
    let record = &evidenced.record;
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
        evidence_mark: evidenced.mark(),
    }
}
