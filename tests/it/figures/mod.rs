//! Figures against brute force: any range of days, region, grouping and basis gives what adding up the ledger's rows one
//! by one gives, households counted anew for every group.

use crate::world::{self, County, SHOPS, VILLAGES, day};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use red_anchor::domain::amounts::{Amounts, Col};
use red_anchor::domain::calendar::{Day, month_key};
use red_anchor::domain::figures::{Counts, FigureRow};
use red_anchor::domain::regions::RegionCode;
use red_anchor::services::figures::{self, By, Request};
use red_anchor::store::facts::Selection;
use red_anchor::store::figures::{Basis, Range};
use red_anchor::store::ledger::{self, LedgerRow};
use std::collections::BTreeMap;

const GROUPINGS: [&str; 14] = [
    "total", "month", "day", "town", "village", "product", "listing", "room", "anchor", "stream", "farmer", "shop",
    "platform", "class",
];

/// The days the county's rows lie on, with some to either side.
const DAYS: i64 = 120;

fn regions() -> Vec<RegionCode> {
    let villages = VILLAGES.iter().map(|code| (*code).to_owned());
    let all = ["36", "3608", "360827", "360827100", "360827101", "360827102"].map(str::to_owned);
    all.into_iter().chain(villages).map(|code| RegionCode::parse(&code).expect("a region")).collect()
}

/// The first day there may be anything.
fn start() -> Day {
    day("2025-12-20")
}

fn requests() -> impl Strategy<Value = Request> {
    let end = prop::option::weighted(0.9, 0..DAYS);
    (end.clone(), end, prop::sample::select(regions()), prop::sample::select(&GROUPINGS[..]), any::<(bool, bool)>())
        .prop_map(|(from, to, region, by, (by_pay_day, headline_only))| {
            let on = |offset: Option<i64>| offset.map(|days| start() + TimeDelta::days(days));
            Request {
                region,
                range: Range { from: on(from), to: on(to) },
                by: By::parse(by).expect("a grouping"),
                basis: if by_pay_day { Basis::Pay } else { Basis::Event },
                headline_only,
                only: None,
                households: true,
            }
        })
}

/// The key of a row's group, none for what belongs to none.
fn key(row: &LedgerRow, request: &Request) -> Option<String> {
    let d = &row.posted.dimensions;
    let id = |id: i64| (id != 0).then(|| id.to_string());
    match request.by.key() {
        "total" => Some("total".into()),
        "month" => Some(month_key(day_of(row, request))),
        "day" => Some(day_of(row, request).to_string()),
        "town" => d.village_code.town().map(|town| town.to_string()),
        "village" => (d.farmer_id != 0).then(|| d.village_code.to_string()),
        "product" => id(d.product_id),
        "listing" => id(d.listing_id),
        "room" => id(d.room_id),
        "anchor" => id(d.anchor_id),
        "stream" => id(d.stream_id),
        "farmer" => id(d.farmer_id),
        "shop" => Some(format!("shop-{}", row.shop_id)),
        "platform" => SHOPS.iter().find(|(shop, _)| *shop == row.shop_id).map(|(_, platform)| (*platform).into()),
        "class" => Some(d.class.key().into()),
        other => panic!("no grouping {other}"),
    }
}

fn day_of(row: &LedgerRow, request: &Request) -> Day {
    if request.basis == Basis::Pay { row.paid_on } else { row.booked_on }
}

/// A group's key, what belongs to none last.
type GroupKey = (bool, Option<String>);

/// Sums of every group, its households counted by their settled net.
fn brute_force(rows: &[LedgerRow], request: &Request) -> BTreeMap<GroupKey, FigureRow> {
    let mut groups: BTreeMap<GroupKey, (Amounts, BTreeMap<i64, i64>)> = BTreeMap::new();
    for row in rows {
        let (on, d) = (day_of(row, request), &row.posted.dimensions);
        let inside = request.range.from.is_none_or(|from| from <= on)
            && request.range.to.is_none_or(|to| on <= to)
            && d.village_code.within(request.region)
            && (!request.headline_only || d.class.in_headline());
        if inside {
            let key = key(row, request);
            let (sum, households) = groups.entry((key.is_none(), key)).or_default();
            *sum += row.posted.amounts;
            if d.farmer_id != 0 {
                *households.entry(d.farmer_id).or_default() += row.posted.amounts[Col::SettledNet];
            }
        }
    }
    groups
        .into_iter()
        .map(|(key, (sum, households))| {
            let settled = i64::try_from(households.values().filter(|&&net| net > 0).count()).expect("few households");
            (key, FigureRow::from_sums(&sum, Counts::ZERO, settled))
        })
        .filter(|(_, figures)| !figures.is_empty())
        .collect()
}

/// A row without what the ledger cannot say.
fn without_counts(figures: FigureRow) -> FigureRow {
    FigureRow {
        orders_paid: 0,
        orders_unpaid: 0,
        orders_refunded: 0,
        lines: 0,
        lines_without_baseline: 0,
        lines_without_listing: 0,
        ..figures
    }
}

#[test]
fn figures_of_any_range_region_grouping_and_basis_are_the_sums_of_the_ledger() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let county = runtime.block_on(County::made());
    let rows = runtime.block_on(async {
        let mut session = county.read().await;
        ledger::list_rows(&mut session, Selection::All, 1, i64::MAX).await.expect("rows")
    });
    assert!(rows.len() > 150 && rows.iter().any(|r| r.adjusts_on.is_some()));
    assert!(rows.iter().all(|r| r.posted.dimensions.village_code.within(world::code())));
    let ask = |request: Request| {
        runtime.block_on(async {
            let mut session = county.read().await;
            let rows = figures::rows(&mut session, &request).await.expect("figures");
            let total = figures::total(&mut session, &request).await.expect("a total");
            (rows, total)
        })
    };
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    runner
        .run(&requests(), |request| {
            let (got, total) = ask(request);
            prop_assert!(got.is_sorted_by_key(|row| (row.key.is_none(), row.key.clone())));
            let got: BTreeMap<GroupKey, FigureRow> = got
                .into_iter()
                .map(|row| ((row.key.is_none(), row.key), without_counts(row.figures)))
                .filter(|(_, figures)| !figures.is_empty())
                .collect();
            prop_assert_eq!(got, brute_force(&rows, &request));
            let whole = Request { by: By::parse("total").expect("a grouping"), ..request };
            let expected = brute_force(&rows, &whole).into_values().next();
            prop_assert_eq!(
                without_counts(total).iter().collect::<Vec<_>>(),
                match expected {
                    Some(figures) => figures.iter().collect::<Vec<_>>(),
                    None => FigureRow::from_sums(&Amounts::ZERO, Counts::ZERO, 0).iter().collect(),
                }
            );
            Ok(())
        })
        .expect("brute force agrees");
}
