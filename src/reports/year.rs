//! 年报: a year's locked months side by side, made of their stored reports and nothing else.
//!
//! Amounts are added up over the months whose reports say them; a month that holds one back is left out of that sum and
//! counted, so that nothing held back can be had by subtraction from a sum that has it. Households are not added up: the
//! same household stands in many months.

use super::month::{instant, repeated};
use super::paper::Paper;
use crate::charts::cumulative::{Cumulative, Point};
use crate::charts::{Frame, Width, cumulative};
use crate::domain::calendar::{Day, parse_month};
use crate::domain::lang::Lang;
use crate::domain::month_report::Report;
use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The amounts that are added up.
pub const SUMMED: [&str; 8] = [
    "gmv_fen",
    "refund_fen",
    "net_fen",
    "settled_fen",
    "farmer_income_fen",
    "uplift_fen",
    "uplift_low_fen",
    "uplift_high_fen",
];

/// A stored report of the year.
#[derive(Debug, Clone)]
pub struct Stored<'a> {
    pub document: &'a str,
    pub sha256: &'a str,
}

/// A year's amount over its months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    pub fen: i64,
    /// Months whose reports hold it back.
    pub without: i64,
}

/// The document of the latest report of each locked month, ascending; there must be one.
pub fn paper(year: i32, stored: &[Stored<'_>], lang: Lang) -> anyhow::Result<Paper> {
    let mut reports = Vec::with_capacity(stored.len());
    for one in stored {
        let report = Report::parse(one.document).context("a stored report is of another shape")?;
        reports.push((report, one.sha256));
    }
    let Some((last, _)) = reports.last() else { bail!("a year without a locked month has no report") };
    let made_at = instant(&last.made_at).context("a stored report has no time")?;
    let shown = |report: &Report, key: &str| report.figures.headline.get(key);
    let months: Vec<Value> = reports
        .iter()
        .map(|(report, sha256)| {
            let mut figures: Map<String, Value> =
                SUMMED.iter().map(|&key| (key.to_owned(), json!(shown(report, key)))).collect();
            for key in ["households", "baseline_coverage_bp"] {
                figures.insert(key.to_owned(), json!(shown(report, key)));
            }
            json!({ "month": report.month, "report_no": report.report_no, "sha256": sha256, "figures": figures })
        })
        .collect();
    let sums: Map<String, Value> = SUMMED
        .iter()
        .map(|&key| {
            let sum = sum(reports.iter().map(|(report, _)| shown(report, key)));
            (key.to_owned(), json!({ "fen": sum.fen, "without": sum.without }))
        })
        .collect();
    let facts = json!({
        "year": year.to_string(),
        "county": last.county.name,
        "demo": reports.iter().any(|(report, _)| report.demo),
        "as_of": last.as_of,
        "months": months,
        "repeated": reports.iter().filter_map(|(report, _)| repeated(report)).collect::<Vec<_>>(),
        "sums": sums,
    });
    let pictures = BTreeMap::from([("cumulative", picture(&reports, lang))]);
    Ok(Paper { template: "year.typ", lang, facts, pictures, made_at })
}

/// What is said, added up, and in how many months it is not.
pub fn sum(said: impl Iterator<Item = Option<i64>>) -> Sum {
    said.fold(Sum::default(), |sum, fen| match fen {
        Some(fen) => Sum { fen: sum.fen + fen, ..sum },
        None => Sum { without: sum.without + 1, ..sum },
    })
}

/// The uplift month by month, added up over those that say it.
fn picture(reports: &[(Report, &str)], lang: Lang) -> String {
    let (title, note, source) = match lang {
        Lang::Zh => ("全年累计助农增收", "红色直播间和红色主播；不含不足五户的月份", "各月存下的月报"),
        Lang::En => (
            "Uplift over the year",
            "Red rooms and Red Anchors; months of fewer than five households are left out",
            "the stored reports of the months",
        ),
    };
    let last = reports.last().map(|(report, _)| report);
    let as_of = last.and_then(|report| report.as_of.as_deref()).and_then(instant);
    let demo = reports.iter().any(|(report, _)| report.demo);
    let mut at = Point { month: Day::default(), low_fen: 0, uplift_fen: 0, high_fen: 0 };
    let points = reports.iter().filter_map(|(report, _)| {
        let of = |key: &str| report.figures.headline.get(key);
        at = Point {
            month: parse_month(&report.month)?,
            low_fen: at.low_fen + of("uplift_low_fen")?,
            uplift_fen: at.uplift_fen + of("uplift_fen")?,
            high_fen: at.high_fen + of("uplift_high_fen")?,
        };
        Some(at)
    });
    let data = Cumulative { points: points.collect() };
    let frame = Frame { title, note, source, as_of, demo, lang };
    if data.points.is_empty() {
        return crate::charts::withheld::svg(&frame, Width::Desktop);
    }
    cumulative::svg(&data, &frame, Width::Desktop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_that_holds_back_is_counted_and_not_added() {
        assert_eq!(sum([Some(5), None, Some(-2), None].into_iter()), Sum { fen: 3, without: 2 });
        assert_eq!(sum(std::iter::empty()), Sum::default());
    }
}
