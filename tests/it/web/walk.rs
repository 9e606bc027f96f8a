//! Every address of the table, as everybody.

use super::client::{enter, get};
use super::seed::{HOSTILE, LINE, STREAM, TOWN, county, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Role, Scope};
use red_anchor::domain::phrases;
use red_anchor::store::counties;
use red_anchor::web::assets;
use red_anchor::web::routes::{ROUTES, Route, Verb};

/// The seeded county's data that is Chinese by nature and stays so on English pages.
const DATA: [&str; 22] = [
    "遂川县",
    "雩田镇",
    "雩田村委会",
    "陈*",
    "陈示范",
    "李*",
    "主播甲",
    "一号直播间",
    "示范抖店",
    "没取过数的店",
    "没对应的商品",
    "金桔 5斤",
    "金桔",
    "三家收购商平均",
    "录入员",
    "审核员",
    "示范合作社",
    "两台手机",
    "示范-001",
    "示范-002",
    "示范-003",
    "规则",
];

/// Files that are handed out: no page, and their content is data.
const DOWNLOADS: [&str; 21] = [
    "/anchor/goods/photos/{id}",
    "/anchor/streams/{id}/review.pdf",
    "/branch/anchors/{id}/paper.pdf",
    "/branch/files/profiles/{name}",
    "/branch/goods/photos/{id}",
    "/branch/households/blank",
    "/branch/households/table",
    "/branch/lots/table",
    "/branch/prices/sheet",
    "/branch/streams/table",
    "/branch/streams/{id}/live/events",
    "/branch/tables/{name}",
    "/branch/streams/{id}/review.pdf",
    "/branch/training/sheet",
    "/branch/training/summary.pdf",
    "/branch/unmatched/sheet",
    "/farmer/goods/photos/{id}",
    "/farmer/months/{month}/statement.pdf",
    "/official/regions/{code}/sheet.pdf",
    "/screen/events",
    "/village/farmers/{id}/months/{month}/statement.pdf",
];

/// A route's path with something of the seeded county in it.
pub fn address(route: &Route) -> String {
    if route.path.starts_with("/static/") {
        return assets::style_href();
    }
    if route.path == "/s/{code}" {
        return "/s/unknown".into();
    }
    let mut path = route.path.to_owned();
    for (name, value) in [
        ("{ask}", "price"),
        ("{grouping}", "stream"),
        ("tables/{file}", "tables/product.csv"),
        ("branch/tables/{name}", "branch/tables/training"),
        ("{file}", "cumulative.svg"),
        ("{code}", TOWN),
        ("{month}", "2026-02"),
        ("{day}", "2026-02-20"),
        ("{token}", "unknown"),
        ("{shop}", "1"),
        ("{year}", "2026"),
        ("{name}", "douyin-orders"),
    ] {
        path = path.replace(name, value);
    }
    if path.starts_with("/branch/accounts") {
        path = path.replace("{id}", "1");
    }
    let id = if path.contains("lines") || path.contains("parcels") { LINE } else { STREAM };
    path = path.replace("{id}", &id.to_string());
    if path == "/farmer/requests/new" {
        return format!("{path}?about=month&which=2026-02");
    }
    if path == "/official/lines" { "/official/lines?by=product&key=1".into() } else { path }
}

pub fn pages() -> impl Iterator<Item = (&'static Route, String)> {
    ROUTES.iter().filter(|r| r.verb == Verb::Get && !DOWNLOADS.contains(&r.path)).map(|route| (route, address(route)))
}

#[tokio::test]
async fn no_answer_allows_anything_inline_and_no_page_needs_it() {
    let seeded = seeded().await;
    for role in Role::ALL {
        let cookie = enter(&seeded.app, role).await;
        for (_, path) in pages() {
            let answer = get(&seeded.app, &path, &cookie).await;
            let policy = answer.header(header::CONTENT_SECURITY_POLICY);
            assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
            if !path.starts_with("/static/") {
                // a file of this site's own is not inline
                let (upload, aloud) = (assets::upload_href(), assets::aloud_href());
                let own = [upload, aloud, assets::weighing_href(), assets::live_href(), assets::search_href()];
                let body = own.iter().fold(answer.body.clone(), |body, href| {
                    body.replace(&format!("<script src=\"{href}\""), "")
                        .replace(&format!("<script id=\"saved\" src=\"{href}\""), "")
                });
                for inline in [" style=", "<style", "<script", " onclick=", "javascript:"] {
                    assert!(!body.contains(inline), "{path} holds {inline}");
                }
            }
        }
    }
}

#[tokio::test]
async fn english_pages_hold_chinese_only_in_data() {
    let seeded = seeded().await;
    let mut session = seeded.app.store.read(Scope::County(county())).await.unwrap();
    let regions = counties::region_names(&mut session).await.unwrap();
    drop(session);
    let towns: Vec<String> = regions.into_iter().filter(|(code, _)| code.len() == 9).map(|(_, name)| name).collect();
    for role in Role::ALL {
        let cookie = format!("{}; lang=en", enter(&seeded.app, role).await);
        for (_, path) in pages().filter(|(_, path)| !path.starts_with("/static/")) {
            let mut text = get(&seeded.app, &path, &cookie).await.body;
            assert!(
                text.contains("lang=\"en\"") || path.contains(".svg") || path.contains(".csv") || text.is_empty(),
                "{path} is English"
            );
            // the switch names the language it leads to in that language
            text = text.replace(">中文<", "><");
            // phrases and what to say instead are what is said on streams
            let mut phrases: Vec<&str> = phrases::OWN.iter().flat_map(|(text, _, instead)| [*text, *instead]).collect();
            phrases.sort_by_key(|text| std::cmp::Reverse(text.len()));
            let phrases = phrases.into_iter().filter(|text| !text.is_empty() && path.starts_with("/branch/streams"));
            for data in towns.iter().map(String::as_str).chain(DATA).chain(phrases) {
                text = text.replace(data, "");
            }
            let left: String = text.chars().filter(|c| ('\u{2e80}'..='\u{9fff}').contains(c)).collect();
            assert_eq!(left, "", "{path} as {role:?}");
        }
    }
}

#[tokio::test]
async fn every_page_says_that_demo_data_is_invented() {
    let seeded = seeded().await;
    for role in Role::ALL {
        let cookie = enter(&seeded.app, role).await;
        for (_, path) in pages().filter(|(_, path)| !path.starts_with("/static/")) {
            let answer = get(&seeded.app, &path, &cookie).await;
            let redirected = answer.status.is_redirection();
            assert!(redirected || answer.body.contains("演示数据"), "{path} as {role:?}");
        }
    }
}

#[tokio::test]
async fn a_hostile_name_is_text_everywhere() {
    let seeded = seeded().await;
    let mut shown = 0;
    for role in Role::ALL {
        let cookie = enter(&seeded.app, role).await;
        for (_, path) in pages() {
            let body = get(&seeded.app, &path, &cookie).await.body;
            assert!(!body.contains(HOSTILE), "{path} as {role:?}");
            shown += usize::from(body.contains("&lt;script&gt;"));
        }
    }
    assert!(shown >= 3, "the name stands on several pages, as text");
}

#[tokio::test]
async fn the_switch_is_remembered() {
    let seeded = seeded().await;
    let answer = get(&seeded.app, "/method?lang=en", "").await;
    assert!(answer.body.contains("Farmer income"));
    let cookie = answer.cookie("lang=").unwrap();
    assert!(get(&seeded.app, "/method", &cookie).await.body.contains("Farmer income"));
    assert!(get(&seeded.app, "/method?lang=zh", &cookie).await.body.contains("农户实收"));
}

#[tokio::test]
async fn static_files_may_be_kept_for_ever_and_pages_not_at_all() {
    let seeded = seeded().await;
    let css = get(&seeded.app, &assets::style_href(), "").await;
    assert!(css.header(header::CACHE_CONTROL).contains("immutable"));
    assert_eq!(get(&seeded.app, "/method", "").await.header(header::CACHE_CONTROL), "private, no-store");
    let old = get(&seeded.app, "/static/000000000000/app.css", "").await;
    assert_eq!(old.status, StatusCode::NOT_FOUND);
}
