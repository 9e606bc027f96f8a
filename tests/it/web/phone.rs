//! What a farmer's phone fetches where it is most: a household that sold for years, hundreds of parcels in one day among
//! them. Every page stays under 100 kB, and what does not fit on it is one tap away.

use super::client::{enter, get};
use super::seed::{FARMER, at, county, day, line, order, past_the_seeds_numbers, seeded};
use super::walk::pages;
use crate::audit::any_change;
use axum::http::StatusCode;
use chrono::TimeDelta;
use red_anchor::domain::access::{Actor, Role};
use red_anchor::domain::weighing::Weighed;
use red_anchor::services::desk::Desk;
use red_anchor::services::lots::{self, NewLot};
use red_anchor::services::{payouts, post};
use red_anchor::store::{facts, orders};
use red_anchor::web::AppState;

/// What a page may weigh as it is sent, unpacked.
const MOST_BYTES: usize = 100_000;
const BUSIEST: &str = "2026-02-22";
const IN_ONE_DAY: i64 = 132;

/// Parcels of the seeded household: so many in one day, and one every second day of the two years before.
async fn sell(app: &AppState) {
    let mut work = app.store.work(county(), &Actor::command_line(), "pull", &app.clock).await.unwrap();
    let busiest = (1_000..1_000 + IN_ONE_DAY).map(|id| (id, at(BUSIEST, 9, 0) + TimeDelta::minutes(id - 1_000)));
    let before = (2_000..2_210).map(|id| (id, at("2026-02-23", 9, 0) - TimeDelta::days(2 * (id - 2_000))));
    let paid: Vec<_> = busiest.chain(before).collect();
    let rows: Vec<_> = paid.iter().map(|&(id, paid_at)| order(id, paid_at)).collect();
    orders::upsert_orders(&mut work, &rows).await.unwrap();
    let lines: Vec<_> = paid.iter().map(|&(id, _)| line(id, 1)).collect();
    orders::upsert_lines(&mut work, &lines).await.unwrap();
    facts::queue(&mut work, &paid.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await.unwrap();
    post::post(&mut work).await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

/// Seventy lots it brought goods to, and thirty payments.
async fn bring_and_be_paid(app: &AppState) {
    let person = |name: &str, role| Actor::account(0, name, role, "10.0.0.1");
    let (staff, chief) = (person("staff", Role::Branch), person("chief", Role::BranchAdmin));
    let desk = |actor| Desk { store: &app.store, county: county(), actor, clock: &app.clock };
    for days in 0..70 {
        let weighed =
            vec![Weighed { farmer_id: FARMER, weight_g: 1_234_567, grade: "一级".into(), agreed_fen_per_kg: 0 }];
        let intake_on = day("2026-02-24") - TimeDelta::days(days);
        let lot = NewLot { product_id: 1, intake_on, certificate_no: "HG-1".into(), weighed };
        lots::take_in(&desk(&staff), &lot).await.unwrap();
    }
    for number in 0..30 {
        let document = format!("社员大会〔2026〕{number}号");
        let on = day("2026-02-20");
        let id = payouts::share_surplus(desk(&staff), 1, on, &document, &[(FARMER, 1_000_000)]).await.unwrap();
        payouts::approve(desk(&chief), id).await.unwrap();
        payouts::mark_paid(desk(&staff), id, on, &document).await.unwrap();
    }
}

#[tokio::test]
async fn every_page_of_a_household_with_many_parcels_is_light_and_the_rest_of_a_day_is_one_tap_away() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    sell(app).await;
    Box::pin(bring_and_be_paid(app)).await;
    let farmer = enter(app, Role::Farmer).await;
    let busiest = format!("/farmer/days/{BUSIEST}");
    let own = pages().filter(|(_, path)| path.starts_with("/farmer")).map(|(_, path)| path);
    let mut weighed = 0;
    for path in own.chain([busiest.clone(), format!("{busiest}?page=3")]) {
        for language in ["zh", "en"] {
            let page = get(app, &path, &format!("{farmer}; lang={language}")).await;
            assert!(page.status == StatusCode::OK && page.bytes.len() < MOST_BYTES, "{path}: {}", page.bytes.len());
            weighed += 1;
        }
    }
    assert!(weighed >= 24, "{weighed} pages were weighed");

    let first = get(app, &busiest, &farmer).await.body;
    assert!(first.contains("一共 132 份") && first.contains("第 1 到 50 份，共 132 份"), "{first}");
    assert!(first.contains(&format!("{busiest}?page=2")) && !first.contains("page=0"), "{first}");
    let last = get(app, &format!("{busiest}?page=3"), &farmer).await.body;
    assert!(last.contains("第 101 到 132 份") && last.contains("?page=2") && !last.contains("?page=4"), "{last}");
    let mut parcels = Vec::new();
    for page in 1..=3 {
        let body = get(app, &format!("{busiest}?page={page}"), &farmer).await.body;
        let ids = body.split("/farmer/parcels/").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        parcels.extend(ids);
    }
    parcels.sort();
    parcels.dedup();
    assert_eq!(parcels.len(), 132, "each parcel of the day stands on one page");
}
