//! What officials ask, and the county's figures explained by its own numbers.

use super::client::{enter, enter_under, get, submit};
use super::seed::{county, day, grant, granted, seeded, sell_more};
use axum::http::StatusCode;
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::figures::FigureRow;
use red_anchor::services::desk::Desk;
use red_anchor::services::{lock, openings, volume};
use red_anchor::store::{figures, goods, published};
use red_anchor::web::AppState;
use red_anchor::web::official::questions::Ask;
use std::time::Duration;

const QUESTIONS: &str = "/official/questions";
const METHOD: &str = "/method/county";

/// The part of a page that is its answer.
fn answer<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("<section class=\"card\" id=\"{id}\">")).unwrap();
    &page[from..from + page[from..].find("</section>").unwrap()]
}

/// The answer to one of them.
async fn asked(app: &AppState, ask: &str, cookie: &str) -> String {
    let page = get(app, &format!("{QUESTIONS}/{ask}"), cookie).await.body;
    answer(&page, ask).to_owned()
}

#[tokio::test]
async fn whoever_did_not_benefit_is_named_and_led_to() {
    let seeded = seeded().await;
    let app = &seeded.app;
    sell_more(app).await;
    let official = enter(app, Role::Official).await;
    assert!(get(app, "/official", &official).await.body.contains(&format!("href=\"{QUESTIONS}\"")), "one tap away");
    let page = get(app, QUESTIONS, &official).await.body;
    for ask in Ask::ALL {
        assert!(page.contains(&format!("href=\"{QUESTIONS}/{}\"", ask.key())), "two taps away: {ask:?}");
    }
    assert_eq!(get(app, &format!("{QUESTIONS}/else"), &official).await.status, StatusCode::NOT_FOUND);
    let without = asked(app, "without", &official).await;
    // household 2 sold nothing; sixteen households have goods without a price: no uplift above zero
    assert!(without.contains("登记的 18 户里 1 户没有已结算的销售，16 户增收不大于零"), "{without}");
    assert!(without.contains("href=\"/official/farmers/2\">李*") && !without.contains("李示范"));
    assert!(without.contains("没有已结算的销售") && !without.contains(">雩田镇<"), "its household benefits");
    let town = enter_under(app, granted(Role::Official, "360827100", 0)).await;
    let without = asked(app, "without", &town).await;
    assert!(without.contains("1 个乡镇里 1 个没有受益；登记的 6 户"), "{without}");
    assert!(!without.contains("李*"), "another town's household");
    assert!(asked(app, "changed", &town).await.contains("月报管的是全县"));
}

#[tokio::test]
async fn prices_and_volume_are_told_apart_and_add_up() {
    let seeded = seeded().await;
    let app = &seeded.app;
    sell_more(app).await;
    let official = enter(app, Role::Official).await;
    let price = asked(app, "price", &official).await;
    assert!(price.contains("2025-02-01 至 2026-01-31"));
    // nothing was sold the year before: all of the change is volume
    assert!(price.contains("价格 0.00 元"), "{price}");
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let by = volume::of_uplift(&mut session, None, None).await.unwrap();
    drop(session);
    assert!(by.moved_fen > 0 && by.new_fen == 0);
    let headline = figures::Question {
        basis: figures::Basis::Event,
        range: figures::Range::default(),
        region: county(),
        grouping: figures::Grouping::Total,
        headline_only: true,
        by_month: false,
        only: None,
        households: false,
        counts: false,
    };
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let sums = figures::sums(&mut session, &headline).await.unwrap().remove(0);
    drop(session);
    assert_eq!(by.uplift_fen(), FigureRow::from_sums(&sums.amounts, sums.counts, 0).uplift_fen, "to the fen");
    let cells = format!("<td class=\"number\">{}.{:02}</td>", by.moved_fen / 100, by.moved_fen % 100);
    assert_eq!(price.matches(cells.as_str()).count(), 2, "the price part is the whole: {price}");
    let mut work = app.store.work(county(), &Actor::command_line(), "import county", &app.clock).await.unwrap();
    let declared = goods::TermsRow { version_id: 90, volume: "new".into(), ..super::seed::terms(1) };
    goods::insert_terms(&mut work, &[declared]).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let now = volume::of_uplift(&mut session, None, None).await.unwrap();
    assert_eq!((now.new_fen, now.moved_fen), (by.moved_fen, by.new_fen));
    let earlier = volume::of_uplift(&mut session, None, Some(day("2024-12-31"))).await.unwrap();
    assert_eq!(earlier, volume::ByVolume::default());
}

#[tokio::test]
async fn what_changed_since_the_last_report_is_the_new_months_and_the_late_entries() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let official = enter(app, Role::Official).await;
    assert!(asked(app, "changed", &official).await.contains("还没有锁过月"));
    let unpaid = asked(app, "unpaid", &official).await;
    assert!(unpaid.contains("29.62 元"), "{unpaid}");
    assert!(asked(app, "streams", &official).await.contains("没有场次让农户亏"));
    app.clock.sleep(Duration::from_hours(24 * 9)).await;
    let month = day("2026-02-01");
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, month, "缺基准价").await.unwrap();
    super::review::late_refund(app).await;
    let changed = asked(app, "changed", &official).await;
    // the late refund of 5.00 costs the household 4.18 of its 29.62
    assert!(changed.contains("累计助农增收 12.82 元") && changed.contains("href=\"/months/2026-02\""), "{changed}");
    assert!(changed.contains("平台取数") && changed.contains(">5.00<"), "{changed}");
    assert!(changed.contains("<dt>其中，新月份自己的结算</dt><dd>0.00 元</dd>"), "{changed}");
}

#[tokio::test]
async fn a_month_that_is_open_again_does_not_move_what_the_last_report_said() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let official = enter(app, Role::Official).await;
    app.clock.sleep(Duration::from_hours(24 * 9)).await;
    let month = day("2026-02-01");
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, month, "缺基准价").await.unwrap();
    let [asks, opens] = [(801, "staff", Role::Branch), (802, "other", Role::Official)]
        .map(|(id, name, role)| Actor::account(id, name, role, "10.0.0.1"));
    let desk = |actor| Desk { store: &app.store, county: county(), actor, clock: &app.clock };
    openings::ask(&desk(&asks), month, "价录错了").await.unwrap();
    openings::grant(&desk(&opens), month).await.unwrap();
    super::review::late_refund(app).await;
    let changed = asked(app, "changed", &official).await;
    // the refund is booked in February itself now, and is no settlement of a new month
    assert!(changed.contains("累计助农增收 12.82 元"), "{changed}");
    assert!(changed.contains("2026-02 重开了，还没有再锁"), "{changed}");
    assert!(changed.contains("<dt>其中，新月份自己的结算</dt><dd>0.00 元</dd>"), "{changed}");
    assert!(changed.contains("<dt>还没锁的以前月份里，月报以后入账的</dt><dd>−4.14 元</dd>"), "{changed}");
    // its last report says so where it is read and where it is taken away
    let page = get(app, "/months/2026-02", &official).await.body;
    assert!(page.contains("这份月报说的是重开以前"), "{page}");
    let table = get(app, "/months/2026-02/reports/1/report.csv", &official).await;
    assert!(table.status == StatusCode::OK && table.body.contains("重开过"), "{}", table.body);
    lock::lock(&app.store, county(), &Actor::command_line(), &app.clock, month, "缺基准价").await.unwrap();
    let changed = asked(app, "changed", &official).await;
    assert!(changed.contains("累计助农增收 8.68 元") && changed.contains("变了 0.00 元"), "{changed}");
    assert!(!changed.contains("重开了"), "{changed}");
}

#[tokio::test]
async fn the_method_page_walks_from_gmv_to_uplift_by_the_countys_numbers() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let official = enter(app, Role::Official).await;
    assert!(get(app, "/method", &official).await.body.contains("href=\"/method/county\""));
    assert!(!get(app, "/method", "").await.body.contains("href=\"/method/county\""), "the public page has no numbers");
    let page = get(app, METHOD, &official).await.body;
    // two orders of 39.90 of red streams, one of them settled with 12.82 of uplift; one line without listing
    for number in ["79.80", "29.62", "12.82", "44.90", "读不出来"] {
        assert!(page.contains(number), "{number}: {page}");
    }
    assert!(get(app, METHOD, "").await.status.is_redirection(), "not for everybody");
}

#[tokio::test]
async fn a_figure_published_before_stands_beside_and_is_added_to_nothing() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let staff = enter_under(app, grant(Role::Branch)).await;
    let official = enter(app, Role::Official).await;
    let before = get(app, "/official", &official).await.body;
    let figure = "amount=11%2C000%2C000&on_day=2026-01-31&document=Report+7&basis=%3Cb%3Enot+stated";
    assert_eq!(submit(app, "/method/published", &official, figure).await.status, StatusCode::FORBIDDEN);
    let none = submit(app, "/method/published", &staff, &figure.replace("11%2C000%2C000", "-5")).await;
    assert!(none.body.contains("大于零的金额"), "{}", none.body);
    let empty = submit(app, "/method/published", &staff, &figure.replace("Report+7", "+")).await;
    assert!(empty.body.contains("请写明内容"));
    let day_unknown = submit(app, "/method/published", &staff, &figure.replace("2026-01-31", "soon")).await;
    assert_eq!(day_unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(submit(app, "/method/published", &staff, figure).await.status.is_redirection());
    let page = get(app, METHOD, &official).await.body;
    assert!(page.contains("11,000,000.00") && page.contains("Report 7") && page.contains("&lt;b&gt;not stated"));
    assert!(page.contains("link-branch") && !page.contains("action=\"/method/published\""));
    assert_eq!(get(app, "/official", &official).await.body, before, "no figure moved");
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    assert_eq!(published::list(&mut session).await.unwrap()[0].amount_fen, 1_100_000_000);
}
