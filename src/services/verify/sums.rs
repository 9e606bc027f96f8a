//! Plain sums over orders and refunds against the ledger and the counts, by shop and day.
//!
//! Nothing of posting is used here, not even its order of events: GMV moves only when an order is paid and by all of its
//! money, refunds only when one succeeds, on its day or the pay day if that is later. A mistake that made posting and
//! recomputing wrong alike would still show here.

use super::Report;
use crate::domain::calendar::Day;
use crate::store::verify::{DaySum, Sum, count_facts, count_published, sums_by_day};
use crate::store::{Session, StoreError};
use std::collections::BTreeMap;

/// Reports every shop and day whose sums differ.
pub(super) async fn check(session: &mut Session, report: &mut Report) -> Result<(), StoreError> {
    for (facts, ledger, what) in [
        (Sum::OrderMoney, Sum::LedgerGmv, "orders were paid with"),
        (Sum::Refunds, Sum::LedgerRefunds, "buyers were given back"),
    ] {
        let facts = by_shop_and_day(&sums_by_day(session, facts).await?);
        let ledger = by_shop_and_day(&sums_by_day(session, ledger).await?);
        for (shop_id, on) in either(&facts, &ledger) {
            let of = |sums: &BTreeMap<(i64, Day), i64>| sums.get(&(shop_id, on)).copied().unwrap_or(0);
            let (fact, posted) = (of(&facts), of(&ledger));
            if fact != posted {
                let wrong = format!("{what} {fact} fen, the ledger has {posted}");
                report.add("ledger_entry", format!("shop {shop_id} on {on}"), wrong);
            }
        }
    }
    check_counts(session, report).await
}

fn by_shop_and_day(rows: &[DaySum]) -> BTreeMap<(i64, Day), i64> {
    rows.iter().map(|r| ((r.shop_id, r.on_day), r.fen)).collect()
}

/// The keys of two maps, each once, in order.
fn either<K: Copy + Ord, V>(a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) -> Vec<K> {
    let mut keys: Vec<K> = a.keys().chain(b.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Orders and lines of each shop, counted in the facts, against those published.
async fn check_counts(session: &mut Session, report: &mut Report) -> Result<(), StoreError> {
    let mut published: BTreeMap<String, [i64; 3]> = count_published(session)
        .await?
        .into_iter()
        .map(|(key, paid, unpaid, lines)| (key, [paid, unpaid, lines]))
        .collect();
    for shop in count_facts(session).await? {
        let facts = [shop.orders_paid, shop.orders_unpaid, shop.lines];
        let counted = published.remove(&shop.shop_id.to_string()).unwrap_or_default();
        for ((fact, count), what) in facts.into_iter().zip(counted).zip(["paid orders", "unpaid orders", "lines"]) {
            if fact != count {
                let wrong = format!("counts {count} {what}, there are {fact}");
                report.add("figure_order", format!("shop {}", shop.shop_id), wrong);
            }
        }
    }
    for (key, _) in published.into_iter().filter(|(_, counts)| *counts != [0; 3]) {
        report.add("figure_order", format!("shop {key}"), "counts orders of a shop that has none");
    }
    Ok(())
}
