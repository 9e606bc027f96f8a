//! What is known of an order's lines at a moment: sums of everything that has happened to each so far.
//!
//! Facts come for a line or for the whole order. What is known only for the order is split here, once, over its lines:
//! coupons and freight by list value, a refund by what each line has still unrefunded, a statement row by the goods
//! money each line has not yet settled. After that a line stands alone, but for its parcel ([`super::parcels`]) and
//! for gifts, which settle with their order.
//!
//! The words are those of docs/MONEY.md: goods paid G, freight paid F, refunded so far Rg and Rf, covered by
//! statements Cg (goods less refunds) and Cs (subsidies), subsidy S, value V = G − Rg + S, settled fraction q.
//! Nothing here depends on terms, supply or prices, so nothing here has versions.
//!
//! Not here: fees and parts ([`super::position`]), the order of events ([`super::entries`]).

use super::facts::{EventKind, LineFacts, OrderFacts, Outcome};
use crate::domain::money::{at_fraction, at_rate, split};

/// How much of a line is settled: a fraction between nothing and one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Settled {
    covered_fen: i64,
    left_fen: i64,
}

impl Settled {
    pub(super) const NOT: Self = Self { covered_fen: 0, left_fen: 1 };
    pub(super) const WHOLLY: Self = Self { covered_fen: 1, left_fen: 1 };

    pub(super) fn is_whole(self) -> bool {
        self == Self::WHOLLY
    }

    pub(super) fn has_begun(self) -> bool {
        self.covered_fen > 0
    }

    /// The settled twin of a column.
    pub(super) fn of(self, amount: i64) -> i64 {
        match self {
            Self::WHOLLY => amount,
            Self::NOT => 0,
            Self { covered_fen, left_fen } => at_fraction(amount, covered_fen, left_fen),
        }
    }
}

/// One line's sums so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    line_id: i64,
    pieces: i64,
    /// Value before coupons: the weight of every split over lines.
    pub(super) list_fen: i64,
    /// Neither list value nor coupons: a gift.
    pub(super) is_gift: bool,
    /// G: what the buyer paid for goods.
    pub(super) goods_fen: i64,
    /// F: what the buyer paid for freight.
    pub(super) freight_fen: i64,
    /// Platform and anchor coupons.
    coupons_fen: i64,
    /// Rg
    refunded_goods_fen: i64,
    /// Rf
    refunded_freight_fen: i64,
    subsidy_back_fen: i64,
    never_left_pieces: i64,
    returned_pieces: i64,
    resent_pieces: i64,
    pub(super) resent_parcels: i64,
    has_statement: bool,
    /// Cg
    covered_goods_fen: i64,
    /// Cs
    covered_subsidy_fen: i64,
    pub(super) platform_charged_fen: i64,
    pub(super) anchor_charged_fen: i64,
    pub(super) compensation_fen: i64,
}

impl Tally {
    /// Where the odd fen of a split over households begins.
    pub(super) fn line_id(&self) -> i64 {
        self.line_id
    }

    /// F′: freight paid and not refunded.
    pub(super) fn freight_left_fen(&self) -> i64 {
        self.freight_fen - self.refunded_freight_fen
    }

    fn goods_left_fen(&self) -> i64 {
        self.goods_fen - self.refunded_goods_fen
    }

    pub(super) fn refund_fen(&self) -> i64 {
        self.refunded_goods_fen + self.refunded_freight_fen
    }

    /// All goods money went back; freight may stay paid.
    pub(super) fn is_wholly_refunded(&self) -> bool {
        self.goods_fen > 0 && self.refunded_goods_fen >= self.goods_fen
    }

    /// No piece of it was ever sent, so it takes no part in the parcel.
    pub(super) fn never_left(&self) -> bool {
        self.pieces > 0 && self.never_left_pieces >= self.pieces
    }

    /// Pieces that reached somebody or were lost on the way, re-sent ones included.
    pub(super) fn consumed_pieces(&self) -> i64 {
        (self.pieces - self.never_left_pieces - self.returned_pieces + self.resent_pieces).max(0)
    }

    fn is_covered(&self) -> bool {
        self.has_statement && self.covered_goods_fen >= self.goods_left_fen()
    }

    /// S: the statement's figure once it covers the line, nothing after a whole refund, else the coupons less what
    /// the platform took back.
    pub(super) fn subsidy_fen(&self) -> i64 {
        let left = self.goods_left_fen();
        if self.is_covered() && (left > 0 || self.covered_goods_fen == left) {
            self.covered_subsidy_fen
        } else if self.is_wholly_refunded() {
            0
        } else {
            self.coupons_fen - self.subsidy_back_fen
        }
    }

    /// V: what the goods brought the shop.
    pub(super) fn value_fen(&self) -> i64 {
        self.goods_left_fen() + self.subsidy_fen()
    }

    /// A fee now: what was charged, and the dated rate on what no statement has covered yet. Refunded after its
    /// statement, it is given back in proportion until the statement's own reversal row comes.
    pub(super) fn fee_fen(&self, charged_fen: i64, rate_bp: i64) -> i64 {
        let value = self.value_fen();
        let covered = self.covered_goods_fen + self.covered_subsidy_fen;
        if self.has_statement && self.goods_left_fen() < self.covered_goods_fen {
            // a statement of nothing is no base to give back from
            return if covered == 0 { charged_fen } else { at_fraction(charged_fen, value, covered) };
        }
        charged_fen + at_rate((value - covered).max(0), rate_bp)
    }

    /// The line's own settled fraction, gifts apart.
    fn settled(&self, inferred: bool) -> Settled {
        if inferred || self.is_wholly_refunded() || self.is_covered() {
            Settled::WHOLLY
        } else if self.has_statement && self.covered_goods_fen > 0 {
            Settled { covered_fen: self.covered_goods_fen, left_fen: self.goods_left_fen() }
        } else {
            Settled::NOT
        }
    }

    fn refund(&mut self, refund: &Refund) {
        let goods_fen = match refund.freight_fen {
            Some(freight) => refund.refund_fen - freight,
            // goods first, freight when they are used up; brought back the other way round
            None if refund.refund_fen >= 0 => refund.refund_fen.min(self.goods_left_fen().max(0)),
            None => refund.refund_fen - refund.refund_fen.max(-self.refunded_freight_fen.max(0)),
        };
        self.refunded_goods_fen += goods_fen;
        self.refunded_freight_fen += refund.refund_fen - goods_fen;
        self.subsidy_back_fen += refund.subsidy_back_fen;
        match refund.outcome {
            Outcome::NeverLeft => self.never_left_pieces += refund.pieces,
            Outcome::Returned => self.returned_pieces += refund.pieces,
            Outcome::Lost | Outcome::Kept => {}
        }
    }

    fn settle(&mut self, row: &StatementRow) {
        self.has_statement = true;
        self.covered_goods_fen += row.goods_fen;
        self.covered_subsidy_fen += row.subsidy_fen;
        self.platform_charged_fen += row.platform_fen;
        self.anchor_charged_fen += row.anchor_fen;
    }
}

/// One line's part of a refund.
struct Refund {
    refund_fen: i64,
    freight_fen: Option<i64>,
    subsidy_back_fen: i64,
    outcome: Outcome,
    pieces: i64,
}

/// One line's part of a statement row.
struct StatementRow {
    /// Less the refunds contained in the row.
    goods_fen: i64,
    subsidy_fen: i64,
    platform_fen: i64,
    anchor_fen: i64,
}

/// The lines of an order, and what is known of it as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OrderTally {
    /// By line id, as the order's.
    pub(super) lines: Vec<Tally>,
    /// Parcels as reported, else one.
    pub(super) parcels: i64,
    /// 推定结算 has been reached.
    inferred: bool,
}

impl OrderTally {
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
            let shop_fen = line.coupons.shop_fen + shop.of(i);
            let platform_fen = line.coupons.platform_fen + platform.of(i);
            let anchor_fen = line.coupons.anchor_fen + anchor.of(i);
            lines.push(Tally {
                line_id: line.line_id,
                pieces: line.pieces,
                list_fen: line.list_fen,
                is_gift: line.list_fen == 0 && shop_fen == 0 && platform_fen == 0 && anchor_fen == 0,
                goods_fen: line.list_fen - shop_fen - platform_fen - anchor_fen,
                freight_fen: freight.of(i),
                coupons_fen: platform_fen + anchor_fen,
                refunded_goods_fen: 0,
                refunded_freight_fen: 0,
                subsidy_back_fen: 0,
                never_left_pieces: 0,
                returned_pieces: 0,
                resent_pieces: 0,
                resent_parcels: 0,
                has_statement: false,
                covered_goods_fen: 0,
                covered_subsidy_fen: 0,
                platform_charged_fen: 0,
                anchor_charged_fen: 0,
                compensation_fen: 0,
            });
        }
        Self { lines, parcels: 1, inferred: false }
    }

    /// Takes in one event.
    pub(super) fn apply(&mut self, kind: &EventKind) {
        match *kind {
            EventKind::Paid => {}
            EventKind::Refund { line_id, refund_fen, freight_fen, subsidy_back_fen, outcome, pieces } => {
                let refund = Refund { refund_fen, freight_fen, subsidy_back_fen, outcome, pieces };
                match self.line_mut(line_id) {
                    Some(line) => line.refund(&refund),
                    None => self.refund_order(&refund),
                }
            }
            EventKind::Settled { line_id, goods_fen, subsidy_fen, refund_fen, platform_fen, anchor_fen, .. } => {
                let row = StatementRow { goods_fen: goods_fen - refund_fen, subsidy_fen, platform_fen, anchor_fen };
                match self.line_mut(line_id) {
                    Some(line) => line.settle(&row),
                    None => self.settle_order(&row),
                }
            }
            EventKind::Inferred => self.inferred = true,
            EventKind::Parcels { parcels } => self.parcels = parcels,
            EventKind::Resend { line_id, pieces } => {
                if let Some(line) = self.line_mut(Some(line_id)) {
                    line.resent_pieces += pieces;
                    line.resent_parcels += 1;
                }
            }
            EventKind::Compensation { line_id, fen } => {
                if let Some(line) = self.line_mut(Some(line_id)) {
                    line.compensation_fen += fen;
                }
            }
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
    fn refund_order(&mut self, refund: &Refund) {
        let weights: Vec<i64> = self.lines.iter().map(|l| (l.goods_left_fen() + l.freight_left_fen()).max(0)).collect();
        let start = self.first_line_id();
        let amounts = split(refund.refund_fen, &weights, start);
        let freights = refund.freight_fen.map(|freight| split(freight, &weights, start));
        let subsidies = split(refund.subsidy_back_fen, &weights, start);
        for (i, line) in self.lines.iter_mut().enumerate() {
            line.refund(&Refund {
                refund_fen: amounts[i],
                freight_fen: freights.as_ref().map(|parts| parts[i]),
                subsidy_back_fen: subsidies[i],
                outcome: refund.outcome,
                pieces: line.pieces,
            });
        }
    }

    /// Splits a statement row of the whole order by the goods money each line has not yet settled.
    fn settle_order(&mut self, row: &StatementRow) {
        let weights: Vec<i64> = self.lines.iter().map(|l| (l.goods_left_fen() - l.covered_goods_fen).abs()).collect();
        let start = self.first_line_id();
        let goods = split(row.goods_fen, &weights, start);
        let subsidies = split(row.subsidy_fen, &weights, start);
        let platform = split(row.platform_fen, &weights, start);
        let anchor = split(row.anchor_fen, &weights, start);
        for (i, line) in self.lines.iter_mut().enumerate() {
            line.settle(&StatementRow {
                goods_fen: goods[i],
                subsidy_fen: subsidies[i],
                platform_fen: platform[i],
                anchor_fen: anchor[i],
            });
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
