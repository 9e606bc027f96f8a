//! Who supplies a listing when: two households at a time, by shares, three turns a week.
//!
//! The turn goes round: over a season every household of the trade has had its turn, and which two stand together
//! depends on the seed. The tasting pack comes from the same boxes as the first kumquat listing.

use super::farmers::{key, numbers};
use super::goods::{bare, mapped};
use crate::domain::calendar::Day;
use crate::domain::county::{ListingDoc, ShareDoc, SupplyDoc};
use crate::domain::money::BP;
use crate::sandbox::world::dice::mix;
use crate::sandbox::world::goods::Trade;
use crate::sandbox::world::week_index;
use chrono::TimeDelta;

/// Turns of a week: first and last day, from Monday.
const TURNS: [(i64, i64); 3] = [(0, 2), (3, 4), (5, 6)];

/// Every listing with the week's supply.
pub fn listings_of_week(seed: u64, monday: Day) -> Vec<ListingDoc> {
    let rounds = [Trade::Kumquat, Trade::Tea, Trade::Duck].map(|trade| (trade, round(seed, trade)));
    mapped()
        .map(|(listing, sku)| {
            let place = usize::from(matches!(listing, "kumquat-smooth" | "tea-bag" | "duck-cut"));
            let (_, round) = rounds.iter().find(|(t, _)| *t == sku.trade).expect("a round for each trade");
            let supply = (0..TURNS.len()).map(|turn| supply(seed, monday, turn, place, round)).collect();
            ListingDoc { supply, ..bare(listing, sku) }
        })
        .collect()
}

/// A trade's households in the order of their turns.
fn round(seed: u64, trade: Trade) -> Vec<usize> {
    let (first, count) = numbers(trade);
    let mut round: Vec<usize> = (first..first + count).collect();
    round.sort_by_key(|n| mix(seed ^ 0x70_0a_11, *n as u64));
    round
}

fn supply(seed: u64, monday: Day, turn: usize, place: usize, round: &[usize]) -> SupplyDoc {
    let week = usize::try_from(week_index(monday)).unwrap_or_default();
    let pair = (week * TURNS.len() + turn) * 2 + place;
    let farmer = |n: usize| key(round[(pair * 2 + n) % round.len()]);
    let first_bp = 5_000 + 500 * i64::try_from(mix(seed, pair as u64) % 5).expect("less than five");
    let share = |n, share_bp| ShareDoc { farmer: farmer(n), share_bp };
    let (from, to) = TURNS[turn];
    SupplyDoc {
        from: monday + TimeDelta::days(from),
        to: Some(monday + TimeDelta::days(to)),
        shares: vec![share(0, first_bp), share(1, BP - first_bp)],
        lots: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::world::first_day;
    use crate::sandbox::world::season::kumquat_is_in_season;
    use std::collections::BTreeSet;

    #[test]
    fn every_household_has_its_turn_while_its_goods_are_in_season_and_no_day_is_without_supply() {
        let mut seen = BTreeSet::new();
        let mut versions = 0;
        for week in 52..215 {
            let monday = first_day() + TimeDelta::weeks(week);
            for listing in listings_of_week(7, monday) {
                versions += listing.supply.len();
                let days: i64 = listing.supply.iter().map(|s| (s.to.unwrap_or(s.from) - s.from).num_days() + 1).sum();
                assert_eq!(days, 7);
                let sells = listing.product != "kumquat" || kumquat_is_in_season(monday);
                for share in listing.supply.into_iter().flat_map(|s| s.shares).filter(|_| sells) {
                    seen.insert(share.farmer);
                }
            }
        }
        assert_eq!(seen.len(), 900);
        assert!(versions < 12_000);
    }
}
