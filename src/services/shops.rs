//! What people do to a shop: pause it, go on with it, say how often it is pulled, and send what was set aside round again.

use super::catching_up;
use super::desk::Desk;
use crate::domain::audit::{Change, Field, Noun, Verb, facts};
use crate::domain::calendar::{Day, Instant, day_of, rfc3339, start_of};
use crate::domain::problem::{Mistake, Problem};
use crate::domain::pulling::{AGAIN_EVERY, first_day_in_reach};
use crate::ingest::pull::LONGEST_WINDOW;
use crate::store::goods::Shop;
use crate::store::quarantine::{self, SetAside};
use crate::store::schedules::{self, Schedule};
use crate::store::{Work, evidence, pauses};
use chrono::DateTime;
use std::ops::RangeInclusive;

/// Minutes between two pulls that a person may ask for.
pub const PACE: RangeInclusive<i64> = 5..=1_440;

/// The shop is not asked until it is gone on with.
pub async fn pause(desk: &Desk<'_>, shop: &Shop) -> anyhow::Result<()> {
    let mut work = desk.work("pause shop").await?;
    pauses::insert(&mut work, shop.shop_id).await?;
    Ok(work.commit(&Change::new(Verb::Pause, Noun::Shop, &shop.shop_key)).await?)
}

/// The shop is asked again.
pub async fn resume(desk: &Desk<'_>, shop: &Shop) -> anyhow::Result<()> {
    let mut work = desk.work("resume shop").await?;
    pauses::remove(&mut work, shop.shop_id).await?;
    schedules::due_now(&mut work, shop.shop_id, desk.clock.now()).await?;
    Ok(work.commit(&Change::new(Verb::Resume, Noun::Shop, &shop.shop_key)).await?)
}

/// The shop is pulled every so many minutes; when it is next stays as it is.
pub async fn set_pace(desk: &Desk<'_>, shop: &Shop, minutes: i64) -> anyhow::Result<()> {
    if !PACE.contains(&minutes) {
        return Err(Problem::from(Mistake::BadPace { least: *PACE.start(), most: *PACE.end() }).into());
    }
    let mut work = desk.work("pace of a shop").await?;
    let now = work.at;
    let known = schedules::find(&mut work, shop.shop_id).await?;
    let before = known.unwrap_or_else(|| Schedule::ordinary(shop.shop_id, now, now + AGAIN_EVERY));
    schedules::set_pace(&mut work, &Schedule { pull_every_minutes: minutes, ..before.clone() }).await?;
    let change = Change::new(Verb::Change, Noun::Shop, &shop.shop_key)
        .before(Field::PaceMinutes, before.pull_every_minutes)
        .after(Field::PaceMinutes, minutes);
    Ok(work.commit(&change).await?)
}

/// Everything since a day is asked for once more, at the next turn and window by window: what was reached is kept.
pub async fn pull_from(desk: &Desk<'_>, shop: &Shop, day: Option<Day>) -> anyhow::Result<()> {
    let now = desk.clock.now();
    let first = first_day_in_reach(now);
    let Some(day) = day.filter(|&day| first <= day && day <= day_of(now)) else {
        return Err(Problem::from(Mistake::OutOfReach { first }).into());
    };
    let mut work = desk.work("pull again from a day").await?;
    catching_up::from_a_day(&mut work, shop.shop_id, start_of(day), now).await?;
    evidence::set_checkpoints_back(&mut work, shop.shop_id, start_of(day)).await?;
    schedules::due_now(&mut work, shop.shop_id, now).await?;
    let change = Change::new(Verb::Retry, Noun::Orders, &shop.shop_key).after(Field::From, day);
    Ok(work.commit(&change).await?)
}

/// Takes a record off the list. One of an interface is asked for again with the next pull, which therefore begins where
/// the record's window began; one of a file comes again with the file. What still cannot be read is set aside again.
pub async fn retry(desk: &Desk<'_>, shop: &Shop, record: &SetAside) -> anyhow::Result<()> {
    let mut work = desk.work("retry record").await?;
    quarantine::remove(&mut work, record.quarantine_id).await?;
    let mut change = Change::new(Verb::Retry, Noun::Orders, &shop.shop_key).after(Field::Key, &record.record_no);
    if !record.is_of_a_file() {
        let from = window_start(&mut work, shop, record).await?;
        evidence::set_checkpoints_back(&mut work, shop.shop_id, from).await?;
        schedules::due_now(&mut work, shop.shop_id, desk.clock.now()).await?;
        change = change.after(Field::From, rfc3339(from));
    }
    Ok(work.commit(&change).await?)
}

/// Where the window began that the record came in, as the audit trail tells it.
async fn window_start(work: &mut Work, shop: &Shop, record: &SetAside) -> anyhow::Result<Instant> {
    let told = quarantine::find_told(work, record.batch_id, &shop.shop_key).await?;
    let facts = told.map(|text| facts(&text)).unwrap_or_default();
    let from = facts.iter().find(|(key, _)| key == Field::From.key());
    let from = from.and_then(|(_, text)| DateTime::parse_from_rfc3339(text).ok());
    Ok(from.map_or(record.at - LONGEST_WINDOW, |from| from.to_utc()))
}
