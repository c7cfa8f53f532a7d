//! Firefly: of split units and new ones, those that lower the loss most, to first order in what they add.
//!
//! Wu, L. et al. (2020). Firefly neural architecture descent: a general approach for growing neural networks. NeurIPS 33,
//! arXiv:2102.08574. Candidates of a layer are, with x̃ the inputs with a 1 for the bias, δ_r = ∂ℓ/∂a_r the errors of the mean loss ℓ at the summed inputs above and V the units' outgoing weights,
//!
//! ```text
//! a split of each unit i:  h_i → ½ f(x̃·(θ_i + ε v)) + ½ f(x̃·(θ_i − ε v)),   ‖v‖ = ‖w_in‖
//! so many new units:       ω f(x·w),                                        ‖w‖ = ‖w_in‖,  ‖ω‖ = ε ‖w_out‖
//! gain = − Σ_r δ_r · Δa_r,   Δa_r what a candidate adds to a_r,
//! ```
//!
//! ‖w_in‖ and ‖w_out‖ being the mean norms of the units' incoming and outgoing weights. Directions v and w start at random and take
//! `steps` steps of gradient ascent on the gain, of which the best is kept; for each w the best ω is known, `ω ∝ −Σ_r f(x_r·w) δ_r`. Of all candidates the ones
//! of the largest gains start, ε times the one of 4⁻⁵, 4⁻⁴, …, 1 after which the loss that is measured is smallest: together they may do
//! more than each alone. Where none is below the loss without growth, it is 4⁻⁵.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `step` | ε, dimensionless | 0.1 |
//! | `candidates` | new units that are drawn, at least as many as are asked for | 32 |
//! | `steps` | steps of gradient ascent | 8 |
//! | `rate` | length of a step relative to that of a direction, dimensionless | 0.5 |
//! | `rows` | rows of the experience that gains are computed on | 256 |
//! | `trial_rows` | rows of the experience that losses of the search are measured on, drawn anew | 128 |
//!
//! **Preserves** nothing exactly: the function changes by terms of ε. **Cost** of a growth in multiply-adds, for r rows, d inputs, m units and n
//! candidates: `2 · (steps + 1) · r · d · (m + 2 n)` in double precision, and 4 r and 21 of `trial_rows` forward passes. For a hidden layer of 400 units on
//! MNIST that is about 3.5 · 10⁹, the work of 19 updates of 128 rows: 9 % of the training of split MNIST (1,875 updates) if it grows
//! nine times. It needs rows that can be revisited.
//!
//! **Departures.** Gains are of first order in the change above and exact in the units' own nonlinearity, where the paper trains the grown network for a few steps and takes
//! integrated gradients. Candidates compete within the layer that the placement gives, and new layers are no candidates. Biases of new units are 0. Frozen units are not split. Layers that are normalised
//! are refused.

use super::amplitudes::{amplitudes, best};
use super::neighbourhood::{Neighbourhood, movable, splits};
use super::surroundings::{Surroundings, incoming, outgoing, plain, unnormalised};
use crate::parts::{Answer, Answered, Initializer, Part, Question, Start, widen};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{Init, Layer, LayerId, Unsuited};
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod candidates;
use candidates::{Chosen, Search};

/// Configuration of Firefly; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Firefly {
    /// ε.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub step: f64,
    /// New units that are drawn, at least as many as are asked for.
    #[schemars(range(min = 1, max = 100_000))]
    pub candidates: usize,
    /// Steps of gradient ascent.
    #[schemars(range(min = 0, max = 10_000))]
    pub steps: u32,
    /// Length of a step relative to that of a direction.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub rate: f64,
    /// Rows of the experience that gains are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Rows of the experience that losses of the search are measured on.
    #[schemars(range(min = 1))]
    pub trial_rows: u32,
}

impl Default for Firefly {
    fn default() -> Self {
        Self {
            step: 0.1,
            candidates: 32,
            steps: 8,
            rate: 0.5,
            rows: 256,
            trial_rows: 128,
        }
    }
}

/// The candidates of the growth in progress, while ε is searched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    chosen: Option<Chosen>,
}

/// The exponents of 4 along which ε is searched.
const AMPLITUDES: std::ops::RangeInclusive<i32> = -5..=0;

impl Part for Firefly {
    type State = Found;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "take `net2net-wider`, which looks at none")?;
        let Some(graph) = run.headed else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            let fits = plain(graph, layer, "firefly").and_then(|()| unnormalised(layer, "firefly"));
            fits.map_err(|reason| Unsuited::new("name", "firefly", reason))?;
        }
        Ok(())
    }
}

/// The start of the chosen candidates.
fn start(view: &View<'_>, layer: &Layer, around: &Surroundings, chosen: &Chosen) -> Start {
    let mut parts = Vec::new();
    if !chosen.split.is_empty() {
        let of = chosen.split.iter().map(|&i| layer.units[i].id).collect();
        let start = splits(view, layer, around, of, &chosen.along);
        parts.push((chosen.split.len(), start));
    }
    if chosen.incoming.nrows() > 0 {
        let single = |of: &Array2<f64>| of.mapv(|w| w as f32);
        let start = Start::Fresh {
            incoming: incoming(view, &around.below, &single(&chosen.incoming)),
            outgoing: outgoing(view, &around.above, &single(&chosen.outgoing)),
            bias: 0.0,
        };
        parts.push((chosen.incoming.nrows(), start));
    }
    Start::Several(parts)
}

impl Initializer for Firefly {
    fn initialize(
        &self,
        found: &mut Found,
        view: &View<'_>,
        layer: LayerId,
        units: usize,
    ) -> Answered<Start> {
        let around = Surroundings::of(view, layer)?;
        let grown = view.graph.layer(layer);
        let grown = grown.ok_or_else(|| StrategyError::Missing(format!("{layer}")))?;
        let fits = plain(view.graph, grown, "firefly").and_then(|()| unnormalised(grown, "firefly"));
        fits.map_err(StrategyError::Unsuited)?;
        let silent = || Start::Fresh {
            incoming: view.init.into(),
            outgoing: Init::Zero.into(),
            bias: 0.0,
        };
        if around.above.is_empty() {
            // Nothing above it is trained yet: no candidate gains anything.
            return Ok(Answer::Is(silent()));
        }
        let Some(measured) = view.measured else {
            found.chosen = None;
            return Ok(Answer::Ask(Neighbourhood::ask(grown, &around, self.rows)));
        };
        if let Some(chosen) = found.chosen.take() {
            let losses = measured.arrays.first();
            let amplitude = losses.map_or(1.0, |losses| best(AMPLITUDES, losses));
            return Ok(Answer::Is(start(view, grown, &around, &chosen.scaled(amplitude))));
        }
        let of = Neighbourhood::of(grown, &around, measured)?;
        let movable = movable(view, grown, &around);
        let able: Vec<usize> = movable.iter().filter_map(|&unit| grown.position(unit)).collect();
        let search = Search {
            step: self.step,
            candidates: self.candidates.max(units),
            steps: self.steps,
            rate: self.rate,
            activation: grown.activation,
        };
        let chosen = search.chosen(&of, &able, units, view.seed.derive("firefly"));
        if !chosen.is_finite() {
            return Ok(Answer::Is(silent()));
        }
        let growth = |amplitude| {
            let mut plan = view.plan("try");
            let start = start(view, grown, &around, &chosen.scaled(amplitude));
            widen(&mut plan, view.graph, layer, units, start);
            plan.finish()
        };
        let plans = amplitudes(AMPLITUDES).map(growth).collect();
        found.chosen = Some(chosen);
        Ok(Answer::Ask(Question::trial(plans, self.trial_rows)))
    }

    fn copies(&self) -> bool {
        true
    }

    fn moves(&self) -> bool {
        true
    }

    fn computes(&self) -> bool {
        true
    }
}

crate::register!(
    initializer,
    Firefly,
    "firefly",
    summary = "Of split units and new ones those start that lower the loss most, to first order.",
    citation = "Wu et al. 2020, arXiv:2102.08574",
    source = include_str!("firefly.rs"),
);

#[cfg(test)]
mod tests;
