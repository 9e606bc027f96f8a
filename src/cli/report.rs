//! `red-anchor report MONTH --out FILE`: the report stored when a month was locked, as a PDF to sign and file.

use super::context::Context;
use crate::domain::calendar::parse_month;
use crate::domain::lang::Lang;
use crate::domain::problem::{Problem, Refusal};
use crate::reports::month::{self, Printed};
use crate::services::sharing;
use crate::store::month_reports;
use anyhow::Context as _;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// YYYY-MM.
    month: String,
    /// Where the PDF is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The site's address, for the code that leads from paper to the month's page.
    #[arg(long, value_name = "URL", default_value = "")]
    site: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let month = parse_month(&arguments.month).ok_or_else(|| Problem::BadMonth { text: arguments.month.clone() })?;
    let templates = context.templates()?;
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    let refused = || Problem::Refused(Refusal::NoStoredReport { month: arguments.month.clone() });
    let stored = month_reports::list_of_month(&mut session, month).await?.pop().ok_or_else(refused)?;
    let is_superseded = sharing::is_superseded(&mut session, &stored).await?;
    drop(session);
    opened.store.close().await;
    let site = arguments.site.trim_end_matches('/');
    let address = if site.is_empty() { String::new() } else { format!("{site}/months/{}", arguments.month) };
    let (document, sha256) = (stored.document.as_str(), stored.head.sha256.as_str());
    let printed = Printed { document, sha256, address: &address, is_shared: false, is_superseded };
    let bytes = month::paper(&printed, context.lang)?.pdf(&templates)?;
    let out = &arguments.out;
    std::fs::write(out, &bytes).with_context(|| format!("writing {}", out.display()))?;
    match context.lang {
        Lang::Zh => eprintln!("{} 的月报（第 {} 号）写到 {}。", arguments.month, stored.head.report_no, out.display()),
        Lang::En => {
            eprintln!("Report No. {} of {} is written to {}.", stored.head.report_no, arguments.month, out.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}
