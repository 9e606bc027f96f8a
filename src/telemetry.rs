//! Logs go to standard error, one line an event; `RUST_LOG` chooses how much (warnings when it is not set).

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Starts logging for the process; a second call does nothing.
pub fn init() {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    // a statement over everything there is (verify, a first import) may take its time; that is no warning
    let filter = match "sqlx=error".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
