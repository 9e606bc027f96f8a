//! The county's administrative tree: province, prefecture, county, towns and villages with their national codes.
//!
//! The towns and villages of the first county are a public table (data/admin/, WTFPL beside it) compiled into the binary, so
//! that a fresh database knows its regions without a download. The three levels above it are written out here because the
//! table starts at the town. Another county brings its own table ([`check`] is its rule).
//!
//! Rule that must hold: every code is unpadded and unique, and its parent is in the tree too.
//!
//! Not here: how codes nest ([`super::regions`]), the stored `region` table (`store::regions`).

use super::regions::RegionCode;
use std::collections::BTreeSet;

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

impl Region {
    /// From a table's code and name.
    pub fn read(code: &str, name: &str) -> Result<Self, RegionFault> {
        let code = RegionCode::parse(code).ok_or(RegionFault::NotACode)?;
        if name.is_empty() {
            return Err(RegionFault::NoName);
        }
        Ok(Self { code, name: name.to_owned(), level: Level::of(code) })
    }
}

/// What is wrong with a row of a county's table of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionFault {
    NotACode,
    NoName,
    /// Neither in the county nor above it.
    Elsewhere,
    /// The town of a village, or the county itself, is not in the table.
    NoParent,
    Twice,
}

/// Whether the rows of a table are a county's tree together with the regions `known` before: all of the county or above it,
/// each once, and nothing in it without the town and the county it lies in. Puts parents before their children; an error
/// names the row.
pub fn check(
    county: RegionCode,
    known: &[RegionCode],
    rows: &mut [(usize, Region)],
) -> Result<(), (usize, RegionFault)> {
    rows.sort_by_key(|(row, region)| (region.code.digits(), region.code, *row));
    let mut there: BTreeSet<RegionCode> = known.iter().copied().collect();
    let mut told = BTreeSet::new();
    for (row, region) in rows.iter() {
        let code = region.code;
        if !code.within(county) && !county.within(code) {
            return Err((*row, RegionFault::Elsewhere));
        }
        if !told.insert(code) {
            return Err((*row, RegionFault::Twice));
        }
        let parent = match region.level {
            Level::Town => code.ancestor(6),
            Level::Village => code.ancestor(9),
            _ => code,
        };
        if parent != code && !there.contains(&parent) {
            return Err((*row, RegionFault::NoParent));
        }
        there.insert(code);
    }
    Ok(())
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
    Region::read(code, name).expect("the compiled-in table holds national codes; a test reads all of it")
}

#[cfg(test)]
mod tests {
    use super::*;

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
