//! Where an amount becomes a place on paper: the only such conversion there is.
//!
//! It stays in integers. Places are tenths of a pixel ([`Tenth`]), fine enough that a curve does not stair-step
//! when the page is magnified; a float would buy nothing and would need an exception from the rule against floats
//! near money. Sums of amounts come in as `i128`, so that no total of 64-bit amounts overflows.

/// A tenth of a pixel.
pub type Tenth = i32;
/// Tenths in a pixel.
pub const TENTHS: i32 = 10;

/// `n / d` rounded to the nearest, halves up; `d` is positive.
fn nearest(n: i128, d: i128) -> i128 {
    (2 * n + d).div_euclid(2 * d)
}

/// A straight mapping of values onto a stretch of pixels, in either direction.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    low: i128,
    span: i128,
    at_low: i32,
    at_high: i32,
}

impl Scale {
    /// Maps `low` to the pixel `at_low` and `high` to `at_high`; an empty stretch of values is widened by one.
    pub fn new((low, high): (i128, i128), (at_low, at_high): (i32, i32)) -> Self {
        Self { low, span: (high - low).max(1), at_low, at_high }
    }

    /// The place of a value.
    pub fn tenth(&self, value: i128) -> Tenth {
        let length = i128::from(self.at_high - self.at_low) * i128::from(TENTHS);
        let along = nearest((value - self.low) * length, self.span);
        self.at_low * TENTHS + Tenth::try_from(along).expect("a value inside the scale lies on the paper")
    }

    /// The place of a value in whole pixels.
    pub fn px(&self, value: i128) -> i32 {
        (self.tenth(value) + TENTHS / 2).div_euclid(TENTHS)
    }
}

/// An axis with round marks: the first is at or below the lowest value, the last at or above the highest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The marks, ascending.
    pub ticks: Vec<i128>,
}

impl Axis {
    /// Marks 1, 2 or 5 × 10ⁿ apart (never closer than `finest`), about `wanted` of them, zero always among them.
    pub fn round(values: impl IntoIterator<Item = i128>, wanted: i128, finest: i128) -> Self {
        let (low, high) = values.into_iter().fold((0, 0), |(low, high): (i128, i128), v| (low.min(v), high.max(v)));
        let mut step = finest;
        let mut factors = [2, 5, 10].into_iter().cycle();
        let mut base = finest;
        while (high - low).max(1) > step * wanted {
            let factor = factors.next().expect("a cycle does not end");
            step = base * factor;
            if factor == 10 {
                base = step;
            }
        }
        let (first, last) = (low.div_euclid(step), -(-high).div_euclid(step));
        // Data without any height still gets one step, so that zero is a line and not the whole picture.
        let last = if first == last { first + 1 } else { last };
        Self { ticks: (first..=last).map(|n| n * step).collect() }
    }

    /// The lowest and the highest mark.
    pub fn ends(&self) -> (i128, i128) {
        (self.ticks[0], self.ticks[self.ticks.len() - 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_enclose_the_data_and_pass_through_zero() {
        assert_eq!(Axis::round([1_423], 5, 1).ticks, [0, 500, 1_000, 1_500]);
        assert_eq!(Axis::round([-7, 12], 5, 1).ticks, [-10, -5, 0, 5, 10, 15]);
        assert_eq!(Axis::round([-70], 4, 1).ticks, [-80, -60, -40, -20, 0]);
        assert_eq!(Axis::round([], 4, 100).ticks, [0, 100]);
        let huge = Axis::round([i128::from(i64::MAX)], 5, 100);
        assert!(huge.ticks.len() <= 7 && huge.ends().1 >= i128::from(i64::MAX));
    }

    #[test]
    fn a_scale_may_run_upwards() {
        let up = Scale::new((0, 200), (300, 100));
        assert_eq!((up.px(0), up.px(200), up.px(50)), (300, 100, 250));
        assert_eq!(up.tenth(1), 2_990);
        assert_eq!(Scale::new((5, 5), (0, 10)).px(5), 0);
    }
}
