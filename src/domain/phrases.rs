//! 用语检查: phrases that may not be said or written when goods are sold live, each with its kind and what to say instead.
//!
//! The kinds follow the advertising law: absolute words (最, 第一, 国家级), 特供 and 专供, health claims for food, and the
//! symbols of state and party or officials as advertising. The program's own list stands here; a county adds to it or
//! allows a phrase ([`Edit`]).
//!
//! Rules that must hold: spaces and dots between the characters hide nothing; of phrases that overlap the longest is
//! named; a harmless word (最近, 第一次) around a barred one is no hit.
//!
//! Not here: who edits the list (`services::phrases`), reasons in words (`web::wording::streams`).

/// Why a phrase is barred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 绝对化用语
    Absolute,
    /// 特供、专供
    Reserved,
    /// Food neither heals nor prevents.
    Health,
    /// Flags, emblems, anthems, officials.
    Symbol,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Absolute, Self::Reserved, Self::Health, Self::Symbol];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Absolute => "absolute",
            Self::Reserved => "reserved",
            Self::Health => "health",
            Self::Symbol => "symbol",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

use Kind::{Absolute, Health, Reserved, Symbol};

/// The program's own list: the phrase, why, and what to say instead; empty: leave it out.
pub const OWN: &[(&str, Kind, &str)] = &[
    ("最", Absolute, "说具体的：糖度、克重、采摘日"),
    ("最好", Absolute, "好吃、新鲜"),
    ("最低价", Absolute, "今天的价"),
    ("第一", Absolute, "说产地和做法"),
    ("国家级", Absolute, ""),
    ("世界级", Absolute, ""),
    ("顶级", Absolute, "精选"),
    ("顶尖", Absolute, "精选"),
    ("极品", Absolute, "精选"),
    ("极致", Absolute, ""),
    ("唯一", Absolute, ""),
    ("独一无二", Absolute, "有特色"),
    ("首选", Absolute, "推荐"),
    ("全网最低", Absolute, "今天的价"),
    ("史上", Absolute, ""),
    ("绝无仅有", Absolute, "少见"),
    ("绝对", Absolute, ""),
    ("万能", Absolute, ""),
    ("百分之百", Absolute, ""),
    ("100%", Absolute, ""),
    ("王牌", Absolute, "招牌"),
    ("之王", Absolute, ""),
    ("特供", Reserved, "产地直发"),
    ("专供", Reserved, "产地直发"),
    ("内供", Reserved, "产地直发"),
    ("国宴", Reserved, ""),
    ("降三高", Health, "说口感和香气"),
    ("降血压", Health, "说口感和香气"),
    ("降血糖", Health, "说口感和香气"),
    ("降血脂", Health, "说口感和香气"),
    ("降压", Health, "说口感和香气"),
    ("降糖", Health, "说口感和香气"),
    ("治疗", Health, ""),
    ("治病", Health, ""),
    ("疗效", Health, ""),
    ("药效", Health, ""),
    ("抗癌", Health, ""),
    ("防癌", Health, ""),
    ("消炎", Health, ""),
    ("杀菌", Health, ""),
    ("排毒", Health, ""),
    ("减肥", Health, ""),
    ("瘦身", Health, ""),
    ("补肾", Health, ""),
    ("壮阳", Health, ""),
    ("止咳", Health, "润口"),
    ("化痰", Health, ""),
    ("免疫力", Health, ""),
    ("抗衰老", Health, ""),
    ("延年益寿", Health, ""),
    ("国旗", Symbol, ""),
    ("国徽", Symbol, ""),
    ("国歌", Symbol, ""),
    ("军旗", Symbol, ""),
    ("军徽", Symbol, ""),
    ("军歌", Symbol, ""),
    ("党旗", Symbol, ""),
    ("党徽", Symbol, ""),
    ("人民大会堂", Symbol, ""),
    ("领导人", Symbol, ""),
    ("书记推荐", Symbol, "请农户自己说"),
    ("县长推荐", Symbol, "请农户自己说"),
    ("政府推荐", Symbol, "请农户自己说"),
    ("领导推荐", Symbol, "请农户自己说"),
];

/// Words that hold a barred one and say nothing of goods.
const HARMLESS: [&str; 19] = [
    "最近",
    "最后",
    "最终",
    "最初",
    "最多",
    "最少",
    "最迟",
    "最晚",
    "最早",
    "第一天",
    "第一次",
    "第一步",
    "第一批",
    "第一单",
    "第一场",
    "第一件",
    "第一位",
    "第一时间",
    "第一书记",
];

/// Letters of the longest phrase and of what to say instead.
pub const MOST_LETTERS: usize = 40;

/// What a county changed of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub phrase: String,
    pub kind: Kind,
    pub suggestion: String,
    /// False: may be said here.
    pub barred: bool,
}

/// A barred phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    pub text: String,
    pub kind: Kind,
    /// What to say instead; empty: leave it out.
    pub suggestion: String,
    /// The county's own.
    pub added: bool,
}

/// A barred phrase found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// As it was written.
    pub found: String,
    pub kind: Kind,
    pub suggestion: String,
}

/// The list a county checks by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrases {
    barred: Vec<Phrase>,
    harmless: Vec<Vec<char>>,
}

impl Phrases {
    /// The program's list with a county's changes.
    pub fn with(edits: &[Edit]) -> Self {
        let edited = |text: &str| edits.iter().any(|edit| edit.phrase == text);
        let own = OWN.iter().filter(|(text, ..)| !edited(text)).map(|&(text, kind, suggestion)| Phrase {
            text: text.into(),
            kind,
            suggestion: suggestion.into(),
            added: false,
        });
        let added = edits.iter().filter(|edit| edit.barred).map(|edit| Phrase {
            text: edit.phrase.clone(),
            kind: edit.kind,
            suggestion: edit.suggestion.clone(),
            added: true,
        });
        let mut barred: Vec<Phrase> = own.chain(added).collect();
        barred.sort_by(|a, b| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
        let allowed = edits.iter().filter(|edit| !edit.barred).map(|edit| edit.phrase.as_str());
        let harmless = HARMLESS.into_iter().chain(allowed).map(|text| letters(text).map(|(_, c)| c).collect());
        Self { barred, harmless: harmless.collect() }
    }

    /// All barred phrases, by kind.
    pub fn all(&self) -> &[Phrase] {
        &self.barred
    }

    /// The barred phrases in a text, in its order.
    pub fn check(&self, text: &str) -> Vec<Hit> {
        let read: Vec<(usize, char)> = letters(text).collect();
        let folded: Vec<char> = read.iter().map(|(_, c)| *c).collect();
        let harmless: Vec<(usize, usize)> = self.harmless.iter().flat_map(|word| places(&folded, word)).collect();
        let mut found: Vec<(usize, usize, &Phrase)> = Vec::new();
        for phrase in &self.barred {
            let word: Vec<char> = letters(&phrase.text).map(|(_, c)| c).collect();
            found.extend(places(&folded, &word).into_iter().map(|(from, to)| (from, to, phrase)));
        }
        found.retain(|(from, to, _)| !harmless.iter().any(|(start, end)| start <= from && to <= end));
        // the longest of those that begin at a place, and none that lies in one before it
        found.sort_by_key(|(from, to, _)| (*from, std::cmp::Reverse(*to)));
        let mut covered = 0;
        let mut hits = Vec::new();
        for (from, to, phrase) in found {
            if to <= covered {
                continue;
            }
            covered = to;
            let end = read.get(to).map_or(text.len(), |(at, _)| *at);
            let written = text[read[from].0..end].trim_end_matches(is_filler).to_owned();
            hits.push(Hit { found: written, kind: phrase.kind, suggestion: phrase.suggestion.clone() });
        }
        hits
    }
}

/// What is written between letters to hide what they say.
fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '·' | '.' | '．' | '*' | '-' | '_' | '~' | '|' | '\u{200b}')
}

/// The letters of a text as they are compared, each with its place in bytes.
fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().filter(|(_, c)| !is_filler(*c)).map(|(at, c)| {
        let narrow = match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        };
        (at, narrow.to_ascii_lowercase())
    })
}

/// Where a word stands among letters: from, and the place after its last.
fn places(folded: &[char], word: &[char]) -> Vec<(usize, usize)> {
    if word.is_empty() {
        return Vec::new();
    }
    let starts = folded.windows(word.len()).enumerate().filter(|(_, window)| *window == word);
    starts.map(|(at, _)| (at, at + word.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Kind)> {
        Phrases::with(&[]).check(text).into_iter().map(|hit| (hit.found, hit.kind)).collect()
    }

    #[test]
    fn barred_phrases_are_found_with_their_kind() {
        assert_eq!(found("遂川金桔，全国最甜"), [("最".to_owned(), Absolute)]);
        assert_eq!(found("狗牯脑茶 降三高"), [("降三高".to_owned(), Health)]);
        assert_eq!(found("机关专供板鸭"), [("专供".to_owned(), Reserved)]);
        assert_eq!(found("背景放党旗和国徽").len(), 2);
        assert_eq!(found("今天采的金桔，五斤装，坏果包赔"), []);
    }

    #[test]
    fn spaces_dots_and_wide_letters_hide_nothing() {
        assert_eq!(found("国 家·级 茶园"), [("国 家·级".to_owned(), Absolute)]);
        assert_eq!(found("１００％纯手工"), [("１００％".to_owned(), Absolute)]);
        assert_eq!(found("特-供").len(), 1);
    }

    #[test]
    fn the_longest_of_overlapping_phrases_is_named_once() {
        assert_eq!(found("全场最低价"), [("最低价".to_owned(), Absolute)]);
        assert_eq!(found("最最好"), [("最".to_owned(), Absolute), ("最好".to_owned(), Absolute)]);
    }

    #[test]
    fn a_harmless_word_is_no_hit_and_hides_none_beside_it() {
        assert_eq!(found("最近三天采摘，最后一百份，第一时间发货，驻村第一书记讲价"), []);
        assert_eq!(found("最近最甜").len(), 1);
    }

    #[test]
    fn a_county_adds_and_allows_phrases() {
        let edit =
            |phrase: &str, barred| Edit { phrase: phrase.into(), kind: Absolute, suggestion: String::new(), barred };
        let phrases = Phrases::with(&[edit("秒杀全网", true), edit("杀菌", false), edit("第一茬", false)]);
        let count = |text: &str| phrases.check(text).len();
        assert_eq!(
            (count("秒杀全网"), count("巴氏杀菌"), count("第一茬春茶"), count("第一茬茶销量第一")),
            (1, 0, 0, 1)
        );
        assert!(phrases.all().iter().any(|p| p.added && p.text == "秒杀全网"));
    }

    #[test]
    fn the_own_list_names_each_phrase_once() {
        let mut texts: Vec<&str> = OWN.iter().map(|(text, ..)| *text).collect();
        let count = texts.len();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), count);
        assert!(OWN.iter().all(|(text, _, instead)| text.chars().count() <= MOST_LETTERS && found(instead).is_empty()));
    }
}
