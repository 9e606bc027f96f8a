//! Counties, regions, ids and units of work.

use crate::audit::any_change;
use crate::store::contract::Place;
use red_anchor::domain::regions::RegionCode;
use red_anchor::store::counties::{self, County};
use red_anchor::store::{take_ids, verify};

pub async fn a_county_is_set_up_once(place: &Place) {
    let other = County {
        county_code: place.code.to_string(),
        name: "别的".into(),
        demo: true,
        demo_made_with: "x".into(),
        buyer_key: vec![0, 255],
    };
    let mut session = place.store.write(place.code).await.unwrap();
    counties::insert(&mut session, &other).await.unwrap();
    let far = County { county_code: "990101".into(), ..other };
    counties::insert(&mut session, &far).await.unwrap();
    assert!(["sqlite", "postgresql"].contains(&counties::engine(&session)));
    session.commit().await.unwrap();
    let all = counties::list(&place.store).await.unwrap();
    assert!(all.is_sorted_by(|a, b| a.county_code < b.county_code));
    assert_eq!(all.last(), Some(&far));
    let own = all.iter().find(|c| c.county_code == place.code.to_string()).unwrap();
    assert_eq!((own.demo, own.buyer_key.as_slice()), (false, &[7; 32][..]));
}

pub async fn regions_are_known_by_code(place: &Place) {
    let mut session = place.store.write(place.code).await.unwrap();
    counties::insert_platforms(&mut session, &[("douyin", "抖音"), ("test", "测试")]).await.unwrap();
    assert!(counties::region_exists(&mut session, RegionCode::parse("360827100").unwrap()).await.unwrap());
    assert!(!counties::region_exists(&mut session, RegionCode::parse("110101").unwrap()).await.unwrap());
    assert!(counties::region_names(&mut session).await.unwrap().is_empty());
    drop(session);
    let code = RegionCode::parse("360827").unwrap();
    red_anchor::services::setup::init(&place.store, code, "", [1; 32], &red_anchor::clock::Clock::System)
        .await
        .unwrap();
    let mut session = place.store.read(red_anchor::domain::access::Scope::County(code)).await.unwrap();
    let names = counties::region_names(&mut session).await.unwrap();
    assert_eq!(names.len(), 1 + 26 + 354);
    assert!(names.contains(&("360827".into(), "遂川县".into())));
}

pub async fn ids_come_in_blocks_and_batches_strictly_later(place: &Place) {
    let mut first = place.work().await;
    assert_eq!(take_ids(&mut first, "thing", 3).await.unwrap(), 1);
    assert_eq!(take_ids(&mut first, "thing", 2).await.unwrap(), 4);
    assert_eq!(take_ids(&mut first, "other", 1).await.unwrap(), 1);
    let (first_id, first_at) = (first.batch_id, first.at);
    first.commit(&any_change()).await.unwrap();
    let second = place.work().await;
    // the clock stands still
    assert_eq!((second.batch_id, second.at.timestamp_micros()), (first_id + 1, first_at.timestamp_micros() + 1));
    let second_at = second.at;
    second.commit(&any_change()).await.unwrap();
    let batches = verify::list_batches(&mut place.read().await).await.unwrap();
    assert_eq!(batches, [(first_id, first_at), (first_id + 1, second_at)]);
}

pub async fn work_that_is_dropped_leaves_nothing(place: &Place) {
    let mut work = place.work().await;
    take_ids(&mut work, "thing", 9).await.unwrap();
    drop(work);
    let mut work = place.work().await;
    assert_eq!((work.batch_id, take_ids(&mut work, "thing", 1).await.unwrap()), (1, 1));
}
