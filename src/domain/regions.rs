//! Administrative regions by their national codes (统计用区划代码).
//!
//! A region is its unpadded code of 2, 4, 6, 9 or 12 digits (province, prefecture, county, town, village); a region's
//! figures are those of its code prefix, asked as a half-open range of text, never with LIKE. Padded input
//! (`360827100000` for the town `360827100`) is trimmed on the way in.

use std::fmt;

/// Digits of each level: province, prefecture, county, town, village.
pub const LEVEL_DIGITS: [usize; 5] = [2, 4, 6, 9, 12];

/// An unpadded region code. Kept as a number (no code starts with a zero) so that it is `Copy`; text outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(u64);

impl RegionCode {
    /// Reads a code; trailing zero padding down to a level boundary is trimmed. `None` if it is not a code.
    pub fn parse(text: &str) -> Option<Self> {
        if !LEVEL_DIGITS.contains(&text.len()) || text.starts_with('0') || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut end = text.len();
        for pair in LEVEL_DIGITS.windows(2).rev() {
            if end == pair[1] && text[pair[0]..end].bytes().all(|b| b == b'0') {
                end = pair[0];
            }
        }
        text[..end].parse().ok().map(Self)
    }

    /// Number of digits, one of [`LEVEL_DIGITS`].
    pub fn digits(self) -> usize {
        self.0.ilog10() as usize + 1
    }

    /// The code cut to a level; itself when it is not deeper than that.
    #[must_use]
    pub fn ancestor(self, digits: usize) -> Self {
        let over = self.digits().saturating_sub(digits);
        Self(self.0 / 10_u64.pow(u32::try_from(over).expect("few digits")))
    }

    /// The county (six digits) the region lies in.
    #[must_use]
    pub fn county(self) -> Self {
        self.ancestor(6)
    }

    /// The town (nine digits), when the region is a town or lies in one.
    pub fn town(self) -> Option<Self> {
        (self.digits() >= 9).then(|| self.ancestor(9))
    }

    /// True if `self` is `other` or lies in it.
    pub fn within(self, other: Self) -> bool {
        self.digits() >= other.digits() && self.ancestor(other.digits()) == other
    }

    /// The half-open text range `[from, to)` that holds this code and everything below it.
    pub fn text_range(self) -> (String, String) {
        (self.0.to_string(), (self.0 + 1).to_string())
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    #[test]
    fn padding_is_trimmed_to_the_level() {
        assert_eq!(code("360827100000").to_string(), "360827100");
        assert_eq!(code("360827000000").to_string(), "360827");
        assert_eq!(code("360827100201").digits(), 12);
        assert_eq!(RegionCode::parse("36082"), None);
        assert_eq!(RegionCode::parse("abcdef"), None);
    }

    #[test]
    fn a_range_holds_what_lies_in_the_region() {
        let (from, to) = code("360827100").text_range();
        assert!(from.as_str() <= "360827100201" && "360827100201" < to.as_str());
        assert!("360827101" >= to.as_str());
        assert!(code("360827100201").within(code("3608")));
        assert!(!code("360827").within(code("360827100")));
        assert_eq!(code("360827100201").town(), Some(code("360827100")));
    }
}
