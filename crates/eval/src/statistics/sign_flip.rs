//! The exact sign-flip test of paired differences (Fisher 1935): under "no difference" each difference could as well have the
//! opposite sign, so p is the share of all 2ⁿ patterns of signs whose mean is at least as far from 0 as the observed one.
//!
//! It assumes no distribution, but n seeds have only 2ⁿ patterns: no p is below 2/2ⁿ, which is 0.25 for three seeds, 0.0625 for
//! five and 0.002 for ten.

use super::random::Random;

/// The most differences of which all patterns of signs are counted; of more, [`DRAWN`] patterns are drawn.
const EXACT: usize = 30;

/// The number of patterns drawn where there are too many to count.
const DRAWN: u32 = 99_999;

/// The seed of the drawn patterns.
const SEED: u64 = 1935;

/// Sums that differ by less than this share of the sum of magnitudes are equal.
const ROUNDING: f64 = 1e-9;

/// The result of a sign-flip test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignFlip {
    /// The two-sided p-value.
    pub p: f64,
    /// The smallest p-value that so many seeds can reach.
    pub least: f64,
}

impl SignFlip {
    /// The test of "the differences are as often positive as negative"; `None` for no differences or one that is not finite.
    #[must_use]
    pub fn of(differences: &[f64]) -> Option<Self> {
        let n = differences.len();
        let sum: f64 = differences.iter().sum();
        let size: f64 = differences.iter().map(|d| d.abs()).sum();
        if n == 0 || !size.is_finite() {
            return None;
        }
        // A pattern counts if its sum is at least this far from 0.
        let bound = sum.abs() - ROUNDING * size;
        let p = if bound <= 0.0 {
            1.0
        } else if n <= EXACT {
            counted(differences, bound)
        } else {
            drawn(differences, bound)
        };
        Some(Self {
            p,
            least: smallest(n),
        })
    }
}

/// The smallest two-sided p-value that n seeds can reach: 2/2ⁿ, at most 1; from drawn patterns, that of no other pattern drawn.
fn smallest(n: usize) -> f64 {
    if n <= EXACT {
        (2.0 / (n as f64).exp2()).min(1.0)
    } else {
        1.0 / f64::from(DRAWN + 1)
    }
}

/// The share of all patterns. The sums of two halves are sorted, so that pairs of them are counted and not listed: 2^(n/2) steps.
fn counted(differences: &[f64], bound: f64) -> f64 {
    let (left, right) = differences.split_at(differences.len() / 2);
    let (left, right) = (sums(left), sums(right));
    // For a rising sum of the left, ever more sums of the right reach the bound.
    let mut first = right.len();
    let mut reached = 0_u64;
    for sum in &left {
        while first > 0 && sum + right[first - 1] >= bound {
            first -= 1;
        }
        reached += (right.len() - first) as u64;
    }
    // Each pattern has its opposite, whose sum is as far on the other side.
    2.0 * reached as f64 / (left.len() as f64 * right.len() as f64)
}

/// The sums of all patterns of signs, sorted.
fn sums(values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0];
    for value in values {
        sums = sums.iter().flat_map(|sum| [sum - value, sum + value]).collect();
    }
    sums.sort_unstable_by(f64::total_cmp);
    sums
}

/// The share of drawn patterns, the observed one included (Phipson & Smyth 2010). A random bit is the sign of a difference, and eight of them look up the
/// sum of eight.
fn drawn(differences: &[f64], bound: f64) -> f64 {
    let mut random = Random(SEED);
    let words: Vec<Vec<Vec<f64>>> = differences
        .chunks(64)
        .map(|word| word.chunks(8).map(signed_sums).collect())
        .collect();
    let mut reached = 0_u32;
    for _ in 0..DRAWN {
        let mut sum = 0.0;
        for bytes in &words {
            let mut signs = random.bits();
            for sums in bytes {
                sum += sums[(signs & 255) as usize];
                signs >>= 8;
            }
        }
        reached += u32::from(f64::abs(sum) >= bound);
    }
    f64::from(reached + 1) / f64::from(DRAWN + 1)
}

/// The sums of at most eight differences for all patterns of bits: where a bit is 1 its difference is added, else subtracted. Bits beyond count nothing.
fn signed_sums(differences: &[f64]) -> Vec<f64> {
    let sum = |pattern: usize| {
        let terms = differences.iter().enumerate();
        terms
            .map(|(i, difference)| {
                if pattern >> i & 1 == 1 {
                    *difference
                } else {
                    -difference
                }
            })
            .sum()
    };
    (0..256).map(sum).collect()
}

#[cfg(test)]
mod tests;
