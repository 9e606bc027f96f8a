//! A table of people and what they attended, as a branch keeps it in a spreadsheet: a row a class somebody was in.
//!
//! Rules that must hold: a person is found by the whole name, and a name nobody has is a new person; two people of one name
//! are never guessed between; a row without a module is about the person alone.

use super::calendar::{Day, parse_day};

/// Columns: the form's name and the heading.
pub const FIELDS: [(&str, &str); 6] = [
    ("name", "姓名 name"),
    ("born", "出生日期 born"),
    ("module", "模块 module"),
    ("attended", "上课日 attended"),
    ("hours", "课时 hours"),
    ("passed", "考核通过日 passed"),
];
/// Class hours of the longest day.
const MOST_HOURS: i64 = 24;

/// A row as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedRow {
    pub name: String,
    pub born: String,
    pub module: String,
    pub attended: String,
    pub hours: String,
    pub passed: String,
}

impl TypedRow {
    /// Of the columns, in their order.
    pub fn of(values: [&str; 6]) -> Self {
        let [name, born, module, attended, hours, passed] = values.map(|value| value.trim().to_owned());
        Self { name, born, module, attended, hours, passed }
    }

    /// In the order of the columns.
    pub fn values(&self) -> [&str; 6] {
        [&self.name, &self.born, &self.module, &self.attended, &self.hours, &self.passed]
    }

    pub fn is_empty(&self) -> bool {
        self.values().iter().all(|value| value.is_empty())
    }
}

/// What rows may name: people and modules, each by number, with every name that means it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nameable {
    pub people: Vec<(i64, String)>,
    pub modules: Vec<(i64, Vec<String>)>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    NoName,
    SeveralPeople,
    UnknownModule,
    BadDay,
    BadHours,
}

/// A row that can be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRow {
    /// `None`: somebody new, of this name.
    pub anchor_id: Option<i64>,
    pub name: String,
    pub born_on: Option<Day>,
    /// `None`: about the person alone.
    pub sat: Option<Sat>,
}

/// A class somebody was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sat {
    pub module_id: i64,
    pub attended_on: Day,
    pub class_hours: i64,
    pub passed_on: Option<Day>,
}

/// Reads a row; nothing after today has happened.
pub fn read(row: &TypedRow, nameable: &Nameable, today: Day) -> Result<NewRow, RowFault> {
    if row.name.is_empty() {
        return Err(RowFault::NoName);
    }
    let mut same = nameable.people.iter().filter(|(_, name)| *name == row.name).map(|(id, _)| *id);
    let anchor_id = same.next();
    if same.next().is_some() {
        return Err(RowFault::SeveralPeople);
    }
    let day = |text: &str| parse_day(text).filter(|&day| day <= today).ok_or(RowFault::BadDay);
    let optional = |text: &str| if text.is_empty() { Ok(None) } else { day(text).map(Some) };
    let born_on = optional(&row.born)?;
    let sat = if row.module.is_empty() {
        None
    } else {
        let named = |names: &[String]| names.iter().any(|name| name.eq_ignore_ascii_case(&row.module));
        let module = nameable.modules.iter().find(|(_, names)| named(names)).ok_or(RowFault::UnknownModule)?;
        let hours = row.hours.parse().ok().filter(|hours| (0..=MOST_HOURS).contains(hours));
        let (attended_on, passed_on) = (day(&row.attended)?, optional(&row.passed)?);
        Some(Sat { module_id: module.0, attended_on, class_hours: hours.ok_or(RowFault::BadHours)?, passed_on })
    };
    Ok(NewRow { anchor_id, name: row.name.clone(), born_on, sat })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    fn nameable() -> Nameable {
        let people = [(1, "甲"), (2, "乙"), (3, "乙")].map(|(id, name)| (id, name.to_owned()));
        Nameable { people: people.into(), modules: vec![(7, vec!["rules".into(), "规则".into()])] }
    }

    fn judged(values: [&str; 6]) -> Result<NewRow, RowFault> {
        read(&TypedRow::of(values), &nameable(), parse_day("2026-03-01").unwrap())
    }

    #[test]
    fn a_row_is_a_class_of_somebody_known_or_new() {
        let row = judged(["甲", "", "Rules", "2026-02-01", "4", "2026-02-03"]).unwrap();
        let sat = row.sat.unwrap();
        assert_eq!((row.anchor_id, sat.module_id, sat.class_hours), (Some(1), 7, 4));
        let new = judged(["丙", "2001-05-06", "", "", "", ""]).unwrap();
        assert_eq!((new.anchor_id, new.sat), (None, None));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(judged(["", "", "规则", "2026-02-01", "4", ""]), Err(RowFault::NoName));
        assert_eq!(judged(["乙", "", "规则", "2026-02-01", "4", ""]), Err(RowFault::SeveralPeople));
        assert_eq!(judged(["甲", "", "别的", "2026-02-01", "4", ""]), Err(RowFault::UnknownModule));
        assert_eq!(judged(["甲", "", "规则", "2026-03-02", "4", ""]), Err(RowFault::BadDay), "it has not come");
        assert_eq!(judged(["甲", "", "规则", "2026-02-01", "25", ""]), Err(RowFault::BadHours));
    }
}
