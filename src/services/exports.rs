//! Taking a table of figures away: told in the audit trail, and only so often an hour.
//!
//! A page shows what its reader may see, and each look at a household is logged; a file goes on to people nobody knows.
//! So an account takes a limited number of tables an hour. One that is refused is not counted, so that waiting ends.

use crate::clock::Clock;
use crate::domain::access::Actor;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Day, Instant};
use crate::domain::problem::{Problem, Refusal};
use crate::domain::regions::RegionCode;
use crate::store::{Session, Store, audit, exports};
use chrono::TimeDelta;

/// Tables an account may take away within an hour.
pub const MOST_AN_HOUR: i64 = 30;
const SECONDS_A_MINUTE: i64 = 60;

/// A table about to be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken<'a> {
    /// By what its figures are grouped.
    pub grouping: &'a str,
    pub region: RegionCode,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

/// Counts it and tells the trail, or refuses it. An auditor takes tables away too: it changes nothing of the county.
pub async fn take(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    taken: Taken<'_>,
) -> anyhow::Result<()> {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let change = Change::new(Verb::Export, Noun::Figures, format!("{} {}", taken.grouping, taken.region))
        .after(Field::From, day(taken.from))
        .after(Field::To, day(taken.to));
    take_away(store, county, actor, clock, &change).await
}

/// Counts whatever it is that leaves and tells the trail, or refuses it.
pub async fn take_away(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    change: &Change,
) -> anyhow::Result<()> {
    let now = clock.now();
    let mut session = store.write(county).await?;
    count(&mut session, actor, now).await?;
    audit::append(&mut session, actor, now, 0, change).await?;
    Ok(session.commit().await?)
}

/// Counts a table that is about to be taken away, or refuses it; whoever commits tells the trail.
pub async fn count(session: &mut Session, actor: &Actor, now: Instant) -> anyhow::Result<()> {
    let hour = TimeDelta::hours(1);
    let (exports, started_at) = exports::count_one(session, actor.account_id, now, now - hour).await?;
    if exports > MOST_AN_HOUR {
        let seconds = (started_at + hour - now).num_seconds();
        let minutes = (seconds / SECONDS_A_MINUTE + 1).max(1);
        return Err(Problem::Refused(Refusal::TooManyExports { minutes }).into());
    }
    Ok(())
}
