//! `red-anchor doctor`: what the program finds: database, county, shops and how far they are known, what was set aside.

use super::context::Context;
use crate::domain::calendar::rfc3339;
use crate::services::figures;
use crate::store::{audit, counties, evidence, goods, ledger};
use std::process::ExitCode;

pub async fn run(context: &Context) -> anyhow::Result<ExitCode> {
    println!("program\t{}", env!("CARGO_PKG_VERSION"));
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    println!("engine\t{}", counties::engine(&session));
    println!("county\t{} {}", opened.county.county_code, opened.county.name);
    println!("kind\t{}", if opened.county.demo { "demo 演示数据" } else { "real" });
    println!("today\t{}", context.clock.today());
    for shop in goods::list_shops(&mut session).await? {
        let known = shop.known_to_at.map_or_else(|| "nothing yet".to_owned(), rfc3339);
        println!("shop\t{} ({}): known to {known}", shop.shop_key, shop.platform);
    }
    println!("as of\t{}", figures::as_of(&mut session).await?.map_or_else(|| "–".to_owned(), rfc3339));
    let locks = ledger::list_locks(&mut session).await?;
    println!(
        "locked\t{} months, last {}",
        locks.len(),
        locks.last().map_or_else(|| "–".to_owned(), |l| l.month.to_string())
    );
    if let Some((rows, hash)) = audit::find_head(&mut session).await? {
        println!("audit\t{rows} rows, the last one's hash {hash}");
    }
    println!("set aside\t{} records", evidence::count_quarantined(&mut session).await?);
    println!(
        "key\tthe buyer hash's key stands in the database; platform keys are read from the environment and never stored"
    );
    Ok(ExitCode::SUCCESS)
}
