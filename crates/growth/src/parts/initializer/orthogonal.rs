//! Orthogonal initialisation: new units whose outputs are as orthogonal as possible to the existing outputs of the layer.
//!
//! Maile, K. et al. (2022). When, where, and how to add new neurons to ANNs. arXiv:2202.08539: the initialiser *select* of
//! NORTH*. `candidates` units get incoming weights drawn from the normal distribution and scaled to the mean norm ‖w_in‖ of
//! the layer's units. Of these, one after the other is selected whose outputs a over rows lie least within the existing
//! span:
//!
//! ```text
//! score(a) = ‖a − Q Qᵀ a‖ / ‖a‖,
//! ```
//! where Q is an orthonormal basis of the outputs `[rows, units]` of the layer's units and of the new units selected so
//! far. Outgoing weights are 0.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `candidates` | candidates drawn for a growth | 1000 |
//! | `rows` | rows of the experience that outputs are computed on | 256 |
//!
//! **Preserves** the function exactly, since outgoing weights are 0. It needs rows that can be revisited.
//!
//! **Departures.** Each selected unit extends the span, so that several of them also differ from each other. Biases are 0,
//! and a layer's normalisation is ignored in the candidates' outputs. `gelu` is scored by its tanh approximation.

use super::joined::joined;
use crate::parts::{Answer, Answered, Initializer, Part, Question, Start};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{
    Activation, Connection, Graph, Grid, Init, Layer, LayerId, Link, NewWeights, Parameter, Request, Seed,
    Unsuited,
};
use ndarray::{Array1, Array2, Axis, s};
use rand_distr::{Distribution, StandardNormal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A vector counts as within a span if its share outside is below this.
const WITHIN: f64 = 1e-6;

/// Configuration of the orthogonal initializer; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Orthogonal {
    /// Candidates drawn for a growth.
    #[schemars(range(min = 1, max = 100_000))]
    pub candidates: u32,
    /// Rows of the experience that outputs are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for Orthogonal {
    fn default() -> Self {
        Self {
            candidates: 1000,
            rows: 256,
        }
    }
}

/// Measurements for the growth in progress: outputs of the layer and of those below it, in this order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrthogonalState {
    arrays: Vec<Array2<f32>>,
}

impl Part for Orthogonal {
    type State = OrthogonalState;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `zero-fan-out`, which needs no rows")?;
        let Some(graph) = run.graph else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            Self::fits(graph, layer).map_err(|reason| Unsuited::new("name", "orthogonal", reason))?;
        }
        Ok(())
    }
}

/// An orthonormal basis that can be extended.
#[derive(Debug, Default)]
struct Span(Vec<Array1<f64>>);

impl Span {
    /// The component of a vector outside the span, by Gram–Schmidt applied twice.
    fn outside(&self, vector: &Array1<f64>) -> Array1<f64> {
        let mut left = vector.clone();
        for _ in 0..2 {
            for direction in &self.0 {
                let along = direction.dot(&left);
                left.scaled_add(-along, direction);
            }
        }
        left
    }

    /// The share of a vector that lies outside the span, in `[0, 1]`; 0 for the zero vector.
    fn score(&self, vector: &Array1<f64>) -> f64 {
        let whole = norm(vector);
        if whole > 0.0 {
            norm(&self.outside(vector)) / whole
        } else {
            0.0
        }
    }

    fn take(&mut self, vector: &Array1<f64>) {
        let left = self.outside(vector);
        let size = norm(&left);
        if size > WITHIN * norm(vector) {
            self.0.push(left / size);
        }
    }
}

fn norm(vector: &Array1<f64>) -> f64 {
    vector.dot(vector).sqrt()
}

fn value(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Identity => z,
        Activation::Relu | Activation::ReluLiveAtZero => z.max(0.0),
        Activation::LeakyRelu => z.max(0.01 * z),
        Activation::Tanh => z.tanh(),
        Activation::Sigmoid => 0.5 * (1.0 + (0.5 * z).tanh()),
        Activation::Softplus => z.max(0.0) + (-z.abs()).exp().ln_1p(),
        Activation::Gelu => {
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (z + 0.044_715 * z.powi(3));
            0.5 * z * (1.0 + inner.tanh())
        }
    }
}

impl Orthogonal {
    /// Incoming weights `[units, sources]` of the new units, the sources of all connections side by side.
    fn select(
        &self,
        outputs: &Array2<f32>,
        inputs: &Array2<f32>,
        (activation, size): (Activation, f64),
        units: usize,
        seed: Seed,
    ) -> Array2<f32> {
        let mut span = Span::default();
        for column in outputs.columns() {
            span.take(&column.mapv(f64::from));
        }
        let inputs = inputs.mapv(f64::from);
        let mut random = seed.derive("orthogonal").random();
        let mut drawn: Vec<(Array1<f64>, Array1<f64>)> = (0..self.candidates.max(units as u32))
            .map(|_| {
                let normal = Array1::from_shape_simple_fn(inputs.ncols(), || -> f64 {
                    StandardNormal.sample(&mut random)
                });
                let weights = &normal * (size / norm(&normal).max(f64::MIN_POSITIVE));
                let outputs = inputs.dot(&weights).mapv(|z| value(activation, z));
                (weights, outputs)
            })
            .collect();
        let mut chosen = Array2::zeros((units, inputs.ncols()));
        for mut row in chosen.rows_mut() {
            let scores = drawn.iter().map(|(_, outputs)| span.score(outputs));
            // Of ties, the candidate drawn first.
            let best = scores.enumerate().fold(
                (0, -1.0),
                |best, (i, score)| {
                    if score > best.1 { (i, score) } else { best }
                },
            );
            if drawn.is_empty() {
                break;
            }
            let (weights, outputs) = drawn.swap_remove(best.0);
            span.take(&outputs);
            row.assign(&weights.mapv(|w| w as f32));
        }
        chosen
    }
}

/// The mean norm of the units' incoming weights, over all connections together; 1 where all are 0.
fn size(weights: &[Array2<f32>]) -> Result<f64, StrategyError> {
    let all = joined(Axis(1), weights, "incoming weights")?;
    let norms = all.rows().into_iter().map(|row| norm(&row.mapv(f64::from)));
    let mean = norms.sum::<f64>() / all.nrows().max(1) as f64;
    Ok(if mean > 0.0 { mean } else { 1.0 })
}

impl Orthogonal {
    /// Checks that a layer's units can be initialised orthogonally; the error states why not.
    fn fits(graph: &Graph, grown: &Layer) -> Result<(), String> {
        if grown.grid != Grid::POINT || graph.into_layer(grown.id).any(|c| c.link != Link::Dense) {
            let name = &grown.name;
            return Err(format!(
                "orthogonal starts units of plain layers, and {name} is not one"
            ));
        }
        Ok(())
    }
}

impl Initializer for Orthogonal {
    fn initialize(
        &self,
        gathered: &mut OrthogonalState,
        view: &View<'_>,
        layer: LayerId,
        units: usize,
    ) -> Answered<Start> {
        let below: Vec<&Connection> = view.graph.into_layer(layer).collect();
        let grown = view.graph.layer(layer).filter(|_| !below.is_empty());
        let grown = grown.ok_or_else(|| StrategyError::Missing(format!("{layer} with layers below")))?;
        Self::fits(view.graph, grown).map_err(StrategyError::Unsuited)?;
        let Some(measured) = view.measured else {
            gathered.arrays.clear();
            let layers = std::iter::once(layer)
                .chain(below.iter().map(|c| c.from))
                .collect();
            return Ok(Answer::Ask(Question::new(
                Request::Activations(layers),
                self.rows,
            )));
        };
        if gathered.arrays.len() != below.len() + 1 {
            gathered.arrays.clone_from(&measured.arrays);
            let weights = below.iter().map(|c| Parameter::Weight(c.id)).collect();
            return Ok(Answer::Ask(Question::new(Request::Parameters(weights), 0)));
        }
        let arrays = std::mem::take(gathered).arrays;
        let inputs = joined(Axis(1), &arrays[1..], "outputs of the layers below")?;
        let by = (grown.activation, size(&measured.arrays)?);
        let chosen = self.select(&arrays[0], &inputs, by, units, view.seed);
        if chosen.iter().any(|w| !w.is_finite()) {
            // Weights whose norm exceeds single precision give no scale to draw by.
            return Ok(Answer::Is(Start::Fresh {
                incoming: view.init.into(),
                outgoing: Init::Zero.into(),
                bias: 0.0,
            }));
        }
        let mut incoming = NewWeights::from(Init::Zero);
        let mut first = 0;
        for (connection, outputs) in below.iter().zip(&arrays[1..]) {
            let part = chosen.slice(s![.., first..first + outputs.ncols()]);
            incoming.given.insert(connection.id, part.to_owned());
            first += outputs.ncols();
        }
        Ok(Answer::Is(Start::Fresh {
            incoming,
            outgoing: Init::Zero.into(),
            bias: 0.0,
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
    Orthogonal,
    "orthogonal",
    summary = "Newborn units are the random candidates whose outputs are most independent of the layer's.",
    citation = "Maile et al. 2022, arXiv:2202.08539",
    source = include_str!("orthogonal.rs"),
);

#[cfg(test)]
mod tests;
