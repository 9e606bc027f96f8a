//! `red-anchor trace SHOP LINE`: one line from its figure to its evidence, in words.

use super::context::Context;
use crate::domain::amounts::{Amounts, Col};
use crate::domain::calendar::clock_text;
use crate::domain::figures::{Counts, FigureRow};
use crate::domain::money::yuan;
use crate::domain::problem::Problem;
use crate::services::figures::household_label;
use crate::services::setup;
use crate::services::trace::{self, Trace};
use clap::Args;
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The shop's key.
    shop: String,
    /// The platform's number of the line; `red-anchor lines` lists them.
    line: String,
}

/// Columns of a ledger row worth a word, with that word.
const PARTIES: [(Col, &str); 12] = [
    (Col::Gmv, "GMV 成交额"),
    (Col::Subsidy, "subsidy 补贴"),
    (Col::Refund, "refund 退款"),
    (Col::Farmer, "farmer 农户"),
    (Col::Operator, "operator 经营主体"),
    (Col::Village, "village 村集体"),
    (Col::Anchor, "anchor 达人佣金"),
    (Col::Platform, "platform 平台"),
    (Col::Logistics, "logistics 物流"),
    (Col::Packaging, "packaging 包装"),
    (Col::Loss, "loss 损失"),
    (Col::Unassigned, "unassigned 未归户"),
];

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    let shop = setup::shop(&mut session, &arguments.shop).await?;
    let found = trace::find_by_no(&mut session, &shop, &arguments.line).await?;
    let trace =
        found.ok_or_else(|| Problem::UnknownLine { shop: arguments.shop.clone(), line: arguments.line.clone() })?;
    let mut out = std::io::stdout().lock();
    if opened.county.demo {
        writeln!(out, "演示数据：虚构，不作为公布数据的依据 / demo data, invented")?;
    }
    print(&mut out, &trace)?;
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, t: &Trace) -> std::io::Result<()> {
    let order = &t.order;
    writeln!(out, "line {} · order {} · shop {} ({})", t.line.line_no, order.order_no, t.shop.shop_key, t.shop.name)?;
    let paid = order.paid_at.map_or_else(|| "unpaid 未付款".to_owned(), clock_text);
    writeln!(out, "state {} · created {} · paid {paid}", t.state.state.key(), clock_text(order.created_at))?;
    let (pieces, list) = (t.line.pieces, yuan(t.line.list_fen));
    writeln!(out, "goods {} · {pieces} pieces · list {list}", if t.title.is_empty() { "–" } else { &t.title })?;
    figures(out, t)?;
    attribution(out, t)?;
    terms(out, t)?;
    writeln!(out, "\nledger 账目")?;
    for row in &t.rows {
        let adjusts = row.adjusts_on.map(|m| format!(" (adjusts 调整 {})", m.format("%Y-%m"))).unwrap_or_default();
        let parts = words(&row.posted.amounts);
        writeln!(
            out,
            "  {} {} household {} · booked {}{adjusts} · {parts}",
            row.posted.event_on, row.posted.event_kind, row.posted.dimensions.farmer_id, row.booked_on
        )?;
    }
    evidence(out, t)
}

fn figures(out: &mut impl Write, t: &Trace) -> std::io::Result<()> {
    let total: Amounts = t.state.slices.iter().map(|s| s.position).sum();
    let row = FigureRow::from_sums(&total, Counts::ZERO, 0);
    writeln!(
        out,
        "net {} · farmer income settled {} provisional {} · uplift settled {} (low {} high {}) provisional {}",
        yuan(row.net_fen),
        yuan(row.farmer_income_fen),
        yuan(row.farmer_income_provisional_fen),
        yuan(row.uplift_fen),
        yuan(row.uplift_low_fen),
        yuan(row.uplift_high_fen),
        yuan(row.uplift_provisional_fen)
    )?;
    for slice in &t.state.slices {
        let farmer = t.farmers.iter().find(|f| f.farmer_id == slice.dimensions.farmer_id);
        let name =
            farmer.map_or_else(|| "no household 无农户".to_owned(), |f| household_label(&f.name, &f.village_code));
        writeln!(out, "  household {} {name}: {} g", slice.dimensions.farmer_id, slice.position[Col::Goods])?;
    }
    Ok(())
}

fn attribution(out: &mut impl Write, t: &Trace) -> std::io::Result<()> {
    let class = t.state.slices.first().map_or("other", |s| s.dimensions.class.key());
    match (&t.attribution, &t.stream) {
        (Some(choice), Some(stream)) => writeln!(
            out,
            "stream {} · {} · anchor {} · room {} · rule {} · class {class}",
            stream.stream_key,
            clock_text(stream.starts_at),
            t.anchor.as_ref().map_or("–", |a| &a.name),
            t.room.as_ref().map_or("–", |r| &r.name),
            choice.rule
        ),
        (Some(choice), None) => writeln!(out, "no stream · rule {} · class {class}", choice.rule),
        (None, _) => writeln!(out, "no stream 非直播 · class {class}"),
    }
}

fn terms(out: &mut impl Write, t: &Trace) -> std::io::Result<()> {
    match (&t.listing, &t.terms) {
        (Some(listing), Some(terms)) => writeln!(
            out,
            "listing {} · {:?} · platform {} bp · anchor {} bp · operator {} bp · freight {} · packaging {} · {} g + {} bp",
            listing.name,
            terms.model,
            terms.platform_bp,
            terms.anchor_bp,
            terms.operator_bp,
            yuan(terms.freight_fen),
            yuan(terms.packaging_fen),
            terms.pack_g,
            terms.shrink_bp
        )?,
        (Some(listing), None) => writeln!(out, "listing {} · no terms on the pay day", listing.name)?,
        (None, _) => writeln!(out, "no listing 未关联货品: everything after fees is unassigned")?,
    }
    for b in &t.baselines {
        writeln!(
            out,
            "baseline {}: {} / {} / {} yuan per kg · {} … {} · {} · {} (entered {}, approved {})",
            b.baseline_id,
            yuan(b.low_fen_per_kg),
            yuan(b.mid_fen_per_kg),
            yuan(b.high_fen_per_kg),
            b.valid_from,
            b.valid_to,
            b.region_code,
            b.source,
            b.entered_by,
            b.approved_by
        )?;
    }
    Ok(())
}

fn evidence(out: &mut impl Write, t: &Trace) -> std::io::Result<()> {
    writeln!(out, "\nevidence 凭据")?;
    for found in &t.evidence {
        let (fetched, sha) = (clock_text(found.fetched_at), hex::encode(&found.sha256));
        writeln!(out, "  {} · {} · fetched {fetched} · sha256 {sha}", found.kind, found.source)?;
        writeln!(out, "    {}", found.text)?;
    }
    Ok(())
}

/// A row's amounts that are not zero, in words.
fn words(amounts: &Amounts) -> String {
    let mut parts: Vec<String> = PARTIES
        .iter()
        .filter(|(column, _)| amounts[*column] != 0)
        .map(|(column, word)| format!("{word} {}", yuan(amounts[*column])))
        .collect();
    if amounts[Col::SettledFarmer] != 0 || amounts[Col::SettledNet] != 0 {
        let (net, farmer) = (yuan(amounts[Col::SettledNet]), yuan(amounts[Col::SettledFarmer]));
        parts.push(format!("settled 已结算 net {net} farmer {farmer}"));
    }
    if amounts[Col::BaselineMid] != 0 {
        parts.push(format!("baseline 基准 {}", yuan(amounts[Col::BaselineMid])));
    }
    parts.join(", ")
}
