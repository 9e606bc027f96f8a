//! What leaves a page: pictures and tables say nothing of fewer than five households, tables open in Excel and run
//! nothing there, and an account takes only so many.

use super::client::{Answer, ask, enter, enter_under, get};
use super::sales::{FORMULA, SALES, SCRIPT, Sale, sell};
use super::seed::{Seeded, TOWN, VILLAGE, baseline, county, day, granted, seeded};
use crate::audit::any_change;
use axum::http::{Method, StatusCode, header};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::audit::{Noun, Verb};
use red_anchor::domain::problem::Problem;
use red_anchor::services::exports::MOST_AN_HOUR;
use red_anchor::services::lock::lock;
use red_anchor::services::post;
use red_anchor::store::audit::{self, Sought};
use red_anchor::store::{Work, facts, people, prices};
use red_anchor::web::AppState;
use std::io::Cursor;
use std::time::Duration;

pub async fn begun(app: &AppState) -> Work {
    app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap()
}

pub async fn posted(mut work: Work, sales: &[Sale]) {
    let ids: Vec<i64> = sales.iter().map(|sale| sale.id).collect();
    facts::queue(&mut work, &ids).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

/// The county when February is over, with these sales, in goods with a price where it is said, and these months locked.
pub async fn county_of(sales: &[Sale], priced: bool, months: &[&str]) -> Seeded {
    let seeded = seeded().await;
    seeded.app.clock.sleep(Duration::from_hours(7 * 24)).await;
    let mut work = begun(&seeded.app).await;
    for sale in sales {
        sell(&mut work, sale).await;
        let region_code = county().to_string();
        let price = prices::BaselineRow { baseline_id: sale.id, product_id: sale.goods, region_code, ..baseline() };
        if priced {
            prices::insert_baselines(&mut work, &[price]).await.unwrap();
        }
    }
    posted(work, sales).await;
    locked(&seeded.app, months).await;
    seeded
}

async fn sold_of(sales: &[Sale]) -> Seeded {
    county_of(sales, false, &["2025-12-01", "2026-01-01", "2026-02-01"]).await
}

/// Locks those of these months in which there is anything.
pub async fn locked(app: &AppState, months: &[&str]) {
    for month in months {
        match lock(&app.store, county(), &Actor::command_line(), &app.clock, day(month), "无基准").await {
            Err(error) if matches!(error.downcast_ref(), Some(Problem::NothingInMonth { .. })) => {}
            locked => assert!(locked.is_ok(), "{month}: {locked:?}"),
        }
    }
}

async fn sold() -> Seeded {
    sold_of(&SALES).await
}

pub async fn table(app: &AppState, cookie: &str, path: &str) -> Vec<Vec<String>> {
    let answer = get(app, path, cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    rows(&answer)
}

/// A picture as the page shows it, which the browser says it draws.
pub async fn seen(app: &AppState, path: &str, cookie: &str) -> Answer {
    ask(app, Method::GET, path, &[("cookie", cookie), ("sec-fetch-dest", "image")]).await
}

/// The rows of a table up to the blank one under it.
pub fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.body.strip_prefix('\u{feff}').expect("the mark by which Excel knows UTF-8");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    rows.take_while(|row| row.len() > 1).collect()
}

/// The amounts of a group in a month (`合计` as key: of the whole month): uplift, income, GMV.
fn amounts<'a>(rows: &'a [Vec<String>], month: &str, key: &str) -> [&'a str; 3] {
    let is = |row: &&Vec<String>| row[0] == month && (row[1] == key || (row[2] == key && row[1].is_empty()));
    let row = rows.iter().find(is).unwrap_or_else(|| panic!("{key} of {month} in {rows:?}"));
    [&row[4], &row[5], &row[6]]
}

#[tokio::test]
async fn a_table_says_of_each_locked_month_what_its_report_says_and_nothing_else() {
    let seeded = sold().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Official).await;
    // three households of one town sold in January, seven of another in December
    let towns = table(app, &cookie, "/official/tables/town.csv").await;
    // less the rest that no household has
    assert_eq!(amounts(&towns, "2025-12", "360827102")[2], "87614.94", "seven households in December");
    for key in [TOWN, "合计"] {
        assert_eq!(amounts(&towns, "2026-01", key), ["", "", ""], "{key}");
    }
    assert_eq!(amounts(&towns, "所列各月合计", "360827102")[2], "87614.94");
    let sum = towns.iter().find(|row| row[0] == "所列各月合计" && row[1] == TOWN).unwrap();
    assert!(sum[4..7].iter().all(String::is_empty) && sum[8].contains("不含 2 个月"), "no month says it: {sum:?}");
    let page = get(app, "/official/by/town", &cookie).await.body;
    assert!(["43,285", "65,404", "87,615"].iter().all(|gmv| page.contains(gmv)), "signed in, all of it is there");

    // other days choose among the same months
    let december = table(app, &cookie, "/official/tables/town.csv?from=2025-12-05&to=2025-12-31").await;
    let cells =
        |rows: &[Vec<String>]| -> Vec<Vec<String>> { rows.iter().filter(|row| row[0] == "2025-12").cloned().collect() };
    assert_eq!(cells(&december), cells(&towns));
    assert!(december.iter().all(|row| row[0] != "2026-01"), "{december:?}");

    let months = table(app, &cookie, "/official/tables/month.csv").await;
    for (month, gmv) in [("2025-12", "87650.00"), ("2026-01", "")] {
        assert_eq!(amounts(&months, month, "合计")[2], gmv, "{month}");
    }
}

#[tokio::test]
async fn a_towns_official_takes_the_towns_part_of_the_countys_reports() {
    let seeded = sold().await;
    let app = &seeded.app;
    // three households of this town in January, and the seeded one in February
    let few = enter_under(app, granted(Role::Official, TOWN, 0)).await;
    for name in ["town", "month"] {
        let rows = table(app, &few, &format!("/official/tables/{name}.csv")).await;
        assert!(rows.iter().any(|row| row[0] == "2026-01"), "{rows:?}");
        assert!(rows.iter().all(|row| row[3..8].iter().all(String::is_empty)), "no amount: {rows:?}");
    }
    assert!(get(app, "/official/by/product", &few).await.body.contains("43,20"), "the page shows it");
    let many = enter_under(app, granted(Role::Official, "360827102", 0)).await;
    let rows = table(app, &many, "/official/tables/month.csv").await;
    assert_eq!(amounts(&rows, "2025-12", "合计")[2], "87614.94");
    // by goods the reports say nothing of a town
    for name in ["product", "room", "anchor", "stream"] {
        let refused = get(app, &format!("/official/tables/{name}.csv"), &many).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.body.contains("月报里没有这样分列的数") && !refused.body.contains("87,6"), "{name}");
        let page = get(app, &format!("/official/by/{name}"), &many).await.body;
        assert!(page.contains("这张表不能下载") && !page.contains("/official/tables/"), "{name}");
    }
}

#[tokio::test]
async fn a_picture_of_now_draws_no_month_of_few_households() {
    let seeded = county_of(&SALES, true, &[]).await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Official).await;
    // a picture is of whole months
    let days = "?from=2025-12-05&to=2026-02-10";
    let months = seen(app, &format!("/official/pictures/months.svg{days}"), &cookie).await.body;
    assert!(months.contains("8.77") || months.contains("8.8"), "December stands by itself: {months}");
    // January and February are held back together: neither is named, and each panel has December's bar beside its head
    assert!(months.contains("\n2025-12\n"), "{months}");
    assert!(!months.contains("\n2026-01\n") && !months.contains("\n2026-02\n"), "{months}");
    assert_eq!(months.matches("fill=\"#4A5A6A\"").count(), 2, "{months}");
    assert!(months.contains("不足五户的月份不单列"));
    let page = get(app, "/official", &cookie).await.body;
    assert!(page.contains("2026-01") && page.contains("4.3"), "the page's own table has it");
    let december = "?from=2025-12-05&to=2025-12-20";
    assert!(!seen(app, &format!("/official/pictures/flow.svg{december}"), &cookie).await.body.contains("户数太少"));

    let january = "?from=2026-01-01&to=2026-01-31";
    let town = enter_under(app, granted(Role::Official, TOWN, 0)).await;
    for (reader, range) in [(&cookie, january), (&town, "")] {
        for name in ["flow", "months", "cumulative"] {
            let picture = seen(app, &format!("/official/pictures/{name}.svg{range}"), reader).await.body;
            assert!(picture.contains("户数太少") && !picture.contains("43,210") && !picture.contains("4.3"), "{name}");
        }
    }
    assert!(get(app, &format!("/official{january}"), &cookie).await.body.contains("43,210.00"));
}

#[tokio::test]
async fn within_a_month_few_households_take_the_next_with_them() {
    let sales = SALES.map(|sale| Sale { paid_on: "2025-12-10", ..sale });
    let seeded = county_of(&sales, false, &["2025-12-01"]).await;
    let cookie = enter(&seeded.app, Role::Official).await;
    let products = table(&seeded.app, &cookie, "/official/tables/product.csv").await;
    let gmv = |key: &str| amounts(&products, "2025-12", key)[2];
    assert_eq!(gmv("11"), "", "three households");
    assert_eq!(gmv("12"), "", "the smallest that is large enough");
    assert_eq!((gmv("13"), gmv("合计")), ("87650.00", "196290.00"));
    let towns = table(&seeded.app, &cookie, "/official/tables/town.csv").await;
    let gmv = |key: &str| amounts(&towns, "2025-12", key)[2];
    assert_eq!([gmv(TOWN), gmv("360827100"), gmv("360827102")], ["", "", "87614.94"]);
}

#[tokio::test]
async fn paper_has_nothing_of_what_changes_from_day_to_day() {
    let seeded = county_of(&[SALES[2]], true, &["2025-12-01"]).await;
    let cookie = enter(&seeded.app, Role::Official).await;
    for path in
        ["/official", "/official?from=2025-12-01&to=2025-12-31", "/official/charts", "/official/by/town", "/reconcile"]
    {
        let page = get(&seeded.app, path, &cookie).await.body;
        let (_, main) = page.split_once("<main").unwrap();
        let (main, _) = main.split_once("</main>").unwrap();
        let (_, content) = main.split_once('>').unwrap();
        assert!(content.starts_with("<div class=\"on-screen\">"), "{path}: {content}");
        let (_, printed) = content.rsplit_once("</div>").unwrap();
        assert!(
            printed.starts_with("<p class=\"on-paper\">") && printed.contains("月份或全年的 PDF"),
            "{path}: {printed}"
        );
    }
}

/// Tea of six households, five of one town and one of [`TOWN`], sold on 2025-12-10, with a price in one of the towns.
async fn sold_with_a_price_in(app: &AppState, region: &str) {
    let sale = Sale { product: "茶", paid_on: "2025-12-10", ..SALES[1] };
    let mut work = begun(app).await;
    sell(&mut work, &sale).await;
    let elsewhere = people::Farmer {
        farmer_id: sale.id * 100,
        farmer_key: format!("f{}-0", sale.id),
        name: "刘0".into(),
        village_code: VILLAGE.into(),
    };
    people::upsert_farmers(&mut work, &[elsewhere]).await.unwrap();
    let price =
        prices::BaselineRow { baseline_id: 2, product_id: sale.goods, region_code: region.into(), ..baseline() };
    prices::insert_baselines(&mut work, &[price]).await.unwrap();
    posted(work, &[sale]).await;
    locked(app, &["2025-12-01"]).await;
}

#[tokio::test]
async fn an_uplift_of_one_household_among_many_does_not_leave() {
    let seeded = seeded().await;
    let app = &seeded.app;
    // of its six households one lives where there is a price for the goods
    sold_with_a_price_in(app, TOWN).await;
    let cookie = enter(app, Role::Official).await;
    let days = "?from=2025-12-10&to=2025-12-10";
    let page = get(app, &format!("/official/by/product{days}"), &cookie).await.body;
    assert!(page.contains("16.") || page.contains("17."), "a sixth of the income has a price: {page}");
    let table = table(app, &cookie, &format!("/official/tables/product.csv{days}")).await;
    let [uplift, income, gmv] = amounts(&table, "2025-12", "12");
    assert_eq!((uplift, income), ("", ""), "{table:?}");
    assert_eq!(gmv, "65430.00", "six households sold");
    for name in ["flow", "months", "cumulative"] {
        let picture = seen(app, &format!("/official/pictures/{name}.svg{days}"), &cookie).await.body;
        assert!(picture.contains("户数太少"), "{name}");
    }
}

#[tokio::test]
async fn one_household_without_a_price_among_many_holds_back_only_what_tells_of_it() {
    let seeded = seeded().await;
    let app = &seeded.app;
    // of its six households one lives where there is no price for the goods
    sold_with_a_price_in(app, "360827100").await;
    let cookie = enter(app, Role::Official).await;
    let days = "?from=2025-12-10&to=2025-12-10";
    let table = table(app, &cookie, &format!("/official/tables/product.csv{days}")).await;
    let [uplift, income, gmv] = amounts(&table, "2025-12", "12");
    assert!(!uplift.is_empty() && !income.is_empty() && gmv == "65430.00", "{table:?}");
    assert!(table.iter().skip(1).all(|row| row[7].is_empty()), "coverage tells of the one: {table:?}");
    for name in ["flow", "months", "cumulative"] {
        let picture = seen(app, &format!("/official/pictures/{name}.svg{days}"), &cookie).await.body;
        assert!(!picture.contains("户数太少"), "{name}");
        assert_eq!(picture.contains("和没有基准价的"), name == "flow");
        assert!(!picture.contains("无基准价，不计入增收"), "{name}");
    }
}

#[tokio::test]
async fn what_one_household_waits_for_is_in_no_picture() {
    let few = Sale { settled: false, paid_on: "2025-12-11", ..SALES[0] };
    let seeded = sold_of(&[SALES[2], few]).await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Official).await;
    let picture = async |name: &str| {
        seen(app, &format!("/official/pictures/{name}.svg?from=2025-12-01&to=2025-12-31"), &cookie).await.body
    };
    assert!(picture("flow").await.contains("户数太少"), "three households' provisional income");
    assert!(!picture("months").await.contains("户数太少"), "which stands in no other");
}

#[tokio::test]
async fn a_table_opens_in_excel_and_runs_nothing_there() {
    let seeded = sold().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Official).await;
    let answer = get(app, "/official/tables/product.csv?from=2025-01-01", &cookie).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    let name = "attachment; filename=\"red-anchor-360827-product-2026-03-04.csv\"";
    assert_eq!(answer.header(header::CONTENT_DISPOSITION), name);
    assert!(answer.body.contains("\r\n") && answer.body.contains("演示数据") && answer.body.contains("2025-12"));
    let rows = rows(&answer);
    let label = |key: &str| rows.iter().find(|row| row[1] == key).unwrap()[2].clone();
    assert_eq!(label("12"), format!("'{FORMULA}"), "a formula is text");
    assert_eq!(label("13"), SCRIPT, "a file is not a page");
    assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    for path in ["/official", "/official/by/product", "/official/lines?by=product&key=13"] {
        let page = get(app, path, &cookie).await.body;
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"), "{path}");
    }
    for name in ["months", "flow", "cumulative"] {
        let picture = get(app, &format!("/official/pictures/{name}.svg"), &cookie).await.body;
        assert!(picture.starts_with("<svg") && !picture.contains("<script"), "{name}");
    }
    let answer = get(app, "/official/tables/product.xlsx", &cookie).await;
    let name = "attachment; filename=\"red-anchor-360827-product-2026-03-04.xlsx\"";
    assert_eq!(answer.header(header::CONTENT_DISPOSITION), name);
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(answer.bytes)).unwrap();
    let cells = book.worksheet_range_at(0).unwrap().unwrap();
    let cell = |month: &str, key: &str, column: usize| {
        cells.rows().find(|row| row[0] == month && row[1] == key).unwrap()[column].clone()
    };
    assert_eq!(cell("2026-02", "12", 2), Data::String(FORMULA.into()), "a formula is text");
    let gmv = (cell("2025-12", "13", 6), cell("2026-01", "11", 6));
    assert_eq!(gmv, (Data::Float(87_650.0), Data::Empty), "few households are held back");
    for file in ["product", "product.xls", "farmer.csv", "village.csv", "..%2Fproduct.csv"] {
        assert_eq!(
            get(app, &format!("/official/tables/{file}"), &cookie).await.status,
            StatusCode::NOT_FOUND,
            "{file}"
        );
    }
}

#[tokio::test]
async fn a_table_lists_locked_months_alone() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Official).await;
    let mut work = begun(app).await;
    let sales =
        ["2025-12-10", "2026-01-10"].map(|paid_on| Sale { paid_on, id: 11 + i64::from(paid_on < "2026"), ..SALES[2] });
    for sale in &sales {
        sell(&mut work, sale).await;
    }
    posted(work, &sales).await;
    locked(app, &["2026-01-01"]).await;
    let months = table(app, &cookie, "/official/tables/month.csv?from=2025-12-05").await;
    assert_eq!(amounts(&months, "2026-01", "合计")[2], "87650.00");
    assert!(months.iter().all(|row| !matches!(row[0].as_str(), "2025-12" | "2026-02")), "open months: {months:?}");
    assert!(get(app, "/official/by/month", &cookie).await.body.contains("2026-02"), "the page has them");
    let file = get(app, "/official/tables/month.csv", &cookie).await.body;
    for said in ["不含 2 个月", "2025-12,还没有锁定", "2026-02,还没有锁定", "2026-01,第 1 号,"] {
        assert!(file.contains(said), "{said}: {file}");
    }
    let refused = get(app, "/official/tables/month.csv?from=2026-02-01", &cookie).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("已锁定的月份"));
}

#[tokio::test]
async fn an_account_takes_so_many_tables_an_hour_and_each_is_told() {
    let seeded = county_of(&[], false, &["2026-02-01"]).await;
    let app = &seeded.app;
    let (cookie, path) = (enter(app, Role::Official).await, "/official/tables/month.csv");
    for _ in 0..MOST_AN_HOUR {
        assert_eq!(get(app, path, &cookie).await.status, StatusCode::OK);
    }
    let refused = get(app, path, &cookie).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("下载得太多了") && !refused.body.contains("12.82"));
    let other = enter(app, Role::Auditor).await;
    assert_eq!(get(app, path, &other).await.status, StatusCode::OK, "another account is not held up");
    app.clock.sleep(Duration::from_hours(1)).await;
    assert_eq!(get(app, path, &cookie).await.status, StatusCode::OK, "waiting ends");
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let sought = Sought { noun: Some(Noun::Figures.key().into()), ..Sought::default() };
    assert_eq!(audit::count(&mut session, &sought).await.unwrap(), MOST_AN_HOUR + 2);
    let last = audit::list(&mut session, &sought, 1).await.unwrap().remove(0);
    assert_eq!((last.verb.as_str(), last.subject.as_str()), (Verb::Export.key(), "month 360827"));
}

#[tokio::test]
async fn pictures_of_spread_say_nothing_of_few_households_and_come_in_pixels_too() {
    let seeded = county_of(&SALES, true, &[]).await;
    let app = &seeded.app;
    let cookie = enter(app, Role::Official).await;
    let picture = async |name: &str| seen(app, &format!("/official/pictures/{name}"), &cookie).await;
    // four households of one town, six and seven of two others: the six go with the four
    let towns = picture("towns.svg").await.body;
    assert_eq!(towns.matches("\n不足五户\n").count(), 2, "{towns}");
    assert!(towns.contains("\n碧洲镇\n") && towns.contains("\n—\n"), "{towns}");
    let spread = picture("distribution.svg").await.body;
    assert!(spread.contains("17 户"), "17 households are counted: {spread}");
    // three households a month are too few for a price
    assert_eq!(picture("season-11.svg").await.status, StatusCode::NOT_FOUND);
    assert!(picture("season-13.svg").await.body.contains("农户到手"));
    assert!(picture("ageing.svg").await.body.contains("已结"));
    let page = get(app, "/official/charts", &cookie).await;
    assert!(page.status == StatusCode::OK && page.body.contains("/official/pictures/season-"), "{}", page.body);
    assert!(!page.body.contains("橙子"), "it has no season");
    for name in ["towns", "months", "flow", "distribution"] {
        let pixels = picture(&format!("{name}.svg?as=png")).await;
        assert_eq!(pixels.header(header::CONTENT_TYPE), "image/png", "{name}");
        assert!(pixels.bytes.starts_with(b"\x89PNG") && pixels.header(header::CONTENT_DISPOSITION).contains(".png"));
    }
    // a town's official has four households there
    let town = enter_under(app, granted(Role::Official, TOWN, 0)).await;
    let narrow = seen(app, "/official/pictures/distribution.svg", &town).await.body;
    assert!(narrow.contains("户数太少"), "{narrow}");
    assert_eq!(seen(app, "/official/pictures/towns.svg", &town).await.status, StatusCode::NOT_FOUND);
    assert!(get(app, "/official/charts", &town).await.status == StatusCode::OK);
}
