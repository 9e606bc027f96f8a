//! How amounts are printed in pictures: one unit a picture, made from integers, rounded half up once, here.
//!
//! Officials read 万元 with one decimal. Below ten thousand yuan a picture speaks yuan, and only from ten billion
//! yuan on 亿元: a picture has a single unit, and its smallest bar must still have digits in it.
//! Negative amounts carry a true minus sign, as wide as a digit, so that columns line up.

use crate::charts::wording::Words;

const FEN_PER_YUAN: i128 = 100;
const FEN_PER_WAN: i128 = 10_000 * FEN_PER_YUAN;
const FEN_PER_YI: i128 = 100_000_000 * FEN_PER_YUAN;

/// The unit of all amounts in one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 元, whole.
    Yuan,
    /// 万元, one decimal.
    Wan,
    /// 亿元, one decimal.
    Yi,
}

impl Unit {
    /// The unit that suits the largest of some amounts in fen.
    pub fn of(amounts_fen: impl IntoIterator<Item = i128>) -> Self {
        match amounts_fen.into_iter().map(i128::abs).max().unwrap_or(0) {
            largest if largest >= 100 * FEN_PER_YI => Self::Yi,
            largest if largest >= FEN_PER_WAN => Self::Wan,
            _ => Self::Yuan,
        }
    }

    /// Its name, said once in a picture.
    pub fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Yuan => words.yuan,
            Self::Wan => words.wan_yuan,
            Self::Yi => words.yi_yuan,
        }
    }

    /// Fen in one of it: marks of an axis are never closer.
    pub fn fen(self) -> i128 {
        match self {
            Self::Yuan => FEN_PER_YUAN,
            Self::Wan => FEN_PER_WAN,
            Self::Yi => FEN_PER_YI,
        }
    }

    /// An amount as a value: `1,123.4`, `−0.5`.
    pub fn value(self, fen: i128) -> String {
        match self {
            Self::Yuan => decimals(fen, FEN_PER_YUAN, 0),
            Self::Wan => decimals(fen, FEN_PER_WAN / 10, 1),
            Self::Yi => decimals(fen, FEN_PER_YI / 10, 1),
        }
    }

    /// A mark of an axis that is a whole multiple of the unit: `1,500`.
    pub fn mark(self, fen: i128) -> String {
        decimals(fen, self.fen(), 0)
    }
}

/// An amount in yuan to the fen: `39.90`.
pub fn exact(fen: i128) -> String {
    decimals(fen, 1, 2)
}

/// A count: `1,204`.
pub fn count(n: i128) -> String {
    decimals(n, 1, 0)
}

/// `fen / per` rounded half up of the absolute value, printed with the last `places` digits behind the point.
fn decimals(fen: i128, per: i128, places: usize) -> String {
    let units = (2 * fen.abs() + per) / (2 * per);
    let digits = format!("{units:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let mut text = String::with_capacity(digits.len() + 8);
    if fen < 0 && units != 0 {
        text.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if places > 0 {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousands_are_rounded_half_up_to_one_decimal() {
        assert_eq!(Unit::Wan.value(1_123_406_752), "1,123.4");
        assert_eq!(Unit::Wan.value(50_000), "0.1");
        assert_eq!(Unit::Wan.value(-149_999), "−0.1");
        assert_eq!(Unit::Wan.value(-49_999), "0.0");
        assert_eq!(Unit::Wan.mark(15_000_000 * 100), "1,500");
    }

    #[test]
    fn the_unit_follows_the_largest_amount() {
        assert_eq!(Unit::of([999_999, -5]), Unit::Yuan);
        assert_eq!(Unit::of([1, -1_000_000]), Unit::Wan);
        assert_eq!(Unit::of([i128::from(i64::MAX)]), Unit::Yi);
        assert_eq!(Unit::Yi.value(i128::from(i64::MIN)), "−922,337,203.7");
        assert_eq!(Unit::Yuan.value(123_450), "1,235");
    }

    #[test]
    fn exact_yuan_keep_their_fen() {
        assert_eq!(
            (exact(3_990), exact(-5), exact(123_456_789)),
            ("39.90".into(), "−0.05".into(), "1,234,567.89".into())
        );
        assert_eq!(count(28_010), "28,010");
    }
}
