//! `red-anchor pull`: asks each shop's platform for what has changed since the last time.

use super::context::{Context, Opened};
use super::keyring;
use super::shop::app_key;
use crate::domain::access::Actor;
use crate::domain::calendar::{parse_day, start_of};
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::domain::sealing::Keyring;
use crate::ingest::pull::{Pulled, Puller, Target, pull_all};
use crate::platforms::http::Endpoint;
use crate::platforms::retry::Jitter;
use crate::platforms::{AppKey, Grant, Interface, Link, Platform};
use crate::services::{buyers, secrets};
use crate::store::goods::{self, Shop};
use crate::store::pauses;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Only this shop.
    #[arg(long)]
    shop: Option<String>,
    /// Ask again from this day on.
    #[arg(long)]
    since: Option<String>,
    /// The code a platform sent the merchant back with, where an app is authorised that way; good for minutes, and once.
    #[arg(long)]
    code: Option<String>,
    /// Another address than the platform's own, such as a sandbox's.
    #[arg(long)]
    endpoint: Option<String>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let since = match &arguments.since {
        None => None,
        Some(text) => Some(start_of(parse_day(text).ok_or_else(|| Problem::BadDay { text: text.clone() })?)),
    };
    let opened = context.open().await?;
    let shops = shops(&opened, arguments.shop.as_deref()).await?;
    let environment = app_key();
    if environment.is_none() && shops.is_empty() {
        return Err(Problem::MissingKeys.into());
    }
    let keyring = keyring::load(context)?.map(|(keyring, _)| keyring);
    let target = Target {
        store: opened.store.clone(),
        county: opened.code,
        buyer_key: opened.county.buyer_key.clone(),
        actor: context.actor.clone(),
        clock: context.clock.clone(),
    };
    let until = context.clock.now();
    // hidden by itself where standard error is no terminal
    let bar =
        ProgressBar::new(shops.len() as u64).with_style(ProgressStyle::with_template("{pos}/{len} {msg} {elapsed}")?);
    for shop in shops {
        bar.set_message(shop.shop_key.clone());
        let interface = interface(&shop)?;
        let endpoint = Endpoint::parse(arguments.endpoint.as_deref().unwrap_or(interface.endpoint))
            .map_err(|why| Problem::BadOption { why })?;
        let app = app_of(&opened, environment.as_ref(), keyring.as_ref(), &shop).await?;
        let app_no = app.key().to_owned();
        let link = Link::new(endpoint, app, context.clock.clone(), Jitter::seeded(rand::random()))?;
        let key = shop.shop_key.clone();
        let mut puller = Puller::new(shop, (interface.connect)(link));
        if let Some(code) = &arguments.code {
            puller = puller.granted(Grant::Code(code.clone()));
        }
        if let Some(keyring) = &keyring {
            puller = puller.keeping_token(keyring.clone(), app_no);
        }
        let pulled = pull_all(&mut vec![puller], &target, since, until).await?;
        bar.inc(1);
        report(&key, &pulled, context.lang);
    }
    bar.finish_and_clear();
    let job = Actor::job("buyer hashes");
    if let Some(dropped) = buyers::expire_daily(&opened.store, opened.code, &job, &context.clock).await? {
        tracing::info!(dropped, "buyer hashes expired");
    }
    opened.store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The shops to pull: the one named, or all that can be and are not paused.
async fn shops(opened: &Opened, key: Option<&str>) -> anyhow::Result<Vec<Shop>> {
    let mut session = opened.read().await?;
    let Some(key) = key else {
        let all = goods::list_shops(&mut session).await?;
        let paused = pauses::list(&mut session).await?;
        let is_paused = |shop: &Shop| paused.iter().any(|pause| pause.shop_id == shop.shop_id);
        return Ok(all.into_iter().filter(|s| interface(s).is_ok() && !is_paused(s)).collect());
    };
    let shop = crate::services::setup::shop(&mut session, key).await?;
    interface(&shop)?;
    Ok(vec![shop])
}

/// How the shop's platform is asked; the problem says why it cannot be.
fn interface(shop: &Shop) -> Result<&'static Interface, Problem> {
    let interface = Platform::parse(&shop.platform)
        .and_then(Platform::interface)
        .ok_or_else(|| Problem::PlatformNotSupported { platform: shop.platform.clone() })?;
    if shop.platform_shop_id.is_empty() {
        return Err(Problem::NothingToPull { shop: shop.shop_key.clone() });
    }
    Ok(interface)
}

/// The app a shop is asked with: the environment's, else the one stored for it.
async fn app_of(
    opened: &Opened,
    environment: Option<&AppKey>,
    keyring: Option<&Keyring>,
    shop: &Shop,
) -> anyhow::Result<AppKey> {
    if let Some(app) = environment {
        return Ok(app.clone());
    }
    let mut session = opened.read().await?;
    match keyring {
        Some(keyring) => Ok(secrets::find_app_key(&mut session, keyring, shop).await?.ok_or(Problem::MissingKeys)?),
        None if secrets::has_app_key(&mut session, shop).await? => Err(Problem::NoSealingKey.into()),
        None => Err(Problem::MissingKeys.into()),
    }
}

fn report(shop: &str, pulled: &Pulled, lang: Lang) {
    let Pulled { orders, refunds, settlements, rejected, incomplete, .. } = pulled;
    let (new, changed) = (orders.new, orders.changed);
    let (refunds, settlements) = (refunds.new + refunds.changed, settlements.new + settlements.changed);
    match lang {
        Lang::Zh => eprintln!(
            "{shop}：订单新增 {new}、变更 {changed}，退款 {refunds}，结算行 {settlements}，搁置 {rejected}，不完整窗口 {incomplete}。"
        ),
        Lang::En => eprintln!(
            "{shop}: {new} new and {changed} changed orders, {refunds} refunds, {settlements} statement rows, {rejected} set aside, {incomplete} incomplete windows."
        ),
    }
}
