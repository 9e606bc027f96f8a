//! What people do to a shop: pause it, go on with it, and send what was set aside round again.

use crate::clock::Clock;
use crate::domain::access::Actor;
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Instant, rfc3339};
use crate::domain::regions::RegionCode;
use crate::store::evidence;
use crate::store::goods::Shop;
use crate::store::quarantine::{self, SetAside};
use crate::store::{Store, Work, pauses, schedules};
use chrono::{DateTime, TimeDelta};
use std::collections::BTreeMap;

/// Where a record's window begins when the trail does not say: the longest window there is.
const LONGEST_WINDOW: TimeDelta = TimeDelta::days(7);

/// In which county, by whom.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    pub store: &'a Store,
    pub county: RegionCode,
    pub actor: &'a Actor,
    pub clock: &'a Clock,
}

impl Desk<'_> {
    async fn work(&self, kind: &str) -> anyhow::Result<Work> {
        Ok(self.store.work(self.county, self.actor, kind, self.clock).await?)
    }
}

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
    let facts: BTreeMap<String, String> = told.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let from = facts.get(Field::From.key()).and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    Ok(from.map_or(record.at - LONGEST_WINDOW, |from| from.to_utc()))
}
