//! Drawing the goods of queued orders from lots, before they are posted: in the same unit of work, so that a draw is
//! never without its line, and over the whole queue, so that lines are served in the order they were paid.
//!
//! Rules that must hold: a line that has what it needs is left alone; what it lacks is drawn and nothing is taken from
//! it; a draw whose line is no longer of its product was never its goods, and goes back; a line that still lacks
//! something stands in `lot_shortage`. Without listings that come from lots one question is asked and nothing done.
//!
//! Not here: the rule itself (`domain::draws`), the days on which a listing's goods come from lots (its supply's
//! versions).

use super::book::Knowledge;
use crate::domain::draws::{Demand, Drawn, draw as draw_from, needed_g};
use crate::domain::ledger::book::{Known, Version, pick};
use crate::domain::ledger::facts::Listing;
use crate::store::lots::Shortage;
use crate::store::lots::draws::{self, QueuedDraw, QueuedLine};
use crate::store::{StoreError, Work};
use rustc_hash::{FxHashMap, FxHashSet};

/// Draws for everything that waits to be posted.
pub async fn draw(work: &mut Work, knowledge: &Knowledge) -> Result<(), StoreError> {
    let supply = draws::list_supply(work).await?;
    if supply.is_empty() {
        return Ok(());
    }
    let (stand, void) = standing(draws::list_queued_draws(work).await?, knowledge);
    draws::remove(work, &void).await?;
    let skus = knowledge.goods.skus_of(|listing_id| supply.contains_key(&listing_id));
    let lines = draws::list_queued_lines(work, &skus).await?;
    let wanting = wanting(&lines, &supply, &stand, knowledge);
    let products: FxHashSet<i64> = wanting.iter().map(|(demand, _)| demand.product_id).collect();
    let mut open = draws::list_open(work, &products.into_iter().collect::<Vec<_>>()).await?;
    let (drawn, short) = draw_from(&mut open, wanting.iter().map(|(demand, _)| *demand).collect());
    let of_line: FxHashMap<i64, Shortage> = wanting.into_iter().map(|(d, waits)| (d.line_id, waits)).collect();
    if !drawn.is_empty() {
        let posted: FxHashSet<(i64, i64)> = draws::list_posted(work).await?.into_iter().collect();
        let late = |d: &Drawn| of_line.get(&d.line_id).is_some_and(|s| posted.contains(&(d.line_id, s.listing_id)));
        let rows: Vec<(Drawn, bool)> = drawn.into_iter().map(|d| (d, late(&d))).collect();
        draws::insert(work, &rows).await?;
    }
    let short: Vec<Shortage> = short
        .into_iter()
        .filter_map(|s| Some(Shortage { missing_g: s.missing_g, ..of_line.get(&s.line_id)?.clone() }))
        .collect();
    draws::replace_shortages(work, &short).await
}

/// Grams each line has, and the draws that no longer stand.
fn standing(queued: Vec<QueuedDraw>, knowledge: &Knowledge) -> (FxHashMap<i64, i64>, Vec<Drawn>) {
    let (mut stand, mut void) = (FxHashMap::default(), Vec::new());
    for draw in queued {
        let listing = knowledge.goods.listing(draw.sku_id).filter(|_| !draw.replaced);
        if listing.is_some_and(|listing| listing.product_id == draw.product_id) {
            *stand.entry(draw.line_id).or_default() += draw.drawn_g;
        } else {
            void.push(Drawn { line_id: draw.line_id, ticket_id: draw.ticket_id, drawn_g: draw.drawn_g });
        }
    }
    (stand, void)
}

/// Lines that lack goods, each with what is written down if it goes on lacking them.
fn wanting(
    lines: &[QueuedLine],
    supply: &FxHashMap<i64, Vec<Version<bool>>>,
    stand: &FxHashMap<i64, i64>,
    knowledge: &Knowledge,
) -> Vec<(Demand, Shortage)> {
    let wanting = lines.iter().filter_map(|line| {
        let Listing { listing_id, product_id } = knowledge.goods.listing(line.sku_id)?;
        let from_lots = pick(supply.get(&listing_id)?, line.paid_on, Known::Newest)?.value;
        let terms = knowledge.book.terms(listing_id, line.paid_on, Known::Newest)?;
        let missing_g = needed_g(terms, line.pieces) - stand.get(&line.line_id).unwrap_or(&0);
        if !from_lots || missing_g <= 0 {
            return None;
        }
        let QueuedLine { line_id, order_id, paid_on, paid_at, .. } = *line;
        Some((
            Demand { line_id, product_id, paid_at, missing_g },
            Shortage { line_id, order_id, listing_id, product_id, paid_on, missing_g },
        ))
    });
    wanting.collect()
}
