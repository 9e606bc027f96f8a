//! `red-anchor serve`: the site, and the shops pulled beside it, until it is stopped: then answers under way are finished
//! and the windows at hand are written.

use super::context::{Context, county_code};
use super::{keyring, link};
use crate::clock::Clock;
use crate::domain::access::Role;
use crate::domain::lang::Lang;
use crate::domain::sealing::Keyring;
use crate::ingest::connect::Connecting;
use crate::ingest::pull::Stop;
use crate::jobs::scheduler::Scheduler;
use crate::reports::press::Press;
use crate::store::{Store, counties, leases};
use crate::web::{self, App, AppState};
use anyhow::Context as _;
use clap::Args;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The site stands behind a proxy that ends TLS: cookies demand TLS, and `X-Forwarded-For` says who asks.
    #[arg(long)]
    behind_tls: bool,
    /// Pull no shop from here.
    #[arg(long)]
    no_pull: bool,
    /// Where shops are pulled from, instead of their platforms' own addresses: a sandbox's.
    #[arg(long)]
    endpoint: Option<String>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let opened = context.open().await?;
    let keyring = keyring::load(context)?.map(|(keyring, _)| keyring);
    let (stopping, stop) = watch::channel(false);
    let pulling = pulling(context, arguments, &opened.store, keyring.clone(), stop);
    let app = App {
        behind_tls: arguments.behind_tls,
        keyring,
        endpoint: arguments.endpoint.clone(),
        press: Press::new(context.templates()?),
        ..App::found(opened.store, context.clock.clone()).await?
    };
    let store = app.store.clone();
    let served = serve(context, Arc::new(app), arguments.listen, false).await;
    stopping.send_replace(true);
    let pulled = match pulling {
        Some(pulling) => pulling.await,
        None => Ok(()),
    };
    store.close().await;
    served?;
    pulled?;
    Ok(ExitCode::SUCCESS)
}

/// Starts pulling shops beside the site. Nothing is pulled on a day that stands still.
fn pulling(
    context: &Context,
    arguments: &Arguments,
    store: &Store,
    keyring: Option<Keyring>,
    stop: Stop,
) -> Option<JoinHandle<()>> {
    if arguments.no_pull || !matches!(context.clock, Clock::System) {
        return None;
    }
    let scheduler = Scheduler {
        store: store.clone(),
        clock: context.clock.clone(),
        connecting: Connecting { keyring, app: None, endpoint: arguments.endpoint.clone() },
        holder: leases::new_holder(),
        stop,
    };
    Some(tokio::spawn(scheduler.run()))
}

/// Serves a site; `with_links` prints a sign-in address for each role first.
pub async fn serve(context: &Context, app: AppState, listen: SocketAddr, with_links: bool) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let told = web::told_to_stop();
    match context.lang {
        Lang::Zh => eprintln!("网站在 http://{address} ，按 Ctrl+C 停止。"),
        Lang::En => eprintln!("The site is at http://{address}; Ctrl+C stops it."),
    }
    if with_links {
        for county in counties::list(&app.store).await? {
            for role in Role::ALL {
                let code = county_code(&county.county_code)?;
                let grant = link::for_link(&app.store, code, role, None).await?;
                let site = format!("http://{address}");
                let url = Box::pin(link::issue(&app.store, code, &grant, &app.clock, &site)).await?;
                println!("{}\t{url}", role.key());
            }
        }
    }
    Ok(Box::pin(web::serve(listener, app.clone(), told)).await?)
}
