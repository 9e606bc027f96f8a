//! Taking in orders: compared with what is known, written in bulk, attributed, queued for posting.

use super::attribute::{Candidate, attribute, load_streams};
use super::stated::{self, Knows, News, closeness};
use super::{Standing, Taken, compensations, newest};
use crate::domain::calendar::{Instant, day_of};
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

/// An order as its record alone makes it, whose row ids and goods are the database's to give.
#[derive(Debug)]
pub struct Arrival {
    row: OrderRow,
    lines: Vec<ArrivingLine>,
    /// As of when the source speaks, whatever is kept of it.
    said_at: Instant,
    parcels: Option<i64>,
}

#[derive(Debug)]
struct ArrivingLine {
    row: LineRow,
    /// The platform's numbers of its goods; empty where the source has none.
    product_no: String,
    sku_no: String,
    title: String,
}

/// Rows of records, as far as they need nothing of the database: a pull makes them where it reads, while another window is
/// written. What one answer names several times comes once.
pub fn arrivals(shop_id: i64, buyer_key: &[u8], records: Vec<Evidenced<OrderRecord>>) -> Vec<Evidenced<Arrival>> {
    let keyed = Hmac::<Sha256>::new_from_slice(buyer_key).expect("a key of any length");
    let records = newest(records, |r| &r.record.order_no, |r| r.record.updated_at);
    let arrive = |r: Evidenced<OrderRecord>| {
        let mark = r.mark();
        r.map(|record| arrival(shop_id, &keyed, mark, record))
    };
    records.into_iter().map(arrive).collect()
}

fn arrival(shop_id: i64, keyed: &Hmac<Sha256>, evidence_mark: i64, record: OrderRecord) -> Arrival {
    let row = OrderRow {
        order_id: 0,
        shop_id,
        order_no: record.order_no,
        updated_at: record.updated_at,
        created_at: record.created_at,
        created_on: day_of(record.created_at),
        paid_at: record.paid_at,
        paid_on: record.paid_at.map(day_of),
        completed_at: record.completed_at,
        completed_on: record.completed_at.map(day_of),
        status: record.status.key().to_owned(),
        platform_status: record.platform_status,
        buyer_freight_fen: record.buyer_freight_fen,
        shop_coupon_fen: record.coupons.shop_fen,
        platform_coupon_fen: record.coupons.platform_fen,
        anchor_coupon_fen: record.coupons.anchor_fen,
        province: record.province.unwrap_or_default(),
        buyer_hash: record.buyer_no.as_deref().map(|no| buyer_hash(keyed, no)).unwrap_or_default(),
        paid_event_id: 0,
        evidence_mark,
    };
    let line = |line: LineRecord| ArrivingLine {
        row: LineRow {
            line_id: 0,
            order_id: 0,
            shop_id,
            line_no: line.line_no,
            sku_id: 0,
            pieces: line.pieces,
            list_fen: line.list_fen,
            shop_coupon_fen: line.coupons.shop_fen,
            platform_coupon_fen: line.coupons.platform_fen,
            anchor_coupon_fen: line.coupons.anchor_fen,
            live_room_no: line.live_room_no.unwrap_or_default(),
            author_no: line.author_no.unwrap_or_default(),
            replaced: false,
        },
        product_no: line.product_no,
        sku_no: line.sku_no,
        title: line.title,
    };
    let lines = record.lines.into_iter().map(line).collect();
    Arrival { row, lines, said_at: record.updated_at, parcels: record.parcels }
}

/// Writes what is new of a source that knows some groups of facts, and queues the orders it touches. Completes the rows where
/// they are: whoever begins anew begins with the records.
pub async fn take(
    work: &mut Work,
    source: &Source,
    knows: Knows,
    arrivals: &mut [Evidenced<Arrival>],
) -> Result<Taken, StoreError> {
    let order_nos: Vec<&str> = arrivals.iter().map(|a| a.record.row.order_no.as_str()).collect();
    let known: FxHashMap<String, OrderRow> = orders::list_orders(work, source.shop_id, &order_nos)
        .await?
        .into_iter()
        .map(|o| (o.order_no.clone(), o))
        .collect();
    let order_ids: Vec<i64> = known.values().map(|o| o.order_id).collect();
    let of_groups: FxHashMap<i64, Stated> =
        stated_rows::list(work, &order_ids).await?.into_iter().map(|s| (s.order_id, s)).collect();
    let changes = arrivals.iter_mut().map(|arrival| {
        let old = known.get(&arrival.record.row.order_no);
        let stated = old.and_then(|o| of_groups.get(&o.order_id));
        let news = old.map_or(News::ALL, |old| News::of(arrival.record.said_at, old, stated, knows));
        Change { arrival, old, stated, news }
    });
    let (mut changed, unchanged): (Vec<_>, Vec<_>) = changes.partition(|c| c.standing() != Standing::Unchanged);
    let taken = changed.iter().chain(&unchanged).map(Change::standing).sum();
    if !changed.is_empty() {
        write(work, source, knows, &mut changed).await?;
    }
    Ok(taken)
}

/// An order that comes, beside what is known of it. Its rows begin as what came and end as what is written.
struct Change<'a> {
    arrival: &'a mut Evidenced<Arrival>,
    old: Option<&'a OrderRow>,
    /// Where groups of the order were not stated together.
    stated: Option<&'a Stated>,
    news: News,
}

impl Change<'_> {
    fn standing(&self) -> Standing {
        match self.old {
            None => Standing::New,
            Some(old) if old.evidence_mark == self.arrival.mark() || !self.news.any() => Standing::Unchanged,
            Some(_) => Standing::Changed,
        }
    }

    fn row(&self) -> &OrderRow {
        &self.arrival.record.row
    }

    fn lines(&self) -> &[ArrivingLine] {
        &self.arrival.record.lines
    }

    /// True if what the order's row says of money or days differs: most records that change say only how far the parcel is.
    fn moves_the_ledger(&self) -> bool {
        let Some(old) = self.old else { return true };
        let of = |o: &OrderRow| {
            let coupons = (o.shop_coupon_fen, o.platform_coupon_fen, o.anchor_coupon_fen);
            (o.created_on, o.paid_at, o.buyer_freight_fen, coupons)
        };
        of(old) != of(self.row())
    }
}

async fn write(work: &mut Work, source: &Source, knows: Knows, changed: &mut [Change<'_>]) -> Result<(), StoreError> {
    let packing = Packing::of(changed.iter().map(|c| Arc::clone(&c.arrival.evidence)));
    place_orders(work, knows, changed).await?;
    let skus = skus_of(work, source.shop_id, changed).await?;
    let Lines { fates, replaced } = place_lines(work, knows, changed, &skus).await?;
    let changed = &*changed;
    let groups: Vec<Stated> = changed
        .iter()
        .filter_map(|c| {
            let old = c.old.map(|old| (old, c.stated));
            stated::stated(c.row(), c.arrival.record.said_at, old, knows, c.news)
        })
        .collect();
    let orders_that = |are_new: bool| -> Vec<&OrderRow> {
        changed.iter().filter(|c| c.old.is_none() == are_new).map(Change::row).collect()
    };
    let lines_that = |are: fn(&Fate) -> bool| -> Vec<&LineRow> {
        let lines = changed.iter().flat_map(Change::lines).zip(&fates);
        lines.filter(|(_, fate)| are(fate)).map(|(line, _)| &line.row).collect()
    };
    let (new, new_lines) = (orders_that(true), lines_that(|fate| fate.is_new));
    let changed_lines: Vec<&LineRow> = lines_that(|fate| fate.is_changed).into_iter().chain(&replaced).collect();
    orders::insert_orders(work, &new).await?;
    orders::upsert_orders(work, &orders_that(false)).await?;
    stated_rows::upsert(work, &groups).await?;
    orders::insert_lines(work, &new_lines).await?;
    orders::upsert_lines(work, &changed_lines).await?;
    let mut moved = write_parcels(work, changed).await?;
    let kept: Vec<Kept> =
        changed.iter().map(|c| Kept { record_id: c.row().order_id, sha256: c.arrival.sha256 }).collect();
    evidence::insert(work, source, Kind::Order, &kept, packing).await?;
    orders::adopt_orphans(work, source.shop_id, &new).await?;
    compensations::adopt(work).await?;
    moved.extend(attribute_lines(work, changed, &lines_that(|fate| fate.is_to_attribute)).await?);
    moved.extend(new_lines.iter().chain(&changed_lines).map(|l| l.order_id));
    moved.extend(changed.iter().filter(|c| c.moves_the_ledger()).map(|c| c.row().order_id));
    moved.sort_unstable();
    moved.dedup();
    let new: FxHashSet<i64> = new.iter().map(|row| row.order_id).collect();
    let (new, again): (Vec<i64>, Vec<i64>) = moved.into_iter().partition(|id| new.contains(id));
    facts::queue_new(work, &new).await?;
    facts::queue(work, &again).await
}

/// Gives the orders' rows their ids, those that are new from one block, and merges them with what is known, but for amounts,
/// which are decided with the lines.
async fn place_orders(work: &mut Work, knows: Knows, changed: &mut [Change<'_>]) -> Result<(), StoreError> {
    let new = changed.iter().filter(|c| c.old.is_none()).count();
    let newly_paid = |c: &Change<'_>| c.row().paid_at.is_some() && c.old.is_none_or(|o| o.paid_event_id == 0);
    let mut order_id = take_ids(work, "order", new).await?;
    let mut event_id = take_ids(work, "event", changed.iter().filter(|c| newly_paid(c)).count()).await?;
    for change in changed {
        let is_newly_paid = newly_paid(change);
        let row = &mut change.arrival.record.row;
        row.order_id = change.old.map_or(order_id, |o| o.order_id);
        order_id += i64::from(change.old.is_none());
        row.paid_event_id = if is_newly_paid { event_id } else { change.old.map_or(0, |o| o.paid_event_id) };
        event_id += i64::from(is_newly_paid);
        if let Some(old) = change.old {
            *row = stated::order(row.clone(), old, knows, change.news);
        }
    }
    Ok(())
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
    fn find(&self, line: &ArrivingLine) -> Option<i64> {
        let key = (line.product_no.as_str(), line.sku_no.as_str());
        let place = self.0.binary_search_by(|s| (s.product_no.as_str(), s.sku_no.as_str()).cmp(&key)).ok()?;
        Some(self.0[place].sku_id)
    }
}

/// All SKUs of the shop, those that are named among them; one seen for the first time is written down.
async fn skus_of(work: &mut Work, shop_id: i64, changed: &[Change<'_>]) -> Result<Skus, StoreError> {
    let mut known = goods::list_skus(work).await?;
    known.retain(|s| s.shop_id == shop_id);
    let known = Skus::of(known);
    let mut new: Vec<&ArrivingLine> = Vec::new();
    for line in changed.iter().flat_map(Change::lines).filter(|l| !l.product_no.is_empty()) {
        let same = |l: &&ArrivingLine| l.product_no == line.product_no && l.sku_no == line.sku_no;
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

/// What becomes of the lines of changed orders.
struct Lines {
    /// Of each line that came, order by order.
    fates: Vec<Fate>,
    /// Known stand-ins whose real lines have come.
    replaced: Vec<LineRow>,
}

/// What becomes of a line that came.
struct Fate {
    is_new: bool,
    /// Other than known.
    is_changed: bool,
    /// Written, or of an order that has just been paid (the pay time may decide), and no stand-in that was replaced.
    is_to_attribute: bool,
}

/// Gives the lines' rows their ids and goods, and merges them with what is known. A stand-in whose real lines have come is
/// marked replaced; a stand-in never comes back once real lines are known. Where the lines' amounts stand, so do the order's.
async fn place_lines(
    work: &mut Work,
    knows: Knows,
    changed: &mut [Change<'_>],
    skus: &Skus,
) -> Result<Lines, StoreError> {
    let old_ids: Vec<i64> = changed.iter().filter_map(|c| c.old.map(|o| o.order_id)).collect();
    let old_lines = orders::list_lines_of_orders(work, &old_ids).await?;
    let by_no: FxHashMap<&str, &LineRow> = old_lines.iter().map(|l| (l.line_no.as_str(), l)).collect();
    let old = |line: &LineRow| by_no.get(line.line_no.as_str()).copied();
    let new = changed.iter().flat_map(Change::lines).filter(|l| old(&l.row).is_none()).count();
    let mut line_id = take_ids(work, "line", new).await?;
    let mut out = Lines { fates: Vec::new(), replaced: Vec::new() };
    for Change { arrival, old: old_order, news, .. } in changed {
        let Arrival { row, lines, .. } = &mut arrival.record;
        let newly_paid = old_order.is_none_or(|o| o.paid_at != row.paid_at);
        let start = old_lines.partition_point(|l| l.order_id < row.order_id);
        let order_id = row.order_id;
        let known = || old_lines[start..].iter().take_while(|l| l.order_id == order_id);
        let close = |line: &LineRow| closeness(&line.line_no, &row.order_no);
        let closest_known = known().map(close).max();
        let closest_come = lines.iter().map(|l| close(&l.row)).max();
        let closest = closest_known.max(closest_come).unwrap_or_default();
        // amounts of the order explain its lines: they move with them
        let mut keeps_amounts = closest_known.is_some() && (closest_known > closest_come || !news.newer);
        let mut all_stand = closest_known == closest_come;
        for line in lines.iter_mut() {
            let sku_id = skus.find(line).unwrap_or(0);
            let line = &mut line.row;
            let old = old(line);
            line.line_id = old.map_or(line_id, |l| l.line_id);
            line_id += i64::from(old.is_none());
            (line.order_id, line.sku_id, line.replaced) = (order_id, sku_id, close(line) < closest);
            all_stand &= old.is_some_and(|old| stated::keeps_line_amounts(line, old, knows, *news));
            if let Some(old) = old {
                *line = stated::line(line.clone(), old, knows, *news);
            }
            let is_changed = old.is_some_and(|old| old != line);
            let is_to_attribute = (old.is_none() || is_changed || newly_paid) && !line.replaced;
            out.fates.push(Fate { is_new: old.is_none(), is_changed, is_to_attribute });
        }
        out.replaced.extend(
            known()
                .filter(|l| close(l) < closest && !l.replaced)
                .filter(|l| lines.iter().all(|come| come.row.line_no != l.line_no))
                .map(|l| LineRow { replaced: true, ..l.clone() }),
        );
        let Some(old) = old_order else { continue };
        if keeps_amounts || !knows.freight {
            row.buyer_freight_fen = old.buyer_freight_fen;
        }
        keeps_amounts |= all_stand;
        if keeps_amounts {
            row.shop_coupon_fen = old.shop_coupon_fen;
            row.platform_coupon_fen = old.platform_coupon_fen;
            row.anchor_coupon_fen = old.anchor_coupon_fen;
        }
    }
    Ok(out)
}

/// Writes down the number of parcels where an order took more than one; returns the orders it is news of.
async fn write_parcels(work: &mut Work, changed: &[Change<'_>]) -> Result<Vec<i64>, StoreError> {
    let many: Vec<(&OrderRow, i64)> = changed
        .iter()
        .filter_map(|c| Some((c.row(), c.arrival.record.parcels.filter(|&n| n > 1)?)))
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
async fn attribute_lines(work: &mut Work, changed: &[Change<'_>], lines: &[&LineRow]) -> Result<Vec<i64>, StoreError> {
    let orders: FxHashMap<i64, &OrderRow> = changed.iter().map(|c| (c.row().order_id, c.row())).collect();
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
        .map(|&line| {
            let order = orders[&line.order_id];
            Candidate { line, created_at: order.created_at, paid_at: order.paid_at }
        })
        .collect();
    attribute(work, &candidates, &index, &goods).await
}
