//! `red-anchor user …`: accounts of people who sign in with a password. Nothing prompts: a new or reset account gets a
//! one-time address at which its owner sets the password.

use super::context::{Context, Opened};
use super::grant;
use crate::domain::access::{Grant, Role};
use crate::domain::problem::Problem;
use crate::services::accounts;
use crate::services::desk::Desk;
use crate::store::accounts as stored;
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an account, or give one that is there another role; prints a one-time address to set the password.
    Add(Add),
    /// List the county's accounts and their roles.
    List,
    /// Print a one-time address to set a new password; takes the second factor off.
    Reset(Named),
    /// Let an account in no more.
    Disable(Named),
}

#[derive(Debug, Args)]
pub struct Add {
    /// What is typed at sign-in: 2 to 40 letters or digits.
    name: String,
    /// `branch_admin`, branch, anchor, farmer, `village_contact`, official or auditor.
    #[arg(long)]
    role: String,
    /// The region of an official or auditor: the county (left out), a town, or the prefecture above.
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    /// An anchor's key.
    #[arg(long, value_name = "KEY")]
    anchor: Option<String>,
    /// A household's key.
    #[arg(long, value_name = "KEY")]
    farmer: Option<String>,
    /// The village of a village contact.
    #[arg(long, value_name = "CODE")]
    village: Option<String>,
    /// The person's name as others see it; the login name where it is left out.
    #[arg(long, default_value = "")]
    display: String,
    /// The site's address as people reach it.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    site: String,
}

#[derive(Debug, Args)]
pub struct Named {
    name: String,
    /// The site's address as people reach it.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    site: String,
}

pub async fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let desk = Desk { store: &opened.store, county: opened.code, actor: &context.actor, clock: &context.clock };
    match command {
        Command::Add(add) => self::add(&opened, &desk, add).await?,
        Command::List => list(&opened).await?,
        Command::Reset(named) => {
            let issued = accounts::reset(&desk, id_of(&opened, &named.name).await?).await?;
            println!("{}", address(&named.site, &issued.secret));
        }
        Command::Disable(named) => accounts::disable(&desk, id_of(&opened, &named.name).await?).await?,
    }
    opened.store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn add(opened: &Opened, desk: &Desk<'_>, add: &Add) -> anyhow::Result<()> {
    let grant = grant_of(opened, add).await?;
    let known = stored::find_by_login(&opened.store, &accounts::folded(&add.name)).await?;
    if let Some(account) = known.filter(|a| a.county_code == opened.county.county_code) {
        return accounts::give_role(desk, account.account_id, &grant).await;
    }
    let issued = accounts::create(desk, &add.name, &add.display, &grant).await?;
    println!("{}", address(&add.site, &issued.secret));
    Ok(())
}

async fn grant_of(opened: &Opened, add: &Add) -> anyhow::Result<Grant> {
    let role = grant::role(&add.role)?;
    let needs = || Problem::RoleNeeds { role: role.key().to_owned() };
    Ok(match role {
        Role::BranchAdmin | Role::Branch => grant::over_region(opened.code, role, None)?,
        Role::Official | Role::Auditor => grant::over_region(opened.code, role, add.region.as_deref())?,
        Role::VillageContact => grant::over_region(opened.code, role, Some(add.village.as_deref().ok_or_else(needs)?))?,
        Role::Anchor | Role::Farmer => {
            let key = if role == Role::Anchor { &add.anchor } else { &add.farmer };
            grant::over_subject(&opened.store, opened.code, role, Some(key.as_deref().ok_or_else(needs)?)).await?
        }
    })
}

/// A line a role: login name, `active` or `disabled`, role, what it is over.
async fn list(opened: &Opened) -> anyhow::Result<()> {
    let mut session = opened.read().await?;
    let grants = stored::list_all_grants(&mut session).await?;
    for account in stored::list(&mut session).await? {
        let state = if account.disabled_at.is_some() { "disabled" } else { "active" };
        let held: Vec<&Grant> =
            grants.iter().filter(|(id, _)| *id == account.account_id).map(|(_, grant)| grant).collect();
        if held.is_empty() {
            println!("{}\t{state}\t–\t–", account.login_name);
        }
        for grant in held {
            let subject = if grant.subject_id == 0 { String::new() } else { format!(" #{}", grant.subject_id) };
            println!("{}\t{state}\t{}\t{}{subject}", account.login_name, grant.role.key(), grant.region);
        }
    }
    Ok(())
}

async fn id_of(opened: &Opened, name: &str) -> anyhow::Result<i64> {
    let found = stored::find_by_login(&opened.store, &accounts::folded(name)).await?;
    let here = found.filter(|account| account.county_code == opened.county.county_code);
    Ok(here.ok_or(Problem::UnknownAccount)?.account_id)
}

fn address(site: &str, secret: &str) -> String {
    format!("{}/password/{secret}", site.trim_end_matches('/'))
}
