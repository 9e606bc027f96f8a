//! Pulling a shop's orders, refunds and statement rows through its platform's interface.
//!
//! Asked for by update time in windows that overlap, each read to "nothing left"; what a window holds is written in one
//! unit of work together with the checkpoint, posted, and rolled up, so that a pull cut short is simply gone on with.
//! Windows of a shop that have been read while another was written share the next unit of work.
//!
//! Rules that must hold: the checkpoint moves only with its data, and only when the window was complete by the
//! platform's own total; what could not be understood is set aside and counted; nothing here is platform-specific but
//! the connector it calls.
//!
//! Not here: signing, paging and retries (`platforms`), when to pull (`jobs`).

mod behind;
mod gathering;
mod puller;
mod record;
pub(super) mod windows;

pub(super) use puller::Haul;
pub use puller::Puller;
pub use windows::{LONGEST_WINDOW, windows_between};

use super::stated::Knows;
use super::{Taken, orders, refunds, settlements};
use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::calendar::{Instant, day_of};
use crate::domain::pulling::LEASE;
use crate::domain::regions::RegionCode;
use crate::platforms::{Interface, PlatformError, Window};
use crate::services::{infer, post};
use crate::store::evidence::Kind;
use crate::store::goods::Shop;
use crate::store::leases::Lease;
use crate::store::{Store, StoreError, Work, evidence, goods, leases, schedules};
use behind::Behind;
use puller::{Arrived, overlapping};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::task::spawn_blocking;
use windows::halved;

/// Windows that wait to be written while the next is read: bounds what is asked for again after a pull that was cut short.
const READ_AHEAD: usize = 6;
/// Records that wait to be written, and that a unit of work holds, but for the last window of either: bounds what is in
/// memory at once.
const UNIT_RECORDS: usize = 30_000;
/// True when it is time to stop.
pub type Stop = watch::Receiver<bool>;

/// Somebody else has taken the turn over: what was read is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another worker has taken over this shop")]
pub struct TurnLost;

/// What a pull of one shop did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pulled {
    pub windows: u64,
    pub orders: Taken,
    pub refunds: Taken,
    pub settlements: Taken,
    pub rejected: u64,
    pub ledger_rows: u64,
    /// Windows that held fewer records than the platform said; they are asked for again next time.
    pub incomplete: u64,
    /// Told to stop before everything was read; the next time goes on from there.
    pub cut_short: bool,
}

impl std::ops::AddAssign for Pulled {
    fn add_assign(&mut self, other: Self) {
        self.windows += other.windows;
        self.orders += other.orders;
        self.refunds += other.refunds;
        self.settlements += other.settlements;
        self.rejected += other.rejected;
        self.ledger_rows += other.ledger_rows;
        self.incomplete += other.incomplete;
        self.cut_short |= other.cut_short;
    }
}

/// A county being pulled into.
#[derive(Debug, Clone)]
pub struct Target {
    pub store: Store,
    pub county: RegionCode,
    pub buyer_key: Vec<u8>,
    pub actor: Actor,
    pub clock: Clock,
}

/// A window that has been read and waits to be written: which shop's, by its place in the list.
#[derive(Debug)]
struct Read {
    place: usize,
    window: Window,
    arrived: Arrived,
    started_at: Instant,
}

/// As whose a window is written, and by which turn.
#[derive(Debug)]
struct Written {
    shop: Shop,
    interface: &'static Interface,
    lease: Option<Lease>,
    /// What is passed over before its first window.
    gap: Option<Window>,
}

/// Pulls everything changed since the checkpoints (or `since`), up to `until`, from several shops, one after the other
/// in the order given. What is written does not depend on how fast a platform answers; which windows share a unit of work
/// does.
pub async fn pull_all(
    pullers: &mut Vec<Puller>,
    target: &Target,
    since: Option<Instant>,
    until: Instant,
) -> anyhow::Result<Pulled> {
    let (mut windows, mut shops) = (Vec::new(), 0);
    for (place, puller) in pullers.iter_mut().enumerate() {
        let of_shop = puller.begin(target, since, until).await?;
        shops += usize::from(!of_shop.is_empty());
        windows.extend(of_shop.into_iter().map(|window| (place, window)));
    }
    let mut reading = Reading::start(std::mem::take(pullers), target.clone(), windows);
    let written = reading.write_until(target, until, shops).await;
    let (given_back, read) = reading.end().await;
    *pullers = given_back;
    // a write that failed ends the reading too, and is what went wrong
    let (pulled, all) = written?;
    read?;
    Ok(Pulled { cut_short: !all, ..pulled })
}

/// Windows being read, in order, behind those that write, so that answers are parsed on another core than the one that
/// posts; what waits is written as it comes. Whoever drops it ends the reading: nothing is asked for nobody.
#[derive(Debug)]
pub struct Reading {
    /// Windows that wait, each with the room it takes up among those that may.
    ready: mpsc::Receiver<(Read, OwnedSemaphorePermit)>,
    /// A window that has been taken and belongs to the next unit of work.
    held: Option<Read>,
    /// Ends with this.
    behind: Behind<(Vec<Puller>, anyhow::Result<()>)>,
    written_as: Vec<Written>,
}

impl Reading {
    /// Starts to read windows, each of the shop at a place in the list. A world's clock is moved to a window's end before
    /// the window is read: nobody asks for what has not happened.
    pub fn start(pullers: Vec<Puller>, target: Target, windows: Vec<(usize, Window)>) -> Self {
        let written_as = pullers.iter().map(Puller::written_as).collect();
        let (send, ready) = mpsc::channel(READ_AHEAD);
        let waiting = windows.into_iter().rev().collect();
        let behind = Behind::start(read_all(pullers, target, waiting, send));
        Self { ready, held: None, behind, written_as }
    }

    /// Writes windows until those of so many shops that end at `until` are written; false if reading has ended before,
    /// and [`Self::end`] says why.
    pub async fn write_until(
        &mut self,
        target: &Target,
        until: Instant,
        shops: usize,
    ) -> anyhow::Result<(Pulled, bool)> {
        let (mut pulled, mut done) = (Pulled::default(), 0);
        while done < shops {
            let mut unit = self.next_unit(until).await;
            let Some(&Read { place, window, .. }) = unit.last() else { return Ok((pulled, false)) };
            pulled += Box::pin(write(target, &self.written_as[place], &mut unit)).await?;
            done += usize::from(window.to >= until);
            // hundreds of thousands of texts are given back meanwhile
            spawn_blocking(move || drop(unit));
        }
        Ok((pulled, true))
    }

    /// The next window, and what has been read behind it, of the same shop and up to `until`; none if reading has ended.
    async fn next_unit(&mut self, until: Instant) -> Vec<Read> {
        let (mut unit, mut records) = (Vec::<Read>::new(), 0);
        loop {
            let read = match self.held.take() {
                None if unit.is_empty() => self.ready.recv().await.map(|(read, _)| read),
                None => self.ready.try_recv().ok().map(|(read, _)| read),
                held => held,
            };
            let Some(read) = read else { return unit };
            if unit.last().is_some_and(|last| last.place != read.place) {
                self.held = Some(read);
                return unit;
            }
            let ends = read.window.to >= until;
            records += read.arrived.seen();
            unit.push(read);
            if ends || records >= UNIT_RECORDS {
                return unit;
            }
        }
    }

    /// Stops reading; the shops, and why reading ended if not because everything was read or nobody wanted more.
    pub async fn end(self) -> (Vec<Puller>, anyhow::Result<()>) {
        drop(self.ready);
        self.behind.end().await
    }
}

/// Reads the waiting windows until none is left, one fails, or nobody wants them any more; gives the pullers back.
async fn read_all(
    mut pullers: Vec<Puller>,
    target: Target,
    mut waiting: Vec<(usize, Window)>,
    ready: mpsc::Sender<(Read, OwnedSemaphorePermit)>,
) -> (Vec<Puller>, anyhow::Result<()>) {
    let room = Arc::new(Semaphore::new(UNIT_RECORDS));
    loop {
        let read = match read_next(&mut pullers, &target, &mut waiting).await {
            Ok(Some(read)) => read,
            Ok(None) => return (pullers, Ok(())),
            Err(error) => return (pullers, Err(error)),
        };
        let takes = read.arrived.seen().clamp(1, UNIT_RECORDS);
        let takes = u32::try_from(takes).expect("a unit of work is bounded");
        let taken = Arc::clone(&room).acquire_many_owned(takes).await.expect("nobody closes it");
        if ready.send((read, taken)).await.is_err() {
            return (pullers, Ok(()));
        }
    }
}

/// Reads the window that is next, halved until its platform lets it be paged through; `None` when none is left.
async fn read_next(
    pullers: &mut [Puller],
    target: &Target,
    waiting: &mut Vec<(usize, Window)>,
) -> anyhow::Result<Option<Read>> {
    while let Some((place, window)) = waiting.pop() {
        let puller = &mut pullers[place];
        if puller.is_to_stop() {
            return Ok(None);
        }
        target.clock.advance_to(window.to);
        let started_at = target.clock.now();
        let known = known_refunds(target, &puller.shop, overlapping(window)).await?;
        let fetched = puller.fetch(target, window, &known).await;
        puller.keep_token(target).await?;
        match fetched {
            Ok(haul) => {
                let arrived = haul.arrived(puller.shop.shop_id, &target.buyer_key);
                return Ok(Some(Read { place, window, arrived, started_at }));
            }
            Err(PlatformError::WindowTooWide { rows, context }) => {
                let too_wide = || PlatformError::WindowTooWide { rows, context };
                let [first, second] = halved(window).ok_or_else(too_wide)?;
                waiting.extend([(place, second), (place, first)]);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// Writes the records of windows, posts them and moves the checkpoint, in one unit of work.
async fn write(target: &Target, of: &Written, reads: &mut [Read]) -> anyhow::Result<Pulled> {
    let mut work = target.store.work(target.county, &target.actor, "pull", &target.clock).await?;
    if let Some(lease) = &of.lease
        // by the clock: a batch may be dated ahead of it, where the last one was
        && !leases::renew(&mut work, lease, target.clock.now() + LEASE).await?
    {
        return Err(TurnLost.into());
    }
    let mut written = Pulled::default();
    for read in &mut *reads {
        written += write_window(&mut work, of, read).await?;
    }
    written.ledger_rows = post::post(&mut work).await?.rows;
    work.commit(&record::change(&of.shop, reads, &written)).await?;
    Ok(written)
}

/// Writes a window's records, moves the checkpoint and tells the pull log; nothing is posted yet.
async fn write_window(work: &mut Work, of: &Written, read: &mut Read) -> anyhow::Result<Pulled> {
    let Written { shop, interface, gap, .. } = of;
    let (window, at, arrived) = (read.window, work.at, &mut read.arrived);
    let source = arrived.orders.source(shop, interface.orders.method, at);
    let taken_orders = orders::take(work, &source, Knows::ALL, &mut arrived.orders.records).await?;
    evidence::quarantine(work, &source, &arrived.orders.rejected).await?;
    let source = arrived.refunds.source(shop, interface.refunds.method, at);
    let taken_refunds = refunds::take(work, &source, &arrived.refunds.records).await?;
    evidence::quarantine(work, &source, &arrived.refunds.rejected).await?;
    let source = arrived.settlements.source(shop, interface.settlements.method, at);
    let taken_settlements = settlements::take(work, &source, &mut arrived.settlements.records).await?;
    evidence::quarantine(work, &source, &arrived.settlements.rejected).await?;
    infer::infer(work, day_of(window.to)).await?;
    if let Some(gap) = gap.filter(|gap| gap.to == window.from) {
        evidence::set_checkpoints_on(work, shop.shop_id, gap.to).await?;
        schedules::insert_pull(work, &record::gap_row(shop, gap, at)).await?;
    }
    // a window that was not complete marks where to begin again: those behind it cannot step over it
    let done_to = if arrived.is_complete() { window.to } else { window.from };
    let mut moved = true;
    for kind in [Kind::Order, Kind::Refund, Kind::Settlement] {
        moved &= evidence::set_checkpoint(work, shop.shop_id, kind, window.from, done_to).await?;
    }
    if moved && arrived.is_complete() {
        goods::set_known_to(work, shop.shop_id, window.to).await?;
    }
    if !arrived.is_complete() {
        tracing::warn!(shop = shop.shop_key, from = %window.from, "window incomplete by the platform's own total");
    }
    let written = Pulled {
        windows: 1,
        orders: taken_orders,
        refunds: taken_refunds,
        settlements: taken_settlements,
        rejected: arrived.rejected(),
        ledger_rows: 0,
        incomplete: u64::from(!arrived.is_complete()),
        cut_short: false,
    };
    schedules::insert_pull(work, &record::log_row(shop, read, &written, at)).await?;
    Ok(written)
}

/// Refunds already known as they stood, so that their details are not asked for again.
async fn known_refunds(target: &Target, shop: &Shop, window: Window) -> Result<FxHashMap<String, Instant>, StoreError> {
    let mut session = target.store.read(Scope::County(target.county)).await?;
    crate::store::orders::known_refunds(&mut session, shop.shop_id, window.from, window.to).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::{parse_day, start_of};
    use crate::domain::records::{Evidenced, SettlementRecord};
    use chrono::TimeDelta;
    use std::future::pending;

    fn day(n: i64) -> Instant {
        start_of(parse_day("2026-02-03").unwrap()) + TimeDelta::days(n)
    }

    /// A window of a day with so many records.
    fn read(place: usize, n: i64, records: usize) -> Read {
        let record = SettlementRecord {
            statement_no: String::new(),
            order_no: String::new(),
            line_no: None,
            settled_at: day(n),
            goods_fen: 0,
            freight_fen: 0,
            subsidy_fen: 0,
            refund_fen: 0,
            platform_fen: 0,
            anchor_fen: 0,
        };
        let mut haul: Haul = Haul::default();
        haul.settlements.records = vec![Evidenced::new(record, String::new()); records];
        haul.settlements.seen = records;
        let arrived = haul.arrived(1, &[]);
        Read { place, window: Window { from: day(n), to: day(n + 1) }, arrived, started_at: day(n) }
    }

    /// Of each unit of work, its windows: shop and day.
    async fn units(reads: Vec<Read>, until: Instant) -> Vec<Vec<(usize, Instant)>> {
        let room = Arc::new(Semaphore::new(reads.len()));
        let (send, ready) = mpsc::channel(reads.len());
        for read in reads {
            send.try_send((read, Arc::clone(&room).try_acquire_owned().unwrap())).unwrap();
        }
        drop(send);
        let mut reading = Reading { ready, held: None, behind: Behind::start(pending()), written_as: Vec::new() };
        let mut units = Vec::new();
        loop {
            let unit = reading.next_unit(until).await;
            if unit.is_empty() {
                return units;
            }
            units.push(unit.iter().map(|read| (read.place, read.window.from)).collect());
        }
    }

    #[tokio::test]
    async fn windows_of_a_shop_that_wait_share_a_unit_of_work() {
        let reads = [read(0, 0, 1), read(0, 1, 1), read(1, 0, 1), read(1, 1, 0), read(0, 2, 1)];
        let shared = [vec![(0, day(0)), (0, day(1))], vec![(1, day(0)), (1, day(1))], vec![(0, day(2))]];
        assert_eq!(units(reads.into(), day(9)).await, shared, "of one shop, in the order they were read");
        let reads = [read(0, 0, 1), read(0, 1, 1), read(0, 2, 1)];
        let shared = [vec![(0, day(0)), (0, day(1))], vec![(0, day(2))]];
        assert_eq!(units(reads.into(), day(2)).await, shared, "what lies behind waits for its time");
    }

    #[tokio::test]
    async fn a_unit_of_work_ends_with_the_window_that_fills_it() {
        let reads = [read(0, 0, UNIT_RECORDS - 1), read(0, 1, UNIT_RECORDS), read(0, 2, 1)];
        assert_eq!(units(reads.into(), day(9)).await, [vec![(0, day(0)), (0, day(1))], vec![(0, day(2))]]);
    }
}
