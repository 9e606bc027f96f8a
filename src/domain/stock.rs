//! 库存: how much of a listing there is to sell.
//!
//! Rules that must hold: where goods come from lots nothing is typed: it is what the lots have left; else it is what
//! somebody counted on a day, less what was sold from then on; where neither is known, nothing is said, never nought.
//! What shelves promise is all of them together, of streams that are not over, less what those have sold ([`Shelves`]):
//! listings of the same lots take from one another.
//!
//! Not here: reading lots, counts, sales and shelves (`store::stock`, `services::stock`).

use super::calendar::Day;
use super::draws::raw_g;
use super::money::{BP, round_div};

/// Parcels that can be counted.
pub const MOST_PARCELS: i64 = 10_000_000;

/// What a parcel weighs, and what goes into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pack {
    pub pack_g: i64,
    pub shrink_bp: i64,
    pub conversion_bp: i64,
}

impl Pack {
    /// What a parcel takes of the goods as they were weighed in; never nought.
    fn needed_g(self) -> i64 {
        raw_g(self.pack_g, 1, (self.shrink_bp, self.conversion_bp)).max(1)
    }
}

/// How much there is, in parcels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    /// What the lots of its goods have left; all listings of the same goods take from it.
    Lots { parcels: i64, open_g: i64 },
    /// Counted, less sold: below zero where more was sold than was there.
    Counted { parcels: i64, counted: i64, counted_on: Day, sold: i64 },
    /// Neither lots nor a count.
    Unknown,
}

impl Stock {
    /// The parcels there are; `None` where nobody knows.
    pub const fn parcels(self) -> Option<i64> {
        match self {
            Self::Lots { parcels, .. } | Self::Counted { parcels, .. } => Some(parcels),
            Self::Unknown => None,
        }
    }

    /// What the lots have left makes so many whole parcels.
    pub fn of_lots(pack: Pack, open_g: i64) -> Self {
        Self::Lots { parcels: open_g.max(0) / pack.needed_g(), open_g }
    }

    /// A count, and the goods sold since, in grams with shrinkage as the ledger has them.
    pub fn of_count(pack: Pack, counted: i64, counted_on: Day, sold_g: i64) -> Self {
        let raw = i128::from(pack.pack_g) * i128::from(BP + pack.shrink_bp);
        let sold = round_div(i128::from(sold_g) * i128::from(BP), raw.max(1));
        Self::Counted { parcels: counted - sold, counted, counted_on, sold }
    }
}

/// What a shelf promises of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// 0: a stream that is only being planned.
    pub stream_id: i64,
    pub listing_id: i64,
    pub pieces: i64,
    /// What that stream has sold of it already: it has come off the stock.
    pub sold: i64,
}

impl Promise {
    /// What it still takes.
    fn open(&self) -> i64 {
        (self.pieces - self.sold).max(0)
    }
}

/// A listing, the goods it is of, and what there is of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub listing_id: i64,
    pub product_id: i64,
    pub pack: Pack,
    pub stock: Stock,
}

/// What there is of every listing beside what the shelves of streams that are not over promise of it, all together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelves {
    kept: Vec<Kept>,
    promises: Vec<Promise>,
}

impl Shelves {
    pub const fn new(kept: Vec<Kept>, promises: Vec<Promise>) -> Self {
        Self { kept, promises }
    }

    fn find(&self, listing_id: i64) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.listing_id == listing_id)
    }

    /// What there is of a listing.
    pub fn stock(&self, listing_id: i64) -> Stock {
        self.find(listing_id).map_or(Stock::Unknown, |kept| kept.stock)
    }

    /// Puts what is typed for a stream in place of what its shelf promised; what it has sold stays sold.
    pub fn replan(&mut self, stream_id: i64, typed: &[(i64, i64)]) {
        let sold = |listing_id: i64| {
            let known = self.promises.iter().find(|p| (p.stream_id, p.listing_id) == (stream_id, listing_id));
            known.map_or(0, |promise| promise.sold)
        };
        let anew: Vec<Promise> = typed
            .iter()
            .map(|&(listing_id, pieces)| Promise { stream_id, listing_id, pieces, sold: sold(listing_id) })
            .collect();
        self.promises.retain(|promise| promise.stream_id != stream_id);
        self.promises.extend(anew);
    }

    /// Parcels of a listing that all shelves together still promise.
    pub fn promised(&self, listing_id: i64) -> i64 {
        self.promises.iter().filter(|p| p.listing_id == listing_id).map(Promise::open).sum()
    }

    /// Parcels there are for a listing: of lots, what the promises of other listings of the same goods leave. `None` where
    /// nobody knows.
    pub fn there_is(&self, listing_id: i64) -> Option<i64> {
        let kept = self.find(listing_id)?;
        let Stock::Lots { open_g, .. } = kept.stock else { return kept.stock.parcels() };
        let from_same = |other: &&Kept| {
            other.listing_id != listing_id
                && other.product_id == kept.product_id
                && matches!(other.stock, Stock::Lots { .. })
        };
        let others: i64 = self
            .kept
            .iter()
            .filter(from_same)
            .map(|other| self.promised(other.listing_id) * other.pack.needed_g())
            .sum();
        Stock::of_lots(kept.pack, open_g - others).parcels()
    }

    /// Whether more of a listing is promised than there is.
    pub fn is_short(&self, listing_id: i64) -> bool {
        let promised = self.promised(listing_id);
        promised > 0 && self.there_is(listing_id).is_some_and(|parcels| promised > parcels)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::parse_day;

    const PACK: Pack = Pack { pack_g: 2_500, shrink_bp: 500, conversion_bp: 10_000 };

    #[test]
    fn lots_make_whole_parcels_and_counts_lose_what_was_sold() {
        assert_eq!(Stock::of_lots(PACK, 10_000), Stock::Lots { parcels: 3, open_g: 10_000 }, "2.625 kg each");
        assert_eq!(Stock::of_lots(Pack { conversion_bp: 45_000, ..PACK }, 11_812).parcels(), Some(0));
        let on = parse_day("2026-02-20").unwrap();
        let left = Stock::of_count(PACK, 10, on, 2_625 * 3);
        assert_eq!(left, Stock::Counted { parcels: 7, counted: 10, counted_on: on, sold: 3 });
        assert_eq!(Stock::of_count(PACK, 2, on, 2_625 * 3).parcels(), Some(-1), "more sold than there was");
        assert_eq!(Stock::Unknown.parcels(), None);
    }

    fn kept(listing_id: i64, pack_g: i64, stock: impl Fn(Pack) -> Stock) -> Kept {
        let pack = Pack { pack_g, shrink_bp: 0, conversion_bp: 10_000 };
        Kept { listing_id, product_id: 1, pack, stock: stock(pack) }
    }

    const fn promise(stream_id: i64, listing_id: i64, pieces: i64, sold: i64) -> Promise {
        Promise { stream_id, listing_id, pieces, sold }
    }

    #[test]
    fn what_all_shelves_promise_is_held_against_what_there_is() {
        let on = parse_day("2026-02-20").unwrap();
        let counted = |pack| Stock::of_count(pack, 10, on, 0);
        let mut shelves = Shelves::new(
            vec![kept(1, 2_500, counted)],
            vec![promise(1, 1, 6, 0), promise(2, 1, 9, 5), promise(3, 2, 9, 0)],
        );
        assert_eq!((shelves.promised(1), shelves.there_is(1)), (10, Some(10)));
        assert!(!shelves.is_short(1) && !shelves.is_short(2), "what nobody counted is not short");
        // a shelf that is typed anew stands in place of what it promised, and keeps what it sold
        shelves.replan(2, &[(1, 10)]);
        assert_eq!(shelves.promised(1), 11);
        shelves.replan(0, &[(1, 1)]);
        assert!(shelves.promised(1) == 12 && shelves.is_short(1));
        shelves.replan(2, &[]);
        assert!(shelves.promised(1) == 7 && !shelves.is_short(1));
        shelves.replan(1, &[(1, 4)]);
        assert_eq!(shelves.promised(1), 5);
        assert_eq!(Shelves::new(vec![], vec![promise(1, 1, 2, 5)]).promised(1), 0, "more sold than promised");
    }

    #[test]
    fn listings_of_the_same_lots_take_from_one_another() {
        let lots = |pack| Stock::of_lots(pack, 10_000);
        let other = Kept { product_id: 2, ..kept(3, 1_000, lots) };
        let kept = vec![kept(1, 2_500, lots), kept(2, 1_000, lots), other];
        let shelves = Shelves::new(kept, vec![promise(1, 1, 2, 0), promise(1, 2, 6, 0), promise(1, 3, 10, 0)]);
        assert_eq!((shelves.there_is(1), shelves.there_is(2), shelves.there_is(3)), (Some(1), Some(5), Some(10)));
        assert_eq!([1, 2, 3].map(|id| shelves.is_short(id)), [true, true, false]);
        assert_eq!(shelves.stock(1).parcels(), Some(4), "the stock itself stays what it is");
    }
}
