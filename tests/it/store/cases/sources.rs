//! What pages read of where facts come from: operators, pauses, what was set aside, checkpoints, the import log.

use super::goods::{insert_goods, shop};
use crate::store::contract::{Place, instant};
use red_anchor::domain::audit::{Change, Field, Noun, Verb};
use red_anchor::domain::records::Rejected;
use red_anchor::store::evidence::{self, Import, Kind, Source};
use red_anchor::store::goods::{self, Operator};
use red_anchor::store::{imports, pauses, quarantine};

pub async fn operators_are_listed_by_key(place: &Place) {
    let mut work = place.work().await;
    let operator = |operator_id: i64, key: &str| Operator {
        operator_id,
        operator_key: key.into(),
        name: "合作社".into(),
        phone: "0796".into(),
        pays_on_day: 5,
    };
    goods::upsert_operators(&mut work, &[operator(1, "b"), operator(2, "a")]).await.unwrap();
    assert_eq!(goods::list_operators(&mut work).await.unwrap(), [operator(2, "a"), operator(1, "b")]);
}

pub async fn a_shop_is_paused_once_and_goes_on(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    pauses::insert(&mut work, 1).await.unwrap();
    let (at, by) = (work.at, work.actor.name.clone());
    pauses::insert(&mut work, 1).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    let mut work = place.work().await;
    pauses::insert(&mut work, 1).await.unwrap();
    let kept = pauses::Pause { shop_id: 1, paused_at: at, paused_by: by };
    assert_eq!(pauses::list(&mut work).await.unwrap(), [kept], "the first pause stays as it was");
    pauses::remove(&mut work, 1).await.unwrap();
    assert_eq!(pauses::list(&mut work).await.unwrap(), []);
}

pub async fn what_was_set_aside_is_listed_and_taken_off(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    goods::upsert_shops(&mut work, &[shop(2)]).await.unwrap();
    let rejected = |no: &str| Rejected { record_no: no.into(), reason: "读不懂".into(), evidence: "{}".into() };
    let source =
        |shop_id, name: &str| Source { shop_id, name: name.into(), fetched_at: instant(3), received_sha256: [1; 32] };
    evidence::quarantine(&mut work, &source(1, "方法"), &[rejected("1")]).await.unwrap();
    evidence::quarantine(&mut work, &source(1, "file:表"), &[rejected("2")]).await.unwrap();
    evidence::quarantine(&mut work, &source(2, "方法"), &[rejected("1")]).await.unwrap();
    let (at, batch_id) = (work.at, work.batch_id);
    let change = Change::new(Verb::Pull, Noun::Orders, "店1").after(Field::From, "2026-01-01");
    work.commit(&change).await.unwrap();
    let mut work = place.work().await;
    assert_eq!(quarantine::count_by_shop(&mut work).await.unwrap(), [(1, 2), (2, 1)]);
    let listed = quarantine::list(&mut work, 1, 1).await.unwrap();
    assert_eq!(
        listed.iter().map(|r| (r.record_no.as_str(), r.is_of_a_file())).collect::<Vec<_>>(),
        [("1", false), ("2", true)]
    );
    assert_eq!((listed[0].at, listed[0].batch_id, listed[0].reason.as_str()), (at, batch_id, "读不懂"));
    assert_eq!(quarantine::list(&mut work, 1, 2).await.unwrap(), []);
    let id = listed[0].quarantine_id;
    assert_eq!(quarantine::find(&mut work, 1, id).await.unwrap().as_ref(), Some(&listed[0]));
    assert_eq!(quarantine::find(&mut work, 2, id).await.unwrap(), None, "another shop's is none");
    let told = quarantine::find_told(&mut work, batch_id, "店1").await.unwrap();
    assert_eq!(told.as_deref(), Some(r#"{"from":"2026-01-01"}"#));
    assert_eq!(quarantine::find_told(&mut work, batch_id, "店2").await.unwrap(), None);
    quarantine::remove(&mut work, id).await.unwrap();
    assert_eq!(quarantine::count_by_shop(&mut work).await.unwrap(), [(1, 1), (2, 1)]);
}

pub async fn checkpoints_are_listed(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    evidence::set_checkpoint(&mut work, 1, Kind::Refund, instant(2), instant(2)).await.unwrap();
    evidence::set_checkpoint(&mut work, 1, Kind::Order, instant(1), instant(1)).await.unwrap();
    let wanted = [(1, "order".to_owned(), instant(1)), (1, "refund".to_owned(), instant(2))];
    assert_eq!(quarantine::list_checkpoints(&mut work).await.unwrap(), wanted);
}

pub async fn the_import_log_is_read_newest_first(place: &Place) {
    let mut work = place.work().await;
    let import = |name: &str| Import {
        kind: "orders:表".into(),
        file_name: name.into(),
        file_sha256: "ab".into(),
        rows_read: 6,
        rows_new: 1,
        rows_changed: 2,
        rows_unchanged: 3,
        rows_rejected: 4,
    };
    for name in ["一.csv", "二.csv"] {
        evidence::insert_import(&mut work, &import(name)).await.unwrap();
    }
    assert_eq!(imports::count(&mut work).await.unwrap(), 2);
    let rows = imports::list(&mut work, 1).await.unwrap();
    assert_eq!(rows.iter().map(|r| r.file_name.as_str()).collect::<Vec<_>>(), ["二.csv", "一.csv"]);
    let first = &rows[1];
    assert_eq!((first.at, first.kind.as_str(), first.actor.as_str()), (work.at, "orders:表", work.actor.name.as_str()));
    let counts = (first.rows_read, first.rows_new, first.rows_changed, first.rows_unchanged, first.rows_rejected);
    assert_eq!(counts, (6, 1, 2, 3, 4));
    assert_eq!(imports::list(&mut work, 2).await.unwrap(), []);
}
