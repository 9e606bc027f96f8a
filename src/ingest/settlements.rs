//! Taking in statement rows: their orders looked up, written in bulk, queued for posting.

use super::{Taken, newest};
use crate::domain::calendar::{Day, day_of};
use crate::domain::records::{Evidenced, FILE_STATEMENT, SettlementRecord};
use crate::store::evidence::{Kept, Kind, Source};
use crate::store::orders::SettlementRow;
use crate::store::{StoreError, Work, evidence, facts, known, orders, take_ids};
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
    let others = Others::load(work, source.shop_id, &records, &known).await?;
    let mut taken = Taken::default();
    let mut changed = Vec::new();
    for record in records {
        let old = known.get(&record.record.statement_no);
        if old.is_none() && others.hold(&record.record) {
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
    let order_nos: Vec<&str> = changed.iter().map(|(r, ..)| r.record.order_no.as_str()).collect();
    let ids = orders::ids_of_orders(work, source.shop_id, &order_nos).await?;
    let mut next_id = take_ids(work, "event", changed.iter().filter(|(_, old, ..)| old.is_none()).count()).await?;
    let mut rows = Vec::with_capacity(changed.len());
    for (record, old) in &changed {
        let settlement_id = old.map_or(next_id, |o| o.settlement_id);
        next_id += i64::from(old.is_none());
        let order_id = ids.get(&record.record.order_no).map(|(id, _)| *id);
        rows.push(row(settlement_id, source.shop_id, record, order_id));
    }
    orders::upsert_settlements(work, &rows).await?;
    let kept: Vec<Kept> = changed
        .iter()
        .zip(&rows)
        .map(|((record, _), row)| Kept { record_id: row.settlement_id, text: &record.evidence, sha256: record.sha256 })
        .collect();
    evidence::insert(work, source, Kind::Settlement, &kept).await?;
    let order_ids: Vec<i64> = rows.iter().map(|r| r.order_id).filter(|&id| id != 0).collect();
    facts::queue(work, &order_ids).await?;
    Ok(taken)
}

/// Movements of the same orders that are known under the numbers of the other source: files and interfaces number them
/// differently, and each counts once.
struct Others {
    /// Of each order and day (and line, or '' for what moved on all), what moved by the other source and by this one.
    moved: FxHashMap<(String, Day, String), [Vec<i64>; 2]>,
}

impl Others {
    async fn load(
        work: &mut Work,
        shop_id: i64,
        records: &[&Evidenced<SettlementRecord>],
        known: &FxHashMap<String, SettlementRow>,
    ) -> Result<Self, StoreError> {
        let new = || records.iter().map(|r| &r.record).filter(|r| !known.contains_key(&r.statement_no));
        let mut order_nos: Vec<&str> = new().map(|r| r.order_no.as_str()).collect();
        order_nos.dedup();
        let ids = orders::ids_of_orders(work, shop_id, &order_nos).await?;
        let order_ids: Vec<i64> = ids.values().map(|(id, _)| *id).collect();
        let rows = known::list_settlements_of_orders(work, &order_ids).await?;
        let names: FxHashMap<i64, &String> = ids.iter().map(|(no, (id, _))| (*id, no)).collect();
        let mut others = Self { moved: FxHashMap::default() };
        for record in new() {
            let place = (record.order_no.as_str(), record.line_no.as_deref().unwrap_or(""));
            others.add(1, place, day_of(record.settled_at), net_of_record(record));
        }
        let of_file = |no: &str| no.starts_with(FILE_STATEMENT);
        let from_file = new().next().is_some_and(|r| of_file(&r.statement_no));
        for row in &rows {
            let order_no = names[&row.order_id];
            // what this source has stated before stands against what the other stated before
            let side = usize::from(of_file(&row.statement_no) == from_file);
            others.add(side, (order_no, &row.line_no), row.settled_on, net_of_row(row));
        }
        Ok(others)
    }

    /// Counts a movement for its line and for its order; a movement of the whole order once.
    fn add(&mut self, side: usize, (order_no, line_no): (&str, &str), on: Day, net: i64) {
        self.moved.entry((order_no.to_owned(), on, line_no.to_owned())).or_default()[side].push(net);
        if !line_no.is_empty() {
            self.moved.entry((order_no.to_owned(), on, String::new())).or_default()[side].push(net);
        }
    }

    /// True if the other source has stated this movement: the same for its line, or as much for its order on that day.
    fn hold(&self, record: &SettlementRecord) -> bool {
        let on = day_of(record.settled_at);
        let of = |line_no: &str| self.moved.get(&(record.order_no.clone(), on, line_no.to_owned()));
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
