//! Learning-rate schedules: a factor on the optimizer's learning rate in each of the learner's own updates.
//!
//! With t the updates and e the completed passes before this one, and p the completed share of the experience's budget, the factor is
//! `min(1, (t + 1) / warmup)` times
//!
//! - 1 (`constant`),
//! - `factor^⌊t / every⌋`, or with `unit = "epochs"` `factor^⌊e / every⌋` (`step`),
//! - `floor + (1 − floor) (1 + cos πp) / 2` (`cosine`; Loshchilov & Hutter 2017, arXiv:1608.03983).
//!
//! | setting | meaning | default |
//! | --- | --- | --- |
//! | `warmup` | updates of a linear rise | 0 |
//! | `every`, `unit` | interval of a step, in updates or epochs | –, updates |
//! | `factor` | factor of a step, above 0 and at most 1 | 0.1 |
//! | `floor` | factor at the end of a cosine, from 0 to 1 | 0 |
//! | `restart` | whether t and e count from the beginning of the experience, and not of the run | true |
//!
//! A cosine is over the budget of an experience and always begins again with it. Weight decay scales as the learning rate does. The
//! updates of a strategy's phases and of mechanisms (PackNet's retraining) have the optimizer as it is set, without a schedule.
//!
//! **Preserves**: a constant without warm-up changes no bit.
//!
//! **Departures.** The restarts of the paper have periods of their own; here the period is the experience. The learning rate stays above
//! 0 (the smallest normal number), so that a schedule stops neither momentum nor decay.

use crate::budget::Quota;
use crate::train_loop::Place;
use dentate_core::{LearnError, Optimizer};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// The unit of a schedule in steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScheduleUnit {
    /// Updates.
    #[default]
    Updates,
    /// Completed passes over the rows of an experience.
    Epochs,
}

/// A schedule of the learning rate: a factor for each of the learner's own updates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// The optimizer's learning rate, after the warm-up.
    Constant {
        /// Number of updates over which the learning rate rises linearly; 0 for none.
        #[serde(default)]
        warmup: u64,
        /// If true, updates are counted anew in each experience.
        #[serde(default = "yes")]
        restart: bool,
    },
    /// Multiplied by a factor at regular intervals.
    Step {
        /// The interval.
        #[schemars(range(min = 1))]
        every: u64,
        /// The unit of the interval: `updates` or `epochs`.
        #[serde(default)]
        unit: ScheduleUnit,
        /// The factor.
        #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
        #[serde(default = "tenth")]
        factor: f32,
        /// Number of updates over which the learning rate rises linearly; 0 for none.
        #[serde(default)]
        warmup: u64,
        /// If true, the interval is counted anew in each experience.
        #[serde(default = "yes")]
        restart: bool,
    },
    /// Half a period of a cosine over each experience.
    Cosine {
        /// The factor that it falls to.
        #[schemars(range(min = 0.0, max = 1.0))]
        #[serde(default)]
        floor: f32,
        /// Number of updates over which the learning rate rises linearly in each experience; 0 for none.
        #[serde(default)]
        warmup: u64,
    },
}

fn yes() -> bool {
    true
}

fn tenth() -> f32 {
    0.1
}

impl Default for Schedule {
    fn default() -> Self {
        Self::Constant {
            warmup: 0,
            restart: true,
        }
    }
}

impl Schedule {
    /// A cosine over each experience that falls to 0.
    #[must_use]
    pub fn cosine() -> Self {
        Self::Cosine {
            floor: 0.0,
            warmup: 0,
        }
    }

    /// Multiplies the learning rate by `factor` after each `every` updates of an experience.
    #[must_use]
    pub fn step(every: u64, factor: f32) -> Self {
        Self::Step {
            every,
            unit: ScheduleUnit::Updates,
            factor,
            warmup: 0,
            restart: true,
        }
    }

    /// The same with a linear warm-up over this number of updates.
    #[must_use]
    pub fn warmup(mut self, updates: u64) -> Self {
        let (Self::Constant { warmup, .. } | Self::Step { warmup, .. } | Self::Cosine { warmup, .. }) =
            &mut self;
        *warmup = updates;
        self
    }

    /// The optimizer for the update at `place`: unchanged, to the bit, where the factor is 1.
    pub(crate) fn applied(
        self,
        optimizer: Optimizer,
        place: Place,
        quota: Quota,
    ) -> Result<Optimizer, LearnError> {
        let factor = self.factor(place, quota)?;
        Ok(if factor == 1.0 {
            optimizer
        } else {
            optimizer.scaled(factor as f32)
        })
    }

    /// The factor of the update at `place`.
    fn factor(self, place: Place, quota: Quota) -> Result<f64, LearnError> {
        let count = |restart: bool| if restart { place.experience } else { place.run };
        let (shape, (updates, _), warmup) = match self {
            Self::Constant { warmup, restart } => (1.0, count(restart), warmup),
            Self::Step {
                every,
                unit,
                factor,
                warmup,
                restart,
            } => {
                let (updates, passes) = count(restart);
                let intervals = match unit {
                    ScheduleUnit::Updates => updates,
                    ScheduleUnit::Epochs => passes,
                } / every.max(1);
                (
                    f64::from(factor).powf(intervals as f64),
                    (updates, passes),
                    warmup,
                )
            }
            Self::Cosine { floor, warmup } => {
                let Some(progress) = place.progress(quota) else {
                    let sentence = "`schedule` is a cosine over each experience, and the stream does not say how many rows one has; set \
                                    `budget` in updates";
                    return Err(LearnError::Unsuited(sentence.into()));
                };
                let floor = f64::from(floor);
                let shape = floor + (1.0 - floor) * (1.0 + (PI * progress).cos()) / 2.0;
                (shape, place.experience, warmup)
            }
        };
        let risen = (updates.saturating_add(1) as f64 / warmup.max(1) as f64).min(1.0);
        Ok(risen * shape)
    }
}

#[cfg(test)]
mod tests;
