//! The county document fits the world the sandbox sells from.

use super::caller::day;
use chrono::{DateTime, TimeDelta};
use red_anchor::demo::county::{base_doc, county_doc, week_doc};
use red_anchor::domain::admin::regions;
use red_anchor::domain::county::CountyDoc;
use red_anchor::sandbox::world::goods::{SKUS, UNMAPPED, product_no};
use red_anchor::sandbox::world::people::STRANGERS;
use red_anchor::sandbox::world::shops::Shop;
use red_anchor::sandbox::world::{Scale, World, monday_of};
use std::collections::BTreeSet;

#[test]
fn the_weeks_and_the_base_are_the_whole_document() {
    let (from, to) = (day("2024-12-02"), day("2024-12-15"));
    let whole = county_doc(7, from, to);
    let weeks = [week_doc(7, from), week_doc(7, from + TimeDelta::days(7))];
    assert_eq!(whole.streams.len(), weeks.iter().map(|w| w.streams.len()).sum::<usize>());
    assert_eq!(whole.baselines.len(), weeks.iter().map(|w| w.baselines.len()).sum::<usize>());
    assert_eq!(whole.listings.len(), base_doc(7).listings.len());
    assert!(whole.listings.iter().all(|l| l.supply.len() == 6 && l.terms.len() == 1));
    let text = serde_json::to_string(&whole).unwrap();
    assert_eq!(serde_json::from_str::<CountyDoc>(&text).unwrap(), whole);
}

#[test]
fn every_reference_in_the_document_is_to_something_in_it() {
    let doc = county_doc(7, day("2022-10-10"), day("2026-11-23"));
    let villages: BTreeSet<String> = regions().iter().map(|r| r.code.to_string()).collect();
    let keys = |all: Vec<&String>| all.into_iter().cloned().collect::<BTreeSet<String>>();
    let farmers = keys(doc.farmers.iter().map(|f| &f.key).collect());
    let listings = keys(doc.listings.iter().map(|l| &l.key).collect());
    let rooms = keys(doc.rooms.iter().map(|r| &r.key).collect());
    let anchors = keys(doc.anchors.iter().map(|a| &a.key).collect());
    let streams = keys(doc.streams.iter().map(|s| &s.key).collect());
    assert_eq!((farmers.len(), rooms.len(), anchors.len()), (900, 2, 7));
    assert_eq!(streams.len(), doc.streams.len(), "keys of streams are their own");
    assert!(
        doc.farmers
            .iter()
            .map(|f| &f.village)
            .chain(doc.rooms.iter().map(|r| &r.village))
            .all(|v| villages.contains(v))
    );
    assert!(doc.baselines.iter().all(|b| villages.contains(&b.region)));
    for stream in &doc.streams {
        assert!(anchors.contains(&stream.anchor) && stream.room.as_ref().is_none_or(|r| rooms.contains(r)));
        assert!(stream.shelf.iter().all(|l| listings.contains(l)) && !stream.shelf.is_empty());
    }
    for share in doc.listings.iter().flat_map(|l| &l.supply).flat_map(|s| &s.shares) {
        assert!(farmers.contains(&share.farmer));
    }
    assert!(doc.listings.iter().map(|l| l.supply.len()).sum::<usize>() < 12_000);
    let in_two_towns: BTreeSet<&str> = doc.rooms.iter().map(|r| &r.village[..9]).collect();
    assert_eq!(in_two_towns.len(), 2);
}

#[test]
fn what_the_shops_sell_is_mapped_and_who_sells_it_is_known_but_for_what_is_meant_to_be_unknown() {
    let on = day("2024-12-04");
    let doc = county_doc(7, on, on);
    let world = World::new(7, Scale::FULL);
    let mapped: BTreeSet<(String, String)> =
        doc.mappings.iter().map(|m| (m.shop.clone(), m.product_no.clone())).collect();
    let rooms: BTreeSet<u64> = doc.streams.iter().filter_map(|s| s.live_room_no.as_ref()?.parse().ok()).collect();
    let authors: BTreeSet<u64> = doc
        .rooms
        .iter()
        .flat_map(|r| &r.accounts)
        .chain(doc.anchors.iter().flat_map(|a| &a.accounts))
        .filter_map(|a| a.author_no.parse().ok())
        .collect();
    let mut unknown = (0, 0, 0);
    let mut lines = 0;
    for shop in Shop::ALL {
        for line in world.day(shop, on).iter().flat_map(|o| &o.lines) {
            lines += 1;
            let is_mapped = mapped.contains(&(shop.key().to_owned(), product_no(shop, line.sku).to_string()));
            assert_eq!(is_mapped, line.sku != UNMAPPED, "{}", SKUS[line.sku].title);
            let stranger = STRANGERS.iter().any(|s| s.0 == line.source.author_no);
            unknown.0 += usize::from(!is_mapped);
            unknown.1 += usize::from(stranger);
            unknown.2 += usize::from(line.source.author_no == 0);
            if !stranger && line.source.author_no != 0 {
                assert!(authors.contains(&line.source.author_no));
                assert!(line.source.live_room_no == 0 || rooms.contains(&line.source.live_room_no));
            }
        }
    }
    assert!(lines > 400 && unknown.0 > 0 && unknown.1 > 0 && unknown.2 > 0, "{unknown:?} of {lines}");
}

#[test]
fn the_county_plans_the_streams_the_world_sells_in() {
    let monday = monday_of(day("2024-12-04"));
    let planned = week_doc(7, monday).streams;
    for (planned, sold) in planned.iter().zip(World::new(7, Scale::FULL).week(monday)) {
        assert_eq!(planned.live_room_no.as_deref(), Some(sold.live_room_no.to_string().as_str()));
        assert_eq!(planned.starts_at, DateTime::<chrono::FixedOffset>::from(sold.starts_at));
    }
}
