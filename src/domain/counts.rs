//! In which groups an order and its lines are counted, and on which day.
//!
//! Sums of money can be added up; numbers of orders cannot, because one order may hold goods of several towns, streams
//! or households. So an order is written down once for every group it belongs to: a [`Lens`] (what the figures are
//! grouped by), a [`Key`] in it, and a region of every level. A group's count is then exact for any range of days.
//!
//! Rules that must hold:
//! - orders are counted once an order, lines once a line, in every group that any of their slices belongs to;
//! - the county counts everything, a town and a village what their households sold, no region (`None`) what has no
//!   household;
//! - a missing price counts in the region and for the household that lacks it; a line without a listing counts
//!   without a listing and never without a baseline;
//! - unpaid orders count on the day they were created, paid ones and their lines on the day their payment is booked,
//!   refunded ones on the day their first refund is booked. A refund is the order's: it counts in all its groups.
//!
//! When facts change, posting takes the old contributions off and adds the new ones.
//! Not here: those days (a month's lock may move them; `services::post`), the table (`store::figures`).

use super::calendar::Day;
use super::figures::Counts;
use super::ledger::entries::{Dimensions, LineState};
use super::ledger::facts::Class;
use super::regions::RegionCode;
use std::fmt;

/// What counts are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lens {
    Shop,
    Listing,
    Room,
    Anchor,
    Stream,
    Product,
    Farmer,
    Class,
}

impl Lens {
    /// All lenses.
    pub const ALL: [Self; 8] =
        [Self::Shop, Self::Listing, Self::Room, Self::Anchor, Self::Stream, Self::Product, Self::Farmer, Self::Class];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Listing => "listing",
            Self::Room => "room",
            Self::Anchor => "anchor",
            Self::Stream => "stream",
            Self::Product => "product",
            Self::Farmer => "farmer",
            Self::Class => "class",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lens| lens.key() == key)
    }
}

/// One group of a lens; as text an id in decimal, a class or `headline`, and empty for what belongs to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A row id; 0 is none.
    Id(i64),
    Class(Class),
    /// 红色主播口径: [`Class::in_headline`].
    Headline,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(0) => Ok(()),
            Self::Id(id) => write!(f, "{id}"),
            Self::Class(class) => f.write_str(class.key()),
            Self::Headline => f.write_str("headline"),
        }
    }
}

/// Where something is counted. `region` is the county, a town, a village, or `None` for no household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group {
    pub lens: Lens,
    pub key: Key,
    pub region: Option<RegionCode>,
}

/// What an order adds to one group on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    pub group: Group,
    pub on: Day,
    pub counts: Counts,
}

/// What counting needs to know of an order.
#[derive(Debug, Clone, Copy)]
pub struct CountedOrder<'a> {
    pub shop_id: i64,
    pub created_on: Day,
    /// The day the payment's entry is booked; `None` while unpaid.
    pub paid_counted_on: Option<Day>,
    /// The day the first refund's entry is booked, while the order's refunds sum to more than zero.
    pub refund_counted_on: Option<Day>,
    pub lines: &'a [LineState],
}

/// What one line is, seen from one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sighting {
    group: Group,
    line_id: i64,
    without_baseline: bool,
    without_listing: bool,
}

/// Everything an order adds to the counts, each (group, day) once a kind of day, by group.
pub fn contributions(order: &CountedOrder, county: RegionCode) -> Vec<Contribution> {
    let sightings = sightings(order, county);
    let mut out = Vec::with_capacity(sightings.len());
    for of_group in sightings.chunk_by(|a, b| a.group == b.group) {
        let group = of_group[0].group;
        match order.paid_counted_on {
            None => {
                out.push(Contribution {
                    group,
                    on: order.created_on,
                    counts: Counts { orders_unpaid: 1, ..Counts::ZERO },
                });
            }
            Some(on) => out.push(Contribution { group, on, counts: paid_counts(of_group) }),
        }
        if let (Some(_), Some(on)) = (order.paid_counted_on, order.refund_counted_on) {
            out.push(Contribution { group, on, counts: Counts { orders_refunded: 1, ..Counts::ZERO } });
        }
    }
    out
}

/// The counts of a paid order in one group, from the sightings of its lines there.
fn paid_counts(of_group: &[Sighting]) -> Counts {
    let mut counts = Counts { orders_paid: 1, ..Counts::ZERO };
    for of_line in of_group.chunk_by(|a, b| a.line_id == b.line_id) {
        counts.lines += 1;
        if of_line.iter().any(|s| s.without_listing) {
            counts.lines_without_listing += 1;
        } else if of_line.iter().any(|s| s.without_baseline) {
            counts.lines_without_baseline += 1;
        }
    }
    counts
}

/// Every line in every group any of its slices belongs to, sorted by group and line.
fn sightings(order: &CountedOrder, county: RegionCode) -> Vec<Sighting> {
    let slices: usize = order.lines.iter().map(|line| line.slices.len()).sum();
    let mut out = Vec::with_capacity(slices * 30);
    for line in order.lines {
        for slice in &line.slices {
            let regions = regions_of(slice.dimensions.village_code, county);
            for (lens, key) in keys_of(order.shop_id, &slice.dimensions).into_iter().flatten() {
                out.extend(regions.iter().map(|&region| Sighting {
                    group: Group { lens, key, region },
                    line_id: line.line_id,
                    without_baseline: slice.without_baseline,
                    without_listing: line.without_listing,
                }));
            }
        }
    }
    if slices > 1 {
        // one slice belongs to each of its groups once, and they are made in order already
        out.sort_unstable_by_key(|s| (s.group, s.line_id));
    }
    out
}

/// The regions of a slice, in order: the county and, with a household, its town and village; else no region.
fn regions_of(village: RegionCode, county: RegionCode) -> Vec<Option<RegionCode>> {
    match village.town() {
        None => vec![None, Some(county)],
        Some(town) if town == village => vec![Some(county), Some(town)],
        Some(town) => vec![Some(county), Some(town), Some(village)],
    }
}

/// The key of a slice in every lens.
fn keys_of(shop_id: i64, dimensions: &Dimensions) -> [Option<(Lens, Key)>; 9] {
    let class = dimensions.class;
    [
        Some((Lens::Shop, Key::Id(shop_id))),
        Some((Lens::Listing, Key::Id(dimensions.listing_id))),
        Some((Lens::Room, Key::Id(dimensions.room_id))),
        Some((Lens::Anchor, Key::Id(dimensions.anchor_id))),
        Some((Lens::Stream, Key::Id(dimensions.stream_id))),
        Some((Lens::Product, Key::Id(dimensions.product_id))),
        Some((Lens::Farmer, Key::Id(dimensions.farmer_id))),
        Some((Lens::Class, Key::Class(class))),
        class.in_headline().then_some((Lens::Class, Key::Headline)),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::amounts::Amounts;
    use crate::domain::calendar::parse_day;
    use crate::domain::ledger::book::Category;
    use crate::domain::ledger::entries::{SliceState, State};

    const NO_REGION: Option<RegionCode> = None;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn slice(farmer_id: i64, village: &str, without_baseline: bool) -> SliceState {
        SliceState {
            dimensions: Dimensions {
                room_id: 0,
                anchor_id: 0,
                stream_id: 4,
                listing_id: 7,
                product_id: 2,
                farmer_id,
                village_code: code(village),
                household_category: Category::General,
                lot_ticket_id: 0,
                class: Class::Red,
            },
            without_baseline,
            position: Amounts::ZERO,
        }
    }

    fn line(line_id: i64, slices: Vec<SliceState>) -> LineState {
        LineState { line_id, state: State::Provisional, without_listing: false, slices }
    }

    fn paid(lines: &[LineState]) -> CountedOrder<'_> {
        CountedOrder {
            shop_id: 1,
            created_on: day("2026-01-01"),
            paid_counted_on: Some(day("2026-01-02")),
            refund_counted_on: None,
            lines,
        }
    }

    fn counts_of(order: &CountedOrder, lens: Lens, key: Key, region: Option<RegionCode>) -> Counts {
        contributions(order, code("360827"))
            .into_iter()
            .filter(|c| c.group == Group { lens, key, region })
            .fold(Counts::ZERO, |sum, c| sum + c.counts)
    }

    #[test]
    fn an_order_of_two_towns_is_one_order_in_the_county_and_one_in_each() {
        let lines = [
            line(10, vec![slice(1, "360827100201", false), slice(2, "360827104203", true)]),
            line(11, vec![slice(1, "360827100201", false)]),
        ];
        let order = paid(&lines);
        let everything = counts_of(&order, Lens::Shop, Key::Id(1), Some(code("360827")));
        assert_eq!((everything.orders_paid, everything.lines, everything.lines_without_baseline), (1, 2, 1));
        let first_town = counts_of(&order, Lens::Shop, Key::Id(1), Some(code("360827100")));
        assert_eq!((first_town.orders_paid, first_town.lines, first_town.lines_without_baseline), (1, 2, 0));
        let village = counts_of(&order, Lens::Farmer, Key::Id(2), Some(code("360827104203")));
        assert_eq!((village.orders_paid, village.lines, village.lines_without_baseline), (1, 1, 1));
        assert!(counts_of(&order, Lens::Shop, Key::Id(1), NO_REGION).is_zero());
    }

    #[test]
    fn what_has_no_household_is_in_the_county_and_in_no_town() {
        let mut without = line(10, vec![slice(0, "360827", true)]);
        without.without_listing = true;
        let lines = [without];
        let order = paid(&lines);
        for region in [Some(code("360827")), NO_REGION] {
            let counts = counts_of(&order, Lens::Farmer, Key::Id(0), region);
            assert_eq!((counts.lines, counts.lines_without_listing, counts.lines_without_baseline), (1, 1, 0));
        }
        assert_eq!(Key::Id(0).to_string(), "");
        assert_eq!(contributions(&order, code("360827")).len(), 18);
    }

    #[test]
    fn an_unpaid_order_counts_on_its_creation_and_has_no_lines() {
        let lines = [line(10, vec![slice(0, "360827", false)])];
        let order = CountedOrder { paid_counted_on: None, refund_counted_on: Some(day("2026-01-09")), ..paid(&lines) };
        let all = contributions(&order, code("360827"));
        assert!(all.iter().all(|c| c.on == day("2026-01-01")));
        assert!(all.iter().all(|c| c.counts == Counts { orders_unpaid: 1, ..Counts::ZERO }));
    }

    #[test]
    fn a_refund_counts_once_on_its_own_day() {
        let lines = [line(10, vec![slice(1, "360827100201", false)])];
        let order = CountedOrder { refund_counted_on: Some(day("2026-02-01")), ..paid(&lines) };
        let headline: Vec<_> = contributions(&order, code("360827"))
            .into_iter()
            .filter(|c| c.group == Group { lens: Lens::Class, key: Key::Headline, region: Some(code("360827")) })
            .map(|c| (c.on, c.counts.orders_paid, c.counts.orders_refunded))
            .collect();
        assert_eq!(headline, [(day("2026-01-02"), 1, 0), (day("2026-02-01"), 0, 1)]);
    }

    #[test]
    fn contributions_of_one_slice_come_sorted_without_sorting() {
        let lines = [line(10, vec![slice(1, "360827100201", false)])];
        let groups: Vec<_> = contributions(&paid(&lines), code("360827")).into_iter().map(|c| c.group).collect();
        let mut sorted = groups.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(groups, sorted);
    }
}
