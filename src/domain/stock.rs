//! 库存: how much of a listing there is to sell.
//!
//! Rules that must hold: where goods come from lots nothing is typed: it is what the lots have left; else it is what
//! somebody counted on a day, less what was sold from then on; where neither is known, nothing is said, never nought.
//!
//! Not here: reading lots, counts and sales (`store::stock`).

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
        let needed = raw_g(pack.pack_g, 1, (pack.shrink_bp, pack.conversion_bp)).max(1);
        Self::Lots { parcels: open_g.max(0) / needed, open_g }
    }

    /// A count, and the goods sold since, in grams with shrinkage as the ledger has them.
    pub fn of_count(pack: Pack, counted: i64, counted_on: Day, sold_g: i64) -> Self {
        let raw = i128::from(pack.pack_g) * i128::from(BP + pack.shrink_bp);
        let sold = round_div(i128::from(sold_g) * i128::from(BP), raw.max(1));
        Self::Counted { parcels: counted - sold, counted, counted_on, sold }
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
}
