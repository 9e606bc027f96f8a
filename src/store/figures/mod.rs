//! Rollups: what the ledger's rows sum to, by lens, period and dimensions.
//!
//! Three tables. `figure` keeps the households: through the shop's lens by day, month and year, through the others by
//! month and year, of streams by month alone (few last two). `figure_county` keeps the same sums of the whole county, in
//! every lens and grain: most questions are about these, and their cost does not grow with the number of households.
//! `figure_order` keeps counts of orders and lines, which cannot be added up over groups.
//!
//! Rule that must hold: any range of days is exact. Whole years and months come from the rollups, single days from the
//! rollups by day or, where they keep none by day, from the ledger and the slices themselves.
//!
//! Where to look: [`write`] adds what was posted, [`range`] cuts days, [`ask`] answers with sums, [`count`] with counts.

pub mod ask;
mod behind;
mod categories;
mod count;
pub mod range;
pub mod write;

pub use ask::{Grouping, Question, Sums, households_of_shops, sums};
pub use behind::{Behind, behind};
pub use categories::count_by_category;
pub use count::counts;
pub use range::Range;
pub use write::{CountSums, CountyKey, CountySums, FigureSums, add, add_counts, add_county};

use crate::domain::calendar::{Day, month_start, year_start};
use crate::domain::counts::{Group, Lens};
use crate::domain::regions::RegionCode;

/// By which day a ledger row is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The day it is booked: locked months stand.
    Event,
    /// The pay day of its line: a cohort view, never locked.
    Pay,
}

impl Basis {
    /// As stored and printed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Pay => "pay",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Event, Self::Pay].into_iter().find(|b| b.key() == key)
    }
}

/// Length of a rollup's period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    Day,
    Month,
    Year,
}

impl Grain {
    /// All grains, finest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Day => "d",
            Self::Month => "m",
            Self::Year => "y",
        }
    }

    /// The grains households are summed by in a lens, finest first.
    pub const fn of_figures(lens: Lens) -> &'static [Self] {
        match lens {
            Lens::Shop => &Self::ALL,
            Lens::Stream => &[Self::Month],
            _ => &[Self::Month, Self::Year],
        }
    }

    /// First day of the period a day lies in.
    pub fn start(self, on: Day) -> Day {
        match self {
            Self::Day => on,
            Self::Month => month_start(on),
            Self::Year => year_start(on),
        }
    }
}

/// The grains orders and lines are counted by in a lens and a region, finest first. A village's orders of one anchor or
/// listing on one day are seldom more than one: such a row is as large as the order itself, and sums nothing.
pub fn of_counts(lens: Lens, region: Option<RegionCode>) -> &'static [Grain] {
    match (lens, region) {
        (Lens::Shop | Lens::Class, _) => &Grain::ALL,
        (_, Some(region)) if region.digits() > 6 => &[Grain::Month],
        _ => &[Grain::Day, Grain::Month],
    }
}

/// The lenses money is rolled up by.
pub const MONEY_LENSES: [Lens; 5] = [Lens::Shop, Lens::Listing, Lens::Room, Lens::Anchor, Lens::Stream];

/// A row of `figure` but for its sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FigureKey {
    pub basis: Basis,
    pub lens: Lens,
    pub grain: Grain,
    pub start_on: Day,
    /// Row id in the lens, 0 = none.
    pub key: i64,
    pub farmer_id: i64,
    pub household_category: &'static str,
    pub village_code: RegionCode,
    pub class: &'static str,
}

/// How a lens's row id is written in `key`.
pub fn key_text(id: i64) -> String {
    if id == 0 { String::new() } else { id.to_string() }
}

/// A row of `figure_order` but for its counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountKey {
    pub group: Group,
    pub grain: Grain,
    pub start_on: Day,
}

/// How a group's region is written: '' for what has no household.
pub fn region_text(region: Option<RegionCode>) -> String {
    region.map(|code| code.to_string()).unwrap_or_default()
}
