//! The methods: what is asked of the world's days, and within which limits.
//!
//! A filter the sandbox does not know is refused, never ignored: ignoring it would answer another question. Windows are
//! milliseconds. Pages go on from the place the last one ended at, written as the time and number of its last row; the
//! end is `nomore`, or `no_more` for bills.

use super::gate::{
    FILTER_UNKNOWN, METHOD_UNKNOWN, ORDER_UNKNOWN, ORDERS_TOO_LONG, PAGE_WRONG, Refusal, SPAN_TOO_LONG, TOO_OLD,
    WINDOW_WRONG,
};
use super::wire;
use crate::domain::calendar::{day_of, start_of};
use crate::sandbox::server::Scene;
use crate::sandbox::server::archive::line_of;
use crate::sandbox::server::faults::Fingerprint;
use crate::sandbox::server::listing::{Candidate, Kind, Listing, ListingKey, Row, Sort, Window};
use crate::sandbox::world::DAY_SECONDS;
use crate::sandbox::world::orders::{Line, Order, Stage};
use crate::sandbox::world::shops::Shop;
use chrono::DateTime;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The list of bills, which is called a detail.
pub const BILLS: &str = "open.funds.financial.settled.bill.detail";
/// No window begins longer ago.
const REACH_SECONDS: i64 = 90 * DAY_SECONDS;
/// From the midnight a day began to the hour its bills are there.
const BILLS_AFTER_SECONDS: i64 = DAY_SECONDS + 15 * 3_600;

/// A request that has passed the gate.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    pub scene: &'a Scene,
    pub shop: Shop,
    pub params: &'a Map<String, Value>,
    pub now: i64,
    pub first_time: Option<Fingerprint>,
}

impl Call<'_> {
    fn int(&self, name: &str) -> Option<i64> {
        self.params.get(name)?.as_i64()
    }

    fn text(&self, name: &str) -> &str {
        self.params.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The window two members name, at most so long.
    fn window(&self, from: &str, to: &str, longest: i64, too_long: Refusal) -> Result<Window, Refusal> {
        let (from_ms, to_ms) = self.int(from).zip(self.int(to)).ok_or(WINDOW_WRONG)?;
        if to_ms <= from_ms {
            return Err(WINDOW_WRONG);
        }
        if to_ms - from_ms > longest * 1_000 {
            return Err(too_long);
        }
        // a row's time is whole seconds: one that is not before the end in milliseconds is not in the window
        Ok(Window { from: from_ms.div_euclid(1_000), to: to_ms.div_euclid(1_000) })
    }
}

/// The method's data.
pub fn answer(method: &str, call: &Call<'_>) -> Result<Value, Refusal> {
    match method {
        "open.order.cursor.list" => orders(call),
        "open.order.detail" => detail(call),
        "open.seller.order.fee.detail" => fees(call),
        "open.seller.order.refund.pcursor.list" => cases(call),
        BILLS => bills(call),
        _ => Err(METHOD_UNKNOWN),
    }
}

fn orders(call: &Call<'_>) -> Result<Value, Refusal> {
    let window = call.window("beginTime", "endTime", 7 * DAY_SECONDS, ORDERS_TOO_LONG)?;
    if window.from < call.now - REACH_SECONDS {
        return Err(TOO_OLD);
    }
    let size = size(call, 50)?;
    if call.int("orderViewStatus") != Some(1) || call.int("cpsType").is_some_and(|kind| kind != 0) {
        return Err(FILTER_UNKNOWN);
    }
    let key = key(call, Kind::Lines, window);
    let (archive, troubles) = (&call.scene.archive, &call.scene.troubles);
    let listing = archive.listing(key, call.now, || {
        let made = Listing::make(archive, key, call.now, |order, found| {
            let late = troubles.lateness(order.order_no);
            let seen = call.now - late;
            if let Some(updated_at) = order.updated_at(seen) {
                found.extend(order.lines.iter().enumerate().map(|(line, l)| {
                    let (created_at, number) = (order.created_at, l.line_no);
                    Candidate { created_at, updated_at, number, line, reversal: false }
                }));
            }
            order.next_change(seen).map(|at| at + late)
        });
        if troubles.shuffles_pages() { made.shuffled() } else { made }
    });
    let (rows, cursor) = page(call, &listing, call.text("cursor"), size, "nomore");
    let list: Vec<Value> =
        rows.iter().map(|row| wire::listed(listing.order(row), listing.line(row), call.now)).collect();
    Ok(json!({"pageSize": size, "beginTime": call.int("beginTime"), "endTime": call.int("endTime"), "cursor": cursor,
        "orderList": list}))
}

/// A line of this shop by its order number, with its order as it is shown now: late, where that was asked for.
fn found<T>(call: &Call<'_>, name: &str, show: impl FnOnce(&Order, &Line, i64) -> T) -> Result<T, Refusal> {
    let number = call.int(name).and_then(|n| u64::try_from(n).ok()).ok_or(ORDER_UNKNOWN)?;
    let (day, place) = call.scene.archive.order(call.shop, number).ok_or(ORDER_UNKNOWN)?;
    let order = Some(&day[place]).filter(|order| order.created_at <= call.now).ok_or(ORDER_UNKNOWN)?;
    let line = line_of(order, number).ok_or(ORDER_UNKNOWN)?;
    let seen = (call.now - call.scene.troubles.lateness(order.order_no)).max(order.created_at);
    Ok(show(order, line, seen))
}

fn detail(call: &Call<'_>) -> Result<Value, Refusal> {
    let troubles = &call.scene.troubles;
    found(call, "oid", |order, line, seen| match order.stage(seen) {
        Stage::ToShip if troubles.is_torn(order.order_no) => wire::torn(order, line, seen),
        Stage::Shipped if troubles.has_unknown_status(order.order_no) => {
            wire::detail(order, line, seen, Some(wire::ODD))
        }
        _ => wire::detail(order, line, seen, None),
    })
}

fn fees(call: &Call<'_>) -> Result<Value, Refusal> {
    found(call, "orderId", |_, line, _| wire::fees(line))
}

fn cases(call: &Call<'_>) -> Result<Value, Refusal> {
    let window = call.window("beginTime", "endTime", DAY_SECONDS, SPAN_TOO_LONG)?;
    if window.from < call.now - REACH_SECONDS {
        return Err(TOO_OLD);
    }
    let size = size(call, 100)?;
    if call.int("type") != Some(9) || call.int("currentPage").is_none() {
        return Err(FILTER_UNKNOWN);
    }
    let key = key(call, Kind::AfterSales, window);
    let (archive, troubles) = (&call.scene.archive, &call.scene.troubles);
    let listing = archive.listing(key, call.now, || {
        Listing::make(archive, key, call.now, |order, found| {
            let mut changes = None;
            for (line, l) in order.lines.iter().enumerate() {
                let Some(case) = l.after_sale.as_deref() else { continue };
                if let Some((updated_at, _)) = case.at(call.now) {
                    let created_at = case.applied_at();
                    found.push(Candidate { created_at, updated_at, number: case.no, line, reversal: false });
                }
                let next = case.stages.iter().map(|s| s.0).find(|at| *at > call.now);
                changes = changes.into_iter().chain(next).min();
            }
            changes
        })
    });
    let (rows, cursor) = page(call, &listing, call.text("pcursor"), size, "nomore");
    let list: Vec<Value> = rows
        .iter()
        .filter_map(|row| {
            let line = listing.line(row);
            wire::case(line, call.now, troubles.has_unknown_status(line.line_no))
        })
        .collect();
    Ok(json!({"pageSize": size, "currentPage": 1, "pcursor": cursor, "refundOrderInfoList": list}))
}

fn bills(call: &Call<'_>) -> Result<Value, Refusal> {
    let window = call.window("settlementStartTime", "settlementEndTime", 7 * DAY_SECONDS, SPAN_TOO_LONG)?;
    let size = size(call, 100)?;
    let key = ListingKey { sort: Sort::Updated, ascending: true, ..key(call, Kind::Bills, window) };
    let archive = &call.scene.archive;
    let listing = archive.listing(key, call.now, || {
        Listing::make(archive, key, call.now, |order, found| {
            let mut changes = None;
            for (line, l) in order.lines.iter().enumerate() {
                for (statement, reversal) in [(l.statement, false), (l.reversal, true)] {
                    let Some(statement) = statement else { continue };
                    let there_at = there_at(statement.settled_at);
                    if there_at <= call.now {
                        let (created_at, number) = (order.created_at, l.line_no);
                        found.push(Candidate { created_at, updated_at: statement.settled_at, number, line, reversal });
                    } else {
                        changes = changes.into_iter().chain([there_at]).min();
                    }
                }
            }
            changes
        })
    });
    let (rows, cursor) = page(call, &listing, call.text("cursor"), size, "no_more");
    let list: Vec<Value> = rows
        .iter()
        .filter_map(|row| {
            let line = listing.line(row);
            let statement = if row.reversal { line.reversal } else { line.statement };
            Some(wire::bill(listing.order(row), line, statement?))
        })
        .collect();
    Ok(json!({"cursor": cursor, "orders": list}))
}

/// When a bill settled at a moment can be asked for.
fn there_at(settled_at: i64) -> i64 {
    let on = day_of(DateTime::from_timestamp(settled_at, 0).expect("the world's times are representable"));
    start_of(on).timestamp() + BILLS_AFTER_SECONDS
}

fn key(call: &Call<'_>, kind: Kind, window: Window) -> ListingKey {
    let by_update = call.int("queryType") == Some(2);
    let of_window = |applies: bool| if applies { window } else { Window::ALWAYS };
    let bills = kind == Kind::Bills;
    ListingKey {
        shop: call.shop,
        kind,
        created: of_window(!by_update && !bills),
        updated: of_window(by_update || bills),
        sort: if by_update || bills { Sort::Updated } else { Sort::Created },
        ascending: call.int("sort") == Some(2),
    }
}

fn size(call: &Call<'_>, most: i64) -> Result<usize, Refusal> {
    let size = call.int("pageSize").or_else(|| call.int("size")).unwrap_or(10);
    usize::try_from(size).ok().filter(|_| (1..=most).contains(&size)).ok_or(PAGE_WRONG)
}

/// The rows behind a place, and the place to go on from. A page may come once more in place of the next: then with its
/// own place to go on from, as an answer that was kept too long.
fn page<'a>(call: &Call<'_>, listing: &'a Arc<Listing>, cursor: &str, size: usize, end: &str) -> (&'a [Row], String) {
    let at = cursor.split_once('_').and_then(|(at, number)| Some((at.parse().ok()?, number.parse().ok()?)));
    let start = at.map_or(0, |(at, number)| listing.place_behind(at, number));
    let repeats = call.scene.troubles.repeats_page(call.first_time, usize::from(start > 0));
    let start = if repeats { start.saturating_sub(size) } else { start };
    let last = (start + size).min(listing.rows.len());
    let rows = &listing.rows[start.min(last)..last];
    let next = rows.last().filter(|_| last < listing.rows.len());
    (rows, next.map_or_else(|| end.to_owned(), |row| format!("{}_{}", row.at, row.number)))
}
