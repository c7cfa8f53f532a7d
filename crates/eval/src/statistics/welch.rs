//! The difference of two means of different seeds (Welch 1947): no pairs, and no assumption of equal spreads.

use super::{CONFIDENCE, Estimate, FEWEST, ROUNDING, Untested};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// The difference of two independent samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Welch {
    /// The difference of the means, `one − other`.
    pub difference: f64,
    /// Half the width of its 95 % interval; `None` if a sample has a single value or neither has a spread.
    pub half_width: Option<f64>,
    /// The degrees of freedom by Welch and Satterthwaite, where there is an interval.
    pub freedom: Option<f64>,
    /// Two-sided p-value, or why there is none.
    pub p: Result<f64, Untested>,
}

impl Welch {
    /// `one − other` of a measure with smallest change `step` (0 if unknown), which takes the place of a smaller spread in the interval;
    /// `None` if a sample is empty or holds a value that is not finite.
    #[must_use]
    pub fn of(one: &[f64], other: &[f64], step: f64) -> Option<Self> {
        let (a, b) = (Estimate::of(one)?, Estimate::of(other)?);
        let mut welch = Self {
            difference: a.mean - b.mean,
            half_width: None,
            freedom: None,
            p: Err(Untested::TooFewSeeds),
        };
        let (Some(sd_a), Some(sd_b)) = (a.sd, b.sd) else {
            return Some(welch);
        };
        let least = step.max(ROUNDING * a.mean.abs().max(b.mean.abs()));
        // As for pairs: equal values of an unknown step give no interval, since one of width 0 would be a claim.
        let error = |sd: f64, e: &Estimate| sd.max(step).powi(2) / e.n as f64;
        let (va, vb) = (error(sd_a, &a), error(sd_b, &b));
        let spread = sd_a.max(sd_b) >= least * (1.0 - ROUNDING) && sd_a.max(sd_b) > 0.0;
        if va + vb > 0.0 && (step > 0.0 || spread) {
            let freedom = (va + vb).powi(2) / (va.powi(2) / (a.n - 1) as f64 + vb.powi(2) / (b.n - 1) as f64);
            if let Ok(student) = StudentsT::new(0.0, 1.0, freedom) {
                let t = student.inverse_cdf(f64::midpoint(1.0, CONFIDENCE));
                welch.half_width = Some(t * (va + vb).sqrt());
                welch.freedom = Some(freedom);
                welch.p = Ok((2.0 * student.sf(welch.difference.abs() / (va + vb).sqrt())).min(1.0));
            }
        }
        if a.n.min(b.n) < FEWEST {
            welch.p = Err(Untested::TooFewSeeds);
        } else if !spread {
            welch.p = Err(Untested::NoSpread);
        }
        Some(welch)
    }
}

#[cfg(test)]
mod tests;
