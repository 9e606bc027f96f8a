//! What is known of one line at a moment: sums of everything that has happened to it so far.
//!
//! The words are those of docs/MONEY.md: goods paid G, freight paid F, refunded so far Rg and Rf, covered by
//! statements Cg (goods less refunds) and Cs (subsidies), subsidy S, value V = G − Rg + S, settled fraction q.
//! Nothing here depends on terms, supply or prices, so nothing here has versions.
//!
//! Not here: what is known only for the whole order ([`super::sale`]), a line's parts ([`super::position`]).

use super::facts::{Coupons, LineFacts, Outcome};
use crate::domain::money::{at_fraction, at_rate};

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
    /// Where the odd fen of a split over households begins.
    pub(super) line_id: i64,
    pub(super) pieces: i64,
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
    /// A line as it was placed, with all its coupons and its part of the order's freight.
    pub(super) fn placed(line: &LineFacts, coupons: Coupons, freight_fen: i64) -> Self {
        let reductions_fen = coupons.shop_fen + coupons.platform_fen + coupons.anchor_fen;
        Self {
            line_id: line.line_id,
            pieces: line.pieces,
            list_fen: line.list_fen,
            is_gift: line.list_fen == 0 && coupons == Coupons::default(),
            goods_fen: line.list_fen - reductions_fen,
            freight_fen,
            coupons_fen: coupons.platform_fen + coupons.anchor_fen,
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
        }
    }

    /// F′: freight paid and not refunded.
    pub(super) fn freight_left_fen(&self) -> i64 {
        self.freight_fen - self.refunded_freight_fen
    }

    /// G − Rg
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

    /// Goods money no statement has covered yet; negative when it covers what was refunded since.
    pub(super) fn unsettled_goods_fen(&self) -> i64 {
        self.goods_left_fen() - self.covered_goods_fen
    }

    /// What the buyer has not got back, goods and freight.
    pub(super) fn unrefunded_fen(&self) -> i64 {
        self.goods_left_fen() + self.freight_left_fen()
    }

    /// Goods sent once more, in a parcel of their own.
    pub(super) fn resend(&mut self, pieces: i64) {
        self.resent_pieces += pieces;
        self.resent_parcels += 1;
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
    pub(super) fn settled(&self, inferred: bool) -> Settled {
        if inferred || self.is_wholly_refunded() || self.is_covered() {
            Settled::WHOLLY
        } else if self.has_statement && self.covered_goods_fen > 0 {
            Settled { covered_fen: self.covered_goods_fen, left_fen: self.goods_left_fen() }
        } else {
            Settled::NOT
        }
    }

    pub(super) fn refund(&mut self, refund: &RefundPart) {
        let goods_fen = match refund.freight_fen {
            Some(freight) => refund.money_fen - freight,
            // goods first, freight when they are used up; brought back the other way round
            None if refund.money_fen >= 0 => refund.money_fen.min(self.goods_left_fen().max(0)),
            None => refund.money_fen - refund.money_fen.max(-self.refunded_freight_fen.max(0)),
        };
        self.refunded_goods_fen += goods_fen;
        self.refunded_freight_fen += refund.money_fen - goods_fen;
        self.subsidy_back_fen += refund.subsidy_back_fen;
        match refund.outcome {
            Outcome::NeverLeft => self.never_left_pieces += refund.pieces,
            Outcome::Returned => self.returned_pieces += refund.pieces,
            Outcome::Lost | Outcome::Kept => {}
        }
    }

    pub(super) fn settle(&mut self, row: &StatementPart) {
        self.has_statement = true;
        self.covered_goods_fen += row.goods_fen;
        self.covered_subsidy_fen += row.subsidy_fen;
        self.platform_charged_fen += row.platform_fen;
        self.anchor_charged_fen += row.anchor_fen;
    }
}

/// One line's part of a refund.
#[derive(Debug, Clone, Copy)]
pub(super) struct RefundPart {
    /// Goods and freight.
    pub(super) money_fen: i64,
    pub(super) freight_fen: Option<i64>,
    pub(super) subsidy_back_fen: i64,
    pub(super) outcome: Outcome,
    pub(super) pieces: i64,
}

/// One line's part of a statement row.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_field_names, reason = "units stand last in every name")]
pub(super) struct StatementPart {
    /// Less the refunds contained in the row.
    pub(super) goods_fen: i64,
    pub(super) subsidy_fen: i64,
    pub(super) platform_fen: i64,
    pub(super) anchor_fen: i64,
}
