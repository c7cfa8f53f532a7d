//! Means with intervals, and paired comparisons by seed.
//!
//! A suite has few seeds, so intervals are Student's. Methods share their seeds (the same data order and the same initial draws
//! for equal shapes), so they are compared seed by seed. Several methods are compared with one control, so the tests of a
//! stream are corrected by Holm's step-down procedure.
//!
//! An accuracy is a number of rows over all rows, so a few seeds may agree to the digit by chance, and zero spread would make
//! any difference significant. Nothing is tested from fewer than [`FEWEST`] pairs, nor if the spread over seeds is below one
//! step of the measure: one more or one fewer correct row. In intervals a smaller spread is replaced by one step.
//!
//! Beside the test stand a bootstrap interval, the sign-flip test and the size of the effect; for several streams, mean ranks with
//! a critical difference; and for what is not settled, what so many seeds could have detected.

mod bootstrap;
mod friedman;
mod power;
pub(crate) mod random;
mod sign_flip;
mod size;
mod studentised;
mod welch;

pub use bootstrap::{Bootstrap, RESAMPLES};
pub use friedman::{FEWEST_STREAMS, Friedman, MOST_METHODS};
pub use power::{MOST_SEEDS, POWER, detectable, power, seeds_needed};
pub use sign_flip::SignFlip;
pub use size::EffectSize;
pub use studentised::critical as studentised_range;
pub use welch::Welch;

use statrs::distribution::{ContinuousCDF, StudentsT};
use std::collections::BTreeMap;

mod critical;

/// The confidence level of intervals.
pub const CONFIDENCE: f64 = 0.95;

/// The smallest number of pairs for a test. Of two seeds that cannot differ by less than a row, one pair in a few agrees by
/// chance; and the t-test of fewer pairs detects only differences of many times their spread.
pub const FEWEST: usize = 5;

/// A spread below this share of the values is due to rounding.
const ROUNDING: f64 = 1e-9;

/// A mean over seeds with its 95 % Student-t interval, `mean ± t(0.975, n − 1) · sd / √n`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number of seeds.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (n − 1); `None` for a single seed.
    pub sd: Option<f64>,
    /// Half the interval's width; `None` for a single seed.
    pub half_width: Option<f64>,
}

impl Estimate {
    /// The estimate of the given values; `None` if there are none or one is not finite.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        Self::stepped(values, 0.0)
    }

    /// The estimate of values with a smallest change: the interval uses at least this spread.
    #[must_use]
    pub fn stepped(values: &[f64], step: f64) -> Option<Self> {
        if values.is_empty() || values.iter().any(|v| !v.is_finite()) {
            return None;
        }
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        if n == 1 {
            return Some(Self {
                n,
                mean,
                sd: None,
                half_width: None,
            });
        }
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        let equal = values.iter().all(|v| *v == values[0]);
        let sd = if equal {
            0.0
        } else {
            (squares / (n - 1) as f64).sqrt()
        };
        // The mean of equal values is exactly that value.
        let mean = if equal { values[0] } else { mean };
        let spread = sd.max(step);
        let half_width = critical::value(n).map(|t| t * spread / (n as f64).sqrt());
        Some(Self {
            n,
            mean,
            sd: Some(sd),
            half_width,
        })
    }

    /// The interval's ends, if there is one.
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.half_width.map(|h| (self.mean - h, self.mean + h))
    }
}

/// The reason why a difference is not tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untested {
    /// There are fewer than [`FEWEST`] pairs.
    TooFewSeeds,
    /// The pairs differ from each other by less than one step of the measure.
    NoSpread,
}

impl Untested {
    /// A short description.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::TooFewSeeds => "too few seeds to tell",
            Self::NoSpread => "no spread to tell by",
        }
    }
}

/// The difference of two methods over the seeds that both finished, with the paired t-test of "no difference".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// The mean difference and its interval; without an interval if seeds do not differ at all.
    pub difference: Estimate,
    /// Two-sided p-value, or why there is none.
    pub p: Result<f64, Untested>,
}

impl Paired {
    /// `one − other`, seed by seed, of a measure with smallest change `step` (0 if unknown); `None` if they share no seed.
    #[must_use]
    pub fn of(one: &BTreeMap<u64, f64>, other: &BTreeMap<u64, f64>, step: f64) -> Option<Self> {
        let pairs: Vec<(f64, f64)> = one
            .iter()
            .filter_map(|(seed, value)| Some((*value, *other.get(seed)?)))
            .collect();
        let differences: Vec<f64> = pairs.iter().map(|(one, other)| one - other).collect();
        let mut difference = Estimate::stepped(&differences, step)?;
        let largest = pairs
            .iter()
            .fold(0.0_f64, |most, (one, other)| most.max(one.abs()).max(other.abs()));
        let least = step.max(ROUNDING * largest);
        if step == 0.0 && difference.sd.is_some_and(|sd| sd <= least) {
            // Equal differences on every seed: an interval of zero width would be a claim.
            difference.half_width = None;
        }
        Some(Self {
            difference,
            p: p_value(&difference, least),
        })
    }

    /// The p-value as a member of a family that is corrected together. A difference without spread was a candidate, and leaving
    /// it out afterwards would weaken the correction of the others.
    #[must_use]
    pub fn in_family(&self) -> Option<f64> {
        match self.p {
            Ok(p) => Some(p),
            Err(Untested::NoSpread) => Some(1.0),
            Err(Untested::TooFewSeeds) => None,
        }
    }
}

/// The paired t-test, if there is enough to test: `least` is the smallest spread that the measure can show.
fn p_value(difference: &Estimate, least: f64) -> Result<f64, Untested> {
    let (n, sd) = (difference.n, difference.sd.unwrap_or(0.0));
    if n < FEWEST {
        return Err(Untested::TooFewSeeds);
    }
    // Steps are fractions without an exact float: a spread of one step may come out slightly smaller.
    if sd == 0.0 || sd < least * (1.0 - ROUNDING) {
        return Err(Untested::NoSpread);
    }
    let t = difference.mean.abs() / (sd / (n as f64).sqrt());
    let tail = student(n).map(|student| 2.0 * student.sf(t));
    tail.map(|p| p.min(1.0)).ok_or(Untested::TooFewSeeds)
}

/// Student's distribution for n values.
fn student(n: usize) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, (n - 1) as f64).ok()
}

/// Holm's step-down correction (Holm 1979): adjusted p-values, in the order given. Each can be compared with the level while
/// the chance of any false rejection stays below it.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut floor = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        floor = floor.max((p[index] * (p.len() - rank) as f64).min(1.0));
        adjusted[index] = floor;
    }
    adjusted
}

/// Returns whether a corrected p-value is significant.
#[must_use]
pub fn settles(adjusted: f64) -> bool {
    adjusted < 1.0 - CONFIDENCE
}

/// The middle value, or the mean of the two; `None` for no values.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

#[cfg(test)]
mod tests;
