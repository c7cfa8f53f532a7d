//! Page–Hinkley on standardised losses: the running sum of rises above a slack.

use serde::{Deserialize, Serialize};

/// Bound on the absolute value of a standardised loss.
pub(super) const CLAMP: f64 = 3.0;

/// Checks after the start or an alarm in which mean and deviation are estimated and nothing is summed.
const WARM_UP: u64 = 30;

/// Running mean and variance of the losses, and m_t − min m.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct PageHinkley {
    count: u64,
    mean: f64,
    variance: f64,
    excess: f64,
}

impl PageHinkley {
    /// Returns whether `loss` completes a rise, given slack and threshold in standard deviations and the reach of mean and
    /// variance in checks. An alarm resets the state.
    pub(super) fn detect(&mut self, loss: f64, (slack, threshold): (f64, f64), window: usize) -> bool {
        if self.count >= WARM_UP {
            self.excess = (self.excess + self.standardised(loss) - slack).max(0.0);
            if self.excess > threshold {
                *self = Self::default();
                return true;
            }
        }
        self.count += 1;
        let gain = 1.0 / self.count.min(window as u64) as f64;
        let away = loss - self.mean;
        self.mean += gain * away;
        self.variance = (1.0 - gain) * (self.variance + gain * away * away);
        false
    }

    fn standardised(&self, loss: f64) -> f64 {
        let away = loss - self.mean;
        if away == 0.0 {
            return 0.0; // also if the loss never varied
        }
        (away / self.variance.sqrt()).clamp(-CLAMP, CLAMP)
    }
}

/// The shortest window with which the largest possible change exceeds `threshold`.
///
/// After a jump far above the noise, n checks with a reach of W leave the old level a weight of `p = exp(−n/W)` in mean and
/// variance, so that the loss is `z = √(p / (1 − p))` deviations above the mean. The sum of `min(z, 3) − slack` over all
/// checks at which that is positive is `W · (2 atan(1/slack) − slack · ln(1 + 1/slack²))`, less what the clamp cuts off.
pub(super) fn shortest_window(slack: f64, threshold: f64) -> f64 {
    let area = |level: f64| 2.0 * (1.0 / level).atan() - level * (1.0 + level.powi(-2)).ln();
    (threshold / (area(slack) - area(CLAMP))).ceil()
}

/// Checks until the first possible alarm: after the warm-up, each adds at most the clamp less the slack.
pub(super) fn soonest(slack: f64, threshold: f64) -> f64 {
    WARM_UP as f64 + (threshold / (CLAMP - slack)).floor() + 1.0
}
