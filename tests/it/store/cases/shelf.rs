//! What keeps a listing off the shelf: rules, papers, lots, drafts, steps.

use super::goods::{listing, product};
use crate::store::contract::{Place, day};
use red_anchor::domain::calendar::parse_day;
use red_anchor::domain::listings::{Draft, TypedListing, read};
use red_anchor::domain::shelf::{Need, OpenLots, Paper, PaperKind, Rule, State};
use red_anchor::store::goods;
use red_anchor::store::goods_certificates as papers;
use red_anchor::store::listings;
use red_anchor::store::lots::{self, Lot};
use red_anchor::store::outcome::Outcome;
use red_anchor::store::product_details::{self, Details};

pub async fn goods_have_details_rules_and_papers(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_products(&mut work, &[product(1), product(2)]).await.unwrap();
    let details = Details {
        product_id: 2,
        grades: "一级\n二级".into(),
        sold_by: "jin".into(),
        harvest_from: "10-15".into(),
        harvest_to: "05-31".into(),
    };
    product_details::update(&mut work, &details).await.unwrap();
    let none = Details { product_id: 1, ..Details::default() };
    assert_eq!(product_details::list(&mut work).await.unwrap(), [none, details]);

    let by = work.actor.name.clone();
    let rule = |rule_id, need, valid_to| Rule {
        rule_id,
        product_id: 2,
        need,
        valid_from: day("2026-02-01"),
        valid_to,
        source: "某办法".into(),
        entered_by: by.clone(),
    };
    papers::insert_rule(&mut work, &rule(7, Need::Licence, None)).await.unwrap();
    papers::insert_rule(&mut work, &rule(8, Need::Origin, Some(day("2026-12-31")))).await.unwrap();
    papers::end_rule(&mut work, 7, day("2026-03-01")).await.unwrap();
    let expected = [rule(7, Need::Licence, Some(day("2026-03-01"))), rule(8, Need::Origin, Some(day("2026-12-31")))];
    assert_eq!(papers::list_rules(&mut work).await.unwrap(), expected);

    let paper = |certificate_id, kind, revoked_on| Paper {
        certificate_id,
        product_id: 2,
        listing_id: 0,
        kind,
        number: "SC 1".into(),
        holder: "合作社".into(),
        issued_on: day("2026-01-01"),
        expires_on: Some(day("2027-01-01")),
        revoked_on,
        entered_by: by.clone(),
    };
    papers::insert_paper(&mut work, &paper(3, PaperKind::Sc, None)).await.unwrap();
    papers::insert_paper(&mut work, &paper(4, PaperKind::Workshop, None)).await.unwrap();
    papers::revoke_paper(&mut work, 4, day("2026-02-02")).await.unwrap();
    let expected = [paper(3, PaperKind::Sc, None), paper(4, PaperKind::Workshop, Some(day("2026-02-02")))];
    assert_eq!(papers::list_papers(&mut work).await.unwrap(), expected);
}

pub async fn open_lots_are_those_with_and_without_a_certificate(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_products(&mut work, &[product(1)]).await.unwrap();
    let lot = |lot_id: i64, on: &str, certificate_no: &str| Lot {
        lot_id,
        lot_key: format!("lot{lot_id}"),
        product_id: 1,
        intake_on: day(on),
        closed_on: None,
        certificate_no: certificate_no.into(),
    };
    let rows =
        [lot(1, "2026-02-01", "HG-1"), lot(2, "2026-02-02", ""), lot(3, "2026-02-09", ""), lot(4, "2026-02-01", "")];
    lots::insert(&mut work, &rows).await.unwrap();
    lots::close(&mut work, 4, day("2026-02-03"), &[]).await.unwrap();
    let lots_of = |state, product_id| lots::Sought { product_id, state, oldest_first: true };
    for (state, count) in [("", 4), ("open", 3), ("closed", 1)] {
        assert_eq!(lots::count(&mut work, &lots_of(state, 1)).await.unwrap(), count, "{state}");
    }
    assert_eq!(lots::count(&mut work, &lots_of("", 999)).await.unwrap(), 0, "of no product");
    assert_eq!(lots::list_page(&mut work, &lots_of("closed", 0), 2, 9).await.unwrap(), [], "no second page");
    let open = papers::list_open_lots(&mut work, day("2026-02-08")).await.unwrap();
    let expected = OpenLots { with_certificate: 1, without: vec!["lot2".into()] };
    assert_eq!(open.into_iter().collect::<Vec<_>>(), [(1, expected)], "not the closed one, nor one of a later day");
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
    read(&typed, parse_day("2026-02-24").unwrap()).unwrap()
}

pub async fn drafts_wait_and_listings_take_steps(place: &Place) {
    let mut work = place.work().await;
    goods::upsert_products(&mut work, &[product(1)]).await.unwrap();
    goods::upsert_listings(&mut work, &[listing(1, 1), listing(2, 1)]).await.unwrap();
    listings::insert(&mut work, 5, (0, 1), &draft("new")).await.unwrap();
    listings::insert(&mut work, 6, (1, 1), &draft("l1")).await.unwrap();
    let waiting = listings::list_waiting(&mut work).await.unwrap();
    assert_eq!(waiting.iter().map(|e| e.entry_id).collect::<Vec<_>>(), [5, 6]);
    assert_eq!((waiting[0].terms(), waiting[0].entered_at), (draft("new").terms, work.at));
    listings::decide(&mut work, 5, 2, Outcome::Approved, "").await.unwrap();
    listings::decide(&mut work, 6, 1, Outcome::Rejected, "太低").await.unwrap();
    listings::decide(&mut work, 6, 1, Outcome::Withdrawn, "").await.unwrap();
    let rejected = listings::find(&mut work, 6).await.unwrap().unwrap();
    assert_eq!((rejected.outcome.as_str(), rejected.reason.as_str()), ("rejected", "太低"), "decided once");
    assert_eq!(listings::list_of(&mut work, 2, 9).await.unwrap()[0].entry_id, 5);
    assert!(listings::list_waiting(&mut work).await.unwrap().is_empty());
    assert_eq!(listings::find(&mut work, 99).await.unwrap(), None);

    for (step, reason) in [(State::Approved, ""), (State::Published, ""), (State::Withdrawn, "过期")] {
        listings::take_step(&mut work, 2, step, reason).await.unwrap();
    }
    listings::take_step(&mut work, 1, State::Published, "").await.unwrap();
    let steps = listings::list_steps(&mut work, 2).await.unwrap();
    assert_eq!(steps.iter().map(|s| s.step_no).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((steps[2].state().unwrap(), steps[2].reason.as_str(), steps[2].at), (State::Withdrawn, "过期", work.at));
    let last = listings::list_last_steps(&mut work).await.unwrap();
    assert_eq!(last.iter().map(|s| (s.listing_id, s.step_no)).collect::<Vec<_>>(), [(1, 1), (2, 3)]);
}
