//! A small county whose sales came in through ingest: two shops, four households, three ways of being paid, locks in
//! between, and what makes months difficult. Tests that need stored figures start here.

mod facts;
mod setup;

use crate::audit::any_change;
use facts::settlement;
pub use facts::{order, refund};
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Scope};
use red_anchor::domain::calendar::{Day, Instant, local, parse_day};
use red_anchor::domain::ledger::facts::Outcome;
use red_anchor::domain::records::{Evidenced, OrderRecord, RefundRecord, SettlementRecord};
use red_anchor::domain::regions::RegionCode;
use red_anchor::ingest;
use red_anchor::ingest::stated::Knows;
use red_anchor::services::{lock, post};
use red_anchor::store::evidence::Source;
use red_anchor::store::orders::{AttributionRow, EventRow};
use red_anchor::store::prices::BaselineRow;
use red_anchor::store::{Missing, Session, Store, Work, facts as queue, orders, prices, take_ids};
use std::fmt::Debug;
use std::path::PathBuf;
use tempfile::TempDir;

pub use setup::{KUMQUAT, SHOPS, VILLAGES, county_price};

/// The county all tests lie in.
pub fn code() -> RegionCode {
    RegionCode::parse("360827").expect("a county")
}

pub fn day(text: &str) -> Day {
    parse_day(text).expect("a day")
}

/// An hour of a day in Asia/Shanghai.
pub fn at(text: &str, hour: u32) -> Instant {
    local(day(text).and_hms_opt(hour, 0, 0).expect("an hour"))
}

/// The county with its database file; the directory goes with it.
pub struct County {
    pub store: Store,
    dir: TempDir,
    clock: Clock,
}

impl County {
    /// The county after its last sale.
    pub async fn made() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(path_in(&dir).to_str().expect("a path"), Missing::Create).await.expect("a database");
        Self::made_in(store, dir).await
    }

    /// The same in a database that is there; the directory goes with it.
    pub async fn made_in(store: Store, dir: TempDir) -> Self {
        let county = Self::founded(store, dir).await;
        county.january().await;
        county.february().await;
        county.march().await;
        county
    }

    /// The same with the second and third household in the first one's village.
    pub async fn made_of_neighbours(store: Store, dir: TempDir) -> Self {
        let county = Self::founded(store, dir).await;
        let mut work = county.work("2025-12-01", 10).await;
        setup::make_neighbours(&mut work).await;
        work.commit(&any_change()).await.expect("a commit");
        county.january().await;
        county.february().await;
        county.march().await;
        county
    }

    async fn founded(store: Store, dir: TempDir) -> Self {
        let clock = Clock::world(at("2025-12-01", 9));
        let county = Self { store, dir, clock };
        setup::found(&county.store, &county.clock).await;
        county
    }

    /// The database file.
    pub fn path(&self) -> PathBuf {
        path_in(&self.dir)
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub async fn read(&self) -> Session {
        self.store.read(Scope::County(code())).await.expect("a session")
    }

    /// A unit of work at an hour of a day.
    pub async fn work(&self, on: &str, hour: u32) -> Work {
        self.clock.advance_to(at(on, hour));
        self.store.work(code(), &Actor::command_line(), "test", &self.clock).await.expect("work")
    }

    pub async fn lock(&self, month: &str, on: &str) {
        self.clock.advance_to(at(on, 9));
        lock::lock(&self.store, code(), &Actor::command_line(), &self.clock, day(month), "tea has no price")
            .await
            .expect("a lock");
    }

    /// Sales of January, one of them never paid, one cancelled and given back the same day.
    async fn january(&self) {
        let mut work = self.work("2026-01-31", 22).await;
        let orders: Vec<OrderRecord> = (0..24).map(order).collect();
        take_orders(&mut work, 1, &orders[..16]).await;
        take_orders(&mut work, 2, &orders[16..]).await;
        let whole = RefundRecord { outcome: Outcome::NeverLeft, ..refund(3, 2, "2026-01-12", 5_990) };
        let part = RefundRecord { line_no: Some("order-4-0".into()), ..refund(4, 1, "2026-01-14", 600) };
        let ordered = RefundRecord { line_no: None, ..refund(5, 1, "2026-01-15", 777) };
        let day_unknown = RefundRecord { refunded_at: None, ..refund(6, 1, "2026-01-16", 301) };
        take_refunds(&mut work, 1, &[whole, part, ordered, day_unknown]).await;
        post::post(&mut work).await.expect("posting");
        work.commit(&any_change()).await.expect("a commit");
    }

    /// Statements of January's sales, a refund before its order, an order whose real lines come later; January is locked,
    /// then facts and a price of January arrive.
    async fn february(&self) {
        let mut work = self.work("2026-02-05", 22).await;
        let orphan = RefundRecord { outcome: Outcome::Kept, ..refund(30, 1, "2026-02-04", 250) };
        take_refunds(&mut work, 1, &[orphan]).await;
        let paid: Vec<SettlementRecord> = (0..8).filter(|n| n % 5 != 2).map(|n| settlement(n, "2026-02-03")).collect();
        take_settlements(&mut work, 1, &paid).await;
        let mut known_as_a_whole = order(30);
        known_as_a_whole.lines.truncate(1);
        known_as_a_whole.lines[0].line_no = "order-30#order".into();
        take_orders(&mut work, 1, &[known_as_a_whole]).await;
        post::post(&mut work).await.expect("posting");
        work.commit(&any_change()).await.expect("a commit");
        self.lock("2026-01-01", "2026-02-10").await;

        let mut work = self.work("2026-02-20", 22).await;
        let mut in_full = order(30);
        in_full.updated_at = at("2026-02-19", 9);
        take_orders(&mut work, 1, &[in_full, order(9 + 24)]).await;
        let late = RefundRecord { outcome: Outcome::Lost, ..refund(10, 1, "2026-01-25", 420) };
        take_refunds(&mut work, 1, &[late]).await;
        let baseline_id = take_ids(&mut work, "baseline", 1).await.expect("an id");
        let corrected = BaselineRow { baseline_id, mid_fen_per_kg: 700, ..setup::county_price() };
        prices::insert_baselines(&mut work, &[corrected]).await.expect("a price");
        queue::queue_slices(&mut work, queue::Of::Product, &[KUMQUAT], day("2026-01-01"), day("2026-12-31"))
            .await
            .expect("a queue");
        post::post(&mut work).await.expect("posting");
        work.commit(&any_change()).await.expect("a commit");
    }

    /// February is locked; then a person gives a line to a stream, goods are sent once more, a buyer is paid outside the
    /// platform, the platform brings a refund back and settles two orders in part and one as a whole.
    async fn march(&self) {
        self.lock("2026-02-01", "2026-03-10").await;
        let mut work = self.work("2026-03-15", 22).await;
        let back = RefundRecord { updated_at: at("2026-03-14", 9), ..refund(40, 1, "2026-03-13", -200) };
        let back = RefundRecord { order_no: "order-5".into(), line_no: None, ..back };
        let again = RefundRecord { resent_pieces: 1, ..refund(7, 1, "2026-03-12", 0) };
        take_refunds(&mut work, 1, &[back, again]).await;
        let mut rows: Vec<SettlementRecord> = (10..14).map(|n| settlement(n, "2026-03-11")).collect();
        rows[0].goods_fen /= 3;
        rows[1].goods_fen /= 2;
        rows[2].line_no = None;
        take_settlements(&mut work, 1, &rows).await;
        let found = orders::list_orders(&mut work, 1, &["order-8", "order-9"]).await.expect("orders");
        let ids: Vec<i64> = found.iter().map(|o| o.order_id).collect();
        let lines = orders::list_lines_of_orders(&mut work, &ids).await.expect("lines");
        let by_a_person = AttributionRow {
            line_id: lines[0].line_id,
            version_id: 9,
            batch_id: 0,
            stream_id: 1,
            rule: "person".into(),
            bulk: false,
            actor: "branch".into(),
            reason: "the anchor says so".into(),
        };
        orders::insert_attributions(&mut work, &[by_a_person]).await.expect("an attribution");
        let event_id = take_ids(&mut work, "event", 1).await.expect("an id");
        let last = lines.last().expect("a line");
        let compensation = EventRow {
            event_id,
            order_id: last.order_id,
            line_id: last.line_id,
            kind: "offplatform_compensation".into(),
            happened_on: day("2026-03-14"),
            quantity: 150,
        };
        orders::insert_events(&mut work, &[compensation]).await.expect("an event");
        queue::queue(&mut work, &ids).await.expect("a queue");
        post::post(&mut work).await.expect("posting");
        work.commit(&any_change()).await.expect("a commit");
    }
}

fn path_in(dir: &TempDir) -> PathBuf {
    dir.path().join("county.db")
}

/// Evidence is what a record says: another text is another version.
fn evidenced<T: Debug + Clone>(records: &[T]) -> Vec<Evidenced<T>> {
    records.iter().map(|record| Evidenced::new(record.clone(), format!("{record:?}"))).collect()
}

fn source(work: &Work, shop_id: i64) -> Source {
    Source { shop_id, name: "test".into(), fetched_at: work.at, received_sha256: [1; 32] }
}

pub async fn take_orders(work: &mut Work, shop_id: i64, records: &[OrderRecord]) {
    let source = source(work, shop_id);
    let mut arrivals = ingest::orders::arrivals(shop_id, b"key", evidenced(records));
    ingest::orders::take(work, &source, Knows::ALL, &mut arrivals).await.expect("orders");
}

pub async fn take_refunds(work: &mut Work, shop_id: i64, records: &[RefundRecord]) {
    let source = source(work, shop_id);
    ingest::refunds::take(work, &source, &evidenced(records)).await.expect("refunds");
}

pub async fn take_settlements(work: &mut Work, shop_id: i64, records: &[SettlementRecord]) {
    let source = source(work, shop_id);
    let mut arrivals = ingest::settlements::arrivals(shop_id, evidenced(records));
    ingest::settlements::take(work, &source, &mut arrivals).await.expect("statement rows");
}
