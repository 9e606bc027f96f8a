//! How far pulling has come that began behind: a first pull, one after a long rest, one from a day somebody named.
//!
//! Everything stands in the database, so a restart changes nothing of it: the span that was to be pulled (`catch_ups`), how
//! far it was pulled (the checkpoint) and the windows written meanwhile (the pull log). A window may have been halved, so
//! those to do are those written and those that are left.
//!
//! Not here: pulling itself (`ingest::pull`), when a shop's turn is (`jobs`).

use crate::domain::calendar::Instant;
use crate::domain::pulling::{BEHIND, FIRST_PULL};
use crate::ingest::pull::windows_between;
use crate::store::catch_ups::{self, CatchUp};
use crate::store::evidence::{self, Kind};
use crate::store::{Session, StoreError, Work};

/// Windows of one that are looked at: ninety days by the week are far fewer, also where each was halved again and again.
const MOST_WINDOWS: i64 = 2_000;

/// How far one has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub from: Instant,
    pub to: Instant,
    /// Everything up to here has been pulled.
    pub reached: Instant,
    pub windows_done: usize,
    /// Those done and those left.
    pub windows: usize,
    /// Orders, after-sale cases and statement rows read.
    pub seen: i64,
    pub begun_at: Instant,
}

impl Progress {
    /// Nothing of it is left.
    pub fn is_over(&self) -> bool {
        self.reached >= self.to
    }
}

/// How far a shop's newest has come; `None` where it never was behind.
pub async fn find(session: &mut Session, shop_id: i64) -> Result<Option<Progress>, StoreError> {
    let Some(of) = catch_ups::find(session, shop_id).await? else { return Ok(None) };
    let reached = evidence::find_checkpoint(session, shop_id, Kind::Order).await?;
    let reached = reached.unwrap_or(of.from_at).clamp(of.from_at, of.to_at);
    let mut progress = Progress {
        from: of.from_at,
        to: of.to_at,
        reached,
        windows_done: 0,
        windows: windows_between(reached, of.to_at),
        seen: 0,
        begun_at: of.begun_at,
    };
    for window in catch_ups::list_written(session, &of, MOST_WINDOWS).await? {
        progress.windows_done += 1;
        progress.seen += window.seen;
        // those behind the one that ended it are ordinary ones
        if window.to_at >= of.to_at {
            break;
        }
    }
    progress.windows += progress.windows_done;
    Ok(Some(progress))
}

/// Begins one before a turn, where pulling is behind and none is under way.
pub async fn begin_where_behind(session: &mut Session, shop_id: i64, now: Instant) -> Result<(), StoreError> {
    let reached = evidence::find_checkpoint(session, shop_id, Kind::Order).await?;
    let from = reached.unwrap_or(now - FIRST_PULL);
    if now - from <= BEHIND || open(session, shop_id, reached).await?.is_some() {
        return Ok(());
    }
    // what is further back is passed over, and told as a gap
    catch_ups::upsert(session, shop_id, from.max(now - FIRST_PULL), now, now).await
}

/// Begins one with the day from which a person has everything pulled once more; one that is under way goes on to its end.
pub async fn from_a_day(work: &mut Work, shop_id: i64, from: Instant, now: Instant) -> Result<(), StoreError> {
    let Some(reached) = evidence::find_checkpoint(work, shop_id, Kind::Order).await? else { return Ok(()) };
    let to = open(work, shop_id, Some(reached)).await?.map_or(reached, |of| of.to_at);
    if from < reached { catch_ups::upsert(work, shop_id, from, to, now).await } else { Ok(()) }
}

/// One that is not over.
async fn open(session: &mut Session, shop_id: i64, reached: Option<Instant>) -> Result<Option<CatchUp>, StoreError> {
    let known = catch_ups::find(session, shop_id).await?;
    Ok(known.filter(|of| reached.is_none_or(|reached| reached < of.to_at)))
}
