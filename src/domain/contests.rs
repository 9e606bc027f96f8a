//! 技能比武: what a contest can count, and the ranking.
//!
//! Rules that must hold: what counts is chosen before; equal values share a place and the next place is skipped (1, 2, 2,
//! 4); whoever has no value in an indicator is last in it; the whole is by the sum of the places, again with ties shared,
//! so that no indicator weighs more because its numbers are larger.

/// Something that can be counted of somebody in a span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Indicator {
    /// Net sales, fen.
    Net,
    /// Net sales an hour on air, fen.
    NetAnHour,
    /// Uplift with what is provisional, fen.
    Uplift,
    /// Refunds by amount, basis points of GMV: the lower the better.
    RefundRate,
    /// Streams held.
    Streams,
    /// Class hours attended.
    ClassHours,
    /// Mean score of assessments, hundredths.
    Score,
}

impl Indicator {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Net, Self::NetAnHour, Self::Uplift, Self::RefundRate, Self::Streams, Self::ClassHours, Self::Score];

    /// As stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Net => "net",
            Self::NetAnHour => "net_an_hour",
            Self::Uplift => "uplift",
            Self::RefundRate => "refund_rate",
            Self::Streams => "streams",
            Self::ClassHours => "class_hours",
            Self::Score => "score",
        }
    }

    /// Reads [`Self::key`].
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.key() == key)
    }

    const fn is_better_low(self) -> bool {
        matches!(self, Self::RefundRate)
    }
}

/// Places of values, the best first; equal ones share a place.
fn places(values: &[Option<i64>], better_low: bool) -> Vec<usize> {
    let worth = |value: Option<i64>| value.map(|value| if better_low { -value } else { value });
    values.iter().map(|&own| 1 + values.iter().filter(|&&other| worth(other) > worth(own)).count()).collect()
}

/// How somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// In each indicator, in the contest's order.
    pub places: Vec<usize>,
    /// In the whole.
    pub place: usize,
}

/// Ranks entrants by indicators; `values` has a row an entrant.
pub fn rank(indicators: &[Indicator], values: &[Vec<Option<i64>>]) -> Vec<Ranked> {
    let by_indicator: Vec<Vec<usize>> = indicators
        .iter()
        .enumerate()
        .map(|(at, indicator)| {
            let column: Vec<Option<i64>> = values.iter().map(|row| row.get(at).copied().flatten()).collect();
            places(&column, indicator.is_better_low())
        })
        .collect();
    let sums: Vec<Option<i64>> = (0..values.len())
        .map(|entrant| i64::try_from(by_indicator.iter().map(|places| places[entrant]).sum::<usize>()).ok())
        .collect();
    let whole = places(&sums, true);
    (0..values.len())
        .map(|entrant| Ranked { places: by_indicator.iter().map(|p| p[entrant]).collect(), place: whole[entrant] })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_place_and_the_next_is_skipped() {
        assert_eq!(places(&[Some(5), Some(9), Some(5), None, Some(1)], false), [2, 1, 2, 5, 4]);
        assert_eq!(places(&[Some(5), Some(9), None], true), [1, 2, 3], "a low rate is good, no rate is not");
    }

    #[test]
    fn the_whole_is_by_the_sum_of_places() {
        let indicators = [Indicator::Net, Indicator::RefundRate];
        let values = [vec![Some(100), Some(900)], vec![Some(90), Some(100)], vec![Some(80), Some(500)]];
        let ranked = rank(&indicators, &values);
        assert_eq!(ranked.iter().map(|r| r.place).collect::<Vec<_>>(), [2, 1, 3]);
        assert_eq!(ranked[0].places, [1, 3]);
        assert!(Indicator::ALL.iter().all(|i| Indicator::parse(i.key()) == Some(*i)));
    }
}
