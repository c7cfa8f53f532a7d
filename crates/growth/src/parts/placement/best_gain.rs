//! Best gain: adds new units to the layer where the best new units lower the loss most, to first order.
//!
//! With x the outputs of the layers below a hidden layer, h its own with a 1, and v the desired change of the summed inputs above it,
//! the negative gradient of a row's loss, less what the layer's existing weights can do (`v ← v − h dW*`, by least squares), it takes
//!
//! ```text
//! argmax_l Σ_{k ≤ n} λ_lk²,   S^(−1/2) E x vᵀ = U Λ Vᵀ,   S = E x xᵀ,
//! ```
//!
//! the fall of the loss that the n best new units of [`tiny`](crate::parts::initializer::tiny) promise (Verbockhaven et al. 2024). Comparing layers by their best candidates is
//! Firefly's idea (Wu et al. 2020).
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `rows` | rows of the experience that are measured | 256 |
//! | `ridge` | regularisation of the least-squares problems, relative to the mean square of an input | 0.1 |
//!
//! It needs rows that can be revisited. **Cost** in multiply-adds, for r rows and each hidden layer of m units with d inputs: `r d min(r, d) + r m²`, and a
//! pass forward and backward. Layers on grids, or with nothing above them that is trained, are left out; of ties the first one is taken.

use crate::parts::initializer::{Gain, Sought};
use crate::parts::{Answer, Answered, Part, Place, Placement, largest};
use crate::prospect::Prospect;
use crate::strategy::View;
use dentate_core::{Graph, LayerId, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the placement; see [the module](self) for the equation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BestGain {
    /// Rows of the experience that are measured.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Regularisation of the least-squares problems, relative to the mean square of an input.
    #[schemars(range(min = 0.0))]
    pub ridge: f64,
}

impl Default for BestGain {
    fn default() -> Self {
        Self {
            rows: 256,
            ridge: 0.1,
        }
    }
}

impl Part for BestGain {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "take `round-robin`, which looks at none")
    }
}

impl Placement for BestGain {
    fn place(&self, _: &mut (), view: &View<'_>, units: usize) -> Answered<Vec<Place>> {
        let sought = Sought::of(view);
        if sought.is_empty() {
            // Nothing is trained yet above any layer: the first one that could grow does.
            let first = self.places(view.graph).first().copied();
            let place = first.map(|layer| Place::Wider { layer, units });
            return Ok(Answer::Is(place.into_iter().collect()));
        }
        let Some(measured) = view.measured else {
            return Ok(Answer::Ask(sought.ask(self.rows)));
        };
        let gain = Gain {
            units,
            ridge: self.ridge,
            seed: view.seed.derive("best-gain"),
        };
        let gains = sought.gains(measured, &gain)?;
        let best = largest(gains.into_iter()).and_then(|i| sought.layer(i));
        let place = best.map(|layer| Place::Wider { layer, units });
        Ok(Answer::Is(place.into_iter().collect()))
    }

    fn places(&self, graph: &Graph) -> Vec<LayerId> {
        let plain = graph.hidden().filter(|l| Sought::able(graph, l));
        plain.map(|l| l.id).collect()
    }
}

crate::register!(
    placement,
    BestGain,
    "best-gain",
    summary = "New units go to the layer where the best of them would lower the loss most.",
    citation = "after Wu et al. 2020, arXiv:2102.08574, and Verbockhaven et al. 2024, arXiv:2405.19816",
    source = include_str!("best_gain.rs"),
);

#[cfg(test)]
mod tests;
