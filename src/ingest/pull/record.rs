//! What the pull log and the audit trail are told of a window that is written, in its own transaction.

use super::puller::Haul;
use super::{Pulled, Read};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Instant, rfc3339};
use crate::domain::pulling::Trouble;
use crate::platforms::Window;
use crate::store::goods::Shop;
use crate::store::schedules::PullRow;

/// A window as the pull log tells it.
pub(super) fn log_row(shop: &Shop, read: &Read, written: &Pulled, at: Instant) -> PullRow {
    let taken = [written.orders, written.refunds, written.settlements];
    let haul = &read.haul;
    let seen = haul.orders.records.len() + haul.refunds.records.len() + haul.settlements.records.len();
    let number = |n: u64| i64::try_from(n).expect("a window is bounded");
    PullRow {
        shop_id: shop.shop_id,
        from_at: read.window.from,
        to_at: read.window.to,
        started_at: read.started_at,
        took_ms: (at - read.started_at).num_milliseconds().max(0),
        seen: number(seen as u64 + written.rejected),
        added: taken.iter().map(|t| t.new).sum(),
        changed: taken.iter().map(|t| t.changed).sum(),
        quarantined: number(written.rejected),
        complete: haul.is_complete(),
        trouble: String::new(),
        said: String::new(),
    }
}

/// A span that was passed over, because the interface no longer shows it, as the pull log tells it.
pub(super) fn gap_row(shop: &Shop, gap: Window, now: Instant) -> PullRow {
    PullRow {
        shop_id: shop.shop_id,
        from_at: gap.from,
        to_at: gap.to,
        started_at: now,
        took_ms: 0,
        seen: 0,
        added: 0,
        changed: 0,
        quarantined: 0,
        complete: false,
        trouble: Trouble::OutOfReach.key().to_owned(),
        said: String::new(),
    }
}

/// A window as the audit trail tells it: its ends, what it brought, the hashes of what was received.
pub(super) fn change(shop: &Shop, window: Window, haul: &Haul, written: &Pulled) -> Change {
    let number = |n: u64| i64::try_from(n).expect("a window is bounded");
    let mut change = Change::new(Verb::Pull, Noun::Orders, &shop.shop_key)
        .after(Field::From, rfc3339(window.from))
        .after(Field::To, rfc3339(window.to))
        .count(Field::OrdersNew, written.orders.new)
        .count(Field::OrdersChanged, written.orders.changed)
        .count(Field::RefundsNew, written.refunds.new)
        .count(Field::RefundsChanged, written.refunds.changed)
        .count(Field::StatementsNew, written.settlements.new)
        .count(Field::StatementsChanged, written.settlements.changed)
        .count(Field::RowsRejected, number(written.rejected))
        .count(Field::LedgerRows, number(written.ledger_rows))
        .after(Field::Complete, if haul.is_complete() { "yes" } else { "no" });
    for (field, sha256) in [
        (Field::OrdersSha256, haul.orders.sha256()),
        (Field::RefundsSha256, haul.refunds.sha256()),
        (Field::StatementsSha256, haul.settlements.sha256()),
    ] {
        change = change.after(field, hex::encode(sha256));
    }
    change
}
