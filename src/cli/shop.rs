//! `red-anchor shop add KEY --platform P --name N`: adds a shop; its operator is named later, in the county document.
//! `red-anchor shop credentials KEY`: stores its app key and secret, sealed. They come from the environment, because
//! arguments stand in the list of processes for everybody to read.

use super::context::Context;
use super::keyring;
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::platforms::AppKey;
use crate::services::secrets::{self, Vault};
use crate::services::setup::{self, NewShop};
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a shop.
    Add(Add),
    /// Store a shop's app key and secret, read from `RED_ANCHOR_APP_KEY` and `RED_ANCHOR_APP_SECRET`.
    Credentials(Credentials),
}

#[derive(Debug, Args)]
pub struct Add {
    /// A short name of the county's own choosing.
    key: String,
    /// douyin, kuaishou, `wechat_channels`, taobao, pinduoduo, jd or xiaohongshu.
    #[arg(long)]
    platform: String,
    #[arg(long)]
    name: String,
    /// The platform's number of the shop; needed to pull from it.
    #[arg(long, default_value = "")]
    platform_shop_id: String,
    /// For a shop without settlement statements: a completed line counts as settled after so many days (推定结算; 15 is usual).
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(0..=365))]
    settled_after: Option<i64>,
}

#[derive(Debug, Args)]
pub struct Credentials {
    /// The shop.
    key: String,
}

pub async fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(arguments) => add(context, arguments).await,
        Command::Credentials(arguments) => credentials(context, arguments).await,
    }
}

async fn credentials(context: &Context, arguments: &Credentials) -> anyhow::Result<ExitCode> {
    let app = app_key().ok_or(Problem::MissingKeys)?;
    let (keyring, _) = keyring::needed(context)?;
    let opened = context.open().await?;
    opened.refuse_demo()?;
    let shop = setup::shop(&mut opened.read().await?, &arguments.key).await?;
    let vault = Vault {
        store: &opened.store,
        county: opened.code,
        actor: &context.actor,
        clock: &context.clock,
        keyring: &keyring,
    };
    secrets::store_app_key(vault, &shop, &app).await?;
    opened.store.close().await;
    match context.lang {
        Lang::Zh => eprintln!("店铺“{}”的应用密钥已加密保存。", shop.shop_key),
        Lang::En => eprintln!("Stored the app key of shop \"{}\", sealed.", shop.shop_key),
    }
    Ok(ExitCode::SUCCESS)
}

/// The app key and secret of the environment, if it has both.
#[allow(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
pub fn app_key() -> Option<AppKey> {
    let read = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
    let app = AppKey::new(read("RED_ANCHOR_APP_KEY")?, read("RED_ANCHOR_APP_SECRET")?);
    Some(match read("RED_ANCHOR_SIGN_SECRET") {
        Some(secret) => app.signing_with(secret),
        None => app,
    })
}

async fn add(context: &Context, add: &Add) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    opened.refuse_demo()?;
    let shop = NewShop {
        key: add.key.clone(),
        platform: add.platform.clone(),
        platform_shop_id: add.platform_shop_id.clone(),
        name: add.name.clone(),
        settled_after_days: add.settled_after,
    };
    setup::add_shop(&opened.store, opened.code, &context.actor, &context.clock, &shop).await?;
    opened.store.close().await;
    Ok(ExitCode::SUCCESS)
}
