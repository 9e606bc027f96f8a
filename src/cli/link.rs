//! `red-anchor link --role R`: prints one sign-in address that works once.

use super::context::Context;
use crate::clock::Clock;
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::services::sign_in;
use crate::store::Store;
use crate::store::keys::{self, Noun};
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// branch, anchor, farmer or official.
    #[arg(long)]
    role: String,
    /// Whose it is: a farmer's or anchor's key, an official's region code. Left out: the first farmer or anchor, the county.
    #[arg(long = "for", value_name = "KEY")]
    subject: Option<String>,
    /// The site's address as people reach it.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    site: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let role =
        Role::parse(&arguments.role).ok_or_else(|| Problem::BadOption { why: format!("--role {}", arguments.role) })?;
    let opened = context.open().await?;
    let url =
        issue(&opened.store, opened.code, role, arguments.subject.as_deref(), &context.clock, &arguments.site).await?;
    opened.store.close().await;
    println!("{url}");
    Ok(ExitCode::SUCCESS)
}

/// Makes a link and its address.
pub async fn issue(
    store: &Store,
    county: RegionCode,
    role: Role,
    key: Option<&str>,
    clock: &Clock,
    site: &str,
) -> anyhow::Result<String> {
    let subject = match role {
        Role::Branch => String::new(),
        Role::Official => official(county, key)?,
        Role::Farmer => row_id(store, county, Noun::Farmer, role, key).await?,
        Role::Anchor => row_id(store, county, Noun::Anchor, role, key).await?,
    };
    let secret = sign_in::issue_link(store, county, role, &subject, &Actor::command_line(), clock).await?;
    Ok(format!("{}/enter/{secret}", site.trim_end_matches('/')))
}

fn official(county: RegionCode, key: Option<&str>) -> Result<String, Problem> {
    let text = key.map_or_else(|| county.to_string(), ToOwned::to_owned);
    let code = RegionCode::parse(&text).filter(|c| c.within(county));
    code.map(|c| c.to_string()).ok_or(Problem::UnknownRegion { code: text })
}

/// The row id of a key; the first by key where none is named.
async fn row_id(
    store: &Store,
    county: RegionCode,
    noun: Noun,
    role: Role,
    key: Option<&str>,
) -> anyhow::Result<String> {
    let ids = keys::ids_by_key(&mut store.read(Scope::County(county)).await?, noun).await?;
    let mut known: Vec<&String> = ids.keys().collect();
    known.sort();
    let found = match key {
        Some(key) => ids.get(key),
        None => known.first().and_then(|k| ids.get(*k)),
    };
    let unknown = || {
        let known = known.iter().take(10).map(|k| k.as_str()).collect::<Vec<_>>().join(", ");
        Problem::UnknownSubject { role: role.key().to_owned(), known }
    };
    Ok(found.ok_or_else(unknown)?.to_string())
}
