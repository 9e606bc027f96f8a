//! `red-anchor figures`: the county's figures by any grouping, range and region, as a table, JSON or CSV.

use super::context::Context;
use crate::domain::calendar::{Day, parse_day, rfc3339};
use crate::domain::cells::plain;
use crate::domain::figures::FigureRow;
use crate::domain::money::yuan;
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::services::figures::{self, By, Request, Row};
use crate::store::counties;
use crate::store::figures::{Basis, Range};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A region code of 2, 4, 6, 9 or 12 digits.
    #[arg(long)]
    region: Option<String>,
    /// First day, YYYY-MM-DD.
    #[arg(long)]
    from: Option<String>,
    /// Last day, YYYY-MM-DD.
    #[arg(long)]
    to: Option<String>,
    /// total, month, day, town, village, product, listing, room, anchor, stream, farmer, shop, platform or class.
    #[arg(long, default_value = "total")]
    by: String,
    /// event: the day an entry is booked; pay: the day its line was paid.
    #[arg(long, default_value = "event")]
    basis: String,
    #[arg(long, default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

/// The columns of the table, the most asked-for ones; JSON and CSV hold all.
const TABLE: [&str; 9] = [
    "orders_paid",
    "lines",
    "gmv_fen",
    "net_fen",
    "farmer_income_fen",
    "farmer_income_provisional_fen",
    "uplift_fen",
    "baseline_coverage_bp",
    "households",
];

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let by = By::parse(&arguments.by).ok_or_else(|| Problem::UnknownGrouping { name: arguments.by.clone() })?;
    let basis = Basis::parse(&arguments.basis)
        .ok_or_else(|| Problem::BadOption { why: format!("--basis {}", arguments.basis) })?;
    let range = Range { from: day(arguments.from.as_deref())?, to: day(arguments.to.as_deref())? };
    if matches!((range.from, range.to), (Some(from), Some(to)) if from > to) {
        return Err(Problem::BackwardsRange.into());
    }
    let asked = arguments.region.as_deref().map(region).transpose()?;
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    if let Some(code) = asked {
        let nests = code.within(opened.code) || opened.code.within(code);
        if !nests || !counties::region_exists(&mut session, code).await? {
            return Err(Problem::UnknownRegion { code: code.to_string() }.into());
        }
    }
    let request = Request {
        region: asked.unwrap_or(opened.code),
        range,
        by,
        basis,
        headline_only: false,
        only: None,
        households: true,
    };
    let rows = figures::rows(&mut session, &request).await?;
    let total = figures::total(&mut session, &request).await?;
    let mut out = std::io::stdout().lock();
    match arguments.format {
        Format::Table => table(&mut out, &rows, &total)?,
        Format::Csv => csv(&mut out, &rows, &total, opened.county.demo)?,
        Format::Json => {
            let as_of = figures::as_of(&mut session).await?;
            let document = json!({
                "county": opened.county.county_code,
                "region": asked.map(|r| r.to_string()),
                "from": range.from.map(|d| d.to_string()),
                "to": range.to.map(|d| d.to_string()),
                "by": by.key(),
                "basis": basis.key(),
                "as_of": as_of.map(rfc3339),
                "demo": opened.county.demo,
                "rows": rows.iter().map(|r| object(r.key.as_deref(), &r.label, &r.figures)).collect::<Vec<_>>(),
                "total": object(Some("total"), "total", &total),
            });
            serde_json::to_writer(&mut out, &document)?;
            writeln!(out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn day(text: Option<&str>) -> Result<Option<Day>, Problem> {
    text.map(|t| parse_day(t).ok_or_else(|| Problem::BadDay { text: t.to_owned() })).transpose()
}

fn region(text: &str) -> Result<RegionCode, Problem> {
    RegionCode::parse(text).ok_or_else(|| Problem::UnknownRegion { code: text.to_owned() })
}

fn object(key: Option<&str>, label: &str, row: &FigureRow) -> Value {
    let mut map = Map::new();
    map.insert("key".into(), key.map_or(Value::Null, Value::from));
    map.insert("label".into(), label.into());
    map.extend(row.iter().map(|(name, value)| (name.to_owned(), value.into())));
    Value::Object(map)
}

fn csv(out: &mut impl Write, rows: &[Row], total: &FigureRow, demo: bool) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mark = if demo { "演示数据：虚构，不作为公布数据的依据" } else { "" };
    let headings = ["key", "label"].into_iter().chain(FigureRow::KEYS).chain(["note"]);
    writer.write_record(headings)?;
    let all = rows.iter().map(|r| (r.key.as_deref().unwrap_or(""), r.label.as_str(), &r.figures));
    for (key, label, figures) in all.chain([("total", "total", total)]) {
        let values = figures.iter().map(|(_, v)| v.to_string());
        writer.write_record(
            [plain(key).into_owned(), plain(label).into_owned()].into_iter().chain(values).chain([mark.to_owned()]),
        )?;
    }
    writer.flush()?;
    Ok(())
}

fn table(out: &mut impl Write, rows: &[Row], total: &FigureRow) -> anyhow::Result<()> {
    writeln!(out, "label\t{}", TABLE.map(|name| name.trim_end_matches("_fen")).join("\t"))?;
    for (label, figures) in rows.iter().map(|r| (r.label.as_str(), &r.figures)).chain([("total", total)]) {
        let cells = TABLE.map(|name| {
            let value = figures.get(name).unwrap_or_default();
            match name {
                _ if name.ends_with("_fen") => yuan(value),
                "baseline_coverage_bp" => format!("{}.{:02}%", value / 100, value % 100),
                _ => value.to_string(),
            }
        });
        writeln!(out, "{label}\t{}", cells.join("\t"))?;
    }
    Ok(())
}
