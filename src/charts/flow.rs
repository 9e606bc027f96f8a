//! Where each yuan went: from what buyers paid down to the uplift, as a waterfall.
//!
//! Rule that must hold, the ledger's own balance on settled and unsettled entries together:
//! `buyers paid + subsidy − refund − platform and anchors − freight and packaging − operator, village and
//! compensation − unassigned − provisional = farmer income`, and from there
//! `− without baseline − baseline − extra cost = uplift`. Were it ever broken, the picture would say so in a row of its
//! own instead of drawing a waterfall that does not arrive.
//!
//! The totals (paid, income, uplift) start at zero; what lies between hangs from the level before it. A step that
//! gives money back (an operator who paid more than it kept) goes up. Steps that are zero and rare are left out.

use plotters::style::RGBColor;

use super::frame::{Frame, Width};
use super::numbers::Unit;
use super::palette::{INK, KUMQUAT, SAND, SLATE, TEA};
use super::rows::{Row, Rows};

/// The sums of a range, in fen, each positive when the party receives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow {
    pub buyers_paid_fen: i64,
    pub subsidy_fen: i64,
    pub refund_fen: i64,
    pub platform_anchor_fen: i64,
    pub logistics_packaging_fen: i64,
    pub operator_village_loss_fen: i64,
    /// Of lines without a listing.
    pub unassigned_fen: i64,
    /// Farmer income not settled yet.
    pub provisional_fen: i64,
    /// Settled.
    pub farmer_income_fen: i64,
    pub without_baseline_fen: i64,
    /// Income without a baseline may not stand by itself and is part of `baseline_fen`.
    pub baseline_joined: bool,
    pub baseline_fen: i64,
    pub extra_cost_fen: i64,
    pub uplift_fen: i64,
}

/// What a row does to the level.
enum Step {
    /// Starts from zero and sets the level.
    Total(i128),
    /// Takes away from the level.
    Less(i128),
    /// Adds to it.
    Plus(i128),
}

impl std::ops::Add for Flow {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            buyers_paid_fen: self.buyers_paid_fen + other.buyers_paid_fen,
            subsidy_fen: self.subsidy_fen + other.subsidy_fen,
            refund_fen: self.refund_fen + other.refund_fen,
            platform_anchor_fen: self.platform_anchor_fen + other.platform_anchor_fen,
            logistics_packaging_fen: self.logistics_packaging_fen + other.logistics_packaging_fen,
            operator_village_loss_fen: self.operator_village_loss_fen + other.operator_village_loss_fen,
            unassigned_fen: self.unassigned_fen + other.unassigned_fen,
            provisional_fen: self.provisional_fen + other.provisional_fen,
            farmer_income_fen: self.farmer_income_fen + other.farmer_income_fen,
            without_baseline_fen: self.without_baseline_fen + other.without_baseline_fen,
            baseline_joined: self.baseline_joined || other.baseline_joined,
            baseline_fen: self.baseline_fen + other.baseline_fen,
            extra_cost_fen: self.extra_cost_fen + other.extra_cost_fen,
            uplift_fen: self.uplift_fen + other.uplift_fen,
        }
    }
}

impl Flow {
    /// The same with income without a baseline in the baseline value.
    #[must_use]
    pub const fn joined(self) -> Self {
        Self {
            without_baseline_fen: 0,
            baseline_joined: true,
            baseline_fen: self.baseline_fen + self.without_baseline_fen,
            ..self
        }
    }

    /// What the parts fail to explain: up to the farmer income, and from there to the uplift. Zero in a sound ledger.
    fn unexplained(&self) -> (i128, i128) {
        let sum = |parts: &[i64]| parts.iter().map(|&p| i128::from(p)).sum::<i128>();
        let kept = sum(&[self.buyers_paid_fen, self.subsidy_fen]) - i128::from(self.refund_fen);
        let others = sum(&[
            self.platform_anchor_fen,
            self.logistics_packaging_fen,
            self.operator_village_loss_fen,
            self.unassigned_fen,
            self.provisional_fen,
        ]);
        let income = i128::from(self.farmer_income_fen);
        let not_uplift = sum(&[self.without_baseline_fen, self.baseline_fen, self.extra_cost_fen]);
        (kept - others - income, income - not_uplift - i128::from(self.uplift_fen))
    }
}

/// The picture.
pub fn svg(data: &Flow, frame: &Frame<'_>, width: Width) -> String {
    let words = frame.words();
    if *data == Flow::default() {
        return frame.draw_empty(width, words.nothing_sold, words.nothing_sold_do);
    }
    let (before_income, before_uplift) = data.unexplained();
    let baseline = if data.baseline_joined { words.baseline_joined } else { words.baseline };
    let steps = [
        (words.buyers_paid, Step::Total(data.buyers_paid_fen.into()), SLATE, true),
        (words.subsidy, Step::Plus(data.subsidy_fen.into()), SAND[3], false),
        (words.refund, Step::Less(data.refund_fen.into()), SAND[1], true),
        (words.platform_anchor, Step::Less(data.platform_anchor_fen.into()), SAND[1], true),
        (words.logistics_packaging, Step::Less(data.logistics_packaging_fen.into()), SAND[1], true),
        (words.operator_village_loss, Step::Less(data.operator_village_loss_fen.into()), SAND[1], true),
        (words.unassigned, Step::Less(data.unassigned_fen.into()), SAND[1], false),
        (words.provisional, Step::Less(data.provisional_fen.into()), SAND[1], false),
        (words.unexplained, Step::Less(before_income), INK, false),
        (words.income, Step::Total(data.farmer_income_fen.into()), TEA, true),
        (words.without_baseline, Step::Less(data.without_baseline_fen.into()), SAND[3], false),
        (baseline, Step::Less(data.baseline_fen.into()), SAND[3], true),
        (words.extra_cost, Step::Less(data.extra_cost_fen.into()), SAND[3], false),
        (words.unexplained, Step::Less(before_uplift), INK, false),
        (words.uplift, Step::Total(data.uplift_fen.into()), KUMQUAT, true),
    ];
    let unit = Unit::of([data.buyers_paid_fen, data.farmer_income_fen, data.uplift_fen].map(i128::from));
    let rows = rows(steps, unit);
    let rows = Rows::lay(&rows, width);
    frame.draw(width, unit.name(words), rows.height(), |sheet| rows.paint(sheet))
}

fn rows(steps: impl IntoIterator<Item = (&'static str, Step, RGBColor, bool)>, unit: Unit) -> Vec<Row> {
    let mut level = 0;
    let mut rows = Vec::new();
    for (name, step, colour, always) in steps {
        let (from, to) = match step {
            Step::Total(fen) => (0, fen),
            Step::Less(fen) => (level, level - fen),
            Step::Plus(fen) => (level, level + fen),
        };
        if from == to && !always {
            continue;
        }
        let strong = matches!(step, Step::Total(_));
        // Totals are printed as they are, steps as what they change.
        let value = unit.value(to - from);
        rows.push(Row {
            name: name.to_owned(),
            basis: String::new(),
            from,
            to,
            value,
            colour,
            strong,
            level_after: Some(to),
        });
        level = to;
    }
    rows
}
