//! Ageing: growth slows down with the number of units ever born.
//!
//! With B the units added by growth so far, the factor on growth is `max(least, exp(−B / scale))`; survival is not scaled.
//! Biological analogue: the birth of granule cells in the dentate gyrus declines with age (Kuhn et al. 1996, *J. Neurosci.*
//! 16(6), 2027–2033).
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `scale` | births after which growth has fallen to 1/e, in units | 100 |
//! | `least` | lower bound of the factor, in [0, 1] | 0 |

use crate::parts::{Factors, GrowthEvent, Modulation, Part};
use crate::strategy::{StrategyError, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of ageing; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ageing {
    /// Births after which growth has fallen to 1/e.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub scale: f64,
    /// Lower bound of the factor.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub least: f64,
}

impl Default for Ageing {
    fn default() -> Self {
        Self {
            scale: 100.0,
            least: 0.0,
        }
    }
}

/// Units added so far, and the step of the last growth that was counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AgeingState {
    born: usize,
    counted: Option<u64>,
}

impl Part for Ageing {
    type State = AgeingState;
}

impl Modulation for Ageing {
    fn factors(
        &self,
        births: &mut AgeingState,
        _: &View<'_>,
        history: &[GrowthEvent],
    ) -> Result<Factors, StrategyError> {
        for grown in history {
            if births.counted.is_none_or(|step| grown.step > step) {
                births.born += grown.units;
                births.counted = Some(grown.step);
            }
        }
        Ok(Factors {
            growth: (-(births.born as f64) / self.scale).exp().max(self.least),
            survival: 1.0,
        })
    }
}

crate::register!(
    modulation,
    Ageing,
    "ageing",
    summary = "Growth slows down with the number of units born so far.",
    citation = "this project, after Kuhn et al. 1996",
    source = include_str!("ageing.rs"),
);
