//! What pages, lists and county documents read beside the nouns' own functions.

use super::goods::{insert_goods, listing, product, shop};
use super::ledger::{amounts, row, slice};
use super::orders::{line, order, refund};
use super::people::{farmer, insert_anchors, stream};
use crate::audit::any_change;
use crate::store::contract::{Place, day, instant};
use red_anchor::domain::access::Scope;
use red_anchor::domain::amounts::Amounts;
use red_anchor::domain::counts::{self, Group, Key};
use red_anchor::domain::figures::Counts;
use red_anchor::domain::regions::RegionCode;
use red_anchor::store::broadcasts::{self, Goods, Named, Sold};
use red_anchor::store::evidence::{self, Kept, Kind, Packing, Source};
use red_anchor::store::figures::{self, Basis, CountKey, CountyKey, FigureKey, Grain};
use red_anchor::store::goods::{self, Operator, Shop, Sku};
use red_anchor::store::households::{self, By, Payer, Sales};
use red_anchor::store::keys::list_by_keys;
use red_anchor::store::ledger::{self, SliceRow};
use red_anchor::store::lines::{self, Answer, Chosen, Decision, Lens, LineDetail, ListedLine, Undecided, Unlisted};
use red_anchor::store::lots;
use red_anchor::store::orders::{self, AttributionRow, LineRow, TimedLine};
use red_anchor::store::{Work, facts, listed, people, streams};

/// A paid order of one line, shared by two households of one village on a stream, refunded in part.
async fn sold(work: &mut Work) {
    insert_goods(work).await;
    insert_anchors(work).await;
    streams::upsert(work, &[stream(3, Some(7))]).await.unwrap();
    people::upsert_farmers(work, &[farmer(4), farmer(5)]).await.unwrap();
    orders::upsert_orders(work, &[order(1)]).await.unwrap();
    orders::upsert_lines(work, &[line(1, 1)]).await.unwrap();
    orders::upsert_refunds(work, &[refund(2, 1)]).await.unwrap();
    let counted = |farmer_id: i64| SliceRow { paid_counted_on: Some(day("2026-02-01")), ..slice(1, farmer_id) };
    ledger::upsert_slices(work, &[counted(4), SliceRow { without_baseline: false, ..counted(5) }]).await.unwrap();
    ledger::append(work, &[row(1, 4, 1), row(1, 5, 1)]).await.unwrap();
}

/// Rolls up what stream 3 sold in February through one shop: a line, and these sums.
pub async fn roll_up_stream(work: &mut Work, county: RegionCode, sums: Amounts) {
    let start_on = day("2026-02-01");
    let lenses = [(counts::Lens::Shop, 1), (counts::Lens::Stream, 3)];
    let key = |lens, key| CountyKey {
        basis: Basis::Event,
        lens,
        grain: Grain::Year,
        start_on: Grain::Year.start(start_on),
        key,
        class: "red",
    };
    let of_county = lenses.iter().map(|&(lens, id)| (key(lens, id), (sums, 2))).collect();
    figures::add_county(work, &of_county).await.unwrap();
    let of_lens = |&(lens, id): &(counts::Lens, i64)| {
        let group = Group { lens, key: Key::Id(id), region: Some(county) };
        (CountKey { group, grain: Grain::Month, start_on }, Counts { lines: 1, ..Counts::ZERO })
    };
    figures::add_counts(work, &lenses.iter().map(of_lens).collect()).await.unwrap();
}

fn chosen(lens: Lens, id: i64) -> Chosen {
    Chosen { lens, id, from: day("2026-02-01"), to: day("2026-02-28") }
}

fn twice(amounts: Amounts) -> Amounts {
    amounts + amounts
}

pub async fn lines_are_chosen_and_opened_within_a_scope(place: &Place) {
    let mut work = place.work().await;
    sold(&mut work).await;
    let listed = |position: Amounts| ListedLine {
        line_id: 1,
        line_no: "行1".into(),
        paid_on: Some(day("2026-02-01")),
        listing: "金桔 5斤".into(),
        pieces: 2,
        state: "settled".into(),
        position,
    };
    for (lens, id) in [(Lens::Product, 1), (Lens::Room, 1), (Lens::Anchor, 2), (Lens::Stream, 3)] {
        let page = lines::list_chosen(&mut work, &chosen(lens, id), 1).await.unwrap();
        assert_eq!(page, [listed(twice(amounts(100)))]);
        assert_eq!(lines::list_chosen(&mut work, &chosen(lens, id), 2).await.unwrap(), []);
    }
    let group = Group { lens: counts::Lens::Room, key: Key::Id(1), region: Some(place.code) };
    let on = CountKey { group, grain: Grain::Day, start_on: day("2026-02-01") };
    let counted = [(on, Counts { lines: 1, ..Counts::ZERO })].into_iter().collect();
    figures::add_counts(&mut work, &counted).await.unwrap();
    let chosen_room = Chosen { to: on.start_on, ..chosen(Lens::Room, 1) };
    assert_eq!(lines::count_chosen(&mut work, &chosen_room).await.unwrap(), 1);
    let of_farmer = lines::list_chosen(&mut work, &chosen(Lens::Farmer, 4), 1).await.unwrap();
    assert_eq!(of_farmer, [listed(amounts(100))]);
    work.commit(&any_change()).await.unwrap();

    let detail = LineDetail {
        line_id: 1,
        order_id: 1,
        line_no: "行1".into(),
        pieces: 2,
        paid_on: Some(day("2026-02-01")),
        listing: "金桔 5斤".into(),
        state: "settled".into(),
        class: "red_supervised".into(),
        stream_id: 3,
        product_id: 1,
        listing_id: 11,
        households: 2,
        farmer_id: 5,
        without_baseline: true,
    };
    let county = place.code;
    let own = LineDetail { farmer_id: 4, ..detail.clone() };
    for (scope, seen) in [
        (Scope::County(county), Some(detail.clone())),
        (Scope::Farmer { county, farmer_id: 4 }, Some(own)),
        (Scope::Farmer { county, farmer_id: 9 }, None),
        (Scope::Anchor { county, anchor_id: 2 }, Some(detail)),
        (Scope::Anchor { county, anchor_id: 1 }, None),
    ] {
        let mut session = place.store.read(scope).await.unwrap();
        assert_eq!(lines::find(&mut session, 1).await.unwrap(), seen, "{scope:?}");
    }
}

pub async fn lines_that_wait_are_listed(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let sku = Sku { sku_id: 8, shop_id: 1, product_no: "货".into(), sku_no: "1".into(), title: "新品".into() };
    goods::insert_skus(&mut work, &[sku]).await.unwrap();
    orders::upsert_orders(&mut work, &[order(1)]).await.unwrap();
    let of_sku = LineRow { sku_id: 8, list_fen: 1_015, ..line(1, 1) };
    orders::upsert_lines(&mut work, std::slice::from_ref(&of_sku)).await.unwrap();
    let nobodys =
        SliceRow { without_listing: true, listing_id: 0, paid_counted_on: Some(day("2026-02-01")), ..slice(1, 0) };
    ledger::upsert_slices(&mut work, &[nobodys]).await.unwrap();
    let unlisted = Unlisted {
        shop_key: shop(1).shop_key,
        shop: shop(1).name,
        product_no: "货".into(),
        sku_no: "1".into(),
        title: "新品".into(),
        lines: 1,
        gmv_fen: 1_000,
        last_on: Some(day("2026-02-01")),
    };
    assert_eq!(lines::list_unlisted(&mut work, 0, 2, 0).await.unwrap(), [unlisted]);
    assert_eq!(lines::list_unlisted(&mut work, 0, 2, 1).await.unwrap(), [], "behind the last");
    assert_eq!(lines::list_unlisted(&mut work, 99, 2, 0).await.unwrap(), [], "of another shop");
    let choice = |version_id: i64, rule: &str| AttributionRow {
        line_id: 1,
        version_id,
        batch_id: 1,
        stream_id: 3,
        rule: rule.into(),
        bulk: false,
        actor: "rule".into(),
        reason: "因".into(),
    };
    orders::insert_attributions(&mut work, &[choice(1, "shelf"), choice(2, "ambiguous")]).await.unwrap();
    let undecided = Undecided {
        line_id: 1,
        shop_id: 1,
        created_at: instant(0),
        line_no: "行1".into(),
        paid_at: order(1).paid_at,
        title: "新品".into(),
        rule: "ambiguous".into(),
        stream_id: 3,
    };
    let sought = |rule, shop_id, oldest_first| lines::Sought { rule, shop_id, oldest_first };
    let (shop_id, all) = (undecided.shop_id, [undecided]);
    assert_eq!(lines::list_undecided(&mut work, sought("ambiguous", 0, false), 9, 0).await.unwrap(), all);
    assert_eq!(lines::list_undecided(&mut work, sought("ambiguous", shop_id, true), 9, 0).await.unwrap(), all);
    assert_eq!(lines::list_undecided(&mut work, sought("ambiguous", 0, false), 9, 1).await.unwrap(), []);
    assert_eq!(lines::list_undecided(&mut work, sought("ambiguous", 99, false), 9, 0).await.unwrap(), []);
    assert_eq!(lines::list_undecided(&mut work, sought("shelf", 0, false), 9, 0).await.unwrap(), []);
    let decision = Decision { rule: "ambiguous".into(), actor: "rule".into(), reason: "因".into() };
    assert_eq!(lines::find_decision(&mut work, 1).await.unwrap(), Some(decision));

    let timed = TimedLine { line: of_sku.clone(), created_at: instant(0), paid_at: Some(instant(1)) };
    assert_eq!(orders::list_lines_of_skus(&mut work, &[8, 9]).await.unwrap(), std::slice::from_ref(&timed));
    assert_eq!(orders::list_lines_between(&mut work, 1, instant(1), instant(5)).await.unwrap(), [timed]);
    assert_eq!(orders::list_lines_between(&mut work, 1, instant(2), instant(5)).await.unwrap(), []);
    assert_eq!(orders::find_line(&mut work, 1).await.unwrap(), Some(of_sku));
    assert_eq!(orders::find_line(&mut work, 2).await.unwrap(), None);
    let listed = listed::list(&mut work, Some(1), true).await.unwrap();
    let got: Vec<_> =
        listed.iter().map(|l| (l.line_id, l.gmv_fen, l.state.as_str(), l.listing_id, l.stream_id)).collect();
    assert_eq!(got, [(1, 0, "settled", 0, 3)]);
    assert_eq!(listed::list(&mut work, Some(2), false).await.unwrap(), []);
}

pub async fn answers_are_listed(place: &Place) {
    let mut work = place.work().await;
    sold(&mut work).await;
    let source = Source { shop_id: 1, name: "方法".into(), fetched_at: instant(3), received_sha256: [1; 32] };
    let kept = [Kept { record_id: 2, sha256: [5; 32] }];
    let packing = Packing::of(std::iter::once("{}".into()));
    evidence::insert(&mut work, &source, Kind::Refund, &kept, packing).await.unwrap();
    let answer = Answer { kind: "refund".into(), source: "方法".into(), fetched_at: instant(3), sha256: vec![5; 32] };
    assert_eq!(lines::list_answers(&mut work, 1).await.unwrap(), [answer]);
    let known = orders::known_refunds(&mut work, 1, instant(5), instant(5)).await.unwrap();
    assert_eq!(known.into_iter().collect::<Vec<_>>(), [("退2".to_owned(), instant(5))]);
    assert!(orders::known_refunds(&mut work, 1, instant(6), instant(9)).await.unwrap().is_empty());
}

pub async fn a_household_reads_its_sales(place: &Place) {
    let mut work = place.work().await;
    sold(&mut work).await;
    let operator = Operator {
        operator_id: 6,
        operator_key: "coop".into(),
        name: "演示社".into(),
        phone: "1".into(),
        pays_on_day: 15,
    };
    goods::upsert_operators(&mut work, &[operator]).await.unwrap();
    goods::upsert_shops(&mut work, &[Shop { operator_id: 6, ..shop(1) }]).await.unwrap();
    let (from, to) = (day("2026-02-01"), day("2026-02-28"));
    let sales = |key: &str, listing_id| Sales {
        key: key.into(),
        listing_id,
        lines: 1,
        lines_without_baseline: 1,
        position: amounts(100),
    };
    let by_listing = households::sum_sales(&mut work, 4, By::Listing, from, to).await.unwrap();
    assert_eq!(by_listing, [sales("金桔 5斤", 11)]);
    assert_eq!(households::sum_sales(&mut work, 4, By::Day, from, to).await.unwrap(), [sales("2026-02-01", 0)]);
    let of_month = Chosen { lens: Lens::Farmer, id: 4, from, to };
    let parcels = lines::list_of_listing(&mut work, &of_month, 11, 1).await.unwrap();
    assert_eq!((parcels.len(), parcels[0].position), (1, amounts(100)));
    assert_eq!(lines::list_of_listing(&mut work, &of_month, 12, 1).await.unwrap(), [], "of other goods none");
    assert_eq!(lots::list_own_drawn(&mut work, 4, 1).await.unwrap(), []);
    assert_eq!(households::list_listing_months(&mut work, 4, 11, &[from]).await.unwrap(), []);
    let key = FigureKey {
        basis: Basis::Pay,
        lens: counts::Lens::Listing,
        grain: Grain::Month,
        start_on: from,
        key: 11,
        farmer_id: 4,
        household_category: "general",
        village_code: place.code,
        class: "red",
    };
    figures::add(&mut work, &[(key, (amounts(100), 1))].into_iter().collect()).await.unwrap();
    assert_eq!(households::list_listing_months(&mut work, 4, 11, &[from, day("2026-01-01")]).await.unwrap(), [from]);
    assert_eq!(households::list_months(&mut work, 4).await.unwrap(), ["2026-02"]);
    assert_eq!(households::count_returned(&mut work, 4, from, to).await.unwrap(), [("kept".to_owned(), 1)]);
    let payer = Payer { name: "演示社".into(), phone: "1".into(), pays_on_day: 15, lines: 1 };
    assert_eq!(households::list_payers(&mut work, 4).await.unwrap(), [payer]);
    let own = farmer(4);
    assert_eq!(households::find(&mut work, 4).await.unwrap(), Some((own.name.clone(), own.village_code.clone())));
    assert_eq!(households::sum_slice(&mut work, 5, 1).await.unwrap(), amounts(100));
    let named = households::list_names(&mut work, &[4, 99]).await.unwrap();
    let expected = households::Named { farmer_id: 4, name: own.name, village_code: own.village_code };
    assert_eq!(named, [expected]);
}

pub async fn a_stream_shows_what_it_sold(place: &Place) {
    let mut work = place.work().await;
    sold(&mut work).await;
    let held = stream(3, Some(7));
    let named = Named {
        stream_id: 3,
        started_on: held.started_on,
        starts_at: held.starts_at,
        ends_at: held.ends_at,
        views: Some(7),
        anchor_id: 2,
        anchor: "刘主播".into(),
        room_id: 0,
        room: String::new(),
        shop: shop(1).name,
    };
    let on = held.started_on;
    assert_eq!(broadcasts::list_between(&mut work, on, on).await.unwrap(), std::slice::from_ref(&named));
    assert_eq!(broadcasts::list_named(&mut work, &[3, 4]).await.unwrap(), std::slice::from_ref(&named));
    let goods =
        Goods { product: product(1).name, product_en: product(1).name_en, lines: 1, position: twice(amounts(100)) };
    assert_eq!(broadcasts::sum_goods(&mut work, 3).await.unwrap(), [goods]);
    assert_eq!(broadcasts::list_paid_at(&mut work, 3).await.unwrap(), [instant(1)]);
    roll_up_stream(&mut work, place.code, twice(amounts(100))).await;
    let sold = Sold { stream_id: 3, position: twice(amounts(100)) };
    assert_eq!(broadcasts::sum_sold(&mut work, &[3, 4]).await.unwrap(), [sold]);
    let lines = broadcasts::count_lines(&mut work, &[3, 4]).await.unwrap();
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), [(3, 1)]);
    work.commit(&any_change()).await.unwrap();
    for (anchor_id, seen) in [(2, Some(named)), (1, None)] {
        let scope = Scope::Anchor { county: place.code, anchor_id };
        let mut session = place.store.read(scope).await.unwrap();
        assert_eq!(broadcasts::find(&mut session, 3).await.unwrap(), seen);
    }
}

pub async fn documents_read_what_they_name(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    insert_anchors(&mut work).await;
    let found: Vec<goods::Listing> = list_by_keys(&mut work, &["l12", "none"]).await.unwrap();
    assert_eq!(found, [listing(12, 1)]);
    streams::upsert(&mut work, &[stream(3, None)]).await.unwrap();
    let shelf = [1, 2].map(|place| streams::ShelfPlace { stream_id: 3, place, listing_id: 11 });
    streams::upsert_shelf(&mut work, &shelf).await.unwrap();
    assert_eq!(streams::list_shelves_of(&mut work, &[3]).await.unwrap(), shelf);
    streams::clear_shelves(&mut work, &[3]).await.unwrap();
    assert_eq!(streams::list_shelves_of(&mut work, &[3]).await.unwrap(), []);
    assert_eq!(streams::list_held_by(&mut work, &[2, 1], &[0]).await.unwrap(), [stream(3, None)]);
    assert_eq!(streams::list_held_by(&mut work, &[1], &[]).await.unwrap(), []);
    assert_eq!(streams::find(&mut work, 3).await.unwrap(), Some(stream(3, None)));
    assert_eq!(streams::find(&mut work, 4).await.unwrap(), None);
    assert_eq!(goods::count_set_aside(&mut work).await.unwrap(), 0);
    let (from, to) = (day("2026-01-01"), day("2026-01-31"));
    assert!(!facts::any_orders(&mut work, from, to).await.unwrap());
    facts::queue(&mut work, &[1]).await.unwrap();
    assert!(facts::any_orders(&mut work, from, to).await.unwrap());
}
