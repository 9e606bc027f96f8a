//! Rollups and questions about them.

use super::ledger::{amounts, slice};
use crate::store::contract::{Place, day};
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::calendar::Day;
use red_anchor::domain::counts::{Group, Key, Lens};
use red_anchor::domain::figures::Counts;
use red_anchor::domain::regions::RegionCode;
use red_anchor::services::post::contributions_of;
use red_anchor::store::figures::{
    self, Basis, Behind, CountKey, CountyKey, CountySums, FigureKey, FigureSums, Grain, Grouping, Question, Range, Sums,
};
use red_anchor::store::ledger::{self, SliceRow};
use red_anchor::store::{Session, Work};
use rustc_hash::FxHashMap;

const FIRST_TOWN: &str = "360827100";
const SECOND_TOWN: &str = "360827101";

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

fn key(lens: Lens, grain: Grain, on: Day, farmer_id: i64, village: &str) -> FigureKey {
    FigureKey {
        basis: Basis::Event,
        lens,
        grain,
        start_on: grain.start(on),
        key: 11,
        farmer_id,
        household_category: "general",
        village_code: code(village),
        class: "red",
    }
}

/// Adds one household's amounts on each day, in every grain that two lenses keep, as posting does.
async fn add(work: &mut Work, days: &[(&str, i64, &str, i64)]) {
    let (mut households, mut county) = (FigureSums::default(), CountySums::default());
    for &(on, farmer_id, village, start) in days {
        for lens in [Lens::Shop, Lens::Listing] {
            for &grain in Grain::of_figures(lens) {
                let (sum, entries) = households.entry(key(lens, grain, day(on), farmer_id, village)).or_default();
                *sum += amounts(start);
                *entries += 1;
            }
            for grain in Grain::ALL {
                let FigureKey { basis, start_on, key, class, .. } = key(lens, grain, day(on), farmer_id, village);
                let (sum, entries) = county.entry(CountyKey { basis, lens, grain, start_on, key, class }).or_default();
                *sum += amounts(start);
                *entries += 1;
            }
        }
    }
    figures::add(work, &households).await.unwrap();
    figures::add_county(work, &county).await.unwrap();
}

fn question(grouping: Grouping, from: &str, to: &str, region: &str) -> Question {
    Question {
        basis: Basis::Event,
        range: Range { from: Some(day(from)), to: Some(day(to)) },
        region: code(region),
        grouping,
        headline_only: false,
        by_month: false,
        only: None,
        households: true,
        counts: true,
    }
}

async fn ask(session: &mut Session, question: Question) -> Vec<(String, i64, i64)> {
    let gmv = |s: &Sums| (s.key.clone(), s.amounts[Col::Gmv], s.households);
    figures::sums(session, &question).await.unwrap().iter().map(gmv).collect()
}

/// What a listing sold on a day, in grams, as the county's rollup keeps it.
pub fn listing_day(start_on: Day, listing_id: i64, goods_g: i64) -> CountySums {
    let mut sums = CountySums::default();
    let key = CountyKey {
        basis: Basis::Event,
        lens: Lens::Listing,
        grain: Grain::Day,
        start_on,
        key: listing_id,
        class: "red",
    };
    let mut amounts = Amounts::ZERO;
    amounts[Col::Goods] = goods_g;
    sums.insert(key, (amounts, 1));
    sums
}

/// Two households, one of which sold in two years.
pub async fn two_years(work: &mut Work) {
    let sold = [
        ("2025-11-30", 4, "360827100215", 1),
        ("2025-12-31", 4, "360827100215", 10),
        ("2026-01-01", 4, "360827100215", 100),
        ("2026-02-01", 5, "360827101200", 1_000),
    ];
    add(work, &sold).await;
}

pub async fn sums_are_added_up(place: &Place) {
    let mut work = place.work().await;
    add(&mut work, &[("2026-01-31", 4, "360827100215", 100)]).await;
    add(&mut work, &[("2026-01-31", 4, "360827100215", 1_000)]).await;
    let all = question(Grouping::Total, "2026-01-31", "2026-01-31", "360827");
    let got = figures::sums(&mut work, &all).await.unwrap();
    let total = Sums { households: 1, amounts: amounts(100) + amounts(1_000), ..Sums::empty(String::new()) };
    assert_eq!(got, [total]);
    assert_eq!(ask(&mut work, Question { headline_only: true, ..all }).await, [(String::new(), 1_100, 1)]);
    assert_eq!(ask(&mut work, Question { basis: Basis::Pay, ..all }).await, []);
    let of_farmer = Question { grouping: Grouping::Farmer, only: Some(4), ..all };
    assert_eq!(ask(&mut work, of_farmer).await, [("4".into(), 1_100, 1)]);
    let of_listing = Question { grouping: Grouping::Listing, only: Some(12), ..all };
    assert_eq!(ask(&mut work, of_listing).await, []);
    let uncounted = all.without_households();
    assert_eq!(ask(&mut work, uncounted).await, [(String::new(), 1_100, 0)]);
    let households = figures::households_of_shops(&mut work, &all).await.unwrap();
    assert_eq!(households, [("11".into(), 4, (amounts(100) + amounts(1_000))[Col::SettledNet])]);
}

/// Groups, regions, months that are cut by the range, what has no household.
pub async fn regions_and_ranges_are_cut(place: &Place) {
    let mut work = place.work().await;
    let sold = [
        ("2025-12-31", 4, "360827100215", 1),
        ("2026-01-01", 4, "360827100215", 10),
        ("2026-01-31", 5, "360827101200", 100),
        ("2026-02-01", 0, "360827", 1_000),
    ];
    add(&mut work, &sold).await;
    let all = |grouping| question(grouping, "2025-12-31", "2026-12-31", "360827");
    let text = |rows: &[(&str, i64, i64)]| -> Vec<(String, i64, i64)> {
        rows.iter().map(|(k, gmv, n)| ((*k).to_owned(), *gmv, *n)).collect()
    };
    assert_eq!(ask(&mut work, all(Grouping::Total)).await, text(&[("", 1_111, 2)]));
    let months = text(&[("2025-12", 1, 1), ("2026-01", 110, 2), ("2026-02", 1_000, 0)]);
    assert_eq!(ask(&mut work, all(Grouping::Month)).await, months);
    let cut = question(Grouping::Month, "2026-01-02", "2026-01-31", "360827");
    assert_eq!(ask(&mut work, cut).await, text(&[("2026-01", 100, 1)]));
    let behind: Vec<(String, i64, i64)> = figures::behind(&mut work, &all(Grouping::Month))
        .await
        .unwrap()
        .into_iter()
        .map(|b| (b.key, b.sold, b.settled))
        .collect();
    let mut behind_months = behind;
    behind_months.sort();
    assert_eq!(behind_months, text(&[("2025-12", 1, 1), ("2026-01", 2, 2)]), "what is nobody's has nobody behind it");
    let whole = figures::behind(&mut work, &all(Grouping::Total)).await.unwrap();
    let key = String::new();
    let expected = Behind { key, households: 2, sold: 2, settled: 2, valued: 2, unvalued: 2, waiting: 2 };
    assert_eq!(whole, [expected]);
    let towns = text(&[("", 1_000, 0), (FIRST_TOWN, 11, 1), (SECOND_TOWN, 100, 1)]);
    assert_eq!(ask(&mut work, all(Grouping::Town)).await, towns);
    let days = question(Grouping::Day, "2025-12-31", "2026-12-31", FIRST_TOWN);
    assert_eq!(ask(&mut work, days).await, text(&[("2025-12-31", 1, 1), ("2026-01-01", 10, 1)]));
    let empty = question(Grouping::Total, "2026-02-01", "2026-01-31", "360827");
    assert_eq!(ask(&mut work, empty).await, []);
}

/// Six households sold and were settled; one has a price for its goods, and one waits for a part of its money.
pub async fn households_stand_behind_each_kind_of_amount(place: &Place) {
    let mut work = place.work().await;
    let mut sums = FigureSums::default();
    for farmer_id in 1..=6 {
        let mut amounts = Amounts::ZERO;
        for column in [Col::Gmv, Col::SettledNet] {
            amounts[column] = 1_000;
        }
        amounts[Col::Farmer] = 700 + i64::from(farmer_id == 5);
        amounts[Col::SettledFarmer] = 700;
        amounts[Col::SettledWithoutBaseline] = if farmer_id == 1 { 0 } else { 700 };
        amounts[Col::SettledBaselineMid] = if farmer_id == 1 { 300 } else { 0 };
        for grain in Grain::ALL {
            let key = key(Lens::Shop, grain, day("2026-01-31"), farmer_id, "360827100215");
            sums.insert(key, (amounts, 1));
        }
    }
    figures::add(&mut work, &sums).await.unwrap();
    let all = question(Grouping::Total, "2026-01-01", "2026-01-31", "360827");
    let key = String::new();
    let expected = Behind { key, households: 6, sold: 6, settled: 6, valued: 1, unvalued: 5, waiting: 1 };
    assert_eq!(figures::behind(&mut work, &all).await.unwrap(), std::slice::from_ref(&expected));
    // month by month the key begins with the month
    let months = figures::sums(&mut work, &Question { grouping: Grouping::Town, ..all }.by_month()).await.unwrap();
    assert_eq!(months.iter().map(|s| (s.key.as_str(), s.households)).collect::<Vec<_>>(), [("2026-01360827100", 6)]);
    let behind = figures::behind(&mut work, &all.by_month()).await.unwrap();
    assert_eq!(behind, [Behind { key: "2026-01".into(), ..expected }]);
}

/// A household in two categories, one that comes to nothing, and one that sold before.
pub async fn households_are_counted_by_their_latest_category(place: &Place) {
    let mut work = place.work().await;
    let settled = [
        ("2026-01-31", 1, "lifted", 500),
        ("2026-02-01", 1, "general", 700),
        ("2026-01-31", 2, "general", 900),
        ("2026-02-01", 2, "lifted", -900),
        ("2026-02-01", 3, "lifted", 100),
        ("2025-12-31", 4, "lifted", 100),
    ];
    let mut sums = FigureSums::default();
    for (on, farmer_id, household_category, fen) in settled {
        let mut amounts = Amounts::ZERO;
        amounts[Col::SettledNet] = fen;
        let key = key(Lens::Shop, Grain::Month, day(on), farmer_id, "360827100215");
        sums.insert(FigureKey { household_category, ..key }, (amounts, 1));
    }
    figures::add(&mut work, &sums).await.unwrap();
    let months = ["2026-01-01", "2026-02-01"].map(day);
    let got = figures::count_by_category(&mut work, code("360827"), &months).await.unwrap();
    assert_eq!(got, [("general".to_owned(), 1), ("lifted".to_owned(), 1)]);
}

/// A range that cuts months counts what one that reads every contribution counts, in the county and within a region, where
/// single days are counted from the slices.
pub async fn counts_of_any_days_are_those_of_the_slices(place: &Place) {
    let mut work = place.work().await;
    let on = |text: &str| Some(day(text));
    let of = |order_id: i64, line_id: i64, farmer_id: i64, village: &str, paid: Option<Day>, refunded: Option<Day>| {
        let own = SliceRow {
            order_id,
            village_code: village.into(),
            without_baseline: farmer_id == 4,
            ..slice(line_id, farmer_id)
        };
        SliceRow { created_on: day("2026-01-20"), paid_counted_on: paid, refund_counted_on: refunded, ..own }
    };
    let (first, second) = ("360827100215", "360827101201");
    let slices = [
        of(1, 1, 4, first, on("2026-01-21"), on("2026-02-02")),
        of(1, 1, 5, second, on("2026-01-21"), on("2026-02-02")),
        of(1, 2, 5, second, on("2026-01-21"), on("2026-02-02")),
        SliceRow { listing_id: 0, without_listing: true, ..of(2, 3, 4, first, on("2026-02-05"), None) },
        SliceRow { stream_id: 0, ..of(3, 4, 4, first, None, None) },
        of(4, 5, 5, second, on("2026-03-31"), on("2026-03-31")),
    ];
    ledger::upsert_slices(&mut work, &slices).await.unwrap();
    let (mut all, mut kept) = (Vec::new(), FxHashMap::<CountKey, Counts>::default());
    for of_order in slices.chunk_by(|a, b| a.order_id == b.order_id) {
        for c in contributions_of(1, of_order, place.code).unwrap() {
            for &grain in figures::of_counts(c.group.lens, c.group.region) {
                *kept.entry(CountKey { group: c.group, grain, start_on: grain.start(c.on) }).or_default() += c.counts;
            }
            all.push(c);
        }
    }
    figures::add_counts(&mut work, &kept).await.unwrap();
    let lenses = [
        (Grouping::Listing, Lens::Listing),
        (Grouping::Room, Lens::Room),
        (Grouping::Anchor, Lens::Anchor),
        (Grouping::Stream, Lens::Stream),
        (Grouping::Product, Lens::Product),
        (Grouping::Farmer, Lens::Farmer),
        (Grouping::Shop, Lens::Shop),
    ];
    for region in ["360827", FIRST_TOWN, SECOND_TOWN, first] {
        for (from, to) in [("2026-01-20", "2026-02-02"), ("2026-01-21", "2026-03-30"), ("2026-02-02", "2026-03-31")] {
            for (grouping, lens) in lenses {
                let mut expected = std::collections::BTreeMap::<String, Counts>::new();
                for c in &all {
                    let inside = c.group.lens == lens && c.group.region == Some(code(region));
                    if inside && (day(from)..=day(to)).contains(&c.on) {
                        *expected.entry(c.group.key.to_string()).or_default() += c.counts;
                    }
                }
                let mut found = figures::counts(&mut work, &question(grouping, from, to, region)).await.unwrap();
                found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
                assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{region} {from} {to} {grouping:?}");
            }
        }
    }
}

pub async fn counts_that_come_to_nothing_go(place: &Place) {
    let mut work = place.work().await;
    let county = place.code;
    let key = |grain: Grain, region: Option<RegionCode>| CountKey {
        group: Group { lens: Lens::Shop, key: Key::Id(1), region },
        grain,
        start_on: grain.start(day("2026-01-31")),
    };
    let counts = |n: i64, region: Option<RegionCode>| -> FxHashMap<CountKey, Counts> {
        let counts = Counts { orders_paid: n, lines: 2 * n, ..Counts::ZERO };
        Grain::ALL.into_iter().map(|grain| (key(grain, region), counts)).collect()
    };
    figures::add_counts(&mut work, &counts(3, Some(county))).await.unwrap();
    figures::add_counts(&mut work, &counts(5, None)).await.unwrap();
    figures::add_counts(&mut work, &counts(-1, Some(county))).await.unwrap();
    let question = Question { region: county, ..question(Grouping::Shop, "2026-01-01", "2026-01-31", "360827") };
    let got = figures::sums(&mut work, &question).await.unwrap();
    let expected = Sums { counts: Counts { orders_paid: 2, lines: 4, ..Counts::ZERO }, ..Sums::empty("1".into()) };
    assert_eq!(got, [expected]);
    figures::add_counts(&mut work, &counts(-2, Some(county))).await.unwrap();
    let mut left = Vec::new();
    red_anchor::store::verify::each_count(&mut work, |row| left.push((row.grain, row.region_code))).await.unwrap();
    left.sort_unstable();
    assert_eq!(left, Grain::ALL.map(|grain| (grain, String::new())));
}
