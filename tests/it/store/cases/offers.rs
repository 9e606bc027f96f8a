//! What households offer for sale, photos of goods, what is in stock, names and prices that begin later.

use super::goods::{insert_goods, listing, product};
use super::people::{farmer, insert_anchors, stream};
use crate::store::contract::{Place, day};
use red_anchor::domain::access::Scope;
use red_anchor::domain::listings::{Draft, TypedListing, read};
use red_anchor::domain::photos::Shows;
use red_anchor::domain::proposals::Proposed;
use red_anchor::store::faces::{self, Face};
use red_anchor::store::goods::Listing;
use red_anchor::store::listings;
use red_anchor::store::lots::{self, Lot, Ticket};
use red_anchor::store::outcome::Outcome;
use red_anchor::store::photos::{self, NewPhoto};
use red_anchor::store::proposals::{self, Standing};
use red_anchor::store::streams::{self, ShelfPlace};
use red_anchor::store::{Session, figures, goods, people, stock};

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

fn draft(key: &str) -> Draft {
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

pub async fn a_thing_has_one_photo_and_a_listing_takes_over_its_proposals(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_products(&mut work, &[product(1)]).await.unwrap();
    goods::upsert_listings(&mut work, &[listing(11, 1), listing(12, 1)]).await.unwrap();
    people::upsert_farmers(&mut work, &[farmer(4), farmer(5)]).await.unwrap();
    for (id, farmer_id) in [(1, 4), (2, 5)] {
        proposals::insert(&mut work, id, farmer_id, &proposed(1, "")).await.unwrap();
    }
    let new = |sha256: &'static str| NewPhoto {
        sha256,
        width_px: 40,
        height_px: 20,
        picture: &[0xff, 0xd8, 0, 1],
        small: &[0xff, 0xd8, 0],
    };
    let first = photos::put(&mut work, Shows::Proposal(1), &new("aa")).await.unwrap();
    let second = photos::put(&mut work, Shows::Proposal(1), &new("bb")).await.unwrap();
    assert!(first != second, "an address shows one thing for good");
    assert_eq!(photos::find_bytes(&mut work, first, false).await.unwrap(), None);
    assert_eq!(photos::find_bytes(&mut work, second, false).await.unwrap(), Some(vec![0xff, 0xd8, 0, 1]));
    assert_eq!(photos::find_bytes(&mut work, second, true).await.unwrap(), Some(vec![0xff, 0xd8, 0]));
    let other = photos::put(&mut work, Shows::Proposal(2), &new("cc")).await.unwrap();
    let of_product = photos::put(&mut work, Shows::Product(1), &new("dd")).await.unwrap();

    listings::insert(&mut work, 7, (0, 1), &draft("a")).await.unwrap();
    proposals::take(&mut work, 1, 7).await.unwrap();
    photos::hand_on(&mut work, 7, 11).await.unwrap();
    photos::hand_on(&mut work, 8, 12).await.unwrap();
    let of_listing = photos::find(&mut work, Shows::Listing(11)).await.unwrap().unwrap();
    assert_eq!((of_listing.sha256.as_str(), of_listing.width_px, of_listing.height_px), ("bb", 40, 20));
    assert_eq!(photos::find(&mut work, Shows::Listing(12)).await.unwrap(), None, "no proposal was its draft");
    // one that it has of its own stays
    photos::put(&mut work, Shows::Listing(11), &new("ee")).await.unwrap();
    photos::hand_on(&mut work, 7, 11).await.unwrap();
    let listed = photos::list(&mut work, "listing", None).await.unwrap();
    assert_eq!(listed.iter().map(|f| (f.of_id, f.sha256.as_str())).collect::<Vec<_>>(), [(11, "ee")]);
    photos::remove(&mut work, Shows::Listing(11)).await.unwrap();
    assert!(photos::list(&mut work, "listing", None).await.unwrap().is_empty());
    work.commit(&crate::audit::any_change()).await.unwrap();

    let mut own = place.store.read(Scope::Farmer { county: place.code, farmer_id: 4 }).await.unwrap();
    assert_eq!(photos::find_shown(&mut own, second).await.unwrap().map(|f| f.of_id), Some(1));
    assert_eq!(photos::find_shown(&mut own, other).await.unwrap(), None, "another household's proposal");
    assert_eq!(photos::find_bytes(&mut own, other, true).await.unwrap(), None);
    assert!(photos::find_bytes(&mut own, of_product, true).await.unwrap().is_some(), "goods are everybody's");
    let mut village = place.store.read(Scope::Village(place.code)).await.unwrap();
    assert!(photos::find_bytes(&mut village, of_product, true).await.is_err());
}

pub async fn an_anchor_sees_photos_of_what_is_on_the_own_shelves(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    insert_anchors(&mut work).await;
    streams::upsert(&mut work, &[stream(3, None)]).await.unwrap();
    streams::upsert_shelf(&mut work, &[ShelfPlace { stream_id: 3, place: 1, listing_id: 11 }]).await.unwrap();
    let new = NewPhoto { sha256: "aa", width_px: 40, height_px: 20, picture: &[0xff, 0xd8, 0], small: &[0xff, 0xd8] };
    let on_shelf = photos::put(&mut work, Shows::Listing(11), &new).await.unwrap();
    let elsewhere = photos::put(&mut work, Shows::Listing(12), &new).await.unwrap();
    let of_product = photos::put(&mut work, Shows::Product(11), &new).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
    for (anchor_id, seen) in [(2, vec![on_shelf]), (1, vec![])] {
        let mut own = place.store.read(Scope::Anchor { county: place.code, anchor_id }).await.unwrap();
        let listed = photos::list(&mut own, "listing", None).await.unwrap();
        assert_eq!(listed.iter().map(|f| f.photo_id).collect::<Vec<_>>(), seen, "anchor {anchor_id}");
        for id in [on_shelf, elsewhere, of_product] {
            let found = photos::find_shown(&mut own, id).await.unwrap().is_some();
            let bytes = photos::find_bytes(&mut own, id, true).await.unwrap().is_some();
            assert_eq!((found, bytes), (seen.contains(&id), seen.contains(&id)), "photo {id} as anchor {anchor_id}");
        }
    }
}

pub async fn counts_and_lots_tell_what_there_is(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_products(&mut work, &[product(1)]).await.unwrap();
    goods::upsert_listings(&mut work, &[listing(11, 1), listing(12, 1)]).await.unwrap();
    people::upsert_farmers(&mut work, &[farmer(4)]).await.unwrap();
    stock::insert_count(&mut work, 11, (day("2026-01-31"), day("2026-01-31")), 90).await.unwrap();
    stock::insert_count(&mut work, 11, (day("2026-02-01"), day("2026-02-02")), 70).await.unwrap();
    stock::insert_count(&mut work, 12, (day("2026-02-01"), day("2026-02-01")), 0).await.unwrap();
    let counts = stock::list_counts(&mut work, 11, 9).await.unwrap();
    assert_eq!(counts.iter().map(|c| c.parcels).collect::<Vec<_>>(), [70, 90], "the newest first");
    assert_eq!((counts[0].counted_on, counts[0].sold_from), (day("2026-02-01"), day("2026-02-02")));
    assert_eq!((counts[0].counted_by.as_str(), counts[0].counted_at), (work.actor.name.as_str(), work.at));
    let sold = |start_on: &str, key: i64, goods_g: i64| super::figures::listing_day(day(start_on), key, goods_g);
    for day_sold in [
        sold("2026-02-01", 11, 2_625),
        sold("2026-02-02", 11, 5_250),
        sold("2026-02-03", 11, -2_625),
        sold("2026-02-01", 12, 1_000),
    ] {
        figures::add_county(&mut work, &day_sold).await.unwrap();
    }
    let newest = stock::list_newest(&mut work).await.unwrap();
    let told: Vec<_> = newest.iter().map(|(c, sold_g)| (c.listing_id, c.parcels, *sold_g)).collect();
    assert_eq!(told, [(11, 70, 2_625), (12, 0, 1_000)], "what was sold before a count is in it");

    let lot = |lot_id: i64, on: &str| Lot {
        lot_id,
        lot_key: format!("lot{lot_id}"),
        product_id: 1,
        intake_on: day(on),
        closed_on: None,
        certificate_no: String::new(),
    };
    lots::insert(&mut work, &[lot(1, "2026-02-01"), lot(2, "2026-02-02"), lot(3, "2026-02-09")]).await.unwrap();
    let ticket = |lot_id: i64, weight_g: i64| Ticket {
        ticket_id: lot_id,
        lot_id,
        farmer_id: 4,
        ticket_no: 1,
        weight_g,
        agreed_fen_per_kg: 0,
        bought: lot_id == 2,
        grade: String::new(),
        drawn_g: 0,
        left_g: 0,
        lost_g: 0,
    };
    lots::insert_tickets(&mut work, &[ticket(1, 10_000), ticket(2, 5_000), ticket(3, 700)]).await.unwrap();
    let bought = async |work: &mut Session| {
        let tickets = lots::list_tickets(work, &[1, 2, 3]).await.unwrap();
        tickets.iter().map(|t| t.bought).collect::<Vec<_>>()
    };
    assert_eq!(bought(&mut work).await, [false, true, false]);
    lots::correct_ticket(&mut work, 3, 700, 740).await.unwrap();
    assert_eq!(bought(&mut work).await, [false, true, true]);
    lots::correct_ticket(&mut work, 3, 700, 0).await.unwrap();
    assert_eq!(bought(&mut work).await, [false, true, false]);
    lots::close(&mut work, 2, day("2026-02-03"), &[(2, 5_000, 0)]).await.unwrap();
    assert_eq!(stock::sum_open_lots(&mut work, day("2026-02-08")).await.unwrap(), [(1, 10_000)]);
    assert_eq!(stock::sum_open_lots(&mut work, day("2026-02-09")).await.unwrap(), [(1, 10_700)]);
}

pub async fn names_and_prices_begin_on_their_day(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_products(&mut work, &[product(1)]).await.unwrap();
    goods::upsert_listings(&mut work, &[listing(11, 1), listing(12, 1)]).await.unwrap();
    let today = red_anchor::domain::calendar::day_of(work.at);
    let face = |entry_id: i64, days: i64, name: &str| Face {
        listing_id: 11,
        entry_id,
        valid_from: today + chrono::TimeDelta::days(days),
        name: name.into(),
        price_fen: entry_id,
    };
    let rows = [face(1, 0, "甲"), face(2, 0, "乙"), face(3, 5, "丙")];
    for row in [&rows[2], &rows[0], &rows[1]] {
        faces::insert(&mut work, row).await.unwrap();
    }
    assert_eq!(faces::list(&mut work).await.unwrap(), rows);
    let on = |days: i64| {
        let mut listings = vec![listing(11, 1), listing(12, 1)];
        faces::apply(&mut listings, &rows, today + chrono::TimeDelta::days(days));
        listings
    };
    let now = |name: &str, price_fen: i64| Listing { name: name.into(), price_fen, ..listing(11, 1) };
    assert_eq!(on(-1), [listing(11, 1), listing(12, 1)]);
    assert_eq!(on(4), [now("乙", 2), listing(12, 1)], "of two for one day the later approved");
    assert_eq!(on(5)[0], now("丙", 3));
    faces::take_effect(&mut work).await.unwrap();
    let mut listings = goods::list_listings(&mut work).await.unwrap();
    listings.sort_by_key(|l| l.listing_id);
    assert_eq!(listings, [now("乙", 2), listing(12, 1)]);
    assert_eq!(faces::list(&mut work).await.unwrap(), rows[2..], "what has not begun waits");
}
