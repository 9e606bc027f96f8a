//! What a reader can work out who adds and subtracts the sums that are shown, across groupings too: never an amount of
//! fewer than five households.
//!
//! Sums of towns and sums of goods are about the same sales. Goods that one town sells and one household elsewhere give
//! that household away, though neither sum is small. So the sums are looked at together, over the parts they are made of.
//!
//! What a reader works out is a combination of shown sums: each part of the sales is in it so many times. A combination of
//! four households at most has every part of everybody else zero times. That is followed through:
//! - parts that lie in the same sums are in a combination equally often, so where five households have such parts they are
//!   in it zero times: these parts are *ruled out*;
//! - parts that differ only by what is ruled out are in it equally often up to a factor, so five households of such parts
//!   are ruled out with them, and so on until nothing more is.
//!
//! Where all parts are ruled out, there is no such combination. Where some are left there may be one, and the sum of the
//! fewest households among those it would need is held back; then everything is looked at anew. What is shown in the end
//! is safe by that argument and needs no list of attacks; what is held back may at times be more than had to be.
//!
//! Sums that were said before cannot be taken back ([`Standing::Said`]). Of a few households nothing can be worked out then
//! but what those that were said give by themselves.
//!
//! Counted is modulo a prime of 61 bits: that covers every combination in which a reader takes fewer than 2^61 sums.

use super::disclosure::LEAST_HOUSEHOLDS;
use std::collections::{BTreeMap, BTreeSet};

/// 2^61 - 1.
const PRIME: u64 = (1 << 61) - 1;

/// How a sum stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Known to readers whatever is decided.
    Said,
    /// To be shown, if nothing speaks against it.
    Offered,
    Held,
}

/// What one household has in one set of sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<A> {
    pub household: i64,
    /// The sums it is in, ascending.
    pub sums: Vec<usize>,
    pub amounts: A,
}

/// Holds back of the sums offered what would tell an amount of fewer than five households. `households`: of each sum, by
/// which the smaller one is held back; `any`: whether amounts are anything at all, as they may cancel out.
pub fn hold_back<A>(standing: &mut [Standing], households: &[i64], parts: &[Part<A>], any: impl Fn(&A) -> bool)
where
    A: Copy + std::ops::AddAssign,
{
    while let Some(sum) = telling(standing, households, &Shape::of(standing, households, parts, &any)) {
        standing[sum] = Standing::Held;
    }
}

/// Which sums are shown, and who has parts in which of them.
struct Shape {
    /// The sums, those said first, then by households, most first: what is ruled out is put in terms of the small ones.
    columns: Vec<usize>,
    said: usize,
    /// Households by the columns their parts are in.
    behind: BTreeMap<Vec<usize>, BTreeSet<i64>>,
}

impl Shape {
    fn of<A>(standing: &[Standing], households: &[i64], parts: &[Part<A>], any: impl Fn(&A) -> bool) -> Self
    where
        A: Copy + std::ops::AddAssign,
    {
        let mut columns: Vec<usize> = (0..standing.len()).filter(|&sum| standing[sum] != Standing::Held).collect();
        columns.sort_by_key(|&sum| (standing[sum] != Standing::Said, std::cmp::Reverse(households[sum]), sum));
        let said = columns.iter().filter(|&&sum| standing[sum] == Standing::Said).count();
        let mut place = vec![None; standing.len()];
        for (column, &sum) in columns.iter().enumerate() {
            place[sum] = Some(column);
        }
        let mut amounts: BTreeMap<(Vec<usize>, i64), A> = BTreeMap::new();
        for part in parts {
            let mut in_columns: Vec<usize> = part.sums.iter().filter_map(|&sum| place[sum]).collect();
            in_columns.sort_unstable();
            let key = (in_columns, part.household);
            amounts.entry(key).and_modify(|sum| *sum += part.amounts).or_insert(part.amounts);
        }
        let mut behind: BTreeMap<Vec<usize>, BTreeSet<i64>> = BTreeMap::new();
        for ((in_columns, household), _) in amounts.into_iter().filter(|(_, amounts)| any(amounts)) {
            behind.entry(in_columns).or_default().insert(household);
        }
        Self { columns, said, behind }
    }

    /// How often a part is in a combination, by what each column is taken.
    fn vector(&self, in_columns: &[usize]) -> Vec<u64> {
        let mut vector = vec![0; self.columns.len()];
        for &column in in_columns {
            vector[column] = 1;
        }
        vector
    }
}

/// A sum to be held back; `None` where what is shown tells of no fewer than five households.
fn telling(standing: &[Standing], households: &[i64], shape: &Shape) -> Option<usize> {
    let ruled_out = ruled_out(shape);
    let mut all = Span::default();
    for in_columns in shape.behind.keys() {
        all.add(shape.vector(in_columns));
    }
    // what those said give by themselves is nothing new
    for vector in all.rows.iter().filter(|row| row.first >= shape.said) {
        let left = ruled_out.remainder(vector.values.clone());
        if left.iter().all(|&times| times == 0) {
            continue;
        }
        let offered = |values: &[u64]| {
            let of = |(column, &times): (usize, &u64)| (times != 0).then_some(shape.columns[column]);
            let sums = values.iter().enumerate().filter_map(of).filter(|&sum| standing[sum] == Standing::Offered);
            sums.min_by_key(|&sum| (households[sum], std::cmp::Reverse(sum)))
        };
        return offered(&left).or_else(|| offered(&vector.values));
    }
    None
}

/// What no combination of fewer than five households has in it.
fn ruled_out(shape: &Shape) -> Span {
    let mut ruled_out = Span::default();
    loop {
        let mut alike: BTreeMap<Vec<u64>, BTreeSet<i64>> = BTreeMap::new();
        for (in_columns, households) in &shape.behind {
            let left = ruled_out.remainder(shape.vector(in_columns));
            if let Some(direction) = scaled(left) {
                alike.entry(direction).or_default().extend(households);
            }
        }
        let before = ruled_out.rows.len();
        for (direction, households) in alike {
            if i64::try_from(households.len()).is_ok_and(|count| count >= LEAST_HOUSEHOLDS) {
                ruled_out.add(direction);
            }
        }
        if ruled_out.rows.len() == before {
            return ruled_out;
        }
    }
}

/// Everything that combinations of some vectors come to.
#[derive(Debug, Default)]
struct Span {
    /// By the first column that is not zero, which is 1.
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    first: usize,
    values: Vec<u64>,
}

impl Span {
    fn add(&mut self, vector: Vec<u64>) {
        let Some(values) = scaled(self.remainder(vector)) else { return };
        let Some(first) = values.iter().position(|&value| value != 0) else { return };
        let place = self.rows.partition_point(|row| row.first < first);
        self.rows.insert(place, Row { first, values });
    }

    /// What is left of a vector without these; the same for vectors that differ only by them.
    fn remainder(&self, mut vector: Vec<u64>) -> Vec<u64> {
        for row in &self.rows {
            let times = vector[row.first];
            if times != 0 {
                for (value, of_row) in vector.iter_mut().zip(&row.values).skip(row.first) {
                    *value = (*value + PRIME - product(times, *of_row)) % PRIME;
                }
            }
        }
        vector
    }
}

/// The vector with a 1 first; `None` for one of zeros.
fn scaled(mut vector: Vec<u64>) -> Option<Vec<u64>> {
    let first = *vector.iter().find(|&&value| value != 0)?;
    let factor = power(first, PRIME - 2);
    for value in &mut vector {
        *value = product(*value, factor);
    }
    Some(vector)
}

fn product(a: u64, b: u64) -> u64 {
    u64::try_from(u128::from(a) * u128::from(b) % u128::from(PRIME)).expect("below the prime")
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut square, mut result) = (base, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = product(result, square);
        }
        square = product(square, square);
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(household: i64, sums: &[usize]) -> Part<i64> {
        Part { household, sums: sums.to_vec(), amounts: 100 }
    }

    /// Decides over sums all offered; households are counted from the parts.
    fn decide(count: usize, parts: &[Part<i64>]) -> Vec<Standing> {
        let mut standing = vec![Standing::Offered; count];
        hold_back(&mut standing, &counted(count, parts), parts, |fen| *fen != 0);
        standing
    }

    fn counted(count: usize, parts: &[Part<i64>]) -> Vec<i64> {
        let of = |sum| parts.iter().filter(|p| p.sums.contains(&sum)).map(|p| p.household).collect::<BTreeSet<_>>();
        (0..count).map(|sum| i64::try_from(of(sum).len()).expect("few")).collect()
    }

    #[test]
    fn goods_of_one_town_and_one_household_elsewhere_are_not_shown_beside_the_town() {
        // sums: town 0, goods 1; the town's ten and one household of another town sell the goods
        let mut parts: Vec<Part<i64>> = (1..=10).map(|n| part(n, &[0, 1])).collect();
        parts.push(part(11, &[1]));
        assert_eq!(decide(2, &parts), [Standing::Held, Standing::Offered]);
        // five households elsewhere are enough
        parts.extend((12..=15).map(|n| part(n, &[1])));
        assert_eq!(decide(2, &parts), [Standing::Offered; 2]);
    }

    #[test]
    fn what_is_left_of_two_towns_and_two_goods_together_is_seen() {
        // towns 0 and 1, goods 2 and 3: each pair differs by many, both pairs together by two households
        let mut parts: Vec<Part<i64>> = Vec::new();
        parts.extend((1..=8).map(|n| part(n, &[0, 2])));
        parts.extend((11..=18).map(|n| part(n, &[0, 3])));
        parts.extend((21..=28).map(|n| part(n, &[1, 2])));
        parts.extend((31..=38).map(|n| part(n, &[1, 3])));
        assert_eq!(decide(4, &parts), [Standing::Offered; 4]);
        parts.extend([part(41, &[2]), part(42, &[2])]);
        assert_eq!(decide(4, &parts).iter().filter(|s| **s == Standing::Held).count(), 1);
    }

    #[test]
    fn amounts_that_cancel_out_hide_nobody() {
        let mut parts: Vec<Part<i64>> = (1..=9).map(|n| part(n, &[0, 1])).collect();
        parts.extend((10..=14).map(|n| part(n, &[1])));
        assert_eq!(decide(2, &parts), [Standing::Offered; 2]);
        parts.push(Part { amounts: -100, ..part(14, &[1]) });
        assert_eq!(decide(2, &parts).iter().filter(|s| **s == Standing::Held).count(), 1);
    }

    #[test]
    fn what_was_said_stays_and_what_would_add_to_it_does_not_come() {
        // sum 0 was said; sums 1 and 2 are the month made again: 1 with two households more, 2 with nothing new in it
        let mut parts: Vec<Part<i64>> = (1..=9).map(|n| part(n, &[0, 1])).collect();
        parts.extend((11..=16).map(|n| part(n, &[2])));
        parts.extend([part(17, &[1]), part(18, &[1])]);
        let mut standing = [Standing::Said, Standing::Offered, Standing::Offered];
        hold_back(&mut standing, &counted(3, &parts), &parts, |fen| *fen != 0);
        assert_eq!(standing, [Standing::Said, Standing::Held, Standing::Offered]);
    }

    /// Every combination of the sums, each taken from `-most` to `most` times.
    fn combinations(sums: &[usize], most: i64) -> Vec<BTreeMap<usize, i64>> {
        sums.iter().fold(vec![BTreeMap::new()], |known, &sum| {
            let with = |times: i64| {
                let extend = move |mut of: BTreeMap<usize, i64>| {
                    of.insert(sum, times);
                    of
                };
                known.iter().cloned().map(extend).collect::<Vec<_>>()
            };
            (-most..=most).flat_map(with).collect()
        })
    }

    /// What a combination holds, by part; those it does not hold are left out.
    fn held_by(times: &BTreeMap<usize, i64>, parts: &[Part<i64>]) -> BTreeMap<usize, i64> {
        let of = |part: &Part<i64>| part.sums.iter().map(|sum| times.get(sum).copied().unwrap_or(0)).sum::<i64>();
        parts.iter().enumerate().map(|(place, part)| (place, of(part))).filter(|(_, times)| *times != 0).collect()
    }

    fn households_in(holds: &BTreeMap<usize, i64>, parts: &[Part<i64>]) -> usize {
        holds.keys().map(|&place| parts[place].household).collect::<BTreeSet<_>>().len()
    }

    /// A town, goods, a room each, of nine, three and two: what a household sells of which goods in which room.
    fn sales() -> impl Strategy<Value = Vec<Part<i64>>> {
        let sale = (1_i64..30, 0_usize..3, 0_usize..2).prop_map(|(household, goods, room)| {
            let town = usize::try_from(household % 3).expect("small");
            part(household, &[town, 3 + goods, 6 + room, 8])
        });
        proptest::collection::vec(sale, 5..90)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        /// Whoever takes each sum shown up to once, with either sign, never holds the amounts of one to four households.
        #[test]
        fn no_combination_of_what_is_shown_is_of_fewer_than_five(parts in sales()) {
            let standing = decide(9, &parts);
            let shown: Vec<usize> = (0..9).filter(|&sum| standing[sum] == Standing::Offered).collect();
            for times in combinations(&shown, 1) {
                let households = households_in(&held_by(&times, &parts), &parts);
                prop_assert!(households == 0 || households >= 5, "{times:?} is of {households}");
            }
        }

        /// The same with each taken up to three times, of fewer sums: two goods and two rooms.
        #[test]
        fn nor_one_that_takes_sums_several_times(parts in sales()) {
            let parts: Vec<Part<i64>> =
                parts.into_iter().map(|p| Part { sums: p.sums.into_iter().filter(|s| (3..8).contains(s)).collect(), ..p }).collect();
            let standing = decide(9, &parts);
            let shown: Vec<usize> = (3..8).filter(|&sum| standing[sum] == Standing::Offered).collect();
            for times in combinations(&shown, 3) {
                let households = households_in(&held_by(&times, &parts), &parts);
                prop_assert!(households == 0 || households >= 5, "{times:?} is of {households}");
            }
        }

        /// After sums were said, those that come later add nothing of few households to what the former give.
        #[test]
        fn what_comes_later_adds_nothing_of_few_to_what_was_said(
            parts in sales(),
            late in proptest::collection::vec((1_i64..30, 0_usize..3), 0..4),
        ) {
            // goods 3..6 said, and again as 0..3 with what came later; the total 6 said whatever it tells
            let mut all: Vec<Part<i64>> = parts.iter().map(|p| part(p.household, &[p.sums[1] - 3, p.sums[1], 6])).collect();
            let mut standing = vec![Standing::Offered; 7];
            standing[..3].fill(Standing::Held);
            standing[6] = Standing::Held;
            hold_back(&mut standing, &counted(7, &all), &all, |fen| *fen != 0);
            for sum in 3..6 {
                if standing[sum] == Standing::Offered { standing[sum] = Standing::Said; }
                standing[sum - 3] = Standing::Offered;
            }
            standing[6] = Standing::Said;
            all.extend(late.iter().map(|(household, goods)| part(*household, &[*goods, 6])));
            hold_back(&mut standing, &counted(7, &all), &all, |fen| *fen != 0);
            let of = |wanted: Standing| (0..7).filter(|&sum| standing[sum] == wanted).collect::<Vec<_>>();
            let said: BTreeSet<BTreeMap<usize, i64>> =
                combinations(&of(Standing::Said), 3).iter().map(|times| held_by(times, &all)).collect();
            let shown = [of(Standing::Said), of(Standing::Offered)].concat();
            for times in combinations(&shown, 1) {
                let holds = held_by(&times, &all);
                let households = households_in(&holds, &all);
                prop_assert!(households == 0 || households >= 5 || said.contains(&holds), "{times:?} is of {households}");
            }
        }
    }
}
