//! A lot of many households, weighed in, sold, partly refunded, closed: through the pages.

use super::client::{enter, enter_under, get, submit};
use super::seed::{FARMER, at, county, day, grant, line, order, past_the_seeds_numbers, seeded, statement, terms};
use crate::audit::any_change;
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role, Scope};
use red_anchor::domain::audit::{Change, Noun, Verb};
use red_anchor::services::{post, verify};
use red_anchor::store::goods::{self, TermsRow};
use red_anchor::store::lots::{self, Ticket};
use red_anchor::store::payouts::due;
use red_anchor::store::{facts, orders, people};
use red_anchor::web::AppState;
use std::fmt::Write;

const VILLAGE: &str = super::seed::VILLAGE;

/// Household 1 and twenty-nine more.
async fn households(app: &AppState) {
    let mut work = app.store.work(county(), &Actor::command_line(), "households", &app.clock).await.unwrap();
    let rows: Vec<people::Farmer> = (3..=30)
        .map(|farmer_id| people::Farmer {
            farmer_id,
            farmer_key: format!("f{farmer_id}"),
            name: format!("刘{farmer_id}"),
            village_code: VILLAGE.into(),
        })
        .collect();
    people::upsert_farmers(&mut work, &rows).await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

/// Sells one more 5 斤 pack for each id: 2.625 kg of goods.
async fn sell(app: &AppState, ids: &[i64]) {
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    let rows: Vec<_> = ids.iter().map(|&id| order(id, at("2026-02-22", 9, u32::try_from(id % 60).unwrap()))).collect();
    orders::upsert_orders(&mut work, &rows).await.unwrap();
    let lines: Vec<_> = ids.iter().map(|&id| line(id, 1)).collect();
    orders::upsert_lines(&mut work, &lines).await.unwrap();
    facts::queue(&mut work, ids).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

/// A form of a weighing list: so many rows, in 斤.
fn list(act: &str, rows: &[(&str, &str, &str)]) -> String {
    let mut form = format!("product=kumquat&intake_on=2026-02-21&certificate_no=HG-1&unit=jin&act={act}");
    for (household, weight, price) in rows {
        write!(form, "&household={household}&weight={weight}&grade=&price={price}").unwrap();
    }
    form
}

async fn tickets(app: &AppState, lot_id: i64) -> Vec<Ticket> {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    lots::list_tickets(&mut session, &[lot_id]).await.unwrap()
}

async fn is_sound(app: &AppState) {
    let mut session = app.store.read(Scope::County(county())).await.unwrap();
    let report = verify::verify(&mut session).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
}

#[tokio::test]
async fn thirty_households_are_weighed_in_sold_partly_refunded_and_closed() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    households(app).await;
    let staff = enter(app, Role::Branch).await;
    assert_eq!(
        submit(app, "/branch/lots/supply", &staff, "listing=k5&from=2026-02-22").await.header(header::LOCATION),
        "/branch/lots"
    );

    // sold before anything is weighed in: nobody's goods yet, and said so
    sell(app, &[41]).await;
    let waits = get(app, "/branch/lots", &staff).await.body;
    assert!(waits.contains("1 单，差 2.625 公斤") && get(app, "/branch", &staff).await.body.contains("没有货可扣"));
    is_sound(app).await;

    // a list with a slip of the finger is not saved, and nothing typed is lost
    let keys: Vec<String> = (1..=30).map(|n| format!("f{n}")).collect();
    let mut rows: Vec<(&str, &str, &str)> = keys.iter().map(|key| (key.as_str(), "10.5", "")).collect();
    rows[4] = ("f5", "10..5", "");
    let answer = submit(app, "/branch/lots/new", &staff, &list("save", &rows)).await;
    assert!(answer.status.is_success() && answer.body.contains("有 1 行要改") && answer.body.contains("10..5"));
    assert!(answer.body.contains("合计 29 户次，152.250 公斤（304.500 斤）") && answer.body.contains("陈* f1"));
    assert_eq!(get(app, "/branch/lots", &staff).await.body.matches("/branch/lots/2\"").count(), 0);

    // the goods are sold on commission: no price is agreed for them
    rows[4] = ("f5", "10.5", "3.7");
    let priced = submit(app, "/branch/lots/new", &staff, &list("save", &rows)).await;
    assert!(priced.body.contains("请把单价留空") && priced.body.contains("value=\"3.7\""), "{}", priced.body);
    rows[4] = ("f5", "10.5", "");
    let saved = submit(app, "/branch/lots/new", &staff, &list("save", &rows)).await;
    assert_eq!(saved.header(header::LOCATION), "/branch/lots/2?saved=1", "{}", saved.body);
    let weighed = tickets(app, 2).await;
    assert_eq!((weighed.len(), weighed.iter().map(|t| t.weight_g).sum::<i64>()), (30, 157_500));
    assert_eq!((weighed[0].drawn_g, weighed[4].agreed_fen_per_kg), (2_625, 0), "the line that waited came first");
    assert!(!get(app, "/branch", &staff).await.body.contains("没有货可扣"));

    // 5.25 kg a household: two packs each, the third line begins the second household's ticket
    sell(app, &[42, 43, 44]).await;
    let weighed = tickets(app, 2).await;
    assert_eq!(weighed.iter().map(|t| t.drawn_g).take(3).collect::<Vec<_>>(), [5_250, 5_250, 0]);
    is_sound(app).await;

    // one comes back whole, one is settled
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    let back = orders::RefundRow {
        refund_id: 90,
        shop_id: 1,
        refund_no: "r90".into(),
        order_id: 42,
        order_no: String::new(),
        line_no: String::new(),
        updated_at: at("2026-02-23", 8, 0),
        status: "succeeded".into(),
        platform_status: "3".into(),
        status_unknown: false,
        refund_fen: 3_990,
        freight_fen: None,
        subsidy_back_fen: 0,
        refunded_at: Some(at("2026-02-23", 8, 0)),
        refunded_on: Some(day("2026-02-23")),
        day_inferred: false,
        outcome: "returned".into(),
        pieces: 1,
        resent_pieces: 0,
        reason: "不要了".into(),
        evidence_mark: 90,
    };
    orders::upsert_refunds(&mut work, &[back]).await.unwrap();
    orders::upsert_settlements(&mut work, &[statement(43, at("2026-02-24", 10, 0))]).await.unwrap();
    facts::queue(&mut work, &[42, 43]).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    is_sound(app).await;
    let page = get(app, "/branch/lots/2", &staff).await.body;
    // in 157.500 = sold 7.875 + returned 2.625 + left 147.000
    for sum in ["157.500", "7.875", "2.625", "147.000"] {
        assert!(page.contains(sum), "{sum}: {page}");
    }

    // never corrected below what is sold, and never more lost than is there
    let below = submit(app, "/branch/lots/2/correct", &staff, "ticket_no=1&weight=5&price=").await;
    assert!(below.status == StatusCode::UNPROCESSABLE_ENTITY && below.body.contains("已经卖出 5.250 公斤"));
    assert!(submit(app, "/branch/lots/2/close", &staff, "lost=147.001").await.body.contains("147.000"));
    let closed = submit(app, "/branch/lots/2/close", &staff, "lost=14.7").await;
    assert_eq!(closed.header(header::LOCATION), "/branch/lots/2");
    let weighed = tickets(app, 2).await;
    assert!(weighed.iter().all(|t| t.weight_g == t.drawn_g + t.left_g + t.lost_g));
    assert_eq!((weighed[0].lost_g, weighed[5].lost_g, weighed[5].left_g), (0, 525, 4_725));
    assert_eq!(weighed.iter().map(|t| t.lost_g).sum::<i64>(), 14_700);
    assert!(submit(app, "/branch/lots/2/close", &staff, "lost=0").await.body.contains("已经结清"));

    // a closed lot gives nothing any more
    sell(app, &[45]).await;
    assert!(get(app, "/branch/lots", &staff).await.body.contains("1 单，差 2.625 公斤"));
    is_sound(app).await;
}

#[tokio::test]
async fn a_household_sees_its_own_share_of_a_lot_and_nobody_elses() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let staff = enter(app, Role::Branch).await;
    let saved = submit(app, "/branch/lots/new", &staff, &list("save", &[("f1", "21", ""), ("f2", "63", "")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let farmer = enter_under(app, grant(Role::Farmer)).await;
    assert!(get(app, "/farmer", &farmer).await.body.contains("/farmer/lots"));
    let page = get(app, "/farmer/lots", &farmer).await.body;
    assert!(page.contains("21 斤") && !page.contains("63 斤") && !page.contains("84 斤"), "{page}");
    assert!(page.len() < 100_000);
    let mut session = app.store.read(Scope::Farmer { county: county(), farmer_id: FARMER }).await.unwrap();
    assert!(lots::list_own(&mut session, 2, 9).await.is_err(), "another household's lots are out of scope");
}

#[tokio::test]
async fn a_correction_of_a_weighing_posts_what_was_sold_of_it_again() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let staff = enter(app, Role::Branch).await;
    submit(app, "/branch/lots/supply", &staff, "listing=k5&from=2026-02-22").await;
    submit(app, "/branch/lots/new", &staff, &list("save", &[("f1", "5.25", ""), ("f2", "1", "")])).await;
    sell(app, &[51, 52]).await;
    assert!(get(app, "/branch/lots", &staff).await.body.contains("差 2.125 公斤"));
    let more = submit(app, "/branch/lots/2/correct", &staff, "ticket_no=2&weight=50&price=").await;
    let priced = submit(app, "/branch/lots/2/correct", &staff, "ticket_no=2&weight=50&price=8").await;
    assert!(priced.status == StatusCode::UNPROCESSABLE_ENTITY && priced.body.contains("请把单价留空"));
    assert_eq!(more.header(header::LOCATION), "/branch/lots/2", "{}", more.body);
    assert!(
        !get(app, "/branch/lots", &staff).await.body.contains("差 2.125 公斤"),
        "the line that waited has its goods"
    );
    assert_eq!(tickets(app, 2).await.iter().map(|t| t.drawn_g).collect::<Vec<_>>(), [2_625, 2_625]);
    is_sound(app).await;
}

#[tokio::test]
async fn goods_that_need_a_certificate_are_not_weighed_in_without_one() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let mut work = app.store.work(county(), &Actor::command_line(), "set up", &app.clock).await.unwrap();
    lots::set_certified(&mut work, 1, true).await.unwrap();
    work.commit(&Change::new(Verb::Change, Noun::County, "")).await.unwrap();
    let staff = enter(app, Role::Branch).await;
    let form = list("save", &[("f1", "21", "")]).replace("HG-1", "");
    let refused = submit(app, "/branch/lots/new", &staff, &form).await;
    assert!(refused.body.contains("没有的批次不能上播") && refused.body.contains("value=\"21\""), "{}", refused.body);
    let paper = get(app, "/branch/lots/paper", &staff).await.body;
    assert!(paper.contains("空白磅单") && paper.matches("<tr>").count() == 31);
}

#[tokio::test]
async fn goods_that_are_bought_are_owed_by_weight_at_the_price_of_their_terms() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let on = |version_id, valid_from: &str, purchase_fen_per_kg| TermsRow {
        version_id,
        valid_from: day(valid_from),
        model: "purchase".into(),
        purchase_fen_per_kg,
        ..terms(1)
    };
    let mut work = app.store.work(county(), &Actor::command_line(), "terms", &app.clock).await.unwrap();
    goods::insert_terms(&mut work, &[on(801, "2026-02-20", 0), on(802, "2026-02-21", 740)]).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    let owed = async || {
        let mut session = app.store.read(Scope::County(county())).await.unwrap();
        let all = due::list(&mut session, due::Of::Farmer(FARMER), day("2026-02-22")).await.unwrap();
        all.iter().map(|d| d.balance.bought_fen).sum::<i64>()
    };
    let staff = enter(app, Role::Branch).await;
    let unpriced = list("save", &[("f1", "20", "")]).replace("2026-02-21", "2026-02-20");
    let refused = submit(app, "/branch/lots/new", &staff, &unpriced).await;
    assert!(refused.body.contains("请给每一户填上议定单价") && owed().await == 0, "{}", refused.body);
    let saved = submit(app, "/branch/lots/new", &staff, &list("save", &[("f1", "20", "")])).await;
    assert_eq!(saved.header(header::LOCATION), "/branch/lots/2?saved=1", "{}", saved.body);
    assert_eq!((tickets(app, 2).await[0].agreed_fen_per_kg, owed().await), (740, 7_400));

    // terms that come later, of that very day too, leave what was bought as it was, and it can still be corrected
    let mut work = app.store.work(county(), &Actor::command_line(), "terms", &app.clock).await.unwrap();
    let later = TermsRow { version_id: 803, valid_from: day("2026-02-20"), ..terms(1) };
    goods::insert_terms(&mut work, &[later]).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    assert_eq!(owed().await, 7_400);
    let corrected = submit(app, "/branch/lots/2/correct", &staff, "ticket_no=1&weight=12&price=7.4").await;
    assert_eq!(corrected.header(header::LOCATION), "/branch/lots/2", "{}", corrected.body);
    assert_eq!(owed().await, 8_880);
}
