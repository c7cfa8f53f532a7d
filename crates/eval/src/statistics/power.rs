//! The power of the paired t-test: the difference that so many seeds can detect, and the seeds that a difference takes.
//!
//! Under a true difference of d standard deviations the statistic has the noncentral t-distribution with ν = n − 1 degrees of
//! freedom and noncentrality d√n. With S = √(χ²_ν/ν) it is (Z + d√n)/S, so
//!
//! ```text
//! P(T > c) = ∫ Φ(d√n − c s) f_S(s) ds,   f_S(s) = 2 (ν/2)^(ν/2) / Γ(ν/2) · s^(ν−1) e^(−ν s²/2)
//! ```
//!
//! which is integrated numerically; no normal approximation is made. Powers agree with SciPy's `nct` to 1e-6.

use super::{FEWEST, student};
use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::ln_gamma;

/// The probability with which a difference is to be found.
pub const POWER: f64 = 0.8;

/// The most seeds of a suite.
pub const MOST_SEEDS: usize = 10_000;

/// Steps of the integral.
const STEPS: usize = 600;

/// The probability that n pairs with a true difference of `effect` standard deviations are found to differ by the two-sided test at
/// this level; 0 for fewer than two pairs.
#[must_use]
pub fn power(n: usize, effect: f64, level: f64) -> f64 {
    let Some(critical) = (n >= 2)
        .then(|| student(n))
        .flatten()
        .map(|t| t.inverse_cdf(1.0 - level / 2.0))
    else {
        return 0.0;
    };
    let (freedom, shift) = ((n - 1) as f64, effect.abs() * (n as f64).sqrt());
    let half = freedom / 2.0;
    let constant = (2.0_f64).ln() + half * half.ln() - ln_gamma(half);
    let density = |s: f64| {
        if s <= 0.0 {
            return if freedom == 1.0 { constant.exp() } else { 0.0 };
        }
        (constant + (freedom - 1.0) * s.ln() - half * s * s).exp()
    };
    let normal = Normal::standard();
    let found = |s: f64| normal.cdf(shift - critical * s) + normal.cdf(-shift - critical * s);
    // S is near 1 with a standard deviation of about 1/√(2ν).
    let reach = 10.0 / (2.0 * freedom).sqrt();
    let (from, to) = ((1.0 - reach).max(0.0), 1.0 + reach);
    // Near 0 a large critical value makes the integrand steep: steps are finer there, with s = to·u³.
    let whole = if from > 0.0 {
        simpson(from, to, |s| found(s) * density(s))
    } else {
        simpson(0.0, 1.0, |u| {
            let s = to * u.powi(3);
            found(s) * density(s) * 3.0 * to * u * u
        })
    };
    whole.clamp(0.0, 1.0)
}

/// The smallest difference, in standard deviations of the differences, that n pairs detect at this level with the probability
/// [`POWER`]; `None` for fewer than two.
#[must_use]
pub fn detectable(n: usize, level: f64) -> Option<f64> {
    if n < 2 {
        return None;
    }
    let mut high = 1.0;
    while power(n, high, level) < POWER {
        high *= 2.0;
        if high > 1e9 {
            return None;
        }
    }
    let mut low = 0.0;
    while high - low > 1e-9 * high {
        let middle = f64::midpoint(low, high);
        if power(n, middle, level) < POWER {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

/// The smallest number of seeds, at least [`FEWEST`], that detects a difference of so many standard deviations at this level with
/// the probability [`POWER`]; `None` if [`MOST_SEEDS`] do not.
#[must_use]
pub fn seeds_needed(effect: f64, level: f64) -> Option<usize> {
    let enough = |n: usize| power(n, effect, level) >= POWER;
    let mut high = FEWEST;
    while !enough(high) {
        if high >= MOST_SEEDS {
            return None;
        }
        high = (2 * high).min(MOST_SEEDS);
    }
    let mut low = FEWEST.max(high / 2);
    while low < high {
        let middle = usize::midpoint(low, high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(high)
}

/// Simpson's rule.
pub(super) fn simpson(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let width = (to - from) / STEPS as f64;
    let inner: f64 = (1..STEPS)
        .map(|i| f64::from(if i % 2 == 1 { 4 } else { 2 }) * f(from + i as f64 * width))
        .sum();
    (f(from) + inner + f(to)) * width / 3.0
}

#[cfg(test)]
mod tests;
