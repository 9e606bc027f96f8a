//! A town's locked months on one sheet, taken from the county's stored reports: what those say of the town, what they hold
//! back held back, and how many households of each category stand behind the months together.
//!
//! It adds no amount that the reports do not state. Sums are over the months that state them, as in a year's report.

use super::month::instant;
use super::paper::Paper;
use super::year::{SUMMED, Sum, sum};
use crate::charts::cumulative::{Cumulative, Point};
use crate::charts::{Frame, Width, cumulative};
use crate::domain::calendar::{Day, parse_month};
use crate::domain::lang::Lang;
use crate::domain::month_report::{Group, Report};
use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Figures of a month's row that are no sums.
const BESIDE: [&str; 2] = ["households", "baseline_coverage_bp"];
/// What is provisional is a flow of the month and adds up to that of the months.
const PROVISIONAL: &str = "uplift_provisional_fen";

/// What the sheet is made from.
#[derive(Debug, Clone)]
pub struct TownSheet<'a> {
    pub code: &'a str,
    pub name: &'a str,
    /// Document and SHA-256 of the report that stands of each month, ascending; there must be one.
    pub stored: &'a [(String, String)],
    /// Months of the range that are open again: YYYY-MM.
    pub open: &'a [String],
    /// Households of the months together; `None`: held back.
    pub households: Option<i64>,
    /// The same by category.
    pub categories: &'a [(String, Option<i64>)],
}

/// The document.
pub fn paper(of: &TownSheet<'_>, lang: Lang) -> anyhow::Result<Paper> {
    let mut reports = Vec::with_capacity(of.stored.len());
    for (document, sha256) in of.stored {
        reports.push((Report::parse(document).context("a stored report is of another shape")?, sha256.as_str()));
    }
    let Some((last, _)) = reports.last() else { bail!("a town without a locked month has no sheet") };
    let made_at = instant(&last.made_at).context("a stored report has no time")?;
    let shown = |report: &Report, key: &str| match group(report, of.code) {
        Some(group) => group.get(key),
        // nothing of the town was booked in the month
        None => Some(0).filter(|_| !BESIDE.contains(&key)),
    };
    let months: Vec<Value> = reports
        .iter()
        .map(|(report, sha256)| {
            let figures: Map<String, Value> =
                SUMMED.iter().chain(&BESIDE).map(|&key| (key.to_owned(), json!(shown(report, key)))).collect();
            json!({
                "month": report.month, "report_no": report.report_no, "sha256": sha256, "figures": figures,
                "sold": group(report, of.code).is_some(),
            })
        })
        .collect();
    let sums: Map<String, Value> = SUMMED
        .iter()
        .chain([&PROVISIONAL])
        .map(|&key| {
            let Sum { fen, without } = sum(reports.iter().map(|(report, _)| shown(report, key)));
            (key.to_owned(), json!({ "fen": fen, "without": without }))
        })
        .collect();
    let category = |(key, households): &(String, Option<i64>)| json!({ "key": key, "households": households });
    let facts = json!({
        "county": last.county.name,
        "town": of.name,
        "demo": reports.iter().any(|(report, _)| report.demo),
        "as_of": last.as_of,
        "months": months,
        "open": of.open,
        "sums": sums,
        "households": of.households,
        "categories": of.categories.iter().map(category).collect::<Vec<Value>>(),
    });
    let pictures = BTreeMap::from([("cumulative", picture(&reports, of, lang))]);
    Ok(Paper { template: "town.typ", lang, facts, pictures, made_at })
}

fn group<'a>(report: &'a Report, code: &str) -> Option<&'a Group> {
    report.figures.by.get("town")?.iter().find(|group| group.key.as_deref() == Some(code))
}

/// The town's uplift month by month, added up over the months that state it.
fn picture(reports: &[(Report, &str)], of: &TownSheet<'_>, lang: Lang) -> String {
    let (title, note, source) = match lang {
        Lang::Zh => (format!("{} 累计助农增收", of.name), "全部订单；不含月报里不列的月份", "各月存下的月报"),
        Lang::En => (
            format!("{}: cumulative uplift", of.name),
            "all orders; months whose reports do not state it are left out",
            "the stored reports of the months",
        ),
    };
    let as_of = reports.last().and_then(|(report, _)| instant(report.as_of.as_deref()?));
    let demo = reports.iter().any(|(report, _)| report.demo);
    let mut at = Point { month: Day::default(), low_fen: 0, uplift_fen: 0, high_fen: 0 };
    let points = reports.iter().filter_map(|(report, _)| {
        let of = |key: &str| group(report, of.code)?.get(key);
        at = Point {
            month: parse_month(&report.month)?,
            low_fen: at.low_fen + of("uplift_low_fen")?,
            uplift_fen: at.uplift_fen + of("uplift_fen")?,
            high_fen: at.high_fen + of("uplift_high_fen")?,
        };
        Some(at)
    });
    let data = Cumulative { points: points.collect() };
    let frame = Frame { title: &title, note, source, as_of, demo, lang };
    if data.points.is_empty() {
        return crate::charts::withheld::svg(&frame, Width::Desktop);
    }
    cumulative::svg(&data, &frame, Width::Desktop)
}
