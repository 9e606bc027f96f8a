//! `red-anchor reconcile`: each shop's days beside what its platform says of them now, or a file; exit code 1 where they
//! differ, 2 where a shop could not be compared, which holds up no other. What was compared is kept for the pages.

use super::context::{Context, Opened};
use super::shop::app_key;
use super::{keyring, say_failed};
use crate::domain::calendar::{Day, parse_day};
use crate::domain::money::yuan;
use crate::domain::problem::Problem;
use crate::domain::reconcile::Dated;
use crate::ingest::compare::{OtherSide, read_file};
use crate::ingest::connect::Connecting;
use crate::ingest::files::{Received, Wanted};
use crate::ingest::pull::Target;
use crate::jobs::turn::{self, Manner, Reach};
use crate::services::desk::Desk;
use crate::services::import::list_profiles;
use crate::services::reconcile::{Days, Report, reconcile};
use crate::store::goods::Shop;
use crate::store::leases;
use crate::web::wording::words;
use clap::Args;
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;
use tokio::sync::watch;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Only this shop.
    #[arg(long)]
    shop: Option<String>,
    /// First day; a week before the last where not given.
    #[arg(long)]
    from: Option<String>,
    /// Last day; the last the shop is completely known of where not given.
    #[arg(long)]
    to: Option<String>,
    /// A platform's export to compare with, instead of asking the platform; names the shop with --shop.
    #[arg(long, requires = "shop", value_name = "FILE")]
    file: Option<String>,
    /// Another address than the platform's own, such as a sandbox's.
    #[arg(long)]
    endpoint: Option<String>,
    #[arg(long)]
    json: bool,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (from, to) = (day(arguments.from.as_deref())?, day(arguments.to.as_deref())?);
    if matches!((from, to), (Some(from), Some(to)) if from > to) {
        return Err(Problem::BackwardsRange.into());
    }
    let opened = context.open().await?;
    opened.refuse_demo()?;
    let keyring = match arguments.file {
        Some(_) => None,
        None => keyring::load(context)?.map(|(keyring, _)| keyring),
    };
    let connecting = Connecting { keyring, app: app_key(), endpoint: arguments.endpoint.clone() };
    let (mut documents, mut agree, mut failed) = (Vec::new(), true, false);
    let mut out = std::io::stdout();
    for shop in opened.shops(arguments.shop.as_deref()).await? {
        let Some(days) = Days::of(&shop, from, to) else { continue };
        match Box::pin(compared(context, &opened, &connecting, &shop, days, arguments)).await {
            Ok(report) => {
                agree &= report.differences() == 0;
                if arguments.json { documents.push(document(&report)) } else { table(&mut out, &report, context)? }
            }
            Err(error) => {
                failed = true;
                say_failed(&shop.shop_key, &error, context.lang);
            }
        }
    }
    opened.store.close().await;
    if arguments.json {
        serde_json::to_writer(&mut out, &json!({ "county": opened.county.county_code, "shops": documents }))?;
        writeln!(out)?;
    }
    Ok(match (failed, agree) {
        (true, _) => ExitCode::from(2),
        (false, false) => ExitCode::FAILURE,
        (false, true) => ExitCode::SUCCESS,
    })
}

fn day(text: Option<&str>) -> Result<Option<Day>, Problem> {
    text.map(|text| parse_day(text).ok_or_else(|| Problem::BadDay { text: text.to_owned() })).transpose()
}

/// A shop's days beside the other side's, kept for the pages.
async fn compared(
    context: &Context,
    opened: &Opened,
    connecting: &Connecting,
    shop: &Shop,
    days: Days,
    arguments: &Arguments,
) -> anyhow::Result<Report> {
    let (theirs, days) = match &arguments.file {
        Some(path) => from_file(context, opened, shop, path, days, arguments.from.is_none()).await?,
        None => (Box::pin(ask(context, opened, connecting, shop, days.from)).await?, days),
    };
    let desk = Desk { store: &opened.store, county: opened.code, actor: &context.actor, clock: &context.clock };
    reconcile(desk, shop, &theirs, days).await
}

async fn ask(
    context: &Context,
    opened: &Opened,
    connecting: &Connecting,
    shop: &Shop,
    from: Day,
) -> anyhow::Result<OtherSide> {
    let target = Target {
        store: opened.store.clone(),
        county: opened.code,
        buyer_key: opened.county.buyer_key.clone(),
        actor: context.actor.clone(),
        clock: context.clock.clone(),
    };
    let puller = connecting.puller(&mut opened.read().await?, shop, &context.clock).await?;
    let (_go_on, stop) = watch::channel(false);
    let holder = leases::new_holder();
    let manner = Manner { holder: &holder, stop: &stop, reach: Reach::Onward, when_due: false };
    let asked = turn::ask(&target, puller, from, manner).await?;
    Ok(asked.ok_or_else(|| Problem::ShopTaken { shop: shop.shop_key.clone() })?)
}

/// A file's side, and the days it is about where none were named: those it has something on.
async fn from_file(
    context: &Context,
    opened: &Opened,
    shop: &Shop,
    path: &str,
    days: Days,
    by_itself: bool,
) -> anyhow::Result<(OtherSide, Days)> {
    let profiles = list_profiles(&mut opened.read().await?).await?;
    let wanted = Wanted { profiles, chosen: None, kind: None, platform: shop.platform.clone() };
    let (mut received, now) = (Received::open(path)?, context.clock.now());
    let theirs = tokio::task::spawn_blocking(move || read_file(&mut received, &wanted, now)).await??;
    let on = || theirs.measures.iter().flat_map(|(_, amounts)| amounts).map(|amount| amount.on);
    let days = match (by_itself, on().min()) {
        (true, Some(first)) => Days { from: first.min(days.to), to: days.to.min(on().max().unwrap_or(days.to)) },
        _ => days,
    };
    Ok((theirs, days))
}

fn document(report: &Report) -> Value {
    let side = |side: Option<Dated>| side.map(|(on, fen)| json!({ "on": on.to_string(), "fen": fen }));
    let measures: Vec<Value> = report
        .measures
        .iter()
        .map(|(measure, compared)| {
            let days: Vec<Value> = compared
                .days
                .iter()
                .map(|(on, sums)| {
                    json!({
                        "on": on.to_string(),
                        "our_orders": sums.our_orders,
                        "our_fen": sums.our_fen,
                        "their_orders": sums.their_orders,
                        "their_fen": sums.their_fen,
                        "waits": compared.waits.get(on).map(|waits| waits.key()),
                    })
                })
                .collect();
            let differences: Vec<Value> = compared
                .differences
                .iter()
                .map(|d| {
                    json!({
                        "order_no": d.order_no,
                        "reason": d.reason.key(),
                        "ours": side(d.ours),
                        "theirs": side(d.theirs),
                    })
                })
                .collect();
            json!({ "measure": measure.key(), "days": days, "differences": differences })
        })
        .collect();
    json!({
        "shop": report.shop.shop_key,
        "from": report.days.from.to_string(),
        "to": report.days.to.to_string(),
        "other_side": report.other_side,
        "measures": measures,
    })
}

/// A line a day and measure, and under it the differences, each under the first day it moves.
fn table(out: &mut impl Write, report: &Report, context: &Context) -> std::io::Result<()> {
    let w = &words(context.lang).reconcile;
    let key = &report.shop.shop_key;
    for (measure, compared) in &report.measures {
        let name = w.of_measure(*measure);
        for (on, sums) in &compared.days {
            let (ours, theirs) = (yuan(sums.our_fen), yuan(sums.their_fen));
            let apart = yuan(sums.our_fen - sums.their_fen);
            let (our_orders, their_orders) = (sums.our_orders, sums.their_orders);
            writeln!(out, "{key}\t{on}\t{name}\t{our_orders}\t{ours}\t{their_orders}\t{theirs}\t{apart}")?;
        }
        for (on, waits) in &compared.waits {
            writeln!(out, "{key}\t{on}\t{name}\t{}", w.of_waits(*waits))?;
        }
        for d in &compared.differences {
            let side = |side: Option<Dated>| side.map_or_else(String::new, |(on, fen)| format!("{on} {}", yuan(fen)));
            let (reason, ours, theirs) = (w.of_reason(d.reason), side(d.ours), side(d.theirs));
            writeln!(out, "{key}\t{name}\t{}\t{reason}\t{ours}\t{theirs}", d.order_no)?;
        }
    }
    Ok(())
}
