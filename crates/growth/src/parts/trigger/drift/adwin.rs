//! ADWIN: a window of logarithms of losses that is cut where its two parts have different means.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The smallest loss that is distinguished from 0.
const FLOOR: f64 = 1e-12;

/// The window of logarithms of losses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Adwin {
    logs: VecDeque<f64>,
}

impl Adwin {
    /// Returns whether `loss` completes a rise. The values before a cut are dropped.
    pub(super) fn detect(&mut self, loss: f64, confidence: f64, window: usize) -> bool {
        self.logs.push_back(loss.max(FLOOR).ln());
        if self.logs.len() > window {
            self.logs.pop_front();
        }
        let mut worse = false;
        while let Some((at, rose)) = cut(&self.logs, confidence) {
            self.logs.drain(..at);
            worse |= rose;
        }
        worse
    }
}

/// The position at which the window has to be cut, and whether the mean after it is higher.
pub(super) fn cut(values: &VecDeque<f64>, confidence: f64) -> Option<(usize, bool)> {
    let n = values.len() as f64;
    let total: f64 = values.iter().sum();
    let mean = total / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    let extremes = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(*x), high.max(*x))
        });
    let range = extremes.1 - extremes.0;
    if range <= 0.0 {
        return None; // constant values have no two means
    }
    let log = (2.0 * n / confidence).ln();
    let mut before = 0.0;
    for (at, value) in values.iter().enumerate().take(values.len().saturating_sub(1)) {
        before += value;
        let (n0, n1) = ((at + 1) as f64, n - (at + 1) as f64);
        let m = 1.0 / (1.0 / n0 + 1.0 / n1);
        let bound = (2.0 / m * variance * log).sqrt() + 2.0 * range / (3.0 * m) * log;
        let (old, new) = (before / n0, (total - before) / n1);
        if (old - new).abs() >= bound {
            return Some((at + 1, new > old));
        }
    }
    None
}

/// The shortest window that the largest possible change cuts: with half of it at one end of the range and half at the
/// other, the means differ by the range, and the bound is `√(2L/n) + 8L/(3n)` ranges, with `L = ln(2n/δ)`.
pub(super) fn shortest_window(confidence: f64) -> f64 {
    let cuts = |n: f64| {
        let log = (2.0 * n / confidence).ln();
        (2.0 * log / n).sqrt() + 8.0 * log / (3.0 * n) <= 1.0
    };
    (1..)
        .map(|half| 2.0 * f64::from(half))
        .find(|n| cuts(*n))
        .unwrap_or(f64::INFINITY)
}
