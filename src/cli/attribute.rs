//! `red-anchor attribute SHOP LINE…`: say which stream sold lines, where the rules could not or were wrong.

use super::context::Context;
use crate::domain::lang::Lang;
use crate::domain::problem::{Mistake, Problem};
use crate::services::attributions::{self, Choice, Said};
use crate::services::desk::Desk;
use crate::services::setup;
use crate::store::keys::{self, Noun};
use crate::store::orders;
use clap::{ArgGroup, Args};
use std::process::ExitCode;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("sold").required(true).args(["stream", "no_stream", "as_inferred"]))]
pub struct Arguments {
    /// The shop's key.
    shop: String,
    /// The platform's numbers of the lines; `red-anchor lines` lists them.
    #[arg(required = true)]
    lines: Vec<String>,
    /// The stream's key.
    #[arg(long, value_name = "KEY")]
    stream: Option<String>,
    /// They were sold on no stream.
    #[arg(long)]
    no_stream: bool,
    /// Each was sold on the stream it was given by rule.
    #[arg(long)]
    as_inferred: bool,
    /// Whether they were bought in bulk by a work unit (以购代捐).
    #[arg(long, value_name = "yes|no", value_parser = clap::builder::BoolishValueParser::new())]
    bulk: Option<bool>,
    /// Why: the audit trail keeps it.
    #[arg(long)]
    reason: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    let shop = setup::shop(&mut session, &arguments.shop).await?;
    let numbers: Vec<&str> = arguments.lines.iter().map(String::as_str).collect();
    let found = orders::list_lines(&mut session, shop.shop_id, &numbers).await?;
    if let Some(line) = numbers.iter().find(|no| !found.iter().any(|line| line.line_no == **no)) {
        return Err(Problem::UnknownLine { shop: shop.shop_key, line: (*line).to_owned() }.into());
    }
    let choice = match &arguments.stream {
        Some(key) => {
            let known = keys::ids_of_keys(&mut session, Noun::Stream, &[key]).await?;
            Choice::Stream(*known.get(key).ok_or_else(|| Problem::from(Mistake::NoSuchStream))?)
        }
        None if arguments.as_inferred => Choice::AsItStands,
        None => Choice::None,
    };
    drop(session);
    let line_ids: Vec<i64> = found.iter().map(|line| line.line_id).collect();
    let desk = Desk { store: &opened.store, county: opened.code, actor: &context.actor, clock: &context.clock };
    let said = Said { choice, bulk: arguments.bulk, reason: &arguments.reason };
    let decided = attributions::decide(&desk, &line_ids, said).await?;
    match context.lang {
        Lang::Zh => eprintln!("{} 行改了归属，记了 {} 笔账。", decided.lines, decided.ledger_rows),
        Lang::En => eprintln!("{} lines decided anew, {} ledger rows.", decided.lines, decided.ledger_rows),
    }
    Ok(ExitCode::SUCCESS)
}
