//! `red-anchor link --role R`: prints one sign-in address that works once. It signs in as an account of that role alone,
//! which has no password and is made when it is first needed.

use super::context::Context;
use super::grant;
use crate::clock::Clock;
use crate::domain::access::{Actor, Grant, Role};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::services::sign_in;
use crate::store::Store;
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// branch, anchor, farmer, official, `branch_admin`, `village_contact` or auditor.
    #[arg(long)]
    role: String,
    /// Whose it is: a farmer's or anchor's key, a region code. Left out: the first farmer, anchor or village, the county.
    #[arg(long = "for", value_name = "KEY")]
    subject: Option<String>,
    /// The site's address as people reach it.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    site: String,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let role = grant::role(&arguments.role)?;
    let opened = context.open().await?;
    let grant = for_link(&opened.store, opened.code, role, arguments.subject.as_deref()).await?;
    let url = issue(&opened.store, opened.code, &grant, &context.clock, &arguments.site).await?;
    opened.store.close().await;
    println!("{url}");
    Ok(ExitCode::SUCCESS)
}

/// What a link of a role is over.
pub async fn for_link(store: &Store, county: RegionCode, role: Role, key: Option<&str>) -> anyhow::Result<Grant> {
    Ok(match role {
        Role::BranchAdmin | Role::Branch => grant::over_region(county, role, None)?,
        Role::Official | Role::Auditor => grant::over_region(county, role, key)?,
        Role::Farmer | Role::Anchor => grant::over_subject(store, county, role, key).await?,
        Role::VillageContact => {
            let first = if key.is_none() { grant::first_village(store, county).await? } else { None };
            let nobody = || Problem::RoleNeeds { role: role.key().to_owned() };
            grant::over_region(county, role, Some(key.or(first.as_deref()).ok_or_else(nobody)?))?
        }
    })
}

/// Makes a link and its address.
pub async fn issue(
    store: &Store,
    county: RegionCode,
    grant: &Grant,
    clock: &Clock,
    site: &str,
) -> anyhow::Result<String> {
    let secret = sign_in::issue_link(store, county, grant, &Actor::command_line(), clock).await?;
    Ok(format!("{}/enter/{secret}", site.trim_end_matches('/')))
}
