//! `afterSale.List` and `afterSale.Detail`.
//!
//! The list takes a window of application or of update, both ends or neither; its start is in it and its end is not.
//! Without a window it is the last six months. Order of update is only as asked for; otherwise the newest come first.

use super::super::refusal::{AFTER_SALE_PAGE, AFTER_SALE_UNKNOWN, AFTER_SALE_WINDOW, Refusal, envelope};
use super::super::wire::after_sale::{Detail, Item};
use super::{Call, place};
use crate::sandbox::server::archive::line_of;
use crate::sandbox::server::listing::{Candidate, Kind, Listing, ListingKey, Sort, Window};
use crate::sandbox::world::{DAY_SECONDS, numbers};
use serde::Serialize;

const DEEPEST_ROW: i64 = 50_000;
const USUAL_DAYS: i64 = 180;

#[derive(Serialize)]
struct AfterSalePage {
    items: Vec<Item>,
    has_more: bool,
    total: usize,
    page: i64,
    size: i64,
}

/// `afterSale.List`.
pub fn list(call: &Call<'_>) -> Result<Vec<u8>, Refusal> {
    let (page, size) = (call.params.int("page").unwrap_or(0), call.params.int("size").unwrap_or(0));
    let (at, count) = place(page, size).ok_or(AFTER_SALE_PAGE)?;
    if page.saturating_add(1).saturating_mul(size) > DEEPEST_ROW {
        return Err(AFTER_SALE_PAGE);
    }
    let key = key(call)?;
    let (archive, troubles) = (&call.sandbox.scene.archive, &call.sandbox.scene.troubles);
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
    let items: Vec<Item> = listing
        .page(at, count)
        .iter()
        .filter_map(|row| {
            let line = listing.line(row);
            Item::of(listing.order(row), line, call.now, troubles.has_unknown_status(line.line_no))
        })
        .collect();
    let total = listing.rows.len();
    Ok(envelope(&AfterSalePage { has_more: (at + 1) * count < total, items, total, page, size }))
}

fn key(call: &Call<'_>) -> Result<ListingKey, Refusal> {
    let window = |from: &str, to: &str| match (call.params.int(from), call.params.int(to)) {
        (Some(from), Some(to)) if from <= to => Ok(Some(Window { from, to })),
        (None, None) => Ok(None),
        _ => Err(AFTER_SALE_WINDOW),
    };
    let applied = window("start_time", "end_time")?;
    let updated = window("update_start_time", "update_end_time")?;
    let usual = Window { from: call.now - USUAL_DAYS * DAY_SECONDS, to: i64::MAX };
    let order_by = call.params.texts("order_by");
    Ok(ListingKey {
        shop: call.shop,
        kind: Kind::AfterSales,
        created: applied.unwrap_or(if updated.is_some() { Window::ALWAYS } else { usual }),
        updated: updated.unwrap_or(Window::ALWAYS),
        sort: if order_by.iter().any(|o| o.starts_with("update_time")) { Sort::Updated } else { Sort::Created },
        ascending: order_by.iter().any(|o| o.ends_with(" asc")),
    })
}

/// `afterSale.Detail`.
pub fn detail(call: &Call<'_>) -> Result<Vec<u8>, Refusal> {
    let number = call.params.text("after_sale_id").and_then(|n| n.parse().ok());
    let line_no = number.and_then(numbers::line_of_after_sale).ok_or(AFTER_SALE_UNKNOWN)?;
    let (day, place) = call.sandbox.scene.archive.order(call.shop, line_no).ok_or(AFTER_SALE_UNKNOWN)?;
    let order = &day[place];
    let case = line_of(order, line_no).and_then(|l| l.after_sale.as_deref()).ok_or(AFTER_SALE_UNKNOWN)?;
    let detail = Detail::of(order, case, call.now).ok_or(AFTER_SALE_UNKNOWN)?;
    Ok(envelope(&detail))
}
