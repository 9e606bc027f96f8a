//! One row of published figures: from sums over ledger rows and counts of orders to the numbers people read.
//!
//! Every page, file, picture and command shows a [`FigureRow`]; there is no other place where uplift, coverage or net
//! sales are computed, so two screens cannot disagree. A row is made from what can be added up (the ledger's columns,
//! the counts) and from the number of households, which never can: it is recounted for every range.
//!
//! Rules that must hold in each row:
//! - `net + subsidy = platform + anchor + logistics + packaging + operator + village + loss + farmer_income +
//!   farmer_income_provisional + unassigned`;
//! - `uplift = farmer_income − farmer_income_without_baseline − baseline − extra_cost`, settled amounts only; the low
//!   uplift uses the high baseline, the high one the low baseline;
//! - provisional (暂计) is all entries less the settled ones: a flow, negative in a month that settles earlier sales.
//!
//! Not here: which rows and counts belong to a question (`store::figures`), how a number is written (`web`, `cli`).

use super::amounts::{Amounts, Col};
use super::money::BP;
use std::ops::{Add, AddAssign, Neg};

/// How many orders and lines, each counted once in whatever group they are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Counts {
    pub orders_paid: i64,
    pub orders_unpaid: i64,
    pub orders_refunded: i64,
    pub lines: i64,
    pub lines_without_baseline: i64,
    pub lines_without_listing: i64,
}

impl Counts {
    /// Nothing counted.
    pub const ZERO: Self = Self {
        orders_paid: 0,
        orders_unpaid: 0,
        orders_refunded: 0,
        lines: 0,
        lines_without_baseline: 0,
        lines_without_listing: 0,
    };

    /// True when nothing is counted.
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.orders_paid += other.orders_paid;
        self.orders_unpaid += other.orders_unpaid;
        self.orders_refunded += other.orders_refunded;
        self.lines += other.lines;
        self.lines_without_baseline += other.lines_without_baseline;
        self.lines_without_listing += other.lines_without_listing;
    }
}

impl Add for Counts {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl Neg for Counts {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            orders_paid: -self.orders_paid,
            orders_unpaid: -self.orders_unpaid,
            orders_refunded: -self.orders_refunded,
            lines: -self.lines,
            lines_without_baseline: -self.lines_without_baseline,
            lines_without_listing: -self.lines_without_listing,
        }
    }
}

macro_rules! figure_row {
    ($($(#[$doc:meta])* $key:ident),+ $(,)?) => {
        /// The figures of one group over one range of days; `_fen` fen, `_g` grams, `_bp` basis points.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct FigureRow { $($(#[$doc])* pub $key: i64),+ }

        impl FigureRow {
            /// Every key, in the order they are printed.
            pub const KEYS: [&'static str; [$(stringify!($key)),+].len()] = [$(stringify!($key)),+];

            /// The values, in the order of [`Self::KEYS`].
            pub const fn values(&self) -> [i64; Self::KEYS.len()] {
                [$(self.$key),+]
            }
        }
    };
}

figure_row! {
    orders_paid,
    orders_unpaid,
    orders_refunded,
    lines,
    lines_without_baseline,
    lines_without_listing,
    /// 成交额: paid by buyers, their freight included, before refunds.
    gmv_fen,
    subsidy_fen,
    refund_fen,
    /// 净销售额: GMV less successful refunds.
    net_fen,
    /// Net sales of settled lines, buyer-paid freight included.
    settled_fen,
    platform_fen,
    anchor_fen,
    logistics_fen,
    packaging_fen,
    operator_fen,
    village_fen,
    loss_fen,
    unassigned_fen,
    /// 农户实收, settled.
    farmer_income_fen,
    /// 暂计: all entries less the settled ones.
    farmer_income_provisional_fen,
    /// The part of settled income with no price on its day: in income, not in uplift.
    farmer_income_without_baseline_fen,
    baseline_fen,
    extra_cost_fen,
    /// 助农增收, settled; may be negative.
    uplift_fen,
    uplift_low_fen,
    uplift_high_fen,
    uplift_provisional_fen,
    /// Share of settled income with a baseline.
    baseline_coverage_bp,
    weight_g,
    /// 带动农户: households with settled net sales above zero, counted once.
    households,
}

impl FigureRow {
    /// The figures of ledger sums, counts and a household count.
    pub fn from_sums(amounts: &Amounts, counts: Counts, households: i64) -> Self {
        let income = amounts[Col::SettledFarmer];
        let without_baseline = amounts[Col::SettledWithoutBaseline];
        let extra_cost = amounts[Col::SettledExtraCost];
        let settled_uplift = |baseline: Col| income - without_baseline - amounts[baseline] - extra_cost;
        let uplift = settled_uplift(Col::SettledBaselineMid);
        let uplift_of_all = uplift_so_far_fen(amounts, Col::BaselineMid);
        Self {
            orders_paid: counts.orders_paid,
            orders_unpaid: counts.orders_unpaid,
            orders_refunded: counts.orders_refunded,
            lines: counts.lines,
            lines_without_baseline: counts.lines_without_baseline,
            lines_without_listing: counts.lines_without_listing,
            gmv_fen: amounts[Col::Gmv],
            subsidy_fen: amounts[Col::Subsidy],
            refund_fen: amounts[Col::Refund],
            net_fen: amounts[Col::Gmv] - amounts[Col::Refund],
            settled_fen: amounts[Col::SettledNet],
            platform_fen: amounts[Col::Platform],
            anchor_fen: amounts[Col::Anchor],
            logistics_fen: amounts[Col::Logistics],
            packaging_fen: amounts[Col::Packaging],
            operator_fen: amounts[Col::Operator],
            village_fen: amounts[Col::Village],
            loss_fen: amounts[Col::Loss],
            unassigned_fen: amounts[Col::Unassigned],
            farmer_income_fen: income,
            farmer_income_provisional_fen: amounts[Col::Farmer] - income,
            farmer_income_without_baseline_fen: without_baseline,
            baseline_fen: amounts[Col::SettledBaselineMid],
            extra_cost_fen: extra_cost,
            uplift_fen: uplift,
            uplift_low_fen: settled_uplift(Col::SettledBaselineHigh),
            uplift_high_fen: settled_uplift(Col::SettledBaselineLow),
            uplift_provisional_fen: uplift_of_all - uplift,
            baseline_coverage_bp: coverage_bp(income, without_baseline),
            weight_g: amounts[Col::Goods],
            households,
        }
    }

    /// Names and values, in the order they are printed.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, i64)> {
        Self::KEYS.into_iter().zip(self.values())
    }

    /// The value of a key, where there is such a key.
    pub fn get(&self, key: &str) -> Option<i64> {
        self.iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// True when every number but the coverage (a rate, full when nothing was earned) is zero: such a group has no row.
    pub fn is_empty(&self) -> bool {
        self.iter().all(|(key, value)| value == 0 || key == "baseline_coverage_bp")
    }
}

/// Uplift with what is still provisional (增收，含暂计), by one of the three baselines: of a line or of a stream of this week
/// nothing is settled yet, and 0.00 beside its sales would say that it brought nothing.
pub fn uplift_so_far_fen(amounts: &Amounts, baseline: Col) -> i64 {
    amounts[Col::Farmer] - amounts[Col::WithoutBaseline] - amounts[baseline] - amounts[Col::ExtraCost]
}

/// Share of settled income that has a baseline, rounded down, within 0 and 10 000.
pub fn coverage_bp(income_fen: i64, without_baseline_fen: i64) -> i64 {
    if income_fen <= 0 {
        return if without_baseline_fen == 0 { BP } else { 0 };
    }
    let with_baseline = i128::from(income_fen) - i128::from(without_baseline_fen);
    let share = (i128::from(BP) * with_baseline).div_euclid(i128::from(income_fen));
    i64::try_from(share.clamp(0, i128::from(BP))).expect("clamped to one whole")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(pairs: &[(Col, i64)]) -> Amounts {
        let mut amounts = Amounts::ZERO;
        for &(column, value) in pairs {
            amounts[column] = value;
        }
        amounts
    }

    #[test]
    fn low_uplift_uses_the_high_baseline_and_provisional_is_the_rest() {
        let row = FigureRow::from_sums(
            &sums(&[
                (Col::Gmv, 5_000),
                (Col::Refund, 600),
                (Col::Farmer, 3_000),
                (Col::SettledFarmer, 1_000),
                (Col::BaselineMid, 1_800),
                (Col::SettledBaselineLow, 500),
                (Col::SettledBaselineMid, 600),
                (Col::SettledBaselineHigh, 700),
                (Col::SettledExtraCost, 10),
                (Col::ExtraCost, 30),
            ]),
            Counts { lines: 2, ..Counts::ZERO },
            1,
        );
        assert_eq!((row.net_fen, row.lines, row.households), (4_400, 2, 1));
        assert_eq!((row.uplift_low_fen, row.uplift_fen, row.uplift_high_fen), (290, 390, 490));
        assert_eq!(row.farmer_income_provisional_fen, 2_000);
        assert_eq!(row.uplift_provisional_fen, (3_000 - 1_800 - 30) - 390);
    }

    #[test]
    fn coverage_is_rounded_down_and_stays_within_nothing_and_all() {
        assert_eq!(coverage_bp(3, 1), 6_666);
        assert_eq!(coverage_bp(100, -5), 10_000);
        assert_eq!(coverage_bp(100, 200), 0);
        assert_eq!(
            (coverage_bp(0, 0), coverage_bp(-5, 0), coverage_bp(0, 7), coverage_bp(-5, -5)),
            (10_000, 10_000, 0, 0)
        );
    }

    #[test]
    fn a_row_of_nothing_but_full_coverage_is_empty() {
        let nothing = FigureRow::from_sums(&Amounts::ZERO, Counts::ZERO, 0);
        assert_eq!(nothing.baseline_coverage_bp, 10_000);
        assert!(nothing.is_empty());
        assert!(!FigureRow { orders_unpaid: 1, ..nothing }.is_empty());
    }

    #[test]
    fn keys_are_printed_in_the_agreed_order() {
        assert_eq!(FigureRow::KEYS.len(), 31);
        assert_eq!(
            (FigureRow::KEYS[0], FigureRow::KEYS[6], FigureRow::KEYS[30]),
            ("orders_paid", "gmv_fen", "households")
        );
        let row = FigureRow { weight_g: 7, ..FigureRow::default() };
        assert_eq!((row.get("weight_g"), row.get("no_such_key")), (Some(7), None));
    }
}
