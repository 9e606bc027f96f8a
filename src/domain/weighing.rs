//! A weighing list as it is typed: rows of household, weight, grade and price, in kilograms or 斤 (500 g).
//!
//! Rule that must hold: a row is read or its fault is named, and nothing that was typed is lost; an amount that does not
//! come out at whole grams or fen is a slip of the finger, never rounded. Empty rows are no rows.
//!
//! Not here: the page (`web::branch::weighing`), writing a lot (`services::lots`).

use super::money::{GRAMS_PER_JIN, GRAMS_PER_KG};
use rust_decimal::Decimal;

/// Heavier than one household brings in a day: ten tonnes.
const MOST_G: i64 = 10_000_000;
/// Dearer than any goods of ours: 100,000 yuan a kilogram.
const MOST_FEN_PER_KG: i64 = 10_000_000;

/// What a list is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    #[default]
    Jin,
    Kilogram,
}

impl Unit {
    pub const ALL: [Self; 2] = [Self::Jin, Self::Kilogram];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Jin => "jin",
            Self::Kilogram => "kg",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.key() == key)
    }

    const fn grams(self) -> i64 {
        match self {
            Self::Jin => GRAMS_PER_JIN,
            Self::Kilogram => GRAMS_PER_KG,
        }
    }

    /// A weight as typed, in grams.
    pub fn weight_g(self, text: &str) -> Option<i64> {
        scaled(text, self.grams()).filter(|g| (1..=MOST_G).contains(g))
    }

    /// A price as typed, yuan per unit, in fen per kilogram; empty is none.
    pub fn fen_per_kg(self, text: &str) -> Option<i64> {
        if text.trim().is_empty() {
            return Some(0);
        }
        let fen = scaled(text, 100 * GRAMS_PER_KG / self.grams())?;
        (0..=MOST_FEN_PER_KG).contains(&fen).then_some(fen)
    }
}

/// A decimal times a whole number, where that is whole.
fn scaled(text: &str, by: i64) -> Option<i64> {
    let cleaned: String = text.trim().chars().filter(|c| !matches!(c, ',' | '，' | '¥' | '￥')).collect();
    let value = cleaned.parse::<Decimal>().ok()?.checked_mul(Decimal::from(by))?.normalize();
    if value.scale() == 0 { i64::try_from(value).ok() } else { None }
}

/// A row as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedRow {
    /// Key or name.
    pub household: String,
    pub weight: String,
    pub grade: String,
    pub price: String,
}

impl TypedRow {
    pub fn is_empty(&self) -> bool {
        [&self.household, &self.weight, &self.grade, &self.price].into_iter().all(|text| text.trim().is_empty())
    }
}

/// A household as a list may name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub farmer_id: i64,
    pub key: String,
    pub name: String,
}

/// A row that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub farmer_id: i64,
    pub weight_g: i64,
    pub grade: String,
    /// 0 = as the listing's terms say.
    pub agreed_fen_per_kg: i64,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    NoHousehold,
    UnknownHousehold,
    /// Several households of that name; their keys.
    SeveralHouseholds {
        keys: Vec<String>,
    },
    BadWeight,
    BadPrice,
}

/// Reads every row, each by itself: `None` for an empty one.
pub fn read(rows: &[TypedRow], unit: Unit, households: &[Named]) -> Vec<Option<Result<Weighed, RowFault>>> {
    rows.iter().map(|row| (!row.is_empty()).then(|| read_row(row, unit, households))).collect()
}

fn read_row(row: &TypedRow, unit: Unit, households: &[Named]) -> Result<Weighed, RowFault> {
    let farmer_id = household(row.household.trim(), households)?;
    let weight_g = unit.weight_g(&row.weight).ok_or(RowFault::BadWeight)?;
    let agreed_fen_per_kg = unit.fen_per_kg(&row.price).ok_or(RowFault::BadPrice)?;
    Ok(Weighed { farmer_id, weight_g, grade: row.grade.trim().to_owned(), agreed_fen_per_kg })
}

/// The household of a key, else the only one of a name.
fn household(text: &str, households: &[Named]) -> Result<i64, RowFault> {
    if text.is_empty() {
        return Err(RowFault::NoHousehold);
    }
    if let Some(one) = households.iter().find(|h| h.key.eq_ignore_ascii_case(text)) {
        return Ok(one.farmer_id);
    }
    let named: Vec<&Named> = households.iter().filter(|h| h.name == text).collect();
    match named.as_slice() {
        [] => Err(RowFault::UnknownHousehold),
        [one] => Ok(one.farmer_id),
        several => Err(RowFault::SeveralHouseholds { keys: several.iter().map(|h| h.key.clone()).collect() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(household: &str, weight: &str, price: &str) -> TypedRow {
        TypedRow { household: household.into(), weight: weight.into(), grade: " 一级 ".into(), price: price.into() }
    }

    fn households() -> Vec<Named> {
        [(1, "f1", "陈一"), (2, "f2", "李二"), (3, "f3", "李二")]
            .map(|(farmer_id, key, name)| Named { farmer_id, key: key.into(), name: name.into() })
            .into()
    }

    #[test]
    fn a_list_in_jin_and_one_in_kilograms_say_the_same() {
        assert_eq!((Unit::Jin.weight_g("105.5"), Unit::Kilogram.weight_g("52.75")), (Some(52_750), Some(52_750)));
        assert_eq!((Unit::Jin.fen_per_kg("3.7"), Unit::Kilogram.fen_per_kg("¥7.40")), (Some(740), Some(740)));
        assert_eq!(Unit::Jin.fen_per_kg(" "), Some(0));
    }

    #[test]
    fn what_is_no_weight_is_refused_and_never_rounded() {
        for text in ["", "0", "-3", "0.0001", "12a", "1e9", "99999999"] {
            assert_eq!(Unit::Jin.weight_g(text), None, "{text:?}");
        }
        assert_eq!(Unit::Kilogram.fen_per_kg("1.005"), None);
    }

    #[test]
    fn each_row_is_read_or_its_fault_is_named() {
        let rows = [
            typed("F1", "10", ""),
            typed("陈一", "10", "3.70"),
            typed("李二", "10", ""),
            typed("王五", "10", ""),
            typed("f2", "十", ""),
            typed("f2", "10", "x"),
            typed("", "10", ""),
            TypedRow::default(),
        ];
        let read = read(&rows, Unit::Jin, &households());
        let weighed = |agreed_fen_per_kg| {
            Some(Ok(Weighed { farmer_id: 1, weight_g: 5_000, grade: "一级".into(), agreed_fen_per_kg }))
        };
        assert_eq!(read[..2], [weighed(0), weighed(740)]);
        let several = RowFault::SeveralHouseholds { keys: vec!["f2".into(), "f3".into()] };
        let faults = [several, RowFault::UnknownHousehold, RowFault::BadWeight, RowFault::BadPrice];
        assert_eq!(read[2..6], faults.map(|fault| Some(Err(fault))));
        assert_eq!(read[6..], [Some(Err(RowFault::NoHousehold)), None]);
    }
}
