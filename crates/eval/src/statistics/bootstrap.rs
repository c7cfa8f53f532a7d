//! Bootstrap intervals of a mean: bias-corrected and accelerated (BCa; Efron 1987), with resamples drawn from a fixed seed.
//!
//! Seeds are resampled, so the interval assumes no distribution. With few seeds it is too narrow: of five normal values the
//! 95 % interval covers the mean in about 83 % of cases, of ten in 90 %, of twenty in 93 %. The Student interval covers it in 95 %
//! of cases for any number of normal values, which is why tests and verdicts are the Student ones, and the bootstrap stands
//! beside them: where the two differ much, the values are skewed or have an outlier.

use super::random::Random;
use super::{CONFIDENCE, FEWEST};
use statrs::distribution::{ContinuousCDF, Normal};

/// The number of resamples.
pub const RESAMPLES: usize = 9_999;

/// The seed of the resamples: equal values have equal intervals, whatever else is computed.
const SEED: u64 = 1987;

/// A bootstrap interval of a mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The number of resamples that it is made from.
    pub resamples: usize,
}

impl Bootstrap {
    /// The 95 % interval of the mean of the given values; `None` for fewer than [`FEWEST`] values, values that are not finite,
    /// and values without spread.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.len() < FEWEST {
            return None;
        }
        bca(values, RESAMPLES, &mut Random(SEED))
    }
}

/// The interval from so many resamples.
fn bca(values: &[f64], resamples: usize, random: &mut Random) -> Option<Bootstrap> {
    let n = values.len();
    let mean = values.iter().sum::<f64>() / n as f64;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    let size = values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    // Sums in another order differ by this much.
    let rounding = 1e-12 * size;
    if !squares.is_finite() || squares.sqrt() <= rounding * n as f64 {
        return None;
    }
    // Plain loops: this is most of a large report, and the report is compiled without optimisation.
    let mut means = Vec::with_capacity(resamples);
    while means.len() < resamples {
        let (mut sum, mut drawn) = (0.0, 0);
        while drawn < n {
            sum += values[random.below(n)];
            drawn += 1;
        }
        means.push(sum / n as f64);
    }
    let normal = Normal::standard();
    // The bias: the share of resamples below the mean, ties as half.
    let below: f64 = means.iter().map(|m| share_below(*m, mean, rounding)).sum();
    let bias = normal.inverse_cdf(below / resamples as f64);
    // The acceleration, from leaving out one value at a time: Σu³ / 6 (Σu²)^(3/2) with u in proportion to the values' deviations.
    let cubes: f64 = values.iter().map(|v| (v - mean).powi(3)).sum();
    let acceleration = cubes / (6.0 * squares.powf(1.5));
    let level = |quantile: f64| {
        let z = bias + normal.inverse_cdf(quantile);
        normal.cdf(bias + z / (1.0 - acceleration * z))
    };
    let tail = (1.0 - CONFIDENCE) / 2.0;
    let (low, high) = (level(tail), level(1.0 - tail));
    means.sort_unstable_by(f64::total_cmp);
    let (low, high) = (quantile(&means, low)?, quantile(&means, high)?);
    Some(Bootstrap { low, high, resamples })
}

fn share_below(resampled: f64, mean: f64, rounding: f64) -> f64 {
    if (resampled - mean).abs() <= rounding {
        0.5
    } else if resampled < mean {
        1.0
    } else {
        0.0
    }
}

/// The quantile of sorted values, between neighbours in proportion; `None` for a level that is not a number.
fn quantile(sorted: &[f64], level: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&level) {
        return None;
    }
    let place = level * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    let (low, high) = (sorted.get(below)?, sorted.get(above)?);
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests;
