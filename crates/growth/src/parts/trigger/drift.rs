//! Drift: fires when the loss has become larger than it used to be.
//!
//! Two detectors, both free of the loss's scale: a loss in other units gives the same alarms.
//!
//! **Page–Hinkley** (Page 1954, *Biometrika* 41, 100–115), on standardised losses. With x̄ and s the running mean and standard
//! deviation of the losses before look t,
//!
//! ```text
//! z_t = clamp((x_t − x̄) / s, −3, 3),   m_t = Σ_{i≤t} (z_i − δ),   drift when m_t − min_{i≤t} m_i > λ.
//! ```
//!
//! **ADWIN** (Bifet & Gavaldà 2007, *SDM*), on logarithms of losses: a window of n values is cut at the first place at which the
//! means of its two parts differ by at least
//!
//! ```text
//! ε = √(2/m · σ² · ln(2/δ')) + 2R/(3m) · ln(2/δ'),   1/m = 1/n₀ + 1/n₁,   δ' = δ / n,
//! ```
//!
//! with σ² the variance and R the range of the window; the older part is dropped, and it is a drift if the newer mean is the higher
//! one.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `detector` | `page-hinkley` or `adwin` | page-hinkley |
//! | `slack` | δ of Page–Hinkley, in standard deviations of the loss, below 3 | 0.5 |
//! | `threshold` | λ of Page–Hinkley, in standard deviations of the loss | 20 |
//! | `confidence` | δ of ADWIN, in (0, 1) | 0.002 |
//! | `window` | in looks; Page–Hinkley: how far back the running mean and deviation reach; ADWIN: most losses that are kept | 512 |
//!
//! **False alarms.** On independent losses of one distribution, normal or heavy-tailed, both fire less than once in 10,000 looks at
//! their defaults; a test holds them to it. Losses that depend on their predecessors raise the rate of Page–Hinkley: 0.3 in 10,000
//! at a correlation of 0.5 from look to look, 16 at 0.8. The page on the five parts has a table, with delays.
//!
//! **Departures.** Page's test takes the values as they are; no slack and no threshold in units of a loss suits two losses. The
//! running mean and deviation forget, or a loss that has fallen for long would hide a rise; for the first 30 looks they only
//! learn. The clamp keeps single outliers of a mini-batch from adding up to an alarm. ADWIN's paper bounds values in \[0, 1\]
//! (R = 1). A loss has no such bound and its rises are of its own size, hence the logarithm and the range of the window; losses
//! below 1e-12 count as that. ADWIN keeps its window as it is and not in buckets: looks are rare.

use crate::parts::{Answer, Answered, Part, Trigger, Verdict};
use crate::prospect::{Prospect, Within};
use crate::strategy::{Occasion, Reason, View};
use dentate_core::{ConfigError, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod adwin;
mod page_hinkley;
use adwin::Adwin;
use page_hinkley::PageHinkley;

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
    /// δ of Page–Hinkley: rise of the loss that is no drift, in its standard deviations.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 3))]
    pub slack: f64,
    /// λ of Page–Hinkley: what the summed rises have to exceed, in standard deviations of the loss.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub threshold: f64,
    /// δ of ADWIN: about how likely a look is a false alarm.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub confidence: f64,
    /// Looks that the running mean and deviation reach back (Page–Hinkley), or most losses kept (ADWIN).
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
pub struct Watched {
    page_hinkley: PageHinkley,
    adwin: Adwin,
}

impl Drift {
    /// Whether the loss of this look completes a drift.
    fn detect(&self, watched: &mut Watched, loss: f64) -> bool {
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
    type State = Watched;

    fn check(&self) -> Result<(), ConfigError> {
        // A window in which not even the largest change counts as one would make a trigger that never fires.
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
        run.needs_looks("detector", detector, looks as u64, Within::TheRun)
    }
}

impl Trigger for Drift {
    fn fires(&self, watched: &mut Watched, view: &View<'_>) -> Answered<Verdict> {
        let (Some(loss), Occasion::Update) = (view.loss, view.occasion) else {
            return Ok(Answer::Is(Verdict::Rest(Reason::NotNow)));
        };
        Ok(Answer::Is(if self.detect(watched, loss) {
            Verdict::Grow(1.0)
        } else {
            Verdict::Rest(Reason::Improving)
        }))
    }
}

crate::register!(
    trigger,
    Drift,
    "drift",
    summary = "Fires when the loss has drifted upwards, by Page-Hinkley or ADWIN.",
    citation = "Page 1954, Biometrika 41; Bifet & Gavalda 2007, SDM",
    source = include_str!("drift.rs"),
);

#[cfg(test)]
mod tests;
