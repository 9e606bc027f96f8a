//! Numbers as people read them, from integers to text.
//!
//! Rules: 万元 from 10,000 yuan and 亿元 from 100,000,000, with the exact yuan somewhere beside; rounding is half away
//! from zero and done once, on the way to text; only 余 floors, and never for a negative amount. English counts in
//! millions. A change against a tiny, zero or negative base is not a number and shows as a dash. No floats.
//!
//! Not here: colours and arrows ([`super::amount`]), files and commands (`domain::money::yuan`).

use crate::domain::lang::Lang;
use crate::domain::money::{at_fraction, round_div};
use rust_decimal::Decimal;

/// Fen in ten thousand yuan (万元).
pub const WAN_FEN: i64 = 1_000_000;
/// Fen in a hundred million yuan (亿元).
const YI_FEN: i64 = 10_000_000_000;
/// Fen in a million yuan.
const MILLION_FEN: i64 = 100_000_000;
/// A base smaller than this, in fen, gives no meaningful rate of change.
const TINY_BASE_FEN: i64 = 100_000;

/// A typographic minus: as wide as a digit in tabular figures.
const MINUS: &str = "\u{2212}";

/// A number and its unit, written apart in different sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    pub number: String,
    pub unit: &'static str,
}

/// An integer with thousands grouped: `-1234` is `−1,234`.
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if value < 0 {
        text.push_str(MINUS);
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Exact yuan, two decimals: `11,234,567.89`.
pub fn yuan(fen: i64) -> String {
    scaled(fen, 2)
}

/// Yuan without fen, for means and columns where fen would be false precision.
pub fn whole_yuan(fen: i64) -> String {
    grouped(round_div(fen.into(), 100))
}

/// An amount in the largest unit it reaches.
pub fn quantity(fen: i64, lang: Lang) -> Quantity {
    let magnitude = fen.unsigned_abs();
    let (number, unit) = match lang {
        Lang::Zh if magnitude >= YI_FEN.unsigned_abs() => (scaled(round_div(fen.into(), 100_000_000), 2), "亿元"),
        Lang::Zh if magnitude >= WAN_FEN.unsigned_abs() => (wan(fen), "万元"),
        Lang::Zh => (yuan(fen), "元"),
        Lang::En if magnitude >= MILLION_FEN.unsigned_abs() => {
            (scaled(round_div(fen.into(), 1_000_000), 2), "million yuan")
        }
        Lang::En => (yuan(fen), "yuan"),
    };
    Quantity { number, unit }
}

/// [`quantity`] in one piece: `1,123.4 万元`.
pub fn short(fen: i64, lang: Lang) -> String {
    let q = quantity(fen, lang);
    format!("{} {}", q.number, q.unit)
}

/// Ten thousands of yuan with one decimal, for columns whose head says 万元.
pub fn wan(fen: i64) -> String {
    scaled(round_div(fen.into(), i128::from(WAN_FEN / 10)), 1)
}

/// "1103万余元": floored, with its unit; `None` below 10,000 yuan and for negatives, where 余 says nothing true.
pub fn floored_over(fen: i64, lang: Lang) -> Option<String> {
    if fen < WAN_FEN {
        return None;
    }
    Some(match lang {
        Lang::Zh => format!("{}万余元", fen / WAN_FEN),
        Lang::En => format!("over {} million yuan", scaled(fen / WAN_FEN, 2)),
    })
}

/// Basis points as a percentage with one decimal, floored: 99.99 % covered is not 100 %.
pub fn percent_floor(bp: i64) -> String {
    format!("{}%", scaled(bp.div_euclid(10), 1))
}

/// Basis points as a signed percentage with one decimal: `+12.4%`.
pub fn percent_change(bp: i64) -> String {
    let tenths = round_div(bp.into(), 10);
    let sign = if tenths > 0 { "+" } else { "" };
    format!("{sign}{}%", scaled(tenths, 1))
}

/// Change against a base in basis points; `None` where the base is tiny, zero or negative.
pub fn change_bp(now_fen: i64, base_fen: i64) -> Option<i64> {
    (base_fen >= TINY_BASE_FEN).then(|| at_fraction(10_000, now_fen - base_fen, base_fen))
}

/// Grams in 斤 (500 g) for farmers, one decimal where it is not whole; kilograms in English.
pub fn weight(grams: i64, lang: Lang) -> String {
    let (tenths, unit) = match lang {
        Lang::Zh => (round_div(grams.into(), 50), "斤"),
        Lang::En => (round_div(grams.into(), 100), "kg"),
    };
    let number = if tenths % 10 == 0 { grouped(tenths / 10) } else { scaled(tenths, 1) };
    format!("{number} {unit}")
}

/// Grams in kilograms to the gram: `2.625`.
pub fn kilograms(grams: i64) -> String {
    scaled(grams, 3)
}

/// An amount over a weight, per 斤 in Chinese and per kilogram in English, in fen; `None` without goods.
pub fn per_weight_fen(fen: i64, grams: i64, lang: Lang) -> Option<i64> {
    let unit_g = match lang {
        Lang::Zh => 500,
        Lang::En => 1_000,
    };
    (grams > 0).then(|| at_fraction(fen, unit_g, grams))
}

/// Basis points as a plain number: `4.5`.
pub fn factor(bp: i64) -> String {
    Decimal::new(bp, 4).normalize().to_string()
}

/// A mean of an amount over things, in fen; `None` for none.
pub fn mean_fen(fen: i64, things: i64) -> Option<i64> {
    (things > 0).then(|| round_div(fen.into(), things.into()))
}

/// An integer counted in powers of ten, with that many decimals.
fn scaled(value: i64, decimals: u32) -> String {
    let unit = 10_i64.pow(decimals);
    let sign = if value < 0 { MINUS } else { "" };
    let magnitude = value.unsigned_abs();
    let whole = i64::try_from(magnitude / unit.unsigned_abs()).expect("smaller than the value");
    let rest = magnitude % unit.unsigned_abs();
    format!("{sign}{}.{rest:0width$}", grouped(whole), width = decimals as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_climb_from_yuan_to_wan_to_yi() {
        assert_eq!(short(999_999, Lang::Zh), "9,999.99 元");
        assert_eq!(short(112_340_675_200, Lang::Zh), "11.23 亿元");
        assert_eq!(short(1_123_406_752, Lang::Zh), "1,123.4 万元");
        assert_eq!(short(-1_123_456_752, Lang::Zh), "−1,123.5 万元");
        assert_eq!(short(1_123_406_752, Lang::En), "11.23 million yuan");
        assert_eq!(short(21_460_000, Lang::En), "214,600.00 yuan");
    }

    #[test]
    fn yu_floors_and_never_speaks_of_negatives() {
        assert_eq!(floored_over(1_103_456_700, Lang::Zh).unwrap(), "1103万余元");
        assert_eq!(floored_over(1_103_999_999, Lang::Zh).unwrap(), "1103万余元");
        assert_eq!(floored_over(-1_103_456_700, Lang::Zh), None);
        assert_eq!(floored_over(999_999, Lang::Zh), None);
    }

    #[test]
    fn a_base_that_says_nothing_gives_no_rate() {
        assert_eq!(change_bp(112_400_000, 100_000_000), Some(1_240));
        assert_eq!(change_bp(5, 0), None);
        assert_eq!(change_bp(500_000, -500_000), None);
        assert_eq!(percent_change(1_240), "+12.4%");
        assert_eq!(percent_change(-130), "−1.3%");
        assert_eq!(percent_change(0), "0.0%");
    }

    #[test]
    fn coverage_is_never_rounded_up_to_the_whole() {
        assert_eq!(percent_floor(9_999), "99.9%");
        assert_eq!(percent_floor(10_000), "100.0%");
    }

    #[test]
    fn farmers_read_jin() {
        assert_eq!(weight(315_000, Lang::Zh), "630 斤");
        assert_eq!(weight(2_625, Lang::Zh), "5.3 斤");
        assert_eq!(weight(2_625, Lang::En), "2.6 kg");
        assert_eq!(per_weight_fen(2_962, 2_625, Lang::Zh), Some(564));
        assert_eq!(per_weight_fen(1, 0, Lang::Zh), None);
    }
}
