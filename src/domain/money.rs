//! Money and weight arithmetic: integer fen, integer grams, and the only two roundings there are.
//!
//! Rule that must hold: nothing is rounded except where a rate, a weight or a fraction meets an amount, and
//! then half up of the absolute value (四舍五入, −0.5 → −1). Everything after that is sums and [`split`]s,
//! so parts always add up to the whole.
//!
//! Why integers: a fen lost to a float is a fen somebody has to explain in an audit. Decimal text from files
//! goes through `rust_decimal` exactly once, in [`parse_fen`].
//!
//! Not here: which amount is whose (see [`super::ledger`]).

use rust_decimal::Decimal;

/// Basis points in one whole: 10 000 bp = 100 %.
pub const BP: i64 = 10_000;
/// Grams in a kilogram; prices are per kilogram.
pub const GRAMS_PER_KG: i64 = 1_000;
/// Grams in a 斤, the unit of Chinese market price lists.
pub const GRAMS_PER_JIN: i64 = 500;

/// `numerator / denominator`, rounded half up of the absolute value, then the sign.
///
/// `denominator` must be positive; the result must fit in an `i64` (amounts in fen do by ten orders).
pub fn round_div(numerator: i128, denominator: i128) -> i64 {
    assert!(denominator > 0, "a rate, a weight and a fraction have a positive denominator");
    let magnitude = (2 * numerator.abs() + denominator) / (2 * denominator);
    i64::try_from(magnitude * numerator.signum()).expect("an amount fits in 64 bits")
}

/// `round(amount × rate)`, the rate in basis points.
pub fn at_rate(amount: i64, rate_bp: i64) -> i64 {
    round_div(i128::from(amount) * i128::from(rate_bp), i128::from(BP))
}

/// `round(amount × numerator ÷ denominator)` in one rounding.
pub fn at_fraction(amount: i64, numerator: i64, denominator: i64) -> i64 {
    let (n, d) = (i128::from(amount) * i128::from(numerator), i128::from(denominator));
    round_div(n * d.signum(), d.abs())
}

/// `round(price per kg × grams)`, in fen.
pub fn at_price(price_fen_per_kg: i64, grams: i64) -> i64 {
    at_fraction(price_fen_per_kg, grams, GRAMS_PER_KG)
}

/// Splits `amount` over `weights` exactly: floors first, then one fen (gram) each to the largest remainders.
///
/// Equal remainders are served in the order `start, start + 1, …` modulo the number of parts, so that nobody
/// always gets the odd fen; callers pass an id. All weights zero means equal weights. No weights: no parts.
pub fn split(amount: i64, weights: &[i64], start: i64) -> Vec<i64> {
    let mut parts = vec![0; weights.len()];
    split_into(amount, weights, start, &mut parts);
    parts
}

/// [`split`] into parts the caller has: the ledger splits a dozen columns an event.
pub fn split_into(amount: i64, weights: &[i64], start: i64, parts: &mut [i64]) {
    let n = weights.len();
    assert_eq!(n, parts.len(), "a part for each weight");
    debug_assert!(weights.iter().all(|&w| w >= 0), "weights are not negative");
    if n <= 1 || amount == 0 {
        parts.fill(amount);
        return;
    }
    let sum: i128 = weights.iter().map(|&w| i128::from(w)).sum();
    let weight = |i: usize| if sum == 0 { 1 } else { i128::from(weights[i]) };
    let total = if sum == 0 { n as i128 } else { sum };
    let magnitude = i128::from(amount).abs();
    let mut left = magnitude;
    for (i, part) in parts.iter_mut().enumerate() {
        let floor = magnitude * weight(i) / total;
        left -= floor;
        *part = i64::try_from(floor).expect("a part is not larger than the whole");
    }
    let first = i128::from(start).rem_euclid(n as i128);
    let first = usize::try_from(first).expect("a remainder is smaller than the number of parts");
    // fewer odd fen than parts, so who has had one (its remainder is now negative) is never the largest again
    for _ in 0..left {
        let mut largest = (first, i128::MIN);
        for i in (first..n).chain(0..first) {
            let remainder = magnitude * weight(i) - i128::from(parts[i]) * total;
            if remainder > largest.1 {
                largest = (i, remainder);
            }
        }
        parts[largest.0] += 1;
    }
    if amount < 0 {
        for part in parts {
            *part = -*part;
        }
    }
}

/// Reads an amount in yuan as people and spreadsheets write it (`¥1,234.50`, `-` for nothing) into fen.
///
/// More than two decimals that are not zeros are refused: they are not an amount of money.
pub fn parse_fen(text: &str) -> Option<i64> {
    let cleaned: String =
        text.trim().trim_start_matches(['¥', '￥']).chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    if cleaned == "-" || cleaned == "--" {
        return Some(0);
    }
    let fen = cleaned.parse::<Decimal>().ok()?.checked_mul(Decimal::ONE_HUNDRED)?;
    if fen.normalize().scale() > 0 {
        return None;
    }
    i64::try_from(fen).ok()
}

/// Fen as yuan with two decimals and no grouping, for files and commands: `-12.05`.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let magnitude = fen.unsigned_abs();
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!((round_div(1, 2), round_div(-1, 2), round_div(149, 100), round_div(-3, 2)), (1, -1, 1, -2));
        assert_eq!(at_rate(4_025, 200), 81);
        assert_eq!(at_price(500, 1_051), 526);
    }

    #[test]
    fn odd_fen_wander_with_the_id() {
        assert_eq!(split(2, &[1, 1, 1], 0), [1, 1, 0]);
        assert_eq!(split(2, &[1, 1, 1], 2), [1, 0, 1]);
        assert_eq!(split(-2, &[0, 0, 0], 4), [0, -1, -1]);
        assert_eq!(split(7, &[], 0), Vec::<i64>::new());
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(parse_fen("¥1,234.5"), Some(123_450));
        assert_eq!(parse_fen(" - "), Some(0));
        assert_eq!(parse_fen("0.0"), Some(0));
        assert_eq!(parse_fen("-3.10"), Some(-310));
        assert_eq!(parse_fen("1.005"), None);
        assert_eq!(parse_fen("abc"), None);
        assert_eq!(yuan(-5), "-0.05");
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(x in -10_000_000_i64..10_000_000, w in prop::collection::vec(0_i64..100_000, 1..9), s in 0_i64..1_000) {
            let parts = split(x, &w, s);
            prop_assert_eq!(parts.iter().sum::<i64>(), x);
            let total: i64 = w.iter().sum();
            for (p, &w) in parts.iter().zip(&w) {
                // no part is further than one fen from its exact share
                if total > 0 {
                    prop_assert!((p * total - x * w).abs() <= total);
                }
            }
        }
    }
}
