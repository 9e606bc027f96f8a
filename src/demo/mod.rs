//! The believable county: four years of an invented association's work, pulled week by week through the real client from
//! the sandbox over HTTP.
//!
//! Sandbox and client share one world clock. It starts in October 2022 and moves on a week a step; each step imports what
//! the county knew by then ([`county`]), pulls, posts, rolls up, after the 10th locks the month before, and pays the
//! households on their day ([`payouts`]). At the end the training desk is kept ([`training`]). While the
//! county books a week, the next one is read: its own clock follows the world's. Nothing is written past ingest, no limit
//! of the protocol is relaxed, and what comes out is earned by the parameters: another seed gives another figure. Every
//! page and file says that it is demo data.
//!
//! A run that was cut short goes on where it stopped; a finished one is reused, and carried on when `today` is later.

pub mod county;
mod papers;
mod payouts;
mod plans;
mod training;

use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::audit::Field;
use crate::domain::calendar::{Day, Instant, day_of, month_start, start_of};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::ingest::compare;
use crate::ingest::county::import;
use crate::ingest::pull::{Pulled, Puller, Reading, Target};
use crate::platforms::douyin::Douyin;
use crate::platforms::http::Endpoint;
use crate::platforms::retry::Jitter;
use crate::platforms::{AppKey, Link, Window};
use crate::sandbox::world::{first_day, monday_of};
use crate::sandbox::{self, Faults, Running, SandboxConfig, Scale};
use crate::services::desk::Desk;
use crate::services::reconcile::{Days, reconcile};
use crate::services::{lock, post, setup};
use crate::store::Store;
use crate::store::counties::{self, County};
use crate::store::goods::{self, Shop};
use crate::store::reconciled;
use chrono::{Datelike, TimeDelta};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::sync::watch;

/// Day of the month from which the month before is locked.
const LOCK_DAY: u32 = 10;
/// Why a month is locked although some of its goods have no price.
const LOCK_REASON: &str = "演示：个别周缺基准价";
/// How far back the end of the history is compared with the platform.
const RECONCILED: TimeDelta = TimeDelta::days(20);

/// What a demo county is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    /// As typed, so that it can be compared and shown.
    pub scale: String,
    /// The last day of the county's history.
    pub today: Day,
}

impl Plan {
    /// What may not change between two runs on the same database.
    fn made_with(&self) -> String {
        format!("seed {} scale {}", self.seed, self.scale)
    }
}

/// Makes the demo county, or carries it on to the plan's day. `progress` hears of each step.
pub async fn make(store: &Store, plan: &Plan, mut progress: impl FnMut(Step)) -> anyhow::Result<()> {
    let code = RegionCode::parse(county::COUNTY).expect("the demo county has a code");
    let demo = prepare(store, code, plan).await?;
    let end = start_of(plan.today) + TimeDelta::days(1);
    let mut world = Box::pin(World::start(store, code, plan, demo)).await?;
    let shops = world.connect().await?;
    let weeks = world.weeks_until(end);
    let windows = weeks.iter().flat_map(|week| (0..shops.len()).map(|place| (place, week.window))).collect();
    let count = shops.len();
    let mut reading = Reading::start(shops, world.target(&world.clock), windows);
    let written = Box::pin(world.live(&weeks, &mut reading, count, &mut progress)).await;
    let (mut shops, read) = reading.end().await;
    let all = written?;
    read?;
    anyhow::ensure!(all, "the sandbox stopped answering");
    // also after a run that was cut short before it came to this
    world.clock.advance_to(end);
    world.books.advance_to(end);
    Box::pin(world.keep_training(plan.today)).await?;
    Box::pin(world.reconcile(&mut shops, end)).await?;
    Box::pin(world.plan_ahead(plan.today)).await?;
    world.server.shutdown().await
}

/// A week of the county: its Monday, and what is asked for at its end.
#[derive(Debug, Clone, Copy)]
struct Week {
    monday: Day,
    window: Window,
}

/// A week that has been pulled.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Its last day.
    pub until: Day,
    pub pulled: Pulled,
}

/// The county's row: made now, or found with the same parameters.
async fn prepare(store: &Store, code: RegionCode, plan: &Plan) -> anyhow::Result<County> {
    let here = counties::list(store).await?;
    match here.first() {
        None => {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&plan.seed.to_be_bytes());
            let clock = Clock::world(start_of(first_day()));
            setup::init(store, code, &plan.made_with(), key, &clock).await?;
        }
        Some(county) if !county.demo => return Err(Problem::DemoOnReal { path: county.name.clone() }.into()),
        Some(county) if county.demo_made_with != plan.made_with() => {
            let why = format!("--fresh ({} ≠ {})", county.demo_made_with, plan.made_with());
            return Err(Problem::BadOption { why }.into());
        }
        Some(_) => {}
    }
    Ok(counties::list(store).await?.swap_remove(0))
}

/// The county while time passes in it.
struct World<'a> {
    store: &'a Store,
    code: RegionCode,
    seed: u64,
    county: County,
    /// The sandbox's and the clients'.
    clock: Clock,
    /// The county's own, which follows it.
    books: Clock,
    branch: Actor,
    /// Files with the county, so that the branch does not lock its own month.
    official: Actor,
    server: Running,
    known_to: Option<Instant>,
}

impl<'a> World<'a> {
    /// Starts the clocks and the sandbox, and sets up what stands when the county begins.
    async fn start(store: &'a Store, code: RegionCode, plan: &Plan, county: County) -> anyhow::Result<Self> {
        let clock = Clock::world(start_of(first_day()));
        let scale: Scale = plan.scale.parse().map_err(|why| Problem::BadOption { why })?;
        let server = sandbox::serve(SandboxConfig {
            seed: plan.seed,
            scale,
            clock: clock.clone(),
            faults: Faults::none(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        })
        .await?;
        let branch = Actor::job("演示支部");
        let official = Actor::job("演示县级");
        let world = Self {
            store,
            code,
            seed: plan.seed,
            county,
            clock,
            books: Clock::world(start_of(first_day())),
            branch,
            official,
            server,
            known_to: None,
        };
        world.import(&county::base_doc(plan.seed)).await?;
        world.hand_in_papers().await?;
        Ok(world)
    }

    /// What the goods need before they are sold live, and have.
    async fn hand_in_papers(&self) -> anyhow::Result<()> {
        let mut work = self.store.work(self.code, &self.branch, "hand in papers", &self.books).await?;
        if papers::hand_in(&mut work).await? {
            work.commit(&papers::change()).await?;
        }
        Ok(())
    }

    /// A client for each shop of the sandbox, with its own rate limit and a jitter of its own.
    async fn connect(&mut self) -> anyhow::Result<Vec<Puller>> {
        let mut session = self.store.read(Scope::County(self.code)).await?;
        let shops = goods::list_shops(&mut session).await?;
        self.known_to = shops.iter().map(|s| s.known_to_at).min().flatten();
        let endpoint = Endpoint::parse(&self.server.endpoint).map_err(anyhow::Error::msg)?;
        let mut pullers = Vec::new();
        for app in &self.server.apps {
            let of_shop = |s: &&Shop| s.shop_key == app.shop_key && s.platform == app.platform;
            let Some(shop) = shops.iter().find(of_shop) else { continue };
            let key = AppKey::new(app.app_key.clone(), app.app_secret.clone());
            let link = Link::new(endpoint.clone(), key, self.clock.clone(), Jitter::seeded(self.seed))?;
            pullers.push(Puller::new(shop.clone(), Box::new(Douyin::new(link))));
        }
        Ok(pullers)
    }

    /// The weeks that are not known yet. The first pull reaches back to the world's beginning.
    fn weeks_until(&self, end: Instant) -> Vec<Week> {
        let mut weeks = Vec::new();
        let mut monday = first_day();
        while start_of(monday) < end {
            let from = start_of(monday);
            let to = end.min(from + TimeDelta::days(7));
            if self.known_to.is_none_or(|known| known < to) {
                weeks.push(Week { monday, window: Window { from, to } });
            }
            monday += TimeDelta::days(7);
        }
        weeks
    }

    /// Where what is pulled goes, by one of the clocks.
    fn target(&self, clock: &Clock) -> Target {
        Target {
            store: self.store.clone(),
            county: self.code,
            buyer_key: self.county.buyer_key.clone(),
            actor: self.branch.clone(),
            clock: clock.clone(),
        }
    }

    /// Lives through the weeks as they are read; false if reading has ended before.
    async fn live(
        &self,
        weeks: &[Week],
        reading: &mut Reading,
        shops: usize,
        progress: &mut impl FnMut(Step),
    ) -> anyhow::Result<bool> {
        let target = self.target(&self.books);
        for &Week { monday, window } in weeks {
            self.books.advance_to(start_of(monday));
            let mut doc = county::week_doc(self.seed, monday);
            doc.streams.iter_mut().filter(|s| s.starts_at >= window.to).for_each(plans::forget_outcome);
            self.import(&doc).await?;
            self.books.advance_to(window.to);
            let (pulled, all) = reading.write_until(&target, window.to, shops).await?;
            if !all {
                return Ok(false);
            }
            self.lock_month_before(window.to).await?;
            self.pay_households(day_of(window.to)).await?;
            progress(Step { until: day_of(window.to - TimeDelta::seconds(1)), pulled });
        }
        Ok(true)
    }

    async fn import(&self, doc: &crate::domain::county::CountyDoc) -> anyhow::Result<()> {
        let mut work = self.store.work(self.code, &self.branch, "import county", &self.books).await?;
        let imported = import(&mut work, doc).await?;
        let posted = post::post(&mut work).await?;
        Ok(work.commit(&imported.change().count(Field::LedgerRows, i64::try_from(posted.rows)?)).await?)
    }

    /// What the branch plans at the end: the last stream of the last day had a plan, the first of the next day has one.
    async fn plan_ahead(&self, today: Day) -> anyhow::Result<()> {
        let desk = Desk { store: self.store, county: self.code, actor: &self.branch, clock: &self.books };
        plans::plan(&desk, today, true, "演示晚场：当天采，当天发").await?;
        let tomorrow = today + TimeDelta::days(1);
        if monday_of(tomorrow) == tomorrow {
            // its week has no document yet
            self.import(&plans::of_day(self.seed, tomorrow)).await?;
        }
        plans::plan(&desk, tomorrow, false, "演示早场：产地直发").await
    }

    /// The last days beside what the platform says of them in the end, of each shop they have not been compared for.
    /// The platform is asked by its own clock, which asking moves on: what happens meanwhile has happened for both.
    async fn reconcile(&self, shops: &mut [Puller], end: Instant) -> anyhow::Result<()> {
        let target = self.target(&self.clock);
        let (_go_on, stop) = watch::channel(false);
        let desk = Desk { store: self.store, county: self.code, actor: &self.branch, clock: &self.books };
        for puller in shops {
            let mut session = self.store.read(Scope::County(self.code)).await?;
            let shop = setup::shop(&mut session, &puller.shop.shop_key).await?;
            let from = day_of(self.books.now()) - RECONCILED;
            let Some(days) = Days::of(&shop, Some(from), None) else { continue };
            let kept = reconciled::list_days(&mut session, days.from, days.to).await?;
            drop(session);
            if kept.iter().any(|row| row.shop_id == shop.shop_id && row.compared_at >= end) {
                continue;
            }
            let theirs = compare::ask(puller, &target, days.from, &stop).await?;
            reconcile(desk, &shop, &theirs, days).await?;
        }
        Ok(())
    }

    /// Locks the month before, once the 10th has come; a month with unpriced goods gives its reason.
    async fn lock_month_before(&self, until: Instant) -> anyhow::Result<()> {
        let today = day_of(until);
        let month = month_start(month_start(today) - TimeDelta::days(1));
        if today.day() < LOCK_DAY || month < month_start(first_day()) {
            return Ok(());
        }
        match lock::lock_next(self.store, self.code, &self.official, &self.books, month, LOCK_REASON).await {
            Err(error) if matches!(error.downcast_ref(), Some(Problem::NothingInMonth { .. })) => Ok(()),
            other => other.map(|_| ()),
        }
    }
}
