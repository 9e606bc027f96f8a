//! What goes wrong is a page with somewhere to go.

use super::client::{enter, get};
use super::seed::seeded;
use axum::http::StatusCode;
use red_anchor::domain::access::Role;

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
async fn a_household_finds_only_its_own_parcels() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Farmer).await;
    assert_eq!(get(&seeded.app, "/farmer/parcels/1", &cookie).await.status, StatusCode::OK);
    assert_eq!(get(&seeded.app, "/farmer/parcels/3", &cookie).await.status, StatusCode::NOT_FOUND);
}
