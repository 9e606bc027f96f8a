//! Taking in statement rows: their orders looked up, written in bulk, queued for posting.

use super::{Taken, mark, newest};
use crate::domain::calendar::day_of;
use crate::domain::records::{Evidenced, SettlementRecord};
use crate::store::evidence::{Kept, Kind, Source};
use crate::store::orders::SettlementRow;
use crate::store::{StoreError, Work, evidence, facts, orders, take_ids};
use rustc_hash::FxHashMap;

/// Writes what is new in `records` and queues the orders it touches. A row whose order is not known yet waits for it.
/// A statement row is a document: it has no later version but a different text is taken as its correction.
pub async fn take(
    work: &mut Work,
    source: &Source,
    records: &[Evidenced<SettlementRecord>],
) -> Result<Taken, StoreError> {
    let records = newest(records, |r| r.record.statement_no.as_str(), |r| r.record.settled_at.timestamp_micros());
    let statement_nos: Vec<&str> = records.iter().map(|r| r.record.statement_no.as_str()).collect();
    let known: FxHashMap<String, SettlementRow> = orders::list_settlements(work, source.shop_id, &statement_nos)
        .await?
        .into_iter()
        .map(|s| (s.statement_no.clone(), s))
        .collect();
    let mut taken = Taken::default();
    let mut changed = Vec::new();
    for record in records {
        let (sha256, evidence_mark) = mark(&record.evidence);
        let old = known.get(&record.record.statement_no);
        match old {
            Some(old) if old.evidence_mark == evidence_mark => {
                taken.unchanged += 1;
                continue;
            }
            Some(_) => taken.changed += 1,
            None => taken.new += 1,
        }
        changed.push((record, old, sha256, evidence_mark));
    }
    let order_nos: Vec<&str> = changed.iter().map(|(r, ..)| r.record.order_no.as_str()).collect();
    let ids = orders::ids_of_orders(work, source.shop_id, &order_nos).await?;
    let mut next_id = take_ids(work, "event", changed.iter().filter(|(_, old, ..)| old.is_none()).count()).await?;
    let mut rows = Vec::with_capacity(changed.len());
    for (record, old, _, evidence_mark) in &changed {
        let settlement_id = old.map_or(next_id, |o| o.settlement_id);
        next_id += i64::from(old.is_none());
        let order_id = ids.get(&record.record.order_no).map(|(id, _)| *id);
        rows.push(row(settlement_id, source.shop_id, &record.record, order_id, *evidence_mark));
    }
    orders::upsert_settlements(work, &rows).await?;
    let kept: Vec<Kept> = changed
        .iter()
        .zip(&rows)
        .map(|((record, _, sha256, _), row)| Kept {
            record_id: row.settlement_id,
            text: &record.evidence,
            sha256: *sha256,
        })
        .collect();
    evidence::insert(work, source, Kind::Settlement, &kept).await?;
    let order_ids: Vec<i64> = rows.iter().map(|r| r.order_id).filter(|&id| id != 0).collect();
    facts::queue(work, &order_ids).await?;
    Ok(taken)
}

fn row(
    settlement_id: i64,
    shop_id: i64,
    record: &SettlementRecord,
    order_id: Option<i64>,
    evidence_mark: i64,
) -> SettlementRow {
    SettlementRow {
        settlement_id,
        shop_id,
        statement_no: record.statement_no.clone(),
        order_id: order_id.unwrap_or(0),
        order_no: if order_id.is_some() { String::new() } else { record.order_no.clone() },
        line_no: record.line_no.clone().unwrap_or_default(),
        settled_at: record.settled_at,
        settled_on: day_of(record.settled_at),
        goods_fen: record.goods_fen,
        freight_fen: record.freight_fen,
        subsidy_fen: record.subsidy_fen,
        refund_fen: record.refund_fen,
        platform_fen: record.platform_fen,
        anchor_fen: record.anchor_fen,
        evidence_mark,
    }
}
