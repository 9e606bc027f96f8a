//! A list of households (农户花名册) as it is typed or filled in: rows of name, phone, village, category, consent, and what
//! is wrong with each; which households that are there already a row looks like.
//!
//! Rules that must hold: a row is read or its fault is named, and nothing that was typed is lost; nobody is taken for
//! somebody else by the program: what looks alike is for a person to decide; of a phone the whole number is compared and
//! never kept.
//!
//! Not here: the file (`ingest::files::roll_sheet`), what is written (`services::roll`).

use super::calendar::{Day, parse_day};
use super::lang::Lang;
use super::ledger::book::Category;
use super::regions::RegionCode;
use rustc_hash::{FxHashMap, FxHashSet};

/// Digits of a village's code.
const VILLAGE_DIGITS: usize = 12;
/// Digits of a phone that a slip asks for.
const LAST: usize = 4;
/// Digits of a whole phone number, with or without an area code.
const WHOLE: std::ops::RangeInclusive<usize> = 7..=12;
/// Characters of a name.
const MOST_NAME: usize = 40;
/// What a filled-in example begins with: its row is no household.
pub const EXAMPLE: &str = "示例";

/// A household as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedHousehold {
    pub key: String,
    pub name: String,
    pub phone: String,
    pub town: String,
    pub village: String,
    pub category: String,
    pub category_from: String,
    pub consent_on: String,
    pub operator: String,
}

/// The columns of a list, in the order of the blank one: name in the form, and the headings it is recognised by, of which
/// the blank list has the first.
pub const FIELDS: [(&str, &[&str]); 9] = [
    ("key", &["编号", "户编号", "农户编号", "key"]),
    ("name", &["姓名", "户主", "户主姓名", "农户姓名", "农户", "name"]),
    ("phone", &["手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "phone"]),
    ("town", &["乡镇", "所在乡镇", "镇", "乡", "town"]),
    ("village", &["村", "村名", "行政村", "所在村", "村（社区）", "village"]),
    ("category", &["类别", "农户类别", "户类别", "户类型", "农户类型", "category"]),
    ("category_from", &["类别起始日", "类别日期", "认定日期", "纳入日期", "categoryfrom"]),
    ("consent_on", &["同意日期", "授权日期", "同意登记日期", "consent"]),
    ("operator", &["上级合作社", "合作社", "所属合作社", "所在合作社", "经营主体", "cooperative"]),
];

impl TypedHousehold {
    /// In the order of [`FIELDS`].
    pub fn of(values: [&str; 9]) -> Self {
        let [key, name, phone, town, village, category, category_from, consent_on, operator] =
            values.map(|v| v.trim().to_owned());
        Self { key, name, phone, town, village, category, category_from, consent_on, operator }
    }

    /// In the order of [`FIELDS`].
    pub fn values(&self) -> [&str; 9] {
        [
            &self.key,
            &self.name,
            &self.phone,
            &self.town,
            &self.village,
            &self.category,
            &self.category_from,
            &self.consent_on,
            &self.operator,
        ]
    }

    /// Puts a value into the field of a name; other names are nobody's.
    pub fn set(&mut self, field: &str, value: &str) {
        let place = match field {
            "key" => &mut self.key,
            "name" => &mut self.name,
            "phone" => &mut self.phone,
            "town" => &mut self.town,
            "village" => &mut self.village,
            "category" => &mut self.category,
            "category_from" => &mut self.category_from,
            "consent_on" => &mut self.consent_on,
            "operator" => &mut self.operator,
            _ => return,
        };
        value.trim().clone_into(place);
    }

    /// Nothing was typed, or it is the example of the blank list.
    pub fn is_none(&self) -> bool {
        self.values().iter().all(|v| v.is_empty()) || self.values().iter().any(|v| v.starts_with(EXAMPLE))
    }
}

/// A phone as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phone {
    None,
    /// Only its end was typed.
    Last4(String),
    Whole(String),
}

impl Phone {
    /// Reads digits with spaces, dashes or a country code; `None` for what is no phone.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '（' | '）')).collect();
        let plain = plain.strip_prefix("+86").unwrap_or(&plain);
        if plain.is_empty() {
            return Some(Self::None);
        }
        if !plain.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match plain.len() {
            LAST => Some(Self::Last4(plain.to_owned())),
            n if WHOLE.contains(&n) => Some(Self::Whole(plain.to_owned())),
            _ => None,
        }
    }

    /// The end of the number.
    pub fn last4(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Last4(digits) => Some(digits),
            Self::Whole(digits) => digits.get(digits.len() - LAST..),
        }
    }

    /// The whole number, where it was typed.
    pub fn whole(&self) -> Option<&str> {
        if let Self::Whole(digits) = self { Some(digits) } else { None }
    }
}

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

/// A household that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub farmer_id: i64,
    pub key: String,
    pub name: String,
    pub village: String,
    /// Of its phone; '' where none is known.
    pub mark: String,
}

/// Why a row looks like a household that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alike {
    /// The list names it by its number.
    Key,
    Phone,
    /// Same name in the same village.
    Name,
    /// A row above has the same phone, or the same name in the same village; no household of the county has.
    Row,
}

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    New,
    /// Why, and the household; 0 where it is a row above.
    Alike(Alike, i64),
    Wrong(RollFault),
}

/// What each row of a list is; `mark` hashes a whole phone number as the known ones were.
pub fn judge(rows: &[Result<Household, RollFault>], known: &[Known], mark: impl Fn(&str) -> String) -> Vec<Standing> {
    let by_key: FxHashMap<&str, i64> = known.iter().map(|k| (k.key.as_str(), k.farmer_id)).collect();
    let by_mark: FxHashMap<&str, i64> =
        known.iter().filter(|k| !k.mark.is_empty()).map(|k| (k.mark.as_str(), k.farmer_id)).collect();
    let by_name: FxHashMap<(&str, &str), i64> =
        known.iter().map(|k| ((k.name.as_str(), k.village.as_str()), k.farmer_id)).collect();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut standings = Vec::with_capacity(rows.len());
    for row in rows {
        let household = match row {
            Ok(household) => household,
            Err(fault) => {
                standings.push(Standing::Wrong(*fault));
                continue;
            }
        };
        let village = household.village.to_string();
        let marked = household.phone.whole().map(&mark);
        let digits = household.phone.whole().or_else(|| household.phone.last4());
        let mut same: Vec<String> =
            digits.iter().map(|digits| format!("all {village} {} {digits}", household.name)).collect();
        same.extend((!household.key.is_empty()).then(|| format!("key {}", household.key)));
        if same.iter().any(|sign| seen.contains(sign)) {
            standings.push(Standing::Wrong(RollFault::TwiceInList));
            continue;
        }
        let mut alike_row = vec![format!("name {village} {}", household.name)];
        alike_row.extend(marked.iter().map(|mark| format!("phone {mark}")));
        let looks_like_a_row = alike_row.iter().any(|sign| seen.contains(sign));
        seen.extend(same);
        seen.extend(alike_row);
        let alike = (!household.key.is_empty())
            .then(|| by_key.get(household.key.as_str()))
            .flatten()
            .map(|&id| (Alike::Key, id))
            .or_else(|| by_mark.get(marked.as_deref()?).map(|&id| (Alike::Phone, id)))
            .or_else(|| by_name.get(&(household.name.as_str(), village.as_str())).map(|&id| (Alike::Name, id)))
            .or_else(|| looks_like_a_row.then_some((Alike::Row, 0)));
        standings.push(alike.map_or(Standing::New, |(why, id)| Standing::Alike(why, id)));
    }
    standings
}

/// What a person decided about a row that looks like a household that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    #[default]
    Skip,
    /// It is that household: what the row says is written to it.
    Update,
    /// It is another one.
    New,
}

impl Choice {
    pub const ALL: [Self; 3] = [Self::Skip, Self::Update, Self::New];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Update => "update",
            Self::New => "new",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.key() == key)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    fn nameable() -> Nameable {
        let region = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        Nameable {
            regions: vec![
                region("360827101", "雩田镇"),
                region("360827102", "碧洲镇"),
                region("360827101201", "新村村委会"),
                region("360827102201", "新村村委会"),
                region("360827102202", "丰林村委会"),
                region("360827102001", "丰林居委会"),
            ],
            operators: vec![(7, "op".into(), "示范合作社".into())],
        }
    }

    fn today() -> Day {
        parse_day("2026-02-24").unwrap()
    }

    fn typed() -> TypedHousehold {
        let values =
            ["", "陈示范", "138 0000-0042", "碧洲镇", "丰林村", "脱贫户", "2021-01-01", "2026-01-05", "示范合作社"];
        TypedHousehold::of(values)
    }

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

    #[test]
    fn rows_that_look_like_a_household_are_named_and_nobody_is_taken_for_another() {
        let known = |farmer_id, key: &str, name: &str, mark: &str| Known {
            farmer_id,
            key: key.into(),
            name: name.into(),
            village: "360827102202".into(),
            mark: mark.into(),
        };
        let known = [known(1, "f1", "李示范", "<13800000042>"), known(2, "f2", "王示范", "")];
        let row = |change: fn(&mut TypedHousehold)| {
            let mut household = typed();
            household.phone = String::new();
            change(&mut household);
            read(&household, today(), &nameable())
        };
        let rows = [
            row(|h| h.phone = "13800000042".into()),
            row(|h| h.name = "王示范".into()),
            row(|h| (h.name, h.key) = ("何示范".into(), "f2".into())),
            row(|h| h.name = "刘示范".into()),
            row(|h| h.name = "刘示范".into()),
            row(|h| (h.name, h.phone) = ("刘示范".into(), "13800000077".into())),
            row(|h| (h.name, h.phone) = ("刘示范".into(), "13800000077".into())),
            row(|h| (h.name, h.key) = ("周示范".into(), "f9".into())),
            row(|h| (h.name, h.key) = ("吴示范".into(), "f9".into())),
            row(|h| h.name = String::new()),
        ];
        let expected = [
            Standing::Alike(Alike::Phone, 1),
            Standing::Alike(Alike::Name, 2),
            Standing::Alike(Alike::Key, 2),
            Standing::New,
            Standing::Alike(Alike::Row, 0),
            Standing::Alike(Alike::Row, 0),
            Standing::Wrong(RollFault::TwiceInList),
            Standing::New,
            Standing::Wrong(RollFault::TwiceInList),
            Standing::Wrong(RollFault::Name),
        ];
        assert_eq!(judge(&rows, &known, |phone| format!("<{phone}>")), expected);
    }

    #[test]
    fn the_example_of_the_blank_list_is_no_household() {
        assert!(TypedHousehold::default().is_none());
        assert!(TypedHousehold { name: "示例：张某".into(), ..typed() }.is_none());
        assert!(!typed().is_none());
    }
}
