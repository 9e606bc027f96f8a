//! The dated, versioned knowledge a position is computed with: terms, supply, baselines, categories, locks.
//!
//! Every kind is a list of [`Version`]s: valid from–to, and known since a batch. A version is never changed; a
//! correction is a newer one. What a month was locked with is everything known by its lock's batch, so asking
//! `Known::At(batch)` gives the frozen answer and `Known::Newest` today's.

use super::facts::Class;
use crate::domain::calendar::{Day, month_start, next_month};
use crate::domain::regions::RegionCode;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Number of a unit of work that changed facts, versions or locks; later ones are larger. "Known at" means by number.
pub type BatchId = i64;

/// As of which knowledge a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Newest,
    At(BatchId),
}

impl Known {
    pub(super) fn includes(self, batch_id: BatchId) -> bool {
        match self {
            Self::Newest => true,
            Self::At(limit) => batch_id <= limit,
        }
    }
}

/// One version of something dated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<T> {
    pub version_id: i64,
    pub batch_id: BatchId,
    pub valid_from: Day,
    /// Last valid day; `None` is open.
    pub valid_to: Option<Day>,
    pub value: T,
}

impl<T> Version<T> {
    fn holds_on(&self, on: Day) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|to| on <= to)
    }
}

/// The newest version valid on a day, of those known.
pub fn pick<T>(versions: &[Version<T>], on: Day, known: Known) -> Option<&Version<T>> {
    versions.iter().filter(|v| v.holds_on(on) && known.includes(v.batch_id)).max_by_key(|v| (v.batch_id, v.version_id))
}

/// [`pick`], or the first version ever known for that day: a listing given to a line after its month was locked
/// brings the terms it came with.
fn pick_or_first<T>(versions: &[Version<T>], on: Day, known: Known) -> Option<&Version<T>> {
    pick(versions, on, known)
        .or_else(|| versions.iter().filter(|v| v.holds_on(on)).min_by_key(|v| (v.batch_id, v.version_id)))
}

/// How the household is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// 代销: what is left after everyone's part.
    Consignment,
    /// 分成: a rate of goods value.
    Share,
    /// 收购: a price per kilogram.
    Purchase,
}

/// On whom losses below zero fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossBearer {
    Operator,
    Farmer,
}

/// Dated terms of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub model: Model,
    pub platform_bp: i64,
    pub anchor_bp: i64,
    pub operator_bp: i64,
    pub village_bp: i64,
    pub share_bp: i64,
    pub purchase_fen_per_kg: i64,
    /// Freight and packaging of one parcel.
    pub freight_fen: i64,
    pub packaging_fen: i64,
    /// Net weight of one piece.
    pub pack_g: i64,
    /// Weight lost between the farmer and the parcel, of the pack weight.
    pub shrink_bp: i64,
    /// Raw goods per goods sold, 10 000 = one to one (made tea ← fresh leaf: 45 000).
    pub conversion_bp: i64,
    /// Costs only the online channel causes, per kilogram.
    pub extra_cost_fen_per_kg: i64,
    pub loss_borne_by: LossBearer,
}

/// One household's part of a listing's goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub farmer_id: i64,
    pub village_code: RegionCode,
    pub share_bp: i64,
}

/// A dated farm-gate price, fen per kilogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    pub region: RegionCode,
    pub low_fen_per_kg: i64,
    pub mid_fen_per_kg: i64,
    pub high_fen_per_kg: i64,
}

/// Household category (农户类别) on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Category {
    /// No household.
    #[default]
    None,
    /// 一般户
    General,
    /// 脱贫户
    Lifted,
    /// 监测户: 脱贫不稳定户
    Unstable,
    /// 监测户: 边缘易致贫户
    Marginal,
    /// 监测户: 突发严重困难户
    Hardship,
}

impl Category {
    /// All categories, the empty one first.
    pub const ALL: [Self; 6] =
        [Self::None, Self::General, Self::Lifted, Self::Unstable, Self::Marginal, Self::Hardship];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::None => "",
            Self::General => "general",
            Self::Lifted => "lifted",
            Self::Unstable => "unstable",
            Self::Marginal => "marginal",
            Self::Hardship => "hardship",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.key() == key)
    }
}

/// Everything versioned that positions of one county need.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// The county; what has no household carries its code.
    pub county: Option<RegionCode>,
    /// By listing.
    pub terms: FxHashMap<i64, Vec<Version<Terms>>>,
    /// By listing; a version holds all shares of its days (at most 8 households, in sum at most 100 %).
    pub supply: FxHashMap<i64, Vec<Version<Vec<Share>>>>,
    /// By product.
    pub baselines: FxHashMap<i64, Vec<Version<Baseline>>>,
    /// By farmer.
    pub categories: FxHashMap<i64, Vec<Version<Category>>>,
    /// First day of each locked month → the batch of its lock.
    pub locks: BTreeMap<Day, BatchId>,
}

impl Book {
    /// Terms of a listing on a day.
    pub fn terms(&self, listing_id: i64, on: Day, known: Known) -> Option<&Terms> {
        pick_or_first(self.terms.get(&listing_id)?, on, known).map(|v| &v.value)
    }

    /// The households that supply a listing on a day; empty when nobody is named. A listing already sold at a lock
    /// keeps what was known of its households then, even if that was nothing; one given to a line later brings its own.
    pub fn supply(&self, listing_id: i64, on: Day, known: Known) -> &[Share] {
        let Some(versions) = self.supply.get(&listing_id) else {
            return &[];
        };
        let was_there = self.terms.get(&listing_id).is_some_and(|terms| pick(terms, on, known).is_some());
        let version = if was_there { pick(versions, on, known) } else { pick_or_first(versions, on, known) };
        version.map_or(&[], |v| v.value.as_slice())
    }

    /// The price on a day for goods of a village: the nearest region that has one (village, town, county …), of two
    /// versions the newest. `None` is "no baseline", never zero and never last season's.
    pub fn baseline(&self, product_id: i64, village: RegionCode, on: Day, known: Known) -> Option<&Version<Baseline>> {
        self.baselines
            .get(&product_id)?
            .iter()
            .filter(|v| v.holds_on(on) && known.includes(v.batch_id) && village.within(v.value.region))
            .max_by_key(|v| (v.value.region.digits(), v.batch_id, v.version_id))
    }

    /// A household's category on a day.
    pub fn category(&self, farmer_id: i64, on: Day, known: Known) -> Category {
        self.categories
            .get(&farmer_id)
            .and_then(|versions| pick_or_first(versions, on, known))
            .map_or(Category::General, |v| v.value)
    }

    /// The knowledge an event of this day is computed with, its line not yet settled.
    pub fn known_on(&self, on: Day) -> Known {
        self.locks.get(&month_start(on)).map_or(Known::Newest, |&batch| Known::At(batch))
    }

    /// Where an event of this day is booked, and the month it adjusts when that is locked.
    pub fn booking(&self, on: Day) -> Booking {
        let own = month_start(on);
        let mut month = own;
        while self.locks.contains_key(&month) {
            month = next_month(month);
        }
        if month == own {
            Booking { booked_on: on, adjusts_on: None }
        } else {
            Booking { booked_on: month, adjusts_on: Some(own) }
        }
    }
}

/// The day an entry is booked on, and the locked month it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    pub booked_on: Day,
    pub adjusts_on: Option<Day>,
}

/// A class as it is when nothing says otherwise.
impl Default for Class {
    fn default() -> Self {
        Self::Other
    }
}
