//! `red-anchor lines`: order lines with what the ledger says of them.

use super::context::Context;
use crate::domain::money::yuan;
use crate::services::setup;
use crate::store::listed;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Only this shop's.
    #[arg(long)]
    shop: Option<String>,
    /// Only paid lines without a listing or a stream.
    #[arg(long)]
    unmatched: bool,
    #[arg(long, default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    let shop_id = match &arguments.shop {
        Some(key) => Some(setup::shop(&mut session, key).await?.shop_id),
        None => None,
    };
    let lines = listed::list(&mut session, shop_id, arguments.unmatched).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match arguments.format {
        Format::Json => {
            let rows: Vec<Value> = lines
                .iter()
                .map(|l| {
                    json!({
                        "line_id": l.line_id,
                        "order_no": l.order_no,
                        "line_no": l.line_no,
                        "paid_on": l.paid_on.map(|d| d.to_string()),
                        "gmv_fen": l.gmv_fen,
                        "refund_fen": l.refund_fen,
                        "state": l.state,
                        "listing": (l.listing_id != 0).then_some(l.listing_id),
                        "stream": (l.stream_id != 0).then_some(l.stream_id),
                    })
                })
                .collect();
            serde_json::to_writer(&mut out, &json!({"shop": arguments.shop, "rows": rows}))?;
            writeln!(out)?;
        }
        Format::Table => {
            writeln!(out, "line_no\tpaid_on\tgmv\trefund\tstate\tlisting\tstream")?;
            for l in &lines {
                let paid_on = l.paid_on.map(|d| d.to_string()).unwrap_or_default();
                let (gmv, refund) = (yuan(l.gmv_fen), yuan(l.refund_fen));
                writeln!(
                    out,
                    "{}\t{paid_on}\t{gmv}\t{refund}\t{}\t{}\t{}",
                    l.line_no, l.state, l.listing_id, l.stream_id
                )?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
