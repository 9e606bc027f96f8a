//! `red-anchor key new|rotate|drop`: the key that stored secrets are sealed with.
//!
//! A rotation is safe to cut short at any point: the file has new and old key before anything is sealed with the new one,
//! and keeps both until `key drop`, which refuses while something still needs the old one.

use super::context::{Context, county_code};
use super::keyring::{self, Origin};
use crate::domain::access::Scope;
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::domain::sealing::{Keyring, SealingKey};
use crate::services::secrets::{self, Vault};
use crate::store::counties;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Command {
    /// Make a key file beside the database, or where --key-file says.
    New,
    /// Seal everything stored with a new key; the old one stays in the file until `key drop`.
    Rotate,
    /// Take keys that nothing is sealed with any more out of the file.
    Drop,
}

pub async fn run(context: &Context, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::New => make(context)?,
        Command::Rotate => rotate(context).await?,
        Command::Drop => drop_old(context).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn make(context: &Context) -> anyhow::Result<()> {
    let path = keyring::new_file(context)?;
    let keyring = Keyring::new(vec![SealingKey::new(rand::random())]).expect("one key");
    keyring::create(&path, &keyring)?;
    let (id, path) = (keyring.current().id(), path.display());
    match context.lang {
        Lang::Zh => eprintln!("已生成钥匙 {id}：{path}。请另外备份，不要和数据库的备份放在一起。"),
        Lang::En => eprintln!("Made key {id} in {path}. Back it up apart from the database's backups."),
    }
    Ok(())
}

async fn rotate(context: &Context) -> anyhow::Result<()> {
    let (old, origin) = keyring::needed(context)?;
    let keyring = match &origin {
        Origin::File(path) => {
            let keyring = old.with_new(SealingKey::new(rand::random()));
            keyring::replace(path, &keyring)?;
            keyring
        }
        // whoever sets the variable has put the new key first
        Origin::Environment if old.keys().len() > 1 => old,
        Origin::Environment => return Err(Problem::SealingKeyFixed.into()),
    };
    let store = context.store().await?;
    let mut count = 0;
    for county in counties::list(&store).await? {
        let vault = Vault {
            store: &store,
            county: county_code(&county.county_code)?,
            actor: &context.actor,
            clock: &context.clock,
            keyring: &keyring,
        };
        count += secrets::rotate(vault).await?;
    }
    store.close().await;
    let id = keyring.current().id();
    match context.lang {
        Lang::Zh => eprintln!(
            "{count} 条密钥已改用钥匙 {id} 加密。正在运行的网站要重启才认得新钥匙。旧钥匙可用 red-anchor key drop 丢掉。"
        ),
        Lang::En => eprintln!(
            "{count} secrets are sealed with key {id} now. A running site knows the new key once it is started again. `red-anchor key drop` drops the old key."
        ),
    }
    Ok(())
}

async fn drop_old(context: &Context) -> anyhow::Result<()> {
    let (keyring, origin) = keyring::needed(context)?;
    let Origin::File(path) = origin else { return Err(Problem::SealingKeyFixed.into()) };
    let store = context.store().await?;
    for county in counties::list(&store).await? {
        let mut session = store.read(Scope::County(county_code(&county.county_code)?)).await?;
        let standings = secrets::standings(&mut session, Some(&keyring)).await?;
        if let Some(used) = standings.into_iter().find(|s| s.key_id != keyring.current().id()) {
            return Err(Problem::SealingKeyUsed { key_id: used.key_id }.into());
        }
    }
    store.close().await;
    keyring::replace(&path, &keyring.without_old())?;
    let dropped = keyring.keys().len() - 1;
    match context.lang {
        Lang::Zh => eprintln!("已丢掉 {dropped} 把旧钥匙。"),
        Lang::En => eprintln!("Dropped {dropped} old keys."),
    }
    Ok(())
}
