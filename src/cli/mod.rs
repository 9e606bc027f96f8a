//! The command line: one file a command. Standard output is data only; messages and progress go to standard error.
//!
//! Exit codes: 0 fine, 1 a check failed, 2 bad input or a fault. Nothing ever prompts. The command line is the branch's
//! own, so it sees the whole county; households are still labelled 陈* and their village.
//!
//! To add a command: a variant of [`Command`], a file with its arguments and `run`, a line in [`dispatch`].

mod context;
mod demo;
mod doctor;
mod figures;
mod grant;
mod import;
mod init;
mod lines;
mod link;
mod lock;
mod pull;
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
    /// County code, where the database holds several.
    #[arg(long, global = true, value_name = "CODE")]
    county: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a database, or bring one up to date, and set up a county.
    Init(init::Arguments),
    /// Shops.
    #[command(subcommand)]
    Shop(shop::Command),
    /// Import a file.
    #[command(subcommand)]
    Import(import::Command),
    /// Figures by any grouping, range and region.
    Figures(figures::Arguments),
    /// Order lines.
    Lines(lines::Arguments),
    /// Follow one line from its figure to its evidence.
    Trace(trace::Arguments),
    /// Lock a month.
    Lock(lock::Arguments),
    /// Ask each shop's platform for what has changed.
    Pull(pull::Arguments),
    /// Check every figure against the facts.
    Verify,
    /// Make the demo county and serve it.
    Demo(demo::Arguments),
    /// Serve a platform's stand-in on loopback.
    Sandbox(sandbox::Arguments),
    /// Serve the site.
    Serve(serve::Arguments),
    /// Print a one-time sign-in address.
    Link(link::Arguments),
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
    crate::telemetry::init();
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
        Command::Import(command) => import::run(&context, &command).await,
        Command::Figures(arguments) => figures::run(&context, &arguments).await,
        Command::Lines(arguments) => lines::run(&context, &arguments).await,
        Command::Trace(arguments) => trace::run(&context, &arguments).await,
        Command::Lock(arguments) => lock::run(&context, &arguments).await,
        Command::Pull(arguments) => pull::run(&context, &arguments).await,
        Command::Verify => verify::run(&context).await,
        Command::Demo(arguments) => demo::run(&context, &arguments).await,
        Command::Sandbox(arguments) => sandbox::run(&context, &arguments).await,
        Command::Serve(arguments) => serve::run(&context, &arguments).await,
        Command::Link(arguments) => link::run(&context, &arguments).await,
        Command::User(command) => user::run(&context, &command).await,
        Command::Doctor => doctor::run(&context).await,
    }
}

/// Says what went wrong, in the person's language where it is theirs to mend.
fn fail(error: &anyhow::Error, lang: Lang) -> ExitCode {
    let message = match (error.downcast_ref::<Problem>(), error.downcast_ref::<StoreError>()) {
        (Some(problem), _) => problem.text(lang),
        (None, Some(store)) => problem_of(store).map_or_else(|| format!("{error:#}"), |p| p.text(lang)),
        (None, None) => format!("{error:#}"),
    };
    eprintln!("red-anchor: {message}");
    ExitCode::from(2)
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
