//! A person says which stream sold lines: what waits is decided, kept with who and why, and moves the figures.

use super::client::{enter, get, submit};
use super::seed::{LINE, STREAM, Seeded, county, granted, seeded};
use crate::audit::any_change;
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::services::desk::Desk;
use red_anchor::services::figures::{self, Request};
use red_anchor::services::post;
use red_anchor::store::audit::{self, Sought};
use red_anchor::store::figures::Grouping;
use red_anchor::store::lines::{self, Decision};
use red_anchor::store::orders::AttributionRow;
use red_anchor::store::{accounts, facts, orders, streams};
use red_anchor::web::AppState;

const PATH: &str = "/branch/unmatched/streams";
const REASON: &str = "reason=%E7%9C%8B%E8%BF%87%E5%9B%9E%E6%94%BE";

/// The seeded county, where the stream of its settled line is only inferred.
async fn inferred() -> Seeded {
    let seeded = seeded().await;
    let app = &seeded.app;
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    let guess = AttributionRow {
        line_id: LINE,
        version_id: 10,
        batch_id: work.batch_id,
        stream_id: STREAM,
        rule: "shelf".into(),
        bulk: false,
        actor: "rule".into(),
        reason: String::new(),
    };
    orders::insert_attributions(&mut work, &[guess]).await.unwrap();
    facts::queue(&mut work, &[1]).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    seeded
}

/// Uplift of what the headline counts.
async fn headline(app: &AppState) -> i64 {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let request = Request { headline_only: true, ..Request::all(county(), Grouping::Total) };
    figures::total(&mut session, &request).await.unwrap().uplift_fen
}

async fn decision(app: &AppState) -> Option<Decision> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    lines::find_decision(&mut session, LINE).await.unwrap()
}

async fn told(app: &AppState) -> i64 {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let sought = Sought { noun: Some("attribution".into()), ..Sought::default() };
    audit::count(&mut session, &sought).await.unwrap()
}

#[tokio::test]
async fn what_is_inferred_counts_once_a_person_confirms_it() {
    let seeded = inferred().await;
    let app = &seeded.app;
    assert_eq!(headline(app).await, 0, "a guess is not in the headline");
    let cookie = enter(app, Role::Branch).await;
    let page = get(app, "/branch/unmatched", &cookie).await.body;
    assert!(page.contains("name=\"line\" value=\"1\"") && page.contains("2026-02-20 19:00"), "{page}");
    let answer = submit(app, PATH, &cookie, &format!("line=1&stream=inferred&{REASON}")).await;
    assert_eq!((answer.status, answer.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/branch/unmatched"));
    assert_eq!(headline(app).await, 1_282);
    let decided = decision(app).await.unwrap();
    assert_eq!((decided.rule.as_str(), decided.reason.as_str()), ("person", "看过回放"));
    assert!(
        !get(app, "/branch/unmatched", &cookie).await.body.contains("value=\"1\" aria-label"),
        "it waits no longer"
    );
    assert_eq!(told(app).await, 1);
    submit(app, PATH, &cookie, &format!("line=1&stream=inferred&{REASON}")).await;
    assert_eq!(told(app).await, 1, "the same again is no news");
    submit(app, PATH, &cookie, &format!("line=1&stream=none&bulk=yes&{REASON}")).await;
    assert_eq!((headline(app).await, told(app).await), (0, 2), "bulk buying stands beside");
    submit(app, PATH, &cookie, &format!("line=1&stream={STREAM}&{REASON}")).await;
    assert_eq!((headline(app).await, told(app).await), (0, 3), "what was recorded of bulk buying is kept");
    submit(app, PATH, &cookie, &format!("line=1&stream={STREAM}&bulk=no&{REASON}")).await;
    assert_eq!((headline(app).await, told(app).await), (1_282, 4), "and taken off when somebody says so");
}

#[tokio::test]
async fn a_decision_needs_lines_a_reason_and_a_stream_of_the_shop() {
    let seeded = inferred().await;
    let app = &seeded.app;
    let mut work = app.store.work(county(), &Actor::command_line(), "set up", &app.clock).await.unwrap();
    let own = streams::list_of_ids(&mut work, &[STREAM]).await.unwrap().remove(0);
    let elsewhere = streams::Stream { stream_id: 9, stream_key: "st9".into(), shop_id: 2, ..own };
    streams::upsert(&mut work, &[elsewhere]).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    let cookie = enter(app, Role::Branch).await;
    for (form, says) in [
        ("stream=inferred&reason=x".to_owned(), "请先勾选"),
        ("line=1&stream=inferred&reason=".to_owned(), "请写明为什么"),
        (format!("line=1&stream=9&{REASON}"), "不是这一场所在店铺的"),
        (format!("line=1&stream=77&{REASON}"), "没有这一场直播"),
    ] {
        let answer = submit(app, PATH, &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.body.contains(says), "{form}: {}", answer.body);
    }
    assert_eq!(decision(app).await.unwrap().rule, "shelf");
    let auditor = enter(app, Role::Auditor).await;
    assert!(
        !get(app, "/branch/unmatched", &auditor).await.body.contains("name=\"reason\""),
        "who only reads sees no form"
    );
}

#[tokio::test]
async fn nobody_decides_over_a_stream_of_their_own() {
    let seeded = inferred().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Branch).await;
    let actor = Actor::command_line();
    let desk = Desk { store: &app.store, county: county(), actor: &actor, clock: &app.clock };
    let account = accounts::find_by_login(&app.store, "link-branch-360827").await.unwrap().unwrap();
    let anchor = granted(Role::Anchor, "360827", 1);
    red_anchor::services::accounts::give_role(&desk, account.account_id, &anchor).await.unwrap();
    let form = format!("line=1&stream=inferred&{REASON}");
    let refused = submit(app, PATH, &cookie, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("您自己的场次"), "{}", refused.body);
    assert_eq!(decision(app).await.unwrap().rule, "shelf");
    red_anchor::services::accounts::take_role(&desk, account.account_id, &anchor).await.unwrap();
    assert_eq!(submit(app, PATH, &cookie, &form).await.status, StatusCode::SEE_OTHER);
}
