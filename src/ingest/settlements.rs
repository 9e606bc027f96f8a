//! Taking in statement rows: their orders looked up, written in bulk, queued for posting.

use super::{Standing, Taken, newest};
use crate::domain::calendar::{Day, day_of};
use crate::domain::records::{Evidenced, FILE_STATEMENT, SettlementRecord};
use crate::store::evidence::{Kept, Kind, Packing, Source};
use crate::store::known::list_settlements_of_orders;
use crate::store::orders::SettlementRow;
use crate::store::{StoreError, Work, evidence, facts, orders, take_ids};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Rows of records, each with its order's number until that is known; what one answer names several times once.
pub fn arrivals(shop_id: i64, records: Vec<Evidenced<SettlementRecord>>) -> Vec<Evidenced<SettlementRow>> {
    let records = newest(records, |r| &r.record.statement_no, |r| r.record.settled_at);
    let row = |evidence_mark: i64, record: SettlementRecord| SettlementRow {
        settlement_id: 0,
        shop_id,
        statement_no: record.statement_no,
        order_id: 0,
        order_no: record.order_no,
        line_no: record.line_no.unwrap_or_default(),
        settled_at: record.settled_at,
        settled_on: day_of(record.settled_at),
        goods_fen: record.goods_fen,
        freight_fen: record.freight_fen,
        subsidy_fen: record.subsidy_fen,
        refund_fen: record.refund_fen,
        platform_fen: record.platform_fen,
        anchor_fen: record.anchor_fen,
        evidence_mark,
    };
    let arrive = |r: Evidenced<SettlementRecord>| {
        let mark = r.mark();
        r.map(|record| row(mark, record))
    };
    records.into_iter().map(arrive).collect()
}

/// Writes what is new and queues the orders it touches. A row whose order is not known yet waits for it. A statement row is
/// a document: it has no later version but a different text is taken as its correction. Completes the rows where they are:
/// whoever begins anew begins with the records.
pub async fn take(
    work: &mut Work,
    source: &Source,
    arrivals: &mut [Evidenced<SettlementRow>],
) -> Result<Taken, StoreError> {
    let statement_nos: Vec<&str> = arrivals.iter().map(|a| a.record.statement_no.as_str()).collect();
    let known: FxHashMap<String, SettlementRow> = orders::list_settlements(work, source.shop_id, &statement_nos)
        .await?
        .into_iter()
        .map(|s| (s.statement_no.clone(), s))
        .collect();
    let old = |row: &SettlementRow| known.get(&row.statement_no);
    let is_news = |row: &SettlementRow| old(row).is_none_or(|old| old.evidence_mark != row.evidence_mark);
    let mut order_nos: Vec<&str> =
        arrivals.iter().map(|a| &a.record).filter(|row| is_news(row)).map(|row| row.order_no.as_str()).collect();
    order_nos.sort_unstable();
    order_nos.dedup();
    let ids = orders::ids_of_orders(work, source.shop_id, &order_nos).await?;
    let order_ids: Vec<i64> = ids.values().map(|(id, _)| *id).collect();
    let stated = list_settlements_of_orders(work, &order_ids).await?;
    for Evidenced { record: row, .. } in &mut *arrivals {
        row.order_id = ids.get(&row.order_no).map_or(0, |(id, _)| *id);
    }
    let new = arrivals.iter().map(|a| &a.record).filter(|row| row.order_id != 0 && old(row).is_none());
    let others = Others::of(new, &stated);
    let standing = |row: &SettlementRow| match old(row) {
        None if row.order_id != 0 && others.hold(row) => Standing::Unchanged,
        None => Standing::New,
        Some(_) if is_news(row) => Standing::Changed,
        Some(_) => Standing::Unchanged,
    };
    let standings: Vec<Standing> = arrivals.iter().map(|a| standing(&a.record)).collect();
    let taken: Taken = standings.iter().copied().sum();
    let mut next_id = take_ids(work, "event", standings.iter().filter(|s| **s == Standing::New).count()).await?;
    let mut news: Vec<(&mut Evidenced<SettlementRow>, Standing)> =
        arrivals.iter_mut().zip(standings).filter(|(_, standing)| *standing != Standing::Unchanged).collect();
    let packing = Packing::of(news.iter().map(|(arrival, _)| Arc::clone(&arrival.evidence)));
    for (arrival, _) in &mut news {
        let row = &mut arrival.record;
        row.settlement_id = old(row).map_or(next_id, |old| old.settlement_id);
        next_id += i64::from(old(row).is_none());
        if row.order_id != 0 {
            row.order_no.clear();
        }
    }
    let of = |wanted: Standing| -> Vec<&SettlementRow> {
        news.iter().filter(|(_, standing)| *standing == wanted).map(|(arrival, _)| &arrival.record).collect()
    };
    orders::insert_settlements(work, &of(Standing::New)).await?;
    orders::upsert_settlements(work, &of(Standing::Changed)).await?;
    let kept: Vec<Kept> =
        news.iter().map(|(a, _)| Kept { record_id: a.record.settlement_id, sha256: a.sha256 }).collect();
    evidence::insert(work, source, Kind::Settlement, &kept, packing).await?;
    let order_ids: Vec<i64> = news.iter().map(|(a, _)| a.record.order_id).filter(|&id| id != 0).collect();
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
    /// What new rows of known orders state beside what is known of these orders.
    fn of(new: impl Iterator<Item = &'a SettlementRow> + Clone, stated: &'a [SettlementRow]) -> Self {
        let of_file = |row: &SettlementRow| row.statement_no.starts_with(FILE_STATEMENT);
        let from_file = new.clone().next().is_some_and(of_file);
        let of_other = |row: &SettlementRow| of_file(row) != from_file;
        let mut others = Self { moved: FxHashMap::default() };
        // where the other source has said nothing, nothing can be held
        let both: FxHashSet<i64> = stated.iter().filter(|row| of_other(row)).map(|row| row.order_id).collect();
        let new = new.map(|row| (1, row));
        // what this source has stated before stands against what the other stated before
        let stated = stated.iter().map(|row| (usize::from(!of_other(row)), row));
        for (side, row) in new.chain(stated).filter(|(_, row)| both.contains(&row.order_id)) {
            others.add(side, row);
        }
        others
    }

    /// Counts a movement for its line and for its order; a movement of the whole order once.
    fn add(&mut self, side: usize, row: &'a SettlementRow) {
        let mut moved =
            |line_no| self.moved.entry((row.order_id, row.settled_on, line_no)).or_default()[side].push(net(row));
        moved("");
        if !row.line_no.is_empty() {
            moved(&row.line_no);
        }
    }

    /// True if the other source has stated this movement: the same for its line, or as much for its order on that day.
    fn hold(&self, row: &'a SettlementRow) -> bool {
        let of = |line_no: &'a str| self.moved.get(&(row.order_id, row.settled_on, line_no));
        let line = Some(row.line_no.as_str()).filter(|no| !no.is_empty());
        let same_line = line.and_then(of).is_some_and(|[theirs, ours]| {
            let count = |side: &[i64]| side.iter().filter(|&&moved| moved == net(row)).count();
            count(theirs) > 0 && count(ours) <= count(theirs)
        });
        let same_order = of("")
            .is_some_and(|[theirs, ours]| !theirs.is_empty() && theirs.iter().sum::<i64>() == ours.iter().sum::<i64>());
        same_line || same_order
    }
}

const fn net(r: &SettlementRow) -> i64 {
    r.goods_fen + r.freight_fen + r.subsidy_fen - r.refund_fen - r.platform_fen - r.anchor_fen
}
