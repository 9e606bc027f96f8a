//! From what was booked in a month to its figures by group, with what may not leave held back.

use super::held::{Held, Kind, hold_all_where_any, in_headline, in_regions, in_shared};
use super::{Figures, Group};
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
struct Sum {
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

fn sums(booked: &[Booked], key: impl Fn(&Booked) -> Option<String>) -> Sums {
    let mut sums = Sums::new();
    for row in booked {
        let key = key(row);
        sums.entry((key.is_none(), key.unwrap_or_default())).or_default().add(row);
    }
    sums
}

/// A report's figures.
pub fn figures(booked: &[Booked]) -> Figures {
    let whole = |of: &mut dyn Iterator<Item = &Booked>| {
        let mut sum = Sum::default();
        of.for_each(|row| sum.add(row));
        sum
    };
    let total = whole(&mut booked.iter());
    let headline = whole(&mut booked.iter().filter(|row| row.class.in_headline()));
    let beside: Vec<Booked> = booked.iter().filter(|row| !row.class.in_headline()).cloned().collect();
    let classes = sums(&beside, |row| Some(row.class.key().to_owned()));
    let of_classes: Vec<Behind> = classes.values().map(Sum::behind).collect();
    let (held_total, held_headline, held_classes) = in_headline(&headline.behind(), &of_classes, &total.behind());

    let id = |id: i64| (id != 0).then(|| id.to_string());
    let groupings: [(&str, Sums); 4] = [
        ("town", sums(booked, |row| (row.village.digits() >= 9).then(|| row.village.ancestor(9).to_string()))),
        ("product", sums(booked, |row| id(row.product_id))),
        ("room", sums(booked, |row| id(row.room_id))),
        ("anchor", sums(booked, |row| id(row.anchor_id))),
    ];
    let mut by = BTreeMap::from([("class".to_owned(), groups(&classes, &held_classes))]);
    for (name, sums) in groupings {
        let behind: Vec<Behind> = sums.values().map(Sum::behind).collect();
        let decide = if name == "town" { in_regions } else { in_shared };
        let mut held = decide(&behind, &total.behind(), held_total);
        // the headline is what its rooms and anchors sold: less those shown it would give a small one away
        if matches!(name, "room" | "anchor") {
            hold_all_where_any(&mut held);
        }
        by.insert(name.to_owned(), groups(&sums, &held));
    }
    let late: Vec<Booked> = booked.iter().filter(|row| row.adjusts_on.is_some()).cloned().collect();
    let adjusted = sums(&late, |row| row.adjusts_on.map(month_key));
    let held: Vec<Held> = adjusted.values().map(|sum| Held::alone(&sum.behind())).collect();
    Figures {
        total: total.group(Some("total".to_owned()), held_total),
        headline: headline.group(Some("headline".to_owned()), held_headline),
        by,
        adjustments: groups(&adjusted, &held),
    }
}

fn groups(sums: &Sums, held: &[Held]) -> Vec<Group> {
    let key = |(none, key): &(bool, String)| (!none).then(|| key.clone());
    sums.iter().zip(held).map(|((of, sum), held)| sum.group(key(of), *held)).collect()
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
