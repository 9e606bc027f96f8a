//! A shop with its connection: its token, and what one window of it holds.
//!
//! Windows overlap and each is read to "nothing left". A token is made, renewed before it ends and where it ends early, and
//! kept sealed for the next run where there is a keyring.

use super::gathering::{Gathered, Gathering};
use super::windows::{parts, windows};
use super::{Stop, Target, TurnLost, Written};
use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::calendar::Instant;
use crate::domain::pulling::FIRST_PULL;
use crate::domain::records::{OrderRecord, RefundRecord, SettlementRecord};
use crate::domain::regions::RegionCode;
use crate::domain::sealing::Keyring;
use crate::ingest::{orders, settlements};
use crate::platforms::{Ask, Connector, Grant, PlatformError, Token, Window};
use crate::services::secrets::{self, Vault};
use crate::store::evidence::{self, Kind};
use crate::store::goods::Shop;
use crate::store::leases::Lease;
use crate::store::orders::SettlementRow;
use crate::store::{Session, Store};
use chrono::TimeDelta;
use rustc_hash::FxHashMap;

/// How far a window reaches back over the one before: a record changed while it was read comes again.
const OVERLAP: TimeDelta = TimeDelta::hours(1);
/// How late statements appear at most: a window read sooner after its end may lack some, and the next one reaches back for
/// them.
const STATEMENTS_LATE: TimeDelta = TimeDelta::days(2);
/// Times a window is read once more when it held less than the platform said.
const MOST_READINGS: usize = 3;

/// A shop with its connection.
#[derive(Debug)]
pub struct Puller {
    pub shop: Shop,
    pub client: Box<dyn Connector>,
    grant: Grant,
    token: Option<Token>,
    /// Seals the token for the next run; `None`: it lives as long as this.
    keeping: Option<Keeping>,
    /// The turn it is pulled in; nothing is written once somebody else has it. `None`: nobody else is there.
    lease: Option<Lease>,
    /// No further window is begun once this is true.
    stop: Option<Stop>,
    /// What the interface no longer shows, after a pause longer than it reaches back. Asked for it the platform would refuse
    /// for ever, so it is passed over with the first window behind it.
    gap: Option<Window>,
    /// Where the window ended that was read last, if nothing of its statements was still to appear.
    stated_to: Option<Instant>,
}

/// With which keys a token is kept, and for which app.
#[derive(Debug)]
struct Keeping {
    keyring: Keyring,
    app_key: String,
    /// The token as it is kept.
    kept: Option<Token>,
}

/// Everything one window holds.
#[derive(Debug)]
pub(in crate::ingest) struct Haul<O = OrderRecord, S = SettlementRecord> {
    pub(in crate::ingest) orders: Gathered<O>,
    pub(in crate::ingest) refunds: Gathered<RefundRecord>,
    pub(in crate::ingest) settlements: Gathered<S>,
}

/// What a window holds as it waits to be written: as rows, as far as that needs nothing of the database.
pub(super) type Arrived = Haul<orders::Arrival, SettlementRow>;

impl<O, S> Default for Haul<O, S> {
    fn default() -> Self {
        Self { orders: Gathered::default(), refunds: Gathered::default(), settlements: Gathered::default() }
    }
}

impl Haul {
    pub(super) fn arrived(self, shop_id: i64, buyer_key: &[u8]) -> Arrived {
        let Self { orders, refunds, settlements } = self;
        let orders = orders.map(|records| orders::arrivals(shop_id, buyer_key, records));
        let settlements = settlements.map(|records| settlements::arrivals(shop_id, records));
        Haul { orders, refunds, settlements }
    }
}

impl<O, S> Haul<O, S> {
    pub(in crate::ingest) fn is_complete(&self) -> bool {
        self.orders.complete && self.refunds.complete && self.settlements.complete
    }

    /// Records that were understood, as often as they came.
    pub(super) fn seen(&self) -> usize {
        self.orders.seen + self.refunds.seen + self.settlements.seen
    }

    pub(super) fn rejected(&self) -> u64 {
        (self.orders.rejected.len() + self.refunds.rejected.len() + self.settlements.rejected.len()) as u64
    }
}

/// Asks a question with the puller's token. One that ended before its time is renewed and the question asked once more;
/// that the new one is refused as well is the platform's answer. Keeping it is the caller's, after what it asked for.
macro_rules! asked {
    ($puller:ident, $clock:ident, $token:ident => $question:expr) => {{
        let held = $puller.token($clock).await?;
        let $token = &held;
        match $question.await {
            Err(PlatformError::TokenExpired { context }) => {
                tracing::info!(shop = $puller.shop.shop_key, context, "token ended while pulling");
                let renewed = $puller.renew(&held).await?;
                let $token = &renewed;
                $question.await
            }
            answer => answer,
        }
    }};
}

impl Puller {
    /// A shop that has not been asked anything yet.
    pub fn new(shop: Shop, client: Box<dyn Connector>) -> Self {
        let grant = Grant::OwnShop { platform_shop_id: shop.platform_shop_id.clone() };
        Self { shop, client, grant, token: None, keeping: None, lease: None, stop: None, gap: None, stated_to: None }
    }

    /// The same with another ground for its first token.
    #[must_use]
    pub fn granted(self, grant: Grant) -> Self {
        Self { grant, ..self }
    }

    /// Keeps the shop's token in the database, sealed, and begins with the one that is there.
    #[must_use]
    pub fn keeping_token(mut self, keyring: Keyring, app_key: String) -> Self {
        self.keeping = Some(Keeping { keyring, app_key, kept: None });
        self
    }

    /// In a turn that was taken, until told to stop.
    #[must_use]
    pub fn in_turn(self, lease: Lease, stop: Stop) -> Self {
        Self { stop: Some(stop), ..self.holding(lease) }
    }

    /// In a turn that was taken.
    #[must_use]
    pub fn holding(self, lease: Lease) -> Self {
        Self { lease: Some(lease), ..self }
    }

    /// Whether it was told to begin nothing more.
    pub(super) fn is_to_stop(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }

    pub(super) fn written_as(&self) -> Written {
        Written {
            shop: self.shop.clone(),
            interface: self.client.interface(),
            lease: self.lease.clone(),
            gap: self.gap,
        }
    }

    /// Renews the token where it is about to end, and asks for nothing.
    pub async fn look_after_token(&mut self, target: &Target) -> anyhow::Result<()> {
        let mut session = target.store.read(Scope::County(target.county)).await?;
        self.load_token(&mut session, target.clock.now()).await?;
        drop(session);
        let renewed = self.token(&target.clock).await;
        self.keep_token(target).await?;
        Ok(renewed.map(|_| ())?)
    }

    /// Begins with the token that is kept, where none is at hand.
    pub async fn load_token(&mut self, session: &mut Session, now: Instant) -> anyhow::Result<()> {
        if let (None, Some(keeping)) = (&self.token, &mut self.keeping) {
            self.token = secrets::find_token(session, &keeping.keyring, &self.shop, &keeping.app_key, now).await?;
            keeping.kept.clone_from(&self.token);
        }
        Ok(())
    }

    /// Looks up where the last pull stopped and with which token; the windows from there to `until`.
    pub(super) async fn begin(
        &mut self,
        target: &Target,
        since: Option<Instant>,
        until: Instant,
    ) -> anyhow::Result<Vec<Window>> {
        let mut session = target.store.read(Scope::County(target.county)).await?;
        self.load_token(&mut session, target.clock.now()).await?;
        let checkpoint = evidence::find_checkpoint(&mut session, self.shop.shop_id, Kind::Order).await?;
        let reach = until - FIRST_PULL;
        let from = since.or(checkpoint).unwrap_or(reach);
        self.stated_to = None;
        self.gap = (since.is_none() && from < reach).then_some(Window { from, to: reach });
        Ok(windows(if self.gap.is_some() { reach } else { from }, until))
    }

    /// Reads a window, passing over refunds that are known as they stand.
    pub(in crate::ingest) async fn fetch(
        &mut self,
        target: &Target,
        window: Window,
        known: &FxHashMap<String, Instant>,
    ) -> Result<Haul, PlatformError> {
        let mut readings = 0;
        loop {
            let asked_at = target.clock.now();
            let haul = self.read_once(&target.clock, window, known).await?;
            // a record that changed while it was read left the window and moved those behind it forward
            if haul.is_complete() || readings == MOST_READINGS {
                let all_stated = haul.is_complete() && window.to + STATEMENTS_LATE <= asked_at;
                self.stated_to = all_stated.then_some(window.to);
                return Ok(haul);
            }
            readings += 1;
        }
    }

    /// A window with how far it reaches back for statements.
    fn stated(&self, window: Window) -> Window {
        let reach = if self.stated_to == Some(window.from) { OVERLAP } else { STATEMENTS_LATE };
        Window { from: window.from - reach, to: window.to }
    }

    async fn read_once(
        &mut self,
        clock: &Clock,
        window: Window,
        known: &FxHashMap<String, Instant>,
    ) -> Result<Haul, PlatformError> {
        let is_known = |no: &str, at: Instant| known.get(no).is_some_and(|&known_at| known_at >= at);
        let (overlapping, interface) = (overlapping(window), self.client.interface());
        let mut haul: Haul = Haul::default();
        for part in parts(overlapping, interface.orders.longest) {
            let mut gathering = Gathering::new(&mut haul.orders, |r| &r.order_no);
            while let Some(cursor) = gathering.place() {
                let page =
                    asked!(self, clock, token => self.client.orders(Ask { token, window: part, cursor: &cursor }));
                gathering.add(page?)?;
            }
            gathering.finish();
        }
        for part in parts(overlapping, interface.refunds.longest) {
            let mut gathering = Gathering::new(&mut haul.refunds, |r| &r.refund_no);
            while let Some(cursor) = gathering.place() {
                let page = asked!(self, clock, token => {
                    self.client.refunds(Ask { token, window: part, cursor: &cursor }, &is_known)
                });
                gathering.add(page?)?;
            }
            gathering.finish();
        }
        for part in parts(self.stated(window), interface.settlements.longest) {
            let mut gathering = Gathering::new(&mut haul.settlements, |r| &r.statement_no);
            while let Some(cursor) = gathering.place() {
                let page =
                    asked!(self, clock, token => self.client.settlements(Ask { token, window: part, cursor: &cursor }));
                gathering.add(page?)?;
            }
            gathering.finish();
        }
        Ok(haul)
    }

    /// The shop's token, made or renewed when it is about to end.
    pub async fn token(&mut self, clock: &Clock) -> Result<Token, PlatformError> {
        let renew_before = self.client.interface().renew_before;
        let fresh = match self.token.take() {
            Some(token) if token.access_ends_at - renew_before > clock.now() => token,
            Some(token) => self.renewed(&token).await?,
            None => self.created().await?,
        };
        self.token = Some(fresh.clone());
        Ok(fresh)
    }

    /// Another token than one that ended before its time.
    pub async fn renew(&mut self, ended: &Token) -> Result<Token, PlatformError> {
        let fresh = self.renewed(ended).await?;
        self.token = Some(fresh.clone());
        Ok(fresh)
    }

    /// A refreshed token; where the refresh token has ended too, a new one for the same shop.
    async fn renewed(&self, token: &Token) -> Result<Token, PlatformError> {
        match self.client.refresh_token(token).await {
            Err(PlatformError::Denied { .. } | PlatformError::TokenExpired { .. }) => self.created().await,
            other => other,
        }
    }

    /// Keeps the token where it is another than the one kept.
    pub(in crate::ingest) async fn keep_token(&mut self, target: &Target) -> anyhow::Result<()> {
        let Target { store, county, actor, clock, .. } = target;
        self.keep_token_in(store, *county, actor, clock).await
    }

    /// The same for whoever pulls nothing.
    pub async fn keep_token_in(
        &mut self,
        store: &Store,
        county: RegionCode,
        actor: &Actor,
        clock: &Clock,
    ) -> anyhow::Result<()> {
        let (Some(token), Some(keeping)) = (&self.token, &mut self.keeping) else { return Ok(()) };
        if keeping.kept.as_ref() == Some(token) {
            return Ok(());
        }
        let Keeping { keyring, app_key, .. } = &*keeping;
        let vault = Vault { store, county, actor, clock, keyring };
        if !secrets::store_token(vault, &self.shop, app_key, token, self.lease.as_ref()).await? {
            return Err(TurnLost.into());
        }
        keeping.kept = Some(token.clone());
        Ok(())
    }

    async fn created(&self) -> Result<Token, PlatformError> {
        self.client.create_token(&self.grant).await
    }
}

/// A window with how far it reaches back.
pub(super) fn overlapping(window: Window) -> Window {
    Window { from: window.from - OVERLAP, to: window.to }
}
