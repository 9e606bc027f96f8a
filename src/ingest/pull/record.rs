//! What the pull log and the audit trail are told of a window that is written, in its own transaction.

use super::puller::Arrived;
use super::{Pulled, Read};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::{Instant, rfc3339};
use crate::domain::pulling::Trouble;
use crate::platforms::Window;
use crate::store::goods::Shop;
use crate::store::schedules::PullRow;
use sha2::{Digest, Sha256};

/// A window as the pull log tells it.
pub(super) fn log_row(shop: &Shop, read: &Read, written: &Pulled, at: Instant) -> PullRow {
    let taken = [written.orders, written.refunds, written.settlements];
    let arrived = &read.arrived;
    let number = |n: u64| i64::try_from(n).expect("a window is bounded");
    PullRow {
        shop_id: shop.shop_id,
        from_at: read.window.from,
        to_at: read.window.to,
        started_at: read.started_at,
        took_ms: (at - read.started_at).num_milliseconds().max(0),
        seen: number(arrived.seen() as u64 + written.rejected),
        added: taken.iter().map(|t| t.new).sum(),
        changed: taken.iter().map(|t| t.changed).sum(),
        quarantined: number(written.rejected),
        complete: arrived.is_complete(),
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

/// Windows that were written together as the audit trail tells them: their ends, what they brought, the hashes of what was
/// received.
pub(super) fn change(shop: &Shop, reads: &[Read], written: &Pulled) -> Change {
    let number = |n: u64| i64::try_from(n).expect("a unit of work is bounded");
    let (from, to) = (reads.iter().map(|read| read.window.from).min(), reads.iter().map(|read| read.window.to).max());
    let mut change = Change::new(Verb::Pull, Noun::Orders, &shop.shop_key)
        .after(Field::From, from.map(rfc3339).unwrap_or_default())
        .after(Field::To, to.map(rfc3339).unwrap_or_default())
        .count(Field::OrdersNew, written.orders.new)
        .count(Field::OrdersChanged, written.orders.changed)
        .count(Field::RefundsNew, written.refunds.new)
        .count(Field::RefundsChanged, written.refunds.changed)
        .count(Field::StatementsNew, written.settlements.new)
        .count(Field::StatementsChanged, written.settlements.changed)
        .count(Field::RowsRejected, number(written.rejected))
        .count(Field::LedgerRows, number(written.ledger_rows))
        .after(Field::Complete, if written.incomplete == 0 { "yes" } else { "no" });
    let received = |of: fn(&Arrived) -> [u8; 32]| together(reads.iter().map(|read| of(&read.arrived)));
    for (field, sha256) in [
        (Field::OrdersSha256, received(|arrived| arrived.orders.sha256())),
        (Field::RefundsSha256, received(|arrived| arrived.refunds.sha256())),
        (Field::StatementsSha256, received(|arrived| arrived.settlements.sha256())),
    ] {
        change = change.after(field, hex::encode(sha256));
    }
    change
}

/// The hash of one window; of several, the sha256 over theirs, in order.
fn together(mut hashes: impl ExactSizeIterator<Item = [u8; 32]>) -> [u8; 32] {
    match (hashes.len(), hashes.next()) {
        (1, Some(only)) => only,
        (_, first) => first.into_iter().chain(hashes).fold(Sha256::new(), Sha256::chain_update).finalize().into(),
    }
}
