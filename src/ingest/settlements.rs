//! Taking in statement rows: their orders looked up, written in bulk, queued for posting.

use super::{Taken, newest};
use crate::domain::calendar::{Day, day_of};
use crate::domain::records::{Evidenced, FILE_STATEMENT, SettlementRecord};
use crate::store::evidence::{Kept, Kind, Packing, Source};
use crate::store::known::list_settlements_of_orders;
use crate::store::orders::SettlementRow;
use crate::store::{StoreError, Work, evidence, facts, orders, take_ids};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

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
    let is_news = |r: &Evidenced<SettlementRecord>| {
        known.get(&r.record.statement_no).is_none_or(|old| old.evidence_mark != r.mark())
    };
    let mut order_nos: Vec<&str> = records.iter().filter(|r| is_news(r)).map(|r| r.record.order_no.as_str()).collect();
    order_nos.sort_unstable();
    order_nos.dedup();
    let ids = orders::ids_of_orders(work, source.shop_id, &order_nos).await?;
    let id_of = |record: &SettlementRecord| ids.get(&record.order_no).map(|(id, _)| *id);
    let order_ids: Vec<i64> = ids.values().map(|(id, _)| *id).collect();
    let rows = list_settlements_of_orders(work, &order_ids).await?;
    let new = records.iter().map(|r| &r.record).filter(|r| !known.contains_key(&r.statement_no));
    let others = Others::of(new.filter_map(|r| Some((id_of(r)?, r))), &rows);
    let mut taken = Taken::default();
    let mut changed = Vec::new();
    for record in &records {
        let old = known.get(&record.record.statement_no);
        if old.is_none() && id_of(&record.record).is_some_and(|id| others.hold(id, &record.record)) {
            taken.unchanged += 1;
            continue;
        }
        match old {
            Some(old) if old.evidence_mark == record.mark() => {
                taken.unchanged += 1;
                continue;
            }
            Some(_) => taken.changed += 1,
            None => taken.new += 1,
        }
        changed.push((record, old));
    }
    let packing = Packing::of(changed.iter().map(|(record, _)| Arc::clone(&record.evidence)));
    let mut next_id = take_ids(work, "event", changed.iter().filter(|(_, old, ..)| old.is_none()).count()).await?;
    let mut rows = Vec::with_capacity(changed.len());
    for (record, old) in &changed {
        let settlement_id = old.map_or(next_id, |o| o.settlement_id);
        next_id += i64::from(old.is_none());
        rows.push(row(settlement_id, source.shop_id, record, id_of(&record.record)));
    }
    let of = |is_new: bool| -> Vec<&SettlementRow> {
        changed.iter().zip(&rows).filter(|((_, old), _)| old.is_none() == is_new).map(|(_, row)| row).collect()
    };
    orders::insert_settlements(work, &of(true)).await?;
    orders::upsert_settlements(work, &of(false)).await?;
    let kept: Vec<Kept> = changed
        .iter()
        .zip(&rows)
        .map(|((record, _), row)| Kept { record_id: row.settlement_id, sha256: record.sha256 })
        .collect();
    evidence::insert(work, source, Kind::Settlement, &kept, packing).await?;
    let order_ids: Vec<i64> = rows.iter().map(|r| r.order_id).filter(|&id| id != 0).collect();
    facts::queue(work, &order_ids).await?;
    Ok(taken)
}

/// Movements of the same orders that are known under the numbers of the other source: files and interfaces number them
/// differently, and each counts once.
struct Others<'a> {
    /// Of each order and day (and line, or '' for what moved on all), what moved by the other source and by this one.
    moved: FxHashMap<(i64, Day, &'a str), [Vec<i64>; 2]>,
}

impl<'a> Others<'a> {
    /// What new records, each with its order's row id, state beside what is known of these orders.
    fn of(new: impl Iterator<Item = (i64, &'a SettlementRecord)> + Clone, rows: &'a [SettlementRow]) -> Self {
        let of_file = |no: &str| no.starts_with(FILE_STATEMENT);
        let from_file = new.clone().next().is_some_and(|(_, r)| of_file(&r.statement_no));
        let of_other = |row: &SettlementRow| of_file(&row.statement_no) != from_file;
        let mut others = Self { moved: FxHashMap::default() };
        // where the other source has said nothing, nothing can be held
        let both: FxHashSet<i64> = rows.iter().filter(|row| of_other(row)).map(|row| row.order_id).collect();
        for (order_id, record) in new.filter(|(id, _)| both.contains(id)) {
            let line_no = record.line_no.as_deref().unwrap_or("");
            others.add(1, (order_id, line_no), day_of(record.settled_at), net_of_record(record));
        }
        for row in rows.iter().filter(|row| both.contains(&row.order_id)) {
            // what this source has stated before stands against what the other stated before
            let side = usize::from(!of_other(row));
            others.add(side, (row.order_id, &row.line_no), row.settled_on, net_of_row(row));
        }
        others
    }

    /// Counts a movement for its line and for its order; a movement of the whole order once.
    fn add(&mut self, side: usize, (order_id, line_no): (i64, &'a str), on: Day, net: i64) {
        self.moved.entry((order_id, on, line_no)).or_default()[side].push(net);
        if !line_no.is_empty() {
            self.moved.entry((order_id, on, "")).or_default()[side].push(net);
        }
    }

    /// True if the other source has stated this movement: the same for its line, or as much for its order on that day.
    fn hold(&self, order_id: i64, record: &'a SettlementRecord) -> bool {
        let on = day_of(record.settled_at);
        let of = |line_no: &'a str| self.moved.get(&(order_id, on, line_no));
        let same_line = record.line_no.as_deref().and_then(of).is_some_and(|[theirs, ours]| {
            let count = |side: &[i64]| side.iter().filter(|&&net| net == net_of_record(record)).count();
            count(theirs) > 0 && count(ours) <= count(theirs)
        });
        let same_order = of("")
            .is_some_and(|[theirs, ours]| !theirs.is_empty() && theirs.iter().sum::<i64>() == ours.iter().sum::<i64>());
        same_line || same_order
    }
}

const fn net_of_record(r: &SettlementRecord) -> i64 {
    r.goods_fen + r.freight_fen + r.subsidy_fen - r.refund_fen - r.platform_fen - r.anchor_fen
}

const fn net_of_row(r: &SettlementRow) -> i64 {
    r.goods_fen + r.freight_fen + r.subsidy_fen - r.refund_fen - r.platform_fen - r.anchor_fen
}

fn row(
    settlement_id: i64,
    shop_id: i64,
    evidenced: &Evidenced<SettlementRecord>,
    order_id: Option<i64>,
) -> SettlementRow {
    let record = &evidenced.record;
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
        evidence_mark: evidenced.mark(),
    }
}
