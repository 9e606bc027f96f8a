//! What may leave a page: no amount for a group of fewer than five households, nor one that follows by subtraction.
//!
//! Groups are disjoint and together are a total that is shown as well. A group of one to four households is held back
//! (primary). If a reader who knows the total and the groups shown could then work out the amount of fewer than five
//! households, the smallest groups still shown are held back too (complementary), until those held back together are
//! at least five households and at least two groups with households; where that cannot be, the total goes as well.
//! Groups without households (goods of nobody) have no household to protect and are shown.
//!
//! Where one household may stand in several groups (goods, rooms, anchors, streams, months), those held back together may
//! be the same few households over again: there a group of at least five must be among them.
//!
//! Not here: the signed-in official's own page, which goes down to the order line and logs each look.

use super::amounts::{Amounts, Col};

/// Households a shown amount stands for at least.
pub const LEAST_HOUSEHOLDS: i64 = 5;

/// How many households stand behind a group's amounts, kind by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Behind {
    /// Behind what was sold.
    pub sold: i64,
    /// Behind what was settled of it.
    pub settled: i64,
    /// Behind the part of the settled income that has a baseline: uplift and range.
    pub valued: i64,
    /// Behind the part that has none: coverage.
    pub unvalued: i64,
    /// Behind what is provisional.
    pub waiting: i64,
}

impl Behind {
    pub const ALL: [fn(&Self) -> i64; 5] = [|b| b.sold, |b| b.settled, |b| b.valued, |b| b.unvalued, |b| b.waiting];

    /// Counts a household by the sums of its amounts; one whose sales cancelled out stands behind none.
    pub fn count(&mut self, a: &Amounts) {
        let any = |columns: &[Col]| i64::from(columns.iter().any(|&column| a[column] != 0));
        let differ = |one: Col, other: Col| i64::from(a[one] != a[other]);
        self.sold += any(&[Col::Gmv, Col::Refund, Col::Farmer]);
        self.settled += any(&[Col::SettledNet, Col::SettledFarmer]);
        self.valued += differ(Col::SettledFarmer, Col::SettledWithoutBaseline).max(any(&[Col::SettledBaselineMid]));
        self.unvalued += any(&[Col::SettledWithoutBaseline]);
        self.waiting += differ(Col::Farmer, Col::SettledFarmer);
    }
}

/// Which groups are held back, and whether the total is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// In the groups' order.
    pub groups: Vec<bool>,
    pub total: bool,
}

/// True if an amount of so many households may not stand alone; one of nobody's may.
pub const fn is_small(households: i64) -> bool {
    households > 0 && households < LEAST_HOUSEHOLDS
}

/// Decides over the households of each group and of their total, which counts a household once.
pub fn withhold(groups: &[i64], total: i64) -> Withheld {
    if is_small(total) {
        return Withheld { groups: groups.iter().map(|&n| n > 0).collect(), total: true };
    }
    let mut held: Vec<bool> = groups.iter().map(|&n| is_small(n)).collect();
    if !held.contains(&true) {
        return Withheld { groups: held, total: false };
    }
    // smallest first, so that as little as possible is lost; equal ones in their order
    let mut shown: Vec<usize> = (0..groups.len()).filter(|&i| groups[i] > 0 && !held[i]).collect();
    shown.sort_by_key(|&i| (groups[i], i));
    for place in shown {
        if is_safe(groups, &held) {
            break;
        }
        held[place] = true;
    }
    let total = !is_safe(groups, &held);
    Withheld { groups: held, total }
}

/// The same of groups that may share households: what is held back must hold a group that is large by itself. Where all
/// are held back, what follows by subtraction is the total, which says itself whether it is large enough.
pub fn withhold_shared(groups: &[i64], total: i64) -> Withheld {
    if is_small(total) {
        return Withheld { groups: groups.iter().map(|&n| n > 0).collect(), total: true };
    }
    let mut held: Vec<bool> = groups.iter().map(|&n| is_small(n)).collect();
    if held.contains(&true) {
        let large = (0..groups.len()).filter(|&i| groups[i] >= LEAST_HOUSEHOLDS).min_by_key(|&i| (groups[i], i));
        if let Some(large) = large {
            held[large] = true;
        }
    }
    Withheld { groups: held, total: false }
}

/// The same of groups in an order in time, whose running sums are shown too: a small one is held back together with all
/// up to the next large one (or back to the last), so that the sum over each stretch held back stands for enough.
pub fn withhold_in_order(groups: &[i64], total: i64) -> Withheld {
    let small = |i: &usize| is_small(groups[*i]);
    let large = |i: &usize| groups[*i] >= LEAST_HOUSEHOLDS;
    let count = groups.len();
    let any_small = (0..count).any(|i| small(&i));
    if is_small(total) || (any_small && !(0..count).any(|i| large(&i))) {
        return Withheld { groups: vec![true; count], total: is_small(total) };
    }
    let mut held = vec![false; count];
    for i in (0..count).filter(small) {
        let stretch = match (i..count).find(large) {
            Some(next) => i..=next,
            None => (0..i).rev().find(large).unwrap_or(i)..=i,
        };
        held[stretch].fill(true);
    }
    Withheld { groups: held, total: false }
}

impl Withheld {
    /// Holds back what either does.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let groups = self.groups.iter().zip(&other.groups).map(|(a, b)| *a || *b).collect();
        Self { groups, total: self.total || other.total }
    }
}

/// What is held back, taken together, stands for enough households and for more than one group.
fn is_safe(groups: &[i64], held: &[bool]) -> bool {
    let together: i64 = groups.iter().zip(held).filter(|(_, held)| **held).map(|(n, _)| n).sum();
    let several = groups.iter().zip(held).filter(|(n, held)| **held && **n > 0).count() >= 2;
    together == 0 || (together >= LEAST_HOUSEHOLDS && several)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_group_takes_the_next_smallest_with_it() {
        assert_eq!(withhold(&[20, 3, 9, 7], 39), Withheld { groups: vec![false, true, false, true], total: false });
        assert_eq!(withhold(&[20, 2, 1, 7], 30), Withheld { groups: vec![false, true, true, true], total: false });
    }

    #[test]
    fn small_groups_that_are_enough_together_take_nobody_with_them() {
        assert_eq!(withhold(&[20, 3, 4], 27), Withheld { groups: vec![false, true, true], total: false });
    }

    #[test]
    fn a_group_that_stands_alone_takes_the_total_with_it() {
        assert_eq!(withhold(&[3, 0], 3), Withheld { groups: vec![true, false], total: true });
        assert_eq!(withhold(&[4], 6), Withheld { groups: vec![true], total: true });
    }

    #[test]
    fn where_all_are_large_or_nobodys_all_are_shown() {
        assert_eq!(withhold(&[5, 0, 12], 17), Withheld { groups: vec![false; 3], total: false });
        assert_eq!(withhold(&[], 0), Withheld { groups: Vec::new(), total: false });
    }

    #[test]
    fn small_groups_that_share_households_take_a_large_one_with_them() {
        let held = |groups: &[i64], total| withhold_shared(groups, total);
        // 3 and 4 may be the same households
        assert_eq!(held(&[20, 3, 4, 7], 20), Withheld { groups: vec![false, true, true, true], total: false });
        assert_eq!(held(&[3, 4], 6), Withheld { groups: vec![true, true], total: false });
        assert_eq!(held(&[3, 0], 3), Withheld { groups: vec![true, false], total: true });
        assert_eq!(held(&[5, 0, 12], 14), Withheld { groups: vec![false; 3], total: false });
    }

    #[test]
    fn a_small_month_is_one_with_the_next_large_one() {
        let held = |groups: &[i64], total| withhold_in_order(groups, total);
        assert_eq!(held(&[9, 3, 0, 7, 8], 12).groups, [false, true, true, true, false]);
        assert_eq!(held(&[9, 7, 3], 12).groups, [false, true, true], "nothing comes after it");
        assert_eq!(held(&[3, 0, 4], 7), Withheld { groups: vec![true; 3], total: false });
        assert_eq!(held(&[3, 0], 3), Withheld { groups: vec![true; 2], total: true });
        assert_eq!(held(&[0, 5], 5).groups, [false, false]);
    }

    proptest! {
        /// Every stretch held back between two running sums has a month of at least five households in it.
        #[test]
        fn no_running_sum_gives_a_small_month_away(
            groups in proptest::collection::vec(0_i64..12, 1..15),
        ) {
            let most = groups.iter().copied().max().unwrap_or(0);
            let withheld = withhold_in_order(&groups, groups.iter().sum());
            for stretch in groups.iter().zip(&withheld.groups).collect::<Vec<_>>().chunk_by(|a, b| a.1 == b.1) {
                let largest = stretch.iter().map(|(n, _)| **n).max().unwrap_or(0);
                if *stretch[0].1 {
                    prop_assert!(largest >= LEAST_HOUSEHOLDS || (most < LEAST_HOUSEHOLDS && stretch.len() == groups.len()));
                } else {
                    prop_assert!(stretch.iter().all(|(n, _)| !is_small(**n)));
                }
            }
        }

        /// Whoever has the total and the groups shown learns the sum of those held back, and no more.
        #[test]
        fn nothing_shown_or_subtracted_stands_for_fewer_than_five_households(
            groups in proptest::collection::vec(0_i64..12, 0..9),
        ) {
            let total: i64 = groups.iter().sum();
            let withheld = withhold(&groups, total);
            for (n, held) in groups.iter().zip(&withheld.groups) {
                prop_assert!(*held || !is_small(*n), "a small group is shown");
                prop_assert!(!*held || *n > 0, "nobody's group needs no cover");
            }
            prop_assert!(withheld.total || !is_small(total));
            let together: i64 =
                groups.iter().zip(&withheld.groups).filter(|(_, held)| **held).map(|(n, _)| n).sum();
            prop_assert!(withheld.total || !is_small(together), "the rest follows by subtraction");
        }
    }
}
