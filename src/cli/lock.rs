//! `red-anchor lock MONTH`: closes a month. Later facts are booked in the first open one.

use super::context::Context;
use crate::domain::calendar::parse_month;
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::services::lock;
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// YYYY-MM.
    month: String,
    /// Why it is locked with less than 95 % of settled income priced.
    #[arg(long, default_value = "")]
    reason: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let month = parse_month(&arguments.month).ok_or_else(|| Problem::BadMonth { text: arguments.month.clone() })?;
    let opened = context.open().await?;
    let coverage_bp =
        lock::lock(&opened.store, opened.code, &context.actor, &context.clock, month, &arguments.reason).await?;
    opened.store.close().await;
    let coverage = format!("{}.{:02} %", coverage_bp / 100, coverage_bp % 100);
    match context.lang {
        Lang::Zh => eprintln!("已锁定 {}，基准价覆盖 {coverage}。", arguments.month),
        Lang::En => eprintln!("Locked {}; {coverage} of its settled income has a baseline.", arguments.month),
    }
    Ok(ExitCode::SUCCESS)
}
