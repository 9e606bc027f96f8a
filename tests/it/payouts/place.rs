//! A county with two operators and some households, whose settled income a case writes down itself.

use crate::audit::any_change;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::calendar::{Day, parse_day, start_of};
use red_anchor::domain::counts::Lens;
use red_anchor::domain::regions::RegionCode;
use red_anchor::services::desk::Desk;
use red_anchor::services::setup;
use red_anchor::store::figures::{self, Basis, FigureKey, FigureSums, Grain};
use red_anchor::store::goods::{self, Operator, Shop};
use red_anchor::store::payouts::due::{self, Of};
use red_anchor::store::people::{self, Farmer};
use red_anchor::store::{Session, Store};
use sqlx::AssertSqlSafe;

pub const OPERATOR: i64 = 1;
pub const OTHER: i64 = 2;
/// Shop of each operator: the number is the operator's.
const VILLAGE: &str = "360827100215";

pub fn code() -> RegionCode {
    RegionCode::parse("360827").unwrap()
}

pub fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

pub struct Place {
    pub store: Store,
    pub clock: Clock,
    pub staff: Actor,
    pub chief: Actor,
}

impl Place {
    pub async fn new(store: Store) -> Self {
        let clock = Clock::world(start_of(day("2026-01-01")));
        setup::init(&store, code(), "", [7; 32], &clock).await.unwrap();
        let person = |name: &str, role| Actor::account(0, name, role, "10.0.0.1");
        let place =
            Self { store, clock, staff: person("staff", Role::Branch), chief: person("chief", Role::BranchAdmin) };
        let mut work = place.store.work(code(), &Actor::command_line(), "set up", &place.clock).await.unwrap();
        let operator = |operator_id| Operator {
            operator_id,
            operator_key: format!("op{operator_id}"),
            name: "示范合作社".into(),
            phone: String::new(),
            pays_on_day: 15,
        };
        goods::upsert_operators(&mut work, &[operator(OPERATOR), operator(OTHER)]).await.unwrap();
        let shop = |operator_id: i64| Shop {
            shop_id: operator_id,
            shop_key: format!("s{operator_id}"),
            platform: "douyin".into(),
            platform_shop_id: String::new(),
            name: "店".into(),
            operator_id,
            known_to_at: None,
        };
        goods::upsert_shops(&mut work, &[shop(OPERATOR), shop(OTHER)]).await.unwrap();
        let farmer = |farmer_id: i64| Farmer {
            farmer_id,
            farmer_key: format!("f{farmer_id}"),
            name: "陈某".into(),
            village_code: VILLAGE.into(),
        };
        people::upsert_farmers(&mut work, &[farmer(1), farmer(2), farmer(3)]).await.unwrap();
        work.commit(&any_change()).await.unwrap();
        place
    }

    pub fn desk<'a>(&'a self, actor: &'a Actor) -> Desk<'a> {
        Desk { store: &self.store, county: code(), actor, clock: &self.clock }
    }

    /// Puts the clock on a day.
    pub fn on(&self, text: &str) {
        self.clock.advance_to(start_of(day(text)));
    }

    /// Books settled income of a household with an operator, below zero for a refund of settled goods.
    pub async fn earn(&self, operator_id: i64, farmer_id: i64, on: &str, fen: i64) {
        let mut sums = FigureSums::default();
        for grain in Grain::ALL {
            let key = FigureKey {
                basis: Basis::Event,
                lens: Lens::Shop,
                grain,
                start_on: grain.start(day(on)),
                key: operator_id,
                farmer_id,
                household_category: "general",
                village_code: RegionCode::parse(VILLAGE).unwrap(),
                class: "red",
            };
            let mut amounts = Amounts::ZERO;
            amounts[Col::SettledFarmer] = fen;
            sums.insert(key, (amounts, 1));
        }
        let mut work = self.store.work(code(), &Actor::command_line(), "earn", &self.clock).await.unwrap();
        figures::add(&mut work, &sums).await.unwrap();
        work.commit(&any_change()).await.unwrap();
    }

    pub async fn read(&self) -> Session {
        self.store.read(Scope::County(code())).await.unwrap()
    }

    /// What is due to a household from the first operator.
    pub async fn due(&self, farmer_id: i64, up_to: &str) -> i64 {
        let found = due::list(&mut self.read().await, Of::Farmer(farmer_id), day(up_to)).await.unwrap();
        found.iter().filter(|d| d.operator_id == OPERATOR).map(|d| d.balance.due_fen()).sum()
    }

    /// Runs a statement as another program would.
    pub async fn run(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.store {
            Store::Sqlite { writer, .. } => drop(sqlx::query(sql).execute(writer).await.unwrap()),
            Store::Postgres(pool) => drop(sqlx::query(sql).execute(pool).await.unwrap()),
        }
    }
}
