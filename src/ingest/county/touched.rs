//! What a document's changes reach: orders to be posted again, lines to be attributed again.
//!
//! A dated value reaches the orders of its days, a mapping those of its SKU, a stream the lines that may be its own. The
//! usual document comes before the week it speaks of, when there is no order to reach: one question to the rollups says
//! so, and nothing else is asked.
//!
//! Rule that must hold: after a post, everything is as if the document had been there before its orders. A person's
//! attribution is the exception: it stays.

use crate::domain::calendar::{Day, day_of, month_start, start_of};
use crate::ingest::attribute::{Candidate, attribute, load_streams};
use crate::services::book::Goods;
use crate::store::facts::{self, Of};
use crate::store::figures::Range;
use crate::store::goods::{self, MappingRow};
use crate::store::lots::{self, draws};
use crate::store::orders::{self, TimedLine};
use crate::store::streams::Stream;
use crate::store::{StoreError, Work};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};

/// Days before and after a stream's day on which an order of its may have been created or paid.
const DAYS_BEFORE: i64 = 1;
const DAYS_AFTER: i64 = 2;

/// Collected while a document is written.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Touched {
    spans: BTreeMap<(Of, Day, Day), BTreeSet<i64>>,
    /// New mappings.
    pub mappings: Vec<MappingRow>,
    /// New streams, changed ones as they were and as they are, and those whose accounts or shelves changed.
    pub streams: Vec<Stream>,
    /// Products of which lots were weighed in.
    pub taken_in: BTreeSet<i64>,
}

impl Touched {
    /// A dated value of something changed.
    pub fn span(&mut self, of: Of, id: i64, from: Day, to: Option<Day>) {
        let (from, to) = Range { from: Some(from), to }.ends();
        self.spans.entry((of, from, to)).or_default().insert(id);
    }

    /// Something changed that has no dates.
    pub fn always(&mut self, of: Of, id: i64) {
        let (from, to) = Range::default().ends();
        self.spans.entry((of, from, to)).or_default().insert(id);
    }

    /// Queues the orders that are reached; returns how many orders have lines that another stream sold now.
    pub async fn follow(self, work: &mut Work) -> Result<usize, StoreError> {
        self.queue_spans(work).await?;
        self.queue_drawn(work).await?;
        let skus = self.queue_mappings(work).await?;
        let months = self.months_with_orders(work).await?;
        if skus.is_empty() && months.is_empty() {
            return Ok(0);
        }
        let goods = Goods::load(work).await?;
        let lines = orders::list_lines_of_skus(work, &skus).await?;
        let mut moved = attribute_again(work, &lines, &goods).await?;
        for (shop_id, from, to) in months {
            let end = start_of(to) + TimeDelta::days(1);
            let lines = orders::list_lines_between(work, shop_id, start_of(from), end).await?;
            moved.extend(attribute_again(work, &lines, &goods).await?);
        }
        let moved: Vec<i64> = moved.into_iter().collect();
        facts::queue(work, &moved).await?;
        Ok(moved.len())
    }

    async fn queue_spans(&self, work: &mut Work) -> Result<(), StoreError> {
        let from = self.spans.keys().map(|(_, from, _)| *from).min();
        let to = self.spans.keys().map(|(_, _, to)| *to).max();
        let (Some(from), Some(to)) = (from, to) else { return Ok(()) };
        if !facts::any_orders(work, from, to).await? {
            return Ok(());
        }
        for ((of, from, to), ids) in &self.spans {
            if facts::any_orders(work, *from, *to).await? {
                let ids: Vec<i64> = ids.iter().copied().collect();
                facts::queue_slices(work, *of, &ids, *from, *to).await?;
            }
        }
        Ok(())
    }

    /// Queues the orders whose goods left their households on days of a price that changed, whenever they were paid, and
    /// those that wait for goods that have come.
    async fn queue_drawn(&self, work: &mut Work) -> Result<(), StoreError> {
        for &product_id in &self.taken_in {
            draws::queue_short(work, product_id).await?;
        }
        if lots::intake_days(work).await?.is_none() {
            return Ok(());
        }
        for ((_, from, to), ids) in self.spans.iter().filter(|((of, ..), _)| *of == Of::Product) {
            for &product_id in ids {
                draws::queue_taken_in(work, product_id, *from, *to).await?;
            }
        }
        Ok(())
    }

    /// Queues the orders of newly mapped SKUs and returns the SKUs that have been seen.
    async fn queue_mappings(&self, work: &mut Work) -> Result<Vec<i64>, StoreError> {
        if self.mappings.is_empty() {
            return Ok(Vec::new());
        }
        let skus = goods::list_skus(work).await?;
        let mut seen = BTreeSet::new();
        for mapping in &self.mappings {
            let same_product =
                skus.iter().filter(|s| (s.shop_id, &s.product_no) == (mapping.shop_id, &mapping.product_no));
            let ids: Vec<i64> = same_product
                .filter(|s| mapping.sku_no.is_empty() || s.sku_no == mapping.sku_no)
                .map(|s| s.sku_id)
                .collect();
            if !ids.is_empty() {
                facts::queue_sku(work, mapping.shop_id, &mapping.product_no, &mapping.sku_no).await?;
                seen.extend(ids);
            }
        }
        Ok(seen.into_iter().collect())
    }

    /// Shop and days of the touched streams, a month at a time, where there are orders.
    async fn months_with_orders(&self, work: &mut Work) -> Result<Vec<(i64, Day, Day)>, StoreError> {
        let mut months: BTreeMap<(i64, Day), (Day, Day)> = BTreeMap::new();
        for stream in &self.streams {
            let on = stream.started_on;
            let days = months.entry((stream.shop_id, month_start(on))).or_insert((on, on));
            *days = (days.0.min(on), days.1.max(on));
        }
        let mut with_orders = Vec::new();
        for ((shop_id, _), (first, last)) in months {
            let (from, to) = (first - TimeDelta::days(DAYS_BEFORE), last + TimeDelta::days(DAYS_AFTER));
            if facts::any_orders(work, from, to).await? {
                with_orders.push((shop_id, from, to));
            }
        }
        Ok(with_orders)
    }
}

/// Decides anew for the lines that may be of these streams: whose or where they are has changed by a form. Queues the orders
/// that another stream sold now.
pub async fn attribute_streams(work: &mut Work, streams: Vec<Stream>) -> Result<usize, StoreError> {
    Touched { streams, ..Touched::default() }.follow(work).await
}

/// What follows when a person changed streams, each given as it was and as it is: lines that may be theirs are attributed
/// again, and the orders of those that were are queued. Returns the orders with lines that another stream sold now.
pub async fn follow_streams(work: &mut Work, streams: Vec<Stream>) -> Result<usize, StoreError> {
    let mut touched = Touched::default();
    for stream in &streams {
        touched.always(Of::Stream, stream.stream_id);
    }
    touched.streams = streams;
    touched.follow(work).await
}

/// Decides anew for lines; returns the orders whose attribution changed.
async fn attribute_again(work: &mut Work, lines: &[TimedLine], goods: &Goods) -> Result<BTreeSet<i64>, StoreError> {
    let first = lines.iter().map(|l| l.created_at).min();
    let last = lines.iter().map(|l| l.paid_at.unwrap_or(l.created_at)).max();
    let (Some(first), Some(last)) = (first, last) else { return Ok(BTreeSet::new()) };
    let index = load_streams(work, day_of(first), day_of(last)).await?;
    let candidates: Vec<Candidate> =
        lines.iter().map(|l| Candidate { line: &l.line, created_at: l.created_at, paid_at: l.paid_at }).collect();
    Ok(attribute(work, &candidates, &index, goods).await?.into_iter().collect())
}
