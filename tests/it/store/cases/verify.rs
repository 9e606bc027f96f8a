//! What verify asks.

use super::ledger::row;
use super::orders::{event, line, order, refund, settlement};
use crate::store::contract::{Place, day};
use red_anchor::domain::counts::Lens;
use red_anchor::domain::figures::Counts;
use red_anchor::domain::payouts::Kind;
use red_anchor::store::figures::{self, Basis, CountKey, CountyKey, FigureKey, Grain};
use red_anchor::store::goods::{self, Operator};
use red_anchor::store::orders::{self, AttributionRow, LineRow, OrderRow, RefundRow, SettlementRow};
use red_anchor::store::payouts::{self, Line, NewPayout};
use red_anchor::store::verify::{self, DaySum, LINKS, ShopCounts, Sum};
use red_anchor::store::{Work, facts, ledger, people};
use std::collections::BTreeMap;

/// Every link but those of draws and wrong statuses, which the store itself cannot break, broken once.
pub async fn rows_that_point_to_nothing_are_listed(place: &Place) {
    let mut work = place.work().await;
    let elsewhere = LineRow { shop_id: 2, ..line(2, 2) };
    orders::upsert_orders(&mut work, &[order(1), order(2)]).await.unwrap();
    orders::upsert_lines(&mut work, &[line(5, 50), elsewhere]).await.unwrap();
    let waiting = RefundRow { order_no: order(1).order_no, ..refund(7, 0) };
    let unrefunded = RefundRow { refunded_on: None, ..refund(8, 1) };
    orders::upsert_refunds(&mut work, &[refund(6, 60), waiting, unrefunded]).await.unwrap();
    let waiting = SettlementRow { order_no: order(1).order_no, ..settlement(10, 0) };
    orders::upsert_settlements(&mut work, &[settlement(9, 90), waiting]).await.unwrap();
    orders::insert_events(&mut work, &[event(11, 110, "inferred", 0)]).await.unwrap();
    let choice = AttributionRow {
        line_id: 12,
        version_id: 1,
        batch_id: 1,
        stream_id: 4,
        rule: "person".into(),
        bulk: false,
        actor: String::new(),
        reason: String::new(),
    };
    orders::insert_attributions(&mut work, &[choice]).await.unwrap();
    ledger::append(&mut work, &[row(13, 4, 1), row(13, 4, 2)]).await.unwrap();
    ledger::upsert_slices(&mut work, &[super::ledger::slice(14, 4)]).await.unwrap();
    facts::queue(&mut work, &[15]).await.unwrap();
    let unpaid = unpaid_receipt(&mut work).await;
    let mut found: BTreeMap<&str, Vec<Vec<i64>>> = BTreeMap::new();
    for link in &LINKS {
        found.entry(link.table).or_default().push(verify::list_broken(&mut work, link).await.unwrap());
    }
    let expected = BTreeMap::from([
        ("order_line", vec![vec![5], vec![2]]),
        ("sales_order", vec![vec![1]]),
        ("refund", vec![vec![6], vec![7], vec![8]]),
        ("settlement", vec![vec![9], vec![10]]),
        ("order_event", vec![vec![11]]),
        ("attribution", vec![vec![12], vec![12]]),
        ("draw", vec![vec![]; 5]),
        ("lot_ticket", vec![vec![]; 2]),
        ("lot_shortage", vec![vec![]]),
        ("ledger_entry", vec![vec![13, 13]]),
        ("line_slice", vec![vec![14]]),
        ("posting_queue", vec![vec![15]]),
        ("payout_receipt", vec![vec![unpaid]]),
    ]);
    assert_eq!(found, expected);
}

/// A household's word that money arrived which nobody paid.
async fn unpaid_receipt(work: &mut Work) -> i64 {
    let operator = Operator {
        operator_id: 5,
        operator_key: "coop".into(),
        name: "甲社".into(),
        phone: String::new(),
        pays_on_day: 0,
    };
    goods::upsert_operators(work, &[operator]).await.unwrap();
    people::upsert_farmers(work, &[super::people::farmer(4)]).await.unwrap();
    let new = NewPayout {
        operator_id: 5,
        kind: Kind::Income,
        up_to_on: day("2026-01-31"),
        reason: String::new(),
        of_payout_id: 0,
    };
    let lines = [Line { farmer_id: 4, amount_fen: 100, carried_fen: 0 }];
    let payout_id = payouts::insert(work, &new, &lines).await.unwrap();
    payouts::insert_receipt(work, payout_id, 4).await.unwrap();
    let own = payouts::list_page(work, (new.operator_id, ""), 1, 9).await.unwrap();
    assert_eq!(own.iter().map(|p| p.payout_id).collect::<Vec<_>>(), [payout_id]);
    assert_eq!(payouts::count(work, (0, "returned")).await.unwrap(), 0);
    payout_id
}

pub async fn plain_sums_and_counts(place: &Place) {
    let mut work = place.work().await;
    let unpaid = OrderRow { paid_at: None, paid_on: None, ..order(2) };
    orders::upsert_orders(&mut work, &[order(1), unpaid]).await.unwrap();
    let priced = |id: i64, order_id: i64| LineRow { list_fen: 1_000, ..line(id, order_id) };
    let replaced = LineRow { replaced: true, ..priced(3, 1) };
    orders::upsert_lines(&mut work, &[priced(1, 1), priced(2, 1), replaced, priced(4, 2)]).await.unwrap();
    let early = RefundRow { refunded_on: Some(day("2026-01-01")), refund_fen: 30, ..refund(1, 1) };
    let resent = RefundRow { resent_pieces: 1, ..refund(3, 1) };
    orders::upsert_refunds(&mut work, &[early, refund(2, 1), resent, refund(4, 2)]).await.unwrap();
    ledger::append(&mut work, &[row(1, 4, 1), row(1, 4, 2)]).await.unwrap();
    let sum = |on: &str, fen: i64| DaySum { shop_id: 1, on_day: day(on), fen };
    let money = verify::sums_by_day(&mut work, Sum::OrderMoney).await.unwrap();
    assert_eq!(money, [sum("2026-02-01", 2 * (1_000 - 4 - 5 - 6) - 1 - 2 - 3)]);
    let refunds = verify::sums_by_day(&mut work, Sum::Refunds).await.unwrap();
    assert_eq!(refunds, [sum("2026-02-01", 30), sum("2026-02-28", -250)]);
    assert_eq!(verify::sums_by_day(&mut work, Sum::LedgerGmv).await.unwrap(), [sum("2026-01-31", 300)]);
    assert_eq!(verify::sums_by_day(&mut work, Sum::LedgerRefunds).await.unwrap(), [sum("2026-01-31", 304)]);
    let counts = verify::count_facts(&mut work).await.unwrap();
    assert_eq!(counts, [ShopCounts { shop_id: 1, orders_paid: 1, orders_unpaid: 1, lines: 2 }]);
}

pub async fn rollups_are_handed_over_whole(place: &Place) {
    use red_anchor::domain::counts::{Group, Key};
    let mut work = place.work().await;
    let key = FigureKey {
        basis: Basis::Pay,
        lens: Lens::Room,
        grain: Grain::Month,
        start_on: day("2026-02-01"),
        key: 0,
        farmer_id: 4,
        household_category: "lifted",
        village_code: place.code,
        class: "other",
    };
    let sums = [(key, (super::ledger::amounts(7), 3))].into_iter().collect();
    figures::add(&mut work, &sums).await.unwrap();
    let mut rows = Vec::new();
    verify::each_figure(&mut work, |row| rows.push(row)).await.unwrap();
    let [found] = &rows[..] else { panic!("one row: {rows:?}") };
    assert_eq!((found.basis, found.lens, found.grain, found.start_on), (key.basis, key.lens, key.grain, key.start_on));
    assert_eq!((found.key.as_str(), found.farmer_id, found.household_category.as_str()), ("", 4, "lifted"));
    assert_eq!((found.village_code.clone(), found.class.as_str()), (place.code.to_string(), "other"));
    assert_eq!((found.entries, found.amounts), (3, super::ledger::amounts(7)));

    let FigureKey { basis, lens, grain, start_on, key, class, .. } = key;
    let of_county = CountyKey { basis, lens, grain, start_on, key, class };
    let sums = [(of_county, (super::ledger::amounts(8), 4))].into_iter().collect();
    figures::add_county(&mut work, &sums).await.unwrap();
    let mut rows = Vec::new();
    verify::each_county_figure(&mut work, |row| rows.push((row.key, row.class, row.entries, row.amounts)))
        .await
        .unwrap();
    assert_eq!(rows, [(String::new(), "other".to_owned(), 4, super::ledger::amounts(8))]);

    let counts = Counts {
        orders_paid: 1,
        orders_unpaid: 2,
        orders_refunded: 3,
        lines: 4,
        lines_without_baseline: 5,
        lines_without_listing: 6,
    };
    let group = Group { lens: Lens::Shop, key: Key::Id(9), region: Some(place.code) };
    let key = CountKey { group, grain: Grain::Year, start_on: day("2026-01-01") };
    figures::add_counts(&mut work, &[(key, counts)].into_iter().collect()).await.unwrap();
    let mut rows = Vec::new();
    verify::each_count(&mut work, |row| rows.push((row.key, row.region_code, row.counts))).await.unwrap();
    assert_eq!(rows, [("9".to_owned(), place.code.to_string(), counts)]);
    assert_eq!(verify::count_published(&mut work).await.unwrap(), [("9".to_owned(), 1, 2, 4)]);
}
