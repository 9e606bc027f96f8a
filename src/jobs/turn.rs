//! One shop's turn: taken, its windows pulled, what it came to written down with when the next one is. One that is told to
//! stop among its windows is given back as it was: the shop stays due.

use super::lease;
use crate::domain::calendar::{Day, Instant};
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::domain::pulling::{AGAIN_EVERY, AGAIN_REACH, FIRST_PULL, Trouble};
use crate::ingest::compare::{self, OtherSide};
use crate::ingest::pull::{Pulled, Puller, Stop, Target, TurnLost, pull_all};
use crate::platforms::{PlatformError, Window};
use crate::services::catching_up;
use crate::store::evidence::{self, Kind};
use crate::store::leases::{self, Lease};
use crate::store::schedules::{self, PullRow, Schedule};
use chrono::TimeDelta;
use std::pin::Pin;

/// How long a try stands in the log.
const LOG_KEPT: TimeDelta = TimeDelta::days(90);

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

impl Reach {
    /// What a shop is due for: at once where nothing has been said of it yet; while it is paused only its token.
    pub fn due(known: Option<&Schedule>, paused: bool, now: Instant) -> Option<Self> {
        let Some(known) = known else { return Some(if paused { Self::TokenOnly } else { Self::Onward }) };
        match (paused, known.due_at <= now, known.again_at <= now) {
            (true, _, true) => Some(Self::TokenOnly),
            (false, true, true) => Some(Self::Again),
            (false, true, false) => Some(Self::Onward),
            _ => None,
        }
    }
}

/// Takes a shop's turn; `None` where somebody else has it. An error is one of the shop's: it has been written down.
pub async fn take(target: &Target, puller: Puller, manner: Manner<'_>) -> anyhow::Result<Option<Pulled>> {
    turn(target, puller.shop.shop_id, Ok(puller), manner).await
}

/// A turn at a shop that could not even be connected: why is written down, where the turn is to be had.
pub async fn take_failed(
    target: &Target,
    shop_id: i64,
    manner: Manner<'_>,
    error: anyhow::Error,
) -> anyhow::Result<Option<Pulled>> {
    turn(target, shop_id, Err(error), manner).await
}

/// Asks what a shop's platform says now, in a turn, and writes nothing of it; `None` where somebody else has the turn.
pub async fn ask(target: &Target, puller: Puller, from: Day, manner: Manner<'_>) -> anyhow::Result<Option<OtherSide>> {
    let Some(lease) = Box::pin(lease::take(target, puller.shop.shop_id, manner)).await? else {
        return Ok(None);
    };
    let mut puller = puller.in_turn(lease.clone(), manner.stop.clone());
    let asked = while_ours(target, &lease, Box::pin(compare::ask(&mut puller, target, from, manner.stop))).await;
    let given_back = Box::pin(lease::give_back(target, &lease)).await.map_err(Into::into);
    ended(lease.shop_id, asked, given_back).map(Some)
}

async fn turn(
    target: &Target,
    shop_id: i64,
    connected: anyhow::Result<Puller>,
    manner: Manner<'_>,
) -> anyhow::Result<Option<Pulled>> {
    let Some(lease) = Box::pin(lease::take(target, shop_id, manner)).await? else {
        return Ok(None);
    };
    let started_at = target.clock.now();
    let pulled = match connected {
        Ok(puller) => {
            let in_turn = puller.in_turn(lease.clone(), manner.stop.clone());
            while_ours(target, &lease, Box::pin(pull(target, in_turn, manner.reach, started_at))).await
        }
        Err(error) => Err(error),
    };
    let over = match &pulled {
        // who has taken it over says all this itself
        Err(error) if error.is::<TurnLost>() => Ok(()),
        // what is left stays due
        Ok(pulled) if pulled.cut_short => Box::pin(lease::give_back(target, &lease)).await.map_err(Into::into),
        _ => Box::pin(end(target, &lease, manner.reach, started_at, pulled.as_ref())).await,
    };
    ended(shop_id, pulled, over).map(Some)
}

/// Does something in a turn. It is broken off where the turn is lost, its unwritten work undone.
async fn while_ours<T>(
    target: &Target,
    lease: &Lease,
    work: Pin<Box<impl Future<Output = anyhow::Result<T>>>>,
) -> anyhow::Result<T> {
    tokio::select! {
        done = work => done,
        lost = Box::pin(lease::keep(target, lease)) => Err(lost.into()),
    }
}

/// What a turn came to. That it could not be ended is an error only where nothing else went wrong.
fn ended<T>(shop_id: i64, done: anyhow::Result<T>, over: anyhow::Result<()>) -> anyhow::Result<T> {
    match (done, over) {
        (Ok(done), over) => over.map(|()| done),
        (Err(error), over) => {
            if let Err(also) = over {
                tracing::warn!(shop_id, "a turn that failed could not be ended: {also:#}");
            }
            Err(error)
        }
    }
}

async fn pull(target: &Target, puller: Puller, reach: Reach, now: Instant) -> anyhow::Result<Pulled> {
    if matches!(reach, Reach::Onward | Reach::Again) {
        let mut session = lease::writing(target).await?;
        catching_up::begin_where_behind(&mut session, puller.shop.shop_id, now).await?;
        session.commit().await?;
    }
    let mut pullers = vec![puller];
    match reach {
        Reach::Onward => pull_all(&mut pullers, target, None, now).await,
        Reach::Since(since) => pull_all(&mut pullers, target, Some(since), now).await,
        Reach::Again => {
            let mut pulled = pull_all(&mut pullers, target, None, now).await?;
            if pulled.cut_short {
                return Ok(pulled);
            }
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
    let known = schedules::find(&mut session, lease.shop_id).await?;
    let mut next = known.unwrap_or_else(|| Schedule::ordinary(lease.shop_id, now, now + AGAIN_EVERY));
    match pulled {
        Ok(pulled) => {
            next.due_at = now + TimeDelta::minutes(next.pull_every_minutes);
            next.failures = if pulled.incomplete > 0 { next.failures + 1 } else { 0 };
            if pulled.incomplete > 0 {
                // it answers, and not with everything: that mends itself, or asking as often as ever does not help
                next.due_at = next.due_at.max(Trouble::Unreachable.next_try(next.failures, now));
            }
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
            let window = Window { from: asked_from(reach, done_to, started_at), to: started_at };
            schedules::insert_pull(&mut session, &failed(lease.shop_id, window, now, trouble, error)).await?;
        }
    }
    schedules::set_due(&mut session, &next).await?;
    schedules::remove_pulls(&mut session, lease.shop_id, now - LOG_KEPT).await?;
    leases::release(&mut session, lease, now).await?;
    Ok(session.commit().await?)
}

/// From where on a turn that failed was still to ask.
fn asked_from(reach: Reach, done_to: Option<Instant>, started_at: Instant) -> Instant {
    let onward = done_to.unwrap_or(started_at - FIRST_PULL);
    match reach {
        Reach::Since(since) => since,
        Reach::TokenOnly => started_at,
        // what is new had come in before the last weeks were asked for
        Reach::Again if onward >= started_at => started_at - AGAIN_REACH,
        Reach::Onward | Reach::Again => onward,
    }
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
