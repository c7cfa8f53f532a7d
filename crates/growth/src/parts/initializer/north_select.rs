//! NORTH-Select: new units whose outputs are as orthogonal as possible to the existing outputs of the layer.
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

use super::activations::value;
use super::joined::joined;
use super::span::Span;
use super::surroundings::{beside, direction, mean_norm, norm, plain, silent};
use crate::parts::{Answer, Answered, Initializer, Part, Question, Start};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{Activation, Connection, LayerId, Parameter, Request, Seed, Unsuited};
use ndarray::{Array2, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Configuration of the initializer; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NorthSelect {
    /// Candidates drawn for a growth.
    #[schemars(range(min = 1, max = 100_000))]
    pub candidates: u32,
    /// Rows of the experience that outputs are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for NorthSelect {
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

impl Part for NorthSelect {
    type State = OrthogonalState;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `zero-fan-out`, which needs no rows")?;
        let Some(graph) = run.graph else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            plain(graph, layer, "north-select")
                .map_err(|reason| Unsuited::new("name", "north-select", reason))?;
        }
        Ok(())
    }
}

impl NorthSelect {
    /// Incoming weights `[units, sources]` of the new units, the sources of all connections side by side.
    fn select(
        &self,
        outputs: &Array2<f32>,
        inputs: &Array2<f32>,
        (activation, size): (Activation, f64),
        units: usize,
        seed: Seed,
    ) -> Array2<f32> {
        let mut span = Span::of_columns(outputs.mapv(f64::from).view());
        let inputs = inputs.mapv(f64::from);
        let mut random = seed.derive("north-select").random();
        let mut drawn = Array2::zeros((units.max(self.candidates as usize), inputs.ncols()));
        for mut row in drawn.rows_mut() {
            row.assign(&direction(inputs.ncols(), size, &mut random));
        }
        // A row for each candidate: its outputs, and the part of them outside of the span.
        let outputs = drawn.dot(&inputs.t()).mapv(|z| value(activation, z));
        let mut outside = span.outside_of_rows(&outputs);
        let sizes: Vec<f64> = outputs.rows().into_iter().map(norm).collect();
        let mut chosen = Array2::zeros((units, inputs.ncols()));
        let mut taken = BTreeSet::new();
        for mut row in chosen.rows_mut() {
            let shares = outside.rows().into_iter().zip(&sizes).map(|(left, size)| {
                let share = norm(left) / size;
                if share.is_finite() { share } else { 0.0 }
            });
            let free = shares.enumerate().filter(|(i, _)| !taken.contains(i));
            // Of ties, the candidate drawn first.
            let best = free.reduce(|best, next| if next.1 > best.1 { next } else { best });
            let Some((best, _)) = best else { break };
            taken.insert(best);
            if let Some(new) = span.take(&outputs.row(best).to_owned()) {
                let along = outside.dot(new);
                for (mut left, along) in outside.rows_mut().into_iter().zip(&along) {
                    left.scaled_add(-along, new);
                }
            }
            row.assign(&drawn.row(best).mapv(|w| w as f32));
        }
        chosen
    }
}

impl Initializer for NorthSelect {
    fn initialize(
        &self,
        gathered: &mut OrthogonalState,
        view: &View<'_>,
        layer: LayerId,
        units: usize,
    ) -> Answered<Start> {
        let below: Vec<Connection> = view.graph.into_layer(layer).cloned().collect();
        let grown = view.graph.layer(layer).filter(|_| !below.is_empty());
        let grown = grown.ok_or_else(|| StrategyError::Missing(format!("{layer} with layers below")))?;
        plain(view.graph, grown, "north-select").map_err(StrategyError::Unsuited)?;
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
        let old = beside(Axis(1), &measured.arrays, "incoming weights")?;
        let by = (grown.activation, mean_norm(Axis(0), &old));
        let chosen = self.select(&arrays[0], &inputs, by, units, view.seed);
        Ok(Answer::Is(silent(view, &below, &chosen)))
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
    NorthSelect,
    "north-select",
    summary = "Newborn units are the random candidates whose outputs are most independent of the layer's.",
    citation = "Maile et al. 2022, arXiv:2202.08539",
    source = include_str!("north_select.rs"),
);

#[cfg(test)]
mod tests;
