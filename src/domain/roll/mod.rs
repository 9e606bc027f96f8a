//! A list of households (农户花名册) as it is typed or filled in: rows of name, phone, village, category, consent, and what
//! is wrong with each; which households that are there already a row looks like.
//!
//! Rules that must hold: a row is read or its fault is named, and nothing that was typed is lost; nobody is taken for
//! somebody else by the program: what looks alike is for a person to decide; of a phone the whole number is compared and
//! never kept.
//!
//! Not here: the file (`ingest::files::roll_sheet`), what is written (`services::roll`).
//!
//! [`typed`] holds what was typed and phones, [`read`] reads a household, [`judge`] says what each row of a list is.

mod judge;
mod read;
mod typed;

pub use judge::{Alike, Choice, Known, Standing, judge};
pub use read::{Household, Nameable, RollFault, category, read};
pub use typed::{EXAMPLE, FIELDS, Phone, TypedHousehold};

#[cfg(test)]
mod sample {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::{Nameable, TypedHousehold};
    use crate::domain::calendar::{Day, parse_day};

    pub fn nameable() -> Nameable {
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

    pub fn today() -> Day {
        parse_day("2026-02-24").unwrap()
    }

    pub fn typed() -> TypedHousehold {
        let values =
            ["", "陈示范", "138 0000-0042", "碧洲镇", "丰林村", "脱贫户", "2021-01-01", "2026-01-05", "示范合作社"];
        TypedHousehold::of(values)
    }
}
