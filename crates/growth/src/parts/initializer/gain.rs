//! The fall of the loss that the best new units of each hidden layer promise, to first order.

use super::surroundings::{Surroundings, beside, plain};
use super::tiny::gain_of;
use crate::parts::Question;
use crate::strategy::{StrategyError, View};
use dentate_core::{Graph, Layer, LayerId, Measured, Objective, Request, Seed};
use ndarray::Axis;

/// Inputs of a gain other than measurements.
pub(crate) struct Gain {
    /// Number of new units.
    pub(crate) units: usize,
    /// Regularisation of least-squares problems.
    pub(crate) ridge: f64,
    pub(crate) seed: Seed,
}

/// The layers whose gains are sought.
pub(crate) struct Sought(Vec<(LayerId, Surroundings)>);

impl Sought {
    /// The hidden layers that are plain rows of units, below something that is trained.
    pub(crate) fn of(view: &View<'_>) -> Self {
        let able = view.graph.hidden().filter(|l| Self::able(view.graph, l));
        let around = able.filter_map(|l| Some((l.id, Surroundings::of(view, l.id).ok()?)));
        Self(around.filter(|(_, around)| !around.above.is_empty()).collect())
    }

    pub(crate) fn able(graph: &Graph, layer: &Layer) -> bool {
        plain(graph, layer, "").is_ok() && graph.resizable(layer.id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn layer(&self, index: usize) -> Option<LayerId> {
        self.0.get(index).map(|(layer, _)| *layer)
    }

    /// The measurements, layer by layer: outputs of the layer and of those below, errors above.
    pub(crate) fn ask(&self, rows: u32) -> Question {
        let of = |(layer, around): &(LayerId, Surroundings)| {
            let below = around.below.iter().map(|c| c.from);
            let above = around.above.iter().map(|c| c.to);
            [
                Request::Activations(std::iter::once(*layer).chain(below).collect()),
                Request::Gradients(Objective::default(), above.collect()),
            ]
        };
        Question::together(self.0.iter().flat_map(of).collect(), rows)
    }

    /// The gain of each layer.
    pub(crate) fn gains(&self, measured: &Measured, by: &Gain) -> Result<Vec<f64>, StrategyError> {
        let mut arrays = &measured.arrays[..];
        let mut gains = Vec::with_capacity(self.0.len());
        for (_, around) in &self.0 {
            let (below, above) = (around.below.len(), around.above.len());
            let Some((own, rest)) = arrays.split_at_checked(1 + below + above) else {
                return Err(super::joined::unlike(arrays, "outputs and errors around layers"));
            };
            arrays = rest;
            let inputs = beside(Axis(1), &own[1..=below], "outputs below")?;
            let errors = beside(Axis(1), &own[1 + below..], "errors above")?;
            let rows = errors.nrows() as f64;
            let (outputs, desired) = (own[0].mapv(f64::from), errors * -rows);
            gains.push(gain_of(inputs, outputs, desired, (by.units, by.ridge), by.seed));
        }
        Ok(gains)
    }
}
