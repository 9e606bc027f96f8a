//! Broadcast exports: the hours and views of streams the county knows.

use super::desk::{Desk, county};
use super::paper::csv;
use red_anchor::clock::Clock;
use red_anchor::domain::access::Actor;
use red_anchor::ingest::county;
use red_anchor::services::import::{Choice, Mode, Target, import};
use red_anchor::services::post;
use red_anchor::store::streams;

#[tokio::test]
async fn views_and_hours_are_laid_on_the_streams_the_county_planned() {
    let desk = Desk::open("kuaishou").await;
    let clock = Clock::at_end_of(super::desk::day("2026-11-20"));
    let actor = Actor::command_line();
    let mut work = desk.store.work(county(), &actor, "test", &clock).await.unwrap();
    let doc = county::parse("example", include_str!("../../../docs/example-county.json")).unwrap();
    county::import(&mut work, &doc).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let on = super::desk::day("2026-01-10");
    let before = streams::list_between(&mut desk.read().await, on, on).await.unwrap().remove(0);
    let local = |at: red_anchor::domain::calendar::Instant| red_anchor::domain::calendar::clock_text(at);
    let table = format!(
        "主播昵称|主播抖音号|直播开始时间|直播结束时间|观看人次\n演示|abc|{}|{}|1,234\n演示|abc|2026-07-01 20:00:00|2026-07-01 21:00:00|9",
        local(before.starts_at + chrono::TimeDelta::minutes(7)),
        local(before.ends_at),
    );
    let target = Target {
        store: &desk.store,
        county: county(),
        buyer_key: &[7; 32],
        actor: &actor,
        clock: &clock,
        shop_key: "demo1",
    };
    let received = || red_anchor::ingest::files::Received::new("场次.csv", std::io::Cursor::new(csv(&table)));
    let report = import(&target, received(), &Choice::default(), Mode::Commit).await.unwrap();
    assert_eq!((report.taken().changed, report.tables[0].rejected_count), (1, 1), "{report:?}");
    let after = streams::list_between(&mut desk.read().await, on, on).await.unwrap().remove(0);
    assert_eq!((after.views, after.starts_at), (Some(1_234), before.starts_at + chrono::TimeDelta::minutes(7)));
    let again = import(&target, received(), &Choice::default(), Mode::Commit).await.unwrap();
    assert_eq!((again.taken().changed, again.taken().unchanged), (0, 1));
}
