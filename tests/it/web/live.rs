//! The cockpit and the big screen: what they show, what is held back, and how they are told.

use super::client::{HOST, enter, enter_under, get, submit};
use super::seed::{STREAM, at, county, granted, order, seeded};
use super::statements::Statements;
use crate::audit::any_change;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures::StreamExt;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Role};
use red_anchor::services::live::Watch;
use red_anchor::store::orders;
use red_anchor::web::live::hub::MOST_VIEWERS;
use red_anchor::web::{App, AppState, router};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tower::ServiceExt;
use tracing_subscriber::layer::SubscriberExt;

/// The seeded county while its first stream is on air.
fn on_air(app: &AppState) -> AppState {
    let clock = Clock::world(at("2026-02-20", 20, 0));
    Arc::new(App { clock, ..App::clone(app) })
}

#[tokio::test]
async fn the_cockpit_shows_all_of_a_stream_and_the_screen_nothing_of_few_households() {
    let seeded = seeded().await;
    let staff = enter(&seeded.app, Role::Branch).await;
    let app = on_air(&seeded.app);
    let address = format!("/branch/streams/{STREAM}/live");
    let unknown = get(&app, &address, &staff).await.body;
    assert!(unknown.contains("库存（件）") && unknown.contains("没有数"), "{unknown}");
    // eleven were counted before the evening's two were sold
    submit(&seeded.app, "/branch/goods/listings/1/count", &staff, "on=2026-02-20&parcels=11&when=before").await;
    let counted = get(&app, &address, &staff).await.body;
    assert!(!counted.contains("没有数") && counted.contains(">9<"), "{counted}");
    let cockpit = get(&app, &format!("/branch/streams/{STREAM}/live"), &staff).await.body;
    assert!(
        cockpit.contains("按付款，未扣退款") && cockpit.contains("成交额 GMV") && cockpit.contains("79.80"),
        "{cockpit}"
    );
    let screen = get(&app, "/screen", &staff).await.body;
    assert!(screen.contains("正在直播") && screen.contains("不足 5 户，不显示") && screen.contains("演示数据"));
    assert!(!screen.contains("79.80") && !screen.contains("主播甲") && !screen.contains("陈"), "{screen}");
    let not_yet = get(&app, "/branch/streams/2/live", &staff).await.body;
    assert!(not_yet.contains("这一场已经结束"), "the other is of another day");
}

#[tokio::test]
async fn a_day_that_stands_still_is_told_once() {
    let seeded = seeded().await;
    let staff = enter(&seeded.app, Role::Branch).await;
    let app = on_air(&seeded.app);
    let told = get(&app, "/screen/events", &staff).await;
    assert_eq!(told.header(header::CONTENT_TYPE), "text/event-stream");
    assert!(told.body.starts_with("id: ") || told.body.contains("\nid: "), "{}", told.body);
    assert!(told.body.contains("retry: 3600000") && told.body.contains("不足 5 户"));
    let of_town = enter_under(&seeded.app, granted(Role::Official, "360827100", 0)).await;
    assert_eq!(get(&app, "/screen/events", &of_town).await.status, StatusCode::NO_CONTENT);
    assert!(get(&app, "/screen", &of_town).await.body.contains("您的范围看不到"));
    assert_eq!(get(&app, "/branch/streams/99/live/events", &staff).await.status, StatusCode::NOT_FOUND);
}

/// The first event of an answer that goes on; what comes after is dropped with it.
async fn first_event(app: &AppState, cookie: &str, last_seen: &str) -> String {
    let request = Request::builder().uri("/screen/events").header(header::HOST, HOST).header("cookie", cookie);
    let request = request.header("last-event-id", last_seen).body(Body::empty()).unwrap();
    let response = router(app.clone()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body().into_data_stream();
    String::from_utf8(body.next().await.unwrap().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn many_watch_for_the_price_of_one_and_whoever_leaves_frees_the_place() {
    let seeded = seeded().await;
    let app: AppState = Arc::new(App { clock: Clock::System, ..App::clone(&seeded.app) });
    let staff = enter(&app, Role::Branch).await;
    let count = Statements::default();
    let _another = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(count.clone()));
    let mut viewers: Vec<_> = (0..MOST_VIEWERS)
        .map(|of| app.live.watch(&app.store, &app.clock, county(), &of.to_string()).unwrap())
        .collect();
    assert!(app.live.watch(&app.store, &app.clock, county(), "another").is_err(), "every place is taken");
    let mut marks = Vec::new();
    for viewer in &mut viewers {
        marks.push(viewer.next().await.unwrap().mark);
    }
    marks.dedup();
    assert_eq!(marks.len(), 1, "all hear the same");
    let statements = count.0.load(Ordering::Relaxed);
    assert!((1..20).contains(&statements), "{statements} statements for {MOST_VIEWERS} viewers");
    viewers.truncate(1);
    assert_eq!(app.live.count(county()), 1);
    let event = first_event(&app, &staff, "").await;
    assert!(event.contains("data:") && event.contains("retry: 2000"), "{event}");
    viewers.clear();
    assert_eq!(app.live.count(county()), 0, "the answer was dropped, and its place with it");
}

#[tokio::test]
async fn a_county_in_which_nothing_is_written_is_asked_one_statement_a_look() {
    let seeded = seeded().await;
    let app = on_air(&seeded.app);
    let count = Statements::default();
    let _another = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(count.clone()));
    let mut watch = Watch::new(app.store.clone(), app.clock.clone(), county());
    let first = watch.step().await.unwrap().expect("the first look shows what there is");
    for _ in 0..10 {
        count.0.store(0, Ordering::Relaxed);
        assert!(watch.step().await.unwrap().is_none());
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
    }
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    orders::upsert_orders(&mut work, &[order(60, at("2026-02-20", 19, 59))]).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    let second = watch.step().await.unwrap().expect("something was written");
    assert!(second.mark > first.mark);
    app.clock.sleep(std::time::Duration::from_mins(1)).await;
    assert!(watch.step().await.unwrap().is_some(), "streams begin and end without anybody writing");
}
