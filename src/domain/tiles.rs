//! Where a county's towns stand among squares of one size: rough places, written by hand from a map, with the day they were
//! written. A county without them has no such picture and ranks its towns instead.

use super::regions::RegionCode;

/// A square.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// From the west, from 0.
    pub column: i32,
    /// From the north, from 0.
    pub row: i32,
}

/// Layouts by county.
const LAYOUTS: [(&str, &str); 1] = [("360827", include_str!("../../data/tiles/360827.csv"))];

/// The places of a county's towns, by their codes; empty where nobody wrote any.
pub fn layout(county: RegionCode) -> Vec<(RegionCode, Place)> {
    let county = county.county().to_string();
    let text = LAYOUTS.iter().find(|(code, _)| *code == county).map_or("", |(_, text)| text);
    text.lines().filter_map(place).collect()
}

/// A line `code,column,row`; remarks and the heading are none.
fn place(line: &str) -> Option<(RegionCode, Place)> {
    let mut parts = line.split(',');
    let code = RegionCode::parse(parts.next()?)?;
    let (column, row) = (parts.next()?.trim().parse().ok()?, parts.next()?.trim().parse().ok()?);
    Some((code, Place { column, row }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_town_of_the_layout_has_a_square_of_its_own_in_its_county() {
        let county = RegionCode::parse("360827").expect("a county");
        let places = layout(county);
        assert_eq!(places.len(), 23);
        for (at, (code, place)) in places.iter().enumerate() {
            assert!(code.within(county) && code.digits() == 9, "{code}");
            assert!((0..7).contains(&place.column) && (0..6).contains(&place.row), "{code}");
            let same = |other: &(RegionCode, Place)| other.0 == *code || other.1 == *place;
            assert!(!places[at + 1..].iter().any(same), "{code} stands twice");
        }
        assert!(layout(RegionCode::parse("360828").expect("a county")).is_empty());
    }
}
