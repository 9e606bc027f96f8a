//! Chance with a name: every draw of the world comes from a generator seeded with what it is drawn for.
//!
//! Rule: two draws for different purposes never share a generator, so adding a draw for one thing moves no other.
//! Chances are in basis points and ranges in integers: no float comes near an amount.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seeded generator.
#[derive(Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The generator of (seed, purpose, a, b).
    pub fn new(seed: u64, purpose: &[u8; 8], a: u64, b: i64) -> Self {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(purpose);
        key[16..24].copy_from_slice(&a.to_le_bytes());
        key[24..].copy_from_slice(&b.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A whole number in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// True in `bp` of ten thousand draws.
    pub fn chance(&mut self, bp: u32) -> bool {
        self.0.random_range(0..10_000_u32) < bp
    }

    /// One of the items.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.0.random_range(0..items.len())]
    }

    /// The place of one of the weights, as often as it weighs.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.0.random_range(0..weights.iter().sum::<u32>());
        for (i, &weight) in weights.iter().enumerate() {
            if left < weight {
                return i;
            }
            left -= weight;
        }
        weights.len() - 1
    }
}

/// A number that looks random and depends on `(seed, n)` alone: for digits of ids and for faults by record.
pub fn mix(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
