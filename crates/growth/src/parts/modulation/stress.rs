//! Stress: unsuccessful growths make the next ones smaller.
//!
//! A growth is successful if the first loss after it is lower than the loss before it by at least the share `gain`. With f
//! the number of latest consecutive growths without success, both factors are `ease^f`. Biological analogue: stress lowers
//! the birth and the survival of granule cells in the dentate gyrus (Gould et al. 1997, *J. Neurosci.* 17(7), 2492–2498).
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `gain` | share by which the loss has to fall for a growth to be successful, dimensionless | 0.01 |
//! | `ease` | factor for each consecutive growth without success, in (0, 1] | 0.5 |

use crate::parts::{Factors, GrowthEvent, Modulation, Part};
use crate::strategy::{StrategyError, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of stress; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Stress {
    /// Share by which the loss has to fall for a growth to be successful.
    #[schemars(range(min = 0.0))]
    pub gain: f64,
    /// Factor for each consecutive growth without success.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub ease: f64,
}

impl Default for Stress {
    fn default() -> Self {
        Self {
            gain: 0.01,
            ease: 0.5,
        }
    }
}

impl Part for Stress {
    type State = ();
}

impl Modulation for Stress {
    fn factors(&self, _: &mut (), _: &View<'_>, history: &[GrowthEvent]) -> Result<Factors, StrategyError> {
        let known = |grown: &&GrowthEvent| grown.before.is_some() && grown.after.is_some();
        let failed = |grown: &&GrowthEvent| match (grown.before, grown.after) {
            (Some(before), Some(after)) => before - after < self.gain * before.abs(),
            _ => false,
        };
        let failures = history.iter().rev().filter(known).take_while(failed).count();
        let factor = self.ease.powi(failures.try_into().unwrap_or(i32::MAX));
        Ok(Factors {
            growth: factor,
            survival: factor,
        })
    }
}

crate::register!(
    modulation,
    Stress,
    "stress",
    summary = "Reduces growth after growth events that did not lower the loss.",
    citation = "this project, after Gould et al. 1997",
    source = include_str!("stress.rs"),
);
