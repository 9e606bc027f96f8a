//! `red-anchor import orders|prices|county FILE`: the whole file is read before anything is written; `--dry-run` says what
//! would change and writes nothing.

use super::context::{Context, Opened};
use crate::domain::audit::{Field, Noun};
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::ingest::county;
use crate::ingest::files::{self, File, Profile, market};
use crate::services::{infer, post, setup};
use crate::store::evidence::Import;
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Orders from a platform's export.
    Orders(Orders),
    /// A market's price list, kept as a reference beside the farm-gate price.
    Prices(Prices),
    /// What a county sets up: farmers, goods, terms, rooms, anchors, streams, prices (docs/COUNTY.md).
    County(County),
}

#[derive(Debug, Args)]
pub struct County {
    file: String,
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Orders {
    file: String,
    /// The shop it was downloaded from.
    #[arg(long)]
    shop: String,
    /// What kind of file it is: tmall.
    #[arg(long)]
    profile: String,
    /// Say what would change; write nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Prices {
    file: String,
    /// The market the prices are of.
    #[arg(long, default_value = "新发地")]
    market: String,
    #[arg(long)]
    dry_run: bool,
}

pub async fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    opened.refuse_demo()?;
    match command {
        Command::Orders(arguments) => orders(context, &opened, arguments).await?,
        Command::Prices(arguments) => prices(context, &opened, arguments).await?,
        Command::County(arguments) => county(context, &opened, arguments).await?,
    }
    opened.store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn orders(context: &Context, opened: &Opened, arguments: &Orders) -> anyhow::Result<()> {
    let profile = Profile::parse(&arguments.profile)?;
    let shop = setup::shop(&mut opened.read().await?, &arguments.shop).await?;
    let bytes = read_file(&arguments.file)?;
    let file = File { path: &arguments.file, bytes: &bytes };
    let read = files::read(file, profile)?;
    let mut work = opened.store.work(opened.code, &context.actor, "import orders", &context.clock).await?;
    let import = files::take(&mut work, &shop, &opened.county.buyer_key, file, profile, &read).await?;
    infer::infer(&mut work, context.clock.today()).await?;
    post::post(&mut work).await?;
    if !arguments.dry_run {
        work.commit(&files::change(Noun::Orders, &shop.shop_key, &import)).await?;
    }
    report(&import, arguments.dry_run, context.lang);
    for rejected in read.rejected.iter().take(20) {
        eprintln!("  {}: {}", rejected.record_no, rejected.reason);
    }
    Ok(())
}

async fn prices(context: &Context, opened: &Opened, arguments: &Prices) -> anyhow::Result<()> {
    let bytes = read_file(&arguments.file)?;
    let file = File { path: &arguments.file, bytes: &bytes };
    let read = market::read(file, &arguments.market)?;
    let mut work = opened.store.work(opened.code, &context.actor, "import prices", &context.clock).await?;
    let import = market::take(&mut work, file, &read).await?;
    if !arguments.dry_run {
        work.commit(&files::change(Noun::Prices, &arguments.market, &import)).await?;
    }
    report(&import, arguments.dry_run, context.lang);
    for (row, reason) in read.rejected.iter().take(20) {
        eprintln!("  {row}: {reason}");
    }
    Ok(())
}

async fn county(context: &Context, opened: &Opened, arguments: &County) -> anyhow::Result<()> {
    let bytes = read_file(&arguments.file)?;
    let sha256 = hex::encode(files::sha256(&bytes));
    let text = String::from_utf8(bytes).map_err(|_| Problem::NotText { path: arguments.file.clone() })?;
    let doc = county::parse(&arguments.file, &text)?;
    let mut work = opened.store.work(opened.code, &context.actor, "import county", &context.clock).await?;
    let imported = county::import(&mut work, &doc).await?;
    let posted = post::post(&mut work).await?;
    if !arguments.dry_run {
        let change = imported
            .change()
            .after(Field::File, files::name_of(&arguments.file))
            .after(Field::FileSha256, &sha256)
            .count(Field::LedgerRows, i64::try_from(posted.rows)?);
        work.commit(&change).await?;
    }
    for (part, taken) in imported.parts.iter().filter(|(_, t)| t.new + t.changed > 0) {
        match context.lang {
            Lang::Zh => eprintln!("  {part}：新增 {}，变更 {}，未变 {}", taken.new, taken.changed, taken.unchanged),
            Lang::En => {
                eprintln!("  {part}: {} new, {} changed, {} unchanged", taken.new, taken.changed, taken.unchanged);
            }
        }
    }
    match context.lang {
        Lang::Zh => eprintln!("重新过账 {} 笔订单，新增 {} 条账目。", posted.orders, posted.rows),
        Lang::En => eprintln!("Posted {} orders again with {} new entries.", posted.orders, posted.rows),
    }
    Ok(())
}

/// Reads a file whole.
pub fn read_file(path: &str) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|e| Problem::FileUnreadable { path: path.to_owned(), why: e.to_string() })
}

/// What an import did, on standard error.
fn report(import: &Import, dry_run: bool, lang: Lang) {
    let Import { file_name, rows_read, rows_new, rows_changed, rows_unchanged, rows_rejected, .. } = import;
    match (lang, dry_run) {
        (Lang::Zh, false) => eprintln!(
            "已导入 {file_name}：共 {rows_read} 行，新增 {rows_new}，变更 {rows_changed}，未变 {rows_unchanged}，搁置 {rows_rejected}。"
        ),
        (Lang::Zh, true) => eprintln!(
            "试运行 {file_name}：共 {rows_read} 行，将新增 {rows_new}，变更 {rows_changed}，未变 {rows_unchanged}，搁置 {rows_rejected}。没有写入。"
        ),
        (Lang::En, false) => eprintln!(
            "Imported {file_name}: {rows_read} rows, {rows_new} new, {rows_changed} changed, {rows_unchanged} unchanged, {rows_rejected} set aside."
        ),
        (Lang::En, true) => eprintln!(
            "Dry run of {file_name}: {rows_read} rows, {rows_new} new, {rows_changed} changed, {rows_unchanged} unchanged, {rows_rejected} set aside. Nothing was written."
        ),
    }
}
