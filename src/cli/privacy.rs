//! `red-anchor privacy keep DAYS` and `red-anchor privacy expire`: how long buyers are recognised. `pull` does the latter
//! once a day by itself.

use super::context::Context;
use crate::domain::calendar::parse_day;
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::services::buyers;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Keep the buyer hash of an order so many days after it was made.
    Keep {
        #[arg(value_parser = clap::value_parser!(i64).range(0..=36_500))]
        days: i64,
        /// From this day on; today where left out.
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
    },
    /// Drop the buyer hashes whose days are over.
    Expire,
}

pub async fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let (store, code, actor, clock) = (&opened.store, opened.code, &context.actor, &context.clock);
    match command {
        Command::Keep { days, from } => {
            let from = match from {
                None => clock.today(),
                Some(text) => parse_day(text).ok_or_else(|| Problem::BadDay { text: text.clone() })?,
            };
            buyers::keep(store, code, actor, clock, from, *days).await?;
        }
        Command::Expire => {
            let dropped = buyers::expire(store, code, actor, clock).await?;
            match context.lang {
                Lang::Zh => eprintln!("已清除 {dropped} 笔订单的买家标记。"),
                Lang::En => eprintln!("Dropped the buyer hash of {dropped} orders."),
            }
        }
    }
    opened.store.close().await;
    Ok(ExitCode::SUCCESS)
}
