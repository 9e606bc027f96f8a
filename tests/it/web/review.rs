//! A month from being put forward to what was learnt of it after it was locked.

use super::client::{Answer, enter_under, get, submit};
use super::seed::{at, county, day, grant, granted, order, seeded, sell_more};
use crate::audit::any_change;
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::audit::{Change, Noun, Verb};
use red_anchor::domain::calendar::day_of;
use red_anchor::domain::month_report::{Report, sha256};
use red_anchor::services::{lock, post, verify};
use red_anchor::store::month_reports::{self, Stored};
use red_anchor::store::{facts, ledger, orders};
use red_anchor::web::AppState;
use std::time::Duration;

const FILED: &str = "month=2026-02&reason=%E7%BC%BA%E5%9F%BA%E5%87%86%E4%BB%B7";
const PAGE: &str = "/months/2026-02";

async fn nine_days_on(app: &AppState) {
    app.clock.sleep(Duration::from_hours(24 * 9)).await;
}

/// What was said, as a form sends it.
fn said(text: &str) -> String {
    let encoded = text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    format!("month=2026-02&said={encoded}")
}

fn leads_to(answer: &Answer, path: &str) -> bool {
    answer.header(header::LOCATION) == path
}

async fn reports(app: &AppState) -> Vec<Stored> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let mut reports = Vec::new();
    for head in month_reports::list_heads(&mut session).await.unwrap() {
        reports.push(month_reports::find(&mut session, head.report_no).await.unwrap().unwrap());
    }
    reports
}

/// What verify says of stored reports.
async fn wrong(app: &AppState) -> Vec<String> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let report = verify::verify(&mut session).await.unwrap();
    report.differences.iter().filter(|d| d.table == "month_report").map(ToString::to_string).collect()
}

async fn lock_february(app: &AppState) {
    let month = day("2026-02-01");
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, month, "缺基准价").await.unwrap();
}

/// A refund of the month arrives after it was locked.
pub async fn late_refund(app: &AppState) {
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    let refunded = at("2026-02-27", 9, 0);
    let refund = orders::RefundRow {
        refund_id: 12,
        shop_id: 1,
        refund_no: "r12".into(),
        order_id: 1,
        order_no: order(1, refunded).order_no,
        line_no: String::new(),
        updated_at: refunded,
        status: "succeeded".into(),
        platform_status: "3".into(),
        status_unknown: false,
        refund_fen: 500,
        freight_fen: None,
        subsidy_back_fen: 0,
        refunded_at: Some(refunded),
        refunded_on: Some(day_of(refunded)),
        day_inferred: false,
        outcome: "kept".into(),
        pieces: 0,
        resent_pieces: 0,
        reason: "坏果".into(),
        evidence_mark: 12,
    };
    orders::upsert_refunds(&mut work, &[refund]).await.unwrap();
    facts::queue(&mut work, &[1]).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

#[tokio::test]
async fn a_month_goes_back_is_mended_and_put_forward_again_and_all_of_it_stays_on_record() {
    let seeded = seeded().await;
    let app = &seeded.app;
    nine_days_on(app).await;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let official = enter_under(app, grant(Role::Official)).await;
    assert!(submit(app, "/months/return", &official, &said("缺价")).await.body.contains("没有待锁定的提交"));
    submit(app, "/months/file", &staff, FILED).await;
    assert_eq!(submit(app, "/months/return", &staff, &said("缺价")).await.status, StatusCode::FORBIDDEN);
    assert!(submit(app, "/months/return", &official, &said(" ")).await.body.contains("请写明内容"));
    assert!(submit(app, "/months/comment", &official, &said(&"价".repeat(501))).await.body.contains("最多 500 字"));

    assert!(leads_to(&submit(app, "/months/comment", &official, &said("板鸭<b>的价</b>呢")).await, PAGE));
    assert!(leads_to(&submit(app, "/months/return", &official, &said("补上板鸭的基准价")).await, PAGE));
    assert!(get(app, "/months", &staff).await.body.contains("退回：补上板鸭的基准价"), "the branch sees why");
    let page = get(app, PAGE, &staff).await.body;
    assert!(
        page.contains("补上板鸭的基准价")
            && page.contains("退回了，改好再提交")
            && page.contains("action=\"/months/file\"")
    );
    assert!(page.contains("板鸭&lt;b&gt;的价"), "what was said is text");

    submit(app, "/months/comment", &staff, &said("价已录入")).await;
    submit(app, "/months/file", &staff, FILED).await;
    assert!(!get(app, "/months", &staff).await.body.contains("退回：补上"), "it waits again");
    submit(app, "/months/lock", &official, "month=2026-02").await;
    let page = get(app, PAGE, &official).await.body;
    let record = &page[page.find("<ol class=\"timeline\">").unwrap()..page.find("</ol>").unwrap()];
    let places: Vec<usize> = ["提交", "意见", "退回", "价已录入", "锁定"].map(|what| record.find(what).unwrap()).into();
    assert!(places.is_sorted(), "{record}");
    assert_eq!(record.matches("<strong>提交</strong>").count(), 2);
    assert_eq!(record.matches("<strong>撤回</strong>").count(), 0, "it went back, it was not taken back");
    assert!(record.contains("link-official-360827（县级）") && record.contains("2026-03-06"));
    let english = get(app, PAGE, &format!("{official}; lang=en")).await.body;
    assert!(english.contains("Sent back") && english.contains("What has been learnt since"));
}

#[tokio::test]
async fn whoever_put_a_month_forward_does_not_send_it_back_and_a_part_of_the_county_has_no_such_page() {
    let seeded = seeded().await;
    let app = &seeded.app;
    nine_days_on(app).await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    submit(app, "/months/file", &admin, FILED).await;
    assert!(submit(app, "/months/return", &admin, &said("不对")).await.body.contains("您自己提交的"));
    let town = enter_under(app, granted(Role::Official, "360827101", 0)).await;
    for path in ["/months/return", "/months/comment"] {
        assert_eq!(submit(app, path, &town, &said("看看")).await.status, StatusCode::NOT_FOUND);
    }
    lock_february(app).await;
    assert_eq!(get(app, "/months/2026-02/reports/1", &town).await.status, StatusCode::NOT_FOUND);
    assert!(leads_to(&get(app, PAGE, &town).await, "/months"));
    assert!(leads_to(&get(app, "/months/2026-02/since?booked=2026-03&event=refund", &town).await, PAGE));
    assert!(leads_to(&get(app, "/months/2031-01", &admin).await, "/months"), "nothing is in it");
}

#[tokio::test]
async fn the_report_is_stored_as_it_was_locked_and_handed_out_byte_for_byte() {
    let seeded = seeded().await;
    let app = &seeded.app;
    sell_more(app).await;
    nine_days_on(app).await;
    lock_february(app).await;
    let stored = reports(app).await.pop().unwrap();
    let report = Report::parse(&stored.document).unwrap();
    assert_eq!((report.month.as_str(), report.report_no, report.previous_sha256.as_str()), ("2026-02", 1, ""));
    assert_eq!(report.lock.reason, "缺基准价");
    assert_eq!(report.names["room"]["1"], "一号直播间");
    // seven households sold something, only one of them has goods with a price
    let headline = &report.figures.headline;
    assert_eq!((headline.get("gmv_fen"), headline.get("uplift_fen")), (Some(6_614_820), None));
    // six households of one town and one of another
    let towns: Vec<_> = report.figures.by["town"].iter().map(|g| (g.key.as_deref(), g.get("gmv_fen"))).collect();
    assert_eq!(towns, [(Some("360827100"), None), (Some("360827101"), None), (None, Some(14_587))]);

    let auditor = enter_under(app, grant(Role::Auditor)).await;
    let page = get(app, PAGE, &auditor).await.body;
    assert!(page.contains(&stored.head.sha256) && page.contains("不足五户") && page.contains("负责人签字"));
    let file = get(app, "/months/2026-02/reports/1", &auditor).await;
    assert_eq!(file.bytes, stored.document.as_bytes());
    assert_eq!(sha256(&file.body), stored.head.sha256);
    assert!(file.header(header::CONTENT_DISPOSITION).contains("red-anchor-360827-2026-02-report-1.json"));
    assert_eq!(get(app, "/months/2026-01/reports/1", &auditor).await.status, StatusCode::NOT_FOUND);
    assert_eq!(wrong(app).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_refund_after_the_lock_leaves_the_report_and_stands_beside_it_down_to_the_line() {
    let seeded = seeded().await;
    let app = &seeded.app;
    sell_more(app).await;
    nine_days_on(app).await;
    lock_february(app).await;
    let official = enter_under(app, grant(Role::Official)).await;
    assert!(get(app, PAGE, &official).await.body.contains("没有后来才知道的事"));
    let before = reports(app).await;
    late_refund(app).await;
    assert_eq!(reports(app).await, before);
    assert_eq!(wrong(app).await, Vec::<String>::new());

    let page = get(app, PAGE, &official).await.body;
    let lines = "/months/2026-02/since?booked=2026-03&amp;event=refund";
    assert!(page.contains(lines) && page.contains("平台取数") && page.contains("5.00"), "{page}");
    let behind = get(app, &lines.replace("&amp;", "&"), &official).await.body;
    assert!(behind.contains("/official/lines/1") && behind.contains("2026-02-27"), "{behind}");
    let staff = enter_under(app, grant(Role::Branch)).await;
    let page = get(app, PAGE, &staff).await.body;
    assert!(page.contains("平台取数") && !page.contains("/since?"), "the branch has no such lines");
    assert_eq!(get(app, &lines.replace("&amp;", "&"), &staff).await.status, StatusCode::FORBIDDEN);
    // March is reported with the adjustment, of one household only
    app.clock.sleep(Duration::from_hours(24 * 30)).await;
    let march = day("2026-03-01");
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, march, "缺").await.unwrap();
    let after = reports(app).await;
    let second = Report::parse(&after[1].document).unwrap();
    assert_eq!(second.previous_sha256, before[0].head.sha256);
    let adjusted = &second.figures.adjustments[0];
    assert_eq!((adjusted.key.as_deref(), adjusted.get("refund_fen")), (Some("2026-02"), None));
    assert_eq!(wrong(app).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_month_locked_by_an_older_program_gets_its_report_at_the_next_lock() {
    let seeded = seeded().await;
    let app = &seeded.app;
    sell_more(app).await;
    nine_days_on(app).await;
    let january = day("2026-01-01");
    let mut work = app.store.work(county(), &Actor::command_line(), "lock month", &app.clock).await.unwrap();
    ledger::insert_lock(&mut work, january, "缺基准价", 5_000).await.unwrap();
    work.commit(&Change::new(Verb::Lock, Noun::Month, "2026-01")).await.unwrap();
    assert_eq!(wrong(app).await, Vec::<String>::new(), "there is no report yet");
    let official = enter_under(app, grant(Role::Official)).await;
    assert!(get(app, "/months/2026-01", &official).await.body.contains("下次锁任何一个月时会补上"));
    lock_february(app).await;
    let made = reports(app).await;
    let months: Vec<_> = made.iter().map(|stored| stored.head.month).collect();
    assert_eq!(months, [january, day("2026-02-01")]);
    assert_eq!(Report::parse(&made[0].document).unwrap().as_of, None, "nobody knows any more");
    assert_eq!(Report::parse(&made[1].document).unwrap().previous_sha256, made[0].head.sha256);
    assert_eq!(wrong(app).await, Vec::<String>::new());
}

#[tokio::test]
async fn one_person_asks_to_open_a_locked_month_and_another_one_opens_it() {
    let seeded = seeded().await;
    let app = &seeded.app;
    nine_days_on(app).await;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let official = enter_under(app, grant(Role::Official)).await;
    assert!(submit(app, "/months/open/ask", &staff, &said("价错了")).await.body.contains("没有锁定，不用重开"));
    lock_february(app).await;
    assert!(submit(app, "/months/open", &official, "month=2026-02").await.body.contains("没有待同意的重开申请"));
    assert!(submit(app, "/months/open/ask", &official, &said("")).await.body.contains("请写明内容"));
    assert!(leads_to(&submit(app, "/months/open/ask", &official, &said("价错了")).await, PAGE));
    assert!(submit(app, "/months/open/ask", &staff, &said("价错了")).await.body.contains("已经有人申请重开"));
    let own = submit(app, "/months/open", &official, "month=2026-02").await;
    assert!(own.body.contains("您自己提交的"), "{}", own.body);
    assert!(!get(app, PAGE, &official).await.body.contains("action=\"/months/open\""));
    assert!(submit(app, "/months/open/refuse", &staff, "month=2026-02").await.body.contains("是别人提交的"));
    submit(app, "/months/open/refuse", &official, "month=2026-02").await;

    submit(app, "/months/open/ask", &staff, &said("价录错了")).await;
    assert_eq!(submit(app, "/months/open", &staff, "month=2026-02").await.status, StatusCode::FORBIDDEN);
    assert!(get(app, PAGE, &official).await.body.contains("action=\"/months/open\""));
    assert!(leads_to(&submit(app, "/months/open", &official, "month=2026-02").await, PAGE));
    late_refund(app).await;
    let page = get(app, PAGE, &staff).await.body;
    let record = &page[page.find("<ol class=\"timeline\">").unwrap()..page.find("</ol>").unwrap()];
    let told = ["锁定", "申请重开", "没有重开", "价录错了", "<strong>重开"].map(|what| record.find(what).unwrap());
    assert!(told.is_sorted(), "{record}");
    assert!(page.contains("action=\"/months/file\"") && page.contains("第 1 号"), "it is open, its report stays");
    lock_february(app).await;
    let made = reports(app).await;
    let numbers: Vec<_> = made.iter().map(|stored| (stored.head.report_no, stored.head.month)).collect();
    assert_eq!(numbers, [(1, day("2026-02-01")), (2, day("2026-02-01"))]);
    assert_ne!(made[0].document, made[1].document);
    assert_eq!(wrong(app).await, Vec::<String>::new());
    let page = get(app, PAGE, &staff).await.body;
    assert!(
        page.contains("第 2 号") && page.contains("/months/2026-02/reports/1") && page.contains("没有后来才知道的事")
    );
}
