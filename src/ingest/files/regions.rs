//! A county's regions as a table (code and name, a row a region): the ones the program does not bring.
//!
//! The whole table is right or none of it is taken: a village that is missing is a household that cannot be placed, and
//! nobody would see why.

use super::cells;
use super::heading::normalised;
use super::reading::Received;
use crate::domain::admin::{Region, RegionFault, check};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use std::ops::ControlFlow;

/// What the two columns may be called.
const CODES: [&str; 4] = ["code", "代码", "区划代码", "统计用区划代码"];
const NAMES: [&str; 3] = ["name", "名称", "地区"];

/// Reads a table of a county's regions; `known` are those there already.
pub fn read(received: &mut Received, county: RegionCode, known: &[RegionCode]) -> Result<Vec<Region>, Problem> {
    let path = received.path.clone();
    let mut rows: Vec<(usize, Region)> = Vec::new();
    let mut bad: Option<(usize, RegionFault)> = None;
    received.each_table(&mut |table| {
        let mut places: Option<[usize; 2]> = None;
        let mut headed = false;
        table?.rows(&mut |number, cells| {
            let Some([code, name]) = places else {
                headed = true;
                let headings: Vec<String> = cells.iter().map(|cell| normalised(cell)).collect();
                let found = |names: &[&str]| headings.iter().position(|heading| names.contains(&heading.as_str()));
                places = found(&CODES).zip(found(&NAMES)).map(|(code, name)| [code, name]);
                return if places.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
            };
            let cell = |place: usize| cells::clean(cells.get(place).copied().unwrap_or(""));
            match Region::read(cell(code), cell(name)) {
                Ok(region) => {
                    rows.push((number, region));
                    ControlFlow::Continue(())
                }
                Err(fault) => {
                    bad = Some((number, fault));
                    ControlFlow::Break(())
                }
            }
        })?;
        if headed && places.is_none() {
            let missing = format!("{}、{}", CODES[1], NAMES[1]);
            return Err(Problem::MissingColumns { path: path.clone(), profile: "regions".to_owned(), missing });
        }
        Ok(())
    })?;
    if let Some((row, fault)) = bad {
        return Err(Problem::BadRegion { path, row, fault });
    }
    if rows.is_empty() {
        return Err(Problem::NoRows { path });
    }
    check(county, known, &mut rows).map_err(|(row, fault)| Problem::BadRegion { path, row, fault })?;
    Ok(rows.into_iter().map(|(_, region)| region).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use std::io::Cursor;

    fn read_text(text: &str) -> Result<Vec<Region>, Problem> {
        let county = RegionCode::parse("331102").unwrap();
        read(&mut Received::new("regions.csv", Cursor::new(text.to_owned().into_bytes())), county, &[])
    }

    fn fault(text: &str) -> (usize, RegionFault) {
        match read_text(text) {
            Err(Problem::BadRegion { row, fault, .. }) => (row, fault),
            other => panic!("{other:?}"),
        }
    }

    const HEAD: &str = "区划代码,名称\n331102,莲都区\n";

    #[test]
    fn towns_and_villages_are_read_in_any_order_and_padded() {
        let read = read_text(&format!("{HEAD}331102001002,某社区\n331102001000,某街道\n")).unwrap();
        let codes: Vec<String> = read.iter().map(|region| region.code.to_string()).collect();
        assert_eq!(codes, ["331102", "331102001", "331102001002"]);
        assert_eq!(read[1].name, "某街道");
    }

    #[test]
    fn a_row_that_is_wrong_is_named_and_nothing_is_taken() {
        assert_eq!(fault(&format!("{HEAD}33110,x\n")), (3, RegionFault::NotACode));
        assert_eq!(fault(&format!("{HEAD}331102001,\n")), (3, RegionFault::NoName));
        assert_eq!(fault(&format!("{HEAD}360827100,泉江镇\n")), (3, RegionFault::Elsewhere));
        assert_eq!(fault(&format!("{HEAD}331102001002,某社区\n")), (3, RegionFault::NoParent));
        assert_eq!(fault(&format!("{HEAD}331102001,甲\n331102001,乙\n")), (4, RegionFault::Twice));
        assert_eq!(fault("code,name\n331102001,某街道\n"), (2, RegionFault::NoParent));
        assert!(matches!(read_text("编号,村\n1,2\n"), Err(Problem::MissingColumns { .. })));
        assert!(matches!(read_text("code,name\n"), Err(Problem::NoRows { .. })));
    }
}
