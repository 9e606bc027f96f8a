//! Taking in orders: compared with what is known, written in bulk, attributed, queued for posting.

use super::attribute::{Candidate, attribute, load_streams};
use super::stated::{self, Knows, News, closeness};
use super::{Standing, Taken, compensations, newest};
use crate::domain::calendar::day_of;
use crate::domain::records::{Evidenced, LineRecord, OrderRecord};
use crate::services::book::Goods;
use crate::store::evidence::{Kept, Kind, Packing, Source};
use crate::store::goods::Sku;
use crate::store::orders::{EventRow, LineRow, OrderRow};
use crate::store::stated::{self as stated_rows, Stated};
use crate::store::{StoreError, Work, evidence, facts, goods, orders, take_ids};
use hmac::{Hmac, KeyInit, Mac};
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::Sha256;
use std::sync::Arc;

/// Writes what is new in `records` and queues the orders it touches. The source knows everything of an order.
pub async fn take(
    work: &mut Work,
    source: &Source,
    buyer_key: &[u8],
    records: &[Evidenced<OrderRecord>],
) -> Result<Taken, StoreError> {
    take_of(work, source, buyer_key, Knows::ALL, records).await
}

/// [`take`], from a source that knows some groups of facts.
pub async fn take_of(
    work: &mut Work,
    source: &Source,
    buyer_key: &[u8],
    knows: Knows,
    records: &[Evidenced<OrderRecord>],
) -> Result<Taken, StoreError> {
    let records = newest(records, |r| r.record.order_no.as_str(), |r| r.record.updated_at.timestamp_micros());
    let order_nos: Vec<&str> = records.iter().map(|r| r.record.order_no.as_str()).collect();
    let known: FxHashMap<String, OrderRow> = orders::list_orders(work, source.shop_id, &order_nos)
        .await?
        .into_iter()
        .map(|o| (o.order_no.clone(), o))
        .collect();
    let order_ids: Vec<i64> = known.values().map(|o| o.order_id).collect();
    let of_groups: FxHashMap<i64, Stated> =
        stated_rows::list(work, &order_ids).await?.into_iter().map(|s| (s.order_id, s)).collect();
    let mut taken = Taken::default();
    let mut changed = Vec::new();
    for record in records {
        let old = known.get(&record.record.order_no);
        let stated = old.and_then(|o| of_groups.get(&o.order_id));
        let news = old.map_or(News::ALL, |old| News::of(record.record.updated_at, old, stated, knows));
        match standing(old, record.mark(), news) {
            Standing::Unchanged => {
                taken.unchanged += 1;
                continue;
            }
            Standing::Changed => taken.changed += 1,
            Standing::New => taken.new += 1,
        }
        changed.push(Change { record, old, stated, news });
    }
    if !changed.is_empty() {
        write(work, source, buyer_key, knows, &changed).await?;
    }
    Ok(taken)
}

/// A record that says something new.
struct Change<'a> {
    record: &'a Evidenced<OrderRecord>,
    old: Option<&'a OrderRow>,
    /// Where groups of the order were not stated together.
    stated: Option<&'a Stated>,
    news: News,
}

fn standing(old: Option<&OrderRow>, evidence_mark: i64, news: News) -> Standing {
    match old {
        None => Standing::New,
        Some(old) if old.evidence_mark == evidence_mark || !news.any() => Standing::Unchanged,
        Some(_) => Standing::Changed,
    }
}

async fn write(
    work: &mut Work,
    source: &Source,
    buyer_key: &[u8],
    knows: Knows,
    changed: &[Change<'_>],
) -> Result<(), StoreError> {
    let packing = Packing::of(changed.iter().map(|c| Arc::clone(&c.record.evidence)));
    let mut rows = order_rows(work, source.shop_id, buyer_key, knows, changed).await?;
    let skus = skus_of(work, source.shop_id, changed).await?;
    let lines = line_rows(work, source.shop_id, knows, changed, &mut rows, &skus).await?;
    let groups: Vec<Stated> = changed
        .iter()
        .zip(&rows)
        .filter_map(|(c, row)| {
            let old = c.old.map(|old| (old, c.stated));
            stated::stated(row, c.record.record.updated_at, old, knows, c.news)
        })
        .collect();
    let of = |is_new: bool| -> Vec<&OrderRow> {
        changed.iter().zip(&rows).filter(|(c, _)| c.old.is_none() == is_new).map(|(_, row)| row).collect()
    };
    let new = of(true);
    orders::insert_orders(work, &new).await?;
    orders::upsert_orders(work, &of(false)).await?;
    stated_rows::upsert(work, &groups).await?;
    orders::insert_lines(work, &lines.new).await?;
    orders::upsert_lines(work, &lines.changed).await?;
    let mut moved = write_parcels(work, changed, &rows).await?;
    let kept: Vec<Kept> =
        changed.iter().zip(&rows).map(|(c, row)| Kept { record_id: row.order_id, sha256: c.record.sha256 }).collect();
    evidence::insert(work, source, Kind::Order, &kept, packing).await?;
    orders::adopt_orphans(work, source.shop_id, &new).await?;
    compensations::adopt(work).await?;
    moved.extend(attribute_lines(work, &rows, &lines.to_attribute).await?);
    moved.extend(lines.new.iter().chain(&lines.changed).map(|l| l.order_id));
    moved
        .extend(changed.iter().zip(&rows).filter(|(c, row)| moves_the_ledger(c.old, row)).map(|(_, row)| row.order_id));
    moved.sort_unstable();
    moved.dedup();
    let new: FxHashSet<i64> = new.iter().map(|row| row.order_id).collect();
    let (new, again): (Vec<i64>, Vec<i64>) = moved.into_iter().partition(|id| new.contains(id));
    facts::queue_new(work, &new).await?;
    facts::queue(work, &again).await
}

/// True if what an order's row says of money or days differs: most records that change say only how far the parcel is.
fn moves_the_ledger(old: Option<&OrderRow>, new: &OrderRow) -> bool {
    let Some(old) = old else { return true };
    let of = |o: &OrderRow| {
        let coupons = (o.shop_coupon_fen, o.platform_coupon_fen, o.anchor_coupon_fen);
        (o.created_on, o.paid_at, o.buyer_freight_fen, coupons)
    };
    of(old) != of(new)
}

/// Rows of the orders, in the order of `changed`; ids are taken in one block for those that are new.
async fn order_rows(
    work: &mut Work,
    shop_id: i64,
    buyer_key: &[u8],
    knows: Knows,
    changed: &[Change<'_>],
) -> Result<Vec<OrderRow>, StoreError> {
    let keyed = Hmac::<Sha256>::new_from_slice(buyer_key).expect("a key of any length");
    let new = changed.iter().filter(|c| c.old.is_none()).count();
    let newly_paid = |c: &Change| c.record.record.paid_at.is_some() && c.old.is_none_or(|o| o.paid_event_id == 0);
    let mut order_id = take_ids(work, "order", new).await?;
    let mut event_id = take_ids(work, "event", changed.iter().filter(|c| newly_paid(c)).count()).await?;
    let mut rows = Vec::with_capacity(changed.len());
    for change in changed {
        let record = &change.record.record;
        let paid_event_id = if newly_paid(change) {
            event_id += 1;
            event_id - 1
        } else {
            change.old.map_or(0, |o| o.paid_event_id)
        };
        let id = change.old.map_or(order_id, |o| o.order_id);
        order_id += i64::from(change.old.is_none());
        let row = OrderRow {
            order_id: id,
            shop_id,
            order_no: record.order_no.clone(),
            updated_at: record.updated_at,
            created_at: record.created_at,
            created_on: day_of(record.created_at),
            paid_at: record.paid_at,
            paid_on: record.paid_at.map(day_of),
            completed_at: record.completed_at,
            completed_on: record.completed_at.map(day_of),
            status: record.status.key().to_owned(),
            platform_status: record.platform_status.clone(),
            buyer_freight_fen: record.buyer_freight_fen,
            shop_coupon_fen: record.coupons.shop_fen,
            platform_coupon_fen: record.coupons.platform_fen,
            anchor_coupon_fen: record.coupons.anchor_fen,
            province: record.province.clone().unwrap_or_default(),
            buyer_hash: record.buyer_no.as_deref().map(|no| buyer_hash(&keyed, no)).unwrap_or_default(),
            paid_event_id,
            evidence_mark: change.record.mark(),
        };
        rows.push(match change.old {
            Some(old) => stated::order(row, old, knows, change.news),
            None => row,
        });
    }
    Ok(rows)
}

/// The same buyer is the same hash within a county; nobody can be found from it without the county's key.
fn buyer_hash(keyed: &Hmac<Sha256>, buyer_no: &str) -> String {
    let mut mac = keyed.clone();
    mac.update(buyer_no.as_bytes());
    hex::encode(&mac.finalize().into_bytes()[..16])
}

/// The SKUs of a shop, by product and number.
struct Skus(Vec<Sku>);

impl Skus {
    fn of(mut skus: Vec<Sku>) -> Self {
        skus.sort_unstable_by(|a, b| (&a.product_no, &a.sku_no).cmp(&(&b.product_no, &b.sku_no)));
        Self(skus)
    }

    /// The row id of a line's.
    fn find(&self, line: &LineRecord) -> Option<i64> {
        let key = (line.product_no.as_str(), line.sku_no.as_str());
        let place = self.0.binary_search_by(|s| (s.product_no.as_str(), s.sku_no.as_str()).cmp(&key)).ok()?;
        Some(self.0[place].sku_id)
    }
}

/// All SKUs of the shop, those the records name among them; one seen for the first time is written down.
async fn skus_of(work: &mut Work, shop_id: i64, changed: &[Change<'_>]) -> Result<Skus, StoreError> {
    let mut known = goods::list_skus(work).await?;
    known.retain(|s| s.shop_id == shop_id);
    let known = Skus::of(known);
    let mut new: Vec<&LineRecord> = Vec::new();
    for line in changed.iter().flat_map(|c| &c.record.record.lines).filter(|l| !l.product_no.is_empty()) {
        let same = |l: &&LineRecord| l.product_no == line.product_no && l.sku_no == line.sku_no;
        if known.find(line).is_none() && !new.iter().any(same) {
            new.push(line);
        }
    }
    let first = take_ids(work, "sku", new.len()).await?;
    let rows: Vec<Sku> = new
        .iter()
        .zip(first..)
        .map(|(line, sku_id)| Sku {
            sku_id,
            shop_id,
            product_no: line.product_no.clone(),
            sku_no: line.sku_no.clone(),
            title: line.title.clone(),
        })
        .collect();
    goods::insert_skus(work, &rows).await?;
    Ok(if rows.is_empty() { known } else { Skus::of(known.0.into_iter().chain(rows).collect()) })
}

/// Lines of the changed orders.
#[derive(Default)]
struct Lines {
    new: Vec<LineRow>,
    /// Other than known.
    changed: Vec<LineRow>,
    /// Those, and all lines of orders that have just been paid: the pay time may decide.
    to_attribute: Vec<LineRow>,
}

/// Lines of the changed orders. A stand-in whose real lines have come is marked replaced; a stand-in never
/// comes back once real lines are known. Where the lines' amounts stand, so do the order's.
async fn line_rows(
    work: &mut Work,
    shop_id: i64,
    knows: Knows,
    changed: &[Change<'_>],
    rows: &mut [OrderRow],
    skus: &Skus,
) -> Result<Lines, StoreError> {
    let old_ids: Vec<i64> = changed.iter().filter_map(|c| c.old.map(|o| o.order_id)).collect();
    let old_lines = orders::list_lines_of_orders(work, &old_ids).await?;
    let by_no: FxHashMap<&str, &LineRow> = old_lines.iter().map(|l| (l.line_no.as_str(), l)).collect();
    let new =
        changed.iter().flat_map(|c| &c.record.record.lines).filter(|l| !by_no.contains_key(l.line_no.as_str())).count();
    let mut line_id = take_ids(work, "line", new).await?;
    let mut out = Lines::default();
    for (change, row) in changed.iter().zip(rows) {
        let newly_paid = change.old.is_none_or(|o| o.paid_at != row.paid_at);
        let start = old_lines.partition_point(|l| l.order_id < row.order_id);
        let known = || old_lines[start..].iter().take_while(|l| l.order_id == row.order_id);
        let record = &change.record.record;
        let close = |line_no: &str| closeness(line_no, &record.order_no);
        let closest_known = known().map(|l| close(&l.line_no)).max();
        let closest_come = record.lines.iter().map(|l| close(&l.line_no)).max();
        let closest = closest_known.max(closest_come).unwrap_or_default();
        // amounts of the order explain its lines: they move with them
        let mut keeps_amounts = closest_known.is_some() && (closest_known > closest_come || !change.news.newer);
        if let Some(old) = change.old
            && (keeps_amounts || !knows.freight)
        {
            row.buyer_freight_fen = old.buyer_freight_fen;
        }
        let mut all_stand = closest_known == closest_come;
        for line in &record.lines {
            let old = by_no.get(line.line_no.as_str());
            let id = old.map_or(line_id, |l| l.line_id);
            line_id += i64::from(old.is_none());
            let new = LineRow {
                line_id: id,
                order_id: row.order_id,
                shop_id,
                line_no: line.line_no.clone(),
                sku_id: skus.find(line).unwrap_or(0),
                pieces: line.pieces,
                list_fen: line.list_fen,
                shop_coupon_fen: line.coupons.shop_fen,
                platform_coupon_fen: line.coupons.platform_fen,
                anchor_coupon_fen: line.coupons.anchor_fen,
                live_room_no: line.live_room_no.clone().unwrap_or_default(),
                author_no: line.author_no.clone().unwrap_or_default(),
                replaced: close(&line.line_no) < closest,
            };
            all_stand &= old.is_some_and(|old| stated::keeps_line_amounts(&new, old, knows, change.news));
            let new = match old {
                Some(old) => stated::line(new, old, knows, change.news),
                None => new,
            };
            let changed = old.is_none_or(|old| **old != new);
            if changed {
                let written = if old.is_none() { &mut out.new } else { &mut out.changed };
                written.push(new.clone());
            }
            if (changed || newly_paid) && !new.replaced {
                out.to_attribute.push(new);
            }
        }
        keeps_amounts |= all_stand;
        if let Some(old) = change.old
            && keeps_amounts
        {
            row.shop_coupon_fen = old.shop_coupon_fen;
            row.platform_coupon_fen = old.platform_coupon_fen;
            row.anchor_coupon_fen = old.anchor_coupon_fen;
        }
        out.changed.extend(
            known()
                .filter(|l| close(&l.line_no) < closest && !l.replaced)
                .filter(|l| record.lines.iter().all(|come| come.line_no != l.line_no))
                .map(|l| LineRow { replaced: true, ..l.clone() }),
        );
    }
    Ok(out)
}

/// Writes down the number of parcels where an order took more than one; returns the orders it is news of.
async fn write_parcels(work: &mut Work, changed: &[Change<'_>], rows: &[OrderRow]) -> Result<Vec<i64>, StoreError> {
    let many: Vec<(&OrderRow, i64)> = changed
        .iter()
        .zip(rows)
        .filter_map(|(c, row)| Some((row, c.record.record.parcels.filter(|&n| n > 1)?)))
        .filter(|(row, _)| row.paid_on.is_some())
        .collect();
    let ids: Vec<i64> = many.iter().map(|(row, _)| row.order_id).collect();
    let known = orders::list_parcels(work, &ids).await?;
    let new: Vec<_> = many.iter().filter(|(row, n)| known.get(&row.order_id) != Some(n)).collect();
    let first = take_ids(work, "event", new.len()).await?;
    let events: Vec<EventRow> = new
        .iter()
        .zip(first..)
        .map(|((row, parcels), event_id)| EventRow {
            event_id,
            order_id: row.order_id,
            line_id: 0,
            kind: "parcels".to_owned(),
            happened_on: day_of(row.updated_at),
            quantity: *parcels,
        })
        .collect();
    orders::insert_events(work, &events).await?;
    Ok(events.iter().map(|e| e.order_id).collect())
}

/// Decides which stream lines belong to; returns the orders whose stream changed.
async fn attribute_lines(work: &mut Work, rows: &[OrderRow], lines: &[LineRow]) -> Result<Vec<i64>, StoreError> {
    let orders: FxHashMap<i64, &OrderRow> = rows.iter().map(|r| (r.order_id, r)).collect();
    let of_lines = || lines.iter().map(|l| orders[&l.order_id]);
    let (Some(from), Some(to)) =
        (of_lines().map(|r| r.created_on).min(), of_lines().map(|r| r.paid_on.unwrap_or(r.created_on)).max())
    else {
        return Ok(Vec::new());
    };
    let index = load_streams(work, from, to).await?;
    let goods = Goods::load(work).await?;
    let candidates: Vec<Candidate> = lines
        .iter()
        .map(|line| {
            let order = orders[&line.order_id];
            Candidate { line, created_at: order.created_at, paid_at: order.paid_at }
        })
        .collect();
    attribute(work, &candidates, &index, &goods).await
}
