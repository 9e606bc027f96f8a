//! What households offer for sale, photos of goods, what is in stock, names and prices that begin later.

use super::goods::{listing, product};
use super::people::farmer;
use crate::store::contract::{Place, day};
use red_anchor::domain::access::Scope;
use red_anchor::domain::listings::{Draft, TypedListing, read};
use red_anchor::domain::proposals::Proposed;
use red_anchor::store::listings::{self, Outcome};
use red_anchor::store::proposals::{self, Standing};
use red_anchor::store::{goods, people};

fn proposed(product_id: i64, goods: &str) -> Proposed {
    Proposed {
        product_id,
        goods: goods.into(),
        pack_g: 2_500,
        amount_g: 400_250,
        ready_from: day("2026-03-01"),
        ready_to: day("2026-04-15"),
        price_fen: 3_990,
        said: "<b>甜</b>".into(),
    }
}

pub fn draft(key: &str) -> Draft {
    let typed = TypedListing {
        key: key.into(),
        name: "金桔 5斤".into(),
        price: "49.90".into(),
        from: "2026-03-01".into(),
        model: "share".into(),
        share: "40".into(),
        pack: "2500".into(),
        ..TypedListing::default()
    };
    read(&typed, day("2026-02-24")).unwrap()
}

pub async fn proposals_are_a_households_own_and_wait_until_seen_to(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_products(&mut work, &[product(1)]).await.unwrap();
    people::upsert_farmers(&mut work, &[farmer(4), farmer(5)]).await.unwrap();
    proposals::insert(&mut work, 1, 4, &proposed(1, "")).await.unwrap();
    proposals::insert(&mut work, 2, 5, &proposed(0, "笋干")).await.unwrap();
    proposals::insert(&mut work, 3, 4, &proposed(1, "油桔")).await.unwrap();
    let first = proposals::find(&mut work, 1).await.unwrap().unwrap();
    assert_eq!((first.product.as_str(), first.goods.as_str(), first.said.as_str()), ("金桔", "", "<b>甜</b>"));
    assert_eq!((first.pack_g, first.amount_g, first.price_fen), (2_500, 400_250, 3_990));
    assert_eq!((first.ready_from, first.ready_to), (day("2026-03-01"), day("2026-04-15")));
    assert_eq!((first.household, first.proposed_at), (farmer(4).name, work.at));
    let ids = |rows: Vec<proposals::Proposal>| rows.iter().map(|p| p.proposal_id).collect::<Vec<_>>();
    assert_eq!(ids(proposals::list_waiting(&mut work, 9).await.unwrap()), [1, 2, 3]);
    assert_eq!(ids(proposals::list_of_farmer(&mut work, 4, 9).await.unwrap()), [3, 1]);
    assert_eq!(proposals::list_goods(&mut work).await.unwrap(), [(1, product(1).name, product(1).name_en)]);

    // a draft that is not approved leaves it to be seen to again; an approved one is its listing
    listings::insert(&mut work, 7, (0, 1), &draft("a")).await.unwrap();
    proposals::take(&mut work, 1, 7).await.unwrap();
    proposals::send_back(&mut work, 2, "没货").await.unwrap();
    assert_eq!(ids(proposals::list_waiting(&mut work, 9).await.unwrap()), [3]);
    assert_eq!(proposals::find_of_entry(&mut work, 7).await.unwrap().unwrap().standing(), Standing::Drafted);
    assert_eq!(proposals::find_of_entry(&mut work, 0).await.unwrap(), None);
    listings::decide(&mut work, 7, 0, Outcome::Rejected, "太贵").await.unwrap();
    assert_eq!(ids(proposals::list_waiting(&mut work, 9).await.unwrap()), [1, 3]);
    goods::upsert_listings(&mut work, &[listing(11, 1)]).await.unwrap();
    listings::insert(&mut work, 8, (0, 1), &draft("b")).await.unwrap();
    proposals::take(&mut work, 1, 8).await.unwrap();
    listings::decide(&mut work, 8, 11, Outcome::Approved, "").await.unwrap();
    let listed = proposals::find(&mut work, 1).await.unwrap().unwrap();
    assert_eq!((listed.standing(), listed.listing_id), (Standing::Listed, 11));
    let back = proposals::find(&mut work, 2).await.unwrap().unwrap();
    assert_eq!((back.standing(), back.reason.as_str(), back.decided_at), (Standing::Returned, "没货", Some(work.at)));
    work.commit(&crate::audit::any_change()).await.unwrap();

    let mut own = place.store.read(Scope::Farmer { county: place.code, farmer_id: 4 }).await.unwrap();
    assert_eq!(proposals::find(&mut own, 2).await.unwrap(), None, "another household's");
    assert!(proposals::list_of_farmer(&mut own, 5, 9).await.unwrap().is_empty());
    assert_eq!(ids(proposals::list_of_farmer(&mut own, 4, 9).await.unwrap()), [3, 1]);
    assert!(proposals::list_waiting(&mut own, 9).await.is_err(), "the branch's list");
}
