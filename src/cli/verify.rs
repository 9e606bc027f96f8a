//! `red-anchor verify`: every figure checked against the facts. Exit 1 and a list when anything differs.

use super::context::Context;
use crate::services::verify;
use std::io::Write;
use std::process::ExitCode;

pub async fn run(context: &Context) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let report = verify::verify(&mut opened.read().await?).await?;
    let mut out = std::io::stdout().lock();
    for difference in &report.differences {
        writeln!(out, "{difference}")?;
    }
    eprintln!("{report}");
    Ok(if report.total == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
