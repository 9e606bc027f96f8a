//! The price book: two people make a price, and what it would do is shown before.

use super::client::{enter, enter_under, get, submit, upload};
use super::seed::{VILLAGE, county, grant, seeded};
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::services::figures::{self, Request};
use red_anchor::services::verify;
use red_anchor::store::figures::Grouping;
use red_anchor::store::prices::{self, MarketPrice};
use red_anchor::web::AppState;

const PRICE: &str = "unit=kg&product=kumquat&region=360827101210&from=2026-02-16&to=2026-02-22&low=5.5&mid=6&high=6.5&salvage=&source=%E4%B8%89%E5%AE%B6";

async fn uplift_fen(app: &AppState) -> i64 {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let request = Request::all(county(), Grouping::Total);
    figures::total(&mut session, &request).await.unwrap().uplift_fen
}

#[tokio::test]
async fn one_person_enters_a_price_and_another_approves_it() {
    let seeded = seeded().await;
    let app = &seeded.app;
    super::seed::past_the_seeds_numbers(app).await;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    assert_eq!(submit(app, "/branch/prices", &staff, PRICE).await.header(header::LOCATION), "/branch/prices");
    assert!(get(app, "/branch", &staff).await.body.contains("2 条基准价等另一个人批准"));
    assert_eq!(uplift_fen(app).await, 1_282, "a price that waits feeds no figure");

    // what it would do: 2.625 kg at 6.00 instead of 6.40
    let plain = {
        // whoever only looks does not wait for the county's writer, and nobody waits for them
        let writer = app.store.write(county()).await.unwrap();
        let page = get(app, "/branch/prices/2", &staff).await.body;
        drop(writer);
        page
    };
    assert!(plain.contains("/branch/prices/2/effect") && !plain.contains("13.87"), "{plain}");
    let page = submit(app, "/branch/prices/2/effect", &staff, "").await.body;
    assert!(page.contains("2026-02") && page.contains("12.82") && page.contains("13.87"), "{page}");
    assert!(page.contains("是您录入的") && !page.contains("/branch/prices/2/approve"));
    assert_eq!(uplift_fen(app).await, 1_282, "looking changed nothing");
    let own = submit(app, "/branch/prices/2/approve", &staff, "x=1").await;
    assert!(own.status == StatusCode::UNPROCESSABLE_ENTITY && own.body.contains("您自己录入的"));

    let unseen = get(app, "/branch/prices/2", &admin).await.body;
    assert!(!unseen.contains("/branch/prices/2/approve"), "approved by whoever saw what it changes");
    let seen = submit(app, "/branch/prices/2/effect", &admin, "").await.body;
    assert!(seen.contains("/branch/prices/2/approve") && seen.contains("13.87"));
    assert_eq!(submit(app, "/branch/prices/2/approve", &admin, "x=1").await.header(header::LOCATION), "/branch/prices");
    assert_eq!(uplift_fen(app).await, 1_387);
    for step in ["approve", "effect"] {
        let again = submit(app, &format!("/branch/prices/2/{step}"), &admin, "x=1").await;
        assert!(again.body.contains("已经有人办过"), "{step}");
    }
    let page = get(app, "/branch/prices?product=kumquat", &staff).await.body;
    assert!(page.contains("link-branch") && page.contains("6.00（5.50–6.50）"), "{page}");
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let report = verify::verify(&mut session).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
}

#[tokio::test]
async fn a_price_is_turned_down_with_a_reason_or_taken_back() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let admin = enter_under(app, grant(Role::BranchAdmin)).await;
    submit(app, "/branch/prices", &staff, PRICE).await;
    submit(app, "/branch/prices", &staff, PRICE).await;
    assert!(submit(app, "/branch/prices/2/turn-down", &admin, "reason=").await.body.contains("请写明原因"));
    let turned = submit(app, "/branch/prices/2/turn-down", &admin, "reason=%E5%A4%AA%E4%BD%8E").await;
    assert_eq!(turned.header(header::LOCATION), "/branch/prices");
    assert_eq!(
        submit(app, "/branch/prices/3/turn-down", &staff, "reason=").await.header(header::LOCATION),
        "/branch/prices"
    );
    let page = get(app, "/branch/prices", &staff).await.body;
    assert!(page.contains("退回：太低") && page.contains("撤回"), "{page}");
    assert_eq!(uplift_fen(app).await, 1_282);
}

#[tokio::test]
async fn what_is_wrong_with_a_price_is_said_and_nothing_typed_is_lost() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let page = submit(app, "/branch/prices", &staff, &PRICE.replace("low=5.5", "low=7.25")).await.body;
    assert!(page.contains("低价 ≤ 中价 ≤ 高价") && page.contains("value=\"7.25\"") && page.contains(VILLAGE), "{page}");
}

#[tokio::test]
async fn a_table_is_shown_before_it_is_entered_and_is_entered_whole() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter(app, Role::Branch).await;
    let blank = get(app, "/branch/prices/sheet", &staff).await.body;
    assert!(blank.contains("kumquat,360827,2026-03-02,2026-03-08,,,,,"), "{blank}");
    let filled = blank.replace("2026-03-08,,,,,", "2026-03-08,3,3.2,3.5,,三家平均");
    let wrong = filled.replace("三家平均", "");
    let send = async |text: &str| {
        upload(
            app,
            "/branch/prices/sheet",
            &staff,
            &[("unit", None, b"jin"), ("sheet", Some("p.csv"), text.as_bytes())],
        )
        .await
    };
    let page = send(&wrong).await.body;
    assert!(page.contains("没有写来源") && !page.contains("等另一个人批准</button>"), "{page}");
    let page = send(&filled).await.body;
    assert!(page.contains("还没有录入") && page.contains("name=\"mid\" value=\"3.2\""), "{page}");
    let before = get(app, "/branch/prices", &staff).await.body;
    assert!(!before.contains("三家平均 ") && !before.contains("6.40 元/公斤"));
    let form = "unit=jin&table=1&product=kumquat&region=360827&from=2026-03-02&to=2026-03-08&low=3&mid=3.2&high=3.5&salvage=&source=x";
    assert_eq!(submit(app, "/branch/prices", &staff, form).await.header(header::LOCATION), "/branch/prices");
    assert!(get(app, "/branch/prices", &staff).await.body.contains("中价 6.40 元/公斤"));
}

#[tokio::test]
async fn a_week_without_a_price_is_marked_and_a_wholesale_name_is_matched_once() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let mut work = app.store.work(county(), &Actor::command_line(), "prices", &app.clock).await.unwrap();
    let price = MarketPrice {
        market: "新发地".into(),
        name: "小金桔".into(),
        grade: "普".into(),
        on: super::seed::day("2026-02-17"),
        low_fen_per_kg: 800,
        mid_fen_per_kg: 912,
        high_fen_per_kg: 1_000,
    };
    prices::insert_market(&mut work, &[price]).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let staff = enter(app, Role::Branch).await;
    let page = get(app, "/branch/prices", &staff).await.body;
    assert!(page.contains("小金桔") && !page.contains("9.12"));
    let form = "market=%E6%96%B0%E5%8F%91%E5%9C%B0&name=%E5%B0%8F%E9%87%91%E6%A1%94&product=kumquat";
    assert_eq!(submit(app, "/branch/prices/market", &staff, form).await.status, StatusCode::SEE_OTHER);
    let page = get(app, "/branch/prices", &staff).await.body;
    assert!(page.contains("9.12") && !page.contains("name=\"market\""), "{page}");
    // the seed's price ends on 31 May; nothing is marked until then
    assert!(!page.contains("天没有价"), "{page}");
    app.clock.sleep(std::time::Duration::from_hours(24 * 100)).await;
    assert!(!get(app, "/branch/prices", &staff).await.body.contains("天没有价"), "nothing was sold lately");
}
