//! Who watches which county, and the one poller of each that is watched.
//!
//! Rules that must hold: a county is polled by one task of this server while somebody watches it and by none when nobody
//! does; whoever leaves frees a place at once; there is a most of places, and of one reader's among them; what is kept is
//! the last snapshot and nothing else, so memory does not grow with time. When the site is told to stop, everybody is let
//! go.

use crate::clock::Clock;
use crate::domain::live::Snapshot;
use crate::domain::regions::RegionCode;
use crate::services::live::Watch;
use crate::store::Store;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Viewers of a county on one server: a connection each.
pub const MOST_VIEWERS: usize = 300;
/// Of them one reader's: pages open at once, on a screen and beside it.
pub const MOST_OF_ONE: usize = 6;
/// How often a watched county is looked at.
const TICK: Duration = Duration::from_secs(1);

/// The last that is known; `None` until the first look.
type Seen = Option<Arc<Snapshot>>;

/// The counties that are watched.
#[derive(Debug, Default)]
pub struct Hub {
    counties: Mutex<FxHashMap<RegionCode, watch::Sender<Seen>>>,
    /// By the session they came with, a token that each of their places holds.
    readers: Mutex<FxHashMap<String, Arc<()>>>,
    closing: watch::Sender<bool>,
}

/// No place is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Somebody who watches; dropping it frees the place.
#[derive(Debug)]
pub struct Viewer {
    seen: watch::Receiver<Seen>,
    closing: watch::Receiver<bool>,
    /// The reader's token: held while the place is taken.
    _held: Arc<()>,
}

impl Viewer {
    /// The next snapshot that was not told yet; `None` when there will be none.
    pub async fn next(&mut self) -> Option<Arc<Snapshot>> {
        loop {
            if *self.closing.borrow() {
                return None;
            }
            let is_news = tokio::select! {
                changed = self.seen.changed() => {
                    changed.ok()?;
                    true
                }
                closed = self.closing.changed() => {
                    closed.ok()?;
                    false
                }
            };
            if is_news && let Some(seen) = self.seen.borrow_and_update().clone() {
                return Some(seen);
            }
        }
    }
}

impl Hub {
    /// Takes a place; the first one to watch a county sets its poller going.
    pub fn watch(
        self: &Arc<Self>,
        store: &Store,
        clock: &Clock,
        county: RegionCode,
        reader: &str,
    ) -> Result<Viewer, Full> {
        let (viewer, is_first) = self.take_place(county, reader)?;
        if is_first {
            let watch = Watch::new(store.clone(), clock.clone(), county);
            tokio::spawn(self.clone().poll(watch, clock.clone(), county));
        }
        Ok(viewer)
    }

    /// A place without a poller, and whether it is the county's first.
    fn take_place(&self, county: RegionCode, reader: &str) -> Result<(Viewer, bool), Full> {
        let held = self.hold(reader)?;
        let mut counties = self.counties();
        let is_first = !counties.contains_key(&county);
        let sender = counties.entry(county).or_default();
        if sender.receiver_count() >= MOST_VIEWERS {
            return Err(Full);
        }
        let mut seen = sender.subscribe();
        // what is known already is news to whoever comes in
        if seen.borrow().is_some() {
            seen.mark_changed();
        }
        Ok((Viewer { seen, closing: self.closing.subscribe(), _held: held }, is_first))
    }

    /// A reader's token once more, unless it is held by as many places as one may have.
    fn hold(&self, reader: &str) -> Result<Arc<()>, Full> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        // the one kept here is no place
        readers.retain(|_, token| Arc::strong_count(token) > 1);
        let token = readers.entry(reader.to_owned()).or_default();
        if Arc::strong_count(token) > MOST_OF_ONE { Err(Full) } else { Ok(Arc::clone(token)) }
    }

    /// Looks at a county until nobody watches it any more.
    async fn poll(self: Arc<Self>, mut watch: Watch, clock: Clock, county: RegionCode) {
        loop {
            match watch.step().await {
                Ok(Some(snapshot)) => self.tell(county, snapshot),
                Ok(None) => {}
                Err(error) => tracing::warn!("a county that is watched could not be looked at: {error:#}"),
            }
            // on a clock that stands still nothing happens, and nobody watches it for long
            clock.meanwhile(TICK).await;
            if self.is_over(county) {
                return;
            }
        }
    }

    /// Hands a snapshot to everybody who watches the county.
    pub fn tell(&self, county: RegionCode, snapshot: Snapshot) {
        if let Some(sender) = self.counties().get(&county) {
            sender.send_replace(Some(Arc::new(snapshot)));
        }
    }

    /// Nobody watches the county, so that its poller ends; or everybody was let go.
    fn is_over(&self, county: RegionCode) -> bool {
        let mut counties = self.counties();
        let is_over = *self.closing.borrow() || counties.get(&county).is_none_or(|s| s.receiver_count() == 0);
        if is_over {
            counties.remove(&county);
        }
        is_over
    }

    /// How many watch a county.
    pub fn count(&self, county: RegionCode) -> usize {
        self.counties().get(&county).map_or(0, watch::Sender::receiver_count)
    }

    /// Lets everybody go: the site is told to stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    fn counties(&self) -> MutexGuard<'_, FxHashMap<RegionCode, watch::Sender<Seen>>> {
        // nothing in here can be left half done
        self.counties.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use crate::domain::calendar::Instant;
    use crate::domain::live::Sums;

    fn county() -> RegionCode {
        RegionCode::parse("360827").unwrap()
    }

    fn snapshot(mark: i64) -> Snapshot {
        Snapshot { mark, at: Instant::UNIX_EPOCH, known_to: None, streams: Vec::new(), day: Sums::default() }
    }

    #[tokio::test]
    async fn everybody_hears_the_last_and_whoever_comes_later_hears_it_too() {
        let hub = Hub::default();
        let (mut early, is_first) = hub.take_place(county(), "a").unwrap();
        assert!(is_first);
        hub.tell(county(), snapshot(1));
        hub.tell(county(), snapshot(2));
        let (mut late, is_first) = hub.take_place(county(), "b").unwrap();
        assert!(!is_first);
        assert_eq!(early.next().await.unwrap().mark, 2, "only the last is kept");
        assert_eq!(late.next().await.unwrap().mark, 2);
    }

    #[tokio::test]
    async fn places_are_limited_and_free_again_when_somebody_leaves() {
        let hub = Hub::default();
        let mut viewers: Vec<Viewer> =
            (0..MOST_VIEWERS).map(|of| hub.take_place(county(), &of.to_string()).unwrap().0).collect();
        assert_eq!(hub.take_place(county(), "another").err(), Some(Full));
        assert_eq!(hub.count(county()), MOST_VIEWERS);
        viewers.pop();
        assert!(hub.take_place(county(), "another").is_ok(), "a place is free");
        viewers.clear();
        assert!(hub.is_over(county()));
        assert_eq!((hub.count(county()), hub.counties().len()), (0, 0), "nothing is kept of a county nobody watches");
    }

    #[tokio::test]
    async fn one_reader_takes_few_places_and_leaves_the_others_theirs() {
        let hub = Hub::default();
        let mut own: Vec<Viewer> = (0..MOST_OF_ONE).map(|_| hub.take_place(county(), "a").unwrap().0).collect();
        assert_eq!(hub.take_place(county(), "a").err(), Some(Full));
        assert!(hub.take_place(county(), "b").is_ok());
        own.pop();
        assert!(hub.take_place(county(), "a").is_ok(), "a place is free");
    }

    #[tokio::test]
    async fn everybody_is_let_go_when_the_site_stops() {
        let hub = Hub::default();
        let (mut viewer, _) = hub.take_place(county(), "a").unwrap();
        hub.close();
        assert!(viewer.next().await.is_none());
        assert!(hub.is_over(county()));
    }
}
