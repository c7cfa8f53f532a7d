//! The natural-gradient score of a network, and what a proposed growth adds to it.
//!
//! Mitchell, R. et al. (2023). Self expanding neural networks. arXiv:2307.04526. With g the gradient of the loss over n rows and F the Fisher
//! matrix, `η = gᵀ F⁻¹ g`. Here F is the empirical one and damped, `F = (1/n) Σ_p g_p g_pᵀ + λ I`, so that by the identity of Woodbury
//!
//! ```text
//! η = (1/n) 1ᵀ K (K + n λ I)⁻¹ 1 = 1 − λ 1ᵀ u,   u = (K + n λ I)⁻¹ 1,   K_pq = g_p · g_q
//! ```
//!
//! exactly, with a matrix as large as the rows and not as the parameters. η is in [0, 1): the share of a constant 1 that a regression on the rows'
//! gradients explains. For a layer with the inputs a (with a 1 for its bias) and the gradients δ at its sums, `K = Σ_layers (A Aᵀ) ∘ (Δ Δᵀ)`.
//!
//! New parameters add to K: the outgoing weights of a unit with outputs h, `(h hᵀ) ∘ (Δ Δᵀ)` with Δ the gradients above; those of an identity
//! layer behind a layer that passes its outputs on unchanged, `(1 + H Hᵀ) ∘ (Δ Δᵀ)` with H that layer's outputs and Δ its own gradients.

use super::initializer::activation_value;
use super::{Question, answering};
use crate::strategy::{StrategyError, View};
use dentate_core::{
    Activation, Connection, Gain, Graph, Grid, Layer, LayerId, Link, Measured, Normalisation, Objective,
    Request, Seed, solve_positive,
};
use ndarray::{Array1, Array2, ArrayView1, Axis, concatenate};
use std::collections::BTreeMap;

/// The score of a network on some rows.
#[derive(Clone, Debug)]
pub(crate) struct Score {
    /// Inner products of the rows' gradients.
    kernel: Array2<f64>,
    /// n λ.
    damping: f64,
    /// (K + n λ I)⁻¹ 1.
    solved: Array1<f64>,
    /// η.
    pub(crate) value: f64,
}

impl Score {
    /// The score for these inner products. `damping` is n λ relative to their mean diagonal.
    pub(crate) fn new(kernel: Array2<f64>, damping: f64) -> Self {
        let mean = kernel.diag().sum() / kernel.nrows().max(1) as f64;
        Self::damped(kernel, (damping * mean).max(f64::MIN_POSITIVE))
    }

    fn damped(kernel: Array2<f64>, damping: f64) -> Self {
        let n = kernel.nrows();
        let mut matrix = kernel.clone();
        matrix.diag_mut().mapv_inplace(|v| v + damping);
        let solved = solve_positive(&matrix, Array2::ones((n, 1)).view()).index_axis_move(Axis(1), 0);
        let value = 1.0 - damping * solved.sum() / n.max(1) as f64;
        Self {
            kernel,
            damping,
            solved,
            value,
        }
    }

    /// The score with these inner products of further parameters' gradients, under the same damping.
    pub(crate) fn with(&self, added: &Array2<f64>) -> Self {
        Self::damped(&self.kernel + added, self.damping)
    }

    /// The gains of the score, to first order, by units with these outputs `[rows, units]` below sums with these gradients.
    pub(crate) fn gains(&self, outputs: &Array2<f64>, above: &Array2<f64>) -> Vec<f64> {
        let weighted = outputs * &self.solved.view().insert_axis(Axis(1));
        let along = weighted.t().dot(above);
        let scale = self.damping / outputs.nrows().max(1) as f64;
        along
            .rows()
            .into_iter()
            .map(|row| scale * row.dot(&row))
            .collect()
    }
}

/// Inner products of the gradients of the weights from `inputs` to sums with gradients `deltas`.
pub(crate) fn kernel(inputs: &Array2<f64>, deltas: &Array2<f64>) -> Array2<f64> {
    inputs.dot(&inputs.t()) * deltas.dot(&deltas.t())
}

/// Inner products of the gradients of a new unit's outgoing weights, for those of the gradients above it.
fn unit_kernel(outputs: ArrayView1<'_, f64>, together: &Array2<f64>) -> Array2<f64> {
    let column = outputs.insert_axis(Axis(1));
    column.dot(&column.t()) * together
}

/// Returns whether a layer, and a connection, can be scored: gradients of their parameters are products of what enters and what comes back.
fn plain(layer: &Layer) -> bool {
    layer.grid == Grid::POINT && matches!(layer.normalisation, Normalisation::None)
}

/// The layers of a network with parameters that the experience trains, and where their inputs come from.
#[derive(Clone, Debug)]
pub(crate) struct Measurements {
    /// Outputs of layers, without a 1.
    pub(crate) outputs: BTreeMap<LayerId, Array2<f64>>,
    /// Gradients at the summed inputs of layers, of a row's loss.
    pub(crate) deltas: BTreeMap<LayerId, Array2<f64>>,
}

/// The layers that the experience trains, in order: hidden ones and its heads.
fn trained(view: &View<'_>) -> Vec<LayerId> {
    let heads = answering(view);
    view.graph.hidden().map(|l| l.id).chain(heads).collect()
}

/// The layers whose outputs are needed: all that a trained one gets inputs from.
fn sources(view: &View<'_>) -> Vec<LayerId> {
    let trained = trained(view);
    let feeds = |l: &&Layer| view.graph.out_of(l.id).any(|c| trained.contains(&c.to));
    view.graph.layers().filter(feeds).map(|l| l.id).collect()
}

impl Measurements {
    /// The requests for what a score is computed from.
    pub(crate) fn requests(view: &View<'_>) -> Vec<Request> {
        vec![
            Request::Activations(sources(view)),
            Request::Gradients(Objective::default(), trained(view)),
        ]
    }

    /// The question that asks for it, on at most `rows` rows.
    pub(crate) fn question(view: &View<'_>, rows: u32) -> Question {
        Question::together(Self::requests(view), rows)
    }

    /// Reads the answer to these requests.
    pub(crate) fn of(view: &View<'_>, measured: &Measured) -> Result<Self, StrategyError> {
        let (sources, trained) = (sources(view), trained(view));
        let arrays = &measured.arrays;
        let rows = arrays.first().map_or(0, Array2::nrows);
        if arrays.len() != sources.len() + trained.len() || arrays.iter().any(|a| a.nrows() != rows) {
            let shapes = arrays.iter().map(Array2::dim).collect();
            let what = "outputs and gradients of the layers";
            return Err(StrategyError::Unlike { what, shapes });
        }
        let (outputs, deltas) = arrays.split_at(sources.len());
        // Gradients enter a mean over rows.
        let scale = rows as f64;
        let deltas = deltas.iter().map(|d| d.mapv(|v| f64::from(v) * scale));
        Ok(Self {
            outputs: sources
                .into_iter()
                .zip(outputs.iter().map(|o| o.mapv(f64::from)))
                .collect(),
            deltas: trained.into_iter().zip(deltas).collect(),
        })
    }

    /// Inner products of the gradients of all parameters that can be scored.
    pub(crate) fn kernel(&self, graph: &Graph) -> Option<Array2<f64>> {
        let mut sum: Option<Array2<f64>> = None;
        for (id, deltas) in &self.deltas {
            let Some(layer) = graph.layer(*id).filter(|l| plain(l)) else {
                continue;
            };
            let inputs = self.inputs(graph, layer)?;
            let own = kernel(&inputs, deltas);
            sum = Some(match sum {
                Some(sum) => sum + own,
                None => own,
            });
        }
        sum
    }

    /// The values that enter a layer's sums, side by side, and a 1 for its bias.
    fn inputs(&self, graph: &Graph, layer: &Layer) -> Option<Array2<f64>> {
        let sources = self.sources(graph, layer)?;
        let one = Array2::ones((sources.nrows(), usize::from(layer.bias)));
        concatenate(Axis(1), &[sources.view(), one.view()]).ok()
    }

    /// The values that enter a layer's sums, side by side.
    fn sources(&self, graph: &Graph, layer: &Layer) -> Option<Array2<f64>> {
        let rows = self.deltas.values().next()?.nrows();
        let mut all = Array2::zeros((rows, 0));
        for connection in graph.into_layer(layer.id).filter(|c| c.link == Link::Dense) {
            let outputs = self.outputs.get(&connection.from)?;
            all = concatenate(Axis(1), &[all.view(), outputs.view()]).ok()?;
        }
        Some(all)
    }

    /// The gradients at all trained sums that a layer feeds, side by side.
    pub(crate) fn above(&self, graph: &Graph, layer: LayerId) -> Option<Array2<f64>> {
        let of = |c: &Connection| self.deltas.get(&c.to);
        let all: Vec<_> = graph.out_of(layer).filter_map(of).map(|d| d.view()).collect();
        if all.is_empty() {
            return None;
        }
        concatenate(Axis(1), &all).ok()
    }
}

/// The layers that a unit can be added to: plain rows of units between dense connections without gains, below `most` units.
pub(crate) fn widenable(graph: &Graph, most: usize) -> impl Iterator<Item = &Layer> {
    let dense = |c: &Connection| c.link == Link::Dense && c.gain == Gain::None;
    graph.hidden().filter(move |layer| {
        let mut around = graph.into_layer(layer.id).chain(graph.out_of(layer.id));
        plain(layer) && around.all(dense) && layer.width() < most && graph.resizable(layer.id)
    })
}

/// The connections that an identity layer can be inserted into without a change of the function: the only one out of a plain layer whose activation
/// leaves its own outputs as they are.
pub(crate) fn deepenable(graph: &Graph) -> impl Iterator<Item = (&Layer, &Connection)> {
    let passes = |layer: &&Layer| {
        let active = matches!(
            layer.activation,
            Activation::Identity | Activation::Relu | Activation::ReluLiveAtZero
        );
        plain(layer) && active
    };
    graph.hidden().filter(passes).filter_map(|layer| {
        let mut out = graph.out_of(layer.id);
        let only = out.next().filter(|c| c.link == Link::Dense)?;
        out.next().is_none().then_some((layer, only))
    })
}

/// A new unit that was thought of.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Incoming weights, the sources of all connections side by side, without a bias.
    pub(crate) incoming: Array1<f64>,
    /// Inner products of the gradients of its outgoing weights.
    pub(crate) kernel: Array2<f64>,
}

/// A layer that units can be added to, with what surrounds it on the rows.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    layer: &'a Layer,
    /// The values that enter its sums, side by side.
    inputs: Array2<f64>,
    /// The gradients at the sums that it feeds, side by side.
    above: Array2<f64>,
    /// Their inner products between rows.
    together: Array2<f64>,
}

impl<'a> Site<'a> {
    /// `None` where nothing above the layer is trained.
    pub(crate) fn of(view: &View<'a>, of: &Measurements, layer: &'a Layer) -> Option<Self> {
        let above = of.above(view.graph, layer.id)?;
        Some(Self {
            layer,
            inputs: of.sources(view.graph, layer)?,
            together: above.dot(&above.t()),
            above,
        })
    }
}

/// The unit that raises the score most, to first order, of so many with random incoming weights at each site.
pub(crate) fn best_unit(
    view: &View<'_>,
    sites: &[Site<'_>],
    now: &Score,
    candidates: usize,
    seed: Seed,
) -> Option<Unit> {
    let mut best: Option<(f64, Unit)> = None;
    for site in sites {
        let fan_in = site.inputs.ncols();
        let mut random = seed.derive(&site.layer.name).random();
        let drawn = view
            .init
            .draw((candidates, fan_in), 1, fan_in, &mut random)
            .mapv(f64::from);
        let sums = site.inputs.dot(&drawn.t());
        let outputs = sums.mapv_into(|z| activation_value(site.layer.activation, z));
        let gains = now.gains(&outputs, &site.above);
        let finite = gains
            .iter()
            .map(|gain| if gain.is_finite() { *gain } else { f64::NAN });
        let Some(first) = crate::parts::largest(finite) else {
            continue;
        };
        let (gain, incoming) = (gains[first], drawn.row(first).to_owned());
        if best.as_ref().is_none_or(|(most, _)| gain > *most) {
            let kernel = unit_kernel(outputs.column(first), &site.together);
            best = Some((gain, Unit { incoming, kernel }));
        }
    }
    best.map(|(_, unit)| unit)
}

#[cfg(test)]
mod tests;
