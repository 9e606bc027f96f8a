//! `red-anchor sandbox`: the platforms' stand-in on loopback, for trying the whole chain without an app key. Prints its
//! address and, for each shop on each platform, its key and secrets, a line each, and serves until it is stopped.

use super::context::Context;
use crate::clock::Clock;
use crate::domain::calendar::parse_day;
use crate::domain::problem::Problem;
use crate::sandbox::{self, Faults, SandboxConfig, Scale};
use clap::Args;
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The county's size, 1 is the whole.
    #[arg(long, default_value = "1")]
    scale: String,
    /// The day at whose end the world stands; now if left out. Pull with `--today` of the same day.
    #[arg(long)]
    at: Option<String>,
    /// Troubles to meet: `all`, or some of throttle,5xx,slow,token-expired,repeat-pages,shuffle-pages,late-update,…
    #[arg(long, default_value = "")]
    faults: String,
    #[arg(long, default_value = "127.0.0.1:8199")]
    listen: SocketAddr,
}

pub async fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let bad = |why: String| Problem::BadOption { why };
    let clock = match &arguments.at {
        None => context.clock.clone(),
        Some(text) => Clock::at_end_of(parse_day(text).ok_or_else(|| Problem::BadDay { text: text.clone() })?),
    };
    if !arguments.listen.ip().is_loopback() {
        return Err(bad(format!("--listen {}: loopback only", arguments.listen)).into());
    }
    let scale: Scale = arguments.scale.parse().map_err(bad)?;
    let faults: Faults = arguments.faults.parse().map_err(bad)?;
    let server =
        sandbox::serve(SandboxConfig { seed: arguments.seed, scale, clock, faults, listen: arguments.listen }).await?;
    let mut out = std::io::stdout();
    writeln!(out, "endpoint {}", server.endpoint)?;
    for app in &server.apps {
        let (key, secret) = (&app.app_key, &app.app_secret);
        write!(
            out,
            "shop {} platform_shop_id {} app_key {key} app_secret {secret} platform {}",
            app.shop_key, app.platform_shop_id, app.platform
        )?;
        for (name, value) in [("sign_secret", &app.sign_secret), ("code", &app.code)] {
            if let Some(value) = value {
                write!(out, " {name} {value}")?;
            }
        }
        writeln!(out)?;
    }
    out.flush()?;
    server.wait().await?;
    Ok(ExitCode::SUCCESS)
}
