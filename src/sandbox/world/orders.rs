//! An order with its whole timeline, and what the platform shows of it at a moment.
//!
//! Instants are Unix seconds, 0 = does not happen; amounts fen. Nothing here changes: the state at a moment is read off
//! the timeline ([`Order::stage`], [`Order::updated_at`]), so the same question at the same moment has the same answer.
//!
//! Not here: how an order comes about (`making`, `aftermath`), how it is written on the wire (`server::wire`).

use super::goods::{SKUS, Sku};
use super::shops::Shop;

/// An order, complete to its last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub order_no: u64,
    pub shop: Shop,
    pub created_at: i64,
    pub paid_at: i64,
    /// Closed: never paid, or every line with money refunded before completion.
    pub closed_at: i64,
    pub shipped_at: i64,
    pub received_at: i64,
    pub completed_at: i64,
    /// Freight the buyer pays.
    pub freight_fen: i64,
    pub pay_type: u8,
    /// From which name, phone and address are made up.
    pub buyer: u64,
    /// Place in [`super::making::PROVINCES`].
    pub province: usize,
    pub lines: Vec<Line>,
}

/// A line: one SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub line_no: u64,
    /// Place in [`SKUS`].
    pub sku: usize,
    pub pieces: i64,
    pub list_fen: i64,
    pub shop_coupon_fen: i64,
    pub platform_coupon_fen: i64,
    pub anchor_coupon_fen: i64,
    /// Its part of the buyer's freight.
    pub freight_fen: i64,
    /// Given away with another line.
    pub gift: bool,
    pub source: Source,
    pub after_sale: Option<Box<AfterSale>>,
    pub statement: Option<Statement>,
    pub reversal: Option<Statement>,
}

/// Where the platform says a line was sold; zeros and blanks where it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    pub live_room_no: u64,
    pub author_no: u64,
    pub author_name: &'static str,
}

impl Source {
    /// A goods card, a search, a shared link.
    pub const NOT_LIVE: Self = Self { live_room_no: 0, author_no: 0, author_name: "" };
}

/// An after-sale case of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterSale {
    pub no: u64,
    pub kind: AfterSaleKind,
    /// (since, the platform's status), first is the application, last the outcome.
    pub stages: Vec<(i64, u8)>,
    /// Money that goes back if it succeeds, freight included.
    pub refund_fen: i64,
    /// The part of it that is freight.
    pub refund_freight_fen: i64,
    pub pieces: i64,
    pub reason: &'static str,
    /// Ends in success, and money moves.
    pub succeeds: bool,
}

/// What a case asks for, by the platform's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterSaleKind {
    ReturnAndRefund = 0,
    RefundAfterShipping = 1,
    RefundBeforeShipping = 2,
    PriceProtection = 6,
    Resend = 7,
}

/// A statement row of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    pub settled_at: i64,
    /// Buyer's money for goods and freight, and refunds in the row; a reversal has negative money and no refund.
    pub goods_fen: i64,
    pub freight_fen: i64,
    pub refund_fen: i64,
    pub platform_coupon_fen: i64,
    pub anchor_coupon_fen: i64,
    pub platform_fee_fen: i64,
    pub commission_fen: i64,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    AwaitingPayment,
    ToShip,
    Shipped,
    Closed,
    Completed,
}

fn reached(at: i64, now: i64) -> bool {
    at != 0 && at <= now
}

impl Order {
    /// Where it stands at a moment after its creation.
    pub fn stage(&self, now: i64) -> Stage {
        if reached(self.closed_at, now) {
            Stage::Closed
        } else if reached(self.completed_at, now) {
            Stage::Completed
        } else if reached(self.shipped_at, now) {
            Stage::Shipped
        } else if reached(self.paid_at, now) {
            Stage::ToShip
        } else {
            Stage::AwaitingPayment
        }
    }

    /// Every moment at which the order's record changes.
    fn moments(&self) -> impl Iterator<Item = i64> {
        let own = [self.created_at, self.paid_at, self.closed_at, self.shipped_at, self.received_at, self.completed_at];
        let cases = self.lines.iter().filter_map(|l| l.after_sale.as_deref());
        own.into_iter().filter(|&at| at != 0).chain(cases.flat_map(|a| a.stages.iter().map(|s| s.0)))
    }

    /// The latest change at a moment; `None`: not created yet.
    pub fn updated_at(&self, now: i64) -> Option<i64> {
        self.moments().filter(|&at| at <= now).max()
    }

    /// The next change after a moment, statement rows apart.
    pub fn next_change(&self, now: i64) -> Option<i64> {
        self.moments().filter(|&at| at > now).min()
    }

    /// The last thing that ever happens to it, statement rows included.
    pub fn last_event(&self) -> i64 {
        let rows = self.lines.iter().flat_map(|l| [l.statement, l.reversal]).flatten().map(|s| s.settled_at);
        self.moments().chain(rows).max().unwrap_or(self.created_at)
    }

    /// A time of the timeline as the wire shows it at a moment: 0 until it happened.
    pub fn shown(at: i64, now: i64) -> i64 {
        if reached(at, now) { at } else { 0 }
    }
}

impl Line {
    /// The SKU it sells.
    pub fn sku(&self) -> &'static Sku {
        &SKUS[self.sku]
    }

    /// What the buyer pays for the goods.
    pub fn goods_fen(&self) -> i64 {
        self.list_fen - self.shop_coupon_fen - self.platform_coupon_fen - self.anchor_coupon_fen
    }

    /// Coupons that reach the shop.
    pub fn subsidy_fen(&self) -> i64 {
        self.platform_coupon_fen + self.anchor_coupon_fen
    }

    /// True when a successful case takes all goods money back.
    pub fn refunded_wholly(&self) -> bool {
        self.after_sale.as_ref().is_some_and(|a| {
            a.succeeds && self.goods_fen() > 0 && a.refund_fen - a.refund_freight_fen >= self.goods_fen()
        })
    }
}

impl AfterSale {
    /// When it was asked for.
    pub fn applied_at(&self) -> i64 {
        self.stages[0].0
    }

    /// When it ended.
    pub fn ended_at(&self) -> i64 {
        self.stages[self.stages.len() - 1].0
    }

    /// Status and its time at a moment; `None`: not asked for yet.
    pub fn at(&self, now: i64) -> Option<(i64, u8)> {
        self.stages.iter().rev().find(|s| s.0 <= now).copied()
    }

    /// True once the money is back.
    pub fn has_succeeded(&self, now: i64) -> bool {
        self.succeeds && self.ended_at() <= now
    }
}
