//! `red-anchor pull`: asks each shop's platform for what has changed since the last time. A shop that fails holds up no
//! other; the exit code tells of it.

use super::context::{Context, Opened};
use super::shop::app_key;
use super::{keyring, say_failed};
use crate::domain::access::Actor;
use crate::domain::calendar::{parse_day, start_of};
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::ingest::connect::Connecting;
use crate::ingest::pull::{Pulled, Target};
use crate::jobs::turn::{self, Manner, Reach};
use crate::platforms::Grant;
use crate::services::buyers;
use crate::store::goods::Shop;
use crate::store::leases;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;
use tokio::sync::watch;

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
    let shops = opened.shops(arguments.shop.as_deref()).await?;
    let environment = app_key();
    if environment.is_none() && shops.is_empty() {
        return Err(Problem::MissingKeys.into());
    }
    let keyring = keyring::load(context)?.map(|(keyring, _)| keyring);
    let connecting = Connecting { keyring, app: environment, endpoint: arguments.endpoint.clone() };
    let holder = leases::new_holder();
    let (_go_on, stop) = watch::channel(false);
    let manner =
        Manner { holder: &holder, stop: &stop, reach: since.map_or(Reach::Onward, Reach::Since), when_due: false };
    let target = Target {
        store: opened.store.clone(),
        county: opened.code,
        buyer_key: opened.county.buyer_key.clone(),
        actor: context.actor.clone(),
        clock: context.clock.clone(),
    };
    // hidden by itself where standard error is no terminal
    let bar =
        ProgressBar::new(shops.len() as u64).with_style(ProgressStyle::with_template("{pos}/{len} {msg} {elapsed}")?);
    let (code, mut failed) = (arguments.code.as_deref(), false);
    for shop in shops {
        bar.set_message(shop.shop_key.clone());
        match Box::pin(pull(&opened, &connecting, &shop, code, &target, manner)).await {
            Ok(pulled) => report(&shop.shop_key, &pulled, context.lang),
            Err(error) => {
                failed = true;
                say_failed(&shop.shop_key, &error, context.lang);
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let job = Actor::job("buyer hashes");
    if let Some(dropped) = Box::pin(buyers::expire_daily(&opened.store, opened.code, &job, &context.clock)).await? {
        tracing::info!(dropped, "buyer hashes expired");
    }
    opened.store.close().await;
    Ok(if failed { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

async fn pull(
    opened: &Opened,
    connecting: &Connecting,
    shop: &Shop,
    code: Option<&str>,
    target: &Target,
    manner: Manner<'_>,
) -> anyhow::Result<Pulled> {
    let mut puller = connecting.puller(&mut opened.read().await?, shop, &target.clock).await?;
    if let Some(code) = code {
        puller = puller.granted(Grant::Code(code.to_owned()));
    }
    let pulled = Box::pin(turn::take(target, puller, manner)).await?;
    Ok(pulled.ok_or_else(|| Problem::ShopTaken { shop: shop.shop_key.clone() })?)
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
