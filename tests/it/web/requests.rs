//! A household asks about a figure of its own, over the site: assigned, answered, rated, asked again; counted for officials.

use super::client::{Answer, enter, enter_under, get, submit};
use super::seed::{LINE, granted, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::Role;
use std::time::Duration;

const SAID: &str = "said=%E5%B0%91%E7%AE%97%E4%BA%86%E4%B8%80%E7%AE%B1";

fn refused(answer: &Answer, says: &str) {
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.body.contains(says), "{}", answer.body);
}

fn leads_to(answer: &Answer, place: &str) {
    assert_eq!(answer.header(header::LOCATION), place, "{} {}", answer.status, answer.body);
}

#[tokio::test]
async fn a_request_is_assigned_answered_rated_and_asked_again() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, farmer) = (enter(app, Role::Branch).await, enter(app, Role::Farmer).await);
    let parcel = get(app, &format!("/farmer/parcels/{LINE}"), &farmer).await.body;
    let new = format!("/farmer/requests/new?about=line&amp;which={LINE}");
    assert!(parcel.contains(&new) && parcel.contains("这笔不对？"), "{parcel}");
    let form = get(app, &new.replace("&amp;", "&"), &farmer).await.body;
    assert!(form.contains("一份货（第 1 号）"), "{form}");
    refused(&submit(app, "/farmer/requests", &farmer, "about=line&which=1&said=+").await, "还没有写");
    leads_to(
        &submit(app, "/farmer/requests", &farmer, &format!("about=line&which=1&{SAID}")).await,
        "/farmer/requests",
    );
    assert!(get(app, "/farmer/requests", &farmer).await.body.contains("等支部看"));
    assert!(get(app, "/branch", &staff).await.body.contains("2 条诉求等人办"));
    let list = get(app, "/branch/requests", &staff).await.body;
    assert!(list.contains("少算了一箱") && list.contains("陈*") && !list.contains("陈示范"), "{list}");

    let place = "/branch/requests/2";
    let page = get(app, place, &staff).await.body;
    assert!(page.contains(" 付款，") && page.contains("订单行 6910000000000000001"), "which parcel: {page}");
    refused(&submit(app, &format!("{place}/assign"), &staff, "assignee=&due_on=2026-03-01").await, "谁来办");
    refused(&submit(app, &format!("{place}/assign"), &staff, "assignee=x&due_on=2026-02-24").await, "已经过了");
    leads_to(&submit(app, &format!("{place}/assign"), &staff, "assignee=Wang&due_on=2026-02-27").await, place);
    let page = get(app, "/farmer/requests", &farmer).await.body;
    assert!(page.contains("有人在办") && page.contains("2026-02-27 前答复") && !page.contains("Wang"), "{page}");
    refused(&submit(app, "/farmer/requests/2/rate", &farmer, "rating=3").await, "新的进展");
    app.clock.sleep(Duration::from_hours(24 * 3)).await;
    assert!(get(app, "/branch/requests", &staff).await.body.contains("2026-02-27，已过期"));
    leads_to(&submit(app, &format!("{place}/answer"), &staff, "said=Recounted").await, place);
    refused(&submit(app, &format!("{place}/answer"), &staff, "said=Again").await, "新的进展");
    let page = get(app, "/farmer/requests", &farmer).await.body;
    assert!(page.contains("Recounted") && page.contains("不满意"), "{page}");
    let other = enter_under(app, granted(Role::Farmer, "360827", 2)).await;
    for path in ["/farmer/requests/2/rate", "/farmer/requests/2/again"] {
        assert_eq!(submit(app, path, &other, "rating=3&said=x").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    refused(&submit(app, "/farmer/requests/2/rate", &farmer, "rating=4").await, "还没有写");
    leads_to(&submit(app, "/farmer/requests/2/rate", &farmer, "rating=1").await, "/farmer/requests");
    leads_to(&submit(app, "/farmer/requests/2/again", &farmer, SAID).await, "/farmer/requests");
    let page = get(app, place, &staff).await.body;
    assert!(page.contains("评价：不满意") && page.contains("再次提出：少算了一箱"), "{page}");
    leads_to(&submit(app, &format!("{place}/answer"), &staff, "said=Mended").await, place);
    leads_to(&submit(app, "/farmer/requests/2/rate", &farmer, "rating=3").await, "/farmer/requests");

    let official = enter(app, Role::Official).await;
    let page = get(app, "/official/requests", &official).await.body;
    assert!(
        page.contains(
            ">2026-02</td><td class=\"number\" data-label=\"提出\">2</td><td class=\"number\" data-label=\"已答复\">1</td>"
        ),
        "{page}"
    );
    assert!(page.contains(">72</td>") && !page.contains("陈*") && !page.contains("少算"), "{page}");
    let town = enter_under(app, granted(Role::Official, "360827101", 0)).await;
    assert!(get(app, "/official/requests", &town).await.body.contains("您现在只看一部分"));
    let trail = get(app, "/branch/audit?noun=request", &staff).await.body;
    assert!(trail.contains("诉求") && !trail.contains("少算了"), "{trail}");
}

#[tokio::test]
async fn a_household_asks_about_its_own_and_not_without_end() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let other = enter_under(app, granted(Role::Farmer, "360827", 2)).await;
    assert_eq!(get(app, "/farmer/requests/new?about=line&which=1", &other).await.status, StatusCode::NOT_FOUND);
    refused(&submit(app, "/farmer/requests", &other, &format!("about=line&which=1&{SAID}")).await, "没有找到");
    assert_eq!(submit(app, "/farmer/requests", &other, "about=order&which=1").await.status, StatusCode::BAD_REQUEST);
    refused(&submit(app, "/farmer/requests", &other, &format!("about=payout&which=1&{SAID}")).await, "没有找到");
    for _ in 0..10 {
        let answer = submit(app, "/farmer/requests", &other, &format!("about=month&which=2026-01&{SAID}")).await;
        leads_to(&answer, "/farmer/requests");
    }
    refused(&submit(app, "/farmer/requests", &other, &format!("about=month&which=2026-01&{SAID}")).await, "10 条");
    let own = get(app, "/farmer/requests", &enter(app, Role::Farmer).await).await.body;
    assert!(own.contains("示范-003") && !own.contains("少算了"), "{own}");
}
