//! Documents to take away, and a stored report behind a link: who makes and ends one, what it shows, and when it does not.

use super::client::{Answer, enter_under, get, submit};
use super::review::late_refund;
use super::seed::{FARMER, Seeded, VILLAGE, county, day, grant, granted, seeded, sell_more};
use axum::http::{HeaderName, StatusCode, header};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::audit::{Noun, Verb};
use red_anchor::domain::month_report::sha256;
use red_anchor::services::desk::Desk;
use red_anchor::services::exports::MOST_AN_HOUR;
use red_anchor::services::{lock, openings, sharing};
use red_anchor::store::audit::{self, Sought};
use red_anchor::web::AppState;
use std::time::Duration;

const LINKS: &str = "/months/2026-02/links";
const PDF: &str = "/months/2026-02/reports/1/report.pdf";

/// February is over and locked.
async fn locked() -> Seeded {
    let seeded = seeded().await;
    let app = &seeded.app;
    sell_more(app).await;
    app.clock.sleep(Duration::from_hours(24 * 9)).await;
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, day("2026-02-01"), "缺基准价").await.unwrap();
    seeded
}

/// How often the trail says that something was done.
async fn told(app: &AppState, verb: Verb, noun: Noun) -> i64 {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let sought = Sought { noun: Some(noun.key().into()), ..Sought::default() };
    let rows = audit::list(&mut session, &sought, 1).await.unwrap();
    let count = rows.iter().filter(|row| row.verb == verb.key()).count();
    i64::try_from(count).unwrap()
}

/// The code of a link that was just made, as its page shows it.
fn code(answer: &Answer) -> String {
    let (_, rest) = answer.body.split_once("http://county.example/shared/").unwrap();
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

async fn shared(app: &AppState, cookie: &str) -> String {
    let made = submit(app, LINKS, cookie, "days=30").await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    code(&made)
}

fn robots(answer: &Answer) -> &str {
    answer.header(HeaderName::from_static("x-robots-tag"))
}

#[tokio::test]
async fn the_pdf_of_a_report_is_counted_told_and_not_for_everybody() {
    let seeded = locked().await;
    let app = &seeded.app;
    let official = enter_under(app, grant(Role::Official)).await;
    let file = get(app, PDF, &official).await;
    assert_eq!((file.status, file.header(header::CONTENT_TYPE)), (StatusCode::OK, "application/pdf"));
    assert!(file.bytes.starts_with(b"%PDF-"));
    assert!(file.header(header::CONTENT_DISPOSITION).contains("red-anchor-2026-02-report-1.pdf"));
    assert_eq!(get(app, PDF, &official).await.bytes, file.bytes, "the same facts are the same bytes");
    assert_ne!(get(app, &format!("{PDF}?lang=en"), &official).await.bytes, file.bytes);
    assert_eq!(told(app, Verb::Export, Noun::Month).await, 3);
    assert!(get(app, "/months/2026-02?lang=zh", &official).await.body.contains(PDF));

    let elsewhere = enter_under(app, granted(Role::Official, "360827101", 0)).await;
    assert_eq!(get(app, PDF, &elsewhere).await.status, StatusCode::NOT_FOUND, "a part of the county has no report");
    let anchor = enter_under(app, grant(Role::Anchor)).await;
    assert_eq!(get(app, PDF, &anchor).await.status, StatusCode::FORBIDDEN);
    for unknown in ["/months/2026-01/reports/1/report.pdf", "/months/2026-02/reports/9/report.pdf"] {
        assert_eq!(get(app, unknown, &official).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
    for _ in 3..MOST_AN_HOUR {
        assert_eq!(get(app, PDF, &official).await.status, StatusCode::OK);
    }
    let refused = get(app, PDF, &official).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(told(app, Verb::Export, Noun::Month).await, MOST_AN_HOUR, "one that is refused is not told");
}

#[tokio::test]
async fn a_year_of_locked_months_is_a_document_and_a_year_without_is_none() {
    let seeded = locked().await;
    let app = &seeded.app;
    let auditor = enter_under(app, grant(Role::Auditor)).await;
    assert!(get(app, "/months", &auditor).await.body.contains("/months/years/2026/report.pdf"));
    let year = get(app, "/months/years/2026/report.pdf", &auditor).await;
    assert!(year.status == StatusCode::OK && year.bytes.starts_with(b"%PDF-"), "{}", year.status);
    assert_eq!(told(app, Verb::Export, Noun::Month).await, 1);
    for nothing in ["2025", "-5", "999999999"] {
        let answer = get(app, &format!("/months/years/{nothing}/report.pdf"), &auditor).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    let town = enter_under(app, granted(Role::Official, "360827101", 0)).await;
    assert_eq!(get(app, "/months/years/2026/report.pdf", &town).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_household_and_its_village_contact_take_its_month_and_nobody_elses() {
    let seeded = locked().await;
    let app = &seeded.app;
    let farmer = enter_under(app, grant(Role::Farmer)).await;
    let own = get(app, "/farmer/months/2026-02/statement.pdf", &farmer).await;
    assert!(own.status == StatusCode::OK && own.bytes.starts_with(b"%PDF-"));
    assert!(get(app, "/farmer/months/2026-02", &farmer).await.body.contains("/farmer/months/2026-02/statement.pdf"));

    let contact = enter_under(app, granted(Role::VillageContact, VILLAGE, 0)).await;
    let path = format!("/village/farmers/{FARMER}/months/2026-02/statement.pdf");
    let brought = get(app, &path, &contact).await;
    assert!(brought.status == StatusCode::OK && brought.bytes.starts_with(b"%PDF-"), "{}", brought.status);
    assert_eq!(told(app, Verb::Export, Noun::Farmer).await, 1, "the household's own is not told, the contact's is");
    let next_door = enter_under(app, granted(Role::VillageContact, "360827101200", 0)).await;
    assert_eq!(get(app, &path, &next_door).await.status, StatusCode::NOT_FOUND);
    let official = enter_under(app, grant(Role::Official)).await;
    assert_eq!(get(app, &path, &official).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_link_shows_the_stored_original_without_signing_in_and_each_opening_is_counted() {
    let seeded = locked().await;
    let app = &seeded.app;
    let official = enter_under(app, grant(Role::Official)).await;
    let stored = get(app, "/months/2026-02/reports/1", &official).await;
    let hash = sha256(&stored.body);
    let code = shared(app, &official).await;
    assert_eq!(code.len(), 64);
    assert_eq!(told(app, Verb::Issue, Noun::SharedReport).await, 1);

    let page = get(app, &format!("/shared/{code}"), "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&hash) && page.body.contains("66,148.20"), "{}", page.body);
    assert!(robots(&page).contains("noindex") && page.header(header::CACHE_CONTROL).contains("no-store"));
    for household in ["陈*", "李*", "29.62", "/farmers/", "/official/lines"] {
        assert!(!page.body.contains(household), "{household}: {}", page.body);
    }
    let original = get(app, &format!("/shared/{code}/report.json"), "").await;
    assert_eq!(original.bytes, stored.bytes);
    assert!(robots(&original).contains("noindex"));
    let pdf = get(app, &format!("/shared/{code}/report.pdf"), "").await;
    assert!(pdf.bytes.starts_with(b"%PDF-") && robots(&pdf).contains("noindex"));
    for format in ["xlsx", "csv"] {
        let behind = format!("/shared/{code}/report.{format}");
        assert!(page.body.contains(&behind), "{format}: {}", page.body);
        let file = get(app, &behind, "").await;
        let own = get(app, &format!("/months/2026-02/reports/1/report.{format}"), &official).await;
        assert!(file.status == StatusCode::OK && robots(&file).contains("noindex"), "{format}: {}", file.status);
        assert_eq!(file.bytes, own.bytes, "{format}: what a reader of the county takes away");
        for household in ["陈*", "李*", "29.62"] {
            assert!(!file.body.contains(household), "{household}: {}", file.body);
        }
    }
    assert!(get(app, &format!("/shared/{code}"), &format!("{official}; lang=en")).await.body.contains("No. 1"));

    let list = get(app, LINKS, &official).await.body;
    assert!(list.contains("2 次") && list.contains("link-official-360827") && list.contains("能打开"), "{list}");
    assert!(!list.contains(&code), "a code is shown once");
}

#[tokio::test]
async fn a_link_that_ended_or_never_was_says_so_in_plain_words() {
    let seeded = locked().await;
    let app = &seeded.app;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    let (first, second) = (shared(app, &admin).await, shared(app, &admin).await);
    assert_ne!(first, second);
    let revoked = submit(app, &format!("{LINKS}/1/revoke"), &admin, "x=1").await;
    assert!(revoked.status.is_redirection(), "{}", revoked.status);
    assert_eq!(told(app, Verb::Remove, Noun::SharedReport).await, 1);
    for file in ["", "/report.json", "/report.pdf", "/report.xlsx", "/report.csv"] {
        let gone = get(app, &format!("/shared/{first}{file}"), "").await;
        assert!(gone.status == StatusCode::GONE && gone.body.contains("已经被收回"), "{file}: {}", gone.body);
        assert!(robots(&gone).contains("noindex"));
        assert_eq!(get(app, &format!("/shared/{second}{file}"), "").await.status, StatusCode::OK);
    }
    let again = submit(app, &format!("{LINKS}/1/revoke"), &admin, "x=1").await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "it is revoked once");
    assert!(get(app, LINKS, &admin).await.body.contains("收回"));

    app.clock.sleep(Duration::from_hours(24 * 30)).await;
    assert_eq!(get(app, &format!("/shared/{second}"), "").await.status, StatusCode::OK, "its last day");
    app.clock.sleep(Duration::from_hours(24)).await;
    let over = get(app, &format!("/shared/{second}"), "").await;
    assert!(over.status == StatusCode::GONE && over.body.contains("已经到期"), "{}", over.body);
    let unknown = get(app, "/shared/0123456789abcdef", "").await;
    assert!(unknown.status == StatusCode::NOT_FOUND && unknown.body.contains("没有这个链接"));
}

#[tokio::test]
async fn links_are_made_by_whoever_may_lock_and_for_a_report_that_is_stored() {
    let seeded = locked().await;
    let app = &seeded.app;
    for role in [Role::Branch, Role::Auditor, Role::VillageContact] {
        let cookie = enter_under(app, grant(role)).await;
        assert_eq!(submit(app, LINKS, &cookie, "days=30").await.status, StatusCode::FORBIDDEN, "{role:?}");
        assert_eq!(get(app, LINKS, &cookie).await.status, StatusCode::FORBIDDEN, "{role:?}");
    }
    let official = enter_under(app, grant(Role::Official)).await;
    let none = submit(app, "/months/2025-12/links", &official, "days=30").await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.body.contains("没有存下的月报"), "{}", none.body);
    for days in ["days=31", "days=100000"] {
        assert_eq!(submit(app, LINKS, &official, days).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
    }
    let town = enter_under(app, granted(Role::Official, "360827101", 0)).await;
    assert_eq!(submit(app, LINKS, &town, "days=30").await.status, StatusCode::NOT_FOUND);
    assert_eq!(told(app, Verb::Issue, Noun::SharedReport).await, 0);
}

#[tokio::test]
async fn a_link_goes_on_showing_its_report_when_the_month_is_opened_and_locked_anew_and_says_so() {
    let seeded = locked().await;
    let app = &seeded.app;
    let official = enter_under(app, grant(Role::Official)).await;
    let code = shared(app, &official).await;
    let before = get(app, &format!("/shared/{code}/report.json"), "").await.bytes;
    assert!(!get(app, &format!("/shared/{code}"), "").await.body.contains("后来重开过"));
    let month = day("2026-02-01");
    let (first, second) =
        (Actor::account(91, "甲", Role::Branch, "x"), Actor::account(92, "乙", Role::BranchAdmin, "y"));
    let desk = |actor| Desk { store: &app.store, county: county(), actor, clock: &app.clock };
    openings::ask(&desk(&first), month, "价错了").await.unwrap();
    openings::grant(&desk(&second), month).await.unwrap();
    assert!(get(app, &format!("/shared/{code}"), "").await.body.contains("后来重开过"));
    late_refund(app).await;
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, month, "缺基准价").await.unwrap();
    assert_eq!(get(app, &format!("/shared/{code}/report.json"), "").await.bytes, before);
    assert!(get(app, &format!("/shared/{code}"), "").await.body.contains("后来重开过"));
    let later = sharing::share(&desk(&second), month, 7).await.unwrap();
    assert!(!get(app, &format!("/shared/{later}"), "").await.body.contains("后来重开过"));
}
