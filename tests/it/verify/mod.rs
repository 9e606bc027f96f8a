//! Verify finds nothing in what came in by ingest, and finds every single thing that is changed behind its back.
//!
//! Each change is made alone, to a copy of the same database, with the triggers set aside, as somebody would who opens
//! the file with another program. Rows that feed no figure (an unpaid line, a price nobody used) are not asked for.

pub mod changed;
mod lots;
mod opened;
mod reports;

use crate::audit::any_change;
use crate::world::{self, County};
use changed::Copies;
use red_anchor::domain::access::{Actor, Role};
use red_anchor::domain::amounts::Col;
use red_anchor::services::desk::Desk;
use red_anchor::services::payouts;
use red_anchor::services::verify::verify;
use red_anchor::store::facts::Selection;
use red_anchor::store::goods::{self, Operator};
use red_anchor::store::ledger;

/// A paid order's lines that count.
const PAID_LINES: &str = "not replaced and order_id in (select order_id from sales_order where paid_on is not null)";
/// Refunds that succeeded on a paid order.
const PAID_REFUNDS: &str =
    "refund_fen <> 0 and order_id in (select order_id from sales_order where paid_on is not null)";
/// Statement rows of a paid order.
const PAID_STATEMENTS: &str = "order_id in (select order_id from sales_order where paid_on is not null)";
/// Prices that some row was computed with.
const USED_PRICES: &str = "baseline_id in (select baseline_id from ledger_entry)";

#[tokio::test]
async fn what_came_in_through_ingest_has_no_difference() {
    let county = County::made().await;
    let mut session = county.read().await;
    let report = verify(&mut session).await.expect("a report");
    assert_eq!(report.differences, [], "{report}");
    assert_eq!((report.orders, report.ledger_rows > 150), (26, true), "{report}");
    assert!(report.lines > 40 && report.figures > 1_000 && report.counts > 1_000, "{report}");
    assert_eq!(ledger::list_locks(&mut session).await.expect("locks").len(), 2);
}

#[tokio::test]
async fn a_row_less_is_found_in_every_table_that_feeds_a_figure() {
    let copies = Copies::of(County::made().await).await;
    for (table, which) in [
        ("order_line", PAID_LINES),
        ("refund", PAID_REFUNDS),
        ("settlement", PAID_STATEMENTS),
        ("ledger_entry", "1 = 1"),
        ("figure", "1 = 1"),
        ("figure_order", "1 = 1"),
        ("baseline", USED_PRICES),
        ("month_lock", "1 = 1"),
        ("line_slice", "1 = 1"),
        ("stream", "stream_id in (select stream_id from ledger_entry)"),
    ] {
        copies.each_row(table, which, |row| format!("delete from {table} where rowid = {row}")).await;
    }
    copies.all_found();
}

#[tokio::test]
async fn a_fen_more_or_less_in_a_fact_or_a_price_is_found() {
    let copies = Copies::of(County::made().await).await;
    copies
        .each_fen(
            "order_line",
            PAID_LINES,
            &["list_fen", "shop_coupon_fen", "platform_coupon_fen", "anchor_coupon_fen"],
        )
        .await;
    copies.each_fen("refund", PAID_REFUNDS, &["refund_fen", "subsidy_back_fen"]).await;
    copies
        .each_fen(
            "settlement",
            PAID_STATEMENTS,
            &["goods_fen", "freight_fen", "subsidy_fen", "refund_fen", "platform_fen", "anchor_fen"],
        )
        .await;
    copies.each_fen("baseline", USED_PRICES, &["low_fen_per_kg", "mid_fen_per_kg", "high_fen_per_kg"]).await;
    copies.all_found();
}

#[tokio::test]
async fn a_fen_more_in_any_column_of_the_ledger_is_found() {
    let copies = Copies::of(County::made().await).await;
    copies.each_column("ledger_entry", "1 = 1", &Col::ALL.map(Col::name)).await;
    // two columns that keep the row's balance
    copies
        .each_row("ledger_entry", "1 = 1", |row| {
            format!(
                "update ledger_entry set gmv_fen = gmv_fen + 1, operator_fen = operator_fen + 1 where rowid = {row}"
            )
        })
        .await;
    copies.all_found();
}

#[tokio::test]
async fn a_ledger_row_about_something_else_or_on_another_day_is_found() {
    let copies = Copies::of(County::made().await).await;
    for change in [
        "event_kind = 'resend'",
        "event_id = event_id + 1",
        "event_on = date(event_on, '+1 day')",
        "booked_on = date(booked_on, '+1 day')",
        "paid_on = date(paid_on, '-1 day')",
        "adjusts_on = date(coalesce(adjusts_on, '2026-01-01'), '-1 month')",
        "batch_id = batch_id - 1",
        "posted_at = '2026-01-01T00:00:00+00:00'",
        "shop_id = 3 - shop_id",
        "room_id = room_id + 1",
        "anchor_id = anchor_id + 1",
        "stream_id = stream_id + 1",
        "listing_id = listing_id + 1",
        "product_id = product_id + 1",
        "farmer_id = farmer_id + 7",
        "slice_no = slice_no + 7",
        "entry_no = entry_no + 9",
        "village_code = '360827101002'",
        "household_category = case household_category when 'lifted' then 'general' else 'lifted' end",
        "lot_ticket_id = 5",
        "baseline_id = 77",
        "class = case class when 'bulk' then 'red' else 'bulk' end",
    ] {
        copies
            .each_row("ledger_entry", "1 = 1", |row| format!("update ledger_entry set {change} where rowid = {row}"))
            .await;
    }
    copies.all_found();
}

#[tokio::test]
async fn a_figure_or_a_count_that_is_not_the_sum_is_found() {
    let copies = Copies::of(County::made().await).await;
    copies.each_column("figure", "1 = 1", &Col::ALL.map(Col::name)).await;
    copies.each_column("figure", "1 = 1", &["entries", "farmer_id"]).await;
    copies.each_column("figure_county", "1 = 1", &Col::ALL.map(Col::name)).await;
    copies.each_column("figure_county", "1 = 1", &["entries"]).await;
    let counts =
        ["orders_paid", "orders_unpaid", "orders_refunded", "lines", "lines_without_baseline", "lines_without_listing"];
    copies.each_column("figure_order", "1 = 1", &counts).await;
    copies.all_found();
}

#[tokio::test]
async fn rows_that_point_to_nothing_are_found() {
    let copies = Copies::of(County::made().await).await;
    for change in [
        "insert into draw values ('360827', 999999, 1, 1000, 1)",
        "insert into attribution values ('360827', 999999, 1, 1, 0, 'none', 0, 'rule', '')",
        "insert into order_event values ('360827', 999999, 999999, 0, 'inferred', '2026-02-01', 0)",
        "insert into posting_queue (county_code, order_id) select county_code, order_id from sales_order order by order_id limit 1",
        "insert into line_slice select county_code, 999999, farmer_id, order_id, shop_id, listing_id, product_id, room_id,
            anchor_id, stream_id, village_code, class, state, without_listing, without_baseline, created_on,
            paid_counted_on, refund_counted_on, facts_mark from line_slice limit 1",
        "delete from batch where batch_id = (select min(batch_id) from ledger_entry)",
        "update line_slice set paid_counted_on = date(paid_counted_on, '+1 day') where rowid =
            (select rowid from line_slice where paid_counted_on is not null limit 1)",
    ] {
        copies.after(change).await;
    }
    copies.all_found();
}

/// The county with an operator that paid its households in February and once more in March, one of them less for goods
/// that came back.
async fn paying() -> County {
    let county = County::made().await;
    let mut work = county.work("2026-03-16", 9).await;
    let operator = Operator {
        operator_id: 1,
        operator_key: "coop".into(),
        name: "演示社".into(),
        phone: String::new(),
        pays_on_day: 15,
    };
    goods::upsert_operators(&mut work, &[operator]).await.expect("an operator");
    let shops = goods::list_shops(&mut work).await.expect("shops");
    let of_it: Vec<_> = shops.into_iter().map(|shop| goods::Shop { operator_id: 1, ..shop }).collect();
    goods::upsert_shops(&mut work, &of_it).await.expect("its shops");
    work.commit(&any_change()).await.expect("a commit");
    let [staff, chief] = [("staff", Role::Branch), ("chief", Role::BranchAdmin)]
        .map(|(name, role)| Actor::account(0, name, role, "10.0.0.1"));
    let desk = |actor| Desk { store: &county.store, county: world::code(), actor, clock: county.clock() };
    for up_to in ["2026-02-28", "2026-03-15"] {
        let id = payouts::propose(desk(&staff), 1, world::day(up_to)).await.expect("something is due");
        payouts::approve(desk(&chief), id).await.expect("an approval");
        payouts::mark_paid(desk(&staff), id, world::day("2026-03-16"), "1").await.expect("a payment");
    }
    let lines = red_anchor::store::payouts::list_lines(&mut county.read().await, 1).await.expect("lines");
    let back = payouts::give_back(desk(&staff), 1, lines[0].farmer_id, world::day("2026-03-16"), "户名不符").await;
    payouts::approve(desk(&chief), back.expect("a return")).await.expect("an approval");
    let again = payouts::propose(desk(&staff), 1, world::day("2026-03-15")).await.expect("it is due again");
    payouts::withdraw(desk(&staff), again).await.expect("second thoughts");
    county
}

#[tokio::test]
async fn a_payout_that_is_not_what_was_due_and_agreed_to_is_found() {
    let county = Box::pin(paying()).await;
    let report = verify(&mut county.read().await).await.expect("a report");
    assert_eq!(report.differences, [], "{report}");
    let copies = Copies::of(county).await;
    copies.each_fen("payout_line", "1 = 1", &["amount_fen"]).await;
    copies.each_fen("payout_balance", "1 = 1", &["covered_fen"]).await;
    copies.each_column("payout", "1 = 1", &["amount_fen", "households"]).await;
    copies
        .each_row("payout_line", "1 = 1", |row| {
            format!("update payout_line set farmer_id = farmer_id + 70 where rowid = {row}")
        })
        .await;
    copies.each_row("payout_line", "1 = 1", |row| format!("delete from payout_line where rowid = {row}")).await;
    copies
        .each_row("payout_balance", "covered_fen <> 0", |row| format!("delete from payout_balance where rowid = {row}"))
        .await;
    for change in ["actor = 'staff'", "step = 'withdrawn'"] {
        copies
            .each_row("payout_step", "step = 'approved'", |row| {
                format!("update payout_step set {change} where rowid = {row}")
            })
            .await;
    }
    copies
        .each_row("payout_step", "step = 'paid'", |row| {
            format!("update payout_step set paid_on = '2026-01-01' where rowid = {row}")
        })
        .await;
    copies
        .each_row("payout", "kind = 'income'", |row| {
            format!("update payout set up_to_on = '2026-01-31' where rowid = {row}")
        })
        .await;
    copies.after("insert into payout_receipt values ('360827', 4, 1, '2026-03-16T00:00:00+00:00')").await;
    copies.all_found();
}

#[tokio::test]
async fn a_line_given_to_a_stream_of_long_ago_is_posted_under_it() {
    let county = County::made().await;
    let rows = ledger::list_rows(&mut county.read().await, Selection::All, 1, i64::MAX).await.expect("rows");
    assert!(rows.iter().any(|r| (r.posted.dimensions.stream_id, r.posted.dimensions.anchor_id) == (1, 2)));
}

#[tokio::test]
async fn an_order_paid_on_another_day_moves_whole_in_both_views() {
    let county = County::made().await;
    let mut work = county.work("2026-03-20", 9).await;
    let mut moved = world::order(12);
    moved.updated_at = world::at("2026-03-19", 9);
    moved.paid_at = moved.paid_at.map(|at| at + chrono::TimeDelta::days(3));
    world::take_orders(&mut work, 1, &[moved]).await;
    red_anchor::services::post::post(&mut work).await.expect("posting");
    work.commit(&any_change()).await.expect("a commit");
    let mut session = county.read().await;
    let report = verify(&mut session).await.expect("a report");
    assert_eq!(report.differences, [], "{report}");
}
