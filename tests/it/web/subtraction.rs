//! What left the site, laid side by side: files, reports, links and pictures of a small county, taken on different days.
//!
//! What a reader works out by adding and subtracting is a combination of shown sums. Every sum is looked up in what was
//! booked, so that it is known of whose amounts it is; then all combinations are tried, each sum taken up to once with
//! either sign, and none may be of one to four households. The same is tried of everything a naive site would show, where
//! such a combination has to be found: otherwise the county would prove nothing.

use super::client::{enter, enter_under, get, submit};
use super::exports::{begun, county_of, locked, posted, rows, seen};
use super::sales::{Sale, sell};
use super::seed::{Seeded, TOWN, VILLAGE, at, county, day, grant, granted};
use axum::http::StatusCode;
use red_anchor::clock::Clock;
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::amounts::Col;
use red_anchor::domain::month_report::{Booked, Group, Report};
use red_anchor::services::desk::Desk;
use red_anchor::services::openings;
use red_anchor::store::month_reports;
use red_anchor::web::{App, AppState};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

const GROUPINGS: [&str; 5] = ["town", "product", "room", "anchor", "month"];
const FEW: (&str, i64) = (VILLAGE, 11);
const EIGHT: (&str, i64) = ("360827100201", 12);
const SEVEN: (&str, i64) = ("360827102201", 13);
const SIX: (&str, i64) = ("360827103201", 14);

/// Goods of some households of a group, sold on a Red stream.
const fn sale(
    id: i64,
    goods: i64,
    (village, group): (&'static str, i64),
    households: i64,
    paid_on: &'static str,
) -> Sale {
    let product = match goods {
        31 => "金柚",
        32 => "茶油",
        34 => "板栗",
        _ => "笋干",
    };
    // amounts of which no sum is another
    let gmv_fen = 1_000_000 + id * id * 7_919;
    Sale { id, goods, product, group, village, households, paid_on, gmv_fen, settled: true, live: true }
}

/// December: three households of one town sell goods that eight of another sell too, and two other towns' goods are their
/// own, so that the month less both tells of the three. January: the three sell on no stream.
fn sales() -> Vec<Sale> {
    let beside = |sale: Sale| Sale { live: false, ..sale };
    vec![
        sale(21, 31, EIGHT, 8, "2025-12-10"),
        sale(22, 31, FEW, 3, "2025-12-11"),
        sale(23, 32, SEVEN, 7, "2025-12-12"),
        sale(24, 33, SIX, 6, "2025-12-13"),
        sale(25, 31, EIGHT, 8, "2026-01-10"),
        sale(26, 32, SEVEN, 7, "2026-01-11"),
        beside(sale(27, 32, FEW, 3, "2026-01-12")),
    ]
}

async fn sold(months: &[&str]) -> Seeded {
    county_of(&sales(), true, months).await
}

/// Which sum: its grouping and group, as a report names them.
type Cell = (String, Option<String>);

/// What was booked in a month, in the versions that were told of it.
type Versions = Vec<Vec<Booked>>;

/// A household's part of a sum: its number, where the row stands, and in which version it came.
type Part = (i64, String, usize);

fn cells_of(row: &Booked) -> Vec<Cell> {
    let id = |id: i64| (id != 0).then(|| id.to_string());
    let class = if row.class.in_headline() { ("headline", None) } else { ("class", Some(row.class.key().to_owned())) };
    let town = (row.village.digits() >= 9).then(|| row.village.ancestor(9).to_string());
    [
        ("total", None),
        class,
        ("town", town),
        ("product", id(row.product_id)),
        ("room", id(row.room_id)),
        ("anchor", id(row.anchor_id)),
    ]
    .map(|(grouping, key)| (grouping.to_owned(), key))
    .into()
}

fn row_key(row: &Booked) -> String {
    format!("{} {} {} {} {}", row.product_id, row.room_id, row.anchor_id, row.class.key(), row.village)
}

/// The two figures that are looked at, each with what it sums.
const FIGURES: [(&str, Col); 2] = [("gmv_fen", Col::Gmv), ("farmer_income_fen", Col::SettledFarmer)];

/// The households' parts of a sum of a version.
fn parts_of(versions: &[Vec<Booked>], version: usize, cell: &Cell, column: Col) -> BTreeSet<Part> {
    let mut before: BTreeMap<(i64, String), i64> = BTreeMap::new();
    let mut parts = BTreeSet::new();
    for (came, rows) in versions.iter().enumerate().take(version + 1) {
        for row in rows.iter().filter(|row| row.farmer_id != 0) {
            let key = (row.farmer_id, row_key(row));
            let known = before.insert(key.clone(), row.amounts[column]).unwrap_or(0);
            if row.amounts[column] != known && cells_of(row).contains(cell) {
                parts.insert((key.0, key.1, came));
            }
        }
    }
    parts
}

/// The fewest households, above none, that a combination of the sums is of.
fn fewest(sums: &BTreeSet<BTreeSet<Part>>) -> usize {
    let sums: Vec<&BTreeSet<Part>> = sums.iter().filter(|parts| !parts.is_empty()).collect();
    assert!(sums.len() <= 11, "{} sums are too many to try", sums.len());
    let mut fewest = usize::MAX;
    for combination in 0..3_usize.pow(u32::try_from(sums.len()).unwrap()) {
        let (mut rest, mut holds) = (combination, BTreeMap::new());
        for parts in &sums {
            let times = i64::try_from(rest % 3).unwrap() - 1;
            rest /= 3;
            for part in parts.iter().filter(|_| times != 0) {
                *holds.entry(part).or_insert(0) += times;
            }
        }
        holds.retain(|_, times| *times != 0);
        let households: BTreeSet<i64> = holds.keys().map(|part| part.0).collect();
        if !households.is_empty() {
            fewest = fewest.min(households.len());
        }
    }
    fewest
}

/// What was booked in a month up to its reports, and those reports.
async fn told(app: &AppState, month: &str) -> (Versions, Vec<Report>) {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let (mut versions, mut reports) = (Vec::new(), Vec::new());
    for stored in month_reports::list_of_month(&mut session, day(month)).await.unwrap() {
        versions.push(month_reports::list_booked(&mut session, day(month), stored.head.lock_batch_id).await.unwrap());
        reports.push(Report::parse(&stored.document).unwrap());
    }
    (versions, reports)
}

/// The sums a report states of a figure.
fn stated(report: &Report, figure: &str) -> BTreeMap<Cell, i64> {
    let figures = &report.figures;
    let one = |name: &str, group: &Group| group.get(figure).map(|fen| ((name.to_owned(), None), fen));
    let listed = figures.by.iter().flat_map(|(grouping, groups)| {
        groups.iter().filter_map(move |group| Some(((grouping.clone(), group.key.clone()), group.get(figure)?)))
    });
    [one("total", &figures.total), one("headline", &figures.headline)].into_iter().flatten().chain(listed).collect()
}

/// The amounts of a month that the official's files hold, by figure and sum.
async fn filed(app: &AppState, cookie: &str, month: &str, days: &str) -> BTreeMap<(&'static str, Cell), i64> {
    let mut found = BTreeMap::new();
    for grouping in GROUPINGS {
        let answer = get(app, &format!("/official/tables/{grouping}.csv{days}"), cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{grouping}");
        for row in rows(&answer).into_iter().filter(|row| row[0] == month) {
            let cell = match (row[1].as_str(), row[2].as_str()) {
                ("", "合计") => ("total".to_owned(), None),
                ("", _) => (grouping.to_owned(), None),
                (key, _) => (grouping.to_owned(), Some(key.to_owned())),
            };
            for (figure, text) in [("gmv_fen", &row[6]), ("farmer_income_fen", &row[5])] {
                if !text.is_empty() {
                    let fen = text.replace('.', "").parse().unwrap();
                    assert!(found.insert((figure, cell.clone()), fen).is_none_or(|before| before == fen), "{row:?}");
                }
            }
        }
    }
    found
}

/// Asserts that what a month's reports state is what was booked, and tells of nobody; and that all sums would.
fn tells_of_nobody(versions: &[Vec<Booked>], reports: &[Report]) {
    for (figure, column) in FIGURES {
        let mut shown = BTreeSet::new();
        let mut all = BTreeSet::new();
        for (made, report) in reports.iter().enumerate() {
            let repeated = report.figures.headline_of.and_then(|no| reports.iter().position(|r| r.report_no == no));
            let sums = stated(report, figure);
            for (cell, fen) in &sums {
                let version = repeated.filter(|_| cell.0 == "headline").unwrap_or(made);
                let of = versions[version].iter().filter(|row| cells_of(row).contains(cell));
                assert_eq!(of.map(|row| row.amounts[column]).sum::<i64>(), *fen, "{figure} of {cell:?}");
                shown.insert(parts_of(versions, version, cell, column));
            }
            for cell in versions[made].iter().flat_map(cells_of) {
                all.insert(parts_of(versions, made, &cell, column));
            }
        }
        assert!(shown.iter().any(|parts| !parts.is_empty()), "{figure}: something is shown");
        let fewest_shown = fewest(&shown);
        assert!(fewest_shown >= 5, "{figure}: a combination is of {fewest_shown} households");
        assert!(fewest(&all) < 5, "{figure}: a county in which nothing could be told");
    }
}

#[tokio::test]
async fn files_reports_and_links_laid_side_by_side_tell_of_no_few_households() {
    let seeded = sold(&["2025-12-01", "2026-01-01"]).await;
    let app = &seeded.app;
    let official = enter(app, Role::Official).await;
    for month in ["2025-12", "2026-01"] {
        let (versions, reports) = told(app, &format!("{month}-01")).await;
        tells_of_nobody(&versions, &reports);
        let files = filed(app, &official, month, "").await;
        // a file holds back what the report does, and states nothing else
        for (figure, _) in FIGURES {
            let of_files: BTreeMap<&Cell, i64> =
                files.iter().filter(|((of, _), _)| *of == figure).map(|((_, cell), fen)| (cell, *fen)).collect();
            let of_report = stated(&reports[0], figure);
            let tables = of_report.iter().filter(|((of, _), _)| !["headline", "class"].contains(&of.as_str()));
            assert_eq!(of_files, tables.map(|(cell, fen)| (cell, *fen)).collect(), "{figure} of {month}");
        }
        // what stands behind a link is the report, byte for byte
        let stored = get(app, &format!("/months/{month}/reports/{}", reports[0].report_no), &official).await;
        let made = submit(app, &format!("/months/{month}/links"), &official, "days=30").await.body;
        let (_, code) = made.split_once("http://county.example/shared/").unwrap();
        let code: String = code.chars().take_while(char::is_ascii_hexdigit).collect();
        assert_eq!(get(app, &format!("/shared/{code}/report.json"), "").await.bytes, stored.bytes);
    }
}

/// What an official takes away: all files and pictures, without the day in a file's name.
async fn taken(app: &AppState, cookie: &str, days: &str) -> BTreeMap<String, Vec<u8>> {
    let mut taken = BTreeMap::new();
    for grouping in GROUPINGS {
        let path = format!("/official/tables/{grouping}.csv{days}");
        taken.insert(path.clone(), get(app, &path, cookie).await.bytes);
    }
    for name in ["cumulative", "months", "flow", "towns", "distribution", "ageing", "season-31"] {
        let path = format!("/official/pictures/{name}.svg{days}");
        let answer = get(app, &path, cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        taken.insert(path, answer.bytes);
    }
    taken
}

/// Some households sell once more.
async fn sell_late(app: &AppState, sales: &[Sale]) {
    let mut work = begun(app).await;
    for sale in sales {
        sell(&mut work, sale).await;
    }
    posted(work, sales).await;
}

#[tokio::test]
async fn what_is_taken_on_two_days_is_the_same_and_so_are_other_days_of_a_month() {
    let seeded = sold(&["2025-12-01", "2026-01-01"]).await;
    let app = &seeded.app;
    let official = enter(app, Role::Official).await;
    let one_day = taken(app, &official, "").await;
    let live = async |name: &str| seen(app, &format!("/official/pictures/{name}.svg"), &official).await.body;
    let (picture, page) = (live("cumulative").await, get(app, "/official", &official).await.body);
    app.clock.sleep(Duration::from_hours(24)).await;
    // many sell in the open month, and one
    sell_late(app, &[sale(41, 31, SIX, 6, "2026-03-04"), sale(44, 32, EIGHT, 1, "2026-03-04")]).await;
    let changed = get(app, "/official", &official).await.body;
    assert!(changed != page && live("cumulative").await != picture, "signed in, it is seen");
    let another_day = taken(app, &official, "").await;
    for (path, bytes) in &one_day {
        let (before, after) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&another_day[path]));
        // a month more that is not in it, and no amount more
        let but_absent = |text: &str| {
            text.replace("不含 1 个月", "").replace("不含 2 个月", "").replace("2026-03,还没有锁定\r\n", "")
        };
        assert_eq!(but_absent(&before), but_absent(&after), "{path}");
    }
    let some_days = filed(app, &official, "2025-12", "?from=2025-12-11&to=2025-12-11").await;
    assert_eq!(some_days, filed(app, &official, "2025-12", "").await, "other days of the month are the month");
    let of_days = taken(app, &official, "?from=2025-12-12&to=2026-01-10").await;
    let of_months = taken(app, &official, "?from=2025-12-01&to=2026-01-31").await;
    for ((path, days), (_, months)) in of_days.iter().zip(&of_months) {
        assert_eq!(String::from_utf8_lossy(days), String::from_utf8_lossy(months), "{path}");
    }
}

#[tokio::test]
async fn a_month_that_is_opened_is_in_nothing_and_locked_again_tells_of_nobody() {
    let seeded = sold(&["2025-12-01", "2026-01-01"]).await;
    let app = &seeded.app;
    let official = enter(app, Role::Official).await;
    let before = filed(app, &official, "2025-12", "").await;
    let january = filed(app, &official, "2026-01", "").await;
    let (first, second) =
        (Actor::account(91, "甲", Role::Branch, "x"), Actor::account(92, "乙", Role::BranchAdmin, "y"));
    let desk = |actor| Desk { store: &app.store, county: county(), actor, clock: &app.clock };
    openings::ask(&desk(&first), day("2025-12-01"), "漏了单").await.unwrap();
    openings::grant(&desk(&second), day("2025-12-01")).await.unwrap();
    // two households of many had been forgotten
    sell_late(app, &[sale(42, 32, SEVEN, 2, "2025-12-20")]).await;
    assert!(filed(app, &official, "2025-12", "").await.is_empty(), "while it is open");
    let file = get(app, "/official/tables/town.csv", &official).await.body;
    assert!(file.contains("2025-12,重开了，还没有再锁定"), "{file}");
    let picture = get(app, "/official/pictures/months.svg", &official).await.body;
    assert!(!picture.contains("\n2025-12\n") && picture.contains("不含 2 个月"), "{picture}");
    assert_eq!(filed(app, &official, "2026-01", "").await, january, "the other month stands");

    locked(app, &["2025-12-01"]).await;
    let (versions, reports) = told(app, "2025-12-01").await;
    assert_eq!(reports.len(), 2);
    tells_of_nobody(&versions, &reports);
    // the headline stays that of the first, and whatever leaves says so
    assert_eq!(reports[1].figures.headline_of, Some(reports[0].report_no));
    assert_eq!(reports[1].figures.headline, reports[0].figures.headline);
    let no = reports[1].report_no;
    for (path, words) in [
        ("/official/pictures/cumulative.svg".to_owned(), "1 个月仍按更早的月报"),
        (format!("/months/2025-12/reports/{no}/report.csv"), "之后的更正涉及不足五户"),
        ("/months/2025-12".to_owned(), "之后的更正涉及不足五户"),
        ("/months/years/2025/report.csv".to_owned(), "之后的更正涉及不足五户"),
    ] {
        let told = get(app, &path, &official).await;
        assert!(told.status == StatusCode::OK && told.body.contains(words), "{path}: {}", told.body);
    }
    let after = filed(app, &official, "2025-12", "").await;
    for ((figure, cell), fen) in &after {
        assert_eq!(stated(&reports[1], figure).get(cell), Some(fen), "{figure} of {cell:?}");
        assert!(
            before.get(&(*figure, cell.clone())).is_none_or(|known| known == fen),
            "{figure} of {cell:?} tells two"
        );
    }
}

#[tokio::test]
async fn a_picture_taken_away_draws_what_the_reports_state_and_the_page_offers_no_other() {
    let seeded = sold(&["2025-12-01", "2026-01-01"]).await;
    let app = &seeded.app;
    // February: the three alone
    sell_late(app, &[sale(43, 33, FEW, 3, "2026-02-10")]).await;
    locked(app, &["2026-02-01"]).await;
    let official = enter_under(app, grant(Role::Official)).await;
    let (_, february) = told(app, "2026-02-01").await;
    assert_eq!(february[0].figures.headline.get("gmv_fen"), None);
    let drawn = async |name: &str| get(app, &format!("/official/pictures/{name}.svg"), &official).await.body;
    let (mut uplift, mut gmv) = (0, 0);
    for month in ["2025-12-01", "2026-01-01"] {
        let (_, reports) = told(app, month).await;
        uplift += reports[0].figures.headline.get("uplift_fen").unwrap();
        gmv += reports[0].figures.headline.get("gmv_fen").unwrap();
    }
    let wan = |fen: i64| format!("{}.{}", (fen + 50_000) / 1_000_000, (fen + 50_000) / 100_000 % 10);
    let cumulative = drawn("cumulative").await;
    assert!(cumulative.contains(&format!("\n{}", wan(uplift))) && cumulative.contains("不含 1 个月"), "{cumulative}");
    let months = drawn("months").await;
    assert!(months.contains("\n2026-01\n") && !months.contains("\n2026-02\n"), "{months}");
    assert_eq!(months.matches("fill=\"#4A5A6A\"").count(), 3, "two bars of GMV and the panel's mark: {months}");
    assert!(drawn("flow").await.contains(&format!("\n{}\n", wan(gmv))));
    let towns = drawn("towns").await;
    assert!(towns.contains("全部订单") && towns.contains("\n不足五户\n"), "{towns}");
    for name in ["distribution", "ageing", "season-31"] {
        let picture = drawn(name).await;
        assert!(picture.contains("只在登录后的页面上看") && !picture.contains(" 户"), "{name}: {picture}");
    }
    // a browser that draws the page has all of it; in pixels it is only ever taken away
    assert!(seen(app, "/official/pictures/distribution.svg", &official).await.body.contains(" 户"));
    let answer = seen(app, "/official/pictures/months.svg", &official).await;
    assert_eq!(answer.headers["vary"], "sec-fetch-dest");
    let pixels = "/official/pictures/flow.svg?as=png";
    assert_eq!(seen(app, pixels, &official).await.bytes, get(app, pixels, &official).await.bytes);
    let page = get(app, "/official/charts", &official).await.body;
    let offered = |name: &str| page.contains(&format!("<a href=\"/official/pictures/{name}.svg"));
    assert!(offered("towns") && !["distribution", "ageing", "season-31"].iter().any(|name| offered(name)), "{page}");

    // of a town all that was sold there
    let town = enter_under(app, granted(Role::Official, "360827100", 0)).await;
    let picture = get(app, "/official/pictures/months.svg", &town).await.body;
    assert!(picture.contains("全部订单") && !picture.contains("红色直播间"), "{picture}");
    let few = enter_under(app, granted(Role::Official, TOWN, 0)).await;
    for name in ["cumulative", "months", "flow"] {
        let picture = get(app, &format!("/official/pictures/{name}.svg"), &few).await.body;
        assert!(picture.contains("户数太少") && picture.contains("不含 "), "{name}: {picture}");
    }
}

#[tokio::test]
async fn the_big_screen_beside_a_file_says_whole_steps_and_marks_goods_of_few() {
    let seeded = sold(&[]).await;
    let app = &seeded.app;
    let on = "2026-02-20";
    let of_day = [sale(51, 31, EIGHT, 8, on), sale(52, 34, FEW, 3, on), sale(53, 33, SEVEN, 7, on)];
    sell_late(app, &of_day).await;
    let staff = enter(app, Role::Branch).await;
    let on_air: AppState = Arc::new(App { clock: Clock::world(at("2026-02-20", 20, 0)), ..App::clone(app) });
    let screen = get(&on_air, "/screen", &staff).await.body;
    // the stream is what all of it was sold on, with the seed's two orders of 39.90 each
    let sold_on_it = sales().into_iter().chain(of_day).filter(|sale| sale.live);
    let exact_fen = sold_on_it.map(|sale| sale.gmv_fen).sum::<i64>() + 7_980;
    let yuan = |fen: i64| format!("{},{:03}", fen / 100_000, fen / 100 % 1_000);
    assert!(screen.contains(&yuan(exact_fen / 10_000 * 10_000)), "down to a hundred yuan: {screen}");
    for told in [exact_fen, of_day[0].gmv_fen, of_day[1].gmv_fen, exact_fen - of_day[0].gmv_fen] {
        assert!(!screen.contains(&yuan(told)), "{told}: {screen}");
    }
    let (_, few) = screen.split_once("板栗").unwrap();
    assert!(few.split_once("</tr>").unwrap().0.contains('*'), "{screen}");
    locked(app, &["2026-02-01"]).await;
    let official = enter(app, Role::Official).await;
    let (versions, reports) = told(app, "2026-02-01").await;
    tells_of_nobody(&versions, &reports);
    let files = filed(app, &official, "2026-02", "").await;
    assert!(!files.is_empty() && !files.values().any(|fen| *fen == of_day[1].gmv_fen));
}
