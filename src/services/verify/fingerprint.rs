//! Comparing two large tables without holding either: one number a period, added to by one side and taken off by the
//! other.
//!
//! A row's fingerprint is `hash(its name) × Σ weight(column) × value`, in arithmetic modulo 2⁶⁴, so fingerprints of
//! ledger rows add up to that of the rollup row they are summed in, whatever the order they come in. Hash and weights
//! are odd: one value changed, or one row with a value gone, always leaves a remainder; several changes cancel out once
//! in 2⁶⁴. Which rows differ is then looked up in the periods that have one ([`Exact`]).

use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// An odd number without a pattern: 2⁶⁴ ÷ the golden ratio.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The fingerprint of a row.
pub(super) fn of<const N: usize>(name: &str, values: &[i64; N]) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let mut weight: u64 = 1;
    let mut sum: u64 = 0;
    for value in values {
        weight = weight.wrapping_mul(ODD);
        sum = sum.wrapping_add(weight.wrapping_mul(value.cast_unsigned()));
    }
    sum.wrapping_mul(hasher.finish() | 1)
}

/// One number a period.
#[derive(Debug)]
pub(super) struct Fingerprints<P>(FxHashMap<P, u64>);

impl<P> Default for Fingerprints<P> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<P: Copy + Ord + Hash> Fingerprints<P> {
    /// What a row should add to its period.
    pub(super) fn add(&mut self, period: P, fingerprint: u64) {
        let sum = self.0.entry(period).or_default();
        *sum = sum.wrapping_add(fingerprint);
    }

    /// What the table has in the period.
    pub(super) fn take_off(&mut self, period: P, fingerprint: u64) {
        self.add(period, fingerprint.wrapping_neg());
    }

    /// The periods whose two sides differ, in order.
    pub(super) fn differing(&self) -> Vec<P> {
        let mut periods: Vec<P> = self.0.iter().filter(|(_, sum)| **sum != 0).map(|(period, _)| *period).collect();
        periods.sort_unstable();
        periods
    }
}

/// The two sides of a row: what it should be, and what the table has.
#[derive(Debug)]
struct Sides<const N: usize> {
    should: Option<[i64; N]>,
    is: Option<[i64; N]>,
}

/// Both sides of every row of a few periods.
#[derive(Debug)]
pub(super) struct Exact<P, const N: usize> {
    periods: Vec<P>,
    rows: BTreeMap<(P, String), Sides<N>>,
}

impl<P: Copy + Ord, const N: usize> Exact<P, N> {
    /// `periods` sorted.
    pub(super) fn new(periods: Vec<P>) -> Self {
        Self { periods, rows: BTreeMap::new() }
    }

    pub(super) fn wants(&self, period: P) -> bool {
        self.periods.binary_search(&period).is_ok()
    }

    /// Adds to what a row should be.
    pub(super) fn should(&mut self, period: P, name: &str, values: &[i64; N]) {
        let sum = self.sides(period, name).should.get_or_insert([0; N]);
        sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }

    /// Writes down what a row is.
    pub(super) fn is(&mut self, period: P, name: &str, values: &[i64; N]) {
        self.sides(period, name).is = Some(*values);
    }

    fn sides(&mut self, period: P, name: &str) -> &mut Sides<N> {
        self.rows.entry((period, name.to_owned())).or_insert(Sides { should: None, is: None })
    }

    /// Every row that differs and how, in order; a row that should hold nothing may be missing.
    pub(super) fn differences<'a>(&'a self, columns: &'a [&str; N]) -> impl Iterator<Item = (P, &'a str, String)> {
        self.rows.iter().filter_map(|((period, name), sides)| {
            let wrong = match (sides.should, sides.is) {
                (Some(should), Some(is)) if should == is => return None,
                (Some(should), None) if should == [0; N] => return None,
                (Some(_), None) => "is missing".to_owned(),
                (None, _) => "sums nothing that exists".to_owned(),
                (Some(should), Some(is)) => columns
                    .iter()
                    .zip(is.iter().zip(&should))
                    .filter(|(_, (is, should))| is != should)
                    .map(|(column, (is, should))| format!("{column} is {is}, should be {should}"))
                    .collect::<Vec<_>>()
                    .join("; "),
            };
            Some((*period, name.as_str(), wrong))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_any_order_leave_nothing_against_their_sum() {
        let mut prints = Fingerprints::default();
        prints.add(1, of("a", &[3, -4]));
        prints.add(1, of("b", &[1, 1]));
        prints.add(1, of("a", &[10, 4]));
        prints.take_off(1, of("b", &[1, 1]));
        prints.take_off(1, of("a", &[13, 0]));
        assert!(prints.differing().is_empty());
    }

    #[test]
    fn a_fen_more_a_row_less_and_a_fen_moved_between_rows_or_columns_are_seen() {
        let seen = |should: &[(&str, [i64; 2])], is: &[(&str, [i64; 2])]| {
            let mut prints = Fingerprints::default();
            for (name, values) in should {
                prints.add(1, of(name, values));
            }
            for (name, values) in is {
                prints.take_off(1, of(name, values));
            }
            prints.differing() == [1]
        };
        assert!(seen(&[("a", [1, 0])], &[("a", [2, 0])]));
        assert!(seen(&[("a", [1, 0]), ("b", [0, 1])], &[("a", [1, 0])]));
        assert!(seen(&[("a", [5, 0]), ("b", [5, 0])], &[("a", [4, 0]), ("b", [6, 0])]));
        assert!(seen(&[("a", [5, 5])], &[("a", [4, 6])]));
    }

    #[test]
    fn differences_say_what_a_row_should_be() {
        let mut exact = Exact::new(vec![1]);
        exact.should(1, "a", &[2, 2]);
        exact.should(1, "a", &[1, 0]);
        exact.is(1, "a", &[3, 1]);
        exact.should(1, "b", &[1, 0]);
        exact.is(1, "c", &[0, 1]);
        let found: Vec<String> =
            exact.differences(&["x", "y"]).map(|(_, name, wrong)| format!("{name} {wrong}")).collect();
        assert_eq!(found, ["a y is 1, should be 2", "b is missing", "c sums nothing that exists"]);
    }
}
