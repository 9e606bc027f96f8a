//! `red-anchor init --county CODE`: makes and migrates the database, sets the county up. Running it again is harmless.

use super::context::{Context, county_code};
use crate::domain::access::{Actor, Scope};
use crate::domain::admin;
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::ingest::files::reading::Received;
use crate::ingest::files::regions;
use crate::services::setup;
use crate::store::{Missing, Store, counties};
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Table of the county's towns and villages, for a county the program does not bring: CSV or a workbook with the
    /// columns code and name (代码, 名称)
    #[arg(long, value_name = "FILE")]
    regions: Option<String>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let code = context.county.ok_or_else(|| Problem::BadOption { why: "--county CODE".into() })?;
    let county = county_code(&code.to_string())?;
    let store = Store::open(context.database(), Missing::Create).await?;
    let here = counties::list(&store).await?;
    if here.iter().any(|c| c.demo) {
        return Err(Problem::RealOnDemo.into());
    }
    let stored = counties::region_names(&mut store.read(Scope::County(county)).await?).await?;
    let stored = stored.iter().filter_map(|(code, _)| RegionCode::parse(code));
    let shipped = admin::regions().into_iter().map(|region| region.code).filter(|code| code.within(county));
    let mut known: Vec<RegionCode> = stored.chain(shipped).collect();
    let read = match &arguments.regions {
        Some(path) => regions::read(&mut Received::open(path)?, county, &known)?,
        None => Vec::new(),
    };
    setup::init(&store, county, "", rand::random(), &context.clock).await?;
    if !read.is_empty() {
        setup::add_regions(&store, county, &Actor::command_line(), &context.clock, &read).await?;
        known.extend(read.iter().map(|region| region.code));
    }
    store.close().await;
    eprintln!("red-anchor: {} ({code})", context.database());
    if !known.iter().any(|region| region.digits() > 6) {
        eprintln!("{}", without_regions(context.lang));
    }
    Ok(ExitCode::SUCCESS)
}

/// Regions are codes without a name, and none can be checked.
const fn without_regions(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => {
            "这个县的乡镇和村还不知道：页面上只有代码，写错的也查不出来。请再运行一次并加 --regions 文件（两列：代码、名称）。"
        }
        Lang::En => {
            "The towns and villages of this county are not known: pages show codes, and a wrong one is not noticed. Run it \
             again with --regions FILE (two columns: code, name)."
        }
    }
}
