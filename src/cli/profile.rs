//! `red-anchor profile list|show NAME|save FILE.json`: how the columns of exports are read.

use super::context::Context;
use super::import::read_file;
use crate::domain::problem::Problem;
use crate::ingest::files::Profile;
use crate::services::import::{self, Namesake};
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Name, kind, platform and title of each profile.
    List,
    /// A profile's JSON document, to start one of your own from.
    Show { name: String },
    /// Save a profile for the county, so that files are recognised by it.
    Save { file: String },
}

pub async fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    match command {
        Command::List => {
            for profile in import::list_profiles(&mut opened.read().await?).await?.all() {
                let platform = profile.platform.as_deref().unwrap_or("-");
                println!("{}\t{}\t{platform}\t{}", profile.name, profile.kind.key(), profile.title);
            }
        }
        Command::Show { name } => {
            println!("{}", import::list_profiles(&mut opened.read().await?).await?.named(name)?.json());
        }
        Command::Save { file } => {
            opened.refuse_demo()?;
            let profile = read_profile(file)?;
            import::save_profile(
                &opened.store,
                opened.code,
                &context.actor,
                &context.clock,
                &profile,
                Namesake::GivesWay,
            )
            .await?;
        }
    }
    opened.store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Reads a profile's document.
pub fn read_profile(path: &str) -> Result<Profile, Problem> {
    let text = String::from_utf8(read_file(path)?).map_err(|_| Problem::NotText { path: path.to_owned() })?;
    Profile::parse(path, text.trim_start_matches('\u{feff}'))
}
