//! The branch's tables as files: who takes which, what is not in them, and that a taking is counted and told.

use super::client::{Answer, enter, get};
use super::seed::{county, seeded};
use axum::http::{StatusCode, header};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use red_anchor::domain::access::{Role, Scope};
use red_anchor::services::exports::MOST_AN_HOUR;
use red_anchor::store::audit::{self, Sought};
use std::io::Cursor;

/// Tables of which the seed has rows.
const FILLED: [&str; 12] = [
    "training",
    "attendance",
    "certificates",
    "rooms",
    "products",
    "listings",
    "prices",
    "payouts",
    "requests",
    "unmatched",
    "shops",
    "audit",
];

const NAMES: [&str; 15] = [
    "training",
    "attendance",
    "assessments",
    "certificates",
    "rooms",
    "contests",
    "products",
    "listings",
    "prices",
    "payouts",
    "requests",
    "unmatched",
    "shops",
    "pulls",
    "audit",
];

fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.body.strip_prefix('\u{feff}').expect("the mark by which Excel knows UTF-8");
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn every_table_leaves_as_both_files_with_its_heads_and_names_no_household() {
    let seeded = seeded().await;
    let app = &seeded.app;
    for lang in ["zh", "en"] {
        let cookie = enter(app, Role::Branch).await;
        for name in NAMES {
            let answer = get(app, &format!("/branch/tables/{name}?format=csv&lang={lang}"), &cookie).await;
            assert_eq!(answer.status, StatusCode::OK, "{name}");
            let said = answer.header(header::CONTENT_DISPOSITION);
            assert!(said.contains(&format!("red-anchor-{name}-")) && said.ends_with(".csv\""), "{said}");
            let rows = rows(&answer);
            assert!(rows[0].len() > 1 && rows[0].iter().all(|head| !head.is_empty()), "{name}: {:?}", rows[0]);
            let cells = rows[1..].iter().filter(|row| row.len() > 1).count();
            assert!(cells > 0 || !FILLED.contains(&name), "{name} is empty: {}", answer.body);
            assert!(["陈示范", "陈*", "12.82", "29.62"].iter().all(|mark| !answer.body.contains(mark)), "{name}");
        }
    }
}

#[tokio::test]
async fn a_workbook_holds_the_same_cells() {
    let seeded = seeded().await;
    let cookie = enter(&seeded.app, Role::Auditor).await;
    let answer = get(&seeded.app, "/branch/tables/listings?format=xlsx", &cookie).await;
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(&answer.bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let row: Vec<Data> = sheet.rows().nth(1).unwrap().to_vec();
    assert!(row.contains(&Data::String("金桔".into())), "{row:?}");
    assert!(row.iter().any(|cell| matches!(cell, Data::Float(_))), "a price is a number: {row:?}");
}

#[tokio::test]
async fn households_leave_masked_to_those_who_hand_out_slips_alone() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let branch = enter(app, Role::Branch).await;
    let table = get(app, "/branch/households/table?format=csv", &branch).await;
    assert!(table.body.contains("陈*") && !table.body.contains("陈示范"), "{}", table.body);
    for role in [Role::Auditor, Role::Official, Role::Anchor, Role::Farmer, Role::VillageContact] {
        let cookie = enter(app, role).await;
        let refused = get(app, "/branch/households/table?format=csv", &cookie).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role:?}");
        let around = get(app, "/branch/tables/households?format=csv", &cookie).await.status;
        assert!(matches!(around, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{role:?}");
    }
    assert_eq!(get(app, "/branch/tables/secrets", &branch).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_taking_is_told_in_the_trail_and_there_are_only_so_many_an_hour() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Branch).await;
    for _ in 0..MOST_AN_HOUR {
        assert_eq!(get(app, "/branch/tables/rooms?format=csv", &cookie).await.status, StatusCode::OK);
    }
    let refused = get(app, "/branch/tables/rooms?format=csv", &cookie).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let sought = Sought { subject: Some("rooms 360827".into()), ..Sought::default() };
    assert_eq!(audit::count(&mut session, &sought).await.unwrap(), MOST_AN_HOUR);
}

#[tokio::test]
async fn the_trails_file_holds_what_was_searched_and_a_record_leads_to_its_rows() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Auditor).await;
    get(app, "/branch/tables/rooms?format=csv", &cookie).await;
    let file = get(app, "/branch/tables/audit?format=csv&noun=figures&lang=en", &cookie).await;
    let rows = rows(&file);
    assert!(rows.len() > 2 && rows[1][6].starts_with("audit "), "the last first: {rows:?}");
    assert!(rows[1..].iter().filter(|row| row.len() > 1).all(|row| row[5] == rows[1][5]), "of one noun: {rows:?}");
    let room = get(app, "/branch/rooms/1", &cookie).await.body;
    assert!(room.contains("/branch/audit?noun=room&amp;subject=r1"), "{room}");
    let history = get(app, "/branch/audit?noun=room&subject=nothing", &cookie).await;
    assert_eq!(history.status, StatusCode::OK);
    assert!(!history.body.contains("class=\"record\""), "nothing is told of it");
}

#[tokio::test]
async fn a_list_is_chosen_by_its_address_and_an_unknown_choice_is_none() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Branch).await;
    let page = async |path: &str| {
        let answer = get(app, path, &cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer.body
    };
    assert!(page("/branch/requests").await.contains("等分办"));
    let rated = page("/branch/requests?state=rated").await;
    assert!(!rated.contains("等分办") && rated.contains("换别的筛选"), "{rated}");
    let payouts = page("/branch/payouts?kind=income&operator=99").await;
    assert!(payouts.contains("value=\"income\" selected") && !payouts.contains("value=\"99\""), "{payouts}");
    assert!(page("/branch/lots?state=closed&sort=oldest").await.contains("value=\"oldest\" selected"));
    let goods = page("/branch/goods?state=withdrawn&sort=dearest").await;
    assert!(goods.contains("value=\"dearest\" selected") && goods.contains("换别的筛选"), "{goods}");
    assert!(
        goods.contains("listings?format=csv&amp;state=withdrawn&amp;sort=dearest"),
        "the file is chosen too: {goods}"
    );
    assert!(page("/branch/goods?state=published&product=1").await.contains("/branch/goods/listings/1\""));
    let households = page("/branch/slips?slip=has&sort=name").await;
    assert!(households.contains("换别的筛选") && households.contains("value=\"has\" selected"), "{households}");
    assert!(page("/branch/slips?slip=none").await.contains("陈*"));
    let unmatched = page("/branch/unmatched?cause=listing&shop=99&sort=oldest").await;
    assert!(unmatched.contains("value=\"oldest\" selected") && !unmatched.contains("value=\"99\""), "{unmatched}");
    let classes = page("/branch/training/curriculum?sign=unsigned&module=1").await;
    assert!(classes.contains("签到没填") && classes.contains("清除筛选"));
    for list in ["requests?state=rated&", "payouts?", "lots?", "training/curriculum?", "streams?"] {
        page(&format!("/branch/{list}page={}", i64::MAX)).await;
    }
    assert!(!page("/branch/training/curriculum?year=2021").await.contains("/branch/training/lessons/1\""));
}

#[tokio::test]
async fn what_the_address_chooses_is_what_the_file_holds() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Branch).await;
    let count = async |path: &str| {
        let file = get(app, path, &cookie).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        rows(&file)[1..].iter().filter(|row| row.len() > 1).count()
    };
    assert!(count("/branch/tables/listings?format=csv").await > 0);
    assert_eq!(count("/branch/tables/listings?format=csv&state=withdrawn").await, 0);
    assert!(count("/branch/tables/requests?format=csv").await > 0);
    assert_eq!(count("/branch/tables/requests?format=csv&state=rated").await, 0);
    assert!(count("/branch/households/table?format=csv&slip=none").await > 0);
    assert_eq!(count("/branch/households/table?format=csv&slip=has").await, 0);
    assert!(count("/branch/tables/unmatched?format=csv").await > 0);
    assert_eq!(count("/branch/tables/unmatched?format=csv&cause=shelf").await, 0);
}
