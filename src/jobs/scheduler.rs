//! Pulls every shop that has a key, each when it is due, several at the same time; of a paused one it only keeps the token.
//!
//! Rule: what is due stands in the database and nowhere else, so a restart goes on where the last server stopped and
//! several servers share the work: who takes a shop's turn pulls it, the others find it taken.
//!
//! [`Scheduler::step`] is one round to its end, so that tests never wait; [`Scheduler::run`] goes on until told to stop,
//! and then ends after the windows at hand.
//!
//! A place for a platform's push messages: what they say is not trusted, only that something changed; the shop
//! is made due at once (`schedules::due_now`) and the next round pulls it.

use super::turn::{self, Manner, Reach};
use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::calendar::{Day, Instant};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::ingest::connect::{Connecting, interface};
use crate::ingest::pull::{Pulled, Stop, Target};
use crate::services::buyers;
use crate::store::goods::{self, Shop};
use crate::store::{Store, counties, pauses, schedules, secrets};
use rustc_hash::{FxHashMap, FxHashSet};
use std::time::Duration;
use tokio::task::{Id, JoinError, JoinSet};

/// Shops pulled at the same time by one server: each waits for its platform most of the time.
const MOST_AT_ONCE: usize = 4;
/// How often a server looks for what is due.
const ROUND: Duration = Duration::from_secs(5);
/// The name in the audit trail.
const JOB: &str = "pull";

/// One server's scheduler.
#[derive(Debug, Clone)]
pub struct Scheduler {
    pub store: Store,
    pub clock: Clock,
    pub connecting: Connecting,
    /// This worker's name, no other's.
    pub holder: String,
    pub stop: Stop,
}

/// A shop that is due.
struct Due {
    target: Target,
    shop: Shop,
    reach: Reach,
    /// `None`: it was never pulled.
    waits_since: Option<Instant>,
}

impl Due {
    fn place(&self) -> Place {
        (self.target.county, self.shop.shop_id)
    }
}

/// A shop of a county.
type Place = (RegionCode, i64);

/// What a turn came to; `None` where somebody else has it.
type Done = Option<anyhow::Result<Pulled>>;

/// Turns under way, a shop one and all together no more than [`MOST_AT_ONCE`].
#[derive(Debug)]
struct Turns<T> {
    tasks: JoinSet<T>,
    running: FxHashMap<Id, Place>,
}

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub pulled: Pulled,
    /// Shops whose turn was taken here.
    pub turns: usize,
    /// Of these, such as failed.
    pub failed: usize,
}

impl Scheduler {
    /// Pulls every shop that is due now, to the end.
    pub async fn step(&self) -> anyhow::Result<Round> {
        let (mut round, mut turns) = (Round::default(), Turns::<Done>::default());
        for due in self.due().await? {
            if !turns.have_room()
                && let Some(done) = turns.next().await
            {
                round.add(done?.as_ref());
            }
            turns.start(due.place(), self.clone().turn(due));
        }
        while let Some(done) = turns.next().await {
            round.add(done?.as_ref());
        }
        Ok(round)
    }

    /// Goes on until told to stop; then ends after the windows at hand.
    pub async fn run(mut self) {
        let mut turns = Turns::default();
        let mut expired = FxHashMap::default();
        while !*self.stop.borrow() {
            if turns.have_room() {
                match self.due().await {
                    Ok(due) => {
                        for due in due {
                            turns.start(due.place(), self.clone().turn(due));
                        }
                    }
                    Err(error) => tracing::warn!("what is due could not be looked up: {error:#}"),
                }
            }
            self.forget_buyers(&mut expired).await;
            let clock = self.clock.clone();
            // a world's clock stands while turns are under way, or their signatures would be out of date
            let idle = turns.running.is_empty();
            let round = async { if idle { clock.sleep(ROUND).await } else { clock.meanwhile(ROUND).await } };
            tokio::select! {
                () = round => {}
                // nobody left who could say so is as good as being told
                told = self.stop.changed() => if told.is_err() { break },
                Some(done) = turns.next() => said_if_broken_off(done),
            }
        }
        while let Some(done) = turns.next().await {
            said_if_broken_off(done);
        }
    }

    /// Shops that are due, in all counties, the one that has waited longest first.
    async fn due(&self) -> anyhow::Result<Vec<Due>> {
        let now = self.clock.now();
        let mut due = Vec::new();
        for county in counties::list(&self.store).await? {
            let Some(code) = RegionCode::parse(&county.county_code) else { continue };
            let mut session = self.store.read(Scope::County(code)).await?;
            let with_keys: FxHashSet<i64> = secrets::list(&mut session).await?.iter().map(|s| s.shop_id).collect();
            if with_keys.is_empty() {
                continue;
            }
            let schedules = schedules::list(&mut session).await?;
            let paused: FxHashSet<i64> = pauses::list(&mut session).await?.iter().map(|pause| pause.shop_id).collect();
            let shops = goods::list_shops(&mut session).await?;
            let target = Target {
                store: self.store.clone(),
                county: code,
                buyer_key: county.buyer_key,
                actor: Actor::job(JOB),
                clock: self.clock.clone(),
            };
            for shop in shops.into_iter().filter(|s| with_keys.contains(&s.shop_id) && interface(s).is_ok()) {
                let known = schedules.iter().find(|s| s.shop_id == shop.shop_id);
                let paused = paused.contains(&shop.shop_id);
                if let Some(reach) = Reach::due(known, paused, now) {
                    let waits_since = known.map(|s| if paused { s.again_at } else { s.due_at });
                    due.push(Due { target: target.clone(), shop, reach, waits_since });
                }
            }
        }
        due.sort_by_key(|due| due.waits_since);
        Ok(due)
    }

    /// A shop's turn. What goes wrong is the shop's own affair: it stands in the log and holds up nobody.
    async fn turn(self, due: Due) -> Done {
        let Due { target, shop, reach, .. } = due;
        let key = shop.shop_key.clone();
        let manner = Manner { holder: &self.holder, stop: &self.stop, reach, when_due: true };
        let connected = async {
            let mut session = target.store.read(Scope::County(target.county)).await?;
            self.connecting.puller(&mut session, &shop, &target.clock).await
        };
        let done = match connected.await {
            Ok(puller) => Box::pin(turn::take(&target, puller, manner)).await,
            Err(error) => Box::pin(turn::take_failed(&target, shop.shop_id, manner, error)).await,
        };
        match &done {
            Ok(Some(pulled)) => tracing::info!(shop = key, windows = pulled.windows, new = pulled.orders.new, "pulled"),
            Ok(None) => tracing::debug!(shop = key, "somebody else has the turn"),
            Err(error) => tracing::warn!(shop = key, "not pulled: {}", said(error)),
        }
        done.transpose()
    }

    /// Buyer hashes whose time is over, once a day and county; where that fails, with the next round again.
    async fn forget_buyers(&self, done: &mut FxHashMap<RegionCode, Day>) {
        let today = self.clock.today();
        let counties = match counties::list(&self.store).await {
            Ok(counties) => counties,
            Err(error) => return tracing::warn!(%error, "buyer hashes were not expired"),
        };
        for code in counties.iter().filter_map(|county| RegionCode::parse(&county.county_code)) {
            if done.get(&code) == Some(&today) {
                continue;
            }
            let job = Actor::job("buyer hashes");
            match buyers::expire_daily(&self.store, code, &job, &self.clock).await {
                Ok(_) => {
                    done.insert(code, today);
                }
                Err(error) => tracing::warn!(%error, "buyer hashes were not expired"),
            }
        }
    }
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self { tasks: JoinSet::new(), running: FxHashMap::default() }
    }
}

impl<T: Send + 'static> Turns<T> {
    fn have_room(&self) -> bool {
        self.running.len() < MOST_AT_ONCE
    }

    /// Starts a turn at a shop that has none here, where there is room.
    fn start(&mut self, place: Place, turn: impl Future<Output = T> + Send + 'static) {
        if self.have_room() && !self.running.values().any(|&running| running == place) {
            let id = self.tasks.spawn(turn).id();
            self.running.insert(id, place);
        }
    }

    /// The next turn that ends, also one that breaks off; `None` where none is under way.
    async fn next(&mut self) -> Option<Result<T, JoinError>> {
        let done = self.tasks.join_next_with_id().await?;
        let id = done.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        self.running.remove(&id);
        Some(done.map(|(_, done)| done))
    }
}

impl Round {
    fn add(&mut self, done: Option<&anyhow::Result<Pulled>>) {
        match done {
            None => {}
            Some(Ok(pulled)) => {
                self.turns += 1;
                self.pulled += *pulled;
            }
            Some(Err(_)) => {
                self.turns += 1;
                self.failed += 1;
            }
        }
    }
}

/// Says that a turn broke off, which no turn does by itself.
fn said_if_broken_off(done: Result<Done, JoinError>) {
    if let Err(error) = done {
        tracing::error!(%error, "a turn broke off");
    }
}

/// What went wrong, for the server's log.
fn said(error: &anyhow::Error) -> String {
    match error.downcast_ref::<Problem>() {
        Some(problem) => problem.text(crate::domain::lang::Lang::En),
        None => format!("{error:#}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_turn_that_breaks_off_makes_room_for_one_and_no_more() {
        let code = RegionCode::parse("360827").expect("a county");
        let mut turns = Turns::<()>::default();
        turns.start((code, 0), async { panic!("as planned") });
        for shop_id in [1, 2, 2, 3, 4] {
            turns.start((code, shop_id), std::future::pending());
        }
        assert!(!turns.have_room());
        assert!(turns.next().await.expect("one ends").is_err());
        let mut running: Vec<i64> = turns.running.values().map(|(_, shop_id)| *shop_id).collect();
        running.sort_unstable();
        assert_eq!(running, [1, 2, 3], "one turn a shop, the fifth shop waits");
        assert!(turns.have_room());
    }
}
