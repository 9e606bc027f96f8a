//! The command line: one file a command. Standard output is data only; messages and progress go to standard error.
//!
//! Exit codes: 0 fine, 1 a check failed, 2 bad input or a fault. Nothing ever prompts. The command line is the branch's
//! own, so it sees the whole county; households are still labelled 陈* and their village.
//!
//! To add a command: a variant of [`Command`], a file with its arguments and `run`, a line in [`dispatch`].

mod attribute;
mod audit;
mod context;
mod demo;
mod doctor;
mod farmer;
mod figures;
mod grant;
mod import;
mod import_report;
mod init;
mod key;
mod keyring;
mod lines;
mod link;
mod lock;
mod privacy;
mod profile;
mod pull;
mod reconcile;
mod report;
mod sandbox;
mod serve;
mod shop;
mod trace;
mod user;
mod verify;

use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::store::StoreError;
use clap::{Args, Parser, Subcommand};
use context::Context;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// 红播助农: farmers' income uplift, traceable to the order line.
#[derive(Debug, Parser)]
#[command(name = "red-anchor", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command, before or after it.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// A SQLite file or a `postgres://` URL; beats the environment's `DATABASE_URL`.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Today, for reports about another day (YYYY-MM-DD).
    #[arg(long, global = true, value_name = "DATE")]
    today: Option<String>,
    /// Language of messages: zh or en.
    #[arg(long, global = true, value_name = "LANG", default_value = "zh")]
    lang: String,
    /// File with the key of stored secrets; beats `RED_ANCHOR_KEY` and `RED_ANCHOR_KEY_FILE`.
    #[arg(long, global = true, value_name = "FILE")]
    key_file: Option<String>,
    /// Folder of templates that stand in for the program's own, for the county's wording and logo.
    #[arg(long, global = true, value_name = "FOLDER", env = "RED_ANCHOR_TEMPLATES", hide_env_values = true)]
    templates: Option<PathBuf>,
    /// County code, where the database holds several.
    #[arg(long, global = true, value_name = "CODE")]
    county: Option<String>,
    /// How much is logged: a level, or target=level with commas between.
    #[arg(long, global = true, value_name = "LEVELS", env = "RUST_LOG", hide = true)]
    log: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a database, or bring one up to date, and set up a county.
    Init(init::Arguments),
    /// Shops.
    #[command(subcommand)]
    Shop(shop::Command),
    /// Import files.
    #[command(subcommand)]
    Import(import::Command),
    /// How the columns of exports are read.
    #[command(subcommand)]
    Profile(profile::Command),
    /// Figures by any grouping, range and region.
    Figures(figures::Arguments),
    /// Order lines.
    Lines(lines::Arguments),
    /// Follow one line from its figure to its evidence.
    Trace(trace::Arguments),
    /// Say which stream sold lines.
    Attribute(attribute::Arguments),
    /// Lock a month.
    Lock(lock::Arguments),
    /// Ask each shop's platform for what has changed.
    Pull(pull::Arguments),
    /// Compare days with what the platform, or a file, says of them now.
    Reconcile(reconcile::Arguments),
    /// A locked month's report, or a year's: PDF, XLSX, CSV.
    Report(report::Arguments),
    /// Check every figure against the facts.
    Verify,
    /// Who changed what.
    Audit(audit::Arguments),
    /// Make the demo county and serve it.
    Demo(demo::Arguments),
    /// Serve a platform's stand-in on loopback.
    Sandbox(sandbox::Arguments),
    /// Serve the site.
    Serve(serve::Arguments),
    /// Print a one-time sign-in address.
    Link(link::Arguments),
    /// The key that stored secrets are sealed with.
    #[command(subcommand)]
    Key(key::Command),
    /// What a household may ask for: its data, to be anonymous; and what it agreed to.
    #[command(subcommand)]
    Farmer(farmer::Command),
    /// How long buyers are recognised.
    #[command(subcommand)]
    Privacy(privacy::Command),
    /// Accounts of people who sign in with a password.
    #[command(subcommand)]
    User(user::Command),
    /// Say what this program finds around it.
    Doctor,
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap knows which of its messages are help (stdout, 0) and which are mistakes (stderr, 2)
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let lang = Lang::parse(&cli.global.lang).unwrap_or_default();
    crate::telemetry::init(cli.global.log.as_deref());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into(), lang),
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error, lang),
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let context = Context::new(&cli.global)?;
    match cli.command {
        Command::Init(arguments) => init::run(&context, &arguments).await,
        Command::Shop(command) => shop::run(&context, &command).await,
        Command::Import(command) => Box::pin(import::run(&context, &command)).await,
        Command::Profile(command) => profile::run(&context, &command).await,
        Command::Figures(arguments) => figures::run(&context, &arguments).await,
        Command::Lines(arguments) => lines::run(&context, &arguments).await,
        Command::Trace(arguments) => trace::run(&context, &arguments).await,
        Command::Attribute(arguments) => attribute::run(&context, &arguments).await,
        Command::Lock(arguments) => lock::run(&context, &arguments).await,
        Command::Pull(arguments) => pull::run(&context, &arguments).await,
        Command::Reconcile(arguments) => reconcile::run(&context, &arguments).await,
        Command::Report(arguments) => report::run(&context, &arguments).await,
        Command::Verify => verify::run(&context).await,
        Command::Audit(arguments) => audit::run(&context, &arguments).await,
        Command::Demo(arguments) => Box::pin(demo::run(&context, &arguments)).await,
        Command::Sandbox(arguments) => sandbox::run(&context, &arguments).await,
        Command::Serve(arguments) => serve::run(&context, &arguments).await,
        Command::Link(arguments) => link::run(&context, &arguments).await,
        Command::Key(command) => key::run(&context, command).await,
        Command::Farmer(command) => farmer::run(&context, &command).await,
        Command::Privacy(command) => privacy::run(&context, &command).await,
        Command::User(command) => user::run(&context, &command).await,
        Command::Doctor => doctor::run(&context).await,
    }
}

/// Says what went wrong.
fn fail(error: &anyhow::Error, lang: Lang) -> ExitCode {
    // whoever reads the output has had enough of it, as `head` does
    if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    eprintln!("red-anchor: {}", message(error, lang));
    ExitCode::from(2)
}

/// Says what went wrong at one of several shops.
fn say_failed(shop: &str, error: &anyhow::Error, lang: Lang) {
    eprintln!("red-anchor: {shop}: {}", message(error, lang));
}

/// What went wrong, in the person's language where it is theirs to mend.
fn message(error: &anyhow::Error, lang: Lang) -> String {
    match (error.downcast_ref::<Problem>(), error.downcast_ref::<StoreError>()) {
        (Some(problem), _) => problem.text(lang),
        (None, Some(store)) => problem_of(store).map_or_else(|| format!("{error:#}"), |p| p.text(lang)),
        (None, None) => format!("{error:#}"),
    }
}

/// Faults of the database that a person can mend.
fn problem_of(error: &StoreError) -> Option<Problem> {
    match error {
        StoreError::NoDatabase(path) => Some(Problem::NoDatabase { path: path.clone() }),
        StoreError::Unreachable(why) => Some(Problem::DatabaseUnreachable { why: why.clone() }),
        StoreError::NewerThanProgram(version) => Some(Problem::NewerDatabase { version: *version }),
        _ => None,
    }
}
