//! 库存: what there is of every listing on a day, and counting one.
//!
//! Rule that must hold: a listing whose goods come from lots is not counted: its stock is what the lots have left.

use super::desk::Desk;
use super::listings::{find, in_force};
use super::shelf_check::Shelf;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::problem::{Mistake, Problem};
use crate::domain::stock::{MOST_PARCELS, Pack, Stock};
use crate::store::goods::TermsRow;
use crate::store::{Session, StoreError, goods, stock};
use chrono::TimeDelta;
use rustc_hash::FxHashMap;

fn pack(terms: &TermsRow) -> Pack {
    Pack { pack_g: terms.pack_g, shrink_bp: terms.shrink_bp, conversion_bp: terms.conversion_bp }
}

/// The stock of every listing of the county on the shelf's day; one that has no terms is unknown.
pub async fn of_all(session: &mut Session, shelf: &Shelf) -> Result<FxHashMap<i64, Stock>, StoreError> {
    let terms = goods::list_terms(session, shelf.on).await?;
    let lots: FxHashMap<i64, i64> = stock::sum_open_lots(session, shelf.on).await?.into_iter().collect();
    let counts = stock::list_newest(session).await?;
    let mut found = FxHashMap::default();
    let mut of_listing: FxHashMap<i64, Vec<TermsRow>> = FxHashMap::default();
    for row in terms {
        of_listing.entry(row.listing_id).or_default().push(row);
    }
    for (listing_id, versions) in of_listing {
        let Some(pack) = in_force(&versions, shelf.on).map(pack) else { continue };
        let known = if shelf.is_from_lots(listing_id) {
            let open_g = shelf.product(listing_id).and_then(|product| lots.get(&product).copied()).unwrap_or(0);
            Stock::of_lots(pack, open_g)
        } else {
            match counts.iter().find(|(count, _)| count.listing_id == listing_id) {
                Some((count, sold_g)) => Stock::of_count(pack, count.parcels, count.counted_on, *sold_g),
                None => continue,
            }
        };
        found.insert(listing_id, known);
    }
    Ok(found)
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
    if Shelf::load(&mut work, desk.clock.today()).await?.is_from_lots(listing_id) {
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
