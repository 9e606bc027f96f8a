//! A profile made on a page: a person says which column is which, and what the file's words mean.
//!
//! What comes out is the very document `red-anchor profile save` takes, checked by the same rules.

use crate::domain::problem::Problem;
use crate::ingest::files::Profile;
use serde_json::{Map, Value, json};

pub use crate::ingest::files::profile::{Field, Kind, Rows};
pub use crate::ingest::files::sample::{Column, Sample, read};

/// Fields a person is asked for, by what the file holds: first those that cannot be left out.
pub const fn asked(kind: Kind) -> (&'static [Field], &'static [Field]) {
    match kind {
        Kind::Orders => (
            &[Field::OrderNo, Field::Paid, Field::PaidAt],
            &[
                Field::CreatedAt,
                Field::Status,
                Field::AfterSale,
                Field::LineNo,
                Field::ProductNo,
                Field::SkuNo,
                Field::Title,
                Field::Spec,
                Field::Pieces,
                Field::UnitPrice,
                Field::List,
                Field::Freight,
                Field::ShopCoupon,
                Field::PlatformCoupon,
                Field::AnchorCoupon,
                Field::Refund,
                Field::ShippedAt,
                Field::CompletedAt,
                Field::Province,
                Field::LiveRoomNo,
                Field::AuthorNo,
            ],
        ),
        Kind::AfterSales => (
            &[Field::RefundNo, Field::OrderNo, Field::Status, Field::Refund],
            &[
                Field::LineNo,
                Field::CaseType,
                Field::RefundedFreight,
                Field::CreatedAt,
                Field::UpdatedAt,
                Field::RefundedAt,
                Field::Reason,
            ],
        ),
        Kind::Settlements => (
            &[Field::OrderNo, Field::SettledAt, Field::Net],
            &[
                Field::StatementNo,
                Field::LineNo,
                Field::Scene,
                Field::Direction,
                Field::Goods,
                Field::Freight,
                Field::Subsidy,
                Field::Refund,
                Field::PlatformFee,
                Field::AnchorFee,
            ],
        ),
        Kind::Live => (
            &[Field::StartsAt, Field::AnchorName],
            &[Field::EndsAt, Field::Minutes, Field::Views, Field::LiveRoomNo, Field::AuthorNo],
        ),
    }
}

/// Groups of words a person is asked for, and what a word of each can mean.
pub const fn word_groups(kind: Kind) -> &'static [(&'static str, &'static [&'static str])] {
    match kind {
        Kind::Orders => &[
            ("statuses", &["unpaid", "paid", "shipped", "completed", "cancelled"]),
            ("after_sales", &["none", "pending", "refunded", "closed"]),
        ],
        Kind::AfterSales => &[
            ("after_sales", &["pending", "refunded", "closed"]),
            ("case_types", &["return", "refund_only", "unshipped", "price_protection", "resend", "repair"]),
        ],
        Kind::Settlements => &[(
            "scenes",
            &[
                "parts",
                "goods",
                "freight",
                "subsidy",
                "refund",
                "platform_fee",
                "anchor_fee",
                "compensation",
                "no_sale",
            ],
        )],
        Kind::Live => &[],
    }
}

/// A field by its name in a profile.
pub fn key(field: Field) -> String {
    match serde_json::to_value(field) {
        Ok(Value::String(key)) => key,
        _ => String::new(),
    }
}

/// What a file holds, by its name in a profile.
pub fn kind(key: &str) -> Option<Kind> {
    [Kind::Orders, Kind::AfterSales, Kind::Settlements, Kind::Live].into_iter().find(|kind| kind.key() == key)
}

/// What a person said.
#[derive(Debug, Clone)]
pub struct Draft {
    pub name: String,
    pub title: String,
    pub kind: Kind,
    /// Of orders: what a row is, by its name in a profile.
    pub rows: String,
    /// '' for any.
    pub platform: String,
    pub paid_with_freight: bool,
    /// Field and heading.
    pub columns: Vec<(Field, String)>,
    /// Group, meaning, and the words that have it, with commas or spaces between.
    pub words: Vec<(String, String, String)>,
}

/// The profile of it; an error says what is missing.
pub fn profile(draft: &Draft) -> Result<Profile, Problem> {
    let (needed, _) = asked(draft.kind);
    let has = |field: Field| draft.columns.iter().any(|(chosen, _)| *chosen == field);
    let names = |fields: &[Field]| fields.iter().filter(|f| has(**f)).map(|f| key(*f)).collect::<Vec<_>>();
    let mut document = Map::new();
    let columns: Map<String, Value> =
        draft.columns.iter().map(|(field, heading)| (key(*field), json!(heading))).collect();
    document.insert("name".into(), json!(draft.name));
    document.insert("title".into(), json!(draft.title));
    document.insert("kind".into(), json!(draft.kind.key()));
    document.insert("columns".into(), Value::Object(columns));
    document.insert("required".into(), json!(names(needed)));
    if !draft.platform.is_empty() {
        document.insert("platform".into(), json!(draft.platform));
    }
    match draft.kind {
        Kind::Orders => {
            document.insert("rows".into(), json!(draft.rows));
            document.insert("paid_with_freight".into(), json!(draft.paid_with_freight));
        }
        Kind::Settlements if !has(Field::StatementNo) => {
            let identity = names(&[Field::OrderNo, Field::SettledAt, Field::Scene, Field::Net]);
            document.insert("identity".into(), json!(identity));
        }
        _ => {}
    }
    for (group, meanings) in word_groups(draft.kind) {
        let mut of_group = Map::new();
        for (_, meaning, words) in draft.words.iter().filter(|(g, m, _)| g == group && meanings.contains(&m.as_str())) {
            let parted = words.split(|c: char| c.is_whitespace() || matches!(c, ',' | '、' | ';' | '；'));
            of_group.extend(parted.filter(|word| !word.is_empty()).map(|word| (word.to_owned(), json!(meaning))));
        }
        if !of_group.is_empty() {
            document.insert((*group).to_owned(), Value::Object(of_group));
        }
    }
    Profile::parse(&draft.name, &Value::Object(document).to_string())
}
