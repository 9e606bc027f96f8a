//! Profiles: how the columns and words of one platform's export are read. A profile is data, a JSON document; the form is
//! described in docs/FILES.md.
//!
//! The profiles of the platforms lie beside this file in `profiles/`, one file each: to add one, add its file. People save
//! their own for files nobody has seen (`import_profile`).
//!
//! Rule that must hold: a profile is checked whole when it is read, so that a row can only be wrong by what stands in it.

mod words;

pub use words::{AfterSaleWord, CaseWord, Kind, Rows, Scene, StatusWord};

use super::heading::{normalised, word};
use super::personal::is_no_heading;
use crate::domain::problem::Problem;
use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/ingest/files/profiles");

/// Between names of which the first one present counts.
const OR: char = '|';

/// What a column says. The names are those of the JSON form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    OrderNo,
    LineNo,
    CreatedAt,
    PaidAt,
    ShippedAt,
    CompletedAt,
    UpdatedAt,
    Status,
    AfterSale,
    ProductNo,
    SkuNo,
    /// The shop's own code of the goods.
    SkuCode,
    Spec,
    Title,
    Pieces,
    UnitPrice,
    /// Price × pieces.
    List,
    /// What the buyer paid for the row.
    Paid,
    /// The row's freight.
    Freight,
    /// What is left of `paid` after refunds: checked, not counted.
    PaidNet,
    ShopCoupon,
    PlatformCoupon,
    AnchorCoupon,
    /// The payment channel's discount: the buyer does not pay it and the shop gets it.
    ChannelCoupon,
    /// What the buyer paid for the whole order, and its freight: repeated on each row, or on the first only.
    OrderPaid,
    OrderFreight,
    Gift,
    Refund,
    Province,
    BuyerNo,
    LiveRoomNo,
    AuthorNo,
    RefundNo,
    CaseType,
    RefundedFreight,
    RefundedAt,
    Reason,
    StatementNo,
    SettledAt,
    Scene,
    Direction,
    Goods,
    Subsidy,
    /// In the row's net amount and in no figure: 政府补贴.
    Memo,
    PlatformFee,
    AnchorFee,
    Income,
    Expense,
    /// What the row moved on the shop's account.
    Net,
    StartsAt,
    EndsAt,
    Minutes,
    Views,
    AnchorName,
}

/// The columns of a field: several are added up (amounts) or joined (texts); of names separated by `|` the first that
/// the file has counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Columns {
    One(String),
    Several(Vec<String>),
}

impl Columns {
    /// Each column as its names.
    pub fn each(&self) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        let columns = match self {
            Self::One(column) => std::slice::from_ref(column),
            Self::Several(columns) => columns,
        };
        columns.iter().map(|column| column.split(OR))
    }
}

/// How an export is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What it is called by: letters, digits and `-`.
    pub name: String,
    /// For people.
    pub title: String,
    /// The platform whose shops it is for; none: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    pub kind: Kind,
    /// What one row of an order file is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
    pub columns: BTreeMap<Field, Columns>,
    /// Fields a file must have a column of to be read by this profile.
    pub required: Vec<Field>,
    /// The platform's words for where an order stands.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<String, StatusWord>,
    /// Words for the after-sale of an order's row, or for where a case stands.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub after_sales: BTreeMap<String, AfterSaleWord>,
    /// Words for what a case is about.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub case_types: BTreeMap<String, CaseWord>,
    /// What a statement row is, by its scene; `*` stands for anything at either end.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scenes: BTreeMap<String, Scene>,
    /// Words that stand where an amount would, for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_amount: Vec<String>,
    /// Words for yes in the gift column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gift: Vec<String>,
    /// Words for money going out in the direction column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outgoing: Vec<String>,
    /// `paid` has the row's freight in it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub paid_with_freight: bool,
    /// `paid` is before the payment channel's discount.
    #[serde(default, skip_serializing_if = "is_false")]
    pub paid_before_channel: bool,
    /// Order numbers begin with the day, `YYMMDD`: it stands in where the time is blank.
    #[serde(default, skip_serializing_if = "is_false")]
    pub day_in_order_no: bool,
    /// What tells statement rows apart; rows alike in all of it are numbered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity: Vec<Field>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Profile {
    /// Reads a profile's document and checks it. `place` names it in messages.
    pub fn parse(place: &str, json: &str) -> Result<Self, Problem> {
        let bad = |why: String| Problem::BadProfile { path: place.to_owned(), why };
        let profile: Self = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
        profile.check().map_err(bad)?;
        Ok(profile.with_plain_words())
    }

    /// The document of this profile.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a profile is valid JSON")
    }

    /// True if some column is read for a field.
    pub fn has(&self, field: Field) -> bool {
        self.columns.contains_key(&field)
    }

    /// True for what a profile can be called by.
    pub fn is_name(text: &str) -> bool {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    }

    fn check(&self) -> Result<(), String> {
        if !Self::is_name(&self.name) {
            return Err(format!("name “{}”: a-z 0-9 -", self.name));
        }
        if let Some(field) = self.required.iter().find(|field| !self.has(**field)) {
            return Err(format!("required {field:?}: no column"));
        }
        let empty = |columns: &Columns| columns.each().flatten().any(|name| normalised(name).is_empty());
        if let Some((field, _)) = self.columns.iter().find(|(_, columns)| empty(columns)) {
            return Err(format!("columns {field:?}: empty name"));
        }
        // a profile is kept and handed on
        let personal = |columns: &Columns| columns.each().flatten().any(is_no_heading);
        if let Some((field, _)) = self.columns.iter().find(|(_, columns)| personal(columns)) {
            return Err(format!("columns {field:?}: 像是个人信息，不是列名 / tells of a person, no heading"));
        }
        let needed: &[&[Field]] = match self.kind {
            Kind::Orders => &[&[Field::OrderNo], &[Field::Paid, Field::List, Field::UnitPrice]],
            Kind::AfterSales => &[&[Field::RefundNo], &[Field::OrderNo], &[Field::Status], &[Field::Refund]],
            Kind::Settlements => &[&[Field::OrderNo], &[Field::SettledAt], &[Field::Net, Field::Income, Field::Goods]],
            Kind::Live => &[&[Field::StartsAt], &[Field::LiveRoomNo, Field::AuthorNo, Field::AnchorName]],
        };
        if let Some(one_of) = needed.iter().find(|one_of| !one_of.iter().any(|field| self.has(*field))) {
            return Err(format!("columns: one of {one_of:?} is needed"));
        }
        match (self.kind, self.rows) {
            (Kind::Orders, None) => Err("rows: line, item or order".to_owned()),
            (Kind::Orders, Some(Rows::Line)) if !self.has(Field::LineNo) => Err("rows line: no line_no".to_owned()),
            // without them money going out would count as coming in
            _ if self.has(Field::Direction) && self.outgoing.is_empty() => {
                Err("direction: no words in outgoing".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Words as they are compared.
    fn with_plain_words(mut self) -> Self {
        fn plain<T>(words: BTreeMap<String, T>) -> BTreeMap<String, T> {
            words.into_iter().map(|(text, meaning)| (word(&text).into_owned(), meaning)).collect()
        }
        self.statuses = plain(self.statuses);
        self.after_sales = plain(self.after_sales);
        self.case_types = plain(self.case_types);
        self.scenes = plain(self.scenes);
        self.outgoing = self.outgoing.iter().map(|text| word(text).into_owned()).collect();
        self
    }

    /// What a statement row is; `None` for a scene nobody described. Of patterns that fit the longest counts.
    pub fn scene(&self, text: &str) -> Option<Scene> {
        let text = word(text);
        let fits = |pattern: &str| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (Some(_), Some(_)) => text.contains(pattern.trim_matches('*')),
            (Some(end), None) => text.ends_with(end),
            (None, Some(start)) => text.starts_with(start),
            (None, None) => *text == *pattern,
        };
        let fitting = self.scenes.iter().filter(|(pattern, _)| fits(pattern));
        fitting.max_by_key(|(pattern, _)| pattern.len()).map(|(_, scene)| *scene)
    }
}

/// The profiles a file may be read by.
#[derive(Debug, Clone)]
pub struct Profiles(Vec<Arc<Profile>>);

impl Profiles {
    /// Those that come with the program.
    pub fn shipped() -> Self {
        static READ: LazyLock<Vec<Arc<Profile>>> = LazyLock::new(|| {
            let mut profiles: Vec<Arc<Profile>> = SHIPPED
                .files()
                .map(|file| {
                    let place = file.path().display().to_string();
                    let text = file.contents_utf8().expect("a shipped profile is text");
                    Arc::new(Profile::parse(&place, text).expect("a shipped profile is well-formed"))
                })
                .collect();
            profiles.sort_by(|a, b| a.name.cmp(&b.name));
            profiles
        });
        Self(READ.clone())
    }

    /// Adds a profile; one of the same name gives way.
    pub fn add(&mut self, profile: Profile) {
        self.0.retain(|known| known.name != profile.name);
        self.0.push(Arc::new(profile));
    }

    /// By its name, or a message with those there are.
    pub fn named(&self, name: &str) -> Result<Arc<Profile>, Problem> {
        self.0.iter().find(|p| p.name == name).cloned().ok_or_else(|| Problem::UnknownProfile {
            name: name.to_owned(),
            known: self.0.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// All of them.
    pub fn all(&self) -> &[Arc<Profile>] {
        &self.0
    }
}

#[cfg(test)]
mod tests;
