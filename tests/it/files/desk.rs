//! A county with one shop in a temporary file, and the hands that import files there.

use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Scope};
use red_anchor::domain::calendar::{Day, parse_day};
use red_anchor::domain::figures::FigureRow;
use red_anchor::domain::problem::Problem;
use red_anchor::domain::records::{Evidenced, OrderRecord, RefundRecord, SettlementRecord};
use red_anchor::domain::regions::RegionCode;
use red_anchor::ingest;
use red_anchor::ingest::files::{FileReport, Received, TableReport};
use red_anchor::ingest::stated::Knows;
use red_anchor::services::figures::{Request, total};
use red_anchor::services::import::{Choice, Mode, Target, import};
use red_anchor::services::setup::{NewShop, add_shop, init};
use red_anchor::services::{post, verify};
use red_anchor::store::evidence::Source;
use red_anchor::store::figures::{Grouping, Range};
use red_anchor::store::listed::{self, ListedLine};
use red_anchor::store::orders::{self, OrderRow};
use red_anchor::store::{Missing, Session, Store, Work, evidence};
use std::io::Cursor;

const SHOP: &str = "s1";
const SHOP_ID: i64 = 1;

pub struct Desk {
    pub store: Store,
    clock: Clock,
    _folder: tempfile::TempDir,
}

pub fn county() -> RegionCode {
    RegionCode::parse("360827").unwrap()
}

pub fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

impl Desk {
    pub async fn open(platform: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("county.db").to_str().unwrap().to_owned();
        let store = Store::open(&path, Missing::Create).await.unwrap();
        init(&store, county(), "", [7; 32], &red_anchor::clock::Clock::System).await.unwrap();
        let clock = Clock::at_end_of(day("2026-11-20"));
        let shop = NewShop {
            key: SHOP.into(),
            platform: platform.into(),
            platform_shop_id: String::new(),
            name: "演示店".into(),
            settled_after_days: None,
        };
        add_shop(&store, county(), &Actor::command_line(), &clock, &shop).await.unwrap();
        Self { store, clock, _folder: folder }
    }

    pub async fn try_import(
        &self,
        name: &str,
        bytes: &[u8],
        choice: &Choice,
        mode: Mode,
    ) -> anyhow::Result<FileReport> {
        let actor = Actor::command_line();
        let target = Target {
            store: &self.store,
            county: county(),
            buyer_key: &[7; 32],
            actor: &actor,
            clock: &self.clock,
            shop_key: SHOP,
        };
        import(&target, Received::new(name, Cursor::new(bytes.to_vec())), choice, mode).await
    }

    /// Imports a file; it must be one table.
    pub async fn import(&self, name: &str, bytes: impl AsRef<[u8]>) -> TableReport {
        let report = self.try_import(name, bytes.as_ref(), &Choice::default(), Mode::Commit).await.unwrap();
        assert_eq!(report.skipped, []);
        let [table] = <[TableReport; 1]>::try_from(report.tables).expect("one table");
        table
    }

    /// The problem a file is refused with.
    pub async fn refused(&self, name: &str, bytes: impl AsRef<[u8]>) -> Problem {
        let error = self.try_import(name, bytes.as_ref(), &Choice::default(), Mode::Commit).await.unwrap_err();
        error.downcast::<Problem>().expect("a problem a person can mend")
    }

    async fn work(&self) -> Work {
        self.store.work(county(), &Actor::command_line(), "test", &self.clock).await.unwrap()
    }

    fn source(work: &Work) -> Source {
        Source { shop_id: SHOP_ID, name: "api".into(), fetched_at: work.at, received_sha256: [0; 32] }
    }

    /// What the interface says of orders, refunds and statement rows.
    pub async fn interface(
        &self,
        orders: &[Evidenced<OrderRecord>],
        refunds: &[Evidenced<RefundRecord>],
        settlements: &[Evidenced<SettlementRecord>],
    ) {
        let mut work = self.work().await;
        let source = Self::source(&work);
        let mut orders = ingest::orders::arrivals(SHOP_ID, &[7; 32], orders.to_vec());
        ingest::orders::take(&mut work, &source, Knows::ALL, &mut orders).await.unwrap();
        ingest::refunds::take(&mut work, &source, refunds).await.unwrap();
        let mut settlements = ingest::settlements::arrivals(SHOP_ID, settlements.to_vec());
        ingest::settlements::take(&mut work, &source, &mut settlements).await.unwrap();
        post::post(&mut work).await.unwrap();
        work.commit(&crate::audit::any_change()).await.unwrap();
    }

    pub async fn read(&self) -> Session {
        self.store.read(Scope::County(county())).await.unwrap()
    }

    pub async fn figures(&self) -> FigureRow {
        total(&mut self.read().await, &Request::all(county(), Grouping::Total)).await.unwrap()
    }

    pub async fn figures_on(&self, on: &str) -> FigureRow {
        let range = Range { from: Some(day(on)), to: Some(day(on)) };
        total(&mut self.read().await, &Request { range, ..Request::all(county(), Grouping::Total) }).await.unwrap()
    }

    /// GMV, refunds, net.
    pub async fn money(&self) -> (i64, i64, i64) {
        let figures = self.figures().await;
        (figures.gmv_fen, figures.refund_fen, figures.net_fen)
    }

    pub async fn order(&self, order_no: &str) -> OrderRow {
        orders::list_orders(&mut self.read().await, SHOP_ID, &[order_no]).await.unwrap().remove(0)
    }

    /// Numbers of the order's lines that count.
    pub async fn line_nos(&self) -> Vec<String> {
        let lines: Vec<ListedLine> = listed::list(&mut self.read().await, None, false).await.unwrap();
        let mut nos: Vec<String> = lines.into_iter().map(|l| l.line_no).collect();
        nos.sort();
        nos
    }

    /// Everything received about an order, as kept.
    pub async fn evidence(&self, order_no: &str) -> String {
        let order_id = self.order(order_no).await.order_id;
        let kept = evidence::list_of_order(&mut self.read().await, order_id).await.unwrap();
        kept.into_iter().map(|found| found.text).collect::<Vec<_>>().join("\n")
    }

    /// Verify finds nothing.
    pub async fn is_sound(&self) {
        let report = verify::verify(&mut self.read().await).await.unwrap();
        assert_eq!(report.differences, [], "{report}");
    }
}
