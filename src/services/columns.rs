//! A profile made on a page: a person says which column is which, and what the file's words mean.
//!
//! What comes out is the very document `red-anchor profile save` takes, checked by the same rules.

use crate::domain::problem::{Mistake, Problem};
use crate::ingest::files::personal::is_no_heading;
use crate::ingest::files::{Profile, heading};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

pub use crate::ingest::files::profile::{Field, Kind, Rows};
pub use crate::ingest::files::sample::{Column, Sample, read};

/// The group that is a list of words and gives them no meanings.
pub const OUTGOING: &str = "outgoing";
/// What a movement can be made of, where no word says what it is.
const PARTS: [Field; 6] =
    [Field::Goods, Field::Freight, Field::Subsidy, Field::Refund, Field::PlatformFee, Field::AnchorFee];
/// What stands between two words: no comma, which stands within the words of platforms.
const BETWEEN_WORDS: [char; 4] = ['、', ';', '；', '\n'];

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
        Kind::Settlements => &[
            (
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
            ),
            (OUTGOING, &[OUTGOING]),
        ],
        Kind::Live => &[],
    }
}

/// The field whose column holds a group's words.
pub const fn field_of(kind: Kind, group: &str) -> Option<Field> {
    match (kind, group.as_bytes()) {
        (_, b"statuses") | (Kind::AfterSales, b"after_sales") => Some(Field::Status),
        (_, b"after_sales") => Some(Field::AfterSale),
        (_, b"case_types") => Some(Field::CaseType),
        (_, b"scenes") => Some(Field::Scene),
        (_, b"outgoing") => Some(Field::Direction),
        _ => None,
    }
}

/// A field by its name in a profile.
pub fn key(field: Field) -> String {
    match serde_json::to_value(field) {
        Ok(Value::String(key)) => key,
        _ => String::new(),
    }
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
    /// Group, meaning, and the words that have it, with [`BETWEEN_WORDS`] between.
    pub words: Vec<(String, String, String)>,
}

/// The profile of it; an error says what is missing.
pub fn profile(draft: &Draft) -> Result<Profile, Problem> {
    let (needed, _) = asked(draft.kind);
    // a profile is kept and handed on
    if draft.columns.iter().any(|(_, heading)| is_no_heading(heading)) {
        return Err(Mistake::PersonalHeading.into());
    }
    let has = |field: Field| draft.columns.iter().any(|(chosen, _)| *chosen == field);
    if !Profile::is_name(&draft.name) {
        return Err(Mistake::BadProfileName.into());
    }
    if !needed.iter().all(|field| has(*field)) {
        return Err(Mistake::ProfileNeeds { kind: draft.kind.key() }.into());
    }
    if draft.kind == Kind::Orders && draft.rows == "line" && !has(Field::LineNo) {
        return Err(Mistake::ProfileNeedsLineNo.into());
    }
    let said = |group: &str| draft.words.iter().any(|(of, _, words)| of == group && !words.trim().is_empty());
    if draft.kind == Kind::Settlements && !(has(Field::Scene) && said("scenes")) && !PARTS.iter().any(|f| has(*f)) {
        return Err(Mistake::ProfileNeedsParts.into());
    }
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
        let words = words_of(draft, group, meanings)?;
        if *group == OUTGOING && has(Field::Direction) && words.is_empty() {
            return Err(Mistake::ProfileNeedsOutgoing.into());
        }
        if !words.is_empty() {
            let said = if *group == OUTGOING {
                words.into_iter().map(|(word, _)| word).collect()
            } else {
                Value::Object(words)
            };
            document.insert((*group).to_owned(), said);
        }
    }
    Profile::parse(&draft.name, &Value::Object(document).to_string())
}

/// The words of a group, each with its meaning.
fn words_of(draft: &Draft, group: &str, meanings: &[&str]) -> Result<Map<String, Value>, Problem> {
    let (mut of_group, mut meant) = (Map::new(), FxHashMap::default());
    for (_, meaning, words) in draft.words.iter().filter(|(g, m, _)| g == group && meanings.contains(&m.as_str())) {
        for word in words.split(BETWEEN_WORDS).map(str::trim).filter(|word| !word.is_empty()) {
            // two that are compared alike are one
            let before = meant.insert(heading::word(word).into_owned(), meaning);
            if before.is_some_and(|before| before != meaning) {
                return Err(Mistake::WordTwice { word: word.to_owned() }.into());
            }
            of_group.insert(word.to_owned(), json!(meaning));
        }
    }
    Ok(of_group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::files::profile::StatusWord;

    fn draft(kind: Kind, columns: &[(Field, &str)], words: &[(&str, &str, &str)]) -> Draft {
        Draft {
            name: "coop-desk".into(),
            title: "手工表".into(),
            kind,
            rows: "order".into(),
            platform: String::new(),
            paid_with_freight: false,
            columns: columns.iter().map(|(field, heading)| (*field, (*heading).to_owned())).collect(),
            words: words.iter().map(|(g, m, w)| ((*g).to_owned(), (*m).to_owned(), (*w).to_owned())).collect(),
        }
    }

    const ORDERS: [(Field, &str); 4] =
        [(Field::OrderNo, "单号"), (Field::Paid, "实收"), (Field::PaidAt, "日子"), (Field::Status, "进度")];
    const STATEMENT: [(Field, &str); 4] =
        [(Field::OrderNo, "单号"), (Field::SettledAt, "日子"), (Field::Net, "金额"), (Field::Goods, "货款")];
    const DIRECTION: (Field, &str) = (Field::Direction, "方向");

    fn mistake(draft: &Draft) -> Mistake {
        match profile(draft).unwrap_err() {
            Problem::Mistaken(mistake) => mistake,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_are_parted_by_the_listing_comma_and_may_hold_commas_and_spaces() {
        let words = [
            ("statuses", "paid", "买家已付款,等待卖家发货、 待 发货 ；已付，未发"),
            ("statuses", "shipped", "已发"),
            ("statuses", "nonsense", "x"),
        ];
        let saved = profile(&draft(Kind::Orders, &ORDERS, &words)).unwrap();
        let of = |meaning| {
            saved.statuses.iter().filter(|(_, m)| **m == meaning).map(|(w, _)| w.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of(StatusWord::Paid), ["买家已付款，等待卖家发货", "已付，未发", "待发货"]);
        assert_eq!(of(StatusWord::Shipped), ["已发"]);
        assert_eq!(saved.statuses.len(), 4, "what is no meaning is left out");
        let twice = [("statuses", "paid", "已发"), ("statuses", "shipped", "已发")];
        assert_eq!(mistake(&draft(Kind::Orders, &ORDERS, &twice)), Mistake::WordTwice { word: "已发".into() });
    }

    #[test]
    fn a_direction_needs_its_words_for_money_going_out() {
        let directed = [&STATEMENT[..], &[DIRECTION]].concat();
        assert_eq!(mistake(&draft(Kind::Settlements, &directed, &[])), Mistake::ProfileNeedsOutgoing);
        let saved = profile(&draft(Kind::Settlements, &directed, &[("outgoing", "outgoing", "出账、支出")])).unwrap();
        assert_eq!(saved.outgoing, ["出账", "支出"]);
        profile(&draft(Kind::Settlements, &STATEMENT, &[])).expect("without a direction none are needed");
        assert_eq!(mistake(&draft(Kind::Settlements, &STATEMENT[..3], &[])), Mistake::ProfileNeedsParts);
    }

    #[test]
    fn what_is_missing_is_said_so_that_a_person_can_mend_it() {
        let named = Draft { name: "Coop Desk".into(), ..draft(Kind::Orders, &ORDERS, &[]) };
        assert_eq!(mistake(&named), Mistake::BadProfileName);
        assert_eq!(mistake(&draft(Kind::Orders, &ORDERS[..2], &[])), Mistake::ProfileNeeds { kind: "orders" });
        let lines = Draft { rows: "line".into(), ..draft(Kind::Orders, &ORDERS, &[]) };
        assert_eq!(mistake(&lines), Mistake::ProfileNeedsLineNo);
        let personal = [(Field::OrderNo, "单号"), (Field::Paid, "13800138000"), (Field::PaidAt, "日子")];
        assert_eq!(mistake(&draft(Kind::Orders, &personal, &[])), Mistake::PersonalHeading);
    }
}
