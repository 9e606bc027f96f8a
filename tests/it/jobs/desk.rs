//! A county whose shops sell on a sandbox, with their keys stored, and workers that pull them.

use super::roundabout::{Asked, Roundabout, Way};
use chrono::TimeDelta;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Scope};
use red_anchor::domain::calendar::{local, parse_day};
use red_anchor::domain::pulling::LEASE;
use red_anchor::domain::regions::RegionCode;
use red_anchor::domain::sealing::Keyring;
use red_anchor::ingest::connect::Connecting;
use red_anchor::ingest::pull::{Puller, Target};
use red_anchor::jobs::scheduler::{Round, Scheduler};
use red_anchor::platforms::AppKey;
use red_anchor::sandbox::{Faults, Running, SandboxConfig, serve};
use red_anchor::services::connection::{self, Answer};
use red_anchor::services::figures::{self, Request};
use red_anchor::services::secrets::{self, Vault};
use red_anchor::services::setup::{self, NewShop};
use red_anchor::services::verify;
use red_anchor::store::figures::{Grouping, Range};
use red_anchor::store::goods::Shop;
use red_anchor::store::schedules::{self, PullRow, Schedule};
use red_anchor::store::{Missing, Session, Store, leases};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// The day at whose noon all begins: both shops are open.
const BEGINS_ON: &str = "2023-09-20";
pub const SHOPS: [&str; 2] = ["hezuoshe", "hongbo"];

pub struct Desk {
    pub url: String,
    pub store: Store,
    pub clock: Clock,
    pub server: Running,
    keyring: Keyring,
    pub stopping: watch::Sender<bool>,
}

pub fn code() -> RegionCode {
    RegionCode::parse("360827").unwrap()
}

/// A county in a database that has just been made.
pub async fn open(url: &str) -> Desk {
    let begins_at = local(parse_day(BEGINS_ON).unwrap().and_hms_opt(12, 0, 0).unwrap());
    let clock = Clock::world(begins_at);
    let server = serve(SandboxConfig {
        seed: 7,
        scale: "0.1".parse().unwrap(),
        clock: clock.clone(),
        faults: Faults::none(),
        listen: "127.0.0.1:0".parse().unwrap(),
    })
    .await
    .unwrap();
    let store = Store::open(url, Missing::Create).await.unwrap();
    setup::init(&store, code(), "", [5; 32], &clock).await.unwrap();
    let keyring = Keyring::parse(&"0123456789abcdef".repeat(4)).unwrap();
    let desk = Desk { url: url.to_owned(), store, clock, server, keyring, stopping: watch::channel(false).0 };
    for key in SHOPS {
        let app = desk.server.apps.iter().find(|app| app.platform == "douyin" && app.shop_key == key).unwrap();
        let new = NewShop {
            key: key.to_owned(),
            platform: app.platform.to_owned(),
            platform_shop_id: app.platform_shop_id.clone(),
            name: app.name.to_owned(),
            settled_after_days: None,
        };
        setup::add_shop(&desk.store, code(), &Actor::command_line(), &desk.clock, &new).await.unwrap();
        desk.store_key(key, &AppKey::new(app.app_key.clone(), app.app_secret.clone())).await;
    }
    desk
}

impl Desk {
    pub async fn store_key(&self, shop: &str, app: &AppKey) {
        let actor = Actor::command_line();
        let vault =
            Vault { store: &self.store, county: code(), actor: &actor, clock: &self.clock, keyring: &self.keyring };
        secrets::store_app_key(vault, &self.shop(shop).await, app).await.unwrap();
    }

    /// A shop on a platform that gives a token for a merchant's code, with its keys stored; and the code.
    pub async fn add_shop_with_code(&self, platform: &str, of: &str) -> (Shop, String) {
        let app = self.server.apps.iter().find(|app| app.platform == platform && app.shop_key == of).unwrap();
        let new = NewShop {
            key: format!("{of}-{platform}"),
            platform: platform.to_owned(),
            platform_shop_id: app.platform_shop_id.clone(),
            name: app.name.to_owned(),
            settled_after_days: None,
        };
        setup::add_shop(&self.store, code(), &Actor::command_line(), &self.clock, &new).await.unwrap();
        let key = AppKey::new(app.app_key.clone(), app.app_secret.clone());
        self.store_key(&new.key, &key.signing_with(app.sign_secret.clone().unwrap())).await;
        (self.shop(&new.key).await, app.code.clone().unwrap())
    }

    /// As a person on the shop's page does.
    pub async fn try_connection(&self, shop: &Shop, code_of_merchant: Option<&str>) -> anyhow::Result<Answer> {
        let actor = Actor::command_line();
        let vault =
            Vault { store: &self.store, county: code(), actor: &actor, clock: &self.clock, keyring: &self.keyring };
        connection::test(vault, shop, Some(&self.server.endpoint), code_of_merchant).await
    }

    pub fn connecting(&self) -> Connecting {
        let endpoint = Some(self.server.endpoint.clone());
        Connecting { keyring: Some(self.keyring.clone()), app: None, endpoint }
    }

    /// A worker of another server, with its own connections.
    pub async fn worker(&self, holder: &str) -> Scheduler {
        Scheduler {
            store: Store::open(&self.url, Missing::Refuse).await.unwrap(),
            clock: self.clock.clone(),
            connecting: self.connecting(),
            holder: holder.to_owned(),
            stop: self.stopping.subscribe(),
        }
    }

    /// A round of one worker.
    pub async fn round(&self) -> Round {
        self.worker("alone").await.step().await.unwrap()
    }

    pub fn target(&self) -> Target {
        Target {
            store: self.store.clone(),
            county: code(),
            buyer_key: vec![5; 32],
            actor: Actor::job("test"),
            clock: self.clock.clone(),
        }
    }

    pub async fn puller(&self, shop: &Shop) -> Puller {
        self.connecting().puller(&mut self.read().await, shop, &self.clock).await.unwrap()
    }

    /// The same with its app at hand, keeping nothing.
    pub async fn puller_without_keys(&self, shop: &Shop) -> Puller {
        let mut apps = self.server.apps.iter();
        let app = apps.find(|app| app.shop_key == shop.shop_key && app.platform == shop.platform).unwrap();
        let app = Some(AppKey::new(app.app_key.clone(), app.app_secret.clone()));
        let connecting = Connecting { keyring: None, app, endpoint: Some(self.server.endpoint.clone()) };
        connecting.puller(&mut self.read().await, shop, &self.clock).await.unwrap()
    }

    /// The same on a way on which something happens; and what is asked on it.
    pub async fn puller_on(&self, shop: &Shop, way: Way) -> (Puller, Arc<Mutex<Asked>>) {
        let mut puller = self.puller_without_keys(shop).await;
        let asked = Arc::new(Mutex::new(Asked::default()));
        puller.client = Box::new(Roundabout { straight: puller.client, way, asked: Arc::clone(&asked) });
        (puller, asked)
    }

    pub async fn read(&self) -> Session {
        self.store.read(Scope::County(code())).await.unwrap()
    }

    pub async fn shop(&self, key: &str) -> Shop {
        setup::shop(&mut self.read().await, key).await.unwrap()
    }

    /// The log of a shop, oldest first.
    pub async fn log(&self, key: &str) -> Vec<PullRow> {
        let shop_id = self.shop(key).await.shop_id;
        let mut rows = schedules::list_pulls(&mut self.read().await, shop_id, 1_000).await.unwrap();
        rows.reverse();
        rows
    }

    /// When a shop is pulled; `None` where nothing has been said yet.
    pub async fn find_schedule(&self, key: &str) -> Option<Schedule> {
        let shop_id = self.shop(key).await.shop_id;
        schedules::find(&mut self.read().await, shop_id).await.unwrap()
    }

    pub async fn schedule(&self, key: &str) -> Schedule {
        self.find_schedule(key).await.unwrap()
    }

    /// Nobody has the shop's turn.
    pub async fn turn_is_free(&self, key: &str) {
        let shop_id = self.shop(key).await.shop_id;
        let mut session = self.store.write(code()).await.unwrap();
        let now = self.clock.now();
        let lease = leases::take(&mut session, shop_id, "somebody", now, now + LEASE).await.unwrap();
        assert!(lease.is_some(), "{key} was not given back");
    }

    pub fn wait(&self, time: TimeDelta) {
        self.clock.advance_to(self.clock.now() + time);
    }

    /// Orders, lines, GMV and refunds of everything dated up to the first day.
    pub async fn first_day(&self) -> [i64; 4] {
        let range = Range { from: None, to: parse_day(BEGINS_ON) };
        let request = Request { range, ..Request::all(code(), Grouping::Total) };
        let row = figures::total(&mut self.read().await, &request).await.unwrap();
        [row.orders_paid, row.lines, row.gmv_fen, row.refund_fen]
    }

    pub async fn verifies(&self) {
        let report = verify::verify(&mut self.read().await).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.differences.first());
    }

    /// The windows of a shop follow one another without gap and without a second writing.
    pub async fn every_window_was_written_once(&self, key: &str) {
        let log = self.log(key).await;
        assert!(log.len() > 3, "{key}: {log:?}");
        assert!(log.iter().all(|row| row.trouble.is_empty() && row.complete), "{log:?}");
        for pair in log.windows(2) {
            assert_eq!(pair[0].to_at, pair[1].from_at, "{key}: {pair:?}");
        }
    }
}
