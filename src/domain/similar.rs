//! How alike two names of goods are, for suggestions that a person confirms.
//!
//! Pairs of neighbouring characters, which serves Chinese and Latin names alike: no word has to be found, and a shop's
//! decorations (【助农】, 包邮) weigh little. Nothing is ever matched by this alone. A name is taken apart once
//! ([`Pairs::of`]) and compared as often as needed.

use rustc_hash::FxHashMap;

/// Names below this have nothing to do with one another, in thousandths.
pub const LEAST: i64 = 150;

/// A name taken apart.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    times: FxHashMap<(char, char), i64>,
    all: i64,
}

impl Pairs {
    pub fn of(text: &str) -> Self {
        let plain: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let mut pairs = Self::default();
        for pair in plain.windows(2) {
            *pairs.times.entry((pair[0], pair[1])).or_default() += 1;
            pairs.all += 1;
        }
        pairs
    }

    /// How much of the shorter and longer name is shared, in thousandths: 0 nothing, 1000 the same.
    pub fn likeness(&self, other: &Self) -> i64 {
        let total = self.all + other.all;
        if total == 0 {
            return 0;
        }
        let shared: i64 =
            self.times.iter().map(|(pair, times)| other.times.get(pair).copied().unwrap_or(0).min(*times)).sum();
        2_000 * shared / total
    }
}

/// The one of some names that is most like a title, if any is at all; of names as alike the first.
pub fn most_like<'a, T>(title: &Pairs, named: impl Iterator<Item = (T, &'a Pairs)>) -> Option<T> {
    let mut best: Option<(i64, T)> = None;
    for (one, name) in named {
        let alike = title.likeness(name);
        if alike >= LEAST && best.as_ref().is_none_or(|(most, _)| alike > *most) {
            best = Some((alike, one));
        }
    }
    best.map(|(_, one)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_goods_under_another_title_are_found() {
        let listings = [("k5", "金桔 5斤装"), ("k10", "金桔 10斤装"), ("tea", "狗牯脑茶 250克")]
            .map(|(key, name)| (key, Pairs::of(name)));
        let like = |title: &str| most_like(&Pairs::of(title), listings.iter().map(|(key, name)| (*key, name)));
        assert_eq!(like("【助农】遂川金桔5斤装 包邮"), Some("k5"));
        assert_eq!(like("遂川金桔 10斤装 大果"), Some("k10"));
        assert_eq!(like("狗牯脑绿茶250克"), Some("tea"));
        assert_eq!(like("腊肉"), None);
        assert_eq!(like(""), None);
    }

    #[test]
    fn likeness_is_whole_for_the_same_and_none_for_strangers() {
        let likeness = |a: &str, b: &str| Pairs::of(a).likeness(&Pairs::of(b));
        assert_eq!(likeness("金桔 5斤", "金桔5斤"), 1_000);
        assert_eq!(likeness("金桔", "红茶"), 0);
        assert_eq!(likeness("桔", "桔"), 0, "one character says nothing");
    }
}
