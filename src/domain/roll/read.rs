//! Reading a typed household: villages and co-operatives by the names people write, categories, days; what is wrong with it.

use super::typed::{Phone, TypedHousehold};
use crate::domain::calendar::{Day, parse_day};
use crate::domain::lang::Lang;
use crate::domain::ledger::book::Category;
use crate::domain::regions::RegionCode;

/// Digits of a village's code.
const VILLAGE_DIGITS: usize = 12;
/// Characters of a name.
const MOST_NAME: usize = 40;
/// A household that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// '' for one that is still to be given.
    pub key: String,
    pub name: String,
    pub phone: Phone,
    pub village: RegionCode,
    /// Category and since when.
    pub category: Option<(Category, Day)>,
    pub consent_on: Option<Day>,
    /// Number of the co-operative.
    pub operator_id: Option<i64>,
}

/// What is wrong with a typed household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollFault {
    Key,
    Name,
    Phone,
    Village,
    /// Several villages have the name.
    VillageTwice,
    Category,
    /// 监测户 is three categories.
    CategoryOfThree,
    CategoryDay,
    ConsentDay,
    Operator,
    /// Another row of the list has the same key, or the same name, village and phone.
    TwiceInList,
}

impl RollFault {
    /// For the person who typed it.
    pub const fn text(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Key => ("编号只能用文字、数字、- _ .，最多 40 个字", "a key is letters, digits, - _ ., 40 at most"),
            Self::Name => ("没有姓名，或者姓名里有数字", "no name, or digits in it"),
            Self::Phone => ("手机要写整个号码，或者只写最后 4 位", "a phone is a whole number, or its last 4 digits"),
            Self::Village => ("没有这个村，请写村名或 12 位代码", "no such village: its name or 12-digit code"),
            Self::VillageTwice => (
                "几个乡镇都有这个村名，请补乡镇或写代码",
                "several villages of that name: add the town or write the code",
            ),
            Self::Category => (
                "类别不认识：一般户、脱贫户、脱贫不稳定户、边缘易致贫户、突发严重困难户",
                "an unknown category: 一般户, 脱贫户, 脱贫不稳定户, 边缘易致贫户 or 突发严重困难户",
            ),
            Self::CategoryOfThree => (
                "监测户请写明是哪一种：脱贫不稳定户、边缘易致贫户、突发严重困难户",
                "监测户 is three categories: write 脱贫不稳定户, 边缘易致贫户 or 突发严重困难户",
            ),
            Self::CategoryDay => {
                ("写了类别，就要写从哪天起，不能在今天以后", "a category needs its first day, today at the latest")
            }
            Self::ConsentDay => ("同意日期不对，不能在今天以后", "the day of consent is none, or has not come"),
            Self::Operator => ("没有这个合作社，请写系统里的名称或编号", "no such co-operative: its name or key here"),
            Self::TwiceInList => ("和前面一行是同一户", "the same household as a row above"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// What a typed household may name.
#[derive(Debug, Clone, Default)]
pub struct Nameable {
    /// Code and name of each region of the county.
    pub regions: Vec<(String, String)>,
    /// Number, key and name of each operator.
    pub operators: Vec<(i64, String, String)>,
}

impl Nameable {
    fn village(&self, town: &str, village: &str) -> Result<RegionCode, RollFault> {
        if let Some(code) = RegionCode::parse(village).filter(|code| code.digits() == VILLAGE_DIGITS) {
            let known = self.regions.iter().any(|(one, _)| *one == code.to_string());
            return if known { Ok(code) } else { Err(RollFault::Village) };
        }
        if village.is_empty() {
            return Err(RollFault::Village);
        }
        let (wanted, kind) = parts(village);
        let named = |name: &str| {
            let (stem, own) = parts(name);
            // a name may end as offices end names: 新村 is 新村村委会
            name == village || stem == village || (stem == wanted && kind == own)
        };
        let in_town = |code: RegionCode| {
            let town_code = code.town().map(|town| town.to_string());
            town.is_empty()
                || self
                    .regions
                    .iter()
                    .any(|(one, name)| Some(one) == town_code.as_ref() && (name == town || one == town))
        };
        let mut found = self.regions.iter().filter_map(|(code, name)| {
            let code = RegionCode::parse(code)?;
            (code.digits() == VILLAGE_DIGITS && named(name) && in_town(code)).then_some(code)
        });
        match (found.next(), found.next()) {
            (Some(code), None) => Ok(code),
            (None, _) => Err(RollFault::Village),
            _ => Err(RollFault::VillageTwice),
        }
    }

    fn operator(&self, text: &str) -> Result<Option<i64>, RollFault> {
        if text.is_empty() {
            return Ok(None);
        }
        let found = self.operators.iter().find(|(_, key, name)| key == text || name == text);
        found.map(|(id, ..)| Some(*id)).ok_or(RollFault::Operator)
    }
}

/// What a village or a neighbourhood is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Village,
    Neighbourhood,
}

/// What offices put behind a name, the longer before the shorter.
const ENDS: [(&str, Kind); 8] = [
    ("社区居民委员会", Kind::Neighbourhood),
    ("社区居委会", Kind::Neighbourhood),
    ("居民委员会", Kind::Neighbourhood),
    ("居委会", Kind::Neighbourhood),
    ("社区", Kind::Neighbourhood),
    ("村民委员会", Kind::Village),
    ("村委会", Kind::Village),
    ("村", Kind::Village),
];

/// A name without its end, and what the end says it is: a village and the neighbourhood beside it often share the rest.
fn parts(name: &str) -> (&str, Option<Kind>) {
    let cut = |(end, kind): &(&str, Kind)| Some((name.strip_suffix(end).filter(|rest| !rest.is_empty())?, Some(*kind)));
    ENDS.iter().find_map(cut).unwrap_or((name, None))
}

/// A category by its key or as people write it.
pub fn category(text: &str) -> Result<Category, RollFault> {
    match text.trim() {
        "一般户" | "一般农户" | "普通户" => Ok(Category::General),
        "脱贫户" => Ok(Category::Lifted),
        "脱贫不稳定户" => Ok(Category::Unstable),
        "边缘易致贫户" | "边缘户" => Ok(Category::Marginal),
        "突发严重困难户" | "突困户" => Ok(Category::Hardship),
        "监测户" => Err(RollFault::CategoryOfThree),
        other => Category::parse(other).filter(|c| *c != Category::None).ok_or(RollFault::Category),
    }
}

/// Reads a typed household.
pub fn read(typed: &TypedHousehold, today: Day, nameable: &Nameable) -> Result<Household, RollFault> {
    let key_like = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if typed.key.chars().count() > MOST_NAME || !typed.key.chars().all(key_like) {
        return Err(RollFault::Key);
    }
    let name = typed.name.trim();
    if name.is_empty() || name.chars().count() > MOST_NAME || name.chars().any(|c| c.is_control() || c.is_ascii_digit())
    {
        return Err(RollFault::Name);
    }
    let phone = Phone::parse(&typed.phone).ok_or(RollFault::Phone)?;
    let village = nameable.village(&typed.town, &typed.village)?;
    let past = |text: &str, fault| parse_day(text).filter(|day| *day <= today).ok_or(fault);
    let category = match (typed.category.is_empty(), typed.category_from.is_empty()) {
        (true, true) => None,
        (true, false) => return Err(RollFault::Category),
        (false, _) => Some((category(&typed.category)?, past(&typed.category_from, RollFault::CategoryDay)?)),
    };
    let consent_on =
        if typed.consent_on.is_empty() { None } else { Some(past(&typed.consent_on, RollFault::ConsentDay)?) };
    let operator_id = nameable.operator(&typed.operator)?;
    Ok(Household { key: typed.key.clone(), name: name.to_owned(), phone, village, category, consent_on, operator_id })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::roll::sample::{nameable, today, typed};

    #[test]
    fn a_row_is_read_by_the_names_people_write() {
        let household = read(&typed(), today(), &nameable()).unwrap();
        assert_eq!(household.village.to_string(), "360827102202");
        assert_eq!((household.phone.last4(), household.phone.whole()), (Some("0042"), Some("13800000042")));
        assert_eq!(household.category, Some((Category::Lifted, parse_day("2021-01-01").unwrap())));
        assert_eq!(household.operator_id, Some(7));
        assert_eq!(TypedHousehold::of(typed().values()), typed());
        let only_the_end = TypedHousehold { phone: "0042".into(), ..typed() };
        assert_eq!(read(&only_the_end, today(), &nameable()).unwrap().phone.whole(), None);
    }

    #[test]
    fn what_is_wrong_with_a_row_is_named() {
        let fault = |change: fn(&mut TypedHousehold)| {
            let mut household = typed();
            change(&mut household);
            read(&household, today(), &nameable()).unwrap_err()
        };
        assert_eq!(fault(|h| h.name = String::new()), RollFault::Name);
        assert_eq!(fault(|h| h.name = "13800000000".into()), RollFault::Name, "columns that slipped");
        assert_eq!(fault(|h| h.phone = "1380000".repeat(3)), RollFault::Phone);
        assert_eq!(fault(|h| h.phone = "1.38E+10".into()), RollFault::Phone);
        assert_eq!(fault(|h| (h.town, h.village) = (String::new(), "新村".into())), RollFault::VillageTwice);
        assert_eq!(fault(|h| h.village = "没有村".into()), RollFault::Village);
        assert_eq!(fault(|h| h.village = "丰林".into()), RollFault::VillageTwice, "the village or the neighbourhood");
        assert_eq!(fault(|h| h.village = "360827999999".into()), RollFault::Village);
        assert_eq!(fault(|h| h.category = "监测户".into()), RollFault::CategoryOfThree);
        assert_eq!(fault(|h| h.category_from = String::new()), RollFault::CategoryDay);
        assert_eq!(fault(|h| h.consent_on = "2026-02-25".into()), RollFault::ConsentDay, "a day that has not come");
        assert_eq!(fault(|h| h.operator = "没有社".into()), RollFault::Operator);
        assert_eq!(fault(|h| h.key = "a b".into()), RollFault::Key);
        let towns = TypedHousehold { town: "雩田镇".into(), village: "新村".into(), ..typed() };
        assert_eq!(read(&towns, today(), &nameable()).unwrap().village.to_string(), "360827101201");
    }
}
