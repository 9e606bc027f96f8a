//! A year's locked months as a workbook: a row a month from its stored report, and formulas that add up what they show. A
//! month that holds an amount back is in no sum of it.

use super::book::{Cell, Sheet, Unit, xlsx};
use super::labels::Labels;
use super::month::instant;
use super::month_book::summed;
use super::templates::Templates;
use super::year::Stored;
use crate::domain::lang::Lang;
use crate::domain::month_report::Report;
use anyhow::{Context, bail};
use serde_json::json;

/// Of each month.
const KEYS: [&str; 12] = [
    "gmv_fen",
    "refund_fen",
    "net_fen",
    "settled_fen",
    "farmer_income_fen",
    "baseline_fen",
    "extra_cost_fen",
    "uplift_fen",
    "uplift_low_fen",
    "uplift_high_fen",
    "baseline_coverage_bp",
    "households",
];

/// The workbook of the latest report of each locked month, ascending; there must be one.
pub fn book(year: i32, stored: &[Stored<'_>], lang: Lang, templates: &Templates) -> anyhow::Result<Vec<u8>> {
    let mut reports = Vec::with_capacity(stored.len());
    for one in stored {
        reports.push((Report::parse(one.document).context("a stored report is of another shape")?, one.sha256));
    }
    let Some((last, _)) = reports.last() else { bail!("a year without a locked month has no report") };
    let at = instant(&last.made_at).context("a stored report has no time")?;
    let facts = json!({
        "county": last.county.name, "period": year.to_string(), "months": reports.len(), "as_of": last.as_of,
        "demo": reports.iter().any(|(report, _)| report.demo), "is_superseded": false,
    });
    let l = Labels::read(facts, lang, templates)?;
    let row = |(report, sha256): &(Report, &str)| {
        let cells = KEYS.iter().map(|key| match report.figures.headline.get(key) {
            Some(value) => Cell::Number(Unit::of(key), value),
            None => Cell::Text(l.held.clone()),
        });
        let month = std::iter::once(Cell::Text(report.month.clone()));
        month.chain(cells).chain([Cell::Text((*sha256).to_owned())]).collect()
    };
    let mut rows: Vec<Vec<Cell>> = reports.iter().map(row).collect();
    summed(&mut rows, &KEYS, &l.shown_sum);
    let head = std::iter::once(l.col_month.clone()).chain(KEYS.map(|key| Labels::of(&l.figure, key).to_owned()));
    let name = |key: &str| Labels::of(&l.sheets, key).to_owned();
    let above = [std::slice::from_ref(&l.title), &l.about].concat();
    let months = Sheet {
        name: name("months"),
        above: above.clone(),
        head: head.chain([l.proof.clone()]).collect(),
        rows,
        notes: vec![l.col_headline.clone(), l.year_note.clone(), l.sums.clone()],
    };
    let method = Sheet { name: name("method"), above, head: Vec::new(), rows: Vec::new(), notes: l.method.clone() };
    xlsx(&[months, method], at)
}
