//! The paths: what is asked of the world's days, and within which limits.
//!
//! A filter the sandbox does not know is refused, never ignored: ignoring it would answer another question. Windows are
//! seconds. Lists give numbers; pages go on from the place the last one ended at, written as the time and number of its
//! last row.

use super::{CASE_UNKNOWN, ORDER_UNKNOWN, PARAMETERS, PATH_UNKNOWN, Refusal, SPAN_TOO_LONG, wire};
use crate::sandbox::server::Scene;
use crate::sandbox::server::archive::line_of;
use crate::sandbox::server::faults::Fingerprint;
use crate::sandbox::server::listing::{Candidate, Kind, Listing, ListingKey, Row, Sort, Window};
use crate::sandbox::world::orders::Stage;
use crate::sandbox::world::shops::Shop;
use crate::sandbox::world::{DAY_SECONDS, numbers};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// One order by its number.
pub const ORDER: &str = "order/get";
/// One after-sale case by its number.
pub const CASE: &str = "aftersale/getaftersaleorder";
/// Cases a page; the platform decides.
const CASES_A_PAGE: usize = 50;
const COMPLETED: i64 = 100;

/// A request with a good token.
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

    fn number(&self, name: &str) -> Option<u64> {
        match self.params.get(name)? {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        }
    }
}

/// The answer of a path under `/channels/ec/`.
pub fn answer(path: &str, call: &Call<'_>) -> Result<Value, Refusal> {
    match path {
        "order/list/get" => orders(call),
        ORDER => order(call),
        "aftersale/getaftersalelist" => cases(call),
        CASE => case(call),
        _ => Err(PATH_UNKNOWN),
    }
}

fn orders(call: &Call<'_>) -> Result<Value, Refusal> {
    let range = |name: &str| {
        let range = call.params.get(name)?;
        let time = |name: &str| range.get(name).and_then(Value::as_i64);
        Some((time("start_time"), time("end_time")))
    };
    let window = |name: &str| match range(name) {
        None => Ok(None),
        Some((Some(from), Some(to))) if from <= to && to - from <= 7 * DAY_SECONDS => Ok(Some(Window { from, to })),
        Some(_) => Err(PARAMETERS),
    };
    let (created, updated) = (window("create_time_range")?, window("update_time_range")?);
    let size = call.int("page_size").filter(|size| (1..=100).contains(size)).ok_or(PARAMETERS)?;
    let completed_only = match call.int("status") {
        None => false,
        Some(COMPLETED) => true,
        Some(_) => return Err(PARAMETERS),
    };
    if created.is_none() && updated.is_none() || call.params.contains_key("openid") {
        return Err(PARAMETERS);
    }
    let key = ListingKey {
        shop: call.shop,
        kind: Kind::SettlingOrders { completed_only },
        created: created.unwrap_or(Window::ALWAYS),
        updated: updated.unwrap_or(Window::ALWAYS),
        sort: if updated.is_some() { Sort::Updated } else { Sort::Created },
        ascending: true,
    };
    let (archive, troubles) = (&call.scene.archive, &call.scene.troubles);
    let listing = archive.listing(key, call.now, || {
        let made = Listing::make(archive, key, call.now, |order, found| {
            let late = troubles.lateness(order.order_no);
            let seen = call.now - late;
            let settles_at = wire::settles_at(order);
            if let Some(updated_at) = wire::updated_at(order, seen)
                && (!completed_only || order.stage(seen) == Stage::Completed)
            {
                let (created_at, number) = (order.created_at, order.order_no);
                found.push(Candidate { created_at, updated_at, number, line: 0, reversal: false });
            }
            let settles = settles_at.filter(|at| *at > seen);
            order.next_change(seen).into_iter().chain(settles).min().map(|at| at + late)
        });
        if troubles.shuffles_pages() { made.shuffled() } else { made }
    });
    let size = usize::try_from(size).map_err(|_| PARAMETERS)?;
    let (rows, next) = page(call, &listing, size);
    let numbers: Vec<String> = rows.iter().map(|row| row.number.to_string()).collect();
    Ok(json!({"errcode": 0, "errmsg": "ok", "order_id_list": numbers, "has_more": next.is_some(),
        "next_key": next.unwrap_or_default()}))
}

fn order(call: &Call<'_>) -> Result<Value, Refusal> {
    let number = call.number("order_id").ok_or(ORDER_UNKNOWN)?;
    let (day, place) = call.scene.archive.order(call.shop, number).ok_or(ORDER_UNKNOWN)?;
    let order = Some(&day[place]).filter(|o| o.order_no == number && o.created_at <= call.now).ok_or(ORDER_UNKNOWN)?;
    let troubles = &call.scene.troubles;
    let seen = (call.now - troubles.lateness(order.order_no)).max(order.created_at);
    let shown = match order.stage(seen) {
        Stage::ToShip if troubles.is_torn(order.order_no) => wire::torn(order, seen),
        Stage::Shipped if troubles.has_unknown_status(order.order_no) => wire::order(order, seen, Some(wire::ODD)),
        _ => wire::order(order, seen, None),
    };
    Ok(json!({"errcode": 0, "errmsg": "ok", "order": shown}))
}

fn cases(call: &Call<'_>) -> Result<Value, Refusal> {
    let window = |from: &str, to: &str| match (call.int(from), call.int(to)) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) if from <= to && to - from <= DAY_SECONDS => Ok(Some(Window { from, to })),
        (Some(from), Some(to)) if from <= to => Err(SPAN_TOO_LONG),
        _ => Err(PARAMETERS),
    };
    let created = window("begin_create_time", "end_create_time")?;
    let updated = window("begin_update_time", "end_update_time")?;
    if created.is_some() == updated.is_some() {
        return Err(PARAMETERS);
    }
    let key = ListingKey {
        shop: call.shop,
        kind: Kind::AfterSales,
        created: created.unwrap_or(Window::ALWAYS),
        updated: updated.unwrap_or(Window::ALWAYS),
        sort: if updated.is_some() { Sort::Updated } else { Sort::Created },
        ascending: true,
    };
    let archive = &call.scene.archive;
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
    let (rows, next) = page(call, &listing, CASES_A_PAGE);
    let numbers: Vec<String> = rows.iter().map(|row| row.number.to_string()).collect();
    Ok(json!({"errcode": 0, "after_sale_order_id_list": numbers, "has_more": next.is_some(),
        "next_key": next.unwrap_or_default()}))
}

fn case(call: &Call<'_>) -> Result<Value, Refusal> {
    let number = call.number("after_sale_order_id").ok_or(CASE_UNKNOWN)?;
    let line_no = numbers::line_of_after_sale(number).ok_or(CASE_UNKNOWN)?;
    let (day, place) = call.scene.archive.order(call.shop, line_no).ok_or(CASE_UNKNOWN)?;
    let line = line_of(&day[place], line_no).ok_or(CASE_UNKNOWN)?;
    let unknown_status = call.scene.troubles.has_unknown_status(line_no);
    let shown = wire::case(&day[place], line, call.now, unknown_status).ok_or(CASE_UNKNOWN)?;
    Ok(json!({"errcode": 0, "after_sale_order": shown}))
}

/// The rows behind a place, and the place to go on from, if there are more. A page may come once more in place of the
/// next: then with its own place to go on from, as an answer that was kept too long.
fn page<'a>(call: &Call<'_>, listing: &'a Arc<Listing>, size: usize) -> (&'a [Row], Option<String>) {
    let at = call.text("next_key").split_once('_').and_then(|(at, no)| Some((at.parse().ok()?, no.parse().ok()?)));
    let start = at.map_or(0, |(at, number)| listing.place_behind(at, number));
    let repeats = call.scene.troubles.repeats_page(call.first_time, usize::from(start > 0));
    let start = if repeats { start.saturating_sub(size) } else { start };
    let last = (start + size).min(listing.rows.len());
    let rows = &listing.rows[start.min(last)..last];
    let next = rows.last().filter(|_| last < listing.rows.len());
    (rows, next.map(|row| format!("{}_{}", row.at, row.number)))
}
