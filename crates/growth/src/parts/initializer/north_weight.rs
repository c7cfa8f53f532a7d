//! NORTH-Weight: new units whose incoming weights are orthogonal to those of the layer's units and to each other.
//!
//! Maile, K. et al. (2022). When, where, and how to add new neurons to ANNs. arXiv:2202.08539: the initialiser *weight* of
//! NORTH*. With Q an orthonormal basis of the incoming weights `[inputs, units]` of the layer's units and of the new ones so far, and
//! ‖w_in‖ the mean norm of those of the layer's units,
//!
//! ```text
//! w = ‖w_in‖ · (z − Q Qᵀ z) / ‖z − Q Qᵀ z‖,   z ~ N(0, I),   w_out = 0.
//! ```
//!
//! It has no settings, looks at no rows, and costs `inputs · units` multiply-adds for each new unit and each old one.
//!
//! **Preserves** the function exactly. **Departures.** Where the existing weights span all inputs already, nothing is orthogonal to
//! them, and z itself is taken.

use super::span::Span;
use super::surroundings::{beside, direction, mean_norm, norm, plain, silent};
use crate::parts::{Answer, Answered, Initializer, Part, Question, Start};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::{Connection, LayerId, Parameter, Request, Seed, Unsuited};
use ndarray::{Array2, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the initializer; it has no settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NorthWeight {}

impl Part for NorthWeight {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        let Some(graph) = run.graph else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            plain(graph, layer, "north-weight")
                .map_err(|reason| Unsuited::new("name", "north-weight", reason))?;
        }
        Ok(())
    }
}

/// A share of a random direction outside of a span below which it counts as inside.
const OUTSIDE: f64 = 1e-6;

/// Incoming weights `[units, inputs]` beside the existing ones.
fn orthogonal(old: &Array2<f64>, units: usize, seed: Seed) -> Array2<f32> {
    let (mut span, size) = (Span::of_columns(old.t()), mean_norm(Axis(0), old));
    let mut random = seed.derive("north-weight").random();
    let mut new = Array2::zeros((units, old.ncols()));
    for mut row in new.rows_mut() {
        let drawn = direction(old.ncols(), 1.0, &mut random);
        let left = span.outside(&drawn);
        let share = norm(left.view());
        let weights = if share > OUTSIDE { left / share } else { drawn };
        span.take(&weights);
        row.assign(&weights.mapv(|w| (w * size) as f32));
    }
    new
}

impl Initializer for NorthWeight {
    fn initialize(&self, _: &mut (), view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        let below: Vec<Connection> = view.graph.into_layer(layer).cloned().collect();
        let grown = view.graph.layer(layer).filter(|_| !below.is_empty());
        let grown = grown.ok_or_else(|| StrategyError::Missing(format!("{layer} with layers below")))?;
        plain(view.graph, grown, "north-weight").map_err(StrategyError::Unsuited)?;
        let Some(measured) = view.measured else {
            let weights = below.iter().map(|c| Parameter::Weight(c.id)).collect();
            return Ok(Answer::Ask(Question::new(Request::Parameters(weights), 0)));
        };
        let old = beside(Axis(1), &measured.arrays, "incoming weights")?;
        let new = orthogonal(&old, units, view.seed);
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
    NorthWeight,
    "north-weight",
    summary = "Newborn units have incoming weights orthogonal to those of the layer's units.",
    citation = "Maile et al. 2022, arXiv:2202.08539",
    source = include_str!("north_weight.rs"),
);

#[cfg(test)]
mod tests;
