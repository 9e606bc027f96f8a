//! The stories: what is asked of every platform alike.

use super::shop::{Setting, Stand, code};
use super::truth::refund;
use chrono::{DateTime, TimeDelta};
use red_anchor::domain::calendar::day_of;
use red_anchor::domain::ledger::facts::Outcome;
use red_anchor::ingest::Taken;
use red_anchor::platforms::{Platform, PlatformError};
use red_anchor::sandbox::world::orders::{AfterSaleKind, Line, Order};
use red_anchor::services::figures::{self, Request};
use red_anchor::store::evidence;
use red_anchor::store::figures::Grouping;
use red_anchor::store::orders::{self, OrderRow, RefundRow};
use std::collections::BTreeMap;

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

async fn listed_orders(stand: &Stand, numbers: &[String]) -> Vec<OrderRow> {
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    orders::list_orders(&mut stand.read().await, stand.shop.shop_id, &numbers).await.unwrap()
}

async fn listed_refunds(stand: &Stand, lines: &[&Line]) -> BTreeMap<String, RefundRow> {
    let numbers: Vec<String> =
        lines.iter().filter_map(|line| line.after_sale.as_ref()).map(|case| case.no.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let rows = orders::list_refunds(&mut stand.read().await, stand.shop.shop_id, &numbers).await.unwrap();
    rows.into_iter().map(|row| (row.refund_no.clone(), row)).collect()
}

/// Everything there is comes at the first pull, once.
pub async fn first_pull(platform: Platform) {
    let mut stand = Setting::ordinary(platform).open().await;
    let pulled = stand.pull().await;
    assert_eq!(pulled.rejected, 0);
    assert!(pulled.orders.new > 50 && pulled.refunds.new > 0 && pulled.settlements.new > 0, "{pulled:?}");
    stand.agrees_with_the_world().await;
    stand.verifies().await;
}

/// Asking again changes nothing.
pub async fn nothing_new(platform: Platform) {
    let mut stand = Setting::ordinary(platform).open().await;
    stand.pull().await;
    let before = stand.figures().await;
    let again = stand.pull().await;
    let of = |taken: Taken| (taken.new, taken.changed);
    assert_eq!((of(again.orders), of(again.refunds), of(again.settlements)), ((0, 0), (0, 0), (0, 0)), "{again:?}");
    assert_eq!((again.ledger_rows, again.rejected), (0, 0));
    assert_eq!(stand.figures().await, before);
}

/// A change that shows half an hour late, under its own old time, is not lost.
pub async fn late_update(platform: Platform) {
    let mut stand = Setting { faults: "late-update", ..Setting::ordinary(platform) }.open().await;
    stand.pull().await;
    stand.agrees_with_the_world().await;
    for _ in 0..3 {
        stand.wait(minutes(25));
        stand.pull().await;
        stand.agrees_with_the_world().await;
    }
}

/// Money that goes back in parts is booked on the days it went back, whatever day it is asked for.
pub async fn partial_refunds(platform: Platform) {
    let mut stand = Setting { faults: "partial-refund", scale: "0.5", ..Setting::ordinary(platform) }.open().await;
    for _ in 0..4 {
        stand.pull().await;
        stand.wait(TimeDelta::days(3));
    }
    stand.pull().await;
    stand.agrees_with_the_world().await;
    let now = stand.pulled_to().await;
    let world = stand.truth.orders(now);
    let mut by_day: BTreeMap<String, i64> = BTreeMap::new();
    let mut on_two_days = 0;
    for order in &world {
        let cases: Vec<_> = order.lines.iter().filter_map(|line| refund(line, now)).collect();
        let days: Vec<_> =
            cases.iter().map(|case| day_of(DateTime::from_timestamp(case.ended_at(), 0).unwrap())).collect();
        for (case, on) in cases.iter().zip(&days) {
            *by_day.entry(on.to_string()).or_default() += case.refund_fen;
        }
        on_two_days += usize::from(days.windows(2).any(|pair| pair[0] != pair[1]));
    }
    assert!(on_two_days > 0, "no order with refunds on different days");
    let rows = figures::rows(&mut stand.read().await, &Request::all(code(), Grouping::Day)).await.unwrap();
    let ours: BTreeMap<String, i64> = rows
        .into_iter()
        .filter(|row| row.figures.refund_fen != 0)
        .map(|row| (row.key.unwrap_or_default(), row.figures.refund_fen))
        .collect();
    assert_eq!(ours, by_day);
}

fn is_whole(line: &Line) -> bool {
    line.refunded_wholly()
}

/// All money goes back; what became of the goods is known, for it decides who bears the loss.
pub async fn whole_refund(platform: Platform) {
    let mut stand = Setting { scale: "1", ..Setting::ordinary(platform) }.open().await;
    stand.pull().await;
    let now = stand.pulled_to().await;
    let world = stand.truth.orders(now);
    let lines: Vec<&Line> = world.iter().flat_map(|order| &order.lines).filter(|l| refund(l, now).is_some()).collect();
    let rows = listed_refunds(&stand, &lines).await;
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        let case = refund(line, now).unwrap();
        let row = &rows[&case.no.to_string()];
        let expected = match case.kind {
            AfterSaleKind::ReturnAndRefund => Outcome::Returned,
            AfterSaleKind::RefundBeforeShipping => Outcome::NeverLeft,
            AfterSaleKind::RefundAfterShipping if is_whole(line) => Outcome::Lost,
            _ => Outcome::Kept,
        };
        assert_eq!((row.outcome.as_str(), row.refund_fen), (expected.key(), case.refund_fen), "{case:?}");
        let pieces = if expected == Outcome::Kept { 0 } else { case.pieces };
        assert_eq!((row.status.as_str(), row.pieces), ("succeeded", pieces), "{case:?}");
        *met.entry(expected.key()).or_default() += 1;
    }
    assert_eq!(met.len(), 4, "every way a sale ends: {met:?}");
}

/// An order nobody paid for closes, and is in no amount.
pub async fn cancel(platform: Platform) {
    let mut stand = Setting::ordinary(platform).open().await;
    stand.pull().await;
    let now = stand.pulled_to().await;
    let world = stand.truth.orders(now);
    let closed = |order: &&Order| order.closed_at != 0 && order.closed_at <= now;
    let unpaid: Vec<String> =
        world.iter().filter(closed).filter(|o| o.paid_at == 0).flat_map(|o| stand.truth.order_nos(o)).collect();
    let paid: Vec<String> =
        world.iter().filter(closed).filter(|o| o.paid_at != 0).flat_map(|o| stand.truth.order_nos(o)).collect();
    for (numbers, was_paid) in [(unpaid, false), (paid, true)] {
        let rows = listed_orders(&stand, &numbers).await;
        assert!(!numbers.is_empty() && rows.len() == numbers.len(), "{} of {}", rows.len(), numbers.len());
        for row in rows {
            assert_eq!((row.status.as_str(), row.paid_on.is_some()), ("cancelled", was_paid), "{row:?}");
        }
    }
    stand.agrees_with_the_world().await;
}

/// A status nobody knows is kept and pending, and its order's money is counted; it passes when the order moves on.
pub async fn unknown_status(platform: Platform) {
    let mut stand = Setting { faults: "unknown-status", scale: "0.5", ..Setting::ordinary(platform) }.open().await;
    let unknown = |rows: &[OrderRow]| rows.iter().filter(|row| row.status == "unknown").count();
    let (mut numbers, mut rows, mut world) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..10 {
        let pulled = stand.pull().await;
        assert_eq!(pulled.rejected, 0, "unknown is not unreadable");
        stand.agrees_with_the_world().await;
        world = stand.truth.orders(stand.pulled_to().await);
        numbers = world.iter().flat_map(|order| stand.truth.order_nos(order)).collect();
        rows = listed_orders(&stand, &numbers).await;
        if unknown(&rows) > 0 {
            break;
        }
        stand.wait(TimeDelta::days(1));
    }
    assert!(unknown(&rows) > 0);
    assert!(rows.iter().filter(|row| row.status == "unknown").all(|row| row.paid_on.is_some()), "kept with its money");
    stand.wait(TimeDelta::days(30));
    stand.pull().await;
    assert_eq!(unknown(&listed_orders(&stand, &numbers).await), 0);
    let cases: Vec<&Line> = world.iter().flat_map(|order| &order.lines).collect();
    assert!(listed_refunds(&stand, &cases).await.values().all(|row| !row.status_unknown));
    stand.agrees_with_the_world().await;
}

/// Too fast, told so, and waited out.
pub async fn throttle(platform: Platform) {
    let mut stand = Setting { faults: "throttle,slow", ..Setting::ordinary(platform) }.open().await;
    let began = stand.clock.now();
    stand.pull().await;
    assert!(stand.clock.now() > began, "waiting takes time");
    stand.pull().await;
    stand.agrees_with_the_world().await;
}

/// A token that ends between two pages is renewed and the window asked for again.
pub async fn token_expiry(platform: Platform) {
    let mut stand = Setting { faults: "token-expired", scale: "0.5", ..Setting::ordinary(platform) }.open().await;
    stand.pull().await;
    stand.agrees_with_the_world().await;
    // and one that ends of itself while nobody asks
    stand.wait(TimeDelta::days(3));
    stand.pull().await;
    stand.agrees_with_the_world().await;
}

/// A page that comes once more in place of the next, and rows in no order, hide nothing.
pub async fn moving_pages(platform: Platform) {
    let setting =
        Setting { faults: "repeat-pages,shuffle-pages", scale: "2", on: "2022-10-18", ..Setting::ordinary(platform) };
    let mut stand = setting.open().await;
    let pulled = stand.pull().await;
    assert!(pulled.orders.new > 200, "several pages: {pulled:?}");
    stand.agrees_with_the_world().await;
}

/// A server that is down for a moment.
pub async fn failing_pages(platform: Platform) {
    let mut stand = Setting { faults: "5xx", ..Setting::ordinary(platform) }.open().await;
    stand.pull().await;
    stand.pull().await;
    stand.agrees_with_the_world().await;
}

/// Statements come weeks after the sale, some much later; when they have, everything is settled.
pub async fn late_settlement(platform: Platform) {
    let mut stand = Setting { faults: "settlement-late", on: "2022-10-24", ..Setting::ordinary(platform) }.open().await;
    let first = stand.pull().await;
    assert_eq!((first.settlements.new, stand.figures().await.settled_fen), (0, 0), "nothing is settled yet");
    let sold_by = stand.pulled_to().await;
    let mut settled = 0;
    let mut steps = 0;
    for _ in 0..10 {
        stand.wait(TimeDelta::weeks(1));
        settled += stand.pull().await.settlements.new;
        steps += usize::from(settled > 0);
    }
    assert!(settled > 0 && steps > 3, "they came over weeks");
    stand.agrees_with_the_world().await;
    stand.verifies().await;
    let now = stand.pulled_to().await;
    let world = stand.truth.orders(now);
    // what was sold by the first pull has been settled, but for what went back after it
    let first_sold: Vec<&Order> = world.iter().filter(|o| o.created_at <= sold_by && o.paid_at != 0).collect();
    let net_fen: i64 = first_sold
        .iter()
        .flat_map(|order| &order.lines)
        .map(|line| line.goods_fen() + line.freight_fen - refund(line, now).map_or(0, |case| case.refund_fen))
        .sum();
    let request = Request { basis: red_anchor::store::figures::Basis::Pay, ..Request::all(code(), Grouping::Day) };
    let until = day_of(DateTime::from_timestamp(sold_by, 0).unwrap()).to_string();
    let rows = figures::rows(&mut stand.read().await, &request).await.unwrap();
    let settled_fen: i64 = rows
        .iter()
        .filter(|row| row.key.as_deref().is_some_and(|on| on < until.as_str()))
        .map(|row| row.figures.settled_fen)
        .sum();
    let later_fen: i64 =
        rows.iter().filter(|row| row.key.as_deref() == Some(until.as_str())).map(|row| row.figures.settled_fen).sum();
    assert!(settled_fen <= net_fen && net_fen <= settled_fen + later_fen, "{settled_fen} {net_fen} {later_fen}");
}

/// A clock some minutes off loses nothing; one further off is told so by whoever signs by time, and writes nothing.
pub async fn clock_skew(platform: Platform) {
    for ahead in [minutes(5), minutes(-5)] {
        let mut stand = Setting { ahead, ..Setting::ordinary(platform) }.open().await;
        stand.pull().await;
        for _ in 0..3 {
            stand.wait(minutes(30));
            stand.pull().await;
        }
        // put right: the slower of the two catches up
        let now = stand.clock.now().max(stand.platform_clock.now());
        stand.clock.advance_to(now);
        stand.platform_clock.advance_to(now);
        stand.pull().await;
        stand.agrees_with_the_world().await;
    }
    let mut far_off = Setting { ahead: minutes(11), ..Setting::ordinary(platform) }.open().await;
    let pulled = far_off.try_pull().await;
    if platform == Platform::WechatChannels {
        // nothing is signed, so nobody minds
        assert!(pulled.unwrap().orders.new > 0);
        return;
    }
    let error = pulled.unwrap_err();
    let told = error.downcast_ref::<PlatformError>();
    assert!(matches!(told, Some(PlatformError::Rejected { .. } | PlatformError::Denied { .. })), "{error:#}");
    assert_eq!(far_off.pulled_to().await, 0, "the checkpoint has not moved");
    assert_eq!(far_off.figures().await.orders_paid, 0);
}

/// A record that cannot be read is set aside and sinks nothing else; when the order moves on, it comes right.
pub async fn torn_records(platform: Platform) {
    let mut stand =
        Setting { faults: "malformed", scale: "1", on: "2022-10-18", ..Setting::ordinary(platform) }.open().await;
    let mut rejected = 0;
    for _ in 0..15 {
        rejected += stand.pull().await.rejected;
        if rejected > 0 {
            break;
        }
        stand.wait(TimeDelta::days(1));
    }
    assert!(rejected > 0 && stand.figures().await.orders_paid > 50);
    let set_aside = evidence::count_quarantined(&mut stand.read().await).await.unwrap();
    assert!(set_aside > 0);
    // everything sold by then has been sent or given back
    let then = stand.pulled_to().await;
    stand.wait(TimeDelta::days(3));
    stand.pull().await;
    let world = stand.truth.orders(then);
    let numbers: Vec<String> = world.iter().flat_map(|order| stand.truth.order_nos(order)).collect();
    assert_eq!(listed_orders(&stand, &numbers).await.len(), numbers.len());
}

/// Each line knows its live room and its seller in the end, however late the platform tells.
pub async fn who_sold_it(platform: Platform) {
    let mut stand = Setting::ordinary(platform).open().await;
    stand.pull().await;
    // pulled through an evening, a quarter of an hour at a time, so that orders are seen fresh
    stand.wait(TimeDelta::hours(8));
    for _ in 0..12 {
        stand.pull().await;
        stand.wait(minutes(15));
    }
    let then = stand.pulled_to().await;
    stand.wait(TimeDelta::days(4));
    stand.pull().await;
    let world = stand.truth.orders(then);
    let lines: Vec<(String, &Line)> = world
        .iter()
        .filter(|order| order.paid_at != 0)
        .flat_map(|order| order.lines.iter().map(|line| (stand.truth.line_no(order, line), line)))
        .collect();
    let numbers: Vec<&str> = lines.iter().map(|(number, _)| number.as_str()).collect();
    let rows = orders::list_lines(&mut stand.read().await, stand.shop.shop_id, &numbers).await.unwrap();
    let rows: BTreeMap<&str, _> = rows.iter().map(|row| (row.line_no.as_str(), row)).collect();
    let mut live = 0;
    for (number, line) in &lines {
        let row = rows.get(number.as_str()).unwrap_or_else(|| panic!("no line {number}"));
        let said = |number: u64| if number == 0 { String::new() } else { number.to_string() };
        let expected = (said(line.source.live_room_no), said(line.source.author_no));
        assert_eq!((row.live_room_no.clone(), row.author_no.clone()), expected, "line {number}");
        live += usize::from(line.source.live_room_no != 0);
    }
    assert!(live > 20);
}

/// Of a buyer the province is kept and a keyed hash, in facts and in evidence.
pub async fn nothing_of_the_buyer(platform: Platform) {
    let mut stand = Setting { scale: "0.2", ..Setting::ordinary(platform) }.open().await;
    stand.pull().await;
    let world = stand.truth.orders(stand.pulled_to().await);
    let numbers: Vec<String> = world.iter().flat_map(|order| stand.truth.order_nos(order)).collect();
    let mut kept = 0;
    for row in listed_orders(&stand, &numbers).await {
        assert!(!row.province.is_empty() && !row.buyer_hash.is_empty() && !row.buyer_hash.contains("buyer"), "{row:?}");
        for found in evidence::list_of_order(&mut stand.read().await, row.order_id).await.unwrap() {
            for secret in
                ["138", "139", "张*", "演示市", "演示街道", "##", "-buyer-", "@#demo", "wx-union", "DEMO", "买家"]
            {
                assert!(!has_word(&found.text, secret), "{secret} in {}", found.text);
            }
            kept += 1;
        }
    }
    assert!(kept > 20);
}

/// True for a text in quotes that begins with a word, or holds one that is not a number.
fn has_word(json: &str, word: &str) -> bool {
    match word.parse::<u64>() {
        Ok(_) => json.contains(&format!("电话{word}")) || json.contains(&format!("\"{word}*")),
        Err(_) => json.contains(word),
    }
}

/// Whoever has not the right secret is told that a person has to look, and nothing is written.
pub async fn wrong_secret(platform: Platform) {
    let mut stand = Setting::ordinary(platform).open().await.with_wrong_secret();
    let error = stand.try_pull().await.unwrap_err();
    let told = error.downcast_ref::<PlatformError>();
    assert!(matches!(told, Some(PlatformError::Denied { .. })), "{error:#}");
    assert!(!format!("{error:#}").contains("wrong\""), "no secret in {error:#}");
    assert_eq!(stand.pulled_to().await, 0);
}

/// A bad day: everything at once, asked for again until it is over.
pub async fn all_faults(platform: Platform) {
    let mut stand = Setting { faults: "all", scale: "0.5", ..Setting::ordinary(platform) }.open().await;
    for _ in 0..4 {
        let pulled = stand.try_pull().await.unwrap_or_else(|error| panic!("{error:#}"));
        assert!(pulled.windows > 0);
        stand.wait(TimeDelta::days(3));
    }
    let then = stand.pulled_to().await - 4 * 86_400;
    let world = stand.truth.orders(then);
    let numbers: Vec<String> = world.iter().flat_map(|order| stand.truth.order_nos(order)).collect();
    assert_eq!(listed_orders(&stand, &numbers).await.len(), numbers.len());
}
