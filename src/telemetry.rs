//! Logs go to standard error, one line an event; `RUST_LOG` chooses how much (warnings when it is not set).

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

/// Starts logging for the process at `levels` (`info`, or `red_anchor=debug,sqlx=info`); a second call does nothing.
pub fn init(levels: Option<&str>) {
    // a statement over everything there is (verify, a first import) may take its time; that is no warning
    let ordinary = Targets::new().with_default(LevelFilter::WARN).with_target("sqlx", LevelFilter::ERROR);
    let asked = levels.map(str::parse::<Targets>);
    let filter = match &asked {
        Some(Ok(targets)) => targets.clone(),
        Some(Err(_)) | None => ordinary,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
    if let Some(Err(error)) = asked {
        tracing::warn!(%error, "RUST_LOG is not understood: write a level, or target=level with commas between");
    }
}
