//! A household is paid, over the site: put forward, approved by another person, taken to the bank, marked as paid, read
//! and confirmed on the phone.

use super::client::{Answer, enter, enter_under, get, submit};
use super::seed::{FARMER, county, day, grant, granted, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::Role;
use red_anchor::domain::calendar::start_of;
use red_anchor::store::Store;
use red_anchor::web::{App, AppState};
use sqlx::AssertSqlSafe;
use std::time::Duration;

const DUE: &str = "/branch/payouts/due/1";
/// Of everything a phone fetches, the style sheet apart: domain rules allow 100 kB.
const MOST_BYTES: usize = 40_000;

fn leads_to<'a>(answer: &'a Answer, start: &str) -> &'a str {
    let place = answer.header(header::LOCATION);
    assert!(place.starts_with(start), "{} {place} {}", answer.status, answer.body);
    place
}

fn refused(answer: &Answer, says: &str) {
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.body.contains(says), "{}", answer.body);
}

/// Settled income of the seeded household, put forward; where its page is.
async fn put_forward(app: &AppState, cookie: &str) -> String {
    let answer = submit(app, DUE, cookie, "to=2026-02-24").await;
    leads_to(&answer, "/branch/payouts/").to_owned()
}

#[tokio::test]
async fn a_household_is_paid_by_two_people_and_says_that_it_arrived() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, admin) = (enter(app, Role::Branch).await, enter(app, Role::BranchAdmin).await);
    let farmer = enter(app, Role::Farmer).await;
    let page = get(app, "/farmer", &farmer).await.body;
    assert!(page.contains("¥ 0.00") && page.contains("该给还没给") && page.contains("¥ 29.62"), "{page}");
    let due = get(app, &format!("{DUE}?to=2026-02-24"), &staff).await.body;
    assert!(due.contains("提出打款：1 户 29.62 元") && due.contains("陈*") && !due.contains("陈示范"), "{due}");
    let payout = put_forward(app, &staff).await;
    refused(&submit(app, DUE, &staff, "to=2026-02-24").await, "没有要付的农户");
    refused(&submit(app, DUE, &staff, "to=2026-02-25").await, "还没有过完");
    assert!(get(app, "/branch", &admin).await.body.contains("等批准：29.62 元"));

    let approve = format!("{payout}/approve");
    assert_eq!(submit(app, &approve, &staff, "").await.status, StatusCode::FORBIDDEN);
    let own = put_forward_and_approve_by_one(app, &admin).await;
    refused(&own, "您自己提出的");
    refused(&submit(app, &format!("{payout}/paid"), &staff, "on=2026-02-25&reference=1").await, "已经有人");
    assert!(get(app, &payout, &staff).await.body.contains("要由另一位支部管理员批准"));
    leads_to(&submit(app, &approve, &admin, "").await, &payout);
    let slips = get(app, &format!("{payout}/slips"), &staff).await.body;
    assert!(slips.contains("陈*家") && slips.contains("29.62 元") && !slips.contains("陈示范"), "{slips}");
    let page = get(app, "/farmer/payouts", &farmer).await.body;
    assert!(page.contains("批准了，还没打") && !page.contains("我收到了"), "{page}");

    refused(&submit(app, &format!("{payout}/paid"), &staff, "on=2026-02-23&reference=1").await, "付款日");
    leads_to(&submit(app, &format!("{payout}/paid"), &staff, "on=2026-02-25&reference=HD-77").await, &payout);
    let page = get(app, "/farmer", &farmer).await;
    assert!(page.body.contains("class=\"arrived\">¥ 29.62") && page.body.contains("都给清了"), "{}", page.body);
    let script = get(app, &red_anchor::web::assets::aloud_href(), "").await;
    assert!(page.bytes.len() + script.bytes.len() < MOST_BYTES, "{} bytes", page.bytes.len());
    let page = get(app, "/farmer/payouts", &farmer).await.body;
    assert!(page.contains("我收到了") && page.contains("HD-77") && page.contains("示范合作社"), "{page}");
    let other = enter_under(app, granted(Role::Farmer, "360827", 2)).await;
    let received = format!("/farmer/payouts/{}/received", payout.rsplit('/').next().unwrap());
    assert_eq!(submit(app, &received, &other, "").await.status, StatusCode::NOT_FOUND);
    leads_to(&submit(app, &received, &farmer, "").await, "/farmer/payouts");
    let page = get(app, "/farmer/payouts", &farmer).await.body;
    assert!(page.contains("您说收到了") && !page.contains("我收到了"), "{page}");
    assert!(get(app, &payout, &staff).await.body.contains("2026-02-25 收到"));
    let household = get(app, &format!("/branch/households/{FARMER}"), &staff).await.body;
    assert!(household.contains("都付清了") && household.contains(&payout), "{household}");
    let contact = enter(app, Role::VillageContact).await;
    let printed = get(app, &format!("/village/farmers/{FARMER}/months/2026-02"), &contact).await.body;
    assert!(printed.contains("class=\"arrived\">¥ 29.62") && !printed.contains("/farmer/payouts"), "{printed}");
    let auditor = enter(app, Role::Auditor).await;
    let read = get(app, &payout, &auditor).await.body;
    assert!(read.contains("29.62") && !read.contains("bank-file\"") && !read.contains("/slips"), "{read}");
    assert_eq!(submit(app, &format!("{payout}/withdraw"), &admin, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// What an administrator hears who approves what they put forward.
async fn put_forward_and_approve_by_one(app: &AppState, admin: &str) -> Answer {
    let form = "on=2026-02-20&document=A-1&lines=f2+10.50";
    let answer = submit(app, &format!("{DUE}/surplus"), admin, form).await;
    let place = leads_to(&answer, "/branch/payouts/").to_owned();
    submit(app, &format!("{place}/approve"), admin, "").await
}

#[tokio::test]
async fn a_refund_after_payment_is_said_in_plain_words_and_never_asked_back() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, admin) = (enter(app, Role::Branch).await, enter(app, Role::BranchAdmin).await);
    let payout = put_forward(app, &staff).await;
    submit(app, &format!("{payout}/approve"), &admin, "").await;
    submit(app, &format!("{payout}/paid"), &staff, "on=2026-02-25&reference=1").await;
    // the platform takes 4.80 back in March
    book(app, "2026-03-02", -480).await;
    app.clock.advance_to(start_of(day("2026-03-20")));
    let farmer = enter(app, Role::Farmer).await;
    let page = get(app, "/farmer", &farmer).await.body;
    assert!(page.contains("以前多给了 ¥ 4.80，下次先扣，不用您退"), "{page}");
    let staff = enter(app, Role::Branch).await;
    let due = get(app, &format!("{DUE}?to=2026-03-19"), &staff).await.body;
    assert!(due.contains("−4.80") && due.contains("/write-off") && !due.contains("提出打款："), "{due}");
    book(app, "2026-04-03", 3_000).await;
    app.clock.advance_to(start_of(day("2026-04-20")));
    let staff = enter(app, Role::Branch).await;
    let answer = submit(app, DUE, &staff, "to=2026-04-19").await;
    let next = leads_to(&answer, "/branch/payouts/").to_owned();
    let page = get(app, &next, &staff).await.body;
    assert!(page.contains("25.20") && page.contains("−4.80"), "{page}");
    let farmer = enter(app, Role::Farmer).await;
    let page = get(app, "/farmer/payouts", &farmer).await.body;
    assert!(page.contains("¥ 25.20") && page.contains("前面多给或先给的 ¥ 4.80，这次先扣掉了"), "{page}");
}

/// Books settled income of the seeded household as posting does, in the days, months and years of its shop.
async fn book(app: &AppState, on: &str, fen: i64) {
    let Store::Sqlite { writer, .. } = &app.store else { panic!("the seeded county lies in a file") };
    for (grain, start) in [("d", on), ("m", &format!("{}-01", &on[..7])), ("y", &format!("{}-01-01", &on[..4]))] {
        let sql = format!(
            "insert into figure select county_code, basis, lens, '{grain}', '{start}', key, farmer_id,
                household_category, village_code, 'other', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                {fen}, 0, 0, 0, 0, 0 from figure where farmer_id = {FARMER} and lens = 'shop' and basis = 'event' limit 1
             on conflict do update set settled_farmer_fen = settled_farmer_fen + excluded.settled_farmer_fen"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(writer).await.unwrap();
    }
}

#[tokio::test]
async fn an_account_is_shown_by_its_last_digits_and_goes_whole_to_the_bank_only() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, admin) = (enter(app, Role::Branch).await, enter(app, Role::BranchAdmin).await);
    let household = format!("/branch/households/{FARMER}");
    let store = format!("{household}/bank-account");
    refused(&submit(app, &store, &staff, "bank=x&number=12").await, "8 到 32 位");
    let form = "bank=%3D%E5%86%9C%E5%95%86%E8%A1%8C&number=6228+4800+1234+5678";
    leads_to(&submit(app, &store, &staff, form).await, &household);
    let page = get(app, &household, &staff).await.body;
    assert!(page.contains("····5678") && !page.contains("62284800"), "{page}");
    assert_eq!(submit(app, "/branch/households/99/bank-account", &staff, form).await.status, StatusCode::NOT_FOUND);
    let payout = put_forward(app, &staff).await;
    let file = format!("{payout}/bank-file");
    refused(&submit(app, &file, &admin, "format=csv").await, "已经");
    submit(app, &format!("{payout}/approve"), &admin, "").await;
    assert_eq!(submit(app, &file, &staff, "format=csv").await.status, StatusCode::FORBIDDEN);
    let taken = submit(app, &file, &admin, "format=csv").await;
    let expected = "编号,姓名,开户行,账号,金额（元）,用途\r\nf1,陈示范,'=农商行,6228480012345678,29.62,货款 2026-02-24\r\n\"\"\r\n\
        演示数据 · 虚构，不作为公布数据的依据\r\n";
    assert_eq!(taken.body.trim_start_matches('\u{feff}'), expected);
    assert!(taken.header(header::CONTENT_DISPOSITION).ends_with("payout-2.csv\""));
    let trail = get(app, "/branch/audit?noun=payout", &admin).await.body;
    assert!(trail.contains("导出") && !trail.contains("62284800"), "{trail}");
    // a server without its key says so and stores nothing
    let keyless: AppState = std::sync::Arc::new(App::found(app.store.clone(), app.clock.clone()).await.unwrap());
    let page = get(&keyless, &household, &staff).await.body;
    assert!(page.contains("red-anchor key new") && page.contains("打不开") && !page.contains("5678"), "{page}");
    refused(&submit(&keyless, &store, &staff, form).await, "red-anchor key");
    refused(&submit(&keyless, &file, &admin, "format=csv").await, "red-anchor key");
}

#[tokio::test]
async fn a_surplus_is_typed_line_by_line_and_money_that_came_back_is_due_again() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, admin) = (enter(app, Role::Branch).await, enter(app, Role::BranchAdmin).await);
    let surplus = format!("{DUE}/surplus");
    for (lines, says) in [("f1", "看不懂"), ("f1+-5", "看不懂"), ("f1+5%0Af1+6", "看不懂"), ("f99+5", "f99")] {
        let form = format!("on=2026-02-20&document=A-9&lines={lines}");
        refused(&submit(app, &surplus, &staff, &form).await, says);
    }
    refused(&submit(app, &surplus, &staff, "on=2026-02-20&document=&lines=f1+5").await, "还没有写原因");
    leads_to(&submit(app, &surplus, &staff, "on=2026-02-20&document=A-9&lines=f1+5%0Af2+6.05").await, "/branch");
    let payout = put_forward(app, &staff).await;
    submit(app, &format!("{payout}/approve"), &admin, "").await;
    submit(app, &format!("{payout}/paid"), &staff, "on=2026-02-24&reference=1").await;
    let back = format!("{payout}/returned");
    refused(&submit(app, &back, &staff, "farmer=1&on=2026-02-24&reason=").await, "还没有写原因");
    let answer = submit(app, &back, &staff, "farmer=1&on=2026-02-25&reason=x").await;
    let came_back = leads_to(&answer, "/branch/payouts/").to_owned();
    leads_to(&submit(app, &format!("{came_back}/approve"), &admin, "").await, &came_back);
    let farmer = enter(app, Role::Farmer).await;
    let page = get(app, "/farmer", &farmer).await.body;
    assert!(page.contains("class=\"arrived\">¥ 0.00") && page.contains("银行没打成"), "{page}");
    assert!(get(app, &format!("{DUE}?to=2026-02-24"), &staff).await.body.contains("提出打款：1 户 29.62 元"));
}

#[tokio::test]
async fn what_is_late_is_said_to_the_branch_and_to_the_household() {
    let seeded = seeded().await;
    let app = &seeded.app;
    app.clock.sleep(Duration::from_hours(24 * 20)).await;
    let staff = enter(app, Role::Branch).await;
    let page = get(app, "/branch/payouts", &staff).await.body;
    assert!(page.contains("1 户 29.62 元") && page.contains("每月 5 日"), "{page}");
    let farmer = enter(app, Role::Farmer).await;
    let page = get(app, "/farmer", &farmer).await.body;
    assert!(page.contains("已经过了该给的日子"), "{page}");
    let town = enter_under(app, granted(Role::Auditor, "360827101", 0)).await;
    assert_eq!(get(app, "/branch/payouts", &town).await.status, StatusCode::FORBIDDEN);
    let official = enter_under(app, grant(Role::Official)).await;
    assert_eq!(get(app, "/branch/payouts", &official).await.status, StatusCode::FORBIDDEN);
    assert_eq!(county(), grant(Role::Branch).region);
}
