//! `red-anchor verify`: every figure checked against the facts. Exit 1 and a list when anything differs.

use super::context::Context;
use crate::domain::lang::Lang;
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
    match (report.total, context.lang) {
        (0, Lang::Zh) => eprintln!("核对一致。"),
        (0, Lang::En) => eprintln!("Everything agrees."),
        (total, Lang::Zh) => eprintln!("有 {total} 处不一致，上面列出前 {} 处。", report.differences.len()),
        (total, Lang::En) => eprintln!("{total} differences; the first {} are listed.", report.differences.len()),
    }
    Ok(if report.total == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
