//! Forgetting buyers: how long an order's buyer hash is kept, and dropping it afterwards.
//!
//! The hash says that two orders are of one buyer, which is what repeat purchases and brushing are found by. Nothing else
//! needs it, so it goes when those questions are over. The setting in force today decides.

use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::regions::RegionCode;
use crate::store::buyers::{self, HashDays};
use crate::store::{Session, Store, StoreError};
use chrono::TimeDelta;

/// Days where the county has set none: two seasons and the time to review them.
pub const DEFAULT_DAYS: i64 = 730;

/// The days in force on a day.
pub async fn days_on(session: &mut Session, on: Day) -> Result<i64, StoreError> {
    Ok(in_force(&buyers::list_hash_days(session).await?, on))
}

/// Of the versions that have begun, the one that began last; of two from one day the newer.
fn in_force(versions: &[HashDays], on: Day) -> i64 {
    let begun = versions.iter().filter(|v| v.valid_from <= on);
    begun.max_by_key(|v| (v.valid_from, v.version_id)).map_or(DEFAULT_DAYS, |v| v.days)
}

/// Sets how many days hashes are kept, from a day on.
pub async fn keep(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
    from: Day,
    days: i64,
) -> Result<(), StoreError> {
    let mut work = store.work(county, actor, "keep buyer hashes", clock).await?;
    let before = days_on(&mut work, from).await?;
    buyers::insert_hash_days(&mut work, from, days).await?;
    let change = Change::new(Verb::Change, Noun::BuyerHash, "")
        .before(Field::Days, before)
        .after(Field::Days, days)
        .after(Field::Day, from);
    work.commit(&change).await
}

/// Drops the hashes whose time is over. Returns of how many orders.
pub async fn expire(store: &Store, county: RegionCode, actor: &Actor, clock: &Clock) -> Result<i64, StoreError> {
    let mut work = store.work(county, actor, "expire buyer hashes", clock).await?;
    let before = clock.today() - TimeDelta::days(days_on(&mut work, clock.today()).await?);
    let dropped = buyers::drop_hashes(&mut work, before).await?;
    let change =
        Change::new(Verb::Expire, Noun::BuyerHash, "").after(Field::Day, before).count(Field::RowsChanged, dropped);
    work.commit(&change).await?;
    Ok(dropped)
}

/// The same, once a day: `None` where it was done for today.
pub async fn expire_daily(
    store: &Store,
    county: RegionCode,
    actor: &Actor,
    clock: &Clock,
) -> Result<Option<i64>, StoreError> {
    let mut session = store.read(Scope::County(county)).await?;
    let before = clock.today() - TimeDelta::days(days_on(&mut session, clock.today()).await?);
    let done = buyers::find_dropped(&mut session).await?;
    drop(session);
    if done.is_some_and(|done| done >= before) {
        return Ok(None);
    }
    expire(store, county, actor, clock).await.map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::parse_day;

    #[test]
    fn the_setting_that_began_last_is_in_force() {
        let day = |text| parse_day(text).expect("a day");
        let version = |version_id, from, days| HashDays { version_id, batch_id: 1, valid_from: day(from), days };
        let versions = [version(1, "2026-01-01", 90), version(2, "2026-06-01", 30), version(3, "2026-01-01", 60)];
        assert_eq!(in_force(&versions, day("2025-12-31")), DEFAULT_DAYS);
        assert_eq!(in_force(&versions, day("2026-05-31")), 60);
        assert_eq!(in_force(&versions, day("2026-06-01")), 30);
    }
}
