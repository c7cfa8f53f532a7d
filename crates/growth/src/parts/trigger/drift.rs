//! Drift: fires when the loss has risen above its earlier level.
//!
//! Two detectors, both scale-free: a loss in other units gives the same alarms.
//!
//! **Page–Hinkley** (Page 1954, *Biometrika* 41, 100–115), on standardised losses. With x̄ and s the running mean and
//! standard deviation of the losses before check t,
//!
//! ```text
//! z_t = clamp((x_t − x̄) / s, −3, 3),   m_t = Σ_{i≤t} (z_i − δ),   drift when m_t − min_{i≤t} m_i > λ.
//! ```
//!
//! **ADWIN** (Bifet & Gavaldà 2007, *SDM*), on logarithms of losses: a window of n values is cut at the first place where
//! the means of its two parts differ by at least
//!
//! ```text
//! ε = √(2/m · σ² · ln(2/δ')) + 2R/(3m) · ln(2/δ'),   1/m = 1/n₀ + 1/n₁,   δ' = δ / n,
//! ```
//!
//! with σ² the variance and R the range of the window; the older part is dropped, and a drift is reported if the newer mean
//! is the higher one.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `detector` | `page-hinkley` or `adwin` | page-hinkley |
//! | `slack` | δ of Page–Hinkley, in standard deviations of the loss, below 3 | 0.5 |
//! | `threshold` | λ of Page–Hinkley, in standard deviations of the loss | 20 |
//! | `confidence` | δ of ADWIN, in (0, 1) | 0.002 |
//! | `window` | in checks; Page–Hinkley: reach of the running mean and deviation; ADWIN: maximum number of losses kept | 512 |
//!
//! **False alarms.** On independent losses of one distribution, normal or heavy-tailed, both fire less than once in 10,000
//! checks at their defaults; a test verifies this. Autocorrelated losses raise the rate of Page–Hinkley: 0.3 in 10,000 at a
//! correlation of 0.5 between checks, 16 at 0.8. The page on the five parts has a table, with delays.
//!
//! **Departures.** Page's test takes the values as they are; no slack and threshold in units of a loss suit two losses. The
//! running mean and deviation forget, since otherwise a loss that has fallen for long would hide a rise; during the first
//! 30 checks they are only estimated. The clamp keeps single outliers of a mini-batch from adding up to an alarm. ADWIN's
//! paper bounds values in \[0, 1\] (R = 1). A loss has no such bound and its rises are proportional to its level, hence the
//! logarithm and the range of the window; losses below 1e-12 count as 1e-12. ADWIN stores its window directly and not in
//! buckets, since checks are rare.

use crate::parts::{Answer, Answered, Decision, Part, Trigger};
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Hook, Reason, View};
use dentate_core::{ConfigError, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod adwin;
mod page_hinkley;
use adwin::Adwin;
use page_hinkley::PageHinkley;

/// The change detector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Detector {
    /// The Page–Hinkley test.
    #[default]
    PageHinkley,
    /// ADWIN, an adaptive window.
    Adwin,
}

/// Configuration of drift; see [the module](self) for the equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Drift {
    /// Change detector.
    pub detector: Detector,
    /// δ of Page–Hinkley: rise of the loss that does not count as drift, in its standard deviations.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 3))]
    pub slack: f64,
    /// λ of Page–Hinkley: threshold for the summed rises, in standard deviations of the loss.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub threshold: f64,
    /// δ of ADWIN: approximate probability that a check is a false alarm.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub confidence: f64,
    /// Reach of the running mean and deviation in checks (Page–Hinkley), or maximum number of losses kept (ADWIN).
    #[schemars(range(min = 2))]
    pub window: usize,
}

impl Default for Drift {
    fn default() -> Self {
        Self {
            detector: Detector::PageHinkley,
            slack: 0.5,
            threshold: 20.0,
            confidence: 0.002,
            window: 512,
        }
    }
}

/// State of the detectors; a run uses one of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DriftState {
    page_hinkley: PageHinkley,
    adwin: Adwin,
}

impl Drift {
    /// Returns whether the loss of this check completes a drift.
    fn detect(&self, watched: &mut DriftState, loss: f64) -> bool {
        match self.detector {
            Detector::PageHinkley => {
                let rise = (self.slack, self.threshold);
                watched.page_hinkley.detect(loss, rise, self.window)
            }
            Detector::Adwin => watched.adwin.detect(loss, self.confidence, self.window),
        }
    }
}

impl Part for Drift {
    type State = DriftState;

    fn check(&self) -> Result<(), ConfigError> {
        // A window too short to detect even the largest change would make a trigger that never fires.
        let (shortest, by) = match self.detector {
            Detector::PageHinkley => {
                let shortest = page_hinkley::shortest_window(self.slack, self.threshold);
                (shortest, "this `slack` and `threshold`")
            }
            Detector::Adwin => (adwin::shortest_window(self.confidence), "this `confidence`"),
        };
        if (self.window as f64) < shortest {
            let need = format!("at least {shortest}: with {by} it could never fire on less");
            return Err(ConfigError::new("window", self.window, need));
        }
        Ok(())
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let (detector, looks) = match self.detector {
            Detector::PageHinkley => ("page-hinkley", page_hinkley::soonest(self.slack, self.threshold)),
            Detector::Adwin => ("adwin", adwin::shortest_window(self.confidence)),
        };
        run.needs_calls("detector", detector, looks as u64, CheckPeriod::TheRun)
    }
}

impl Trigger for Drift {
    fn fires(&self, watched: &mut DriftState, view: &View<'_>) -> Answered<Decision> {
        let (Some(loss), Hook::Update) = (view.loss, view.hook) else {
            return Ok(Answer::Is(Decision::Wait(Reason::NotNow)));
        };
        Ok(Answer::Is(if self.detect(watched, loss) {
            Decision::grow(1.0).because("loss", loss)
        } else {
            Decision::Wait(Reason::Improving)
        }))
    }
}

crate::register!(
    trigger,
    Drift,
    "drift",
    summary = "Fires when a drift detector (Page-Hinkley or ADWIN) finds a rise of the loss.",
    citation = "Page 1954, Biometrika 41; Bifet & Gavalda 2007, SDM",
    source = include_str!("drift.rs"),
);

#[cfg(test)]
mod tests;
