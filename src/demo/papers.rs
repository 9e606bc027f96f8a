//! What the demo county's goods need before they are sold live, and the papers they have: grades, harvest windows, rules,
//! certificates. All invented; two papers end within thirty days of the county's last week, so that the reminder has
//! something to say.

use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, parse_day};
use crate::domain::shelf::{Need, Paper, PaperKind, Rule};
use crate::store::product_details::{self, Details};
use crate::store::{Work, goods, goods_certificates, take_ids};

/// Product, grades, how it is sold, harvest from and to.
const DETAILS: [(&str, &str, &str, &str, &str); 3] = [
    ("kumquat", "大果\n中果\n小果", "jin", "10-15", "05-31"),
    ("tea", "明前\n雨前\n夏秋茶", "kg", "03-10", "10-15"),
    ("duck", "", "piece", "10-01", "02-28"),
];

/// Product, need, first day, source.
const RULES: [(&str, Need, &str, &str); 4] = [
    ("kumquat", Need::Conformity, "2026-02-01", "演示：食用农产品承诺达标合格证的规定"),
    ("tea", Need::Licence, "2022-10-10", "演示：食品生产许可的规定"),
    ("tea", Need::Origin, "2022-10-10", "演示：地理标志使用的规定"),
    ("duck", Need::Licence, "2022-10-10", "演示：食品小作坊登记的规定"),
];

/// Product, kind, number, issued, good until.
const PAPERS: [(&str, PaperKind, &str, &str, &str); 4] = [
    ("kumquat", PaperKind::Conformity, "演示-HG-001", "2026-02-01", "2027-01-31"),
    ("tea", PaperKind::Sc, "演示-SC-002", "2022-10-01", "2027-09-30"),
    ("tea", PaperKind::Origin, "演示-DB-003", "2022-10-01", "2026-12-15"),
    ("duck", PaperKind::Workshop, "演示-XZF-004", "2022-10-01", "2026-12-05"),
];

fn day(text: &str) -> Day {
    parse_day(text).expect("the demo's days are days")
}

/// Writes them, once; true where something was written.
pub async fn hand_in(work: &mut Work) -> anyhow::Result<bool> {
    if !goods_certificates::list_rules(work).await?.is_empty() {
        return Ok(false);
    }
    let products = goods::list_products(work).await?;
    let id = |key: &str| products.iter().find(|p| p.product_key == key).map_or(0, |p| p.product_id);
    for (key, grades, sold_by, from, to) in DETAILS {
        let details = Details {
            product_id: id(key),
            grades: grades.into(),
            sold_by: sold_by.into(),
            harvest_from: from.into(),
            harvest_to: to.into(),
        };
        product_details::update(work, &details).await?;
    }
    for (key, need, from, source) in RULES {
        let rule = Rule {
            rule_id: take_ids(work, "certificate_rule", 1).await?,
            product_id: id(key),
            need,
            valid_from: day(from),
            valid_to: None,
            source: source.into(),
            entered_by: String::new(),
        };
        goods_certificates::insert_rule(work, &rule).await?;
    }
    for (key, kind, number, issued, expires) in PAPERS {
        let paper = Paper {
            certificate_id: take_ids(work, "goods_certificate", 1).await?,
            product_id: id(key),
            listing_id: 0,
            kind,
            number: number.into(),
            holder: String::new(),
            issued_on: day(issued),
            expires_on: Some(day(expires)),
            revoked_on: None,
            entered_by: String::new(),
        };
        goods_certificates::insert_paper(work, &paper).await?;
    }
    Ok(true)
}

/// How the trail tells it.
pub fn change() -> Change {
    let rows = RULES.len() + PAPERS.len();
    Change::new(Verb::Add, Noun::GoodsCertificate, "").count(Field::RowsNew, i64::try_from(rows).unwrap_or_default())
}
