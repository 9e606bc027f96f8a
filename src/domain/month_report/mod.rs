//! 月报: what the county says of a month when it locks it, as a document of its own.
//!
//! Rules that must hold:
//! - the figures follow from the ledger rows booked in the month up to the lock, and from nothing else ([`figures`]), so
//!   that they can be made again at any later time;
//! - the document may leave the site: no amount in it stands for fewer than five households ([`held`]), nor one that
//!   follows from several of them ([`across`]);
//! - it is canonical JSON (`domain::canonical`), and holds the SHA-256 of the report before it: whoever has the files needs
//!   no program of ours to check the chain.
//!
//! What does not follow from the ledger (names, who locked and when, how far the shops were known) is written down as it
//! was when the report was made.
//! Not here: storing (`store::month_reports`), making at a lock (`services::month_reports`), checking
//! (`services::verify`), showing (`web::months`).

mod across;
mod figures;
mod held;

pub use figures::{Booked, Earlier, figures, figures_after};

use super::canonical::canonical;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What the document is: another shape or another way to count is another number. By its rule it is decided what is held
/// back; each is kept, so that its documents can be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Within each grouping alone.
    First,
    /// Over all groupings and beside earlier reports of the month, but for the headline, which is told whatever changed it.
    Second,
    /// The headline too: where fewer than five households changed it, it stays that of the report before.
    Third,
}

impl Shape {
    const ALL: [Self; 3] = [Self::First, Self::Second, Self::Third];
    /// That of documents made now.
    pub const NEWEST: Self = Self::Third;

    /// As the document says it.
    pub const fn schema(self) -> &'static str {
        match self {
            Self::First => "red-anchor month report 1",
            Self::Second => "red-anchor month report 2",
            Self::Third => "red-anchor month report 3",
        }
    }
}
/// By which day rows belong to the month.
pub const BASIS: &str = "event";

/// The figures, in the order people read them: on the page and in tables.
pub const FIGURES: [&str; 25] = [
    "gmv_fen",
    "refund_fen",
    "net_fen",
    "subsidy_fen",
    "platform_fen",
    "anchor_fen",
    "logistics_fen",
    "packaging_fen",
    "operator_fen",
    "village_fen",
    "loss_fen",
    "unassigned_fen",
    "weight_g",
    "settled_fen",
    "farmer_income_fen",
    "farmer_income_provisional_fen",
    "farmer_income_without_baseline_fen",
    "baseline_fen",
    "extra_cost_fen",
    "uplift_fen",
    "uplift_low_fen",
    "uplift_high_fen",
    "uplift_provisional_fen",
    "baseline_coverage_bp",
    "households",
];

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub schema: String,
    pub county: Place,
    /// Invented data: 虚构，不作为公布数据的依据.
    pub demo: bool,
    /// YYYY-MM.
    pub month: String,
    /// Its place in the county's chain, from 1.
    pub report_no: i64,
    /// SHA-256 of the document before it, in hexadecimal; '' for the first.
    pub previous_sha256: String,
    /// RFC 3339.
    pub made_at: String,
    /// How far all shops were known when it was made; null where they were not, and where the month was locked before.
    pub as_of: Option<String>,
    pub lock: Lock,
    pub basis: String,
    /// What each figure sums, by its key.
    pub bases: BTreeMap<String, String>,
    /// Names of towns, products, rooms and anchors by grouping and key.
    pub names: BTreeMap<String, BTreeMap<String, String>>,
    pub figures: Figures,
}

/// The county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub code: String,
    pub name: String,
}

/// The lock a report was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Prices, terms, shares and categories are those known up to this unit of work.
    pub batch: i64,
    pub at: String,
    pub by: String,
    /// Given where coverage was low.
    pub reason: String,
    pub coverage_bp: i64,
    /// '' where nobody had put the month forward.
    pub filed_by: String,
    pub filed_at: Option<String>,
}

/// The figures of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Everything booked in the month.
    pub total: Group,
    /// What the headline counts: red and supervised streams.
    pub headline: Group,
    /// The number of the report whose headline it is, where fewer than five households changed it since: their change is
    /// in no document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline_of: Option<i64>,
    /// By grouping: class (other than the headline's), town, product, room, anchor.
    pub by: BTreeMap<String, Vec<Group>>,
    /// What was booked in the month and belongs to an earlier, locked one, by that month.
    pub adjustments: Vec<Group>,
}

/// The figures of a group; what is held back is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Null for what belongs to none.
    pub key: Option<String>,
    /// Ledger rows.
    pub entries: i64,
    pub figures: BTreeMap<String, Option<i64>>,
}

impl Group {
    /// A figure; `None` where it is held back.
    pub fn get(&self, key: &str) -> Option<i64> {
        self.figures.get(key).copied().flatten()
    }
}

impl Report {
    /// The document, and its SHA-256.
    pub fn document(&self) -> (String, String) {
        let document = canonical(self);
        let hash = sha256(&document);
        (document, hash)
    }

    /// Reads a document; `None` for one of another shape.
    pub fn parse(document: &str) -> Option<Self> {
        serde_json::from_str(document).ok().filter(|report: &Self| report.shape().is_some())
    }

    /// By which rule it was made; `None` for one this program does not know.
    pub fn shape(&self) -> Option<Shape> {
        Shape::ALL.into_iter().find(|shape| shape.schema() == self.schema)
    }

    /// A group's name, as it was then.
    pub fn name<'a>(&'a self, grouping: &str, key: &'a str) -> &'a str {
        self.names.get(grouping).and_then(|names| names.get(key)).map_or(key, String::as_str)
    }
}

/// What each figure sums.
pub fn bases() -> BTreeMap<String, String> {
    figures::PUBLISHED.iter().map(|(key, kind)| ((*key).to_owned(), kind.basis().to_owned())).collect()
}

/// SHA-256 of a document, in hexadecimal.
pub fn sha256(document: &str) -> String {
    hex::encode(Sha256::digest(document.as_bytes()))
}
