//! What the sums of a report would tell together, over its groupings and beside earlier reports of the same month: held
//! back too (`domain::subtraction`).
//!
//! Every row is in the total, in the headline or a class, in a town, goods, a room and an anchor. Months hold different
//! rows, so that what is safe in each month is safe over several: a combination of few households would be one of few in
//! each month.
//!
//! A month that was opened and locked again is told a second time, and the difference of a sum between both is what
//! changed. Where fewer than five households changed it, it is not told again. The headline comes first: where it may not be
//! told again, the document repeats that of the report before and says so, since a month without any would leave a hole in
//! every sum over months. Its figures belong together (where each yuan went adds up), so they are repeated together, but for
//! what has no price, which can be left out alone.
//!
//! Documents of the second shape told the headline whatever changed it; the others were decided twice then: without it, so
//! that none tells to whom that change belongs, and with it.

use super::Group;
use super::figures::{Booked, Cells, Earlier, HEADLINE, Key, Repeated, TOTAL, keys_of};
use super::held::Held;
use crate::domain::amounts::Amounts;
use crate::domain::calendar::Day;
use crate::domain::disclosure::Behind;
use crate::domain::regions::RegionCode;
use crate::domain::subtraction::{Part, Standing, hold_back as hold_back_sums};
use rustc_hash::FxHashMap;

/// What tells whether a kind of amounts was said of a group, in the order of [`Behind::ALL`]. What is provisional follows
/// from who got what.
const SAID_BY: [&str; 5] = ["gmv_fen", "uplift_fen", "uplift_fen", "baseline_fen", "platform_fen"];

const KINDS: usize = SAID_BY.len();
/// What has no price, by its place in [`Behind::ALL`].
const UNVALUED: usize = 3;

/// How the headline is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Headline {
    /// Before the others.
    Decided,
    ToldWhateverChangedIt,
}

/// Holds back further what the report's sums would tell together; the earlier headline where the new one would tell.
pub(super) fn hold_back(
    cells: &mut Cells,
    booked: &[Booked],
    earlier: &[Earlier],
    headline: Headline,
) -> Option<Repeated> {
    let mut places: Vec<FxHashMap<Key, usize>> = vec![FxHashMap::default(); earlier.len() + 1];
    let mut said: Vec<&Group> = Vec::new();
    for (version, of) in earlier.iter().enumerate() {
        for row in &of.booked {
            for key in keys_of(row) {
                let next = said.len();
                let Some(group) = find(of, &key) else { continue };
                if *places[version].entry(key).or_insert(next) == next {
                    said.push(group);
                }
            }
        }
    }
    let mut behind: Vec<Behind> = vec![Behind::default(); said.len()];
    let mut held: Vec<Held> = vec![Held::default(); said.len()];
    let mut is_headline = vec![false; said.len()];
    for (key, cell) in cells.each() {
        is_headline.push(key.0 == HEADLINE);
        places[earlier.len()].insert(key, behind.len());
        behind.push(cell.behind);
        held.push(cell.held);
    }
    let parts = parts(booked, earlier, &places);
    let sums = Decided { said: &said, held: &held, is_headline: &is_headline, behind: &behind, parts: &parts };
    let place = is_headline.iter().position(|&is| is).expect("every report has a headline");
    let mut told = held.clone();
    if headline == Headline::Decided {
        for kind in 0..KINDS {
            let mut standing = sums.said(kind);
            sums.set(&mut standing, kind, true, Standing::Offered);
            sums.hold_back(&mut standing, kind);
            if standing[place] == Standing::Held {
                told[place].hold(kind);
            }
        }
    }
    let is_repeated =
        (0..KINDS).any(|kind| kind != UNVALUED && told[place].is_held(kind) && !held[place].is_held(kind));
    for kind in 0..KINDS {
        let mut standing = sums.said(kind);
        sums.set(&mut standing, kind, false, Standing::Offered);
        if headline == Headline::ToldWhateverChangedIt {
            sums.hold_back(&mut standing, kind);
        }
        if !is_repeated && !told[place].is_held(kind) {
            standing[place] = Standing::Said;
        }
        sums.hold_back(&mut standing, kind);
        for (sum, standing) in standing.iter().enumerate().skip(said.len()) {
            if *standing == Standing::Held && sum != place {
                told[sum].hold(kind);
            }
        }
    }
    for ((_, cell), held) in cells.each().zip(&told[said.len()..]) {
        cell.held = *held;
    }
    let before = earlier.last().filter(|_| is_repeated)?;
    Some((before.figures.headline_of.unwrap_or(before.report_no), before.figures.headline.clone()))
}

/// The sums that are decided on: first those said before, then the report's own.
struct Decided<'a> {
    said: &'a [&'a Group],
    held: &'a [Held],
    is_headline: &'a [bool],
    behind: &'a [Behind],
    parts: &'a [Part<Amounts>],
}

impl Decided<'_> {
    /// What was said before of a kind; the report's own sums are held.
    fn said(&self, kind: usize) -> Vec<Standing> {
        let is_said = |sum| self.said.get(sum).is_some_and(|group: &&Group| group.get(SAID_BY[kind]).is_some());
        (0..self.behind.len()).map(|sum| if is_said(sum) { Standing::Said } else { Standing::Held }).collect()
    }

    /// Lets the report's headline, or all others, stand so where nothing holds them back yet.
    fn set(&self, standing: &mut [Standing], kind: usize, headline: bool, to: Standing) {
        for (sum, standing) in standing.iter_mut().enumerate().skip(self.said.len()) {
            if self.is_headline[sum] == headline && !self.held[sum].is_held(kind) {
                *standing = to;
            }
        }
    }

    /// Holds back of the sums offered what would tell.
    fn hold_back(&self, standing: &mut [Standing], kind: usize) {
        let of = Behind::ALL[kind];
        let households: Vec<i64> = self.behind.iter().map(of).collect();
        let any = |amounts: &Amounts| {
            let mut counted = Behind::default();
            counted.count(amounts);
            of(&counted) > 0
        };
        hold_back_sums(standing, &households, self.parts, any);
    }
}

fn find<'a>(of: &'a Earlier, (grouping, key): &Key) -> Option<&'a Group> {
    let figures = &of.figures;
    let listed = match *grouping {
        TOTAL => return Some(&figures.total),
        // one that is repeated was said by the report before
        HEADLINE => return Some(&figures.headline).filter(|_| figures.headline_of.is_none()),
        "adjustments" => &figures.adjustments,
        grouping => figures.by.get(grouping)?,
    };
    listed.iter().find(|group| group.key == *key)
}

/// One row of a month, however much was booked of it.
type RowKey = (i64, i64, i64, &'static str, i64, RegionCode, Option<Day>);

fn row_key(row: &Booked) -> RowKey {
    (row.product_id, row.room_id, row.anchor_id, row.class.key(), row.farmer_id, row.village, row.adjusts_on)
}

/// What was booked up to each report and after it, in the sums of that report and all later ones.
fn parts(booked: &[Booked], earlier: &[Earlier], places: &[FxHashMap<Key, usize>]) -> Vec<Part<Amounts>> {
    let mut before: FxHashMap<RowKey, Amounts> = FxHashMap::default();
    let mut parts = Vec::new();
    let versions = earlier.iter().map(|of| of.booked.as_slice()).chain([booked]);
    for (version, rows) in versions.enumerate() {
        for row in rows.iter().filter(|row| row.farmer_id != 0) {
            let known = before.insert(row_key(row), row.amounts).unwrap_or(Amounts::ZERO);
            let amounts = row.amounts - known;
            if amounts.is_zero() {
                continue;
            }
            let keys = keys_of(row);
            let in_report =
                |places: &FxHashMap<Key, usize>| keys.iter().filter_map(|key| places.get(key).copied()).collect();
            let mut sums: Vec<usize> = places[version..].iter().flat_map::<Vec<usize>, _>(in_report).collect();
            sums.sort_unstable();
            parts.push(Part { household: row.farmer_id, sums, amounts });
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::figures::{figures, figures_after};
    use super::*;
    use crate::domain::amounts::Col;
    use crate::domain::ledger::facts::Class;
    use proptest::prelude::*;

    /// A household's settled sales of some goods, by an anchor; its town is its number's last digit.
    fn booked(farmer_id: i64, product_id: i64, anchor_id: i64, fen: i64) -> Booked {
        let mut amounts = Amounts::ZERO;
        for (column, fen) in [
            (Col::Gmv, fen),
            (Col::Farmer, fen),
            (Col::SettledNet, fen),
            (Col::SettledFarmer, fen),
            (Col::BaselineMid, fen / 2),
            (Col::SettledBaselineMid, fen / 2),
        ] {
            amounts[column] = fen;
        }
        Booked {
            product_id,
            room_id: 1,
            anchor_id,
            class: Class::Red,
            farmer_id,
            village: RegionCode::parse(&format!("36082710{}201", farmer_id % 2)).expect("a village"),
            adjusts_on: None,
            entries: 1,
            amounts,
        }
    }

    fn gmv(figures: &super::super::Figures, grouping: &str, key: &str) -> Option<i64> {
        figures.by[grouping].iter().find(|g| g.key.as_deref() == Some(key)).and_then(|g| g.get("gmv_fen"))
    }

    /// Town 0 sells goods 1, town 1 goods 2 but for two households that sell goods 1 too.
    fn month() -> Vec<Booked> {
        let mut rows: Vec<Booked> = (1..=20).map(|n| booked(2 * n, 1, 1, 1_000)).collect();
        rows.extend((1..=20).map(|n| booked(2 * n + 1, 2, 1, 1_000)));
        rows.extend([booked(3, 1, 1, 777), booked(5, 1, 1, 777)]);
        rows
    }

    #[test]
    fn goods_less_the_town_that_grows_them_would_be_two_households() {
        let first = figures_after(&month(), &[], Shape::First);
        let told = |figures| [("town", "360827100"), ("product", "1")].map(|(g, key)| gmv(figures, g, key));
        assert_eq!(told(&first), [Some(20_000), Some(21_554)], "each is large by itself");
        let now = figures(&month());
        assert!(told(&now).contains(&None), "{:?}", told(&now));
        assert_eq!(now.headline.get("gmv_fen"), Some(41_554));
    }

    fn rows() -> Vec<Booked> {
        (1..=40).map(|n| booked(n, n % 3, 1, 1_000)).collect()
    }

    /// The month as it was first told, and some households' sales of it again.
    fn told_first(rows: &[Booked]) -> [Earlier; 1] {
        [Earlier { report_no: 7, booked: rows.to_vec(), figures: figures(rows) }]
    }

    fn corrected(rows: &[Booked], households: usize) -> Vec<Booked> {
        let mut again = rows.to_vec();
        for row in &mut again[..households] {
            row.amounts += booked(row.farmer_id, row.product_id, 1, 500).amounts;
        }
        again
    }

    #[test]
    fn what_a_month_says_again_tells_of_no_few_households() {
        let earlier = told_first(&rows());
        let first = &earlier[0].figures;
        let again = corrected(&rows(), 1);
        let second = figures_after(&again, &earlier, Shape::Third);
        assert_eq!((&second.headline, second.headline_of), (&first.headline, Some(7)), "told as it was, and says so");
        let of_second_shape = figures_after(&again, &earlier, Shape::Second);
        assert_eq!(of_second_shape.headline.get("gmv_fen"), Some(40_500), "its documents are made again as they were");
        for told in [&second, &of_second_shape] {
            for (grouping, key) in [("town", "360827101"), ("product", "1"), ("anchor", "1")] {
                assert!(gmv(first, grouping, key).is_some());
                assert_eq!(gmv(told, grouping, key), None, "{grouping} {key} would tell what one household got");
            }
            for (grouping, key) in [("town", "360827100"), ("product", "2")] {
                assert_eq!(gmv(told, grouping, key), gmv(first, grouping, key), "nothing changed in {grouping} {key}");
            }
        }
    }

    #[test]
    fn where_many_changed_all_of_it_is_told_again() {
        let earlier = told_first(&rows());
        let second = figures_after(&corrected(&rows(), 40), &earlier, Shape::Third);
        assert_eq!((second.headline.get("gmv_fen"), second.headline_of), (Some(60_000), None));
        assert_eq!(gmv(&second, "product", "1"), gmv(&earlier[0].figures, "product", "1").map(|fen| fen / 2 * 3));
        let five = figures_after(&corrected(&rows(), 5), &earlier, Shape::Third);
        assert_eq!((five.headline.get("gmv_fen"), five.headline_of), (Some(42_500), None));
    }

    #[test]
    fn corrections_of_few_are_told_once_there_are_five_of_them() {
        let mut earlier = told_first(&rows()).to_vec();
        for (report_no, households, told) in [(8, 3, None), (9, 4, None), (10, 6, Some(43_000))] {
            let booked = corrected(&rows(), households);
            let figures = figures_after(&booked, &earlier, Shape::Third);
            assert_eq!(figures.headline_of, told.map_or(Some(7), |_| None), "report {report_no}");
            assert_eq!(figures.headline.get("gmv_fen"), told.or(Some(40_000)), "report {report_no}");
            earlier.push(Earlier { report_no, booked, figures });
        }
    }

    #[test]
    fn what_has_no_price_is_left_out_alone() {
        let earlier = told_first(&rows());
        let mut again = corrected(&rows(), 7);
        for row in &mut again[..2] {
            for (with, without) in
                [(Col::BaselineMid, Col::WithoutBaseline), (Col::SettledBaselineMid, Col::SettledWithoutBaseline)]
            {
                row.amounts[with] -= 250;
                row.amounts[without] += 500;
            }
        }
        let second = figures_after(&again, &earlier, Shape::Third);
        assert_eq!(second.headline.get("baseline_coverage_bp"), None);
        assert_eq!((second.headline.get("gmv_fen"), second.headline_of), (Some(43_500), None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        /// A reader who takes each amount of the report up to once, with either sign, never holds those of one to four
        /// households.
        #[test]
        fn no_sums_and_differences_of_a_report_are_of_few_households(
            sales in proptest::collection::vec((1_i64..40, 1_i64..4, 1_i64..3), 5..60),
        ) {
            let rows: Vec<Booked> = sales.iter().map(|&(farmer, product, anchor)| booked(farmer, product, anchor, 1_000)).collect();
            let told = figures(&rows);
            let listed = |(grouping, groups): (&'static str, &[Group])| groups.iter()
                .filter(|group| group.get("gmv_fen").is_some()).map(|group| (grouping, group.key.clone())).collect::<Vec<_>>();
            let mut shown: Vec<Key> = listed((TOTAL, std::slice::from_ref(&told.total)));
            for grouping in ["town", "product", "anchor"] {
                shown.extend(listed((grouping, &told.by[grouping])));
            }
            let keys: Vec<Vec<Key>> = rows.iter().map(keys_of).collect();
            for combination in 0..3_usize.pow(u32::try_from(shown.len()).expect("few")) {
                let mut rest = combination;
                let times: Vec<i64> = shown.iter().map(|_| {
                    let digit = rest % 3;
                    rest /= 3;
                    i64::try_from(digit).expect("small") - 1
                }).collect();
                let of = |keys: &[Key]| shown.iter().zip(&times).filter(|(key, _)| keys.contains(key)).map(|(_, t)| t).sum::<i64>();
                let behind: std::collections::BTreeSet<i64> =
                    rows.iter().zip(&keys).filter(|(_, keys)| of(keys) != 0).map(|(row, _)| row.farmer_id).collect();
                prop_assert!(behind.is_empty() || behind.len() >= 5, "{:?} {:?}", shown, times);
            }
        }
    }
}
