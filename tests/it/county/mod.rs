//! Importing county documents: once, again, changed, late, and wrong.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod desk;
mod faulty;
mod lots;
mod regions;

use desk::{Desk, LIVE_ROOM, example, without};
use serde_json::json;

#[tokio::test]
async fn the_example_is_written_once_and_the_second_time_nothing() {
    let desk = Desk::open().await;
    let first = desk.import(&example()).await.unwrap();
    assert_eq!((first.of("listings").new, first.of("terms").new, first.of("supply").new), (1, 1, 1));
    assert_eq!((first.of("stages").new, first.of("streams").new, first.of("baselines").new), (3, 1, 1));
    let counts = desk.row_counts().await;
    let second = desk.import(&example()).await.unwrap();
    assert_eq!((second.total().new, second.total().changed), (0, 0), "{second:?}");
    assert_eq!(second.total().unchanged, first.total().new);
    assert_eq!(desk.row_counts().await, counts);
}

#[tokio::test]
async fn the_worked_order_leaves_the_household_29_62_of_which_12_82_is_uplift() {
    let desk = Desk::open().await;
    desk.import(&example()).await.unwrap();
    desk.order(Some(LIVE_ROOM)).await;
    let before = desk.figures().await;
    assert_eq!((before.gmv_fen, before.subsidy_fen, before.farmer_income_provisional_fen), (3_990, 500, 2_962));
    assert_eq!((before.farmer_income_fen, before.uplift_fen), (0, 0));
    desk.statement().await;
    let after = desk.headline().await;
    assert_eq!((after.farmer_income_fen, after.farmer_income_provisional_fen), (2_962, 0));
    assert_eq!((after.baseline_fen, after.uplift_fen, after.households), (1_680, 1_282, 1));
}

#[tokio::test]
async fn a_changed_rate_is_a_newer_version_and_moves_the_orders_of_its_days() {
    let desk = Desk::open().await;
    desk.import(&example()).await.unwrap();
    desk.order(Some(LIVE_ROOM)).await;
    let mut doc = example();
    doc["listings"][0]["terms"][0]["anchor_bp"] = json!(2_000);
    let imported = desk.import(&doc).await.unwrap();
    assert_eq!((imported.of("terms").new, imported.total().new), (1, 1));
    assert_eq!(desk.count("listing_terms").await, 2);
    // 44.90 less 0.90, 8.98 and 8.00 is 27.02, of which the operator has 1.62
    let figures = desk.figures().await;
    assert_eq!((figures.anchor_fen, figures.farmer_income_provisional_fen), (898, 2_540));
    let back = desk.import(&example()).await.unwrap();
    assert_eq!(back.of("terms").new, 1, "the old rate again is a version of its own");
    assert_eq!(desk.figures().await.farmer_income_provisional_fen, 2_962);
}

#[tokio::test]
async fn the_digits_of_a_phone_are_kept_as_a_hash_only_and_not_hashed_again() {
    let desk = Desk::open().await;
    let mut doc = example();
    doc["farmers"][0]["phone_last4"] = json!("0042");
    desk.import(&doc).await.unwrap();
    let first = desk.phones().await;
    assert!(first.len() == 1 && first[0].1.starts_with("$argon2id$") && !first[0].1.contains("0042"));
    desk.import(&doc).await.unwrap();
    desk.import(&example()).await.unwrap();
    assert_eq!(desk.phones().await, first, "the same digits, and none, change nothing");
    doc["farmers"][0]["phone_last4"] = json!("0043");
    desk.import(&doc).await.unwrap();
    assert_ne!(desk.phones().await, first);
}

#[tokio::test]
async fn a_rate_for_other_days_leaves_the_orders_alone() {
    let desk = Desk::open().await;
    desk.import(&example()).await.unwrap();
    desk.order(Some(LIVE_ROOM)).await;
    let entries = desk.count("ledger_entry").await;
    let mut doc = example();
    doc["listings"][0]["terms"][0]["from"] = json!("2026-02-01");
    doc["listings"][0]["terms"][0]["anchor_bp"] = json!(2_000);
    desk.import(&doc).await.unwrap();
    assert_eq!(desk.count("listing_terms").await, 2);
    assert_eq!(desk.count("ledger_entry").await, entries);
}

#[tokio::test]
async fn a_late_mapping_moves_the_lines_from_unassigned_to_the_household() {
    let desk = Desk::open().await;
    desk.import(&without(&["mappings"])).await.unwrap();
    desk.order(Some(LIVE_ROOM)).await;
    let before = desk.figures().await;
    assert!(before.unassigned_fen > 0);
    assert_eq!((before.farmer_income_provisional_fen, before.lines_without_listing), (0, 1));
    desk.import(&example()).await.unwrap();
    let after = desk.figures().await;
    assert_eq!((after.unassigned_fen, after.farmer_income_provisional_fen), (0, 2_962));
    assert_eq!(after.lines_without_listing, 0);
}

#[tokio::test]
async fn a_late_mapping_lets_the_shelf_say_which_stream_sold_the_line() {
    let desk = Desk::open().await;
    desk.import(&without(&["mappings"])).await.unwrap();
    desk.order(None).await;
    assert_eq!(desk.count("attribution").await, 0);
    let imported = desk.import(&example()).await.unwrap();
    assert_eq!((imported.orders_attributed, desk.count("attribution").await), (1, 1));
}

#[tokio::test]
async fn a_late_stream_takes_the_lines_that_are_its_own() {
    let desk = Desk::open().await;
    desk.import(&without(&["streams"])).await.unwrap();
    desk.order(Some(LIVE_ROOM)).await;
    assert_eq!(desk.headline().await.gmv_fen, 0);
    let imported = desk.import(&example()).await.unwrap();
    assert_eq!(imported.orders_attributed, 1);
    assert_eq!(desk.headline().await.gmv_fen, 3_990);
    assert_eq!(desk.figures().await.gmv_fen, 3_990);
}

#[tokio::test]
async fn a_stage_learnt_late_brings_the_anchors_streams_into_the_headline() {
    let desk = Desk::open().await;
    let mut doc = example();
    doc["anchors"][0]["stages"].as_array_mut().unwrap().pop();
    doc["streams"][0].as_object_mut().unwrap().remove("room");
    desk.import(&doc).await.unwrap();
    desk.order(Some(LIVE_ROOM)).await;
    assert_eq!(desk.headline().await.gmv_fen, 0);
    doc["anchors"] = example()["anchors"].clone();
    assert_eq!(desk.import(&doc).await.unwrap().of("stages").new, 1);
    assert_eq!(desk.headline().await.gmv_fen, 3_990);
}

#[tokio::test]
async fn a_week_may_name_by_key_what_an_earlier_document_set_up() {
    let desk = Desk::open().await;
    desk.import(&example()).await.unwrap();
    let week = json!({
        "county": "360827",
        "streams": [{
            "key": "2026-01-17", "shop": "demo1", "anchor": "anchor-1", "shelf": ["kumquat-5jin"],
            "starts_at": "2026-01-17T23:00:00+08:00", "ends_at": "2026-01-18T01:00:00+08:00"
        }],
        "baselines": [{
            "product": "kumquat", "region": "360827100", "from": "2026-01-12", "to": "2026-01-18",
            "low_fen_per_kg": 500, "mid_fen_per_kg": 560, "high_fen_per_kg": 600, "source": "演示",
            "entered_by": "甲（演示）", "approved_by": "乙（演示）"
        }]
    });
    let imported = desk.import(&week).await.unwrap();
    assert_eq!((imported.total().new, imported.total().changed), (2, 0));
}

#[tokio::test]
async fn what_a_document_leaves_out_stays_and_a_shelf_is_taken_whole() {
    let desk = Desk::open().await;
    desk.import(&example()).await.unwrap();
    let mut doc = without(&["farmers", "anchors", "rooms"]);
    doc["operators"][0].as_object_mut().unwrap().remove("phone");
    doc["streams"][0].as_object_mut().unwrap().remove("views");
    let again = desk.import(&doc).await.unwrap();
    assert_eq!((again.total().new, again.total().changed), (0, 0), "{again:?}");
    doc["listings"][0]["key"] = json!("kumquat-10jin");
    doc["streams"][0]["shelf"] = json!(["kumquat-10jin", "kumquat-5jin"]);
    desk.import(&doc).await.unwrap();
    assert_eq!(desk.count("stream_shelf").await, 2);
    doc["streams"][0]["shelf"] = json!(["kumquat-10jin"]);
    desk.import(&doc).await.unwrap();
    assert_eq!(desk.count("stream_shelf").await, 1);
}
