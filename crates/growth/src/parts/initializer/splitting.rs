//! Splitting steepest descent: units that are saddles are split in two along the direction in which the loss falls fastest.
//!
//! Liu, Q., Wu, L. & Wang, D. (2019). Splitting steepest descent for growing neural architectures. NeurIPS 32, arXiv:1910.02366. With x̃
//! the inputs of unit i with a 1 for the bias, z_i its summed input, h_i = f(z_i) its output and ℓ the mean loss, the splitting matrix is
//!
//! ```text
//! S_i = Σ_r ∂ℓ/∂h_ri · f″(z_ri) · x̃_r x̃_rᵀ.
//! ```
//!
//! A unit with weights θ gives way to two with θ + εv and θ − εv and half of its outgoing weights each, v being the eigenvector of the
//! smallest eigenvalue λ of S_i. This changes the loss by `ε² λ / 2` to leading order. Of the layer's units those with the most negative λ are split,
//! and none where λ is not negative.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `step` | ε relative to the mean norm of the units' incoming weights, dimensionless | 0.1 |
//! | `steps` | steps of the Lanczos iteration for λ and v | 16 |
//! | `rows` | rows of the experience that splitting matrices are computed on | 256 |
//!
//! **Preserves** nothing exactly: the function changes by terms of ε². **Cost** of a growth in multiply-adds, for r rows, d inputs and m units: `2 · steps · r · d · m`, and a pass forward
//! and backward. It needs rows that can be revisited, and an activation that is smooth: of a rectifier S_i is 0 almost everywhere, and it is
//! refused.
//!
//! **Departures.** Weights of the original are moved by a plan, at once with the split. A unit is split once in a growth. The smallest eigenvalue is that of
//! the Krylov space of `steps` vectors, without forming S_i. Frozen units are not split.

use super::activations::curvature;
use super::neighbourhood::{Neighbourhood, movable, splits};
use super::surroundings::{Surroundings, direction, norm, plain, unnormalised};
use crate::parts::{Answer, Answered, Initializer, Part, Start};
use crate::prospect::Prospect;
use crate::strategy::{StrategyError, View};
use dentate_core::spectrum::smallest_eigenpair;
use dentate_core::{Activation, Graph, Layer, LayerId, Seed, UnitId, Unsuited};
use ndarray::{Array1, Array2};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of splitting; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Splitting {
    /// ε relative to the mean norm of the units' incoming weights.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub step: f64,
    /// Steps of the Lanczos iteration.
    #[schemars(range(min = 1, max = 1000))]
    pub steps: usize,
    /// Rows of the experience that splitting matrices are computed on.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for Splitting {
    fn default() -> Self {
        Self {
            step: 0.1,
            steps: 16,
            rows: 256,
        }
    }
}

/// Checks that a layer's units can be split; the error states why not.
fn fits(graph: &Graph, layer: &Layer) -> Result<(), String> {
    plain(graph, layer, "splitting")?;
    unnormalised(layer, "splitting")?;
    if matches!(
        layer.activation,
        Activation::Identity | Activation::Relu | Activation::ReluLiveAtZero | Activation::LeakyRelu
    ) {
        return Err(
            "splitting follows the curvature of units, and an activation made of straight lines has none; set `activation = \
             \"softplus\"` or `\"tanh\"`"
                .into(),
        );
    }
    Ok(())
}

impl Part for Splitting {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "take `net2net-wider`, which looks at none")?;
        let Some(graph) = run.headed else { return Ok(()) };
        for layer in run.places.iter().filter_map(|&id| graph.layer(id)) {
            fits(graph, layer).map_err(|reason| Unsuited::new("name", "splitting", reason))?;
        }
        Ok(())
    }
}

/// A unit's smallest eigenvalue and its eigenvector.
struct Saddle {
    position: usize,
    eigenvalue: f64,
    direction: Array1<f64>,
}

impl Splitting {
    /// The smallest eigenpair of each of these units' splitting matrices; S v is computed as X̃ᵀ(c ⊙ X̃ v).
    fn saddles(
        &self,
        of: &Neighbourhood,
        activation: Activation,
        positions: &[usize],
        seed: Seed,
    ) -> Vec<Saddle> {
        let mut random = seed.derive("splitting").random();
        let saddle = |&position: &usize| {
            let bends = of.sums.column(position).mapv(|z| curvature(activation, z));
            let weights = &of.slopes.column(position) * &bends;
            let times = |v: &Array1<f64>| of.inputs.t().dot(&(of.inputs.dot(v) * &weights));
            let start = direction(of.inputs.ncols(), 1.0, &mut random);
            let (eigenvalue, direction) = smallest_eigenpair(times, start, self.steps);
            Saddle {
                position,
                eigenvalue,
                direction,
            }
        };
        positions.iter().map(saddle).collect()
    }

    /// The units to split, most negative first, with the moves of their copies `[splits, inputs]`.
    fn chosen(
        &self,
        of: &Neighbourhood,
        activation: Activation,
        (units, positions): (usize, &[usize]),
        seed: Seed,
    ) -> (Vec<usize>, Array2<f64>) {
        let mut saddles = self.saddles(of, activation, positions, seed);
        saddles.retain(|saddle| saddle.eigenvalue < 0.0 && norm(saddle.direction.view()).is_finite());
        saddles.sort_by(|a, b| a.eigenvalue.total_cmp(&b.eigenvalue));
        saddles.truncate(units);
        let mut along = Array2::zeros((saddles.len(), of.inputs.ncols()));
        for (mut row, saddle) in along.rows_mut().into_iter().zip(&saddles) {
            row.assign(&(&saddle.direction * (self.step * of.incoming)));
        }
        (saddles.into_iter().map(|saddle| saddle.position).collect(), along)
    }
}

/// The positions of these units in their layer.
pub(super) fn positions(layer: &Layer, units: &[UnitId]) -> Vec<usize> {
    units.iter().filter_map(|&unit| layer.position(unit)).collect()
}

impl Initializer for Splitting {
    fn initialize(&self, _: &mut (), view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        let around = Surroundings::of(view, layer)?;
        let grown = view.graph.layer(layer);
        let grown = grown.ok_or_else(|| StrategyError::Missing(format!("{layer}")))?;
        fits(view.graph, grown).map_err(StrategyError::Unsuited)?;
        let none = Array2::zeros((0, 0));
        if around.above.is_empty() {
            // Nothing above it is trained yet: no unit is asked to change.
            return Ok(Answer::Is(splits(view, grown, &around, Vec::new(), &none)));
        }
        let Some(measured) = view.measured else {
            return Ok(Answer::Ask(Neighbourhood::ask(grown, &around, self.rows)));
        };
        let of = Neighbourhood::of(grown, &around, measured)?;
        let able = positions(grown, &movable(view, grown, &around));
        let (chosen, along) = self.chosen(&of, grown.activation, (units, &able), view.seed);
        let fine = along.iter().all(|v| (*v as f32).is_finite());
        let chosen = if fine { chosen } else { Vec::new() };
        let ids = chosen.iter().map(|&i| grown.units[i].id).collect::<Vec<_>>();
        let along = if ids.is_empty() { none } else { along };
        Ok(Answer::Is(splits(view, grown, &around, ids, &along)))
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
    Splitting,
    "splitting",
    summary = "Units that are saddles split in two along the direction in which the loss falls fastest.",
    citation = "Liu et al. 2019, arXiv:1910.02366",
    source = include_str!("splitting.rs"),
);

#[cfg(test)]
mod tests;
