//! Novelty: a loss above its running mean lets more units be added, and more of them survive.
//!
//! With l_t the mean training loss between two checks and l̄_t its running mean, `l̄_t = γ l̄_{t−1} + (1 − γ) l_t`, novelty
//! is the ratio of the loss to its running mean, and both factors are
//!
//! ```text
//! clamp((l_t / l̄_{t−1})^strength, least, most).
//! ```
//!
//! Biological analogue: an enriched environment raises both the birth and the survival of new granule cells in the dentate
//! gyrus (Kempermann et al. 1997, *Nature* 386, 493–495).
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `memory` | γ, share of the running mean that is kept at each check, in [0, 1) | 0.9 |
//! | `strength` | exponent, dimensionless; 0 for no effect | 1 |
//! | `least`, `most` | bounds of the factors | 0.25, 4 |
//!
//! **Departures.** The mapping from loss to factor is this project's. The running mean is kept across experiences, so that a
//! new task counts as new.

use crate::parts::{Factors, GrowthEvent, Modulation, Part};
use crate::strategy::{StrategyError, View};
use dentate_core::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of novelty; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Novelty {
    /// Share of the running mean that is kept at each check.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub memory: f64,
    /// Exponent of the ratio.
    #[schemars(range(min = 0.0))]
    pub strength: f64,
    /// Lower bound of the factors.
    #[schemars(range(min = 0.0))]
    pub least: f64,
    /// Upper bound of the factors.
    #[schemars(range(min = 0.0))]
    pub most: f64,
}

impl Default for Novelty {
    fn default() -> Self {
        Self {
            memory: 0.9,
            strength: 1.0,
            least: 0.25,
            most: 4.0,
        }
    }
}

impl Part for Novelty {
    /// The running mean of the loss.
    type State = Option<f64>;

    fn check(&self) -> Result<(), ConfigError> {
        if self.most < self.least {
            return Err(ConfigError::new("most", self.most, "finite and at least `least`"));
        }
        Ok(())
    }
}

impl Modulation for Novelty {
    fn factors(
        &self,
        mean: &mut Option<f64>,
        view: &View<'_>,
        _: &[GrowthEvent],
    ) -> Result<Factors, StrategyError> {
        let Some(loss) = view.loss.filter(|loss| loss.is_finite()) else {
            return Ok(Factors::default());
        };
        let Some(before) = *mean else {
            *mean = Some(loss);
            return Ok(Factors::default());
        };
        *mean = Some(self.memory * before + (1.0 - self.memory) * loss);
        // After a loss of zero, any other loss has the highest novelty.
        let ratio = if before > 0.0 {
            loss.max(0.0) / before
        } else {
            f64::INFINITY
        };
        let novelty = if loss == before {
            1.0
        } else {
            ratio.powf(self.strength)
        };
        let factor = novelty.clamp(self.least, self.most);
        Ok(Factors {
            growth: factor,
            survival: factor,
        })
    }
}

crate::register!(
    modulation,
    Novelty,
    "novelty",
    summary = "Increases growth and survival while the loss is above its running mean.",
    citation = "this project, after Kempermann et al. 1997",
    source = include_str!("novelty.rs"),
);
