//! Following one line from its figure to its evidence: the order, its events, who sold it, what it was priced against,
//! every ledger row, and what was received about it.

use super::assemble::latest;
use super::book::Knowledge;
use super::post;
use crate::domain::ledger::book::{Known, Terms};
use crate::domain::ledger::facts::OrderFacts;
use crate::domain::ledger::{LineState, entries};
use crate::store::evidence::Found;
use crate::store::facts::Selection;
use crate::store::goods::{Listing, Shop};
use crate::store::ledger::{LedgerRow, MonthLock};
use crate::store::orders::{AttributionRow, LineRow, OrderRow, RefundRow, SettlementRow};
use crate::store::people::{Anchor, Farmer, Room};
use crate::store::prices::BaselineRow;
use crate::store::streams::Stream;
use crate::store::{Session, StoreError, evidence, facts, goods, ledger, orders, people, prices, streams};

/// Everything that can be said of a line.
#[derive(Debug)]
pub struct Trace {
    pub shop: Shop,
    pub order: OrderRow,
    pub line: LineRow,
    pub title: String,
    pub listing: Option<Listing>,
    /// Terms of the pay day as now known.
    pub terms: Option<Terms>,
    /// Where the line stands now.
    pub state: LineState,
    /// Households that supply it.
    pub farmers: Vec<Farmer>,
    pub refunds: Vec<RefundRow>,
    pub settlements: Vec<SettlementRow>,
    /// The choice of stream that counts, with its rule and reason.
    pub attribution: Option<AttributionRow>,
    pub stream: Option<Stream>,
    pub anchor: Option<Anchor>,
    pub room: Option<Room>,
    /// Baselines the ledger rows name.
    pub baselines: Vec<BaselineRow>,
    /// In the order they were posted.
    pub rows: Vec<LedgerRow>,
    pub locks: Vec<MonthLock>,
    pub evidence: Vec<Found>,
}

/// Traces a line by its shop and the platform's number.
pub async fn find_by_no(session: &mut Session, shop: &Shop, line_no: &str) -> Result<Option<Trace>, StoreError> {
    match orders::list_lines(session, shop.shop_id, &[line_no]).await?.pop() {
        Some(line) => trace(session, shop.clone(), line).await,
        None => Ok(None),
    }
}

/// Traces a line by its row id.
pub async fn find(session: &mut Session, line_id: i64) -> Result<Option<Trace>, StoreError> {
    let Some(line) = orders::find_line(session, line_id).await? else { return Ok(None) };
    let shop = goods::list_shops(session).await?.into_iter().find(|s| s.shop_id == line.shop_id);
    match shop {
        Some(shop) => trace(session, shop, line).await,
        None => Ok(None),
    }
}

async fn trace(session: &mut Session, shop: Shop, line: LineRow) -> Result<Option<Trace>, StoreError> {
    let id = line.order_id;
    let chunk = facts::list_chunk(session, Selection::One, id, id).await?;
    let knowledge = post::load_knowledge(session, &chunk).await?;
    let Some((order_facts, state)) = state_of(&chunk, &knowledge, line.line_id)? else { return Ok(None) };
    let Some(order) = orders::find_order(session, id).await? else { return Ok(None) };
    let attribution = latest(&chunk.attributions, line.line_id).cloned();
    let listing = order_facts.lines.iter().find(|l| l.line_id == line.line_id).and_then(|l| l.listing);
    let terms =
        listing.zip(order.paid_on).and_then(|(l, on)| knowledge.book.terms(l.listing_id, on, Known::Newest).copied());
    let rows = ledger::list_rows_of_line(session, line.line_id).await?;
    let households: Vec<i64> = state.slices.iter().map(|s| s.dimensions.farmer_id).collect();
    let first = state.slices.first().map(|s| s.dimensions);
    let stream_id = first.map_or(0, |d| d.stream_id);
    let baseline_ids: Vec<i64> = rows.iter().map(|r| r.posted.baseline_id).filter(|&id| id != 0).collect();
    let refunds = of_line(chunk.refunds, &line, |r| &r.line_no);
    let settlements = of_line(chunk.settlements, &line, |s| &s.line_no);
    let stream = streams::find(session, stream_id).await?;
    Ok(Some(Trace {
        title: goods::list_skus(session)
            .await?
            .into_iter()
            .find(|s| s.sku_id == line.sku_id)
            .map(|s| s.title)
            .unwrap_or_default(),
        listing: match listing {
            Some(l) => goods::list_listings(session).await?.into_iter().find(|row| row.listing_id == l.listing_id),
            None => None,
        },
        terms,
        farmers: people::list_farmers(session)
            .await?
            .into_iter()
            .filter(|f| households.contains(&f.farmer_id))
            .collect(),
        refunds,
        settlements,
        attribution,
        anchor: match &stream {
            Some(s) => people::list_anchors(session).await?.into_iter().find(|a| a.anchor_id == s.anchor_id),
            None => None,
        },
        room: match &stream {
            Some(s) => people::list_rooms(session).await?.into_iter().find(|r| r.room_id == s.room_id),
            None => None,
        },
        stream,
        baselines: prices::list_of_ids(session, &baseline_ids).await?,
        rows,
        locks: ledger::list_locks(session).await?,
        evidence: evidence::list_of_order(session, id).await?,
        shop,
        order,
        line,
        state,
    }))
}

/// Rows that name the line, or the order as a whole.
fn of_line<T>(rows: Vec<T>, line: &LineRow, line_no: impl Fn(&T) -> &String) -> Vec<T> {
    rows.into_iter().filter(|r| line_no(r).is_empty() || *line_no(r) == line.line_no).collect()
}

fn state_of(
    chunk: &facts::Chunk,
    knowledge: &Knowledge,
    line_id: i64,
) -> Result<Option<(OrderFacts, LineState)>, StoreError> {
    let Some(rows) = super::assemble::orders(chunk).next() else { return Ok(None) };
    let order_facts = super::assemble::facts(&rows, knowledge)?;
    let result = entries(&order_facts, &knowledge.book);
    Ok(result.lines.into_iter().find(|l| l.line_id == line_id).map(|state| (order_facts, state)))
}
