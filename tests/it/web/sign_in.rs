//! One-time links and the sessions they start.

use super::client::{ask, enter, get, post};
use super::seed::{link, seeded};
use axum::http::{Method, StatusCode, header};
use red_anchor::domain::access::Role;

#[tokio::test]
async fn a_preview_of_a_link_does_not_use_it_up_and_its_button_does_once() {
    let seeded = seeded().await;
    let path = format!("/enter/{}", link(&seeded.app, Role::Branch).await);
    assert!(get(&seeded.app, &path, "").await.cookie("session=").is_none());
    assert!(get(&seeded.app, &path, "").await.body.contains("<button"));
    let first = post(&seeded.app, &path, "").await;
    let cookie = first.cookie("session=").unwrap();
    assert!(first.header(header::SET_COOKIE).contains("HttpOnly; SameSite=Lax"));
    assert_eq!(get(&seeded.app, "/branch", &cookie).await.status, StatusCode::OK);
    let second = post(&seeded.app, &path, "").await;
    assert_eq!((second.status, second.cookie("session=")), (StatusCode::NOT_FOUND, None));
}

#[tokio::test]
async fn a_post_from_elsewhere_is_refused_before_it_does_anything() {
    let seeded = seeded().await;
    let path = format!("/enter/{}", link(&seeded.app, Role::Branch).await);
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let headers: Vec<(&str, &str)> = origin.map(|o| ("origin", o)).into_iter().collect();
        let answer = ask(&seeded.app, Method::POST, &path, &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
    assert!(post(&seeded.app, &path, "").await.cookie("session=").is_some(), "the link is still good");
}

#[tokio::test]
async fn leaving_ends_the_session_on_the_server() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Official).await;
    assert_eq!(get(&seeded.app, "/official", &cookie).await.status, StatusCode::OK);
    post(&seeded.app, "/leave", &cookie).await;
    let after = get(&seeded.app, "/official", &cookie).await;
    assert_eq!((after.status, after.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/sign-in?next=/official"));
}

#[tokio::test]
async fn a_draft_on_the_device_is_kept_under_the_accounts_key_and_forgotten_on_leaving() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, other) = (enter(app, Role::Branch).await, enter(app, Role::BranchAdmin).await);
    let key = |body: &str| body.split("data-draft=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let own = key(&get(app, "/branch/lots/new", &staff).await.body);
    assert_eq!(own.len(), 64, "an opaque key: {own}");
    assert_eq!(key(&get(app, "/branch/lots/new", &staff).await.body), own, "the same each time");
    assert_ne!(key(&get(app, "/branch/lots/new", &other).await.body), own);

    let home = post(app, "/leave", &staff).await.header(header::LOCATION).to_owned();
    assert_eq!(key(&get(app, &home, "").await.body), own, "the front page forgets this one");
    assert!(!get(app, "/", "").await.body.contains("data-draft"));
}

#[tokio::test]
async fn over_tls_the_cookie_never_leaves_tls() {
    let seeded = seeded().await;
    let path = format!("/enter/{}", link(&seeded.app, Role::Branch).await);
    let answer = ask(&seeded.app, Method::POST, &path, &[("origin", "https://county.example")]).await;
    assert!(answer.header(header::SET_COOKIE).ends_with("; Secure"));
}
