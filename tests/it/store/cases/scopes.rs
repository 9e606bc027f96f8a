//! Every read keeps to its session's scope: it answers with what lies in it, or refuses.

use super::goods::insert_goods;
use super::ledger::{amounts, row, slice};
use super::orders::{line, order};
use super::people::{farmer, insert_anchors, stream};
use crate::store::contract::{Place, day};
use red_anchor::domain::access::Scope;
use red_anchor::domain::amounts::Amounts;
use red_anchor::domain::regions::RegionCode;
use red_anchor::services::trace;
use red_anchor::store::figures::{self, Basis, Grouping, Question, Range};
use red_anchor::store::ledger::{self, SliceRow};
use red_anchor::store::lines::{self, Chosen, Lens};
use red_anchor::store::people::{Farmer, Stage};
use red_anchor::store::{
    Session, StoreError, broadcasts, evidence, facts, goods, households, listed, live, orders, people, phrases, plans,
    search, slips, streams,
};

/// A line of stream 3 by anchor 2, shared by household 4 of one town and household 5 of another.
async fn shared(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    insert_anchors(&mut work).await;
    streams::upsert(&mut work, &[stream(3, None)]).await.unwrap();
    let households = [4, 5].map(|id| Farmer { village_code: village(place, id).to_string(), ..farmer(id) });
    people::upsert_farmers(&mut work, &households).await.unwrap();
    let stage = |anchor_id: i64| Stage {
        anchor_id,
        from_on: day("2026-01-01"),
        stage: "certified".into(),
        evidence: "证".into(),
    };
    people::upsert_stages(&mut work, &[stage(1), stage(2)]).await.unwrap();
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(1, 1)]).await.unwrap();
    let counted = |id: i64| SliceRow {
        paid_counted_on: Some(day("2026-02-01")),
        village_code: village(place, id).to_string(),
        ..slice(1, id)
    };
    ledger::upsert_slices(&mut work, &[counted(4), counted(5)]).await.unwrap();
    let posted = [4, 5].map(|id| {
        let mut new = row(1, id, 1);
        new.change.entry.dimensions.village_code = village(place, id);
        new
    });
    ledger::append(&mut work, &posted).await.unwrap();
    work.commit(&crate::audit::any_change()).await.unwrap();
}

/// Household 4 lives in one town, household 5 in the next.
fn village(place: &Place, farmer_id: i64) -> RegionCode {
    RegionCode::parse(&format!("{}10{}215", place.code, farmer_id - 4)).unwrap()
}

fn town(place: &Place, farmer_id: i64) -> RegionCode {
    village(place, farmer_id).ancestor(9)
}

async fn as_reader(place: &Place, scope: Scope) -> Session {
    place.store.read(scope).await.unwrap()
}

#[allow(clippy::needless_pass_by_value, reason = "an answer is looked at once, where it is asked for")]
fn refused<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::OutOfScope)), "{answer:?}");
}

pub async fn a_household_is_read_within_its_scope(place: &Place) {
    shared(place).await;
    let mut session = place.store.write(place.code).await.unwrap();
    red_anchor::store::consents::upsert(&mut session, &[super::contact_consent(5)]).await.unwrap();
    session.commit().await.unwrap();
    let county = place.code;
    let (from, to) = (day("2026-02-01"), day("2026-02-28"));
    for (scope, seen) in [
        (Scope::County(county), vec![4, 5]),
        (Scope::Region(county), vec![4, 5]),
        (Scope::Region(town(place, 4)), vec![4]),
        (Scope::Farmer { county, farmer_id: 5 }, vec![5]),
        (Scope::Village(village(place, 4)), vec![]),
        (Scope::Village(village(place, 5)), vec![5]),
        (Scope::Anchor { county, anchor_id: 2 }, vec![]),
    ] {
        let mut session = as_reader(place, scope).await;
        let mut known: Vec<i64> =
            people::list_farmers(&mut session).await.unwrap().iter().map(|f| f.farmer_id).collect();
        known.sort_unstable();
        assert_eq!(known, seen, "{scope:?}");
        let mut named: Vec<i64> =
            households::list_names(&mut session, &[4, 5]).await.unwrap().iter().map(|f| f.farmer_id).collect();
        named.sort_unstable();
        assert_eq!(named, seen, "{scope:?}");
        for id in [4, 5] {
            let inside = seen.contains(&id);
            let said = format!("household {id} as {scope:?}");
            assert_eq!(households::find(&mut session, id).await.unwrap().is_some(), inside, "{said}");
            let slice = households::sum_slice(&mut session, id, 1).await.unwrap();
            assert_eq!(slice == Amounts::ZERO, !inside, "{said}");
            let sales = households::sum_sales(&mut session, id, households::By::Day, from, to).await.unwrap();
            assert_eq!(sales.len(), usize::from(inside), "{said}");
            assert_eq!(households::list_months(&mut session, id).await.unwrap().len(), usize::from(inside), "{said}");
        }
    }
    let question = |only: Option<i64>, region: RegionCode| Question {
        basis: Basis::Event,
        range: Range::default(),
        region,
        grouping: if only.is_some() { Grouping::Farmer } else { Grouping::Total },
        headline_only: false,
        by_month: false,
        only,
        households: true,
        counts: true,
    };
    let mut contact = as_reader(place, Scope::Village(village(place, 5))).await;
    figures::sums(&mut contact, &question(Some(5), village(place, 5))).await.unwrap();
    refused(figures::sums(&mut contact, &question(None, village(place, 5))).await);
    refused(figures::counts(&mut contact, &question(Some(5), county)).await);
}

pub async fn a_line_shared_by_two_towns_is_cut_to_the_readers(place: &Place) {
    shared(place).await;
    let county = place.code;
    let chosen = Chosen { lens: Lens::Product, id: 1, from: day("2026-02-01"), to: day("2026-02-28") };
    let whole = amounts(100) + amounts(100);
    for (scope, slices, sum) in [
        (Scope::County(county), vec![4, 5], whole),
        (Scope::Region(town(place, 4)), vec![4], amounts(100)),
        (Scope::Farmer { county, farmer_id: 5 }, vec![5], amounts(100)),
        (Scope::Anchor { county, anchor_id: 2 }, vec![4, 5], whole),
    ] {
        let mut session = as_reader(place, scope).await;
        let rows = ledger::list_rows_of_line(&mut session, 1).await.unwrap();
        assert_eq!(rows.iter().map(|r| r.slice_no).collect::<Vec<_>>(), slices, "{scope:?}");
        let listed = lines::list_chosen(&mut session, &chosen, 1).await.unwrap();
        assert_eq!(listed.iter().map(|l| l.position).collect::<Vec<_>>(), [sum], "{scope:?}");
    }
    for scope in [
        Scope::Region(RegionCode::parse(&format!("{county}109")).unwrap()),
        Scope::Farmer { county, farmer_id: 9 },
        Scope::Anchor { county, anchor_id: 1 },
        Scope::Village(village(place, 4)),
    ] {
        let mut session = as_reader(place, scope).await;
        assert!(ledger::list_rows_of_line(&mut session, 1).await.unwrap().is_empty(), "{scope:?}");
        assert!(lines::list_chosen(&mut session, &chosen, 1).await.unwrap().is_empty(), "{scope:?}");
        assert_eq!(lines::find(&mut session, 1).await.unwrap(), None, "{scope:?}");
        assert_eq!(lines::list_answers(&mut session, 1).await.unwrap(), []);
        assert_eq!(lines::find_decision(&mut session, 1).await.unwrap(), None);
    }
}

pub async fn streams_and_training_are_an_anchors_own(place: &Place) {
    shared(place).await;
    let county = place.code;
    let mut work = place.work().await;
    super::pages::roll_up_stream(&mut work, county, amounts(100)).await;
    work.commit(&crate::audit::any_change()).await.unwrap();
    let on = day("2026-01-31");
    for (scope, streams, lines) in [
        (Scope::County(county), 1, 1),
        (Scope::Region(town(place, 4)), 1, 1),
        (Scope::Region(RegionCode::parse(&format!("{county}109")).unwrap()), 0, 0),
        (Scope::Anchor { county, anchor_id: 2 }, 1, 1),
        (Scope::Anchor { county, anchor_id: 1 }, 0, 0),
        (Scope::Farmer { county, farmer_id: 4 }, 1, 1),
        (Scope::Farmer { county, farmer_id: 9 }, 0, 0),
        (Scope::Village(village(place, 4)), 0, 0),
    ] {
        let mut session = as_reader(place, scope).await;
        assert_eq!(broadcasts::list_between(&mut session, on, on).await.unwrap().len(), streams, "{scope:?}");
        assert_eq!(broadcasts::list_named(&mut session, &[3]).await.unwrap().len(), streams, "{scope:?}");
        assert_eq!(broadcasts::sum_goods(&mut session, 3).await.unwrap().len(), lines, "{scope:?}");
        let sold = broadcasts::sum_sold(&mut session, &[3]).await;
        let sold_lines = broadcasts::count_lines(&mut session, &[3]).await;
        match scope {
            Scope::County(_) | Scope::Anchor { .. } => {
                assert_eq!(sold.unwrap().len(), lines, "{scope:?}");
                assert_eq!(sold_lines.unwrap().len(), lines, "{scope:?}");
            }
            _ => {
                refused(sold);
                refused(sold_lines);
            }
        }
        assert_eq!(broadcasts::list_paid_at(&mut session, 3).await.unwrap().len(), lines, "{scope:?}");
    }
    let mut own = as_reader(place, Scope::Anchor { county, anchor_id: 2 }).await;
    assert_eq!(people::list_anchors(&mut own).await.unwrap().iter().map(|a| a.anchor_id).collect::<Vec<_>>(), [2]);
    assert_eq!(people::list_stages(&mut own).await.unwrap().iter().map(|s| s.anchor_id).collect::<Vec<_>>(), [2]);
    assert!(people::list_training(&mut own).await.unwrap().is_empty());
    let mut whole = as_reader(place, Scope::Region(county)).await;
    assert_eq!(people::list_stages(&mut whole).await.unwrap().len(), 2);
    let mut part = as_reader(place, Scope::Region(town(place, 4))).await;
    assert_eq!(people::list_anchors(&mut part).await.unwrap().len(), 2, "who stands in front of the camera is known");
    refused(people::list_stages(&mut part).await);
    refused(people::list_training(&mut part).await);
    refused(people::list_certificates(&mut part).await);
    let mut household = as_reader(place, Scope::Farmer { county, farmer_id: 4 }).await;
    refused(people::list_anchors(&mut household).await);
}

pub async fn what_has_no_narrower_answer_is_refused(place: &Place) {
    shared(place).await;
    let county = place.code;
    let on = day("2026-01-31");
    for scope in [
        Scope::Region(town(place, 4)),
        Scope::Village(village(place, 4)),
        Scope::Farmer { county, farmer_id: 4 },
        Scope::Anchor { county, anchor_id: 2 },
    ] {
        let session = &mut as_reader(place, scope).await;
        refused(goods::list_shops(session).await);
        refused(goods::list_listings(session).await);
        refused(goods::list_terms(session, on).await);
        refused(goods::list_supply(session, on, on).await);
        refused(goods::list_skus(session).await);
        refused(goods::list_mappings(session).await);
        refused(people::list_categories(session).await);
        refused(people::list_anchor_accounts(session).await);
        refused(streams::find(session, 3).await);
        refused(streams::list_between(session, on, on).await);
        refused(plans::find(session, 3).await);
        refused(plans::list_offers(session, &[3]).await);
        refused(phrases::list(session).await);
        refused(live::find_mark(session).await);
        refused(live::sum_streams(session, &[3]).await);
        refused(live::sum_all(session, &[3]).await);
        refused(search::list(session, search::Noun::Shop, "s").await);
        refused(search::list_streams(session, "s").await);
        refused(search::list_lines(session, "1").await);
        refused(orders::find_line(session, 1).await);
        refused(listed::list(session, None, false).await);
        refused(lines::list_unlisted(session, 0, 1, 0).await);
        refused(evidence::list_of_order(session, 1).await);
        refused(facts::list_chunk(session, facts::Selection::One, 1, 1).await.map(|chunk| chunk.orders.len()));
        refused(red_anchor::store::accounts::list(session).await);
        refused(slips::list_households(session, county).await);
        refused(trace::find(session, 1).await.map(|found| found.is_some()));
        assert_eq!(goods::list_known_to(session).await.unwrap().len(), 1, "how far shops are known is no secret");
    }
    let mut whole = as_reader(place, Scope::Region(county)).await;
    assert!(trace::find(&mut whole, 1).await.is_ok());
}
