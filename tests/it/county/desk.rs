//! A county of its own in a temporary file, and the hands that import documents and take in orders there.

use crate::audit::any_change;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Scope};
use red_anchor::domain::calendar::parse_day;
use red_anchor::domain::county::CountyDoc;
use red_anchor::domain::figures::FigureRow;
use red_anchor::domain::ledger::facts::Coupons;
use red_anchor::domain::records::{Evidenced, LineRecord, OrderRecord, OrderStatus, SettlementRecord};
use red_anchor::domain::regions::RegionCode;
use red_anchor::ingest::county::{Imported, import, parse};
use red_anchor::ingest::stated::Knows;
use red_anchor::ingest::{orders, settlements};
use red_anchor::services::figures::{Request, total};
use red_anchor::services::{post, setup};
use red_anchor::store::evidence::Source;
use red_anchor::store::figures::Grouping;
use red_anchor::store::{Missing, Session, Store, Work, goods, slips};
use serde_json::Value;
use sqlx::SqlitePool;

pub const EXAMPLE: &str = include_str!("../../../docs/example-county.json");
/// Number of the example's one stream.
pub const LIVE_ROOM: &str = "7400000000000000001";

pub struct Desk {
    store: Store,
    clock: Clock,
    /// Of a SQLite database, and its folder.
    rows: Option<(SqlitePool, tempfile::TempDir)>,
}

pub fn county() -> RegionCode {
    RegionCode::parse("360827").unwrap()
}

/// The example as a document that can be changed by pointer.
pub fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// The example without some of its parts.
pub fn without(parts: &[&str]) -> Value {
    let mut doc = example();
    for part in parts {
        doc.as_object_mut().unwrap().remove(*part).unwrap();
    }
    doc
}

pub fn read(doc: &Value) -> CountyDoc {
    parse("test.json", &doc.to_string()).unwrap()
}

impl Desk {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("county.db").to_str().unwrap().to_owned();
        let store = Store::open(&path, Missing::Create).await.unwrap();
        let rows = SqlitePool::connect(&path).await.unwrap();
        Self { rows: Some((rows, folder)), ..Self::of(store).await }
    }

    /// The same on PostgreSQL, where no rows of tables are counted.
    pub async fn open_on_postgresql() -> Self {
        Self::of(crate::store::engines::postgres().await).await
    }

    async fn of(store: Store) -> Self {
        setup::init(&store, county(), "", [7; 32], &red_anchor::clock::Clock::System).await.unwrap();
        Self { store, clock: Clock::at_end_of(parse_day("2026-02-20").unwrap()), rows: None }
    }

    pub async fn read(&self) -> Session {
        self.store.read(Scope::County(county())).await.unwrap()
    }

    async fn work(&self) -> Work {
        self.store.work(county(), &Actor::command_line(), "test", &self.clock).await.unwrap()
    }

    /// Imports, posts and commits; after an error everything is dropped.
    pub async fn import(&self, doc: &Value) -> anyhow::Result<Imported> {
        let mut work = self.work().await;
        let imported = import(&mut work, &read(doc)).await?;
        post::post(&mut work).await?;
        work.commit(&any_change()).await?;
        Ok(imported)
    }

    /// Farmers with the hashes of their phones' digits.
    pub async fn phones(&self) -> Vec<(i64, String)> {
        slips::list_phones(&mut self.read().await).await.unwrap()
    }

    /// Rows of every table but those of the units of work and of the audit trail, by table.
    pub async fn row_counts(&self) -> Vec<(String, i64)> {
        let (rows, _) = self.rows.as_ref().expect("rows are counted on SQLite");
        let tables: Vec<String> =
            sqlx::query_scalar("select name from sqlite_master where type = 'table' and name not in ('batch', 'audit', 'audit_head') order by name")
                .fetch_all(rows)
                .await
                .unwrap();
        let mut counts = Vec::new();
        for table in tables {
            let sql = sqlx::AssertSqlSafe(format!("select count(*) from \"{table}\""));
            let count: i64 = sqlx::query_scalar(sql).fetch_one(rows).await.unwrap();
            counts.push((table, count));
        }
        counts
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.row_counts().await.into_iter().find(|(name, _)| name == table).unwrap().1
    }

    async fn source(&self, work: &mut Work) -> Source {
        let shop_id = goods::find_shop(work, "demo1").await.unwrap().unwrap().shop_id;
        Source { shop_id, name: "test".into(), fetched_at: self.clock.now(), received_sha256: [0; 32] }
    }

    /// One piece at 49.90 with the three coupons, paid on 10 January 2026 at 20:00; posted.
    pub async fn order(&self, live_room_no: Option<&str>) {
        let at = "2026-01-10T20:00:00+08:00".parse().unwrap();
        let line = LineRecord {
            line_no: "1-1".into(),
            product_no: "3500000000000000001".into(),
            sku_no: "9".into(),
            title: "金桔".into(),
            pieces: 1,
            list_fen: 4_990,
            coupons: Coupons { shop_fen: 500, platform_fen: 300, anchor_fen: 200 },
            live_room_no: live_room_no.map(str::to_owned),
            author_no: None,
        };
        let record = OrderRecord {
            order_no: "1".into(),
            updated_at: at,
            created_at: at,
            paid_at: Some(at),
            completed_at: None,
            status: OrderStatus::Paid,
            platform_status: "paid".into(),
            buyer_freight_fen: 0,
            coupons: Coupons::default(),
            parcels: None,
            province: None,
            buyer_no: None,
            lines: vec![line],
        };
        let mut work = self.work().await;
        let source = self.source(&mut work).await;
        let records = vec![Evidenced::new(record, "{\"order\":1}".into())];
        let mut arrivals = orders::arrivals(source.shop_id, &[7; 32], records);
        orders::take(&mut work, &source, Knows::ALL, &mut arrivals).await.unwrap();
        post::post(&mut work).await.unwrap();
        work.commit(&any_change()).await.unwrap();
    }

    /// The statement of that order, with the fees the example's terms expect; posted.
    pub async fn statement(&self) {
        let record = SettlementRecord {
            statement_no: "s1".into(),
            order_no: "1".into(),
            line_no: Some("1-1".into()),
            settled_at: "2026-02-12T10:00:00+08:00".parse().unwrap(),
            goods_fen: 3_990,
            freight_fen: 0,
            subsidy_fen: 500,
            refund_fen: 0,
            platform_fen: 90,
            anchor_fen: 449,
        };
        let mut work = self.work().await;
        let source = self.source(&mut work).await;
        let records = vec![Evidenced::new(record, "{\"statement\":1}".into())];
        let mut arrivals = settlements::arrivals(source.shop_id, records);
        settlements::take(&mut work, &source, &mut arrivals).await.unwrap();
        post::post(&mut work).await.unwrap();
        work.commit(&any_change()).await.unwrap();
    }

    pub async fn figures(&self) -> FigureRow {
        self.total(Request::all(county(), Grouping::Total)).await
    }

    /// Only what the headline counts.
    pub async fn headline(&self) -> FigureRow {
        self.total(Request { headline_only: true, ..Request::all(county(), Grouping::Total) }).await
    }

    async fn total(&self, request: Request) -> FigureRow {
        total(&mut self.read().await, &request).await.unwrap()
    }
}
