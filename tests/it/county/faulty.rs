//! Documents that cannot be taken in: each fault is named with its place, and nothing is written.

use super::desk::{Desk, EXAMPLE, example};
use red_anchor::domain::lang::Lang;
use red_anchor::domain::problem::Problem;
use red_anchor::ingest::county::parse;
use serde_json::{Value, json};

/// The places of all faults of a document.
async fn places(desk: &Desk, doc: &Value) -> Vec<String> {
    let refused = desk.import(doc).await.unwrap_err();
    match refused.downcast_ref::<Problem>() {
        Some(Problem::FaultyCounty { faults, .. }) => faults.iter().map(|f| f.place.clone()).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_fault_is_named_by_its_place_and_writes_nothing() {
    let desk = Desk::open().await;
    desk.import(&example()).await.unwrap();
    let counts = desk.row_counts().await;
    let shares = |count: usize, share_bp: i64| {
        json!((0..count).map(|_| json!({ "farmer": "farmer-1", "share_bp": share_bp })).collect::<Vec<_>>())
    };
    let cases = [
        ("/county", json!("360828"), "county"),
        ("/shops/0/key", json!(""), "shops[0].key"),
        ("/shops/0/platform", json!("tv"), "shops[0].platform"),
        ("/shops/0/platform", json!("jd"), "shops[0].platform"),
        ("/shops/0/operator", json!("nobody"), "shops[0].operator"),
        ("/farmers/0/village", json!("360827100"), "farmers[0].village"),
        ("/farmers/0/village", json!("360828100201"), "farmers[0].village"),
        ("/farmers/0/phone_last4", json!("42"), "farmers[0].phone_last4"),
        ("/farmers/0/phone_last4", json!("004２"), "farmers[0].phone_last4"),
        ("/farmers/0/categories/0/category", json!("rich"), "farmers[0].categories[0].category"),
        ("/farmers/0/categories/0/to", json!("2024-12-31"), "farmers[0].categories[0].to"),
        ("/listings/0/product", json!("tea"), "listings[0].product"),
        ("/listings/0/price_fen", json!(-1), "listings[0].price_fen"),
        ("/listings/0/terms/0/model", json!("gift"), "listings[0].terms[0].model"),
        ("/listings/0/terms/0/platform_bp", json!(10_001), "listings[0].terms[0].platform_bp"),
        ("/listings/0/terms/0/conversion_bp", json!(0), "listings[0].terms[0].conversion_bp"),
        ("/listings/0/terms/0/pack_g", json!(-5), "listings[0].terms[0].pack_g"),
        ("/listings/0/terms/0/loss_borne_by", json!("luck"), "listings[0].terms[0].loss_borne_by"),
        ("/listings/0/terms/0/volume", json!("loud"), "listings[0].terms[0].volume"),
        ("/listings/0/terms/0/to", json!("2025-09-30"), "listings[0].terms[0].to"),
        ("/listings/0/supply/0/shares", json!([]), "listings[0].supply[0].shares"),
        ("/listings/0/supply/0/shares/0/share_bp", json!(10_001), "listings[0].supply[0].shares[0].share_bp"),
        ("/listings/0/supply/0/shares/0/farmer", json!("x"), "listings[0].supply[0].shares[0].farmer"),
        ("/listings/0/supply/0/shares", shares(2, 5_000), "listings[0].supply[0].shares[1].farmer"),
        ("/mappings/0/listing", json!("x"), "mappings[0].listing"),
        ("/rooms/0/closed_on", json!("2025-08-31"), "rooms[0].closed_on"),
        ("/modules/0/class_hours", json!(-1), "modules[0].class_hours"),
        ("/anchors/0/stages/1/from", json!("2025-07-01"), "anchors[0].stages[1].from"),
        ("/anchors/0/stages/1/stage", json!("star"), "anchors[0].stages[1].stage"),
        ("/anchors/0/training/0/module", json!("x"), "anchors[0].training[0].module"),
        ("/anchors/0/training/0/class_hours", json!(-1), "anchors[0].training[0].class_hours"),
        ("/anchors/0/certificates/0/kind", json!("own"), "anchors[0].certificates[0].kind"),
        ("/streams/0/ends_at", json!("2026-01-10T18:00:00+08:00"), "streams[0].ends_at"),
        ("/streams/0/ends_at", json!("2026-01-11T19:00:00+08:00"), "streams[0].ends_at"),
        ("/streams/0/shelf/0", json!("x"), "streams[0].shelf[0]"),
        ("/baselines/0/region", json!("3608"), "baselines[0].region"),
        ("/baselines/0/low_fen_per_kg", json!(641), "baselines[0].mid_fen_per_kg"),
        ("/baselines/0/approved_by", json!("录入员（演示）"), "baselines[0].approved_by"),
        ("/baselines/0/entered_by", json!(" "), "baselines[0].entered_by"),
    ];
    for (pointer, value, place) in cases {
        let mut doc = example();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        match doc.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.insert(field.to_owned(), value)),
            list => list[field.parse::<usize>().unwrap()] = value,
        }
        let places = places(&desk, &doc).await;
        assert!(places.iter().any(|p| p == place), "{pointer}: {places:?}");
        assert_eq!(desk.row_counts().await, counts, "{pointer}");
    }
}

#[tokio::test]
async fn shares_above_the_whole_and_more_than_eight_households_are_refused() {
    let desk = Desk::open().await;
    let mut doc = example();
    let farmer = |n: usize| json!({ "key": format!("f{n}"), "name": "演示", "village": "360827100201" });
    doc["farmers"].as_array_mut().unwrap().extend((0..9).map(farmer));
    let share = |n: usize| json!({ "farmer": format!("f{n}"), "share_bp": 2_000 });
    doc["listings"][0]["supply"][0]["shares"] = json!((0..9).map(share).collect::<Vec<_>>());
    let place = "listings[0].supply[0].shares";
    assert_eq!(places(&desk, &doc).await, [place, place]);
    doc["listings"][0]["supply"][0]["shares"] = json!((0..5).map(share).collect::<Vec<_>>());
    desk.import(&doc).await.unwrap();
}

#[tokio::test]
async fn a_key_or_the_same_dates_twice_are_refused() {
    let desk = Desk::open().await;
    let mut doc = example();
    for part in ["/farmers", "/listings/0/terms", "/listings/0/supply", "/mappings", "/streams", "/baselines"] {
        let list = doc.pointer_mut(part).unwrap().as_array_mut().unwrap();
        list.push(list[0].clone());
    }
    let twice = [
        "farmers[1].key",
        "listings[0].terms[1].from",
        "listings[0].supply[1].from",
        "mappings[1].product_no",
        "streams[1].key",
        "baselines[1].from",
    ];
    assert_eq!(places(&desk, &doc).await, twice);
}

#[tokio::test]
async fn a_listing_never_changes_its_product() {
    let desk = Desk::open().await;
    desk.import(&example()).await.unwrap();
    let mut doc = example();
    doc["products"][0]["key"] = json!("tea");
    doc["listings"][0]["product"] = json!("tea");
    assert_eq!(places(&desk, &doc).await, ["listings[0].product"]);
}

#[tokio::test]
async fn all_faults_are_told_at_once_and_the_rest_is_counted() {
    let desk = Desk::open().await;
    let mut doc = example();
    let farmer = |n: usize| json!({ "key": format!("f{n}"), "name": "演示", "village": "1" });
    doc["farmers"] = json!((0..30).map(farmer).collect::<Vec<_>>());
    doc["listings"][0]["supply"] = json!([]);
    let refused = desk.import(&doc).await.unwrap_err();
    let problem = refused.downcast_ref::<Problem>().unwrap();
    assert!(matches!(problem, Problem::FaultyCounty { faults, more: 10 } if faults.len() == 20));
    assert!(problem.text(Lang::En).contains("farmers[0].village: \"1\" is not a twelve-digit village code"));
    assert!(problem.text(Lang::Zh).ends_with("还有 10 处"));
}

#[test]
fn a_text_that_is_no_document_is_told_by_line_and_column() {
    let misspelt = EXAMPLE.replace("\"anchor_bp\"", "\"anchor_pb\"");
    let line = 1 + misspelt.lines().position(|l| l.contains("anchor_pb")).unwrap();
    match parse("county.json", &misspelt) {
        Err(Problem::BadDocument { path, why }) => {
            assert!(path.starts_with(&format!("county.json:{line}:")), "{path}");
            assert!(why.contains("anchor_pb"), "{why}");
        }
        other => panic!("{other:?}"),
    }
}
