//! The price book (基准价): a price as it is typed, and the weeks of a product with what was sold in them and whether
//! it had a price.
//!
//! Rules that must hold: a price names its product, place, days, three rising amounts and its source, or is not one; a
//! week whose goods have no price is shown before it costs a figure, also one that is still to come.
//!
//! Not here: who enters and who approves (`services::price_book`), which price a sale takes (`ledger::book`).

use super::calendar::{Day, parse_day};
use super::regions::RegionCode;
use super::weighing::Unit;
use chrono::{Datelike, TimeDelta};

/// Longer than any season: a price that holds longer would be last season's.
pub const MOST_DAYS: i64 = 400;
/// Days of a week.
const WEEK: i64 = 7;

/// A price as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedPrice {
    pub product: String,
    pub region: String,
    pub from: String,
    pub to: String,
    pub low: String,
    pub mid: String,
    pub high: String,
    pub salvage: String,
    pub source: String,
}

/// The fields of a typed price, in the order of the form and the table: name in the form, heading in the table.
pub const FIELDS: [(&str, &str); 9] = [
    ("product", "货品编号 product"),
    ("region", "地区 region"),
    ("from", "从 from"),
    ("to", "到 to"),
    ("low", "低价 low"),
    ("mid", "中价 mid"),
    ("high", "高价 high"),
    ("salvage", "残值 salvage"),
    ("source", "来源 source"),
];

impl TypedPrice {
    /// In the order of [`FIELDS`].
    pub fn of(values: [&str; 9]) -> Self {
        let [product, region, from, to, low, mid, high, salvage, source] = values.map(|v| v.trim().to_owned());
        Self { product, region, from, to, low, mid, high, salvage, source }
    }

    /// In the order of [`FIELDS`].
    pub fn values(&self) -> [&str; 9] {
        [
            &self.product,
            &self.region,
            &self.from,
            &self.to,
            &self.low,
            &self.mid,
            &self.high,
            &self.salvage,
            &self.source,
        ]
    }

    /// No amount was typed: a row of a table that nobody filled in.
    pub fn is_empty(&self) -> bool {
        [&self.low, &self.mid, &self.high].into_iter().all(String::is_empty)
    }
}

/// A price that was read, fen per kilogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrice {
    pub product_id: i64,
    pub region: RegionCode,
    pub valid_from: Day,
    pub valid_to: Day,
    pub low: i64,
    pub mid: i64,
    pub high: i64,
    pub salvage: Option<i64>,
    pub source: String,
}

/// What is wrong with a typed price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceFault {
    Product,
    Region,
    Days,
    Amounts,
    NotRising,
    Source,
}

/// What a typed price may name.
#[derive(Debug, Clone, Default)]
pub struct Nameable {
    /// Number, key and name of each product.
    pub products: Vec<(i64, String, String)>,
    /// Code and name of the county and each region in it.
    pub regions: Vec<(String, String)>,
}

impl Nameable {
    fn product(&self, text: &str) -> Option<i64> {
        self.products.iter().find(|(_, key, name)| key == text || name == text).map(|(id, ..)| *id)
    }

    /// A region by its code, or by its name where no other has it.
    fn region(&self, text: &str) -> Option<RegionCode> {
        if let Some(code) = RegionCode::parse(text) {
            return self.regions.iter().any(|(known, _)| *known == code.to_string()).then_some(code);
        }
        let mut named = self.regions.iter().filter(|(_, name)| name == text);
        match (named.next(), named.next()) {
            (Some((code, _)), None) => RegionCode::parse(code),
            _ => None,
        }
    }
}

/// Reads a typed price.
pub fn read(typed: &TypedPrice, unit: Unit, nameable: &Nameable) -> Result<NewPrice, PriceFault> {
    let amount = |text: &str| unit.fen_per_kg(text).filter(|&fen| fen > 0).ok_or(PriceFault::Amounts);
    let product_id = nameable.product(&typed.product).ok_or(PriceFault::Product)?;
    let region = nameable.region(&typed.region).ok_or(PriceFault::Region)?;
    let day = |text: &str| parse_day(text).ok_or(PriceFault::Days);
    let (valid_from, valid_to) = (day(&typed.from)?, day(&typed.to)?);
    if !(0..MOST_DAYS).contains(&(valid_to - valid_from).num_days()) {
        return Err(PriceFault::Days);
    }
    let (low, mid, high) = (amount(&typed.low)?, amount(&typed.mid)?, amount(&typed.high)?);
    if low > mid || mid > high {
        return Err(PriceFault::NotRising);
    }
    let salvage = if typed.salvage.is_empty() { None } else { Some(amount(&typed.salvage)?) };
    if typed.source.is_empty() {
        return Err(PriceFault::Source);
    }
    Ok(NewPrice { product_id, region, valid_from, valid_to, low, mid, high, salvage, source: typed.source.clone() })
}

/// The Monday of a day's week.
pub fn monday(on: Day) -> Day {
    on - TimeDelta::days(on.weekday().num_days_from_monday().into())
}

/// A week of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    pub monday: Day,
    /// Lines sold, and those of them that had no price: already outside the figures.
    pub lines: i64,
    pub without_price: i64,
    /// Weight taken in by lots.
    pub taken_in_g: i64,
    /// Days of the week for which no region has a price.
    pub days_without: i64,
    /// Places in the list of prices of those valid in the week.
    pub prices: Vec<usize>,
}

impl Week {
    /// Whether somebody has to enter a price: goods went without one, or will, if `expected`.
    pub fn is_gap(&self, expected: bool) -> bool {
        let goods = self.lines > 0 || self.taken_in_g > 0 || expected;
        self.without_price > 0 || (goods && self.days_without > 0)
    }
}

/// What happened on a day: lines sold, lines without a price, grams taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOf {
    pub on: Day,
    pub lines: i64,
    pub without_price: i64,
    pub taken_in_g: i64,
}

/// The weeks between two days, the last first: `prices` are the spans of the product's prices.
pub fn weeks(from: Day, to: Day, days: &[DayOf], prices: &[(Day, Day)]) -> Vec<Week> {
    let mut weeks = Vec::new();
    let mut first = monday(from);
    while first <= to {
        let last = first + TimeDelta::days(WEEK - 1);
        let mut week =
            Week { monday: first, lines: 0, without_price: 0, taken_in_g: 0, days_without: 0, prices: Vec::new() };
        for day in days.iter().filter(|d| (first..=last).contains(&d.on)) {
            week.lines += day.lines;
            week.without_price += day.without_price;
            week.taken_in_g += day.taken_in_g;
        }
        week.prices.extend((0..prices.len()).filter(|&i| prices[i].0 <= last && first <= prices[i].1));
        for on in (0..WEEK).map(|n| first + TimeDelta::days(n)) {
            let priced = week.prices.iter().any(|&i| (prices[i].0..=prices[i].1).contains(&on));
            week.days_without += i64::from(!priced);
        }
        weeks.push(week);
        first = last + TimeDelta::days(1);
    }
    weeks.reverse();
    weeks
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn nameable() -> Nameable {
        let region = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        Nameable {
            products: vec![(1, "kumquat".into(), "金桔".into())],
            regions: vec![
                region("360827", "遂川县"),
                region("360827101", "雩田镇"),
                region("360827101201", "新村"),
                region("360827102201", "新村"),
            ],
        }
    }

    fn typed() -> TypedPrice {
        TypedPrice::of(["金桔", "雩田镇", "2026-01-05", "2026-01-11", "2.88", "3.20", "3.52", "", "三家收购商平均"])
    }

    #[test]
    fn a_price_is_read_by_names_or_codes_and_in_either_unit() {
        let price = read(&typed(), Unit::Jin, &nameable()).unwrap();
        assert_eq!((price.low, price.mid, price.high, price.salvage), (576, 640, 704, None));
        let by_code = TypedPrice { region: "360827101".into(), product: "kumquat".into(), ..typed() };
        let kilograms = read(&by_code, Unit::Kilogram, &nameable()).unwrap();
        assert_eq!((kilograms.mid, kilograms.region), (320, price.region));
    }

    #[test]
    fn a_price_without_something_is_none() {
        let fault = |change: fn(&mut TypedPrice)| {
            let mut price = typed();
            change(&mut price);
            read(&price, Unit::Jin, &nameable()).unwrap_err()
        };
        assert_eq!(fault(|p| p.product = "梨".into()), PriceFault::Product);
        assert_eq!(fault(|p| p.region = "新村".into()), PriceFault::Region, "two villages of that name");
        assert_eq!(fault(|p| p.region = "360828".into()), PriceFault::Region);
        assert_eq!(fault(|p| p.to = "2026-01-04".into()), PriceFault::Days);
        assert_eq!(fault(|p| p.to = "2027-03-04".into()), PriceFault::Days);
        assert_eq!(fault(|p| p.low = "3.3".into()), PriceFault::NotRising);
        assert_eq!(fault(|p| p.mid = "0".into()), PriceFault::Amounts);
        assert_eq!(fault(|p| p.source = String::new()), PriceFault::Source);
        assert_eq!(TypedPrice::of(typed().values()), typed());
    }

    #[test]
    fn a_week_says_what_went_without_a_price_and_what_will() {
        let sold = |on: &str, lines, without_price| DayOf { on: day(on), lines, without_price, taken_in_g: 0 };
        let days = [sold("2026-01-06", 5, 0), sold("2026-01-13", 4, 3)];
        let prices = [(day("2026-01-05"), day("2026-01-11")), (day("2026-01-12"), day("2026-01-14"))];
        let weeks = weeks(day("2026-01-07"), day("2026-01-20"), &days, &prices);
        let said: Vec<_> =
            weeks.iter().map(|w| (w.monday.to_string(), w.lines, w.without_price, w.days_without)).collect();
        let expected = [("2026-01-19", 0, 0, 7), ("2026-01-12", 4, 3, 4), ("2026-01-05", 5, 0, 0)];
        assert_eq!(said, expected.map(|(on, lines, without, days)| (on.to_owned(), lines, without, days)));
        assert_eq!(weeks.iter().map(|w| w.is_gap(false)).collect::<Vec<_>>(), [false, true, false]);
        assert!(weeks[0].is_gap(true), "goods are expected");
        assert_eq!(weeks[1].prices, [1]);
    }
}
