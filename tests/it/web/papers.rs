//! Papers and tables to take away from the pages they belong to: who takes them, that it is told, and what they leave out.

use super::client::{enter_under, get};
use super::seed::{STREAM, at, county, day, grant, granted, seeded, sell_more};
use crate::audit::any_change;
use axum::http::{StatusCode, header};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::audit::{Noun, Verb};
use red_anchor::services::lock;
use red_anchor::store::audit::{self, Sought};
use red_anchor::store::streams;
use red_anchor::web::AppState;
use std::io::Cursor;
use std::time::Duration;

const TOWN: &str = "/official/regions/360827101/sheet.pdf";
const XLSX: &str = "/months/2026-02/reports/1/report.xlsx";
const CSV: &str = "/months/2026-02/reports/1/report.csv";

/// February is over and locked.
async fn locked(app: &AppState) {
    sell_more(app).await;
    app.clock.sleep(Duration::from_hours(24 * 9)).await;
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, day("2026-02-01"), "缺基准价").await.unwrap();
}

/// How often the trail says that something was taken away.
async fn told(app: &AppState, noun: Noun) -> usize {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let sought = Sought { noun: Some(noun.key().into()), ..Sought::default() };
    let rows = audit::list(&mut session, &sought, 1).await.unwrap();
    rows.iter().filter(|row| row.verb == Verb::Export.key()).count()
}

#[tokio::test]
async fn the_report_of_a_month_is_taken_as_tables_that_say_what_its_document_says() {
    let seeded = seeded().await;
    let app = &seeded.app;
    locked(app).await;
    let official = enter_under(app, grant(Role::Official)).await;
    let page = get(app, "/months/2026-02?lang=zh", &official).await.body;
    assert!(page.contains(&format!("{XLSX}?lang=zh")) && page.contains(&format!("{CSV}?lang=zh")), "{page}");
    let file = get(app, XLSX, &official).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.header(header::CONTENT_DISPOSITION).contains("red-anchor-2026-02-report-1.xlsx"));
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(file.bytes.clone())).unwrap();
    let figures = book.worksheet_range("各项指标").unwrap();
    let text = get(app, CSV, &official).await.body;
    let row = figures.rows().find(|row| row[0] == Data::String("成交额（元）".into())).unwrap();
    let Data::Float(gmv) = row[2] else { panic!("{row:?}") };
    let gmv = format!("{gmv:.2}");
    assert!(text.contains(&format!("各项指标,全部订单,成交额（元）,{gmv},元")), "{gmv} in {text}");
    assert_eq!(get(app, XLSX, &official).await.bytes, file.bytes, "the same facts are the same bytes");
    let year = get(app, "/months/years/2026/report.xlsx", &official).await;
    assert_eq!(year.status, StatusCode::OK);
    assert!(get(app, "/months", &official).await.body.contains("/months/years/2026/report.xlsx"));
    let year = get(app, "/months/years/2026/report.csv?lang=zh", &official).await;
    assert!(year.header(header::CONTENT_TYPE).starts_with("text/csv"), "{}", year.status);
    assert!(year.body.contains("2026-02,红色直播,助农增收（元）,"), "{}", year.body);
    assert!(get(app, "/months", &official).await.body.contains("/months/years/2026/report.csv"));
    assert_eq!(told(app, Noun::Month).await, 5);

    let elsewhere = enter_under(app, granted(Role::Official, "360827101", 0)).await;
    let anchor = enter_under(app, grant(Role::Anchor)).await;
    for path in [XLSX, CSV, "/months/years/2026/report.xlsx", "/months/years/2026/report.csv"] {
        assert_eq!(get(app, path, &elsewhere).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(get(app, path, &anchor).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for unknown in ["/months/2026-01/reports/1/report.xlsx", "/months/2026-02/reports/9/report.csv"] {
        assert_eq!(get(app, unknown, &official).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn a_town_is_one_sheet_for_who_may_read_the_town_once_a_month_is_locked() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let town = enter_under(app, granted(Role::Official, "360827101", 0)).await;
    let none = get(app, TOWN, &town).await;
    assert!(none.status != StatusCode::OK && !none.bytes.starts_with(b"%PDF-"), "no month is locked");
    locked(app).await;
    assert!(get(app, "/official/regions/360827101", &town).await.body.contains(TOWN));
    let sheet = get(app, TOWN, &town).await;
    assert!(sheet.status == StatusCode::OK && sheet.bytes.starts_with(b"%PDF-"), "{}", sheet.body);
    assert_eq!(get(app, TOWN, &town).await.bytes, sheet.bytes, "the same facts are the same bytes");
    assert_ne!(get(app, &format!("{TOWN}?lang=en"), &town).await.bytes, sheet.bytes);
    assert_eq!(told(app, Noun::Figures).await, 3);
    let before = get(app, &format!("{TOWN}?from=2025-01-01&to=2025-12-31"), &town).await;
    assert!(!before.bytes.starts_with(b"%PDF-"), "no month of it is locked");
    let next_door = enter_under(app, granted(Role::Official, "360827100", 0)).await;
    assert_eq!(get(app, TOWN, &next_door).await.status, StatusCode::NOT_FOUND);
    let official = enter_under(app, grant(Role::Official)).await;
    assert_eq!(get(app, TOWN, &official).await.bytes, sheet.bytes, "whoever reads it");
    assert_eq!(get(app, "/official/regions/360827/sheet.pdf", &official).await.status, StatusCode::NOT_FOUND);
    let staff = enter_under(app, grant(Role::Branch)).await;
    assert_eq!(get(app, TOWN, &staff).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_stream_is_reviewed_on_paper_by_the_branch_and_its_anchor() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let path = format!("/branch/streams/{STREAM}/review.pdf");
    assert!(get(app, &format!("/branch/streams/{STREAM}"), &staff).await.body.contains(&path));
    let paper = get(app, &path, &staff).await;
    assert!(paper.status == StatusCode::OK && paper.bytes.starts_with(b"%PDF-"), "{}", paper.body);
    assert_eq!(told(app, Noun::Stream).await, 1);
    let history = get(app, &format!("/branch/audit?noun=stream&subject=st{STREAM}"), &staff).await.body;
    assert!(history.contains("class=\"record\""), "told under the key its history is read by: {history}");
    assert_eq!(get(app, "/branch/streams/999/review.pdf", &staff).await.status, StatusCode::NOT_FOUND);
    let mut work = app.store.work(county(), &Actor::command_line(), "plan", &app.clock).await.unwrap();
    let begun = streams::find(&mut work, STREAM).await.unwrap().unwrap();
    let (starts_at, ends_at) = (at("2026-02-26", 19, 0), at("2026-02-26", 22, 0));
    let (stream_key, live_room_no) = ("st9".into(), "739".into());
    let later = streams::Stream {
        stream_id: 9,
        stream_key,
        live_room_no,
        starts_at,
        ends_at,
        started_on: day("2026-02-26"),
        ..begun
    };
    streams::upsert(&mut work, &[later]).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    assert!(!get(app, "/branch/streams/9", &staff).await.body.contains("review.pdf"), "it has not begun");
    assert_eq!(get(app, "/branch/streams/9/review.pdf", &staff).await.status, StatusCode::NOT_FOUND);

    let anchor = enter_under(app, grant(Role::Anchor)).await;
    let own = path.replace("/branch", "/anchor");
    assert!(get(app, &format!("/anchor/streams/{STREAM}"), &anchor).await.body.contains(&own));
    assert_eq!(get(app, &own, &anchor).await.bytes, paper.bytes, "the same for both");
    assert_eq!(get(app, &path, &anchor).await.status, StatusCode::FORBIDDEN);
    let other = enter_under(app, granted(Role::Anchor, "360827", 99)).await;
    assert_eq!(get(app, &own, &other).await.status, StatusCode::NOT_FOUND, "another anchor's stream");
    let official = enter_under(app, grant(Role::Official)).await;
    assert_eq!(get(app, &path, &official).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_training_of_a_year_is_taken_away_and_told() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let path = "/branch/training/summary.pdf";
    let staff = enter_under(app, grant(Role::Branch)).await;
    assert!(get(app, "/branch/training", &staff).await.body.contains(path));
    let paper = get(app, path, &staff).await;
    assert!(paper.status == StatusCode::OK && paper.bytes.starts_with(b"%PDF-"), "{}", paper.body);
    assert_eq!(get(app, path, &staff).await.bytes, paper.bytes, "the same facts are the same bytes");
    assert_eq!(told(app, Noun::Curriculum).await, 2);
    let official = enter_under(app, grant(Role::Official)).await;
    assert_eq!(get(app, path, &official).await.status, StatusCode::FORBIDDEN);
}

/// The first link on a page that begins like this.
fn link(page: &str, begins: &str) -> String {
    let at = page.find(&format!("href=\"{begins}")).unwrap_or_else(|| panic!("no link to {begins} in {page}"));
    page[at + 6..].split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn the_headline_leads_to_an_order_line_in_four_taps() {
    let seeded = seeded().await;
    let app = &seeded.app;
    sell_more(app).await;
    let official = enter_under(app, grant(Role::Official)).await;
    let mut page = get(app, "/official", &official).await.body;
    for step in ["/official/by/town", "/official/regions/", "/official/farmers/", "/official/lines/"] {
        let answer = get(app, &link(&page, step), &official).await;
        assert_eq!(answer.status, StatusCode::OK, "{step}");
        page = answer.body;
    }
    assert!(page.contains("<h2>凭据</h2>"), "the line shows its evidence: {page}");
}

#[tokio::test]
async fn every_number_of_the_overview_leads_to_what_it_means() {
    let seeded = seeded().await;
    let app = &seeded.app;
    sell_more(app).await;
    let official = enter_under(app, grant(Role::Official)).await;
    let page = get(app, "/official", &official).await.body;
    let method = get(app, "/method", &official).await.body;
    let labels: Vec<&str> = page.split("<dt>").skip(1).map(|rest| rest.split("</dt>").next().unwrap()).collect();
    assert!(labels.len() > 8, "{labels:?}");
    for label in labels {
        let id = label.strip_prefix("<a href=\"/method#").unwrap_or_else(|| panic!("{label} leads nowhere"));
        let id = id.split('"').next().unwrap();
        assert!(method.contains(&format!("id=\"{id}\"")), "{label}: no {id} in the definitions");
    }
    // each card with numbers says up to when they are known
    assert!(page.matches("截至").count() >= 4, "{page}");
}
