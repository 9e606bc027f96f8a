//! The uplift by what its listings' terms say of their volume: goods that would have been sold anyway (moved), or goods that
//! found a buyer only online (new).
//!
//! The flag is the one of the newest terms of a listing within the range; the policy is set before a month opens, so that
//! it does not move under a month. The headline's own rule is the same for both: farm-gate price, whatever the flag.

use crate::domain::calendar::Day;
use crate::domain::figures::FigureRow;
use crate::domain::money::{BP, at_fraction};
use crate::store::figures::{self, Basis, Grouping, Question, Range};
use crate::store::{Session, StoreError, goods};
use rustc_hash::FxHashMap;

/// The headline's uplift in fen, by flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByVolume {
    pub moved_fen: i64,
    pub new_fen: i64,
}

impl ByVolume {
    /// Both parts together: the headline's uplift.
    pub const fn uplift_fen(self) -> i64 {
        self.moved_fen + self.new_fen
    }

    /// A part as a share of the whole; `None` where either is a loss or there is none to share.
    pub fn share_bp(self, part_fen: i64) -> Option<i64> {
        let told = self.moved_fen >= 0 && self.new_fen >= 0 && self.uplift_fen() > 0;
        told.then(|| at_fraction(BP, part_fen, self.uplift_fen()))
    }
}

/// The county's uplift in a range, by flag.
pub async fn of_uplift(session: &mut Session, from: Option<Day>, to: Option<Day>) -> Result<ByVolume, StoreError> {
    let question = Question {
        basis: Basis::Event,
        range: Range { from, to },
        region: session.scope().county(),
        grouping: Grouping::Listing,
        headline_only: true,
        by_month: false,
        only: None,
        households: false,
        counts: false,
    };
    let sums = figures::sums(session, &question).await?;
    let ids: Vec<i64> = sums.iter().filter_map(|s| s.key.parse().ok()).collect();
    let mut terms = goods::list_terms_of(session, &ids).await?;
    terms.retain(|t| to.is_none_or(|to| t.valid_from <= to));
    terms.sort_unstable_by_key(|t| (t.valid_from, t.version_id));
    let is_new: FxHashMap<String, bool> =
        terms.into_iter().map(|t| (t.listing_id.to_string(), t.volume == "new")).collect();
    let mut by = ByVolume::default();
    for of_listing in &sums {
        let uplift_fen = FigureRow::from_sums(&of_listing.amounts, of_listing.counts, 0).uplift_fen;
        match is_new.get(&of_listing.key) {
            Some(true) => by.new_fen += uplift_fen,
            _ => by.moved_fen += uplift_fen,
        }
    }
    Ok(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_the_whole_unless_one_is_a_loss() {
        let by = ByVolume { moved_fen: 7_501, new_fen: 2_500 };
        assert_eq!(
            (by.uplift_fen(), by.share_bp(by.moved_fen), by.share_bp(by.new_fen)),
            (10_001, Some(7_500), Some(2_500))
        );
        assert_eq!(ByVolume { moved_fen: -1, new_fen: 5 }.share_bp(5), None);
        assert_eq!(ByVolume::default().share_bp(0), None);
    }
}
