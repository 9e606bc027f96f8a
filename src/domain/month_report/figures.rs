//! From what was booked in a month to its figures by group, with what may not leave held back.

use super::held::{Held, Kind, hold_all_where_any, in_headline, in_regions, in_shared};
use super::{Figures, Group, Shape, across};
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::{Day, month_key};
use crate::domain::disclosure::Behind;
use crate::domain::figures::{Counts, FigureRow};
use crate::domain::ledger::facts::Class;
use crate::domain::regions::RegionCode;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Ledger rows of one household, goods, room, anchor and class, summed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    pub product_id: i64,
    pub room_id: i64,
    pub anchor_id: i64,
    pub class: Class,
    /// 0: nobody.
    pub farmer_id: i64,
    pub village: RegionCode,
    /// First day of the locked month they belong to.
    pub adjusts_on: Option<Day>,
    pub entries: i64,
    pub amounts: Amounts,
}

/// The figures of a report, and which amounts stand behind each. Orders and lines are not among them: what they are
/// counted by goes on to change when a listing is given late.
pub(super) const PUBLISHED: [(&str, Kind); 25] = [
    ("gmv_fen", Kind::Sold),
    ("subsidy_fen", Kind::Sold),
    ("refund_fen", Kind::Sold),
    ("net_fen", Kind::Sold),
    ("weight_g", Kind::Sold),
    ("platform_fen", Kind::Parties),
    ("anchor_fen", Kind::Parties),
    ("logistics_fen", Kind::Parties),
    ("packaging_fen", Kind::Parties),
    ("operator_fen", Kind::Parties),
    ("village_fen", Kind::Parties),
    ("loss_fen", Kind::Parties),
    ("unassigned_fen", Kind::Parties),
    ("farmer_income_provisional_fen", Kind::Parties),
    ("uplift_provisional_fen", Kind::Parties),
    ("settled_fen", Kind::Settled),
    ("farmer_income_fen", Kind::Settled),
    ("extra_cost_fen", Kind::Settled),
    ("uplift_fen", Kind::Settled),
    ("uplift_low_fen", Kind::Settled),
    ("uplift_high_fen", Kind::Settled),
    ("households", Kind::Settled),
    ("farmer_income_without_baseline_fen", Kind::Coverage),
    ("baseline_fen", Kind::Coverage),
    ("baseline_coverage_bp", Kind::Coverage),
];

/// A group while it is summed up.
#[derive(Debug, Default)]
pub(super) struct Sum {
    entries: i64,
    amounts: Amounts,
    by_farmer: FxHashMap<i64, Amounts>,
}

impl Sum {
    fn add(&mut self, booked: &Booked) {
        self.entries += booked.entries;
        self.amounts += booked.amounts;
        if booked.farmer_id != 0 {
            *self.by_farmer.entry(booked.farmer_id).or_default() += booked.amounts;
        }
    }

    fn behind(&self) -> Behind {
        let mut behind = Behind::default();
        self.by_farmer.values().for_each(|amounts| behind.count(amounts));
        behind
    }

    fn group(&self, key: Option<String>, held: Held) -> Group {
        let households = self.by_farmer.values().filter(|a| a[Col::SettledNet] > 0).count();
        let households = i64::try_from(households).expect("few households");
        let row = FigureRow::from_sums(&self.amounts, Counts::ZERO, households);
        let figures = PUBLISHED
            .iter()
            .map(|(key, kind)| ((*key).to_owned(), if held.holds(*kind) { None } else { row.get(key) }))
            .collect();
        Group { key, entries: self.entries, figures }
    }
}

/// Groups by key, what belongs to none last.
type Sums = BTreeMap<(bool, String), Sum>;

/// The grouping of a total and of a headline, which are one group each.
pub(super) const TOTAL: &str = "total";
pub(super) const HEADLINE: &str = "headline";
/// The groupings beside them, as the document names them.
const CLASS: &str = "class";
const ADJUSTMENTS: &str = "adjustments";
const GROUPINGS: [&str; 4] = ["town", "product", "room", "anchor"];

/// Which sum: its grouping and the group's key.
pub(super) type Key = (&'static str, Option<String>);

/// A sum of the report and what of it is held back.
#[derive(Debug)]
pub(super) struct Cell {
    sum: Sum,
    pub behind: Behind,
    pub held: Held,
}

/// The headline of an earlier report, told again in place of the new one, and that report's number.
pub(super) type Repeated = (i64, Group);

/// The sums that a row is in.
pub(super) fn keys_of(row: &Booked) -> Vec<Key> {
    let id = |id: i64| (id != 0).then(|| id.to_string());
    let town = (row.village.digits() >= 9).then(|| row.village.ancestor(9).to_string());
    let mut keys = vec![(TOTAL, Some(TOTAL.to_owned()))];
    keys.push(if row.class.in_headline() {
        (HEADLINE, Some(HEADLINE.to_owned()))
    } else {
        (CLASS, Some(row.class.key().to_owned()))
    });
    keys.extend(GROUPINGS.into_iter().zip([town, id(row.product_id), id(row.room_id), id(row.anchor_id)]));
    keys.extend(row.adjusts_on.map(|month| (ADJUSTMENTS, Some(month_key(month)))));
    keys
}

/// The sums of a report before and while it is decided what is held back of them.
#[derive(Debug)]
pub(super) struct Cells(BTreeMap<&'static str, BTreeMap<(bool, String), Cell>>);

impl Cells {
    /// Sums up, and decides within each grouping.
    fn of(booked: &[Booked]) -> Self {
        let mut sums: BTreeMap<&'static str, Sums> = BTreeMap::new();
        for row in booked {
            for (grouping, key) in keys_of(row) {
                let place = (key.is_none(), key.unwrap_or_default());
                sums.entry(grouping).or_default().entry(place).or_default().add(row);
            }
        }
        // an empty month has a total and a headline too
        for one in [TOTAL, HEADLINE] {
            sums.entry(one).or_default().entry((false, one.to_owned())).or_default();
        }
        let behind_in = |grouping: &str| -> Vec<Behind> {
            sums.get(grouping).map(|sums| sums.values().map(Sum::behind).collect()).unwrap_or_default()
        };
        let one = |grouping: &str| behind_in(grouping).pop().unwrap_or_default();
        let (total, headline) = (one(TOTAL), one(HEADLINE));
        let (of_total, of_headline, of_classes) = in_headline(&headline, &behind_in(CLASS), &total);
        let mut held = BTreeMap::from([(TOTAL, vec![of_total]), (HEADLINE, vec![of_headline]), (CLASS, of_classes)]);
        for grouping in GROUPINGS {
            let decide = if grouping == "town" { in_regions } else { in_shared };
            let mut decided = decide(&behind_in(grouping), &total, of_total);
            // the headline is what its rooms and anchors sold: less those shown it would give a small one away
            if matches!(grouping, "room" | "anchor") {
                hold_all_where_any(&mut decided);
            }
            held.insert(grouping, decided);
        }
        held.insert(ADJUSTMENTS, behind_in(ADJUSTMENTS).iter().map(Held::alone).collect());
        let cells = |(grouping, sums): (&'static str, Sums)| {
            let held = held.remove(grouping).unwrap_or_default();
            let cell =
                |((key, sum), held): (((bool, String), Sum), Held)| (key, Cell { behind: sum.behind(), sum, held });
            (grouping, sums.into_iter().zip(held).map(cell).collect())
        };
        Self(sums.into_iter().map(cells).collect())
    }

    /// All of them with their keys, in a fixed order.
    pub(super) fn each(&mut self) -> impl Iterator<Item = (Key, &mut Cell)> {
        self.0.iter_mut().flat_map(|(grouping, cells)| {
            cells.iter_mut().map(|((none, key), cell)| ((*grouping, (!none).then(|| key.clone())), cell))
        })
    }

    fn into_figures(self, repeated: Option<Repeated>) -> Figures {
        let mut groups: BTreeMap<&'static str, Vec<Group>> = self
            .0
            .into_iter()
            .map(|(grouping, cells)| {
                let group =
                    |((none, key), cell): ((bool, String), Cell)| cell.sum.group((!none).then_some(key), cell.held);
                (grouping, cells.into_iter().map(group).collect())
            })
            .collect();
        let mut one = |grouping: &str| {
            let group = groups.remove(grouping).and_then(|mut groups| groups.pop());
            group.unwrap_or_else(|| Sum::default().group(Some(grouping.to_owned()), Held::default()))
        };
        let (total, new) = (one(TOTAL), one(HEADLINE));
        let (headline_of, headline) = repeated.map_or((None, new), |(report_no, old)| (Some(report_no), old));
        let mut listed = |grouping: &str| groups.remove(grouping).unwrap_or_default();
        let by = [CLASS].into_iter().chain(GROUPINGS).map(|grouping| (grouping.to_owned(), listed(grouping))).collect();
        Figures { total, headline, headline_of, by, adjustments: listed(ADJUSTMENTS) }
    }
}

/// An earlier report of the same month, before it was opened again, and what was booked up to it.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub report_no: i64,
    pub booked: Vec<Booked>,
    pub figures: Figures,
}

/// A report's figures by the rule of its shape, beside those that were said of the month before.
pub fn figures_after(booked: &[Booked], earlier: &[Earlier], shape: Shape) -> Figures {
    let mut cells = Cells::of(booked);
    let repeated = match shape {
        Shape::First => None,
        Shape::Second => {
            across::hold_back(&mut cells, booked, earlier, across::Headline::ToldWhateverChangedIt);
            None
        }
        Shape::Third => across::hold_back(&mut cells, booked, earlier, across::Headline::Decided),
    };
    cells.into_figures(repeated)
}

/// The figures of a month's first report.
pub fn figures(booked: &[Booked]) -> Figures {
    figures_after(booked, &[], Shape::NEWEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    /// A household of a town with everything sold and settled.
    fn booked(farmer_id: i64, town: u32, product_id: i64, class: Class) -> Booked {
        let mut amounts = Amounts::ZERO;
        for (column, fen) in [
            (Col::Gmv, 1_000),
            (Col::Farmer, 700),
            (Col::Operator, 300),
            (Col::SettledNet, 1_000),
            (Col::SettledFarmer, 700),
            (Col::BaselineMid, 400),
            (Col::SettledBaselineMid, 400),
        ] {
            amounts[column] = fen;
        }
        Booked {
            product_id,
            room_id: 1,
            anchor_id: 1,
            class,
            farmer_id,
            village: RegionCode::parse(&format!("360827{town}201")).expect("a village"),
            adjusts_on: None,
            entries: 2,
            amounts,
        }
    }

    fn month() -> Vec<Booked> {
        let mut rows: Vec<Booked> = (1..=20).map(|n| booked(n, 100, 1, Class::Red)).collect();
        rows.extend((21..=26).map(|n| booked(n, 101, 2, Class::Red)));
        rows.extend((27..=29).map(|n| booked(n, 102, 3, Class::Other)));
        let late = parse_day("2025-12-01").expect("a day");
        rows.push(Booked { adjusts_on: Some(late), ..booked(5, 100, 1, Class::Red) });
        rows
    }

    fn uplifts(groups: &[Group]) -> Vec<(String, Option<i64>)> {
        groups.iter().map(|g| (g.key.clone().unwrap_or_default(), g.get("uplift_fen"))).collect()
    }

    #[test]
    fn figures_are_sums_over_what_was_booked_and_households_are_counted_once() {
        let made = figures(&month());
        assert_eq!(made.headline.get("uplift_fen"), Some(27 * 300));
        assert_eq!(made.headline.get("households"), Some(26));
        assert_eq!((made.headline.entries, made.total.entries), (54, 60));
    }

    #[test]
    fn what_stands_for_fewer_than_five_households_is_held_back_and_does_not_follow() {
        let made = figures(&month());
        // three households outside the headline: the total would give them away
        assert_eq!((made.total.get("gmv_fen"), made.total.get("uplift_fen")), (None, None));
        assert_eq!(uplifts(&made.by["class"]), [("other".to_owned(), None)]);
        let town = |number: u32| format!("360827{number}");
        assert_eq!(uplifts(&made.by["town"]), [(town(100), Some(6_300)), (town(101), None), (town(102), None)]);
        assert_eq!(uplifts(&made.by["product"])[2], ("3".to_owned(), None));
        assert_eq!(made.by["product"].iter().filter(|g| g.get("uplift_fen").is_none()).count(), 2);
        assert_eq!(uplifts(&made.adjustments), [("2025-12".to_owned(), None)]);
        assert_eq!(made.adjustments[0].entries, 2);
    }

    #[test]
    fn a_month_of_many_households_says_everything() {
        let rows: Vec<Booked> = (1..=12).map(|n| booked(n, 100 + u32::from(n > 6), 1, Class::Red)).collect();
        let made = figures(&rows);
        assert_eq!(made.total.get("gmv_fen"), Some(12_000));
        assert_eq!(made.total.get("baseline_coverage_bp"), Some(10_000));
        assert!(made.by.values().flatten().all(|g| g.figures.values().all(Option::is_some)));
    }

    #[test]
    fn every_figure_has_its_basis() {
        let total = figures(&month()).total;
        assert_eq!(super::super::bases().keys().collect::<Vec<_>>(), total.figures.keys().collect::<Vec<_>>());
    }
}
