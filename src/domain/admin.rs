//! The county's administrative tree: province, prefecture, county, towns and villages with their national codes.
//!
//! The towns and villages are a public table (data/admin/, WTFPL beside it) compiled into the binary, so that a fresh
//! database knows its regions without a download. The three levels above the county are written out here because the
//! table starts at the town.
//!
//! Rule that must hold: every code is unpadded and unique, and its parent is in the tree too.
//!
//! Not here: how codes nest ([`super::regions`]), the stored `region` table (`store::regions`).

use super::regions::RegionCode;

const TOWNS: &str = include_str!("../../data/admin/suichuan_360827_towns.csv");
const VILLAGES: &str = include_str!("../../data/admin/suichuan_360827_villages.csv");
const ABOVE: [(&str, &str); 3] = [("36", "江西省"), ("3608", "吉安市"), ("360827", "遂川县")];

/// How deep in the tree a region lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Province,
    Prefecture,
    County,
    /// Town, township, park or forest farm.
    Town,
    /// Village or neighbourhood.
    Village,
}

impl Level {
    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Town => "town",
            Self::Village => "village",
        }
    }

    fn of(code: RegionCode) -> Self {
        match code.digits() {
            2 => Self::Province,
            4 => Self::Prefecture,
            6 => Self::County,
            9 => Self::Town,
            _ => Self::Village,
        }
    }
}

/// A place with its official name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub code: RegionCode,
    pub name: String,
    pub level: Level,
}

/// The whole tree, parents before their children.
pub fn regions() -> Vec<Region> {
    let mut all: Vec<Region> = ABOVE.iter().map(|(code, name)| region(code, name)).collect();
    for table in [TOWNS, VILLAGES] {
        let mut rows = csv::Reader::from_reader(table.as_bytes());
        for row in rows.records() {
            let row = row.expect("the compiled-in table is well formed; a test reads all of it");
            all.push(region(&row[0], &row[1]));
        }
    }
    all
}

fn region(code: &str, name: &str) -> Region {
    let code = RegionCode::parse(code).expect("the compiled-in table holds national codes; a test reads all of it");
    Region { code, name: name.to_owned(), level: Level::of(code) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_tree_has_every_town_and_village_once_and_no_orphan() {
        let all = regions();
        let count = |level| all.iter().filter(|r| r.level == level).count();
        assert_eq!((count(Level::County), count(Level::Town), count(Level::Village)), (1, 26, 354));
        let mut known = BTreeSet::new();
        for r in &all {
            let parent = match r.level {
                Level::Province => None,
                Level::Prefecture => Some(2),
                Level::County => Some(4),
                Level::Town => Some(6),
                Level::Village => Some(9),
            };
            assert!(
                parent.is_none_or(|digits| known.contains(&r.code.ancestor(digits))),
                "{r:?} has no parent before it"
            );
            assert!(known.insert(r.code), "{r:?} stands twice");
            assert!(!r.name.is_empty());
        }
    }
}
