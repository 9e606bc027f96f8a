//! Households' slips: printed, used with four digits, blocked, revoked; several households on one phone; the village
//! contact's statements.

use super::client::{enter, enter_under, get, submit};
use super::seed::{FARMER, VILLAGE, county, granted, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role};
use red_anchor::services::slips;
use red_anchor::web::AppState;

async fn slip(app: &AppState, farmer_id: i64) -> String {
    let issued = slips::issue(&app.store, county(), &Actor::command_line(), &app.clock, &[farmer_id]).await.unwrap();
    format!("/s/{}", issued[0].code)
}

async fn let_in(app: &AppState, path: &str, digits: &str, cookie: &str) -> Option<String> {
    submit(app, path, cookie, &format!("digits={digits}")).await.cookie("session=")
}

#[tokio::test]
async fn a_slip_lets_a_phone_in_with_the_last_four_digits() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let path = slip(app, FARMER).await;
    let page = get(app, &path, "").await;
    assert!(page.body.contains("陈*") && !page.body.contains("陈示范"));
    assert!(page.cookie("session=").is_none(), "the slip alone lets nobody in");
    let wrong = submit(app, &path, "", "digits=9999").await;
    assert!(wrong.body.contains("还能试 4 次"));
    let cookie = let_in(app, &path, "0042", "").await.unwrap();
    assert!(get(app, "/farmer", &cookie).await.body.contains("¥ 29.62"));
    assert!(let_in(app, &path, "", &cookie).await.is_some(), "at second use it asks for nothing");
}

#[tokio::test]
async fn five_wrong_digits_block_a_slip_until_another_is_printed_and_throw_nobody_out() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let path = slip(app, FARMER).await;
    let own = let_in(app, &path, "0042", "").await.unwrap();
    for _ in 0..5 {
        assert!(let_in(app, &path, "9999", "").await.is_none());
    }
    assert!(let_in(app, &path, "0042", "").await.is_none(), "the right ones come too late");
    assert!(get(app, &path, "").await.body.contains("停用了"));
    assert_eq!(get(app, "/farmer", &own).await.status, StatusCode::OK, "whoever found the slip throws nobody out");
    let staff = enter(app, Role::Branch).await;
    assert!(get(app, "/branch/slips?town=360827101", &staff).await.body.contains("输错五次"));
    let again = slip(app, FARMER).await;
    assert!(let_in(app, &again, "0042", "").await.is_some());
    assert_eq!(get(app, &path, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(app, "/farmer", &own).await.status, StatusCode::SEE_OTHER, "the old slip's phone scans the new one");
}

#[tokio::test]
async fn the_branch_records_what_a_household_agreed_to() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let path = format!("/branch/households/{FARMER}");
    assert!(get(app, "/branch/slips?town=360827101", &staff).await.body.contains(&format!("href=\"{path}\"")));
    let page = get(app, &path, &staff).await.body;
    assert!(page.contains("陈*") && !page.contains("陈示范") && page.contains("村联络员代看"), "{page}");
    assert!(!page.contains("/export") && !page.contains("/anonymise"), "an administrator's");
    let record = async |form: &str| submit(app, &format!("{path}/consents"), &staff, form).await;
    assert_eq!(record("kind=showcase&given_on=2026-02-20").await.status, StatusCode::SEE_OTHER);
    assert!(get(app, &path, &staff).await.body.contains("2026-02-20"));
    let ended = record("kind=showcase&given_on=2026-02-20&withdrawn_on=2026-02-23").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert!(get(app, &path, &staff).await.body.contains("2026-02-23"));
    let again = record("kind=showcase&given_on=2026-02-20").await;
    assert!(again.body.contains("已经撤回了"), "a withdrawal stands: {}", again.body);
    let backwards = record("kind=showcase&given_on=2026-02-21&withdrawn_on=2026-02-20").await;
    assert!(backwards.body.contains("不能早于同意日期"), "{}", backwards.body);
    assert!(record("kind=contact&given_on=2027-01-01").await.body.contains("还没到"));
    for bad in ["kind=showcase&given_on=", "kind=nothing&given_on=2026-02-20", "kind=contact&given_on=2026-02-30"] {
        assert_eq!(record(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    assert_eq!(get(app, "/branch/households/99", &staff).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_hands_over_all_that_is_kept_and_takes_a_name_away_for_a_reason() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let path = format!("/branch/households/{FARMER}");
    let staff = enter(app, Role::Branch).await;
    for part in ["export", "anonymise"] {
        let refused = submit(app, &format!("{path}/{part}"), &staff, "reason=x").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{part}");
    }
    let cookie = enter(app, Role::BranchAdmin).await;
    let file = submit(app, &format!("{path}/export"), &cookie, "").await;
    assert_eq!(file.header(header::CONTENT_TYPE), "application/json; charset=utf-8");
    let document: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(document["farmer"]["name"], "陈示范");
    assert!(!document["entries"].as_array().unwrap().is_empty());
    let headline = async || get(app, "/official", &enter(app, Role::Official).await).await.body.contains("12.82");
    assert!(headline().await);
    let away = async |reason: &str| submit(app, &format!("{path}/anonymise"), &cookie, reason).await;
    for bad in ["", "reason=%20", "reason=%E9%99%88%E7%A4%BA%E8%8C%83%E8%A6%81%E6%B1%82"] {
        assert_eq!(away(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    assert_eq!(away("reason=asked+in+writing").await.status, StatusCode::SEE_OTHER);
    let page = get(app, &path, &cookie).await.body;
    assert!(page.contains("起匿名") && page.contains("匿*") && !page.contains("/anonymise"), "{page}");
    assert!(headline().await, "no figure has moved");
    assert!(get(app, "/branch/audit", &cookie).await.body.contains("asked in writing"));
}

#[tokio::test]
async fn one_phone_holds_several_households_and_sees_one_at_a_time() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (chen, li) = (slip(app, FARMER).await, slip(app, 2).await);
    let first = let_in(app, &chen, "0042", "").await.unwrap();
    let both = let_in(app, &li, "0043", &first).await.unwrap();
    assert_ne!(first, both, "the secret changes with the household");
    assert!(!get(app, "/farmer", &both).await.body.contains("¥ 29.62"));
    assert_eq!(get(app, "/farmer/parcels/1", &both).await.status, StatusCode::NOT_FOUND);
    let page = get(app, "/farmer/device", &both).await.body;
    assert!(page.contains("陈*") && page.contains("李*") && !page.contains("陈示范"));
    let back = submit(app, "/farmer/device/turn", &both, "county=360827&slip=1").await.cookie("session=").unwrap();
    assert!(get(app, "/farmer", &back).await.body.contains("¥ 29.62"));
    assert_eq!(submit(app, "/farmer/device/turn", &back, "county=360827&slip=9").await.status, StatusCode::NOT_FOUND);
    let left = submit(app, "/farmer/device/forget", &back, "county=360827&slip=1").await.cookie("session=").unwrap();
    assert!(!get(app, "/farmer/device", &left).await.body.contains("陈*"));
    submit(app, "/farmer/device/forget", &left, "county=360827&slip=2").await;
    assert_eq!(get(app, "/farmer", &left).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_branch_prints_a_sheet_and_revokes() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let list = get(app, "/branch/slips?town=360827101", &staff).await.body;
    assert!(list.contains("陈*") && !list.contains("陈示范"));
    let sheet = submit(app, "/branch/slips", &staff, "town=360827101&all=yes").await.body;
    assert_eq!(sheet.matches("<svg class=\"qr\"").count(), 2);
    assert!(!sheet.contains("陈示范"));
    let code = sheet.split("http://county.example/s/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let cookie = let_in(app, &format!("/s/{code}"), "0042", "").await.unwrap();
    submit(app, "/branch/slips/1/revoke", &staff, "town=360827101").await;
    assert_eq!(get(app, "/farmer", &cookie).await.status, StatusCode::SEE_OTHER);
    assert!(submit(app, "/branch/slips", &staff, "town=360827101").await.body.contains("没有选农户"));
}

#[tokio::test]
async fn a_village_contact_reads_the_households_that_agreed_and_no_other() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let contact = enter_under(app, granted(Role::VillageContact, VILLAGE, 0)).await;
    let page = get(app, "/village", &contact).await.body;
    assert!(page.contains("陈*") && !page.contains("李*"));
    let statement = get(app, "/village/farmers/1/months/2026-02", &contact).await;
    assert!(statement.body.contains("¥ 29.62") && !statement.body.contains("/farmer/"));
    assert_eq!(get(app, "/village/farmers/2", &contact).await.status, StatusCode::NOT_FOUND);
}
