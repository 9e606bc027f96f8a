//! A year's locked months as tables. The workbook: a row a month from its stored report, and formulas that add up what they show. A
//! month that holds an amount back is in no sum of it.

use super::book::{Cell, Sheet, Unit, xlsx};
use super::labels::Labels;
use super::month::{instant, repeated};
use super::month_book::{MARK, summed};
use super::templates::Templates;
use super::year::Stored;
use crate::domain::calendar::Instant;
use crate::domain::cells::plain;
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

/// Stored reports read, with the words of their tables.
struct Year<'a> {
    reports: Vec<(Report, &'a str)>,
    labels: Labels,
    at: Instant,
}

fn read<'a>(year: i32, stored: &[Stored<'a>], lang: Lang, templates: &Templates) -> anyhow::Result<Year<'a>> {
    let mut reports = Vec::with_capacity(stored.len());
    for one in stored {
        reports.push((Report::parse(one.document).context("a stored report is of another shape")?, one.sha256));
    }
    let Some((last, _)) = reports.last() else { bail!("a year without a locked month has no report") };
    let at = instant(&last.made_at).context("a stored report has no time")?;
    let facts = json!({
        "county": last.county.name, "period": year.to_string(), "months": reports.len(), "as_of": last.as_of,
        "demo": reports.iter().any(|(report, _)| report.demo), "is_superseded": false,
        "repeated": reports.iter().filter_map(|(report, _)| repeated(report)).collect::<Vec<_>>(),
    });
    let labels = Labels::read(facts, lang, templates)?;
    Ok(Year { reports, labels, at })
}

/// The workbook of the latest report of each locked month, ascending; there must be one.
pub fn book(year: i32, stored: &[Stored<'_>], lang: Lang, templates: &Templates) -> anyhow::Result<Vec<u8>> {
    let Year { reports, labels: l, at } = read(year, stored, lang, templates)?;
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

/// The same as one long table for programs: a row a figure of a month, no sums; what the year says of itself comes last.
pub fn csv(year: i32, stored: &[Stored<'_>], lang: Lang, templates: &Templates) -> anyhow::Result<Vec<u8>> {
    let Year { reports, labels: l, .. } = read(year, stored, lang, templates)?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.as_bytes().to_vec());
    writer.write_record([&l.col_month, &l.col_group, &l.col_figure, &l.value, &l.unit, &l.proof])?;
    for (report, sha256) in &reports {
        for key in KEYS {
            let unit = Unit::of(key);
            let value = report.figures.headline.get(key);
            let value = value.map_or_else(|| l.held.clone(), |value| unit.decimal(value).to_string());
            let (figure, unit) = (Labels::of(&l.figure, key), Labels::of(&l.units, unit.key()));
            writer.write_record([&report.month, l.col_headline.as_str(), figure, &value, unit, sha256])?;
        }
    }
    let method = Labels::of(&l.sheets, "method");
    for about in l.about.iter().chain([&l.year_note]) {
        writer.write_record([method, "", "", plain(about).as_ref(), "", ""])?;
    }
    Ok(writer.into_inner()?)
}
