//! `red-anchor serve`: the site, until it is stopped.

use super::context::{Context, county_code};
use super::{keyring, link};
use crate::domain::access::Role;
use crate::domain::lang::Lang;
use crate::store::counties;
use crate::web::{self, App, AppState};
use anyhow::Context as _;
use clap::Args;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The site stands behind a proxy that ends TLS: cookies demand TLS, and `X-Forwarded-For` says who asks.
    #[arg(long)]
    behind_tls: bool,
    /// Another address than the platforms' own, such as a sandbox's.
    #[arg(long)]
    endpoint: Option<String>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let app = App {
        behind_tls: arguments.behind_tls,
        keyring: keyring::load(context)?.map(|(keyring, _)| keyring),
        endpoint: arguments.endpoint.clone(),
        ..App::found(opened.store, context.clock.clone()).await?
    };
    serve(context, Arc::new(app), arguments.listen, false).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves a site; `with_links` prints a sign-in address for each role first.
pub async fn serve(context: &Context, app: AppState, listen: SocketAddr, with_links: bool) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    match context.lang {
        Lang::Zh => eprintln!("网站在 http://{address} ，按 Ctrl+C 停止。"),
        Lang::En => eprintln!("The site is at http://{address}; Ctrl+C stops it."),
    }
    if with_links {
        for county in counties::list(&app.store).await? {
            for role in Role::ALL {
                let code = county_code(&county.county_code)?;
                let grant = link::for_link(&app.store, code, role, None).await?;
                let url = link::issue(&app.store, code, &grant, &app.clock, &format!("http://{address}")).await?;
                println!("{}\t{url}", role.key());
            }
        }
    }
    web::serve(listener, app.clone()).await?;
    app.store.close().await;
    Ok(())
}
