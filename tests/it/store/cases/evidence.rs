//! What was received, what was set aside, where pulling stands.

use super::orders::{order, refund, settlement};
use crate::audit::any_change;
use crate::store::contract::{Place, instant};
use red_anchor::domain::records::Rejected;
use red_anchor::store::evidence::{self, Found, Import, Kept, Kind, Packing, Source};
use red_anchor::store::orders;
use std::sync::Arc;

fn source() -> Source {
    Source { shop_id: 1, name: "order.searchList".into(), fetched_at: instant(3), received_sha256: [0xfe; 32] }
}

pub async fn records_are_kept_with_their_answers(place: &Place) {
    let mut work = place.work().await;
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::upsert_refunds(&mut work, &[refund(2, 1)]).await.unwrap();
    orders::upsert_settlements(&mut work, &[settlement(3, 1)]).await.unwrap();
    let kept = |record_id: i64| Kept { record_id, sha256: [u8::try_from(record_id).unwrap(); 32] };
    let texts = |texts: &[&'static str]| Packing::of(texts.iter().copied().map(Arc::from));
    let packing = texts(&[r#"{"别的":1}"#, r#"{"订单":"一"}"#]);
    evidence::insert(&mut work, &source(), Kind::Order, &[kept(9), kept(1)], packing).await.unwrap();
    let later = Source { fetched_at: instant(4), ..source() };
    evidence::insert(&mut work, &later, Kind::Refund, &[kept(2)], texts(&["{}"])).await.unwrap();
    evidence::insert(&mut work, &later, Kind::Settlement, &[kept(3)], texts(&["[]"])).await.unwrap();
    evidence::insert(&mut work, &later, Kind::Settlement, &[], texts(&[])).await.unwrap();
    let found = |kind: Kind, record_id: i64, text: &str, fetched_at| Found {
        kind: kind.key().into(),
        record_id,
        source: "order.searchList".into(),
        fetched_at,
        sha256: vec![u8::try_from(record_id).unwrap(); 32],
        received_sha256: vec![0xfe; 32],
        text: text.into(),
    };
    let expected = [
        found(Kind::Order, 1, r#"{"订单":"一"}"#, instant(3)),
        found(Kind::Refund, 2, "{}", instant(4)),
        found(Kind::Settlement, 3, "[]", instant(4)),
    ];
    assert_eq!(evidence::list_of_order(&mut work, 1).await.unwrap(), expected);
}

pub async fn what_is_set_aside_is_counted(place: &Place) {
    let mut work = place.work().await;
    let bad = |record_no: &str| Rejected {
        record_no: record_no.into(),
        reason: "数量不是数字".into(),
        evidence: "{}".into(),
    };
    evidence::quarantine(&mut work, &source(), &[bad("1"), bad("1"), bad("2")]).await.unwrap();
    evidence::quarantine(&mut work, &source(), &[]).await.unwrap();
    assert_eq!(evidence::count_quarantined(&mut work).await.unwrap(), 2);
    let import = Import { kind: "orders".into(), file_name: "订单.csv".into(), rows_read: 3, ..Import::default() };
    evidence::insert_import(&mut work, &import).await.unwrap();
    work.commit(&any_change()).await.unwrap();
}

pub async fn checkpoints_move(place: &Place) {
    let mut work = place.work().await;
    super::goods::insert_goods(&mut work).await;
    assert_eq!(evidence::find_checkpoint(&mut work, 1, Kind::Refund).await.unwrap(), None);
    // the first, the next, one that reaches back, one that would leave a gap
    for (from, to, moves) in [(1, 5, true), (4, 9, true), (2, 7, false), (10, 12, false)] {
        let moved = evidence::set_checkpoint(&mut work, 1, Kind::Refund, instant(from), instant(to)).await.unwrap();
        assert_eq!(moved, moves, "from {from} to {to}");
    }
    assert_eq!(evidence::find_checkpoint(&mut work, 1, Kind::Refund).await.unwrap(), Some(instant(9)));
    assert_eq!(evidence::find_checkpoint(&mut work, 1, Kind::Order).await.unwrap(), None);
}
