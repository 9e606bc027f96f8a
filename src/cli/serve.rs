//! `red-anchor serve`: the site, until it is stopped.

use super::context::{Context, county_code};
use super::link;
use crate::clock::Clock;
use crate::domain::access::Role;
use crate::domain::lang::Lang;
use crate::store::{Store, counties};
use crate::web::{self, App};
use anyhow::Context as _;
use clap::Args;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::net::TcpListener;

#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    serve(context, opened.store, context.clock.clone(), arguments.listen, false).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves a store; `with_links` prints a sign-in address for each role first.
pub async fn serve(
    context: &Context,
    store: Store,
    clock: Clock,
    listen: SocketAddr,
    with_links: bool,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    match context.lang {
        Lang::Zh => eprintln!("网站在 http://{address} ，按 Ctrl+C 停止。"),
        Lang::En => eprintln!("The site is at http://{address}; Ctrl+C stops it."),
    }
    if with_links {
        for county in counties::list(&store).await? {
            for role in Role::ALL {
                let code = county_code(&county.county_code)?;
                let url = link::issue(&store, code, role, None, &clock, &format!("http://{address}")).await?;
                println!("{}\t{url}", role.key());
            }
        }
    }
    web::serve(listener, App::new(store.clone(), clock).await?).await?;
    store.close().await;
    Ok(())
}
