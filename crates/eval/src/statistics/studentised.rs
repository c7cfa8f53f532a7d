//! The studentised range with infinitely many degrees of freedom: the range of k standard normal values.
//!
//! ```text
//! P(range ≤ q) = k ∫ φ(z) [Φ(z) − Φ(z − q)]^(k−1) dz
//! ```
//!
//! over the largest value z (Tukey; tabulated by Harter 1960), integrated numerically.

use super::power::simpson;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

/// Normal values are within this.
const END: f64 = 8.5;

/// The probability that the range of k standard normal values is at most `q`.
fn at_most(q: f64, k: usize) -> f64 {
    let normal = Normal::standard();
    let of = |z: f64| normal.pdf(z) * (normal.cdf(z) - normal.cdf(z - q)).powi(k as i32 - 1);
    k as f64 * simpson(-END, END, of)
}

/// The value that the range of k standard normal values exceeds with probability `level`; `None` for fewer than two values.
#[must_use]
pub fn critical(level: f64, k: usize) -> Option<f64> {
    if k < 2 || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, 2.0 * END);
    while high - low > 1e-10 {
        let middle = f64::midpoint(low, high);
        if at_most(middle, k) < 1.0 - level {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

#[cfg(test)]
mod tests;
