//! A turn at a shop: taken, kept by signs of life, given back.

use super::turn::{Manner, Reach};
use crate::domain::pulling::LEASE;
use crate::ingest::pull::{Target, TurnLost};
use crate::store::leases::{self, Lease};
use crate::store::{Session, StoreError, pauses, schedules};
use std::time::Duration;

/// Signs of life in the time a turn stands without one.
const SIGNS: u32 = 4;

/// Takes a shop's turn; `None` where somebody else has it, or, of a turn that is only wanted when it is due, where the
/// shop is not due for that any more: somebody has just had it, or it was paused.
pub async fn take(target: &Target, shop_id: i64, manner: Manner<'_>) -> Result<Option<Lease>, StoreError> {
    let mut session = writing(target).await?;
    let now = target.clock.now();
    let Some(lease) = leases::take(&mut session, shop_id, manner.holder, now, now + LEASE).await? else {
        return Ok(None);
    };
    if manner.when_due {
        let known = schedules::find(&mut session, shop_id).await?;
        let paused = pauses::is_paused(&mut session, shop_id).await?;
        if Reach::due(known.as_ref(), paused, now) != Some(manner.reach) {
            return Ok(None);
        }
    }
    session.commit().await?;
    Ok(Some(lease))
}

/// Gives signs of life for as long as the turn is ours; comes back only when it is not any more.
pub async fn keep(target: &Target, lease: &Lease) -> TurnLost {
    let every = LEASE.to_std().unwrap_or(Duration::ZERO) / SIGNS;
    loop {
        target.clock.meanwhile(every).await;
        match renew(target, lease).await {
            Ok(true) => {}
            Ok(false) => return TurnLost,
            // the turn stands for a while yet, and what is written renews it as well
            Err(error) => tracing::warn!(%error, shop_id = lease.shop_id, "no sign of life could be given"),
        }
    }
}

async fn renew(target: &Target, lease: &Lease) -> Result<bool, StoreError> {
    let mut session = writing(target).await?;
    let renewed = leases::renew(&mut session, lease, target.clock.now() + LEASE).await?;
    session.commit().await?;
    Ok(renewed)
}

/// Gives the turn back.
pub async fn give_back(target: &Target, lease: &Lease) -> Result<(), StoreError> {
    let mut session = writing(target).await?;
    leases::release(&mut session, lease, target.clock.now()).await?;
    session.commit().await
}

/// A writing session without a batch: whose turn it is changes nothing of the county.
pub async fn writing(target: &Target) -> Result<Session, StoreError> {
    target.store.write(target.county).await
}
