//! Every word a page says, in both languages, side by side.
//!
//! Rule: a word is declared once as a pair; a missing half does not compile. Pages hold no words of their own, so an
//! English page can contain Chinese only where data does (names of people, goods and places).
//! Words are those people use: officials read 成交额, 净销售额, 农户实收, 助农增收; farmers read 到账, 退了, 还没算定.
//! Sentences with values are templates with `{0}`, `{1}`, put together by [`fill`].
//!
//! Not here: how numbers are written (`ui::number`), what things are called in the county (data).
//! Adding an audience: a file with one [`words!`] block, and a field in [`Words`].

use crate::domain::lang::Lang;

/// Declares a struct of words with its two languages.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($key:ident: $zh:literal | $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name { $(pub $key: &'static str),+ }

        impl $name {
            pub const ZH: Self = Self { $($key: $zh),+ };
            pub const EN: Self = Self { $($key: $en),+ };
            /// Name, Chinese, English of each word, for the tests that walk them.
            pub const PAIRS: &'static [(&'static str, &'static str, &'static str)] =
                &[$((stringify!($key), $zh, $en)),+];
        }
    };
}

mod access;
mod anchor;
mod audit;
mod branch;
mod classes;
mod county_method;
mod doubles;
mod farmer;
mod frame;
mod goods;
mod ledger;
mod lists;
mod live;
mod lots;
mod method;
mod months;
mod official;
mod papers;
mod payouts;
mod price_book;
mod proposals;
mod public;
mod questions;
mod reconcile;
mod requests;
mod review;
mod roll;
mod scans;
mod scheme;
mod search;
mod sharing;
mod sources;
mod stock;
mod streams;
mod tables;
mod training;

pub use access::Access;
pub use anchor::Anchor;
pub use audit::Audit;
pub use branch::Branch;
pub use classes::Classes;
pub use county_method::CountyMethod;
pub use doubles::Doubles;
pub use farmer::Farmer;
pub use frame::Frame;
pub use goods::Goods;
pub use ledger::Ledger;
pub use lists::Lists;
pub use live::Live;
pub use lots::Lots;
pub use method::Method;
pub use months::Months;
pub use official::Official;
pub use papers::Papers;
pub use payouts::Payouts;
pub use price_book::PriceBook;
pub use proposals::Proposals;
pub use public::Public;
pub use questions::Questions;
pub use reconcile::Reconcile;
pub use requests::Requests;
pub use review::Review;
pub use roll::Roll;
pub use scans::Scans;
pub use scheme::Scheme;
pub use search::Search;
pub use sharing::Sharing;
pub use sources::Sources;
pub use stock::Stock;
pub use streams::Streams;
pub use tables::Tables;
pub use training::Training;

/// All words of one language.
#[derive(Debug)]
pub struct Words {
    pub frame: Frame,
    pub public: Public,
    pub access: Access,
    pub method: Method,
    pub county_method: CountyMethod,
    pub official: Official,
    pub ledger: Ledger,
    pub live: Live,
    pub lots: Lots,
    pub price_book: PriceBook,
    pub proposals: Proposals,
    pub farmer: Farmer,
    pub branch: Branch,
    pub anchor: Anchor,
    pub audit: Audit,
    pub months: Months,
    pub papers: Papers,
    pub payouts: Payouts,
    pub reconcile: Reconcile,
    pub requests: Requests,
    pub doubles: Doubles,
    pub review: Review,
    pub roll: Roll,
    pub goods: Goods,
    pub questions: Questions,
    pub scans: Scans,
    pub scheme: Scheme,
    pub sharing: Sharing,
    pub sources: Sources,
    pub stock: Stock,
    pub training: Training,
    pub search: Search,
    pub tables: Tables,
    pub lists: Lists,
    pub classes: Classes,
    pub streams: Streams,
}

static ZH: Words = Words {
    frame: Frame::ZH,
    public: Public::ZH,
    access: Access::ZH,
    method: Method::ZH,
    county_method: CountyMethod::ZH,
    official: Official::ZH,
    ledger: Ledger::ZH,
    live: Live::ZH,
    lots: Lots::ZH,
    price_book: PriceBook::ZH,
    proposals: Proposals::ZH,
    farmer: Farmer::ZH,
    branch: Branch::ZH,
    anchor: Anchor::ZH,
    audit: Audit::ZH,
    months: Months::ZH,
    papers: Papers::ZH,
    payouts: Payouts::ZH,
    reconcile: Reconcile::ZH,
    requests: Requests::ZH,
    doubles: Doubles::ZH,
    review: Review::ZH,
    roll: Roll::ZH,
    goods: Goods::ZH,
    questions: Questions::ZH,
    scans: Scans::ZH,
    scheme: Scheme::ZH,
    sharing: Sharing::ZH,
    sources: Sources::ZH,
    stock: Stock::ZH,
    training: Training::ZH,
    search: Search::ZH,
    tables: Tables::ZH,
    lists: Lists::ZH,
    classes: Classes::ZH,
    streams: Streams::ZH,
};

static EN: Words = Words {
    frame: Frame::EN,
    public: Public::EN,
    access: Access::EN,
    method: Method::EN,
    county_method: CountyMethod::EN,
    official: Official::EN,
    ledger: Ledger::EN,
    live: Live::EN,
    lots: Lots::EN,
    price_book: PriceBook::EN,
    proposals: Proposals::EN,
    farmer: Farmer::EN,
    branch: Branch::EN,
    anchor: Anchor::EN,
    audit: Audit::EN,
    months: Months::EN,
    papers: Papers::EN,
    payouts: Payouts::EN,
    reconcile: Reconcile::EN,
    requests: Requests::EN,
    doubles: Doubles::EN,
    review: Review::EN,
    roll: Roll::EN,
    goods: Goods::EN,
    questions: Questions::EN,
    scans: Scans::EN,
    scheme: Scheme::EN,
    sharing: Sharing::EN,
    sources: Sources::EN,
    stock: Stock::EN,
    training: Training::EN,
    search: Search::EN,
    tables: Tables::EN,
    lists: Lists::EN,
    classes: Classes::EN,
    streams: Streams::EN,
};

/// The words of a language.
pub fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// Puts values into a template: `{0}` is the first.
pub fn fill(template: &str, values: &[&str]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{')
        && let Some((index, tail)) = after.split_once('}')
    {
        text.push_str(before);
        if let Some(value) = index.parse::<usize>().ok().and_then(|i| values.get(i)) {
            text.push_str(value);
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word's name, its Chinese and its English.
    type Pair = (&'static str, &'static str, &'static str);

    const ALL: [&[Pair]; 36] = [
        Frame::PAIRS,
        Public::PAIRS,
        Access::PAIRS,
        Method::PAIRS,
        CountyMethod::PAIRS,
        Official::PAIRS,
        Ledger::PAIRS,
        Lists::PAIRS,
        Live::PAIRS,
        Lots::PAIRS,
        PriceBook::PAIRS,
        Proposals::PAIRS,
        Farmer::PAIRS,
        Branch::PAIRS,
        Classes::PAIRS,
        Anchor::PAIRS,
        Audit::PAIRS,
        Months::PAIRS,
        Papers::PAIRS,
        Payouts::PAIRS,
        Reconcile::PAIRS,
        Requests::PAIRS,
        Doubles::PAIRS,
        Review::PAIRS,
        Roll::PAIRS,
        Goods::PAIRS,
        Questions::PAIRS,
        Scans::PAIRS,
        Scheme::PAIRS,
        Sharing::PAIRS,
        Sources::PAIRS,
        Stock::PAIRS,
        Training::PAIRS,
        Search::PAIRS,
        Streams::PAIRS,
        Tables::PAIRS,
    ];

    fn placeholders(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = text.split('{').skip(1).filter_map(|t| t.split('}').next()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn english_words_hold_no_chinese() {
        for (name, _, en) in ALL.iter().copied().flatten() {
            let han =
                en.chars().any(|c| ('\u{2e80}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c));
            assert!(!han, "{name}: {en}");
            assert!(!en.is_empty(), "{name} is empty");
        }
    }

    #[test]
    fn both_languages_place_the_same_values() {
        for (name, zh, en) in ALL.iter().copied().flatten() {
            assert_eq!(placeholders(zh), placeholders(en), "{name}");
        }
    }

    #[test]
    fn values_go_where_the_template_says_and_are_not_read_again() {
        assert_eq!(fill("{1} of {0}", &["{1}", "2"]), "2 of {1}");
        assert_eq!(fill("no end {0", &["x"]), "no end {0");
    }
}
