//! How much of a change in income came from how much was sold, and how much from what a kilogram brought.
//!
//! Of goods with `F0` income for `W0` grams before and `F1` for `W1` after: volume is what the other weight would have
//! brought at the income a kilogram brought before, `round(F0 × (W1 − W0) ÷ W0)`; price is the rest of `F1 − F0`, so that
//! the two always add up to the change. Goods that were not sold before are all volume.
//!
//! Not here: which income and weight (`web::official::questions` says them where it shows the answer).

use super::money::at_fraction;

/// Income and weight of some goods in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sold {
    pub income_fen: i64,
    pub weight_g: i64,
}

/// Two parts of a change, which add up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    pub volume_fen: i64,
    pub price_fen: i64,
}

impl Parts {
    /// The parts of the change from one period to another.
    pub fn of(before: Sold, after: Sold) -> Self {
        let change = after.income_fen - before.income_fen;
        let volume_fen = if before.weight_g > 0 {
            at_fraction(before.income_fen, after.weight_g - before.weight_g, before.weight_g)
        } else {
            change
        };
        Self { volume_fen, price_fen: change - volume_fen }
    }

    /// The whole change.
    pub const fn change_fen(self) -> i64 {
        self.volume_fen + self.price_fen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn sold(income_fen: i64, weight_g: i64) -> Sold {
        Sold { income_fen, weight_g }
    }

    #[test]
    fn more_goods_at_the_same_price_are_volume_and_the_same_goods_at_a_higher_one_are_price() {
        let before = sold(1_000, 500);
        assert_eq!(Parts::of(before, sold(2_000, 1_000)), Parts { volume_fen: 1_000, price_fen: 0 });
        assert_eq!(Parts::of(before, sold(1_500, 500)), Parts { volume_fen: 0, price_fen: 500 });
        assert_eq!(Parts::of(before, sold(1_200, 400)), Parts { volume_fen: -200, price_fen: 400 });
    }

    #[test]
    fn the_parts_add_up_whatever_was_rounded() {
        let parts = Parts::of(sold(100, 3), sold(777, 7));
        assert_eq!((parts.volume_fen, parts.change_fen()), (133, 677));
        assert_eq!(Parts::of(sold(0, 0), sold(50, 2)), Parts { volume_fen: 50, price_fen: 0 });
        assert_eq!(Parts::of(sold(50, 2), sold(0, 0)), Parts { volume_fen: -50, price_fen: 0 });
    }
}
