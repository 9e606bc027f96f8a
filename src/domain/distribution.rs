//! How an amount is spread over households, without telling of few of them: the households by steps of the amount, and
//! neighbouring steps taken together until five stand in each.

use super::disclosure::LEAST_HOUSEHOLDS;

/// Where steps begin, in fen: few for the many small amounts, wide for the few large ones.
const STEPS_FEN: [i64; 9] = [0, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000];

/// Households whose amount lies from one step to below another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// `None`: open downwards.
    pub from_fen: Option<i64>,
    /// `None`: open upwards.
    pub below_fen: Option<i64>,
    pub households: i64,
}

impl Bucket {
    /// True if an amount lies in it.
    pub fn holds(&self, fen: i64) -> bool {
        self.from_fen.is_none_or(|from| from <= fen) && self.below_fen.is_none_or(|below| fen < below)
    }
}

/// The buckets of some households' amounts, ascending, each of at least five; none where there are fewer than five.
pub fn buckets(amounts_fen: &[i64]) -> Vec<Bucket> {
    let mut edges = vec![None];
    edges.extend(STEPS_FEN.map(Some));
    let mut done: Vec<Bucket> = Vec::new();
    let mut open: Option<Bucket> = None;
    for (at, &from_fen) in edges.iter().enumerate() {
        let step = Bucket { from_fen, below_fen: edges.get(at + 1).copied().flatten(), households: 0 };
        let within = amounts_fen.iter().filter(|&&fen| step.holds(fen)).count();
        let households = i64::try_from(within).unwrap_or(i64::MAX);
        let begun = open.take().unwrap_or(Bucket { households: 0, ..step });
        let grown = Bucket { below_fen: step.below_fen, households: begun.households + households, ..begun };
        // a step of too few waits for the next one
        if grown.households >= LEAST_HOUSEHOLDS { done.push(grown) } else { open = Some(grown) }
    }
    // too few at the top join those below them
    if let (Some(rest), Some(last)) = (open, done.last_mut()) {
        last.below_fen = rest.below_fen;
        last.households += rest.households;
    }
    done
}

/// The middle of the amounts; of an even number the mean of the two in the middle.
pub fn median_fen(amounts_fen: &[i64]) -> Option<i64> {
    let mut sorted = amounts_fen.to_vec();
    sorted.sort_unstable();
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(super::money::round_div(i128::from(sorted[half - 1]) + i128::from(upper), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(amounts_fen: &[i64]) -> Vec<(Option<i64>, Option<i64>, i64)> {
        buckets(amounts_fen).into_iter().map(|b| (b.from_fen, b.below_fen, b.households)).collect()
    }

    #[test]
    fn steps_of_few_households_join_their_neighbours_and_nobody_is_lost() {
        let mut amounts = vec![-500, -20];
        amounts.extend([1_000; 6]);
        amounts.extend([30_000; 4]);
        amounts.extend([70_000; 5]);
        amounts.extend([3_000_000, 9_000_000]);
        let expected =
            [(None, Some(20_000), 8), (Some(20_000), Some(100_000), 9)].map(|(from, below, n)| (from, below, n));
        let made = spread(&amounts);
        assert_eq!(made[0], expected[0]);
        assert_eq!(made.last().map(|b| (b.0, b.1)), Some((Some(20_000), None)), "the two at the top joined: {made:?}");
        assert_eq!(made.iter().map(|b| b.2).sum::<i64>(), 19);
        assert!(made.iter().all(|b| b.2 >= LEAST_HOUSEHOLDS));
    }

    #[test]
    fn fewer_than_five_households_have_no_distribution() {
        assert_eq!(buckets(&[1, 2, 3, 4]), []);
        assert_eq!(spread(&[1, 2, 3, 4, 5]), [(None, None, 5)]);
    }

    #[test]
    fn an_amount_on_a_step_belongs_to_the_step_it_begins() {
        let amounts = [[20_000; 5], [19_999; 5]].concat();
        let made = buckets(&amounts);
        assert_eq!(made.iter().map(|b| b.households).collect::<Vec<_>>(), [5, 5]);
        assert!(made[1].holds(20_000) && !made[0].holds(20_000));
    }

    #[test]
    fn the_median_of_an_even_number_is_rounded_half_up() {
        assert_eq!(median_fen(&[]), None);
        assert_eq!(median_fen(&[9, 1, 5]), Some(5));
        assert_eq!(median_fen(&[1, 2]), Some(2));
    }
}
