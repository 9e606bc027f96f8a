//! 库存: what there is of every listing on a day, what shelves promise of it, and counting one.
//!
//! Rule that must hold: a listing whose goods come from lots is not counted: its stock is what the lots have left.

use super::desk::Desk;
use super::listings::{find, in_force};
use super::shelf_check::Sources;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, Instant, day_of};
use crate::domain::problem::{Mistake, Problem};
use crate::domain::stock::{Kept, MOST_PARCELS, Pack, Promise, Shelves, Stock};
use crate::store::goods::TermsRow;
use crate::store::plans::{self, OpenOffer};
use crate::store::{Session, StoreError, goods, live, stock};
use chrono::TimeDelta;
use rustc_hash::FxHashMap;

fn pack(terms: &TermsRow) -> Pack {
    Pack { pack_g: terms.pack_g, shrink_bp: terms.shrink_bp, conversion_bp: terms.conversion_bp }
}

/// The stock of every listing of the county on a moment's day, beside what shelves of streams that are not over promise;
/// one that has no terms is unknown.
pub async fn on_shelves(session: &mut Session, sources: &Sources, now: Instant) -> Result<Shelves, StoreError> {
    let promises = promises(session, now).await?;
    let on = day_of(now);
    let terms = goods::list_terms(session, on).await?;
    let lots: FxHashMap<i64, i64> = stock::sum_open_lots(session, on).await?.into_iter().collect();
    let counts = stock::list_newest(session).await?;
    let mut kept = Vec::new();
    let mut of_listing: FxHashMap<i64, Vec<TermsRow>> = FxHashMap::default();
    for row in terms {
        of_listing.entry(row.listing_id).or_default().push(row);
    }
    for (listing_id, versions) in of_listing {
        let Some(pack) = in_force(&versions, on).map(pack) else { continue };
        let Some(product_id) = sources.product(listing_id) else { continue };
        let stock = if sources.is_from_lots(listing_id) {
            Stock::of_lots(pack, lots.get(&product_id).copied().unwrap_or(0))
        } else {
            match counts.iter().find(|(count, _)| count.listing_id == listing_id) {
                Some((count, sold_g)) => Stock::of_count(pack, count.parcels, count.counted_on, *sold_g),
                None => Stock::Unknown,
            }
        };
        kept.push(Kept { listing_id, product_id, pack, stock });
    }
    Ok(Shelves::new(kept, promises))
}

/// What streams that are not over promise, and what those on air have sold of it.
async fn promises(session: &mut Session, now: Instant) -> Result<Vec<Promise>, StoreError> {
    let open = plans::list_open_offers(session, now).await?;
    let mut begun: Vec<i64> = open.iter().filter(|of| of.starts_at <= now).map(|of| of.stream_id).collect();
    begun.dedup();
    let sold = live::sum_pieces(session, &begun).await?;
    let of = |of: &OpenOffer| {
        let sold = sold.iter().find(|s| (s.stream_id, s.listing_id) == (of.stream_id, of.listing_id));
        Promise {
            stream_id: of.stream_id,
            listing_id: of.listing_id,
            pieces: of.promised_pieces,
            sold: sold.map_or(0, |s| s.pieces),
        }
    };
    Ok(open.iter().map(of).collect())
}

/// A count as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCount {
    pub counted_on: Day,
    pub parcels: i64,
    /// Counted before that day's sales: they come off.
    pub before_sales: bool,
}

/// Writes down what somebody counted of a listing. False where there is no such listing.
pub async fn count(desk: &Desk<'_>, listing_id: i64, new: NewCount) -> anyhow::Result<bool> {
    let mut work = desk.work("count stock").await?;
    let Some(listing) = find(&mut work, listing_id).await? else { return Ok(false) };
    if new.counted_on > desk.clock.today() {
        return Err(Problem::from(Mistake::NotYet { day: new.counted_on }).into());
    }
    if !(0..=MOST_PARCELS).contains(&new.parcels) {
        return Err(Problem::from(Mistake::BadCount).into());
    }
    if Sources::load(&mut work, desk.clock.today()).await?.is_from_lots(listing_id) {
        return Err(Problem::from(Mistake::CountOfLots).into());
    }
    let sold_from = if new.before_sales { new.counted_on } else { new.counted_on + TimeDelta::days(1) };
    stock::insert_count(&mut work, listing_id, (new.counted_on, sold_from), new.parcels).await?;
    let change = Change::new(Verb::Change, Noun::Stock, listing.listing_key)
        .after(Field::Day, new.counted_on)
        .count(Field::Parcels, new.parcels);
    work.commit(&change).await?;
    Ok(true)
}
