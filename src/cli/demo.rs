//! `red-anchor demo`: makes the demo county and serves it. A second run reuses what is there.

use super::context::Context;
use super::keyring;
use crate::clock::Clock;
use crate::demo::{self, Plan, Step};
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::reports::press::Press;
use crate::store::{Missing, Store, counties};
use crate::web::App;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

/// The demo's own database: never the branch's.
const DEMO_DATABASE: &str = "red-anchor-demo.db";

#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The county's size; 1 is the whole (about 820,000 order lines).
    #[arg(long, default_value = "1")]
    scale: String,
    /// Throw the demo that is there away and make it anew.
    #[arg(long)]
    fresh: bool,
    /// Make it and stop.
    #[arg(long)]
    no_serve: bool,
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let database = context.database.as_deref().unwrap_or(DEMO_DATABASE);
    let store = open(database, arguments.fresh).await?;
    let today = context.clock.today();
    let plan = Plan { seed: arguments.seed, scale: arguments.scale.clone(), today };
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} {msg}  {elapsed}")?);
    let (mut lines, mut last) = (0, None);
    demo::make(&store, &plan, |step: Step| {
        lines += step.pulled.orders.new;
        last = Some(step.until);
        bar.set_message(format!("{} · {lines} orders", step.until));
        bar.tick();
    })
    .await?;
    bar.finish_and_clear();
    if let Some(day) = last {
        match context.lang {
            Lang::Zh => eprintln!("演示县已生成到 {day}，订单 {lines} 笔。演示数据，虚构，不作为公布数据的依据。"),
            Lang::En => eprintln!("The demo county stands at {day} with {lines} orders. Demo data, invented."),
        }
    }
    if !arguments.no_serve {
        let clock = Clock::at_end_of(today);
        // the demo's database has its own name, and its keys lie beside it
        let named = Context { database: Some(database.to_owned()), ..context.clone() };
        let keyring = keyring::load(&named)?.map(|(keyring, _)| keyring);
        let press = Press::new(context.templates()?);
        let app = App { keyring, press, ..App::found(store.clone(), clock).await? };
        super::serve::serve(context, Arc::new(app), arguments.listen, true).await?;
        store.close().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the demo's database; a real one is refused before anything is touched.
async fn open(database: &str, fresh: bool) -> anyhow::Result<Store> {
    let store = Store::open(database, Missing::Create).await?;
    let here = counties::list(&store).await?;
    if here.iter().any(|c| !c.demo) {
        return Err(Problem::DemoOnReal { path: database.to_owned() }.into());
    }
    if fresh && !here.is_empty() {
        return Ok(store.emptied(database).await?);
    }
    Ok(store)
}
