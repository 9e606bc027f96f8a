//! Households, rooms, anchors, streams.

use super::goods::insert_goods;
use crate::store::contract::{Place, day, instant};
use red_anchor::store::Session;
use red_anchor::store::people::{
    self, Account, Anchor, CategoryRow, Certificate, Farmer, Module, Room, Stage, Training,
};
use red_anchor::store::streams::{self, ShelfPlace, Stream};

pub fn farmer(farmer_id: i64) -> Farmer {
    Farmer {
        farmer_id, farmer_key: format!("f{farmer_id}"), name: "陈某".into(), village_code: "360827100215".into()
    }
}

fn anchor(anchor_id: i64) -> Anchor {
    Anchor { anchor_id, anchor_key: format!("a{anchor_id}"), name: "刘主播".into() }
}

pub async fn insert_anchors(session: &mut Session) {
    people::upsert_anchors(session, &[anchor(1), anchor(2)]).await.unwrap();
}

/// The later by number starts the earlier.
pub fn stream(stream_id: i64, views: Option<i64>) -> Stream {
    Stream {
        stream_id,
        stream_key: format!("s{stream_id}"),
        shop_id: 1,
        anchor_id: 2,
        room_id: 0,
        live_room_no: "直播1".into(),
        starts_at: instant(-stream_id),
        ends_at: instant(9_000),
        started_on: day("2026-01-31"),
        views,
    }
}

pub async fn farmers_and_categories(place: &Place) {
    let mut work = place.work().await;
    people::upsert_farmers(&mut work, &[farmer(1)]).await.unwrap();
    let moved = Farmer { village_code: "360827101200".into(), name: "陈二".into(), ..farmer(1) };
    people::upsert_farmers(&mut work, std::slice::from_ref(&moved)).await.unwrap();
    assert_eq!(people::list_farmers(&mut work).await.unwrap(), [moved]);
    let category = CategoryRow {
        farmer_id: 1,
        version_id: 1,
        batch_id: work.batch_id,
        valid_from: day("2024-02-29"),
        valid_to: Some(day("2025-02-28")),
        category: "marginal".into(),
    };
    people::insert_categories(&mut work, std::slice::from_ref(&category)).await.unwrap();
    assert_eq!(people::list_categories(&mut work).await.unwrap(), std::slice::from_ref(&category));
    assert_eq!(people::list_categories_of(&mut work, &[1, 2]).await.unwrap(), [category]);
}

pub async fn rooms_and_anchors_with_accounts(place: &Place) {
    let mut work = place.work().await;
    let room = |closed: Option<&str>| Room {
        room_id: 1,
        room_key: "r1".into(),
        name: "红色直播间".into(),
        village_code: "360827100215".into(),
        opened_on: day("2023-03-01"),
        closed_on: closed.map(day),
        equipment: "补光灯、声卡".into(),
    };
    people::upsert_rooms(&mut work, &[room(None)]).await.unwrap();
    people::upsert_rooms(&mut work, &[room(Some("2026-01-01"))]).await.unwrap();
    assert_eq!(people::list_rooms(&mut work).await.unwrap(), [room(Some("2026-01-01"))]);
    insert_anchors(&mut work).await;
    let renamed = Anchor { name: "刘一".into(), ..anchor(1) };
    people::upsert_anchors(&mut work, std::slice::from_ref(&renamed)).await.unwrap();
    let mut anchors = people::list_anchors(&mut work).await.unwrap();
    anchors.sort_by_key(|a| a.anchor_id);
    assert_eq!(anchors, [renamed, anchor(2)]);
    let account = Account { owner_id: 1, platform: "douyin".into(), author_no: "作者7".into() };
    let twice = [account.clone(), account.clone()];
    people::insert_room_accounts(&mut work, &twice).await.unwrap();
    people::insert_anchor_accounts(&mut work, &twice).await.unwrap();
    assert_eq!(people::list_room_accounts(&mut work).await.unwrap(), std::slice::from_ref(&account));
    assert_eq!(people::list_anchor_accounts(&mut work).await.unwrap(), [account]);
}

pub async fn stages_modules_training_and_certificates(place: &Place) {
    let mut work = place.work().await;
    insert_anchors(&mut work).await;
    let stage = |from: &str, stage: &str| Stage {
        anchor_id: 1,
        from_on: day(from),
        stage: stage.into(),
        evidence: "聘书".into(),
    };
    people::upsert_stages(&mut work, &[stage("2025-02-01", "supervised"), stage("2025-01-01", "trainee")])
        .await
        .unwrap();
    people::upsert_stages(&mut work, &[stage("2025-02-01", "certified")]).await.unwrap();
    let stages = people::list_stages(&mut work).await.unwrap();
    assert_eq!(stages, [stage("2025-01-01", "trainee"), stage("2025-02-01", "certified")]);
    let module = |module_id: i64, hours: i64| Module {
        module_id,
        module_key: format!("m{module_id}"),
        name: "话术".into(),
        name_en: "speech".into(),
        class_hours: hours,
    };
    people::upsert_modules(&mut work, &[module(2, 8), module(1, 4)]).await.unwrap();
    people::upsert_modules(&mut work, &[module(2, 9)]).await.unwrap();
    assert_eq!(people::list_modules(&mut work).await.unwrap(), [module(1, 4), module(2, 9)]);
    let training = |passed: Option<&str>| Training {
        anchor_id: 1,
        module_id: 2,
        attended_on: day("2025-03-01"),
        class_hours: 3,
        passed_on: passed.map(day),
    };
    people::upsert_training(&mut work, &[training(None)]).await.unwrap();
    assert_eq!(people::list_training(&mut work).await.unwrap(), [training(None)]);
    people::upsert_training(&mut work, &[training(Some("2025-03-02"))]).await.unwrap();
    assert_eq!(people::list_training(&mut work).await.unwrap(), [training(Some("2025-03-02"))]);
    let certificate = |kind: &str| Certificate {
        anchor_id: 2,
        certificate_no: "证001".into(),
        kind: kind.into(),
        issued_on: day("2025-04-01"),
        expires_on: None,
    };
    people::upsert_certificates(&mut work, &[certificate("association")]).await.unwrap();
    people::upsert_certificates(&mut work, &[certificate("national")]).await.unwrap();
    assert_eq!(people::list_certificates(&mut work).await.unwrap(), [certificate("national")]);
}

pub async fn streams_and_shelves(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    insert_anchors(&mut work).await;
    streams::upsert(&mut work, &[stream(1, None), stream(2, Some(0))]).await.unwrap();
    streams::upsert(&mut work, &[stream(1, Some(12_345_678_901))]).await.unwrap();
    let all = [stream(2, Some(0)), stream(1, Some(12_345_678_901))];
    let on = day("2026-01-31");
    assert_eq!(streams::list_between(&mut work, on, on).await.unwrap(), all);
    assert_eq!(streams::list_between(&mut work, day("2026-02-01"), day("2026-03-01")).await.unwrap(), []);
    assert_eq!(streams::list_of_ids(&mut work, &[1, 77]).await.unwrap(), all[1..]);
    let shelf = |place: i64, listing_id: i64| ShelfPlace { stream_id: 1, place, listing_id };
    streams::upsert_shelf(&mut work, &[shelf(2, 12), shelf(1, 12)]).await.unwrap();
    streams::upsert_shelf(&mut work, &[shelf(1, 11)]).await.unwrap();
    assert_eq!(streams::list_shelves(&mut work, on, on).await.unwrap(), [shelf(1, 11), shelf(2, 12)]);
}
