//! `order.searchList` and `order.orderDetail`.
//!
//! The list takes a window of creation or of update, or both; it finds orders created in the last ninety days only, at
//! most a hundred a page, and never more than fifty thousand deep. The detail has no such limit.

use super::super::refusal::{
    ORDER_FILTER, ORDER_NO_START, ORDER_PAGE, ORDER_SIZE, ORDER_TOO_DEEP, ORDER_TOO_OLD, ORDER_UNKNOWN, Refusal,
    envelope,
};
use super::super::wire::Listed;
use super::super::wire::order::{Showing, WireOrder};
use super::{Call, place};
use crate::sandbox::server::faults::Troubles;
use crate::sandbox::server::listing::{Candidate, Kind, Listing, ListingKey, Sort, Window};
use crate::sandbox::world::DAY_SECONDS;
use crate::sandbox::world::orders::{Order, Stage};
use serde::Serialize;

const FOUND_DAYS: i64 = 90;
const DEEPEST_ROW: i64 = 50_000;
const FILTERS: [&str; 8] = [
    "combine_status",
    "product",
    "b_type",
    "after_sale_status_desc",
    "tracking_no",
    "presell_type",
    "abnormal_order",
    "fulfil_status",
];

#[derive(Serialize)]
struct OrderPage<L> {
    page: i64,
    total: usize,
    size: i64,
    shop_order_list: L,
}

#[derive(Serialize)]
struct OrderDetail {
    shop_order_detail: WireOrder,
}

/// `order.searchList`.
pub fn search(call: &Call<'_>) -> Result<Vec<u8>, Refusal> {
    let params = call.params;
    let (page, size) = (params.int("page").unwrap_or(0), params.int("size").unwrap_or(0));
    if page < 0 {
        return Err(ORDER_PAGE);
    }
    let (at, count) = place(page, size).ok_or(ORDER_SIZE)?;
    if page.saturating_add(1).saturating_mul(size) > DEEPEST_ROW {
        return Err(ORDER_TOO_DEEP);
    }
    if params.has_any(&FILTERS) {
        return Err(ORDER_FILTER);
    }
    let listing = listing(call)?;
    let troubles = &call.sandbox.scene.troubles;
    let at = if troubles.repeats_page(call.first_time, at) { at - 1 } else { at };
    let rows = listing.page(at, count);
    let shop_order_list = Listed(rows.iter().map(|row| shown(listing.order(row), call.now, troubles)));
    Ok(envelope(&OrderPage { page, total: listing.rows.len(), size, shop_order_list }))
}

/// `order.orderDetail`.
pub fn detail(call: &Call<'_>) -> Result<Vec<u8>, Refusal> {
    let number = call.params.text("shop_order_id").and_then(|n| n.parse().ok()).ok_or(ORDER_UNKNOWN)?;
    let (day, place) = call.sandbox.scene.archive.order(call.shop, number).ok_or(ORDER_UNKNOWN)?;
    let order = Some(&day[place]).filter(|o| o.order_no == number && o.created_at <= call.now).ok_or(ORDER_UNKNOWN)?;
    Ok(envelope(&OrderDetail { shop_order_detail: shown(order, call.now, &call.sandbox.scene.troubles) }))
}

fn listing(call: &Call<'_>) -> Result<std::sync::Arc<Listing>, Refusal> {
    let params = call.params;
    let time = |name| params.int(name).filter(|at| *at > 0);
    let (created_from, updated_from) = (time("create_time_start"), time("update_time_start"));
    if created_from.is_none() && updated_from.is_none() {
        return Err(ORDER_NO_START);
    }
    let oldest = call.now - FOUND_DAYS * DAY_SECONDS;
    if created_from.is_some_and(|from| from < oldest) {
        return Err(ORDER_TOO_OLD);
    }
    let key = ListingKey {
        shop: call.shop,
        kind: Kind::Orders,
        created: Window { from: created_from.unwrap_or(oldest), to: time("create_time_end").unwrap_or(i64::MAX) },
        updated: Window { from: updated_from.unwrap_or(0), to: time("update_time_end").unwrap_or(i64::MAX) },
        sort: if params.text("order_by").as_deref() == Some("update_time") { Sort::Updated } else { Sort::Created },
        ascending: params.flag("order_asc"),
    };
    let (archive, troubles) = (&call.sandbox.scene.archive, &call.sandbox.scene.troubles);
    Ok(archive.listing(key, call.now, || {
        let made = Listing::make(archive, key, call.now, |order, found| {
            let late = troubles.lateness(order.order_no);
            let seen = call.now - late;
            if let Some(updated_at) = order.updated_at(seen) {
                let (created_at, number) = (order.created_at, order.order_no);
                found.push(Candidate { created_at, updated_at, number, line: 0, reversal: false });
            }
            order.next_change(seen).map(|at| at + late)
        });
        if troubles.shuffles_pages() { made.shuffled() } else { made }
    }))
}

/// An order as it is shown: late, of a status nobody knows, or torn, where that was asked for. Each ends by itself.
fn shown(order: &Order, now: i64, troubles: &Troubles) -> WireOrder {
    let seen = (now - troubles.lateness(order.order_no)).max(order.created_at);
    let showing = match order.stage(seen) {
        Stage::ToShip if troubles.is_torn(order.order_no) => Showing::Torn,
        Stage::Shipped if troubles.has_unknown_status(order.order_no) => Showing::UnknownStatus,
        _ => Showing::Plain,
    };
    WireOrder::of(order, seen, showing)
}
