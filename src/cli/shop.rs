//! `red-anchor shop add KEY --platform P --name N`: adds a shop; its operator is named later, in the county document.

use super::context::Context;
use crate::services::setup::{self, NewShop};
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a shop.
    Add(Add),
}

#[derive(Debug, Args)]
pub struct Add {
    /// A short name of the county's own choosing.
    key: String,
    /// douyin, kuaishou, `wechat_channels`, taobao, pinduoduo, jd or xiaohongshu.
    #[arg(long)]
    platform: String,
    #[arg(long)]
    name: String,
    /// The platform's number of the shop; needed to pull from it.
    #[arg(long, default_value = "")]
    platform_shop_id: String,
    /// For a shop without settlement statements: a completed line counts as settled after so many days (推定结算; 15 is usual).
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(0..=365))]
    settled_after: Option<i64>,
}

pub async fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Add(add) = command;
    let opened = context.open().await?;
    opened.refuse_demo()?;
    let shop = NewShop {
        key: add.key.clone(),
        platform: add.platform.clone(),
        platform_shop_id: add.platform_shop_id.clone(),
        name: add.name.clone(),
        settled_after_days: add.settled_after,
    };
    setup::add_shop(&opened.store, opened.code, &context.actor, &context.clock, &shop).await?;
    opened.store.close().await;
    Ok(ExitCode::SUCCESS)
}
