//! The two languages the product speaks. Chinese is the county's own; English is for guests and reviewers.
//!
//! Wording itself lives with what shows it, as structs that hold both languages, so that a missing translation
//! does not compile. Data (names of villages, households, goods) is never translated.

/// A language of screens, pictures and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// How the language is written in addresses, cookies and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// Reads [`Lang::key`]; anything else is `None`.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Zh, Self::En].into_iter().find(|lang| lang.key() == key)
    }

    /// What [`in_both`] has put together, in this language; anything else as it is.
    pub fn of_both(self, text: &str) -> &str {
        match (text.split_once(BETWEEN), self) {
            (Some((zh, _)), Self::Zh) => zh,
            (Some((_, en)), Self::En) => en,
            (None, _) => text,
        }
    }
}

/// What stands between the two languages of a text that is kept in both.
const BETWEEN: &str = " / ";

/// A text in both languages, for what is stored by one person's visit and read in another's language. What stands between
/// them stands in neither: a date or a heading may hold it.
pub fn in_both(zh: &str, en: &str) -> String {
    [zh, en].map(|text| text.replace(BETWEEN, "/")).join(BETWEEN)
}

#[cfg(test)]
mod tests {
    use super::{Lang, in_both};

    #[test]
    fn a_text_in_both_languages_is_read_in_either() {
        let both = in_both("缺少 order_id", "order_id is missing");
        assert_eq!(both, "缺少 order_id / order_id is missing");
        assert_eq!((Lang::Zh.of_both(&both), Lang::En.of_both(&both)), ("缺少 order_id", "order_id is missing"));
        assert_eq!(Lang::Zh.of_both("order_id is missing"), "order_id is missing");
        let dated = in_both("“2026 / 09 / 01”不是时间", "“2026 / 09 / 01” is not a time");
        assert_eq!(Lang::Zh.of_both(&dated), "“2026/09/01”不是时间");
        assert_eq!(Lang::En.of_both(&dated), "“2026/09/01” is not a time");
    }

    #[test]
    fn a_language_is_read_as_it_is_written() {
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(Lang::parse(lang.key()), Some(lang));
        }
        assert_eq!(Lang::parse("ZH"), None);
    }
}
