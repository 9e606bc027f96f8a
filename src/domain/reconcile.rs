//! 对账: our orders beside the other side's, order by order and day by day.
//!
//! Each side is a list of amounts: an order, a day, fen. What both have is set aside; what is left is a difference with
//! its reason: we lack it, only we have it, the amount differs, or it stands on another day (口径: the two sides date
//! it differently). Rules that must hold, and are tested with invented differences: every difference is found and
//! nothing else is; of each day, what the differences move is exactly what the two sums differ by.
//!
//! Not here: where the two sides come from (`services::reconcile`, `ingest::compare`).

use super::calendar::Day;
use super::statements::Waits;
use std::collections::BTreeMap;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Paid orders and their GMV, by pay day.
    Sales,
    /// Money given back, by the day it went.
    Refunds,
    /// What statements say was settled to the shop, by settlement day.
    Settled,
}

impl Measure {
    /// All measures, in the order people read them.
    pub const ALL: [Self; 3] = [Self::Sales, Self::Refunds, Self::Settled];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Refunds => "refunds",
            Self::Settled => "settled",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.key() == key)
    }
}

/// An amount of an order on a day. Several of the same order and day count as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount {
    pub order_no: String,
    pub on: Day,
    pub fen: i64,
}

/// Why the two sides differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The other side has it, we do not.
    Missing,
    /// We have it, the other side does not.
    Extra,
    /// The same day, another amount.
    Amount,
    /// 口径: the same amount on another day.
    Day,
    /// Another amount on another day.
    AmountAndDay,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 5] = [Self::Missing, Self::Extra, Self::Amount, Self::Day, Self::AmountAndDay];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Amount => "amount",
            Self::Day => "day",
            Self::AmountAndDay => "amount_and_day",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }
}

/// A day and the fen on it.
pub type Dated = (Day, i64);

/// One difference; a side that has nothing is `None`, not both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    pub order_no: String,
    pub reason: Reason,
    pub ours: Option<Dated>,
    pub theirs: Option<Dated>,
}

impl Difference {
    fn new(order_no: &str, ours: Option<Dated>, theirs: Option<Dated>) -> Self {
        let reason = match (ours, theirs) {
            (None, _) => Reason::Missing,
            (_, None) => Reason::Extra,
            (Some(ours), Some(theirs)) if ours.0 == theirs.0 => Reason::Amount,
            (Some(ours), Some(theirs)) if ours.1 == theirs.1 => Reason::Day,
            _ => Reason::AmountAndDay,
        };
        Self { order_no: order_no.to_owned(), reason, ours, theirs }
    }

    /// The days it moves: one, or two where it stands on another day for each side.
    pub fn days(&self) -> impl Iterator<Item = Day> {
        let ours = self.ours.map(|(on, _)| on);
        let theirs = self.theirs.map(|(on, _)| on).filter(|on| Some(*on) != ours);
        ours.into_iter().chain(theirs)
    }
}

/// A day's sums of one measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DaySums {
    pub our_orders: i64,
    pub our_fen: i64,
    pub their_orders: i64,
    pub their_fen: i64,
}

/// How two sides stand to one another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Days on which either side has something, within the days asked.
    pub days: BTreeMap<Day, DaySums>,
    /// By order; such as move a day that was asked.
    pub differences: Vec<Difference>,
    /// Days of which the other side has more than could have been read here, and why that is no difference.
    pub waits: BTreeMap<Day, Waits>,
}

impl Compared {
    /// Takes off what only days explain whose statements are waited for: the other side has it, and none of its days was
    /// read here. What only we have stays.
    pub fn hold_back(&mut self, waits: impl Fn(Day) -> Option<Waits>) {
        let Self { differences, waits: held, .. } = self;
        differences.retain(|difference| {
            let days: Vec<(Day, Option<Waits>)> = difference.days().map(|on| (on, waits(on))).collect();
            let waited_for = difference.theirs.is_some() && days.iter().all(|(_, waits)| waits.is_some());
            if waited_for {
                held.extend(days.into_iter().filter_map(|(on, waits)| Some((on, waits?))));
            }
            !waited_for
        });
    }
}

/// An order's days and amounts on either side.
type Sides<'a> = BTreeMap<&'a str, (BTreeMap<Day, i64>, BTreeMap<Day, i64>)>;

/// Compares two sides on the days `from`–`to`, inclusive. Both should reach some days further: an order that one side
/// has just outside is then told as dated otherwise and not as missing.
pub fn compare(ours: &[Amount], theirs: &[Amount], from: Day, to: Day) -> Compared {
    let mut sides: Sides<'_> = BTreeMap::new();
    for amount in ours {
        *sides.entry(&amount.order_no).or_default().0.entry(amount.on).or_default() += amount.fen;
    }
    for amount in theirs {
        *sides.entry(&amount.order_no).or_default().1.entry(amount.on).or_default() += amount.fen;
    }
    let asked = |day: &Day| (from..=to).contains(day);
    let mut compared = Compared::default();
    for (order_no, (ours, theirs)) in sides {
        // what cancelled out, or was for nothing, is no amount
        let (ours, theirs) = (amounts(ours), amounts(theirs));
        for &(on, fen) in ours.iter().filter(|(on, _)| asked(on)) {
            let day = compared.days.entry(on).or_default();
            day.our_orders += 1;
            day.our_fen += fen;
        }
        for &(on, fen) in theirs.iter().filter(|(on, _)| asked(on)) {
            let day = compared.days.entry(on).or_default();
            day.their_orders += 1;
            day.their_fen += fen;
        }
        let differences = differences_of(order_no, ours, theirs);
        compared.differences.extend(differences.into_iter().filter(|d| d.days().any(|day| asked(&day))));
    }
    compared
}

fn amounts(by_day: BTreeMap<Day, i64>) -> Vec<Dated> {
    by_day.into_iter().filter(|(_, fen)| *fen != 0).collect()
}

/// What is left of an order when everything both sides have has been set aside: first what stands on the same day, then
/// the same amounts on other days, then what remains in order of days.
fn differences_of(order_no: &str, mut ours: Vec<Dated>, mut theirs: Vec<Dated>) -> Vec<Difference> {
    take_pairs(&mut ours, &mut theirs, |a, b| a == b);
    let mut pairs = take_pairs(&mut ours, &mut theirs, |a, b| a.0 == b.0);
    pairs.extend(take_pairs(&mut ours, &mut theirs, |a, b| a.1 == b.1));
    pairs.extend(take_pairs(&mut ours, &mut theirs, |_, _| true));
    let paired = pairs.into_iter().map(|(a, b)| (Some(a), Some(b)));
    let alone = ours.into_iter().map(|a| (Some(a), None)).chain(theirs.into_iter().map(|b| (None, Some(b))));
    paired.chain(alone).map(|(ours, theirs)| Difference::new(order_no, ours, theirs)).collect()
}

/// Takes out what belongs together, each once.
fn take_pairs(
    ours: &mut Vec<Dated>,
    theirs: &mut Vec<Dated>,
    belong: fn(&Dated, &Dated) -> bool,
) -> Vec<(Dated, Dated)> {
    let mut pairs = Vec::new();
    ours.retain(|a| match theirs.iter().position(|b| belong(a, b)) {
        Some(place) => {
            pairs.push((*a, theirs.remove(place)));
            false
        }
        None => true,
    });
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn day(n: i64) -> Day {
        super::super::calendar::parse_day("2026-01-01").expect("a day") + TimeDelta::days(n)
    }

    fn amount(order: usize, on: i64, fen: i64) -> Amount {
        Amount { order_no: format!("order-{order}"), on: day(on), fen }
    }

    /// A change made to the other side's copy of an order.
    #[derive(Debug, Clone, Copy)]
    enum Planted {
        Nothing,
        TheyLackIt,
        WeLackIt,
        Dearer(i64),
        Later(i64),
        DearerAndLater(i64, i64),
    }

    fn planted() -> impl Strategy<Value = Planted> {
        prop_oneof![
            4 => Just(Planted::Nothing),
            1 => Just(Planted::TheyLackIt),
            1 => Just(Planted::WeLackIt),
            1 => (1..500_i64).prop_map(Planted::Dearer),
            1 => (1..5_i64).prop_map(Planted::Later),
            1 => ((1..500_i64), (1..5_i64)).prop_map(|(fen, days)| Planted::DearerAndLater(fen, days)),
        ]
    }

    proptest! {
        #[test]
        fn what_was_planted_is_found_and_nothing_else(
            orders in prop::collection::vec((0..20_i64, 1..10_000_i64, planted()), 0..40)
        ) {
            let (mut ours, mut theirs, mut expected) = (Vec::new(), Vec::new(), Vec::new());
            for (n, &(on, fen, change)) in orders.iter().enumerate() {
                let here = amount(n, on, fen);
                let (there, reason) = match change {
                    Planted::Nothing => (Some(here.clone()), None),
                    Planted::TheyLackIt => (None, Some(Reason::Extra)),
                    Planted::WeLackIt => (Some(here.clone()), Some(Reason::Missing)),
                    Planted::Dearer(by) => (Some(amount(n, on, fen + by)), Some(Reason::Amount)),
                    Planted::Later(by) => (Some(amount(n, on + by, fen)), Some(Reason::Day)),
                    Planted::DearerAndLater(by, days) => {
                        (Some(amount(n, on + days, fen + by)), Some(Reason::AmountAndDay))
                    }
                };
                if !matches!(change, Planted::WeLackIt) {
                    ours.push(here.clone());
                }
                theirs.extend(there);
                expected.extend(reason.map(|reason| (here.order_no, reason)));
            }
            // as they come: neither side is in any order
            theirs.reverse();
            let found = compare(&ours, &theirs, day(0), day(40));
            let mut named: Vec<_> = found.differences.iter().map(|d| (d.order_no.clone(), d.reason)).collect();
            named.sort();
            expected.sort();
            prop_assert_eq!(named, expected);
        }

        #[test]
        fn of_each_day_the_differences_say_exactly_what_the_sums_differ_by(
            ours in prop::collection::vec((0..6_usize, 0..6_i64, -50..50_i64), 0..30),
            theirs in prop::collection::vec((0..6_usize, 0..6_i64, -50..50_i64), 0..30),
        ) {
            let side = |rows: Vec<(usize, i64, i64)>| -> Vec<Amount> {
                rows.into_iter().map(|(order, on, fen)| amount(order, on, fen)).collect()
            };
            let found = compare(&side(ours), &side(theirs), day(1), day(4));
            for n in 1..=4 {
                let sums = found.days.get(&day(n)).copied().unwrap_or_default();
                let on_day = |side: Option<Dated>| side.filter(|(on, _)| *on == day(n)).map_or(0, |(_, fen)| fen);
                let moved: i64 = found.differences.iter().map(|d| on_day(d.ours) - on_day(d.theirs)).sum();
                prop_assert_eq!(sums.our_fen - sums.their_fen, moved, "day {}", n);
            }
            for difference in &found.differences {
                prop_assert!(difference.days().any(|on| on >= day(1) && on <= day(4)));
                prop_assert_ne!(difference.ours, difference.theirs);
            }
        }
    }

    #[test]
    fn an_order_just_outside_the_days_is_dated_otherwise_and_not_missing() {
        let found = compare(&[amount(1, 9, 500)], &[amount(1, 10, 500)], day(10), day(20));
        assert_eq!(found.differences.len(), 1);
        assert_eq!(found.differences[0].reason, Reason::Day);
        assert_eq!(found.differences[0].days().collect::<Vec<_>>(), [day(9), day(10)]);
        assert_eq!(found.days.len(), 1, "the day before was not asked: {:?}", found.days);
    }

    #[test]
    fn what_nobody_could_have_read_is_waited_for_and_what_was_read_is_missing() {
        let ours = [amount(1, 5, 100), amount(4, 9, 70)];
        let theirs = [amount(1, 5, 100), amount(2, 5, 30), amount(3, 9, 40)];
        let mut found = compare(&ours, &theirs, day(0), day(20));
        found.hold_back(|on| (on >= day(9)).then_some(Waits::NotAsked));
        let left: Vec<_> = found.differences.iter().map(|d| (d.order_no.as_str(), d.reason)).collect();
        assert_eq!(left, [("order-2", Reason::Missing), ("order-4", Reason::Extra)]);
        assert_eq!(found.waits, BTreeMap::from([(day(9), Waits::NotAsked)]));
    }

    #[test]
    fn two_refunds_of_an_order_on_different_days_are_told_apart() {
        let ours = [amount(1, 1, 100), amount(1, 5, 250)];
        let theirs = [amount(1, 1, 100), amount(1, 6, 250)];
        let found = compare(&ours, &theirs, day(0), day(9));
        assert_eq!(found.differences, [Difference::new("order-1", Some((day(5), 250)), Some((day(6), 250)))]);
    }

    #[test]
    fn every_key_is_read_as_it_is_written() {
        assert!(Measure::ALL.into_iter().all(|m| Measure::parse(m.key()) == Some(m)));
        assert!(Reason::ALL.into_iter().all(|r| Reason::parse(r.key()) == Some(r)));
    }
}
