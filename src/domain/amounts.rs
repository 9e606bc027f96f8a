//! The columns of the ledger: one list, from which records, sums and SQL are made.
//!
//! Every ledger row, rollup row and figure is an [`Amounts`]: a vector of integers in the order of [`Col`].
//! Rule that must hold in each ([`Amounts::balances`]):
//! `gmv + subsidy − refund = farmer + operator + village + anchor + platform + logistics + packaging + loss + unassigned`.
//! Adding a column is adding it to [`columns!`] and to the migrations; nothing else lists them.

use std::ops::{Add, AddAssign, Index, IndexMut, Neg, Sub};

macro_rules! columns {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// A column of the ledger; `_fen` amounts but for [`Col::Goods`], which is grams.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Col { $($variant),+ }

        impl Col {
            /// Every column, in the order they are stored.
            pub const ALL: [Col; [$($name),+].len()] = [$(Col::$variant),+];
            /// The column's name in SQL and JSON.
            pub const fn name(self) -> &'static str { match self { $(Col::$variant => $name),+ } }
        }
    };
}

columns! {
    Gmv "gmv_fen", Subsidy "subsidy_fen", Refund "refund_fen",
    Farmer "farmer_fen", Operator "operator_fen", Village "village_fen", Anchor "anchor_fen",
    Platform "platform_fen", Logistics "logistics_fen", Packaging "packaging_fen", Loss "loss_fen",
    Unassigned "unassigned_fen",
    Goods "goods_g",
    BaselineLow "baseline_low_fen", BaselineMid "baseline_mid_fen", BaselineHigh "baseline_high_fen",
    ExtraCost "extra_cost_fen", WithoutBaseline "farmer_without_baseline_fen",
    SettledNet "settled_net_fen", SettledFarmer "settled_farmer_fen",
    SettledBaselineLow "settled_baseline_low_fen", SettledBaselineMid "settled_baseline_mid_fen",
    SettledBaselineHigh "settled_baseline_high_fen", SettledExtraCost "settled_extra_cost_fen",
    SettledWithoutBaseline "settled_without_baseline_fen",
}

/// Number of columns.
pub const COLUMNS: usize = Col::ALL.len();

/// One value per column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts(pub [i64; COLUMNS]);

impl Amounts {
    /// Nothing in any column.
    pub const ZERO: Self = Self([0; COLUMNS]);

    /// True when no column holds anything.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|&v| v == 0)
    }

    /// What buyers and platforms paid in, less what went back: `gmv + subsidy − refund`.
    pub fn paid_in(&self) -> i64 {
        self[Col::Gmv] + self[Col::Subsidy] - self[Col::Refund]
    }

    /// What all parties received together.
    pub fn paid_out(&self) -> i64 {
        const PARTIES: [Col; 9] = [
            Col::Farmer,
            Col::Operator,
            Col::Village,
            Col::Anchor,
            Col::Platform,
            Col::Logistics,
            Col::Packaging,
            Col::Loss,
            Col::Unassigned,
        ];
        PARTIES.iter().map(|&c| self[c]).sum()
    }

    /// The rule of every ledger row.
    pub fn balances(&self) -> bool {
        self.paid_in() == self.paid_out()
    }
}

impl Index<Col> for Amounts {
    type Output = i64;
    fn index(&self, column: Col) -> &i64 {
        &self.0[column as usize]
    }
}

impl IndexMut<Col> for Amounts {
    fn index_mut(&mut self, column: Col) -> &mut i64 {
        &mut self.0[column as usize]
    }
}

impl AddAssign for Amounts {
    fn add_assign(&mut self, other: Self) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a += b;
        }
    }
}

impl Add for Amounts {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl Neg for Amounts {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.map(|v| -v))
    }
}

impl Sub for Amounts {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl std::iter::Sum for Amounts {
    fn sum<I: Iterator<Item = Self>>(rows: I) -> Self {
        rows.fold(Self::ZERO, Add::add)
    }
}
