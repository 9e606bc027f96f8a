//! Taking in money paid to buyers outside sales and refunds (消费者赔付, 小额打款): it becomes an event of its order, as
//! soon as the order is known. A movement is a document: one that is known by its number is not written again.

use super::{Taken, newest};
use crate::domain::calendar::day_of;
use crate::domain::records::{CompensationRecord, Evidenced};
use crate::store::compensations::Compensation;
use crate::store::evidence::{Kept, Kind, Packing, Source};
use crate::store::orders::EventRow;
use crate::store::{StoreError, Work, compensations, evidence, facts, orders, take_ids};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The event's kind.
const EVENT: &str = "offplatform_compensation";

/// Writes what is new in `records` and queues the orders it touches. One whose order is not known yet waits for it.
pub async fn take(
    work: &mut Work,
    source: &Source,
    records: &[Evidenced<CompensationRecord>],
) -> Result<Taken, StoreError> {
    let records = newest(records.iter().collect(), |r| &r.record.statement_no, |r| r.record.paid_at);
    let statement_nos: Vec<&str> = records.iter().map(|r| r.record.statement_no.as_str()).collect();
    let known: FxHashSet<String> =
        compensations::list(work, source.shop_id, &statement_nos).await?.into_iter().map(|c| c.statement_no).collect();
    let new: Vec<_> = records.iter().filter(|r| !known.contains(&r.record.statement_no)).collect();
    let order_nos: Vec<&str> = new.iter().map(|r| r.record.order_no.as_str()).collect();
    let ids = orders::ids_of_orders(work, source.shop_id, &order_nos).await?;
    let first = take_ids(work, "event", new.len()).await?;
    let rows: Vec<Compensation> = new
        .iter()
        .zip(first..)
        .map(|(record, compensation_id)| {
            let record = &record.record;
            let order_id = ids.get(&record.order_no).map(|(id, _)| *id);
            Compensation {
                compensation_id,
                shop_id: source.shop_id,
                statement_no: record.statement_no.clone(),
                order_id: order_id.unwrap_or(0),
                order_no: if order_id.is_some() { String::new() } else { record.order_no.clone() },
                line_no: record.line_no.clone().unwrap_or_default(),
                paid_on: day_of(record.paid_at),
                paid_fen: record.paid_fen,
            }
        })
        .collect();
    let packing = Packing::of(new.iter().map(|record| Arc::clone(&record.evidence)));
    compensations::upsert(work, &rows).await?;
    let kept: Vec<Kept> = new
        .iter()
        .zip(&rows)
        .map(|(record, row)| Kept { record_id: row.compensation_id, sha256: record.sha256 })
        .collect();
    evidence::insert(work, source, Kind::Settlement, &kept, packing).await?;
    let placed: Vec<Compensation> = rows.into_iter().filter(|row| row.order_id != 0).collect();
    write_events(work, &placed).await?;
    Ok(Taken {
        new: i64::try_from(new.len()).unwrap_or(i64::MAX),
        changed: 0,
        unchanged: i64::try_from(records.len() - new.len()).unwrap_or(i64::MAX),
    })
}

/// Gives payments that came before their order the order they belong to.
pub async fn adopt(work: &mut Work) -> Result<(), StoreError> {
    let adoptable: FxHashMap<i64, i64> = compensations::list_adoptable(work).await?.into_iter().collect();
    if adoptable.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = adoptable.keys().copied().collect();
    let mut rows = compensations::list_by_id(work, &ids).await?;
    for row in &mut rows {
        row.order_id = adoptable[&row.compensation_id];
        row.order_no.clear();
    }
    compensations::upsert(work, &rows).await?;
    write_events(work, &rows).await
}

/// The events of payments whose orders are known, on the line where it is known.
async fn write_events(work: &mut Work, rows: &[Compensation]) -> Result<(), StoreError> {
    let order_ids: Vec<i64> = rows.iter().map(|row| row.order_id).collect();
    let lines = orders::list_lines_of_orders(work, &order_ids).await?;
    let line_id = |row: &Compensation| {
        lines.iter().find(|l| l.order_id == row.order_id && l.line_no == row.line_no).map_or(0, |l| l.line_id)
    };
    let events: Vec<EventRow> = rows
        .iter()
        .map(|row| EventRow {
            event_id: row.compensation_id,
            order_id: row.order_id,
            line_id: line_id(row),
            kind: EVENT.to_owned(),
            happened_on: row.paid_on,
            quantity: row.paid_fen,
        })
        .collect();
    orders::insert_events(work, &events).await?;
    facts::queue(work, &order_ids).await
}
