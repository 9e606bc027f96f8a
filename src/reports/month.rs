//! 助农增收月报 as a document: the stored report of a locked month on A4, to be signed and filed.
//!
//! Everything on it comes from the stored document: its figures, its names, and the pictures drawn from them, which leave
//! out what the document holds back. Beside it stand the document's own hash and where it can be looked up, as a QR code.

use super::paper::Paper;
use crate::charts::flow::Flow;
use crate::charts::ranked::{Entry, Figure, Ranked};
use crate::charts::tiles::{Shown, Tile, Tiles};
use crate::charts::{Frame, Width, flow, qr, ranked, tiles};
use crate::domain::calendar::Instant;
use crate::domain::lang::Lang;
use crate::domain::month_report::{Group, Report};
use crate::domain::regions::RegionCode;
use crate::domain::tiles::layout;
use anyhow::Context;
use chrono::DateTime;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A stored report that is printed.
#[derive(Debug, Clone)]
pub struct Printed<'a> {
    /// As it is stored.
    pub document: &'a str,
    pub sha256: &'a str,
    /// Where it can be looked up; '' where nobody said.
    pub address: &'a str,
    /// The address opens without signing in.
    pub is_shared: bool,
    /// The month was opened again since, or another report was made of it.
    pub is_superseded: bool,
}

/// The document.
pub fn paper(printed: &Printed<'_>, lang: Lang) -> anyhow::Result<Paper> {
    let report = Report::parse(printed.document).context("the stored report is of another shape")?;
    let made_at = instant(&report.made_at).context("the stored report has no time")?;
    let mut pictures = BTreeMap::from([
        ("flow", flow_svg(&report, lang)),
        ("towns", towns_svg(&report, lang)),
        ("products", ranked_svg(&report, "product", lang)),
    ]);
    let mut facts = json!({
        "sha256": printed.sha256,
        "address": printed.address,
        "is_shared": printed.is_shared,
        "is_superseded": printed.is_superseded,
    });
    facts["report"] = serde_json::from_str(printed.document).context("the stored report is JSON")?;
    if !printed.address.is_empty() {
        pictures.insert("qr", qr::svg(printed.address).context("the address is too long for a QR code")?);
    }
    Ok(Paper { template: "month.typ", lang, facts, pictures, made_at })
}

/// What a report says of a headline that is an earlier report's, for the words of a document.
pub fn repeated(report: &Report) -> Option<Value> {
    report.figures.headline_of.map(|report_no| json!({ "month": report.month, "report_no": report_no }))
}

/// A moment as a document writes it.
pub fn instant(rfc3339: &str) -> Option<Instant> {
    DateTime::parse_from_rfc3339(rfc3339).ok().map(|at| at.to_utc())
}

fn frame<'a>(report: &Report, title: &'a str, note: &'a str, lang: Lang) -> Frame<'a> {
    let source = match lang {
        Lang::Zh => "存下的月报",
        Lang::En => "the stored report of the month",
    };
    let as_of = report.as_of.as_deref().and_then(instant);
    Frame { title, note, source, as_of, demo: report.demo, lang }
}

/// Where each yuan of the headline went; held back as a whole where any part of it is.
fn flow_svg(report: &Report, lang: Lang) -> String {
    let (title, note) = match lang {
        Lang::Zh => ("每一元去了哪里", "红色直播间和红色主播"),
        Lang::En => ("Where each yuan goes", "Red rooms and Red Anchors"),
    };
    let frame = frame(report, title, note, lang);
    flow_of(&report.figures.headline).map_or_else(
        || crate::charts::withheld::svg(&frame, Width::Desktop),
        |flow| flow::svg(&flow, &frame, Width::Desktop),
    )
}

/// Where each yuan of a group went; `None` where what may only be told together is held back. Income without a price joins
/// the baseline value where it may not be told apart.
pub fn flow_of(group: &Group) -> Option<Flow> {
    let of = |key: &str| group.get(key);
    let (farmer_income_fen, extra_cost_fen, uplift_fen) =
        (of("farmer_income_fen")?, of("extra_cost_fen")?, of("uplift_fen")?);
    let told = of("farmer_income_without_baseline_fen").zip(of("baseline_fen"));
    // what is left of the income: that it adds up is the ledger's own balance
    let (without_baseline_fen, baseline_fen) = told.unwrap_or((0, farmer_income_fen - extra_cost_fen - uplift_fen));
    Some(Flow {
        buyers_paid_fen: of("gmv_fen")?,
        subsidy_fen: of("subsidy_fen")?,
        refund_fen: of("refund_fen")?,
        platform_anchor_fen: of("platform_fen")? + of("anchor_fen")?,
        logistics_packaging_fen: of("logistics_fen")? + of("packaging_fen")?,
        operator_village_loss_fen: of("operator_fen")? + of("village_fen")? + of("loss_fen")?,
        unassigned_fen: of("unassigned_fen")?,
        provisional_fen: of("farmer_income_provisional_fen")?,
        farmer_income_fen,
        without_baseline_fen,
        baseline_joined: told.is_none(),
        baseline_fen,
        extra_cost_fen,
        uplift_fen,
    })
}

/// The towns that the document names, in their places; ranked where nobody wrote those down.
fn towns_svg(report: &Report, lang: Lang) -> String {
    let places = RegionCode::parse(&report.county.code).map(layout).unwrap_or_default();
    if places.is_empty() {
        return ranked_svg(report, "town", lang);
    }
    let (title, note) = match lang {
        Lang::Zh => ("各乡镇的助农增收", "全部订单；没有画出的乡镇这个月没有农户"),
        Lang::En => ("Uplift by town", "all orders; towns not drawn had no households this month"),
    };
    let groups = report.figures.by.get("town").map(Vec::as_slice).unwrap_or_default();
    let tiles = groups.iter().filter_map(|group| {
        let key = group.key.as_deref()?;
        let place = places.iter().find(|(code, _)| code.to_string() == key).map(|&(_, place)| place);
        let shown = group.get("uplift_fen").map_or(Shown::Held, Shown::Fen);
        Some(Tile { name: report.name("town", key).to_owned(), place, shown })
    });
    tiles::svg(&Tiles { tiles: tiles.collect() }, &frame(report, title, note, lang), Width::Desktop)
}

/// The uplift of the groups that the document shows.
fn ranked_svg(report: &Report, grouping: &str, lang: Lang) -> String {
    let title = match (grouping, lang) {
        ("town", Lang::Zh) => "各乡镇的助农增收",
        ("town", Lang::En) => "Uplift by town",
        (_, Lang::Zh) => "各货品的助农增收",
        (_, Lang::En) => "Uplift by goods",
    };
    let groups = report.figures.by.get(grouping).map(Vec::as_slice).unwrap_or_default();
    let named = groups.iter().filter_map(|group| Some((group.key.as_deref()?, group)));
    let entries: Vec<Entry> = named
        .clone()
        .filter_map(|(key, group)| {
            Some(Entry { name: report.name(grouping, key).to_owned(), fen: group.get("uplift_fen")? })
        })
        .collect();
    let held = named.count() - entries.len();
    let note = match (held, lang) {
        (0, Lang::Zh) => "全部订单".to_owned(),
        (0, Lang::En) => "all orders".to_owned(),
        (held, Lang::Zh) => format!("全部订单，另有 {held} 个不足五户的不画"),
        (held, Lang::En) => format!("all orders; {held} of fewer than five households are left out"),
    };
    let frame = frame(report, title, &note, lang);
    if entries.is_empty() && held > 0 {
        return crate::charts::withheld::svg(&frame, Width::Desktop);
    }
    ranked::svg(&Ranked { figure: Figure::Uplift, entries }, &frame, Width::Desktop)
}
