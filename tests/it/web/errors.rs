//! What goes wrong is a page with somewhere to go.

use super::client::{enter, get, submit, submit_from};
use super::seed::{FARMER, county, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Role, Scope};
use red_anchor::store::farmers;

#[tokio::test]
async fn failures_are_pages_in_the_readers_language() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Official).await;
    for (path, status, zh, en) in [
        ("/nowhere", StatusCode::NOT_FOUND, "没有这一页", "no such page"),
        ("/branch", StatusCode::FORBIDDEN, "不对您开放", "not open to you"),
        ("/official?from=2026-02-30", StatusCode::BAD_REQUEST, "读不懂", "cannot be read"),
        ("/official?from=2026-02-02&to=2026-02-01", StatusCode::BAD_REQUEST, "读不懂", "cannot be read"),
        ("/official/by/stream?page=0", StatusCode::BAD_REQUEST, "读不懂", "cannot be read"),
        ("/official/by/stream?page=x", StatusCode::BAD_REQUEST, "读不懂", "cannot be read"),
        ("/official/lines/99999", StatusCode::NOT_FOUND, "没有这一页", "no such page"),
        ("/official/lines/abc", StatusCode::BAD_REQUEST, "读不懂", "cannot be read"),
        ("/official/regions/360828", StatusCode::NOT_FOUND, "没有这一页", "no such page"),
    ] {
        let chinese = get(&seeded.app, path, &cookie).await;
        assert_eq!(chinese.status, status, "{path}");
        assert!(chinese.body.contains(zh) && chinese.body.contains("href=\"/official\""), "{path}");
        let english = get(&seeded.app, path, &format!("{cookie}; lang=en")).await;
        assert!(english.body.contains(en), "{path}");
    }
}

#[tokio::test]
async fn every_refusal_carries_what_the_browser_is_forbidden() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Official).await;
    let large = format!("name={}", "x".repeat(100_000));
    let answers = [
        (StatusCode::NOT_FOUND, get(app, "/nowhere", &cookie).await),
        (StatusCode::FORBIDDEN, get(app, "/branch", &cookie).await),
        (StatusCode::BAD_REQUEST, get(app, "/official?from=x", &cookie).await),
        (StatusCode::SEE_OTHER, get(app, "/official", "").await),
        (StatusCode::METHOD_NOT_ALLOWED, submit(app, "/official", &cookie, "").await),
        (StatusCode::FORBIDDEN, submit_from(app, "https://evil.example", "/me/password", &cookie, "").await),
        (StatusCode::UNPROCESSABLE_ENTITY, submit(app, "/sign-in", "", "name=x&password=y").await),
        (StatusCode::PAYLOAD_TOO_LARGE, submit(app, "/sign-in", "", &large).await),
    ];
    for (status, answer) in answers {
        assert_eq!(answer.status, status);
        assert!(answer.header(header::CONTENT_SECURITY_POLICY).starts_with("default-src 'self'"), "{status}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{status}");
        assert_eq!(answer.header(header::CACHE_CONTROL), "private, no-store", "{status}");
    }
}

#[tokio::test]
async fn each_look_at_a_household_or_its_line_is_recorded_with_the_account() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Official).await;
    for path in ["/official/farmers/1", "/official/lines/1", "/official/farmers/99"] {
        get(app, path, &cookie).await;
    }
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let looks = farmers::list_looks(&mut session, FARMER).await.unwrap();
    let lines: Vec<(&str, &str)> = looks.iter().map(|look| (look.role.as_str(), look.line_no.as_str())).collect();
    assert_eq!(lines, [("official", ""), ("official", "6910000000000000001")]);
    assert!(farmers::list_looks(&mut session, 2).await.unwrap().is_empty(), "another household was not looked at");
}

#[tokio::test]
async fn a_household_finds_only_its_own_parcels() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Farmer).await;
    assert_eq!(get(&seeded.app, "/farmer/parcels/1", &cookie).await.status, StatusCode::OK);
    assert_eq!(get(&seeded.app, "/farmer/parcels/3", &cookie).await.status, StatusCode::NOT_FOUND);
}
