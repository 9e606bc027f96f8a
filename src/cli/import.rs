//! `red-anchor import orders|after-sales|settlements|live|files FILE…`, `import prices`, `import farmers`, `import county`: `--dry-run` says
//! what would change and writes nothing. A file that cannot be used sinks no other; the exit code is then 2.

use super::context::{Context, Opened};
use super::import_report::print;
use super::profile::read_profile;
use crate::domain::audit::{Field, Noun};
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::domain::roll::{Alike, Choice, Standing, TypedHousehold};
use crate::ingest::county;
use crate::ingest::files::{Kind, Received, change as file_change, market};
use crate::services::desk::Desk;
use crate::services::import::{self, Choice as FileChoice, Mode, Target};
use crate::services::{post, roll, setup};
use crate::store::evidence::Import;
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Orders from a platform's export.
    Orders(Files),
    /// After-sale cases.
    AfterSales(Files),
    /// Settlement statements 动账明细.
    Settlements(Files),
    /// Broadcasts 场次.
    Live(Files),
    /// Any of these; what it is is found by the content.
    Files(Files),
    /// A market's price list, kept as a reference beside the farm-gate price.
    Prices(Prices),
    /// Households from a list (农户花名册): CSV or a workbook, columns by their headings.
    Farmers(Farmers),
    /// What a county sets up: farmers, goods, terms, rooms, anchors, streams, prices (docs/COUNTY.md).
    County(County),
}

#[derive(Debug, Args)]
pub struct Files {
    /// CSV, .xlsx, .xls, or a .zip of these.
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<String>,
    /// The shop they were downloaded from.
    #[arg(long)]
    shop: String,
    /// A profile by name, or a profile's JSON file; found by the headings where not given.
    #[arg(long)]
    profile: Option<String>,
    /// Say what would change; write nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct County {
    file: String,
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

#[derive(Debug, Args)]
pub struct Farmers {
    file: String,
    /// Write a row that looks like a household already here to that household; without it such rows are left out.
    #[arg(long)]
    update: bool,
    #[arg(long)]
    dry_run: bool,
}

pub async fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    opened.refuse_demo()?;
    let files = |kind, arguments| Box::pin(files(context, &opened, kind, arguments));
    let code = match command {
        Command::Orders(arguments) => files(Some(Kind::Orders), arguments).await?,
        Command::AfterSales(arguments) => files(Some(Kind::AfterSales), arguments).await?,
        Command::Settlements(arguments) => files(Some(Kind::Settlements), arguments).await?,
        Command::Live(arguments) => files(Some(Kind::Live), arguments).await?,
        Command::Files(arguments) => files(None, arguments).await?,
        Command::Prices(arguments) => prices(context, &opened, arguments).await?,
        Command::Farmers(arguments) => farmers(context, &opened, arguments).await?,
        Command::County(arguments) => county(context, &opened, arguments).await?,
    };
    opened.store.close().await;
    Ok(code)
}

async fn files(context: &Context, opened: &Opened, kind: Option<Kind>, arguments: &Files) -> anyhow::Result<ExitCode> {
    let mut session = opened.read().await?;
    setup::shop(&mut session, &arguments.shop).await?;
    let mut choice = FileChoice { kind, ..FileChoice::default() };
    match &arguments.profile {
        Some(path) if is_document(path) => choice.unsaved = Some(read_profile(path)?),
        Some(name) => {
            import::list_profiles(&mut session).await?.named(name)?;
            choice.profile = Some(name.clone());
        }
        None => {}
    }
    drop(session);
    let target = Target {
        store: &opened.store,
        county: opened.code,
        buyer_key: &opened.county.buyer_key,
        actor: &context.actor,
        clock: &context.clock,
        shop_key: &arguments.shop,
    };
    let mode = if arguments.dry_run { Mode::Preview } else { Mode::Commit };
    let mut failed = Vec::new();
    for path in &arguments.paths {
        let imported = match Received::open(path) {
            Ok(received) => import::import(&target, received, &choice, mode).await,
            Err(problem) => Err(problem.into()),
        };
        match imported {
            Ok(report) => {
                print(&report, mode, context.lang);
                if !report.skipped.is_empty() {
                    failed.push(path.as_str());
                }
            }
            // alone it is the command's own error
            Err(error) if arguments.paths.len() == 1 => return Err(error),
            Err(error) => {
                eprintln!("{path}: {}", super::message(&error, context.lang));
                failed.push(path);
            }
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    match context.lang {
        Lang::Zh => eprintln!("没有完整导入的文件：{}", failed.join("、")),
        Lang::En => eprintln!("Not imported in full: {}", failed.join(", ")),
    }
    Ok(ExitCode::from(2))
}

/// True for a profile given as a file and not by name.
fn is_document(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

async fn prices(context: &Context, opened: &Opened, arguments: &Prices) -> anyhow::Result<ExitCode> {
    let mut received = Received::open(&arguments.file)?;
    let read = market::read(&mut received, &arguments.market)?;
    let mut work = opened.store.work(opened.code, &context.actor, "import prices", &context.clock).await?;
    let import = market::take(&mut work, &mut received, &read).await?;
    if !arguments.dry_run {
        work.commit(&file_change(Noun::Prices, &arguments.market, &import)).await?;
    }
    report(&import, arguments.dry_run, context.lang);
    for (row, reason) in read.rejected.iter().take(20) {
        eprintln!("  {row}: {}", context.lang.of_both(reason));
    }
    Ok(ExitCode::SUCCESS)
}

async fn county(context: &Context, opened: &Opened, arguments: &County) -> anyhow::Result<ExitCode> {
    let bytes = read_file(&arguments.file)?;
    let mut received = Received::open(&arguments.file)?;
    let sha256 = hex::encode(received.sha256()?);
    let text = String::from_utf8(bytes).map_err(|_| Problem::NotText { path: arguments.file.clone() })?;
    let doc = county::parse(&arguments.file, &text)?;
    let mut work = opened.store.work(opened.code, &context.actor, "import county", &context.clock).await?;
    let imported = county::import(&mut work, &doc).await?;
    let posted = post::post(&mut work).await?;
    if !arguments.dry_run {
        let change = imported
            .change()
            .after(Field::File, received.name())
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
    Ok(ExitCode::SUCCESS)
}

async fn farmers(context: &Context, opened: &Opened, arguments: &Farmers) -> anyhow::Result<ExitCode> {
    let mut received = Received::open(&arguments.file)?;
    let sha256 = hex::encode(received.sha256()?);
    let rows = roll::read_sheet(&mut received)?;
    let typed: Vec<TypedHousehold> = rows.iter().map(|(_, typed)| typed.clone()).collect();
    let review = roll::review(&mut opened.read().await?, context.clock.today(), &typed).await?;
    // a row is named by its number: what is in it stays in the file
    for ((number, _), standing) in rows.iter().zip(&review.standings) {
        match (standing, context.lang) {
            (Standing::New, _) => {}
            (Standing::Wrong(fault), lang) => eprintln!("  {number}: {}", fault.text(lang)),
            (Standing::Alike(Alike::Row, _), Lang::Zh) => eprintln!("  {number}：像是表里前面的一行"),
            (Standing::Alike(Alike::Row, _), Lang::En) => eprintln!("  {number}: looks like a row above it"),
            (Standing::Alike(_, id), Lang::Zh) => eprintln!("  {number}：像是已有的 {}", key_of(&review, *id)),
            (Standing::Alike(_, id), Lang::En) => eprintln!("  {number}: looks like {}", key_of(&review, *id)),
        }
    }
    let choice = if arguments.update { Choice::Update } else { Choice::Skip };
    let chosen: Vec<(TypedHousehold, Choice)> = typed.into_iter().map(|typed| (typed, choice)).collect();
    let desk = Desk { store: &opened.store, county: opened.code, actor: &context.actor, clock: &context.clock };
    let outcome = if arguments.dry_run {
        Box::pin(roll::try_out(&desk, &chosen)).await?
    } else {
        let source = roll::Source { file: received.name(), sha256: &sha256 };
        Box::pin(roll::take_in(&desk, &chosen, Some(source))).await?
    };
    let roll::Outcome { new, updated, skipped, wrong, .. } = outcome;
    match (context.lang, arguments.dry_run) {
        (Lang::Zh, false) => eprintln!("新增 {new} 户，更新 {updated} 户，没有导入 {skipped} 户，有错 {wrong} 行。"),
        (Lang::Zh, true) => {
            eprintln!("试运行：将新增 {new} 户，更新 {updated} 户，不导入 {skipped} 户，有错 {wrong} 行。没有写入。");
        }
        (Lang::En, false) => eprintln!("{new} added, {updated} updated, {skipped} left out, {wrong} wrong."),
        (Lang::En, true) => {
            eprintln!(
                "Dry run: {new} would be added, {updated} updated, {skipped} left out, {wrong} wrong. Nothing was written."
            );
        }
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn key_of(review: &roll::Review, farmer_id: i64) -> &str {
    review.alike.get(&farmer_id).map_or("", |known| known.key.as_str())
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
