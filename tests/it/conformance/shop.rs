//! A shop on a platform, with a county of its own to be pulled into.

use super::truth::{Truth, at};
use chrono::TimeDelta;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Scope};
use red_anchor::domain::figures::FigureRow;
use red_anchor::domain::regions::RegionCode;
use red_anchor::ingest::pull::{Pulled, Puller, Target, pull_all};
use red_anchor::platforms::http::Endpoint;
use red_anchor::platforms::retry::Jitter;
use red_anchor::platforms::{AppKey, Grant, Link, Platform};
use red_anchor::sandbox::world::shops;
use red_anchor::sandbox::world::{Quirks, World};
use red_anchor::sandbox::{Faults, Running, SandboxConfig, serve};
use red_anchor::services::figures::{self, Request};
use red_anchor::services::setup::{self, NewShop};
use red_anchor::services::verify;
use red_anchor::store::figures::Grouping;
use red_anchor::store::goods::Shop;
use red_anchor::store::{Missing, Session, Store};
use tempfile::TempDir;

const SEED: u64 = 7;
const BUYER_KEY: [u8; 32] = [5; 32];

/// What a story begins with.
pub struct Setting {
    pub platform: Platform,
    pub faults: &'static str,
    /// How much is sold, against the whole county.
    pub scale: &'static str,
    /// The day at whose noon the story begins. The world began on 2022-10-10.
    pub on: &'static str,
    /// How far the shop's own clock is ahead of the platform's.
    pub ahead: TimeDelta,
}

impl Setting {
    /// The first four weeks of a small shop.
    pub fn ordinary(platform: Platform) -> Self {
        Self { platform, faults: "", scale: "0.25", on: "2022-11-07", ahead: TimeDelta::zero() }
    }

    pub async fn open(self) -> Stand {
        Stand::open(self).await
    }
}

/// A county with one shop, the platform it sells on, and the world behind it.
pub struct Stand {
    pub store: Store,
    pub shop: Shop,
    pub truth: Truth,
    /// The county's.
    pub clock: Clock,
    /// The platform's.
    pub platform_clock: Clock,
    pullers: Vec<Puller>,
    #[allow(dead_code, reason = "stops the server when it goes")]
    server: Running,
    #[allow(dead_code, reason = "the database goes with it")]
    dir: TempDir,
}

pub fn code() -> RegionCode {
    RegionCode::parse("360827").unwrap()
}

impl Stand {
    async fn open(setting: Setting) -> Self {
        let begins_at = at(setting.on, 12);
        let platform_clock = Clock::world(begins_at);
        let clock =
            if setting.ahead.is_zero() { platform_clock.clone() } else { Clock::world(begins_at + setting.ahead) };
        let scale = setting.scale.parse().unwrap();
        let server = serve(SandboxConfig {
            seed: SEED,
            scale,
            clock: platform_clock.clone(),
            faults: setting.faults.parse::<Faults>().unwrap(),
            listen: "127.0.0.1:0".parse().unwrap(),
        })
        .await
        .unwrap();
        let has = |name: &str| setting.faults == "all" || setting.faults.contains(name);
        let quirks = Quirks { partial_refunds: has("partial-refund"), late_settlement: has("settlement-late") };
        let truth = Truth {
            world: World { seed: SEED, scale, quirks },
            platform: setting.platform,
            late_updates: has("late-update"),
        };
        let app = server
            .apps
            .iter()
            .find(|app| app.platform == setting.platform.key() && app.shop_key == shops::Shop::Association.key());
        let app = app.unwrap_or_else(|| panic!("no sandbox of {}", setting.platform.key())).clone();

        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().join("county.db").to_str().unwrap(), Missing::Create).await.unwrap();
        setup::init(&store, code(), "", BUYER_KEY, &red_anchor::clock::Clock::System).await.unwrap();
        let new = NewShop {
            key: app.shop_key.to_owned(),
            platform: app.platform.to_owned(),
            platform_shop_id: app.platform_shop_id.clone(),
            name: app.name.to_owned(),
            settled_after_days: None,
        };
        setup::add_shop(&store, code(), &Actor::command_line(), &clock, &new).await.unwrap();
        let mut session = store.read(Scope::County(code())).await.unwrap();
        let shop = setup::shop(&mut session, app.shop_key).await.unwrap();
        drop(session);

        let mut key = AppKey::new(app.app_key.clone(), app.app_secret.clone());
        if let Some(secret) = &app.sign_secret {
            key = key.signing_with(secret.clone());
        }
        let mut puller = Self::puller(&server, setting.platform, &shop, key, &clock);
        if let Some(code) = app.code {
            puller = puller.granted(Grant::Code(code));
        }
        Self { pullers: vec![puller], store, shop, truth, clock, platform_clock, server, dir }
    }

    fn puller(server: &Running, platform: Platform, shop: &Shop, key: AppKey, clock: &Clock) -> Puller {
        let endpoint = Endpoint::parse(&server.endpoint).unwrap();
        let link = Link::new(endpoint, key, clock.clone(), Jitter::seeded(SEED)).unwrap();
        let interface = platform.interface().unwrap();
        Puller::new(shop.clone(), (interface.connect)(link))
    }

    /// The same shop with a secret that is wrong.
    pub fn with_wrong_secret(mut self) -> Self {
        let app = self.server.apps.iter().find(|app| app.platform == self.shop.platform).unwrap();
        let key = AppKey::new(app.app_key.clone(), "wrong".to_owned()).signing_with("wrong".to_owned());
        let mut puller = Self::puller(&self.server, self.truth.platform, &self.shop, key, &self.clock);
        if let Some(code) = &app.code {
            puller = puller.granted(Grant::Code(code.clone()));
        }
        self.pullers = vec![puller];
        self
    }

    /// Pulls up to the county's own now.
    pub async fn try_pull(&mut self) -> anyhow::Result<Pulled> {
        let target = Target {
            store: self.store.clone(),
            county: code(),
            buyer_key: BUYER_KEY.to_vec(),
            actor: Actor::command_line(),
            clock: self.clock.clone(),
        };
        pull_all(&mut self.pullers, &target, None, self.clock.now()).await
    }

    pub async fn pull(&mut self) -> Pulled {
        let pulled = self.try_pull().await.unwrap_or_else(|error| panic!("{error:#}"));
        assert_eq!(pulled.incomplete, 0, "windows by the platform's own total: {pulled:?}");
        pulled
    }

    /// Time passes, everywhere.
    pub fn wait(&self, time: TimeDelta) {
        for clock in [&self.clock, &self.platform_clock] {
            clock.advance_to(clock.now() + time);
        }
    }

    pub async fn read(&self) -> Session {
        self.store.read(Scope::County(code())).await.unwrap()
    }

    pub async fn figures(&self) -> FigureRow {
        let mut session = self.read().await;
        figures::total(&mut session, &Request::all(code(), Grouping::Total)).await.unwrap()
    }

    /// What is known is what had happened by the moment everything up to which is known.
    pub async fn agrees_with_the_world(&self) {
        let figures = self.figures().await;
        let expected = self.truth.sums(self.pulled_to().await);
        let ours = super::truth::Sums {
            paid: figures.orders_paid,
            unpaid: figures.orders_unpaid,
            refunded: figures.orders_refunded,
            gmv_fen: figures.gmv_fen,
            subsidy_fen: figures.subsidy_fen,
            refund_fen: figures.refund_fen,
        };
        assert_eq!(ours, expected, "ours is left, the world's right");
        assert!(expected.gmv_fen > 0 && expected.paid > 20, "a world of nothing proves nothing: {expected:?}");
    }

    /// Ledger and rollups follow from the facts.
    pub async fn verifies(&self) {
        let report = verify::verify(&mut self.read().await).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.differences.first());
    }

    /// The moment up to which the shop was pulled.
    pub async fn pulled_to(&self) -> i64 {
        let mut session = self.read().await;
        let shop = setup::shop(&mut session, &self.shop.shop_key).await.unwrap();
        shop.known_to_at.map_or(0, |at| at.timestamp())
    }
}
