//! Two records of one household, over the site: looked for, set side by side, put forward, approved by another person, read
//! on the phone as one, and taken back.

use super::client::{Answer, enter, enter_under, get, submit};
use super::seed::{FARMER, granted, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::Role;

const DOUBLE: i64 = 2;

fn refused(answer: &Answer, says: &str) {
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.body.contains(says), "{}", answer.body);
}

fn leads_to<'a>(answer: &'a Answer, start: &str) -> &'a str {
    let place = answer.header(header::LOCATION);
    assert!(place.starts_with(start), "{} {place} {}", answer.status, answer.body);
    place
}

#[tokio::test]
async fn two_people_make_one_household_of_two_records() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, admin) = (enter(app, Role::Branch).await, enter(app, Role::BranchAdmin).await);
    let of_double = enter_under(app, granted(Role::Farmer, "360827", DOUBLE)).await;
    assert!(!get(app, "/farmer", &of_double).await.body.contains("29.62"), "the double knows its own only");

    // something waits already: another person turns it down, with a reason
    assert!(get(app, "/branch", &admin).await.body.contains("1 件重复档案等另一个人决定"));
    refused(&submit(app, "/branch/doubles/1/turn-down", &admin, "reason=").await, "还没有写原因");
    leads_to(&submit(app, "/branch/doubles/1/turn-down", &admin, "reason=再核对").await, "/branch/doubles/1");
    let page = get(app, "/branch/doubles/1", &staff).await.body;
    assert!(page.contains("已驳回") && page.contains("再核对") && !page.contains("/approve"), "{page}");

    let double = format!("/branch/households/{DOUBLE}");
    let page = get(app, &double, &staff).await.body;
    assert!(page.contains("与另一份档案核对"), "{page}");
    let compare = format!("{double}/double");
    let found = get(app, &format!("{compare}?q=%E9%99%88%E7%A4%BA%E8%8C%83"), &staff).await.body;
    assert!(found.contains("陈* f1") && found.contains("?kept=f1") && !found.contains("李示范"), "{found}");
    assert!(get(app, &format!("{compare}?q=f9"), &staff).await.body.contains("没有找到"));
    let pair = get(app, &format!("{compare}?kept=f1"), &staff).await.body;
    for says in ["保留方", "李*", "陈*", "29.62", "至少一份没有登记完整手机号", "只在一份上同意过的", "反过来"]
    {
        assert!(pair.contains(says), "{says}: {pair}");
    }
    assert!(!pair.contains("陈示范</"), "names are masked");

    // a payout of one of the two is on its way: it is taken back first
    refused(&submit(app, &compare, &staff, "kept=f1&reason=核对过").await, "第 1 号打款里有这一户");
    submit(app, "/branch/payouts/1/withdraw", &admin, "").await;
    refused(&submit(app, &compare, &staff, "kept=f9&reason=核对过").await, "f9");
    refused(&submit(app, &compare, &staff, "kept=f1&reason=陈示范说的").await, "姓名");
    let answer = submit(app, &compare, &staff, "kept=f1&reason=核对过户口簿").await;
    let entry = leads_to(&answer, "/branch/doubles/").to_owned();
    let approve = format!("{entry}/approve");
    let page = get(app, &entry, &staff).await.body;
    assert!(page.contains("要由另一位支部管理员批准") && !page.contains(&approve), "{page}");
    assert_eq!(submit(app, &approve, &staff, "").await.status, StatusCode::FORBIDDEN);
    let page = get(app, &entry, &admin).await.body;
    assert!(page.contains(&approve) && page.contains("核对过户口簿") && page.contains("29.62"), "{page}");
    leads_to(&submit(app, &approve, &admin, "").await, &entry);

    let page = get(app, &double, &staff).await.body;
    assert!(page.contains("并入 陈* f1") && page.contains("提出撤销"), "{page}");
    let page = get(app, &format!("/branch/households/{FARMER}"), &staff).await.body;
    assert!(page.contains("李* f2 并入这份档案"), "{page}");
    // the double's own way in leads to the whole household
    let phone = get(app, "/farmer", &of_double).await.body;
    assert!(phone.contains("29.62"), "{phone}");
    assert!(get(app, "/farmer/lots", &of_double).await.body.contains("金桔"));
    let list = get(app, "/branch/doubles", &staff).await.body;
    assert!(list.contains("核对过户口簿") && list.contains("已批准") && list.contains("已驳回"), "{list}");

    let answer = submit(app, &format!("{double}/part"), &staff, "reason=认错了").await;
    let entry = leads_to(&answer, "/branch/doubles/").to_owned();
    leads_to(&submit(app, &format!("{entry}/approve"), &admin, "").await, &entry);
    assert!(!get(app, "/farmer", &of_double).await.body.contains("29.62"));
    let trail = get(app, "/branch/audit", &admin).await.body;
    assert!(trail.contains("重复档案"), "{trail}");
}
