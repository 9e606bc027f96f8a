//! What goes wrong is a page with somewhere to go.

use super::client::{enter, get, send, submit, submit_from};
use super::seed::{FARMER, county, seeded};
use super::walk::pages;
use axum::http::Method;
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Role, Scope};
use red_anchor::store::farmers;
use red_anchor::web::routes::Open;
use red_anchor::web::ui::form::in_address;
use std::collections::BTreeSet;

#[tokio::test]
async fn failures_are_pages_in_the_readers_language() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Official).await;
    for (path, status, zh, en) in [
        ("/nowhere", StatusCode::NOT_FOUND, "没有这一页", "no such page"),
        ("/branch", StatusCode::FORBIDDEN, "不对您开放", "not open to you"),
        ("/official?from=2026-02-30", StatusCode::BAD_REQUEST, "读不懂", "cannot be read"),
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

/// A form of a page: where it posts to, what is sent from it, and what was typed into it.
struct Form {
    action: String,
    sent: String,
    typed: Vec<String>,
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}

/// The forms of a page that send text, each filled in: with words that are no day and no number, or with nothing.
fn forms(page: &str, fill: bool) -> Vec<Form> {
    let mut found = Vec::new();
    for text in page.split("<form ").skip(1) {
        let (head, inside) = text.split_once('>').unwrap();
        let inside = inside.split("</form>").next().unwrap();
        let (Some("post"), Some(action)) = (attribute(head, "method"), attribute(head, "action")) else { continue };
        if head.contains("multipart") {
            continue;
        }
        let (mut sent, mut typed) = (Vec::new(), Vec::new());
        for part in inside.split('<').skip(1) {
            let tag = part.split('>').next().unwrap();
            let Some(name) = attribute(tag, "name") else { continue };
            let value = attribute(tag, "value").unwrap_or_default().replace("&amp;", "&");
            let value = match (tag.split(' ').next().unwrap(), attribute(tag, "type").unwrap_or_default()) {
                ("select", _) => {
                    let of = inside.split_once(&format!("<{tag}")).unwrap().1;
                    attribute(of.split("<option ").nth(1).unwrap_or_default(), "value").unwrap_or_default().to_owned()
                }
                (_, "checkbox" | "radio") => continue,
                ("button", _) if sent.iter().any(|one: &String| one.starts_with(&format!("{name}="))) => continue,
                ("button" | "input", "hidden" | "submit") => value,
                (_, "password") => "a-secret-word".into(),
                _ if fill && attribute(tag, "autocomplete") != Some("one-time-code") => {
                    typed.push(format!("不是<{}", typed.len()));
                    typed.last().unwrap().clone()
                }
                _ => String::new(),
            };
            sent.push(format!("{name}={}", in_address(&value)));
        }
        found.push(Form { action: action.replace("&amp;", "&"), sent: sent.join("&"), typed });
    }
    found
}

/// What ends the session it is sent in, or answers on a page of its own.
const APART: [&str; 3] = ["/leave", "/me/", "/farmer/device/"];

#[tokio::test]
async fn whatever_form_is_refused_comes_back_with_what_was_typed_and_why() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (mut back, mut lost) = (BTreeSet::new(), BTreeSet::new());
    for role in Role::ALL {
        let cookie = enter(app, role).await;
        for (route, path) in pages().filter(|(route, _)| matches!(route.open, Open::To(_))) {
            for turn in 0.. {
                // read again for each form: the one before may have been taken
                let page = get(app, &path, &cookie).await;
                let Some(form) = forms(&page.body, turn % 2 == 1).into_iter().nth(turn / 2) else { break };
                if APART.iter().any(|apart| form.action.starts_with(apart)) {
                    continue;
                }
                let answer = submit(app, &form.action, &cookie, &form.sent).await;
                if answer.status != StatusCode::UNPROCESSABLE_ENTITY {
                    continue;
                }
                assert!(!answer.body.contains("a-secret-word"), "{}", form.action);
                let action = format!("action=\"{}\"", form.action);
                let kept = form.typed.iter().all(|typed| answer.body.contains(&typed.replace('<', "&lt;")));
                if kept && answer.body.contains(&action) && answer.body.contains("role=\"alert\"") {
                    back.insert(form.action);
                } else {
                    lost.insert(format!("{} on {}", form.action, route.path));
                }
            }
        }
    }
    assert_eq!(lost, BTreeSet::new());
    assert!(back.len() > 40, "{back:?}");
}

#[tokio::test]
async fn a_form_comes_back_as_it_was_typed_on_the_page_it_was_sent_from() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Branch).await;
    let path = "/branch/anchors/1/steps";
    let form = "stage=certified&from=2026-02-24&evidence=%3Cb%3E%22%E8%AF%81%22&class_no=%E7%AC%AC7%E6%9C%9F\
        &certificate_no=&expires_on=2027-02-24";
    let refused = submit(app, path, &cookie, form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (before, after) = refused.body.split_once(&format!("action=\"{path}\">")).expect("the form stands there");
    let (of_form, others) = after.split_once("</form>").unwrap();
    assert!(before.rsplit_once("<details").unwrap().1.starts_with(" open>"), "it is unfolded: {}", refused.body);
    assert!(of_form.starts_with("<p class=\"warn\" role=\"alert\""), "why stands in it: {of_form}");
    for said in [
        "<option value=\"certified\" selected>",
        "value=\"2026-02-24\"",
        "value=\"&lt;b&gt;&quot;证&quot;\"",
        "value=\"第7期\"",
        "value=\"2027-02-24\"",
    ] {
        assert!(of_form.contains(said), "{said} in {of_form}");
        assert!(!others.contains(said), "and in no other form: {said}");
    }
    assert!(!get(app, "/branch/anchors/1", &cookie).await.body.contains("第7期"), "nothing was kept");

    // the page as it was looked at, where it is this site's own
    for (referer, kept) in [("http://county.example", true), ("http://evil.example", false)] {
        let referer = format!("{referer}/branch/anchors/1?looked=at");
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let headers = [("cookie", cookie.as_str()), ("origin", "http://county.example"), ("referer", &referer), kind];
        let answer = send(app, Method::POST, path, &headers, form).await;
        assert!(answer.body.contains("role=\"alert\""), "{}", answer.body);
        assert_eq!(answer.body.contains("/branch/anchors/1?looked=at"), kept, "{referer}");
    }
}
