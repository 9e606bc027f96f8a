//! Which groups of facts a source states, and how an order's row becomes of what is known and what has come.
//!
//! | group | facts | the newer counts by |
//! |---|---|---|
//! | standing | status, when it was made, paid and received, buyer | `updated_at` |
//! | amounts | pieces, what was paid for goods and freight | `updated_at` |
//! | coupons | list price and who bears which part of it | `coupons_at` |
//! | origin | live room, author | `origin_at` |
//!
//! Rules that must hold: what a source does not state is left alone; whatever order answers arrive in, the same is known
//! at the end. A source that knows what was paid and not who bore the coupons replaces them only when the payment itself
//! is another; one that knows them explains a payment it agrees with, also when it is older.
//!
//! Times of groups are kept only where they differ from the order's own (`order_stated`).

use crate::domain::calendar::{Instant, day_of, start_of};
use crate::domain::records::{OrderStatus, STAND_IN};
use crate::store::orders::{LineRow, OrderRow};
use crate::store::stated::Stated;

/// What a source states of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a group that a source knows or does not")]
pub struct Knows {
    /// When orders were paid and how far they are.
    pub standing: bool,
    /// When they were made, apart from when they were paid.
    pub created: bool,
    /// What was paid for goods.
    pub amounts: bool,
    pub freight: bool,
    pub coupons: bool,
    pub origin: bool,
    /// The platform's numbers of goods.
    pub skus: bool,
}

impl Knows {
    /// An interface knows everything.
    pub const ALL: Self =
        Self { standing: true, created: true, amounts: true, freight: true, coupons: true, origin: true, skus: true };
}

/// Which groups of a record are news of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// The record is not older than what is known.
    pub newer: bool,
    pub coupons: bool,
    pub origin: bool,
}

impl News {
    /// All of a record that is the first.
    pub const ALL: Self = Self { newer: true, coupons: true, origin: true };

    /// Compares a record's time with those of the groups known; `stated` is of orders that have one.
    pub fn of(at: Instant, old: &OrderRow, stated: Option<&Stated>, knows: Knows) -> Self {
        let (coupons_at, origin_at) =
            stated.map_or((Some(old.updated_at), Some(old.updated_at)), |s| (s.coupons_at, s.origin_at));
        let newer = at >= old.updated_at;
        let is_news =
            |group: Option<Instant>| if newer { group.is_none_or(|g| at >= g) } else { group.is_none_or(|g| at > g) };
        Self { newer, coupons: knows.coupons && is_news(coupons_at), origin: knows.origin && is_news(origin_at) }
    }

    pub const fn any(self) -> bool {
        self.newer || self.coupons || self.origin
    }
}

/// When the groups of an order were stated, after a record of it; `None` where all are as of the order's own time.
pub fn stated(
    order: &OrderRow,
    at: Instant,
    old: Option<(&OrderRow, Option<&Stated>)>,
    knows: Knows,
    news: News,
) -> Option<Stated> {
    let before = old.map(|(order, stated)| {
        stated.map_or((Some(order.updated_at), Some(order.updated_at)), |s| (s.coupons_at, s.origin_at))
    });
    let (coupons_before, origin_before) = before.unwrap_or((None, None));
    let coupons_at = if knows.coupons && news.coupons { coupons_before.max(Some(at)) } else { coupons_before };
    let origin_at = if knows.origin && news.origin { origin_before.max(Some(at)) } else { origin_before };
    let own = Some(order.updated_at);
    let had_row = old.is_some_and(|(_, stated)| stated.is_some());
    (had_row || coupons_at != own || origin_at != own).then_some(Stated {
        order_id: order.order_id,
        coupons_at,
        origin_at,
    })
}

/// An order's row of what is known and what has come; its amounts are decided with its lines.
pub fn order(new: OrderRow, old: &OrderRow, knows: Knows, news: News) -> OrderRow {
    let mut row = new;
    if row.province.is_empty() {
        row.province.clone_from(&old.province);
    }
    if row.buyer_hash.is_empty() {
        row.buyer_hash.clone_from(&old.buyer_hash);
    }
    // a source that does not know how far the order is leaves its time alone
    if !(news.newer && knows.standing) {
        let kept = old.clone();
        return OrderRow {
            evidence_mark: if news.newer { row.evidence_mark } else { kept.evidence_mark },
            province: row.province,
            buyer_hash: row.buyer_hash,
            buyer_freight_fen: row.buyer_freight_fen,
            shop_coupon_fen: row.shop_coupon_fen,
            platform_coupon_fen: row.platform_coupon_fen,
            anchor_coupon_fen: row.anchor_coupon_fen,
            ..kept
        };
    }
    if !knows.created || is_a_bare_day_of(row.created_at, old.created_at) {
        (row.created_at, row.created_on) = (old.created_at, old.created_on);
    }
    // what was paid and received stays so: a source that says nothing of it does not undo it
    if row.paid_at.is_none_or(|at| old.paid_at.is_some_and(|known| is_a_bare_day_of(at, known))) {
        (row.paid_at, row.paid_on) = (old.paid_at, old.paid_on);
    }
    if row.completed_at.is_none_or(|at| old.completed_at.is_some_and(|known| is_a_bare_day_of(at, known))) {
        (row.completed_at, row.completed_on) = (old.completed_at, old.completed_on);
    }
    // of two answers as of the same moment the one that has come further is the later
    if row.updated_at == old.updated_at && reached(&row.status) < reached(&old.status) {
        row.status.clone_from(&old.status);
        row.platform_status.clone_from(&old.platform_status);
    }
    row
}

/// True if an instant is the midnight of the day a better known one lies in.
fn is_a_bare_day_of(at: Instant, known: Instant) -> bool {
    at != known && day_of(at) == day_of(known) && at == start_of(day_of(at))
}

fn reached(status: &str) -> u8 {
    match OrderStatus::parse(status) {
        None | Some(OrderStatus::Unknown) => 0,
        Some(OrderStatus::Unpaid) => 1,
        Some(OrderStatus::Paid) => 2,
        Some(OrderStatus::Completed | OrderStatus::Cancelled) => 3,
    }
}

/// A line's row of what is known and what has come.
pub fn line(new: LineRow, old: &LineRow, knows: Knows, news: News) -> LineRow {
    let mut row = new;
    if keeps_line_amounts(&row, old, knows, news) {
        row.pieces = old.pieces;
        row.list_fen = old.list_fen;
        row.shop_coupon_fen = old.shop_coupon_fen;
        row.platform_coupon_fen = old.platform_coupon_fen;
        row.anchor_coupon_fen = old.anchor_coupon_fen;
    }
    if !news.origin || row.live_room_no.is_empty() {
        row.live_room_no.clone_from(&old.live_room_no);
    }
    if !news.origin || row.author_no.is_empty() {
        row.author_no.clone_from(&old.author_no);
    }
    if row.sku_id == 0 || old.sku_id != 0 && !(knows.skus && news.newer) {
        row.sku_id = old.sku_id;
    }
    row
}

/// True if a known line's amounts stand against those of a record.
pub fn keeps_line_amounts(new: &LineRow, old: &LineRow, knows: Knows, news: News) -> bool {
    let agrees = paid(new) == paid(old) && new.pieces == old.pieces;
    let explains = news.coupons && (agrees || news.newer);
    let corrects = news.newer && knows.amounts && !agrees;
    !explains && !corrects
}

const fn paid(line: &LineRow) -> i64 {
    line.list_fen - line.shop_coupon_fen - line.platform_coupon_fen - line.anchor_coupon_fen
}

/// How closely a line is known: as a whole order, as a piece of one, by the platform's own number. Lines less closely
/// known than others of their order count for nothing.
pub fn closeness(line_no: &str, order_no: &str) -> u8 {
    match line_no.strip_suffix(STAND_IN) {
        None => 2,
        Some(stem) => u8::from(stem != order_no),
    }
}

#[cfg(test)]
#[path = "stated_tests.rs"]
mod tests;
