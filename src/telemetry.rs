//! Logs go to standard error, one line an event; `RUST_LOG` chooses how much (warnings when it is not set).

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

/// Starts logging for the process at `levels` (`info`, or `red_anchor=debug,sqlx=info`); a second call does nothing.
pub fn init(levels: Option<&str>) {
    let asked = levels.map(filter);
    let chosen = asked.clone().flatten().unwrap_or_else(ordinary);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let _ = tracing_subscriber::registry().with(lines.with_filter(chosen)).try_init();
    if asked == Some(None) {
        tracing::warn!("RUST_LOG is not understood: write a level, or target=level with commas between");
    }
}

fn ordinary() -> Targets {
    // a statement over everything there is (verify, a first import) may take its time; that is no warning
    Targets::new().with_default(LevelFilter::WARN).with_target("sqlx", LevelFilter::ERROR)
}

/// What the words ask for beyond the ordinary; `None` where one of them is no level.
fn filter(levels: &str) -> Option<Targets> {
    levels.split(',').map(str::trim).filter(|part| !part.is_empty()).try_fold(ordinary(), |targets, part| {
        Some(match part.split_once('=') {
            Some((target, level)) => targets.with_target(target, level.parse::<LevelFilter>().ok()?),
            None => targets.with_default(part.parse::<LevelFilter>().ok()?),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn words_ask_for_more_or_less_than_the_ordinary_and_a_wrong_one_is_told() {
        assert_eq!(filter(""), Some(ordinary()));
        assert_eq!((filter("warning"), filter("red_anchor=loud")), (None, None));
        let asked = filter("info, red_anchor=debug").expect("levels");
        assert!(asked.would_enable("red_anchor::jobs", &Level::DEBUG) && asked.would_enable("hyper", &Level::INFO));
        assert!(!asked.would_enable("hyper", &Level::DEBUG) && !asked.would_enable("sqlx", &Level::WARN));
        assert!(filter("red_anchor=debug").expect("levels").would_enable("hyper", &Level::WARN));
    }
}
