//! One shop's turn: taken, its windows pulled, what it came to written down with when the next one is.

use super::lease;
use crate::domain::calendar::{Day, Instant};
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::domain::pulling::{AGAIN_EVERY, AGAIN_REACH, Trouble};
use crate::ingest::compare::{self, OtherSide};
use crate::ingest::pull::{FIRST_PULL, Pulled, Puller, Stop, Target, TurnLost, pull_all};
use crate::platforms::{PlatformError, Window};
use crate::store::evidence::{self, Kind};
use crate::store::leases::{self, Lease};
use crate::store::schedules::{self, PullRow, Schedule};
use chrono::TimeDelta;

/// What is asked of a shop in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everything since the last time.
    Onward,
    /// Everything since a moment, known or not.
    Since(Instant),
    /// Everything since the last time, then the last weeks once more.
    Again,
    /// Nothing: the token is kept alive.
    TokenOnly,
}

/// How a turn is taken.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// Who takes it: each worker has its own name.
    pub holder: &'a str,
    pub stop: &'a Stop,
    pub reach: Reach,
    /// Not where somebody has had it since it fell due.
    pub when_due: bool,
}

/// Takes a shop's turn; `None` where somebody else has it. An error is one of the shop's: it has been written down.
pub async fn take(target: &Target, puller: Puller, manner: Manner<'_>) -> anyhow::Result<Option<Pulled>> {
    let shop_id = puller.shop.shop_id;
    let Some(lease) = Box::pin(lease::take(target, shop_id, manner.holder, manner.when_due)).await? else {
        return Ok(None);
    };
    let started_at = target.clock.now();
    let in_turn = puller.in_turn(lease.clone(), manner.stop.clone());
    let pulling = Box::pin(pull(target, in_turn, manner.reach, started_at));
    // whichever ends first: a pull whose turn is lost is broken off, its unwritten work undone
    let pulled = tokio::select! {
        pulled = pulling => pulled,
        lost = Box::pin(lease::keep(target, &lease)) => Err(lost.into()),
    };
    let lost = pulled.as_ref().err().and_then(|error| error.downcast_ref::<TurnLost>());
    if lost.is_none() {
        Box::pin(end(target, &lease, manner.reach, started_at, pulled.as_ref())).await?;
    }
    pulled.map(Some)
}

/// A turn at a shop that could not even be connected: why is written down, where the turn is to be had.
pub async fn take_failed(
    target: &Target,
    shop_id: i64,
    manner: Manner<'_>,
    error: anyhow::Error,
) -> anyhow::Result<Option<Pulled>> {
    let Some(lease) = Box::pin(lease::take(target, shop_id, manner.holder, manner.when_due)).await? else {
        return Ok(None);
    };
    end(target, &lease, manner.reach, target.clock.now(), Err(&error)).await?;
    Err(error)
}

/// Asks what a shop's platform says now, in a turn, and writes nothing of it; `None` where somebody else has the turn.
pub async fn ask(target: &Target, puller: Puller, from: Day, manner: Manner<'_>) -> anyhow::Result<Option<OtherSide>> {
    let Some(lease) = Box::pin(lease::take(target, puller.shop.shop_id, manner.holder, manner.when_due)).await? else {
        return Ok(None);
    };
    let mut puller = puller.in_turn(lease.clone(), manner.stop.clone());
    let asked = tokio::select! {
        asked = Box::pin(compare::ask(&mut puller, target, from, manner.stop)) => asked,
        lost = Box::pin(lease::keep(target, &lease)) => Err(lost.into()),
    };
    lease::give_back(target, &lease).await?;
    asked.map(Some)
}

async fn pull(target: &Target, puller: Puller, reach: Reach, now: Instant) -> anyhow::Result<Pulled> {
    let mut pullers = vec![puller];
    match reach {
        Reach::Onward => pull_all(&mut pullers, target, None, now).await,
        Reach::Since(since) => pull_all(&mut pullers, target, Some(since), now).await,
        Reach::Again => {
            let mut pulled = pull_all(&mut pullers, target, None, now).await?;
            pulled += pull_all(&mut pullers, target, Some(now - AGAIN_REACH), now).await?;
            Ok(pulled)
        }
        Reach::TokenOnly => {
            pullers[0].look_after_token(target).await?;
            Ok(Pulled::default())
        }
    }
}

/// Writes down what a turn came to, says when the next one is, and gives the turn back.
async fn end(
    target: &Target,
    lease: &Lease,
    reach: Reach,
    started_at: Instant,
    pulled: Result<&Pulled, &anyhow::Error>,
) -> anyhow::Result<()> {
    let mut session = lease::writing(target).await?;
    let now = target.clock.now();
    // only while the turn is ours: who has taken it over says all this itself
    if !leases::renew(&mut session, lease, now).await? {
        return Ok(());
    }
    let known = schedules::list(&mut session).await?.into_iter().find(|s| s.shop_id == lease.shop_id);
    let mut next = known.unwrap_or_else(|| Schedule::ordinary(lease.shop_id, now, now + AGAIN_EVERY));
    match pulled {
        Ok(_) => {
            next.failures = 0;
            next.due_at = now + TimeDelta::minutes(next.pull_every_minutes);
            if matches!(reach, Reach::Again | Reach::TokenOnly) {
                next.again_at = now + AGAIN_EVERY;
            }
        }
        Err(error) => {
            let trouble = trouble(error);
            next.failures += 1;
            next.due_at = trouble.next_try(next.failures, now);
            // a token that could not be looked after waits like a pull that failed
            if reach == Reach::TokenOnly {
                next.again_at = next.due_at;
            }
            let done_to = evidence::find_checkpoint(&mut session, lease.shop_id, Kind::Order).await?;
            let window = Window { from: done_to.unwrap_or(started_at - FIRST_PULL), to: started_at };
            schedules::insert_pull(&mut session, &failed(lease.shop_id, window, now, trouble, error)).await?;
        }
    }
    schedules::set_due(&mut session, &next).await?;
    leases::release(&mut session, lease, now).await?;
    Ok(session.commit().await?)
}

/// Why a turn failed, by when to try again.
pub fn trouble(error: &anyhow::Error) -> Trouble {
    match error.downcast_ref::<PlatformError>() {
        Some(PlatformError::Denied { .. } | PlatformError::TokenExpired { .. }) => Trouble::Denied,
        Some(PlatformError::Throttled { retry_after, .. }) => {
            Trouble::Throttled { retry_after: retry_after.and_then(|wait| TimeDelta::from_std(wait).ok()) }
        }
        Some(PlatformError::Exhausted { .. }) => Trouble::Exhausted,
        Some(PlatformError::Unreachable { .. }) => Trouble::Unreachable,
        Some(
            PlatformError::WindowTooWide { .. } | PlatformError::Rejected { .. } | PlatformError::Malformed { .. },
        ) => Trouble::Refused,
        None => Trouble::Fault,
    }
}

/// A try that failed, as the log tells it.
fn failed(shop_id: i64, window: Window, now: Instant, trouble: Trouble, error: &anyhow::Error) -> PullRow {
    PullRow {
        shop_id,
        from_at: window.from,
        to_at: window.to,
        started_at: window.to,
        took_ms: (now - window.to).num_milliseconds().max(0),
        seen: 0,
        added: 0,
        changed: 0,
        quarantined: 0,
        complete: false,
        trouble: trouble.key().to_owned(),
        said: match error.downcast_ref::<Problem>() {
            Some(problem) => problem.text(Lang::Zh),
            None => format!("{error:#}"),
        },
    }
}
