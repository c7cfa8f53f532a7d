//! NORTH-Pre: new units whose summed inputs are orthogonal to those of the layer's units and to each other.
//!
//! Maile, K. et al. (2022). When, where, and how to add new neurons to ANNs. arXiv:2202.08539: the initialiser *pre* of
//! NORTH*. Over n rows, let X `[n, inputs]` be the outputs of the layers below, Z `[n, units]` the summed inputs of the layer's units,
//! Q an orthonormal basis of Z and of the summed inputs of the new units so far, and ‖w_in‖ the mean norm of the incoming weights of the layer's units. Then
//!
//! ```text
//! w ∝ X⁺ (z − Q Qᵀ z),   z = X r,   r ~ N(0, I),   ‖w‖ = ‖w_in‖,   w_out = 0,
//! ```
//!
//! X⁺ being the pseudo-inverse, by least squares with a small ridge.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `rows` | rows of the experience that summed inputs are computed on | 256 |
//! | `ridge` | regularisation of the pseudo-inverse, relative to the mean square of an input | 1e-6 |
//!
//! **Preserves** the function exactly, since outgoing weights are 0. It needs rows that can be revisited. **Cost** in multiply-adds:
//! `rows · inputs · min(rows, inputs)` for the pseudo-inverse, and a pass of the rows to the layer.
//!
//! **Departures.** z is drawn among the summed inputs that some weights give, so that its part outside of Z is what the new unit
//! computes. Biases are 0. Where no summed inputs are outside of Q, as with as many units as inputs, r itself is taken.

use super::span::Span;
use super::surroundings::{beside, direction, mean_norm, norm, plain, silent};
use crate::parts::{Answer, Answered, Initializer, Part, Question, Start};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{Connection, LayerId, Parameter, Request, Seed, Unsuited, least_squares};
use ndarray::{Array2, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the initializer; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NorthPre {
    /// Rows of the experience that summed inputs are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
    /// Regularisation of the pseudo-inverse, relative to the mean square of an input.
    #[schemars(range(min = 0.0))]
    pub ridge: f64,
}

impl Default for NorthPre {
    fn default() -> Self {
        Self {
            rows: 256,
            ridge: 1e-6,
        }
    }
}

impl Part for NorthPre {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "take `north-weight`, which looks at none")?;
        let Some(graph) = run.graph else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            plain(graph, layer, "north-pre").map_err(|reason| Unsuited::new("name", "north-pre", reason))?;
        }
        Ok(())
    }
}

/// A share of summed inputs outside of a span below which they count as inside: single precision leaves about this much.
const OUTSIDE: f64 = 1e-4;

impl NorthPre {
    /// Incoming weights `[units, inputs]`, for outputs of the layers below `[rows, inputs]`, incoming weights of the layer's units
    /// `[units, inputs]` and their biases.
    fn orthogonal(
        &self,
        inputs: &Array2<f64>,
        (old, biases): (&Array2<f64>, Option<&Array2<f64>>),
        units: usize,
        seed: Seed,
    ) -> Array2<f32> {
        let mut sums = inputs.dot(&old.t());
        if let Some(biases) = biases {
            sums += biases;
        }
        let mut span = Span::of_columns(sums.view());
        let mut random = seed.derive("north-pre").random();
        let drawn: Vec<_> = (0..units)
            .map(|_| direction(inputs.ncols(), 1.0, &mut random))
            .collect();
        let mut wanted = Array2::zeros((inputs.nrows(), units));
        let mut found = vec![false; units];
        for ((mut column, r), found) in wanted.columns_mut().into_iter().zip(&drawn).zip(&mut found) {
            let whole = inputs.dot(r);
            let left = span.outside(&whole);
            *found = norm(left.view()) > OUTSIDE * norm(whole.view());
            if *found {
                span.take(&left);
                column.assign(&left);
            }
        }
        let solved = least_squares(inputs, &wanted, self.ridge);
        let size = mean_norm(Axis(0), old);
        let mut new = Array2::zeros((units, inputs.ncols()));
        for (unit, mut row) in new.rows_mut().into_iter().enumerate() {
            let column = solved.column(unit).to_owned();
            let weights = if found[unit] { &column } else { &drawn[unit] };
            let scale = size / norm(weights.view()).max(f64::MIN_POSITIVE);
            row.assign(&weights.mapv(|w| (w * scale) as f32));
        }
        new
    }
}

impl Initializer for NorthPre {
    fn initialize(&self, _: &mut (), view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        let below: Vec<Connection> = view.graph.into_layer(layer).cloned().collect();
        let grown = view.graph.layer(layer).filter(|_| !below.is_empty());
        let grown = grown.ok_or_else(|| StrategyError::Missing(format!("{layer} with layers below")))?;
        plain(view.graph, grown, "north-pre").map_err(StrategyError::Unsuited)?;
        let Some(measured) = view.measured else {
            let weights = below.iter().map(|c| Parameter::Weight(c.id));
            let bias = grown.bias.then_some(Parameter::Bias(layer));
            let requests = vec![
                Request::Activations(below.iter().map(|c| c.from).collect()),
                Request::Parameters(weights.chain(bias).collect()),
            ];
            return Ok(Answer::Ask(Question::together(requests, self.rows)));
        };
        let count = below.len();
        let arrays = &measured.arrays;
        if arrays.len() != 2 * count + usize::from(grown.bias) {
            return Err(super::joined::unlike(arrays, "outputs and weights below a layer"));
        }
        let inputs = beside(Axis(1), &arrays[..count], "outputs of the layers below")?;
        let old = beside(Axis(1), &arrays[count..2 * count], "incoming weights")?;
        let biases = arrays.get(2 * count).map(|b| b.mapv(f64::from));
        let new = self.orthogonal(&inputs, (&old, biases.as_ref()), units, view.seed);
        Ok(Answer::Is(silent(view, &below, &new)))
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
    NorthPre,
    "north-pre",
    summary = "Newborn units have summed inputs orthogonal to those of the layer's units.",
    citation = "Maile et al. 2022, arXiv:2202.08539",
    source = include_str!("north_pre.rs"),
);

#[cfg(test)]
mod tests;
