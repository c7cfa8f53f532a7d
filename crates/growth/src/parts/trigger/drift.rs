//! Drift: it is time to grow when the distribution of the loss has changed for the worse.
//!
//! Two detectors. **Page–Hinkley** (Page 1954, *Biometrika* 41, 100–115): with x̄_t the mean of the losses so far,
//!
//! ```text
//! m_t = Σ_{i≤t} (x_i − x̄_i − δ),   drift when m_t − min_{i≤t} m_i > λ.
//! ```
//!
//! **ADWIN** (Bifet & Gavaldà 2007, *SDM*): a window of losses is cut at the first place at which the means of its two parts
//! differ by at least
//!
//! ```text
//! ε = √(2/m · σ² · ln(2/δ')) + 2/(3m) · ln(2/δ'),   1/m = 1/n₀ + 1/n₁,   δ' = δ / n,
//! ```
//!
//! σ² the variance of the window; the older part is dropped, and it is a drift if the newer mean is the higher one.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `detector` | `page-hinkley` or `adwin` | page-hinkley |
//! | `delta` | δ: slack of Page–Hinkley, in units of the loss; confidence of ADWIN, in (0, 1) | 0.005 |
//! | `lambda` | λ, in units of the loss; Page–Hinkley only | 1 |
//! | `window` | most losses that are kept, in looks; ADWIN only | 512 |
//!
//! **Departures.** ADWIN keeps its window as it is and not in buckets: looks are rare.

use crate::parts::{Answer, Answered, Part, Trigger, Verdict, positive};
use crate::prospect::{Prospect, Within};
use crate::strategy::{Occasion, Reason, View};
use dentate_core::{ConfigError, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Which test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Detector {
    /// Page–Hinkley.
    #[default]
    PageHinkley,
    /// ADWIN.
    Adwin,
}

/// Configuration; see the module for the equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Drift {
    /// Which test.
    pub detector: Detector,
    /// δ.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub delta: f64,
    /// λ: what Page–Hinkley has to exceed.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub lambda: f64,
    /// Most losses that ADWIN keeps.
    #[schemars(range(min = 2))]
    pub window: usize,
}

impl Default for Drift {
    fn default() -> Self {
        Self {
            detector: Detector::PageHinkley,
            delta: 0.005,
            lambda: 1.0,
            window: 512,
        }
    }
}

/// What the detectors keep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    count: u64,
    mean: f64,
    sum: f64,
    least: f64,
    losses: VecDeque<f64>,
}

impl Drift {
    fn page_hinkley(&self, watched: &mut Watched, loss: f64) -> bool {
        watched.count += 1;
        watched.mean += (loss - watched.mean) / watched.count as f64;
        watched.sum += loss - watched.mean - self.delta;
        watched.least = watched.least.min(watched.sum);
        let drift = watched.sum - watched.least > self.lambda;
        if drift {
            *watched = Watched::default();
        }
        drift
    }

    fn adwin(&self, watched: &mut Watched, loss: f64) -> bool {
        let losses = &mut watched.losses;
        losses.push_back(loss);
        if losses.len() > self.window {
            losses.pop_front();
        }
        let mut worse = false;
        while let Some((at, rose)) = self.cut(losses) {
            losses.drain(..at);
            worse |= rose;
        }
        worse
    }

    /// Where the window has to be cut, and whether the loss is higher behind that.
    fn cut(&self, losses: &VecDeque<f64>) -> Option<(usize, bool)> {
        let n = losses.len() as f64;
        let total: f64 = losses.iter().sum();
        let mean = total / n;
        let variance = losses.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let log = (2.0 * n / self.delta).ln();
        let mut before = 0.0;
        for (at, loss) in losses.iter().enumerate().take(losses.len().saturating_sub(1)) {
            before += loss;
            let (n0, n1) = ((at + 1) as f64, n - (at + 1) as f64);
            let m = 1.0 / (1.0 / n0 + 1.0 / n1);
            let bound = (2.0 / m * variance * log).sqrt() + 2.0 / (3.0 * m) * log;
            let (old, new) = (before / n0, (total - before) / n1);
            if (old - new).abs() >= bound {
                return Some((at + 1, new > old));
            }
        }
        None
    }
}

impl Part for Drift {
    type State = Watched;

    fn validate(&self) -> Result<(), ConfigError> {
        if !(self.delta > 0.0 && self.delta < 1.0) {
            return Err(ConfigError::new("delta", self.delta, "above 0 and below 1"));
        }
        positive("lambda", self.lambda)?;
        if self.window < 2 {
            return Err(ConfigError::new("window", self.window, "at least 2"));
        }
        Ok(())
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        // The first loss is what the second is compared with.
        run.needs_looks("name", "drift", 2, Within::TheRun)
    }
}

impl Trigger for Drift {
    fn fires(&self, watched: &mut Watched, view: &View<'_>) -> Answered<Verdict> {
        let (Some(loss), Occasion::Update) = (view.loss, view.occasion) else {
            return Ok(Answer::Is(Verdict::Rest(Reason::NotNow)));
        };
        let drift = match self.detector {
            Detector::PageHinkley => self.page_hinkley(watched, loss),
            Detector::Adwin => self.adwin(watched, loss),
        };
        Ok(Answer::Is(if drift {
            Verdict::Grow(1.0)
        } else {
            Verdict::Rest(Reason::Improving)
        }))
    }
}

crate::register_part!(
    trigger,
    Drift,
    "drift",
    summary = "Fires when the loss has drifted upwards, by Page-Hinkley or ADWIN.",
    citation = "Page 1954, Biometrika 41; Bifet & Gavalda 2007, SDM",
    source = include_str!("drift.rs"),
);

#[cfg(test)]
mod tests;
