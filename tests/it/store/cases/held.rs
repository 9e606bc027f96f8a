//! What is kept on households and buyers, and for how long.

use super::goods::insert_goods;
use super::ledger::{row, slice};
use super::orders::{line, order};
use super::people::farmer;
use crate::store::contract::{Place, day, instant};
use red_anchor::store::access::{self, Look, Seen};
use red_anchor::store::buyers::{self, HashDays};
use red_anchor::store::consents::{self, Consent};
use red_anchor::store::farmers::{self, HeldAccess, HeldLook, HeldShare};
use red_anchor::store::goods::{self, SupplyRow};
use red_anchor::store::orders::{self, OrderRow};
use red_anchor::store::slips::{self, NewSlip};
use red_anchor::store::{ledger, people};

pub async fn consents_are_given_and_withdrawn(place: &Place) {
    let mut work = place.work().await;
    people::upsert_farmers(&mut work, &[farmer(1), farmer(2)]).await.unwrap();
    let consent = |farmer_id, withdrawn: Option<&str>| Consent {
        farmer_id,
        kind: "contact".into(),
        given_on: day("2026-01-10"),
        withdrawn_on: withdrawn.map(day),
        recorded_by: "王干事".into(),
    };
    consents::upsert(&mut work, &[consent(2, None), consent(1, None)]).await.unwrap();
    consents::upsert(&mut work, &[consent(1, Some("2026-02-01"))]).await.unwrap();
    let all = [consent(1, Some("2026-02-01")), consent(2, None)];
    assert_eq!(consents::list_of(&mut work, &[1, 2, 3]).await.unwrap(), all);
    for (on, given) in [("2026-01-09", false), ("2026-01-10", true), ("2026-01-31", true), ("2026-02-01", false)] {
        assert_eq!(consents::is_given(&mut work, 1, "contact", day(on)).await.unwrap(), given, "{on}");
    }
    assert!(!consents::is_given(&mut work, 2, "showcase", day("2026-01-11")).await.unwrap());
}

pub async fn a_household_is_handed_over_and_its_name_taken_away(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    people::upsert_farmers(&mut work, &[farmer(4), farmer(5)]).await.unwrap();
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(1, 1)]).await.unwrap();
    ledger::append(&mut work, &[row(1, 4, 1), row(1, 4, 2), row(1, 5, 1)]).await.unwrap();
    ledger::upsert_slices(&mut work, &[slice(1, 4)]).await.unwrap();
    let share = SupplyRow {
        listing_id: 11,
        version_id: 1,
        farmer_id: 4,
        batch_id: work.batch_id,
        valid_from: day("2026-01-01"),
        valid_to: None,
        share_bp: 5_000,
    };
    goods::insert_supply(&mut work, &[share]).await.unwrap();
    let slip = NewSlip { slip_id: 1, farmer_id: 4, token_hash: format!("held-{}", place.code) };
    slips::insert(&mut work, &[slip], "王干事", instant(0)).await.unwrap();
    slips::upsert_phones(&mut work, &[(4, "hash".into())]).await.unwrap();
    let look = |seen| Look { account_id: 3, role: "official", subject: "360827", seen };
    access::insert_look(&mut work, look(Seen::Line(1)), instant(6)).await.unwrap();
    access::insert_look(&mut work, look(Seen::Farmer(4)), instant(7)).await.unwrap();
    access::insert_look(&mut work, look(Seen::Farmer(5)), instant(8)).await.unwrap();

    let entries = farmers::list_entries(&mut work, 4).await.unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!((entries[0].shop_key.as_str(), entries[0].line_no.as_str()), ("店1", line(1, 1).line_no.as_str()));
    assert_eq!(entries[0].amounts, row(1, 4, 1).change.entry.amounts);
    let shares = farmers::list_shares(&mut work, 4).await.unwrap();
    let expected =
        HeldShare { listing_key: "l11".into(), valid_from: day("2026-01-01"), valid_to: None, share_bp: 5_000 };
    assert_eq!(shares, [expected]);
    assert_eq!(farmers::list_tickets(&mut work, 4).await.unwrap(), []);
    let at_line = HeldLook { at: instant(6), role: "official".into(), line_no: line(1, 1).line_no };
    let at_page = HeldLook { at: instant(7), line_no: String::new(), ..at_line.clone() };
    assert_eq!(farmers::list_looks(&mut work, 4).await.unwrap(), [at_line, at_page]);
    let held = |ended| HeldAccess { kind: "slip".into(), created_at: instant(0), expires_at: ended };
    assert_eq!(farmers::list_access(&mut work, 4).await.unwrap(), [held(None)]);

    assert_eq!(farmers::find(&mut work, 4).await.unwrap(), Some(farmer(4)));
    assert_eq!(farmers::find(&mut work, 99).await.unwrap(), None);
    farmers::anonymise(&mut work, 4, "匿名户").await.unwrap();
    farmers::anonymise(&mut work, 4, "匿名户").await.unwrap();
    let at = work.at;
    assert_eq!(farmers::list_anonymised(&mut work).await.unwrap(), [(4, at)]);
    assert_eq!(farmers::find_anonymised(&mut work, 4).await.unwrap(), Some(at));
    assert_eq!(farmers::find_anonymised(&mut work, 5).await.unwrap(), None);
    assert_eq!(farmers::list_access(&mut work, 4).await.unwrap(), [held(Some(at))]);
    assert_eq!(slips::list_phones(&mut work).await.unwrap(), []);
    let mut names: Vec<String> = people::list_farmers(&mut work).await.unwrap().into_iter().map(|f| f.name).collect();
    names.sort();
    assert_eq!(names, ["匿名户".to_owned(), farmer(5).name]);
}

pub async fn buyer_hashes_are_dropped_by_day(place: &Place) {
    let mut work = place.work().await;
    buyers::insert_hash_days(&mut work, day("2026-01-01"), 90).await.unwrap();
    let version = HashDays { version_id: 1, batch_id: work.batch_id, valid_from: day("2026-01-01"), days: 90 };
    assert_eq!(buyers::list_hash_days(&mut work).await.unwrap(), [version]);
    let made = |id, on: &str| OrderRow { created_on: day(on), buyer_hash: "h".into(), ..order(id) };
    orders::upsert_orders(&mut work, &[made(1, "2026-01-31"), made(2, "2026-02-01")]).await.unwrap();
    assert_eq!(buyers::find_dropped(&mut work).await.unwrap(), None);
    assert_eq!(buyers::count_hashes(&mut work).await.unwrap(), 2);
    assert_eq!(buyers::drop_hashes(&mut work, day("2026-02-01")).await.unwrap(), 1);
    assert_eq!(buyers::drop_hashes(&mut work, day("2026-02-01")).await.unwrap(), 0);
    assert_eq!(buyers::count_hashes(&mut work).await.unwrap(), 1);
    assert_eq!(buyers::find_dropped(&mut work).await.unwrap(), Some(day("2026-02-01")));
}
