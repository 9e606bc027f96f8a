//! An order's lines as facts come in: what is known for a line goes to it, what is known only for the order is split.
//!
//! Rules that must hold: parts sum to the whole; the order's coupons (each kind by itself) and freight are split by list
//! value, a refund by what each line has still unrefunded, taking all pieces of each, and a statement row by the goods
//! money each line has not yet settled. Ties begin at the smallest line id. An amount stated for a line that the order
//! does not have is known only for the order: money is never dropped. (Goods re-sent for such a line are: nobody knows
//! whose they were.)
//!
//! After that a line stands alone, but for its parcel ([`super::parcels`]) and for gifts, which settle with their order.
//!
//! Not here: the order of events ([`super::entries`]), what the sums mean ([`super::tally`]).

use super::facts::{Coupons, EventKind, LineFacts, OrderFacts};
use super::tally::{RefundPart, Settled, StatementPart, Tally};
use crate::domain::money::split;

/// The lines of an order, and what is known of it as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sale {
    /// By line id, as the order's.
    pub(super) lines: Vec<Tally>,
    /// Parcels as reported, else one.
    pub(super) parcels: i64,
    /// 推定结算 has been reached.
    inferred: bool,
}

impl Sale {
    /// The order as it was placed.
    pub(super) fn new(order: &OrderFacts) -> Self {
        debug_assert!(order.lines.is_sorted_by_key(|line| line.line_id), "lines stand by id");
        let mut of_order = OrderSplit::new(&order.lines);
        let mut lines = Vec::with_capacity(order.lines.len());
        let shop = of_order.parts(order.order_coupons.shop_fen);
        let platform = of_order.parts(order.order_coupons.platform_fen);
        let anchor = of_order.parts(order.order_coupons.anchor_fen);
        let freight = of_order.parts(order.buyer_freight_fen);
        for (i, line) in order.lines.iter().enumerate() {
            let coupons = Coupons {
                shop_fen: line.coupons.shop_fen + shop.of(i),
                platform_fen: line.coupons.platform_fen + platform.of(i),
                anchor_fen: line.coupons.anchor_fen + anchor.of(i),
            };
            lines.push(Tally::placed(line, coupons, freight.of(i)));
        }
        Self { lines, parcels: 1, inferred: false }
    }

    /// Takes in one event.
    pub(super) fn apply(&mut self, kind: &EventKind) {
        match *kind {
            EventKind::Paid => {}
            EventKind::Refund { line_id, refund_fen, freight_fen, subsidy_back_fen, outcome, pieces } => {
                let refund = RefundPart { money_fen: refund_fen, freight_fen, subsidy_back_fen, outcome, pieces };
                match self.line_mut(line_id) {
                    Some(line) => line.refund(&refund),
                    None => self.refund_order(&refund),
                }
            }
            EventKind::Settled { line_id, goods_fen, subsidy_fen, refund_fen, platform_fen, anchor_fen, .. } => {
                let row = StatementPart { goods_fen: goods_fen - refund_fen, subsidy_fen, platform_fen, anchor_fen };
                match self.line_mut(line_id) {
                    Some(line) => line.settle(&row),
                    None => self.settle_order(&row),
                }
            }
            EventKind::Inferred => self.inferred = true,
            EventKind::Parcels { parcels } => self.parcels = parcels,
            EventKind::Resend { line_id, pieces } => {
                if let Some(line) = self.line_mut(Some(line_id)) {
                    line.resend(pieces);
                }
            }
            EventKind::Compensation { line_id, fen } => match self.line_mut(Some(line_id)) {
                Some(line) => line.compensation_fen += fen,
                None => self.compensate_order(fen),
            },
        }
    }

    /// q of a line. A gift is settled once every line with money is.
    pub(super) fn settled(&self, index: usize) -> Settled {
        let line = &self.lines[index];
        if !line.is_gift {
            return line.settled(self.inferred);
        }
        let all = self.lines.iter().filter(|l| !l.is_gift).all(|l| l.settled(self.inferred).is_whole());
        if all { Settled::WHOLLY } else { Settled::NOT }
    }

    /// The line an amount is stated for; none when it is known only for the order, or for a line it does not have.
    fn line_mut(&mut self, line_id: Option<i64>) -> Option<&mut Tally> {
        let line_id = line_id?;
        self.lines.iter_mut().find(|line| line.line_id == line_id)
    }

    /// Splits a refund of the whole order by what each line has still unrefunded; all pieces of each line.
    fn refund_order(&mut self, refund: &RefundPart) {
        let weights: Vec<i64> = self.lines.iter().map(|l| l.unrefunded_fen().max(0)).collect();
        let start = self.first_line_id();
        let amounts = split(refund.money_fen, &weights, start);
        let freights = refund.freight_fen.map(|freight| split(freight, &weights, start));
        let subsidies = split(refund.subsidy_back_fen, &weights, start);
        for (i, line) in self.lines.iter_mut().enumerate() {
            line.refund(&RefundPart {
                money_fen: amounts[i],
                freight_fen: freights.as_ref().map(|parts| parts[i]),
                subsidy_back_fen: subsidies[i],
                outcome: refund.outcome,
                pieces: line.pieces,
            });
        }
    }

    /// Splits a statement row of the whole order by the goods money each line has not yet settled.
    fn settle_order(&mut self, row: &StatementPart) {
        let weights: Vec<i64> = self.lines.iter().map(|l| l.unsettled_goods_fen().abs()).collect();
        let start = self.first_line_id();
        let goods = split(row.goods_fen, &weights, start);
        let subsidies = split(row.subsidy_fen, &weights, start);
        let platform = split(row.platform_fen, &weights, start);
        let anchor = split(row.anchor_fen, &weights, start);
        for (i, line) in self.lines.iter_mut().enumerate() {
            line.settle(&StatementPart {
                goods_fen: goods[i],
                subsidy_fen: subsidies[i],
                platform_fen: platform[i],
                anchor_fen: anchor[i],
            });
        }
    }

    /// Splits money paid outside refunds by list value, as every amount of the order that has no rule of its own.
    fn compensate_order(&mut self, fen: i64) {
        let weights: Vec<i64> = self.lines.iter().map(|line| line.list_fen).collect();
        let parts = split(fen, &weights, self.first_line_id());
        for (line, part) in self.lines.iter_mut().zip(parts) {
            line.compensation_fen += part;
        }
    }

    fn first_line_id(&self) -> i64 {
        self.lines.first().map_or(0, |line| line.line_id)
    }
}

/// Splits the order's amounts over its lines by list value; most orders have one line or nothing to split.
struct OrderSplit<'a> {
    lines: &'a [LineFacts],
    weights: Vec<i64>,
}

/// The parts of one amount, by line.
enum Parts {
    Nothing,
    OneLine(i64),
    Each(Vec<i64>),
}

impl Parts {
    fn of(&self, index: usize) -> i64 {
        match self {
            Self::Nothing => 0,
            Self::OneLine(amount) => *amount,
            Self::Each(parts) => parts[index],
        }
    }
}

impl<'a> OrderSplit<'a> {
    fn new(lines: &'a [LineFacts]) -> Self {
        Self { lines, weights: Vec::new() }
    }

    fn parts(&mut self, amount: i64) -> Parts {
        match self.lines {
            _ if amount == 0 => Parts::Nothing,
            [] => Parts::Nothing,
            [_] => Parts::OneLine(amount),
            [first, ..] => {
                if self.weights.is_empty() {
                    self.weights = self.lines.iter().map(|line| line.list_fen).collect();
                }
                Parts::Each(split(amount, &self.weights, first.line_id))
            }
        }
    }
}
