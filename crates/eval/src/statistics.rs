//! Means with intervals, and paired comparisons by seed.
//!
//! A suite has few seeds, so intervals are Student's. Methods see the same seeds (the same data order and the same
//! initial draws where they share a shape), so they are compared seed by seed. Several methods are compared with one control,
//! so the tests of a stream are corrected by Holm's step-down procedure.

use statrs::distribution::{ContinuousCDF, StudentsT};
use std::collections::BTreeMap;

/// The confidence that intervals have.
pub const CONFIDENCE: f64 = 0.95;

/// A mean over seeds with its 95 % Student-t interval, `mean ± t(0.975, n − 1) · sd / √n`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// How many seeds.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (n − 1); none for a single seed.
    pub sd: Option<f64>,
    /// Half the interval's width; none for a single seed.
    pub half_width: Option<f64>,
}

impl Estimate {
    /// Of the given values; none if there are none or one is not finite.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
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
        // A mean of equal values is that value, and not its neighbour.
        let mean = if equal { values[0] } else { mean };
        let half_width = student(n).map(|t| t.inverse_cdf(0.5 + CONFIDENCE / 2.0) * sd / (n as f64).sqrt());
        Some(Self {
            n,
            mean,
            sd: Some(sd),
            half_width,
        })
    }

    /// The interval's ends, where there is one.
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.half_width.map(|h| (self.mean - h, self.mean + h))
    }
}

/// The difference of two methods over the seeds that both finished, with the paired t-test of "no difference".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// The mean difference and its interval.
    pub difference: Estimate,
    /// Two-sided p-value; none with fewer than two pairs. If every seed gives the same difference it is the limit: 1
    /// for none, else 0.
    pub p: Option<f64>,
}

impl Paired {
    /// `one − other`, seed by seed; none if they share no seed.
    #[must_use]
    pub fn of(one: &BTreeMap<u64, f64>, other: &BTreeMap<u64, f64>) -> Option<Self> {
        let differences: Vec<f64> = one
            .iter()
            .filter_map(|(seed, value)| other.get(seed).map(|o| value - o))
            .collect();
        let difference = Estimate::of(&differences)?;
        Some(Self {
            difference,
            p: p_value(&difference),
        })
    }
}

fn p_value(difference: &Estimate) -> Option<f64> {
    let sd = difference.sd?;
    if sd == 0.0 {
        return Some(if difference.mean == 0.0 { 1.0 } else { 0.0 });
    }
    let t = difference.mean.abs() / (sd / (difference.n as f64).sqrt());
    Some((2.0 * student(difference.n)?.sf(t)).min(1.0))
}

fn student(n: usize) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, (n - 1) as f64).ok()
}

/// Holm's step-down correction (Holm 1979): adjusted p-values, in the order given, that may each be held against the level
/// while the chance of any false rejection stays below it.
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

/// Whether a corrected p-value settles a question.
#[must_use]
pub fn settles(adjusted: f64) -> bool {
    adjusted < 1.0 - CONFIDENCE
}

/// The middle value, or the mean of the two; none of nothing.
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
