//! The quantile of Student's distribution that intervals are made with.

use super::{CONFIDENCE, student};
use statrs::distribution::ContinuousCDF;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// `t(0.975, n − 1)` for n values; `None` for fewer than two. A report draws thousands of intervals from few numbers of seeds, and working a
/// quantile out takes longer than everything else about one, so each is kept.
pub(super) fn value(n: usize) -> Option<f64> {
    static KNOWN: Mutex<BTreeMap<usize, f64>> = Mutex::new(BTreeMap::new());
    // A thread that ended in between has added a value or none.
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(value) = known.get(&n) {
        return Some(*value);
    }
    let value = student(n)?.inverse_cdf(0.5 + CONFIDENCE / 2.0);
    known.insert(n, value);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From tables of the distribution.
    #[test]
    fn it_is_that_of_the_tables_each_time() {
        for _ in 0..2 {
            for (n, wanted) in [(2, 12.7062), (5, 2.7764), (31, 2.0423)] {
                let value = value(n).unwrap();
                assert!((value - wanted).abs() < 1e-4, "{n}: {value}");
            }
        }
        assert_eq!(value(1), None);
    }
}
