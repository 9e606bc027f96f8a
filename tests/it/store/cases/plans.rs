//! Plans of streams, barred phrases, what is sold while streams run, and what is searched for.

use super::goods::insert_goods;
use super::ledger::{amounts, row, slice};
use super::orders::{line, order};
use super::people::{farmer, insert_anchors, stream};
use crate::audit::any_change;
use crate::store::contract::{Place, day, instant};
use red_anchor::domain::amounts::Col;
use red_anchor::domain::live::Sums;
use red_anchor::domain::phrases::{Edit, Kind};
use red_anchor::store::broadcasts::{self, Pieces, Whose};
use red_anchor::store::ledger::{self, SliceRow};
use red_anchor::store::live::{self, By, OfGoods, PiecesOf};
use red_anchor::store::plans::{self, Offer, Plan};
use red_anchor::store::search::{self, Noun};
use red_anchor::store::{Work, orders, people, phrases, streams};

fn plan(stream_id: i64) -> Plan {
    Plan {
        stream_id,
        title: "金桔专场".into(),
        author_no: "900".into(),
        planned_from: instant(0),
        planned_to: instant(9_000),
        planned_by: "支部".into(),
        planned_at: instant(-9),
        times_by: String::new(),
        cancelled_at: None,
        cancelled_why: String::new(),
    }
}

pub async fn a_plan_stands_beside_its_stream_until_it_is_called_off(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    insert_anchors(&mut work).await;
    streams::upsert(&mut work, &[stream(1, None), stream(2, None)]).await.unwrap();
    assert_eq!(plans::find(&mut work, 1).await.unwrap(), None);
    plans::upsert(&mut work, &[plan(1), plan(2)]).await.unwrap();
    let on = day("2026-01-31");
    assert_eq!(plans::list_between(&mut work, on, on).await.unwrap(), [plan(1), plan(2)]);
    let offer = |listing_id: i64, promised_pieces: i64| Offer {
        stream_id: 1,
        listing_id,
        price_fen: 2_990,
        promised_pieces,
        points: "当天采".into(),
    };
    plans::replace_offers(&mut work, 1, &[offer(11, 9), offer(12, 0)]).await.unwrap();
    plans::replace_offers(&mut work, 1, &[offer(12, 200)]).await.unwrap();
    assert_eq!(plans::list_offers(&mut work, &[1, 2]).await.unwrap(), [offer(12, 200)]);
    // promised until the stream is over
    let of_other = |listing_id: i64, pieces: i64| Offer { stream_id: 2, ..offer(listing_id, pieces) };
    plans::replace_offers(&mut work, 2, &[of_other(11, 0), of_other(12, 7)]).await.unwrap();
    let open = |stream_id: i64, promised_pieces: i64| plans::OpenOffer {
        stream_id,
        starts_at: stream(stream_id, None).starts_at,
        listing_id: 12,
        promised_pieces,
    };
    let open_at = async |work: &mut Work, now| plans::list_open_offers(work, now).await.unwrap();
    assert_eq!(open_at(&mut work, instant(0)).await, [open(1, 200), open(2, 7)]);
    assert_eq!(open_at(&mut work, stream(1, None).ends_at).await, []);
    plans::replace_assistants(&mut work, 1, &[1]).await.unwrap();
    assert_eq!(plans::list_assistants(&mut work, 1).await.unwrap(), [1]);
    streams::set_key(&mut work, 1, "官方-1").await.unwrap();
    assert_eq!(streams::find(&mut work, 1).await.unwrap().unwrap().stream_key, "官方-1");
    assert_eq!(live::list_titles(&mut work, on, on).await.unwrap(), [(1, "金桔专场".into()), (2, "金桔专场".into())]);

    let off = Plan { cancelled_at: Some(instant(5)), cancelled_why: "下雨".into(), ..plan(2) };
    plans::upsert(&mut work, std::slice::from_ref(&off)).await.unwrap();
    assert_eq!(open_at(&mut work, instant(0)).await, [open(1, 200)], "what is called off promises nothing");
    assert_eq!(plans::find(&mut work, 2).await.unwrap(), Some(off));
    let ids = |rows: Vec<streams::Stream>| rows.into_iter().map(|s| s.stream_id).collect::<Vec<_>>();
    assert_eq!(ids(streams::list_between(&mut work, on, on).await.unwrap()), [1], "what is called off is no stream");
    let named = |rows: Vec<broadcasts::Named>| rows.into_iter().map(|s| s.stream_id).collect::<Vec<_>>();
    assert_eq!(named(broadcasts::list_between(&mut work, on, on).await.unwrap()), [1]);
    let (later, over) = (day("2026-02-01"), instant(9_000));
    assert_eq!(named(broadcasts::list_before(&mut work, Whose::Anchor(2), later, over, 9).await.unwrap()), [1]);
    let on_air = broadcasts::list_before(&mut work, Whose::Anchor(2), later, instant(8_999), 9).await.unwrap();
    assert_eq!(named(on_air), Vec::<i64>::new(), "what is not over is not earlier");
    assert_eq!(
        named(broadcasts::list_before(&mut work, Whose::Anchor(2), on, over, 9).await.unwrap()),
        Vec::<i64>::new()
    );
    assert_eq!(
        named(broadcasts::list_before(&mut work, Whose::Room(7), later, over, 9).await.unwrap()),
        Vec::<i64>::new()
    );
    assert!(!plans::has_sold(&mut work, 1).await.unwrap());
}

pub async fn a_county_changes_its_list_of_phrases(place: &Place) {
    let mut work = place.work().await;
    let edit = |barred| Edit { phrase: "全村最鲜".into(), kind: Kind::Health, suggestion: "鲜".into(), barred };
    phrases::upsert(&mut work, &edit(true)).await.unwrap();
    phrases::upsert(&mut work, &edit(false)).await.unwrap();
    assert_eq!(phrases::list(&mut work).await.unwrap(), [edit(false)]);
    phrases::remove(&mut work, "全村最鲜").await.unwrap();
    assert_eq!(phrases::list(&mut work).await.unwrap(), []);
}

pub async fn what_streams_sell_is_summed_while_they_run(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    insert_anchors(&mut work).await;
    streams::upsert(&mut work, &[stream(3, None)]).await.unwrap();
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(1, 1)]).await.unwrap();
    let counted = |farmer_id: i64| SliceRow { paid_counted_on: Some(day("2026-02-01")), ..slice(1, farmer_id) };
    ledger::upsert_slices(&mut work, &[counted(4), counted(5)]).await.unwrap();
    ledger::append(&mut work, &[row(1, 4, 1), row(1, 5, 1)]).await.unwrap();
    let mark = work.batch_id;
    assert_eq!(live::find_mark(&mut work).await.unwrap(), mark);
    let twice = |col: Col| 2 * amounts(100)[col];
    let sums = Sums { orders: 1, gmv_fen: twice(Col::Gmv), refund_fen: twice(Col::Refund), households: 2 };
    let listing_id = slice(1, 4).listing_id;
    assert_eq!(live::sum_streams(&mut work, &[3, 9]).await.unwrap(), [(3, sums)]);
    assert_eq!(live::sum_all(&mut work, &[3]).await.unwrap(), sums);
    assert_eq!(live::sum_all(&mut work, &[]).await.unwrap(), Sums::default());
    let of = |id: i64| OfGoods {
        stream_id: 3,
        id,
        orders: 1,
        gmv_fen: sums.gmv_fen,
        refund_fen: sums.refund_fen,
        households: 2,
    };
    assert_eq!(live::sum_goods(&mut work, &[3], By::Listing).await.unwrap(), [of(listing_id)]);
    assert_eq!(live::sum_goods(&mut work, &[3], By::Product).await.unwrap(), [of(slice(1, 4).product_id)]);
    let pieces = line(1, 1).pieces;
    assert_eq!(live::sum_pieces(&mut work, &[3]).await.unwrap(), [PiecesOf { stream_id: 3, listing_id, pieces }]);
    assert_eq!(broadcasts::sum_pieces(&mut work, 3).await.unwrap(), [Pieces { listing_id, pieces }]);
    let paid = order(1).paid_at.unwrap();
    assert_eq!(live::list_paid_since(&mut work, &[3], paid).await.unwrap(), [(3, paid)]);
    let later = paid + chrono::TimeDelta::seconds(1);
    assert_eq!(live::list_paid_since(&mut work, &[3], later).await.unwrap(), []);
    assert!(plans::has_sold(&mut work, 3).await.unwrap());
    work.commit(&any_change()).await.unwrap();
}

pub async fn things_are_found_by_what_is_typed(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    insert_anchors(&mut work).await;
    people::upsert_farmers(&mut work, &[farmer(4)]).await.unwrap();
    streams::upsert(&mut work, &[stream(3, None)]).await.unwrap();
    plans::upsert(&mut work, &[plan(3)]).await.unwrap();
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(1, 1)]).await.unwrap();
    let keys = |found: Vec<search::Found>| found.into_iter().map(|f| f.key).collect::<Vec<_>>();
    assert_eq!(keys(search::list(&mut work, Noun::Anchor, "主播").await.unwrap()), ["a1", "a2"]);
    assert_eq!(keys(search::list(&mut work, Noun::Anchor, "A2").await.unwrap()), ["a2"]);
    for noun in [Noun::Anchor, Noun::Room, Noun::Listing, Noun::Product, Noun::Shop] {
        assert_eq!(search::list(&mut work, noun, "%").await.unwrap(), [], "a sign of the pattern is a letter");
    }
    assert_eq!(keys(search::list_households(&mut work, "陈").await.unwrap()), ["f4"]);
    assert_eq!(keys(search::list_households(&mut work, "某").await.unwrap()), Vec::<String>::new());
    assert_eq!(keys(search::list_streams(&mut work, "桔").await.unwrap()), ["s3"]);
    let number = order(1).order_no;
    let found = search::list_lines(&mut work, &number).await.unwrap();
    assert_eq!(found.iter().map(|l| (l.line_id, l.stream_id)).collect::<Vec<_>>(), [(1, 0)]);
    assert_eq!(search::list_lines(&mut work, &line(1, 1).line_no).await.unwrap(), found);
    assert_eq!(search::list_lines(&mut work, "1").await.unwrap(), []);
}
