//! Every public function of the store, with rows in it, on SQLite and on PostgreSQL: what is written comes back exactly,
//! days, instants to the microsecond, nulls, booleans, bytes and Chinese text included.
//!
//! A case lives in a county of its own, so that cases neither see nor need each other. To add one: a function in
//! [`super::cases`] that takes a [`Place`], and its name in the list there. `tests/run` reads the line printed here.

use super::cases;
use super::engines;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Scope};
use red_anchor::domain::calendar::{Day, Instant, parse_day};
use red_anchor::domain::regions::RegionCode;
use red_anchor::services::setup;
use red_anchor::store::{Session, Store, Work};

/// A county of one case.
pub struct Place {
    pub store: Store,
    pub code: RegionCode,
    clock: Clock,
}

impl Place {
    pub async fn new(store: &Store, number: usize) -> Self {
        // ninety-nine counties a prefecture: a code that ends in 00 is the prefecture's own
        let code = 360_101 + number / 99 * 100 + number % 99;
        let code = RegionCode::parse(&code.to_string()).expect("a county");
        setup::init(store, code, "", [7; 32], &red_anchor::clock::Clock::System).await.expect("a county");
        Self { store: store.clone(), code, clock: Clock::world(instant(0)) }
    }

    pub async fn read(&self) -> Session {
        self.store.read(Scope::County(self.code)).await.expect("a session")
    }

    pub async fn work(&self) -> Work {
        self.store.work(self.code, &Actor::command_line(), "案例", &self.clock).await.expect("work")
    }
}

pub fn day(text: &str) -> Day {
    parse_day(text).expect("a day")
}

/// An instant with microseconds, some seconds after a fixed one.
pub fn instant(seconds: i64) -> Instant {
    Instant::from_timestamp_micros(1_769_900_000_123_457 + seconds * 1_000_000).expect("an instant")
}

#[tokio::test]
async fn the_engines_keep_the_same_contract() {
    let dir = tempfile::tempdir().expect("a directory");
    let on_sqlite = Box::pin(cases::run(&engines::sqlite(&dir).await)).await;
    let on_postgres = Box::pin(cases::run(&engines::postgres().await)).await;
    println!("contract sqlite {on_sqlite}, postgresql {on_postgres}");
    assert!(on_sqlite > 0);
    assert_eq!(on_sqlite, on_postgres);
}
