//! 推定结算: lines of a shop without statements count as settled some days after completion, if its setting says so.
//!
//! A dated fact like any other, so that it is recomputed by verify and never depends on when anybody looked.

use crate::domain::calendar::Day;
use crate::store::orders::EventRow;
use crate::store::{StoreError, Work, facts, goods, orders, take_ids};
use chrono::TimeDelta;
use rustc_hash::FxHashMap;

/// Writes down the inferences that have come due by `today` and queues their orders.
pub async fn infer(work: &mut Work, today: Day) -> Result<u64, StoreError> {
    let mut newest: FxHashMap<i64, goods::ShopSetting> = FxHashMap::default();
    for setting in goods::list_shop_settings(work).await? {
        let current = newest.get(&setting.shop_id).map_or(0, |s| s.version_id);
        if setting.version_id > current {
            newest.insert(setting.shop_id, setting);
        }
    }
    let mut settings: Vec<_> = newest.into_values().collect();
    settings.sort_by_key(|s| s.shop_id);
    let mut count = 0;
    for setting in settings {
        let wait = TimeDelta::days(setting.settled_after_days);
        let from = setting.valid_from - wait;
        let due = orders::list_due_inferences(work, setting.shop_id, from, today - wait).await?;
        let first = take_ids(work, "event", due.len()).await?;
        let events: Vec<EventRow> = due
            .iter()
            .zip(first..)
            .map(|(&(order_id, completed_on), event_id)| EventRow {
                event_id,
                order_id,
                line_id: 0,
                kind: "inferred".to_owned(),
                happened_on: completed_on + wait,
                quantity: 0,
            })
            .collect();
        orders::insert_events(work, &events).await?;
        facts::queue(work, &due.iter().map(|(order_id, _)| *order_id).collect::<Vec<_>>()).await?;
        count += due.len() as u64;
    }
    Ok(count)
}
