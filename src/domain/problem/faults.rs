//! What can be wrong in a county document: each fault with the place where it stands, in both languages.
//!
//! A place is written as in the document, `listings[2].terms[0].platform_bp`, so that whoever wrote the file finds it.
//! All faults are collected before anything is said, because a file mended one line at a time takes an afternoon.
//!
//! Not here: how they are found (`ingest::county::check`), text that is no document at all ([`super`]).

use crate::domain::lang::Lang;
use std::fmt::Write as _;

/// Faults shown at once; the rest is counted.
pub const MOST_SHOWN: usize = 20;

/// One fault and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub place: String,
    pub flaw: Flaw,
}

/// What is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    OtherCounty {
        own: String,
    },
    Empty,
    /// A name or number that must be unique stands there a second time.
    Twice {
        text: String,
    },
    /// Nothing of that key in the document or the database.
    UnknownKey {
        noun: &'static str,
        key: String,
    },
    /// Not one of the words the field takes.
    UnknownWord {
        text: String,
        known: String,
    },
    NotAVillage {
        code: String,
    },
    NotARegion {
        code: String,
    },
    OutOfRange {
        value: i64,
        least: i64,
        most: i64,
    },
    DayOutOfRange,
    EndsBeforeStart,
    LastsTooLong,
    /// Low, middle and high price do not rise.
    NotRising,
    SamePerson,
    Households {
        count: usize,
    },
    OverWhole {
        sum_bp: i64,
    },
    OtherProduct,
    OtherPlatform,
    NotFourDigits,
    /// Days of a supply with shares and lots.
    SharesAndLots,
    /// A lot or a weighing that is known otherwise, or a weighing added to a lot that is closed.
    WeighedOtherwise,
    /// Goods that are bought, and neither the document nor their terms say at what price.
    PriceNeeded,
}

impl Flaw {
    fn zh(&self) -> String {
        match self {
            Self::OtherCounty { own } => format!("不是这个数据库的县，应为 {own}"),
            Self::Empty => "不能为空".into(),
            Self::Twice { text } => format!("“{text}”出现了两次"),
            Self::UnknownKey { noun, key } => format!("没有 key 为“{key}”的 {noun}，请先写进文件"),
            Self::UnknownWord { text, known } => format!("不认识“{text}”，可用：{known}"),
            Self::NotAVillage { code } => format!("“{code}”不是本县的 12 位村级代码"),
            Self::NotARegion { code } => format!("“{code}”不是本县或本县乡镇、村的代码"),
            Self::OutOfRange { value, least, most } => format!("{value} 不在 {least} 到 {most} 之间"),
            Self::DayOutOfRange => "日期不在 2000 年到 2199 年之间".into(),
            Self::EndsBeforeStart => "结束早于开始".into(),
            Self::LastsTooLong => "一场直播不能达到 24 小时".into(),
            Self::NotRising => "应为低价 ≤ 中价 ≤ 高价".into(),
            Self::SamePerson => "录入人和复核人必须是两个人".into(),
            Self::Households { count } => format!("有 {count} 户，应为 1 到 8 户"),
            Self::OverWhole { sum_bp } => format!("合计 {sum_bp}，不能超过 10000"),
            Self::OtherProduct => "链接不能改换产品，请另建一个链接".into(),
            Self::OtherPlatform => "店铺不能改换平台，请另建一个店铺".into(),
            Self::NotFourDigits => "应为四位数字，加引号，如 \"0042\"".into(),
            Self::SharesAndLots => "同一天的货或按份额、或来自批次，不能两样都写".into(),
            Self::WeighedOtherwise => {
                "和已经登记的批次不一样：过磅单不能用文件改，请在批次页更正；已结清的批次不能再加".into()
            }
            Self::PriceNeeded => {
                "这种货那天是收购的，约定里没有定下唯一的收购价：请在这里写上议定单价（每公斤多少分），或先把收购价写进约定".into()
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::OtherCounty { own } => format!("is not this database's county, which is {own}"),
            Self::Empty => "must not be empty".into(),
            Self::Twice { text } => format!("\"{text}\" stands there twice"),
            Self::UnknownKey { noun, key } => {
                format!("there is no {noun} with key \"{key}\"; name it in the file first")
            }
            Self::UnknownWord { text, known } => format!("\"{text}\" is not known; use one of: {known}"),
            Self::NotAVillage { code } => format!("\"{code}\" is not a twelve-digit village code of this county"),
            Self::NotARegion { code } => {
                format!("\"{code}\" is not the code of this county or a town or village in it")
            }
            Self::OutOfRange { value, least, most } => format!("{value} is not between {least} and {most}"),
            Self::DayOutOfRange => "the day is not between 2000 and 2199".into(),
            Self::EndsBeforeStart => "ends before it starts".into(),
            Self::LastsTooLong => "a stream lasts less than 24 hours".into(),
            Self::NotRising => "low ≤ mid ≤ high must hold".into(),
            Self::SamePerson => "must be entered and approved by two different people".into(),
            Self::Households { count } => format!("names {count} households; 1 to 8 are possible"),
            Self::OverWhole { sum_bp } => format!("sums to {sum_bp}, more than 10000"),
            Self::OtherProduct => "a listing never changes its product; make another listing".into(),
            Self::OtherPlatform => "a shop never changes its platform; make another shop".into(),
            Self::NotFourDigits => "must be four digits in quotes, as \"0042\"".into(),
            Self::SharesAndLots => "goods of a day come by shares or from lots, not both".into(),
            Self::WeighedOtherwise => {
                "is known otherwise: a weighing is corrected on its lot's page, not by a file, and a closed lot takes no more".into()
            }
            Self::PriceNeeded => "these goods are bought on that day and their terms do not fix one price: write the agreed \
                price here, in fen per kilogram, or their terms' price first"
                .into(),
        }
    }
}

/// The faults as lines for a person, and how many more there are.
pub fn lines(faults: &[Fault], more: usize, lang: Lang) -> String {
    let mut text = String::new();
    for Fault { place, flaw } in faults {
        let flaw = match lang {
            Lang::Zh => flaw.zh(),
            Lang::En => flaw.en(),
        };
        write!(text, "\n  {place}: {flaw}").expect("writing to a string");
    }
    if more > 0 {
        let rest = match lang {
            Lang::Zh => format!("\n  ……还有 {more} 处"),
            Lang::En => format!("\n  … and {more} more"),
        };
        text.push_str(&rest);
    }
    text
}
