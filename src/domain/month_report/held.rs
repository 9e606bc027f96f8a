//! What a report holds back: amounts of fewer than five households, and what would give them away by subtraction within
//! the document (`domain::disclosure`). Different households stand behind what was sold, what was settled, what has no
//! price and what is provisional; each kind is decided on by itself.
//!
//! The headline comes first: where what stands beside it is of a few households, the total is held back, not the headline.
//!
//! This looks at one grouping at a time; what two of them tell together is looked at after it ([`super::across`]).

use crate::domain::disclosure::{Behind, LEAST_HOUSEHOLDS, Withheld, is_small, withhold, withhold_shared};

/// Which amounts a figure is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All entries: what was sold and given back.
    Sold,
    /// All entries: who got it, and what is provisional. With what was sold and settled, each follows from the others.
    Parties,
    Settled,
    /// What has a price and what has none.
    Coverage,
}

impl Kind {
    /// As the document says it.
    pub const fn basis(self) -> &'static str {
        match self {
            Self::Sold | Self::Parties => "all entries booked in the month",
            Self::Settled | Self::Coverage => "the settled part of the entries booked in the month",
        }
    }
}

/// What of a group is held back, in the order of [`Behind::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held([bool; 5]);

impl Held {
    /// Of a group that no other is compared with.
    pub fn alone(behind: &Behind) -> Self {
        Self(Behind::ALL.map(|of| is_small(of(behind))))
    }

    /// True where the households behind one kind of amount, by its place in [`Behind::ALL`], hold it back.
    pub const fn is_held(self, kind: usize) -> bool {
        self.0[kind]
    }

    pub const fn hold(&mut self, kind: usize) {
        self.0[kind] = true;
    }

    /// True for figures of a kind that is held back.
    pub const fn holds(self, kind: Kind) -> bool {
        let [sold, settled, valued, unvalued, waiting] = self.0;
        match kind {
            Kind::Sold => sold,
            Kind::Settled => settled || valued,
            Kind::Coverage => settled || valued || unvalued,
            Kind::Parties => sold || settled || valued || waiting,
        }
    }
}

/// The total, the headline, and the classes beside it.
pub fn in_headline(headline: &Behind, beside: &[Behind], total: &Behind) -> (Held, Held, Vec<Held>) {
    let (mut of_total, mut of_headline) = (Held::default(), Held::default());
    let mut classes = vec![Held::default(); beside.len()];
    for (kind, of) in Behind::ALL.into_iter().enumerate() {
        let households: Vec<i64> = beside.iter().map(of).collect();
        of_headline.0[kind] = is_small(of(headline));
        for (class, &count) in classes.iter_mut().zip(&households) {
            class.0[kind] = is_small(count);
        }
        let any = of_headline.0[kind] || classes.iter().any(|class| class.0[kind]);
        // a class of enough households among those held back covers the others; without one the total goes
        let cover =
            (0..beside.len()).filter(|&i| households[i] >= LEAST_HOUSEHOLDS).min_by_key(|&i| (households[i], i));
        of_total.0[kind] = is_small(of(total)) || (any && cover.is_none());
        if let (true, Some(cover)) = (any, cover) {
            classes[cover].0[kind] = true;
        }
    }
    (of_total, of_headline, classes)
}

/// Towns: a household lives in one.
pub fn in_regions(groups: &[Behind], total: &Behind, of_total: Held) -> Vec<Held> {
    decided(groups, total, of_total, withhold)
}

/// Goods, rooms, anchors: a household may stand in several.
pub fn in_shared(groups: &[Behind], total: &Behind, of_total: Held) -> Vec<Held> {
    decided(groups, total, of_total, withhold_shared)
}

fn decided(groups: &[Behind], total: &Behind, of_total: Held, decide: fn(&[i64], i64) -> Withheld) -> Vec<Held> {
    let mut held = vec![Held::default(); groups.len()];
    for (kind, of) in Behind::ALL.into_iter().enumerate() {
        let households: Vec<i64> = groups.iter().map(of).collect();
        let mut withheld = decide(&households, of(total)).groups;
        // a total that is held back is not to be had by adding the groups up
        if of_total.0[kind] && !withheld.contains(&true) {
            let smallest = (0..groups.len()).filter(|&i| households[i] > 0).min_by_key(|&i| (households[i], i));
            if let Some(smallest) = smallest {
                withheld[smallest] = true;
            }
        }
        for (group, withheld) in held.iter_mut().zip(withheld) {
            group.0[kind] = withheld;
        }
    }
    held
}

/// Holds back a kind of figures in all groups where one group's are: for groups beside which a sum of all but the others
/// is shown.
pub fn hold_all_where_any(held: &mut [Held]) {
    for kind in 0..5 {
        if held.iter().any(|held| held.0[kind]) {
            for held in held.iter_mut() {
                held.0[kind] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sold(households: i64) -> Behind {
        Behind { sold: households, ..Behind::default() }
    }

    fn decide(headline: i64, beside: &[i64], total: i64) -> (bool, bool, Vec<bool>) {
        let beside: Vec<Behind> = beside.iter().map(|&n| sold(n)).collect();
        let (total, headline, classes) = in_headline(&sold(headline), &beside, &sold(total));
        (total.0[0], headline.0[0], classes.into_iter().map(|held| held.0[0]).collect())
    }

    #[test]
    fn a_few_households_beside_the_headline_take_the_total_with_them() {
        assert_eq!(decide(40, &[3, 0], 42), (true, false, vec![true, false]));
        assert_eq!(decide(40, &[3, 4], 44), (true, false, vec![true, true]));
    }

    #[test]
    fn a_large_class_beside_covers_a_small_one() {
        assert_eq!(decide(40, &[3, 12, 9], 60), (false, false, vec![true, false, true]));
        assert_eq!(decide(2, &[12], 13), (false, true, vec![true]));
    }

    #[test]
    fn all_large_or_nobodys_is_shown() {
        assert_eq!(decide(40, &[12, 0], 50), (false, false, vec![false, false]));
    }

    #[test]
    fn a_total_held_back_does_not_follow_from_its_groups() {
        let held = in_regions(&[sold(30), sold(7)], &sold(37), Held([true; 5]));
        assert_eq!(held.iter().map(|h| h.0[0]).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn kinds_that_follow_from_one_another_are_held_back_together() {
        let waiting = Held::alone(&Behind { waiting: 2, sold: 9, settled: 9, valued: 9, unvalued: 0 });
        assert!(waiting.holds(Kind::Parties) && !waiting.holds(Kind::Sold) && !waiting.holds(Kind::Settled));
        let unvalued = Held::alone(&Behind { unvalued: 2, sold: 9, settled: 9, valued: 9, waiting: 0 });
        assert!(unvalued.holds(Kind::Coverage) && !unvalued.holds(Kind::Settled));
    }
}
