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
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn a_language_is_read_as_it_is_written() {
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(Lang::parse(lang.key()), Some(lang));
        }
        assert_eq!(Lang::parse("ZH"), None);
    }
}
