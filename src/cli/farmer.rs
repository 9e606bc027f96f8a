//! `red-anchor farmer export|anonymise|consent KEY`: what a household may ask for.

use super::context::Context;
use crate::domain::calendar::{Day, parse_day};
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::services::consents::{self, Word};
use crate::services::farmers;
use clap::{Args, Subcommand};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print all that is kept on a household, as JSON.
    Export {
        /// The household.
        key: String,
    },
    /// Take a household's name away; its sums stay.
    Anonymise {
        /// The household.
        key: String,
        /// Why, without naming anybody: the audit trail keeps it for good.
        #[arg(long)]
        reason: String,
    },
    /// Record what a household agreed to.
    Consent(Consent),
}

#[derive(Debug, Args)]
pub struct Consent {
    /// The household.
    key: String,
    /// records, contact or showcase (docs/PRIVACY.md).
    #[arg(long)]
    kind: String,
    /// Day it was given.
    #[arg(long, value_name = "DATE")]
    given_on: String,
    /// First day on which it no longer holds.
    #[arg(long, value_name = "DATE")]
    withdrawn_on: Option<String>,
}

pub async fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let (store, code, actor, clock) = (&opened.store, opened.code, &context.actor, &context.clock);
    match command {
        Command::Export { key } => {
            let document = farmers::export(store, code, actor, clock, key).await?;
            let mut out = std::io::stdout().lock();
            serde_json::to_writer_pretty(&mut out, &document)?;
            writeln!(out)?;
        }
        Command::Anonymise { key, reason } => {
            let done = farmers::anonymise(store, code, actor, clock, key, reason).await?;
            match (context.lang, done) {
                (Lang::Zh, true) => eprintln!("农户“{key}”的姓名已去掉，账目和合计不变。"),
                (Lang::Zh, false) => eprintln!("农户“{key}”早已匿名，没有改动。"),
                (Lang::En, true) => eprintln!("Took away the name of household \"{key}\"; entries and sums stay."),
                (Lang::En, false) => eprintln!("Household \"{key}\" was anonymous before; nothing was changed."),
            }
        }
        Command::Consent(consent) => {
            let word = Word {
                farmer_key: &consent.key,
                kind: &consent.kind,
                given_on: day(&consent.given_on)?,
                withdrawn_on: consent.withdrawn_on.as_deref().map(day).transpose()?,
            };
            consents::record(store, code, actor, clock, word).await?;
        }
    }
    opened.store.close().await;
    Ok(ExitCode::SUCCESS)
}

fn day(text: &str) -> Result<Day, Problem> {
    parse_day(text).ok_or_else(|| Problem::BadDay { text: text.to_owned() })
}
