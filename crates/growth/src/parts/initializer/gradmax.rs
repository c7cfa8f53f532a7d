//! GradMax: initialises new units so that their gradient is as large as possible.
//!
//! Evci, U. et al. (2022). GradMax: growing neural networks using gradient information. arXiv:2201.05125. Incoming weights
//! are zero, so that the function is preserved; the gradient of the incoming weights then depends on the outgoing ones, and
//! is largest for
//!
//! ```text
//! w_out,k = scale · ‖w_out‖ · u_k,   G = U Σ Vᵀ,   G = E_r δ_r h_rᵀ,
//! ```
//!
//! where u_k is the k-th left singular vector of the gradient G that a direct connection from the layer below to the layers
//! above would have, and ‖w_out‖ the mean norm of the outgoing weights of the existing units.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `scale` | norm of the outgoing weights relative to the mean norm of the existing ones, dimensionless | 0.5 |
//! | `rows` | rows of the experience that gradients are computed on | 256 |
//!
//! **Preserves** the function exactly, which requires that an input of 0 gives an output of 0: `sigmoid` and `softplus` are
//! refused. A unit with zero incoming weights learns only if the slope of its activation at 0 is not 0: `relu`, whose slope
//! at 0 is 0 here, is refused; use `relu-live-at-zero` instead. It needs rows that can be revisited.
//!
//! **Departures.** If the layer feeds several layers, their gradients are stacked; if several layers feed it, the first
//! counts. Units beyond the number of rows of G start with outgoing weights orthogonal to all others. It is a special case of
//! [`tiny`](super::tiny), which asks several layers below together.

use super::activations::speaks_at_zero;
use super::joined::{joined, unlike};
use super::surroundings::upward;
use crate::parts::{Answer, Answered, Initializer, Part, Question, Start};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::spectrum::left_singular_vectors;
use dentate_core::{
    Activation, Connection, Graph, Init, Layer, LayerId, Link, NewWeights, Objective, Parameter, Request,
    Unsuited,
};
use ndarray::{Array2, Axis, s};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The measured quantities, as named in errors.
const GRADIENTS: &str = "gradients towards the layers above";
const WEIGHTS: &str = "outgoing weights";

/// Configuration of GradMax; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GradMax {
    /// Norm of the outgoing weights relative to the mean norm of the existing ones.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub scale: f64,
    /// Rows of the experience that gradients are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for GradMax {
    fn default() -> Self {
        Self {
            scale: 0.5,
            rows: 256,
        }
    }
}

/// Measurements collected for the growth in progress.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GradMaxState {
    gradients: Vec<Array2<f32>>,
}

impl Part for GradMax {
    type State = GradMaxState;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `zero-fan-out`, which needs no rows")?;
        let Some(graph) = run.headed else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            Self::fits(graph, layer).map_err(|reason| Unsuited::new("name", "gradmax", reason))?;
        }
        Ok(())
    }
}

/// Returns whether a unit with zero incoming weights can learn.
fn live_at_zero(activation: Activation) -> bool {
    activation != Activation::Relu
}

impl GradMax {
    /// Checks that a layer's units can be initialised by GradMax; the error states why not.
    fn fits(graph: &Graph, grown: &Layer) -> Result<(), String> {
        if !live_at_zero(grown.activation) {
            return Err(
                "gradmax starts units at zero, where `relu` has no slope and they would never learn; \
                 set `activation = \"relu-live-at-zero\"`"
                    .into(),
            );
        }
        if speaks_at_zero(grown.activation) {
            return Err(
                "gradmax starts units at zero, where `sigmoid` and `softplus` put out more than 0 and the function would \
                 change; set `activation = \"tanh\"` or `\"relu-live-at-zero\"`"
                    .into(),
            );
        }
        let plain = |c: &Connection| c.link == Link::Dense && graph.columns_each(c) == 1;
        let around = |c: &&Connection| c.from == grown.id || c.to == grown.id;
        if !graph.connections().filter(around).all(plain) {
            return Err(format!(
                "gradmax starts units of plain layers, and {} lies beside a grid",
                grown.name
            ));
        }
        Ok(())
    }

    /// The outgoing weights of `units` new units, by connection.
    fn outgoing(
        &self,
        view: &View<'_>,
        above: &[Connection],
        gradients: &[Array2<f32>],
        weights: &[Array2<f32>],
        units: usize,
    ) -> Result<NewWeights, StrategyError> {
        let stacked = joined(Axis(0), gradients, GRADIENTS)?;
        let old = joined(Axis(0), weights, WEIGHTS)?;
        if weights.len() != above.len() || old.nrows() != stacked.nrows() {
            let measured = [gradients, weights].concat();
            return Err(unlike(&measured, "gradients and outgoing weights"));
        }
        let vectors = left_singular_vectors(stacked.view(), units, view.seed.derive("gradmax"));
        let norms: Vec<f64> = old
            .columns()
            .into_iter()
            .map(|c| c.iter().map(|w| f64::from(w * w)).sum::<f64>().sqrt())
            .collect();
        let mean = norms.iter().sum::<f64>() / norms.len().max(1) as f64;
        let size = self.scale * if mean > 0.0 { mean } else { 1.0 };
        let mut new = NewWeights::from(Init::Zero);
        let mut first = 0;
        for (connection, weights) in above.iter().zip(weights) {
            let rows = weights.nrows();
            let part = vectors.slice(s![first..first + rows, ..]);
            let value = |(i, k): (usize, usize)| part.get((i, k)).map_or(0.0, |v| (v * size) as f32);
            new.given
                .insert(connection.id, Array2::from_shape_fn((rows, units), value));
            first += rows;
        }
        // Gradients beyond single precision are not finite, and are treated as if there were none.
        let finite = new.given.values().flatten().all(|v| v.is_finite());
        Ok(if finite { new } else { view.init.into() })
    }
}

impl Initializer for GradMax {
    fn initialize(
        &self,
        gathered: &mut GradMaxState,
        view: &View<'_>,
        layer: LayerId,
        units: usize,
    ) -> Answered<Start> {
        let missing = || StrategyError::Missing(format!("{layer} with layers below and above"));
        let grown = view.graph.layer(layer).ok_or_else(missing)?;
        Self::fits(view.graph, grown).map_err(StrategyError::Unsuited)?;
        let above = upward(view, layer);
        let below = view.graph.into_layer(layer).next().ok_or_else(missing)?.from;
        if above.is_empty() {
            // Nothing above it is trained yet: there is no gradient to use.
            let (incoming, outgoing) = (Init::Zero.into(), view.init.into());
            return Ok(Answer::Is(Start::Fresh {
                incoming,
                outgoing,
                bias: 0.0,
            }));
        }
        if let Some(measured) = view.measured
            && gathered.gradients.len() == above.len()
        {
            let outgoing = self.outgoing(view, &above, &gathered.gradients, &measured.arrays, units)?;
            *gathered = GradMaxState::default();
            return Ok(Answer::Is(Start::Fresh {
                incoming: Init::Zero.into(),
                outgoing,
                bias: 0.0,
            }));
        }
        match view.measured {
            Some(measured) => gathered.gradients.extend(measured.arrays.first().cloned()),
            None => gathered.gradients.clear(),
        }
        Ok(Answer::Ask(match above.get(gathered.gradients.len()) {
            Some(connection) => {
                let request = Request::VirtualGradient {
                    objective: Objective::default(),
                    from: below,
                    to: connection.to,
                };
                Question::new(request, self.rows)
            }
            None => {
                let weights = above.iter().map(|c| Parameter::Weight(c.id)).collect();
                Question::new(Request::Parameters(weights), 0)
            }
        }))
    }

    fn computes(&self) -> bool {
        true
    }

    fn preserves_function(&self) -> bool {
        true
    }
}

crate::register!(
    initializer,
    GradMax,
    "gradmax",
    summary =
        "Incoming weights of zero, and outgoing weights with the largest gradient on the incoming ones.",
    citation = "Evci et al. 2022, arXiv:2201.05125",
    source = include_str!("gradmax.rs"),
);

#[cfg(test)]
mod tests;
