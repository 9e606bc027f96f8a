//! `red-anchor init --county CODE`: makes and migrates the database, sets the county up. Running it again is harmless.

use super::context::{Context, county_code};
use crate::domain::problem::Problem;
use crate::services::setup;
use crate::store::{Missing, Store, counties};
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {}

pub async fn run(context: &Context, _: &Arguments) -> anyhow::Result<ExitCode> {
    let code = context.county.ok_or_else(|| Problem::BadOption { why: "--county CODE".into() })?;
    let store = Store::open(context.database(), Missing::Create).await?;
    let here = counties::list(&store).await?;
    if here.iter().any(|c| c.demo) {
        return Err(Problem::RealOnDemo.into());
    }
    setup::init(&store, county_code(&code.to_string())?, "", rand::random(), &context.clock).await?;
    store.close().await;
    eprintln!("red-anchor: {} ({code})", context.database());
    Ok(ExitCode::SUCCESS)
}
