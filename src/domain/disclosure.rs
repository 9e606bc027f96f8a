//! What may leave a page: no amount for a group of fewer than five households, nor one that follows by subtraction.
//!
//! Groups are disjoint and together are a total that is shown as well. A group of one to four households is held back
//! (primary). If a reader who knows the total and the groups shown could then work out the amount of fewer than five
//! households, the smallest groups still shown are held back too (complementary), until those held back together are
//! at least five households and at least two groups with households; where that cannot be, the total goes as well.
//! Groups without households (goods of nobody) have no household to protect and are shown.
//!
//! Not here: the signed-in official's own page, which goes down to the order line and logs each look.

/// Households a shown amount stands for at least.
pub const LEAST_HOUSEHOLDS: i64 = 5;

/// Which groups are held back, and whether the total is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// In the groups' order.
    pub groups: Vec<bool>,
    pub total: bool,
}

/// True if an amount of so many households may stand alone.
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

    proptest! {
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
