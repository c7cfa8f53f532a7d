//! TINY: new units that give a layer's successors the update that they ask for and that the layer cannot give them itself.
//!
//! Verbockhaven, M. et al. (2024). Growing tiny networks: spotting expressivity bottlenecks and fixing them optimally. TMLR,
//! arXiv:2405.19816; and the family of methods around it, GradMax (Evci et al. 2022, arXiv:2201.05125) among them, with the
//! distinctions that the library GroMo makes. Over n rows, let x be the outputs of the layers below, h those of the layer that grows, with a 1 for
//! the bias, and v = −∂ℓ/∂a the desired change of the summed inputs a of the layers above. Then
//!
//! ```text
//! projection:  v ← v − h dW*,   dW* = argmin_dW Σ ‖v − h dW‖²        what the existing weights can do is taken out
//! S = E x xᵀ (or the identity),   N = E x vᵀ,   S^(−1/2) N = U Λ Vᵀ
//! α_k = √γ √λ_k S^(−1/2) u_k,   ω_k = √γ √λ_k v_k                    incoming and outgoing weights of unit k
//! ```
//!
//! Of all k units that are linear near 0, these follow v best in least squares; without projection the loss falls by
//! `Σ_k λ_k²` for a unit of γ, to first order. The amplitude γ is chosen by a search along 4⁻³, 4⁻², …, 4⁴: the loss is measured after each of these growths, and the
//! smallest one wins. Where none is below the loss without growth, γ is 4⁻³.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `covariance` | whether S is the covariance of the inputs; otherwise the identity | true |
//! | `zero_incoming` | whether incoming weights are 0, and outgoing ones those that give them the largest gradient | false |
//! | `projection` | whether what the existing weights can do is taken out | true |
//! | `scale` | norms relative to the mean norms of the existing units' weights, dimensionless; without it the amplitude is searched | none |
//! | `directions` | `solved`: as above; `ascended`: by `steps` gradient steps on Σ λ_k² from a random start, a control; `random`: of the same sizes, a control | `solved` |
//! | `steps` | gradient steps of `ascended` | 100 |
//! | `threshold` | units with λ_k at or below this share of λ_1 get no outgoing weights | 1e-3 |
//! | `ridge` | regularisation of both least-squares problems, relative to the mean square of an input | 0.1 |
//! | `rows` | rows of the experience that gradients are computed on | 512 |
//! | `trial_rows` | rows of the experience that losses of the search are measured on, drawn anew | 128 |
//!
//! GradMax is `covariance = false`, `zero_incoming = true`, `projection = false`, `scale = 0.5`; a test holds it to the initializer of that name.
//!
//! **Preserves** every old weight, and the function only with zero incoming weights, which need an activation that is 0 at 0 and has a
//! slope there (`relu` has none here: take `relu-live-at-zero`). **Cost** of a growth, in multiply-adds, for r rows, d inputs, m units
//! and o outputs above: `r d min(r, d)` for the covariance and a sixth of `min(r, d)³` for its factor, `r m²`, 4 r forward passes, and 27
//! of `trial_rows` for the search of nine losses. At these defaults and a network of 784-400-400-10 that is about 3 · 10⁹, the work of
//! 16 updates of 128 rows: 8 % of the training of split MNIST (1,875 updates) if it grows nine times. It needs rows that can be revisited.
//!
//! **Departures.** The step dW* is not taken: the optimizer has the old weights to itself. A rectifier is linear on one side only, so of
//! ±(α, ω), which are the same to a linear unit, the one is taken whose output follows v better. Biases of new units are 0. All units asked for are added; those below the threshold
//! start with random incoming weights and learn. The function `sigmoid` or `softplus` is not 0 at 0: refused.

use super::activations::speaks_at_zero;
use super::amplitudes::{amplitudes, best};
use super::surroundings::{Surroundings, beside, incoming, outgoing, plain, unnormalised};
use crate::parts::{Answer, Answered, Initializer, Part, Question, Start, widen};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{
    Activation, ConfigError, Graph, Init, Layer, LayerId, Measured, Objective, Request, Unsuited,
};
use ndarray::Axis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod pairs;
pub(super) use pairs::gain_of;
use pairs::{Family, Measurements, Pairs};

/// The exponents of 4 along which the amplitude is searched.
const AMPLITUDES: std::ops::RangeInclusive<i32> = -3..=4;

/// The origin of the directions of new units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Directions {
    /// The exact solution.
    #[default]
    Solved,
    /// Gradient steps on the same objective from a random start: the optimised control.
    Ascended,
    /// Random directions of the same sizes: the random control.
    Random,
}

/// Configuration of TINY and its family; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tiny {
    /// Take the covariance of the inputs as S; otherwise the identity.
    pub covariance: bool,
    /// Start incoming weights at 0.
    pub zero_incoming: bool,
    /// Remove what the existing weights can do from the desired change.
    pub projection: bool,
    /// Norms relative to the mean norms of the existing units' weights; searched when absent.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub scale: Option<f64>,
    /// The origin of the directions.
    pub directions: Directions,
    /// Gradient steps of `ascended`.
    #[schemars(range(min = 1, max = 100_000))]
    pub steps: u32,
    /// Share of λ_1 at or below which a unit gets no outgoing weights.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub threshold: f64,
    /// Regularisation of both least-squares problems, relative to the mean square of an input.
    #[schemars(range(min = 0.0))]
    pub ridge: f64,
    /// Rows of the experience that gradients are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Rows of the experience that losses of the search are measured on.
    #[schemars(range(min = 1))]
    pub trial_rows: u32,
}

impl Default for Tiny {
    fn default() -> Self {
        Self {
            covariance: true,
            zero_incoming: false,
            projection: true,
            scale: None,
            directions: Directions::Solved,
            steps: 100,
            threshold: 1e-3,
            ridge: 0.1,
            rows: 512,
            trial_rows: 128,
        }
    }
}

/// The weights of the growth in progress, while their amplitude is searched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    pairs: Option<Pairs>,
}

impl Part for Tiny {
    type State = Searched;

    fn check(&self) -> Result<(), ConfigError> {
        if self.zero_incoming && self.scale.is_none() {
            let need = "given with `zero_incoming`, as by `scale = 0.5`: no amplitude changes the loss there, so none can be searched";
            return Err(ConfigError::new("scale", "left out", need));
        }
        Ok(())
    }

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "take `zero-fan-out`, which looks at none")?;
        let Some(graph) = run.headed else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            let fits = self.fits(graph, layer);
            fits.map_err(|reason| Unsuited::new("name", "tiny", reason))?;
        }
        Ok(())
    }
}

impl Tiny {
    /// Checks that a layer's units can be initialised; the error states why not.
    fn fits(&self, graph: &Graph, layer: &Layer) -> Result<(), String> {
        plain(graph, layer, "tiny")?;
        unnormalised(layer, "tiny")?;
        if speaks_at_zero(layer.activation) {
            return Err(
                "tiny computes with units that are 0 at 0, which `sigmoid` and `softplus` are not; set `activation = \"tanh\"` or \
                 `\"relu\"`"
                    .into(),
            );
        }
        if self.zero_incoming && layer.activation == Activation::Relu {
            return Err(
                "tiny with `zero_incoming` starts units at zero, where `relu` has no slope and they would never learn; set \
                 `activation = \"relu-live-at-zero\"`"
                    .into(),
            );
        }
        Ok(())
    }

    /// The measurements: outputs of the layer and of those below, errors at those above, and the weights between.
    fn ask(&self, layer: LayerId, around: &Surroundings) -> Question {
        let below = around.below.iter().map(|c| c.from);
        let layers = std::iter::once(layer).chain(below).collect();
        let above = around.above.iter().map(|c| c.to).collect();
        let requests = vec![
            Request::Activations(layers),
            Request::Gradients(Objective::default(), above),
            Request::Parameters(around.weights()),
        ];
        Question::together(requests, self.rows)
    }

    /// The weights of the new units at the amplitude 1, or at the fixed scale.
    fn pairs(
        &self,
        view: &View<'_>,
        around: &Surroundings,
        measured: &Measured,
        (activation, units): (Activation, usize),
    ) -> Result<Pairs, StrategyError> {
        let (below, above) = (around.below.len(), around.above.len());
        let arrays = &measured.arrays;
        if arrays.len() != 1 + 2 * (below + above) {
            let what = "outputs, errors and weights around a layer";
            return Err(super::joined::unlike(arrays, what));
        }
        let (outputs, rest) = arrays.split_at(1 + below);
        let (errors, weights) = rest.split_at(above);
        let errors = beside(Axis(1), errors, "errors above")?;
        let rows = errors.nrows() as f64;
        let of = Measurements {
            inputs: beside(Axis(1), &outputs[1..], "outputs below")?,
            outputs: outputs[0].mapv(f64::from),
            // Errors enter a mean over rows; the desired change is that of a row.
            desired: errors * -rows,
            incoming: beside(Axis(1), &weights[..below], "incoming weights")?,
            outgoing: beside(Axis(0), &weights[below..], "outgoing weights")?,
        };
        let family = Family {
            covariance: self.covariance,
            zero_incoming: self.zero_incoming,
            projection: self.projection,
            scale: self.scale,
            directions: self.directions,
            steps: self.steps,
            threshold: self.threshold,
            ridge: self.ridge,
        };
        Ok(family.pairs(&of, activation, units, view.seed.derive("tiny")))
    }

    /// Units with random incoming weights and no outgoing ones, where there is nothing to compute from.
    fn plain_start(view: &View<'_>) -> Start {
        Start::Fresh {
            incoming: view.init.into(),
            outgoing: Init::Zero.into(),
            bias: 0.0,
        }
    }
}

/// Units with these weights, both sides multiplied by the root of the amplitude.
fn start(view: &View<'_>, around: &Surroundings, pairs: &Pairs, amplitude: f64) -> Start {
    let root = amplitude.sqrt() as f32;
    Start::Fresh {
        incoming: incoming(view, &around.below, &pairs.amplified(root)),
        outgoing: outgoing(view, &around.above, &(&pairs.outgoing * root)),
        bias: 0.0,
    }
}

impl Initializer for Tiny {
    fn initialize(
        &self,
        searched: &mut Searched,
        view: &View<'_>,
        layer: LayerId,
        units: usize,
    ) -> Answered<Start> {
        let around = Surroundings::of(view, layer)?;
        let grown = view.graph.layer(layer);
        let grown = grown.ok_or_else(|| StrategyError::Missing(format!("{layer}")))?;
        self.fits(view.graph, grown).map_err(StrategyError::Unsuited)?;
        if around.above.is_empty() {
            // Nothing above it is trained yet: nothing is asked of it.
            return Ok(Answer::Is(Self::plain_start(view)));
        }
        let pairs = match (view.measured, searched.pairs.take()) {
            (None, _) => return Ok(Answer::Ask(self.ask(layer, &around))),
            (Some(measured), Some(pairs)) => {
                let amplitude = measured
                    .arrays
                    .first()
                    .map_or(1.0, |losses| best(AMPLITUDES, losses));
                return Ok(Answer::Is(start(view, &around, &pairs, amplitude)));
            }
            (Some(measured), None) => self.pairs(view, &around, measured, (grown.activation, units))?,
        };
        if !pairs.is_finite() {
            return Ok(Answer::Is(Self::plain_start(view)));
        }
        if self.scale.is_some() {
            return Ok(Answer::Is(start(view, &around, &pairs, 1.0)));
        }
        let growth = |amplitude| {
            let mut plan = view.plan("try");
            let start = start(view, &around, &pairs, amplitude);
            widen(&mut plan, view.graph, layer, units, start);
            plan.finish()
        };
        let plans = amplitudes(AMPLITUDES).map(growth).collect();
        searched.pairs = Some(pairs);
        Ok(Answer::Ask(Question::trial(plans, self.trial_rows)))
    }

    fn computes(&self) -> bool {
        true
    }

    fn preserves_function(&self) -> bool {
        self.zero_incoming
    }
}

crate::register!(
    initializer,
    Tiny,
    "tiny",
    summary = "Newborn units give the layers above what these ask for and the layer cannot do itself.",
    citation = "Verbockhaven et al. 2024, arXiv:2405.19816",
    source = include_str!("tiny.rs"),
);

#[cfg(test)]
mod tests;
