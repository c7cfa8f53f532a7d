//! Measurements around a layer whose units are split: their inputs, their summed inputs, and what the loss asks of their outputs.

use super::joined::unlike;
use super::surroundings::{Surroundings, beside, mean_norm};
use super::{Start, surroundings};
use crate::parts::Question;
use crate::strategy::{StrategyError, View};
use dentate_core::{Layer, Measured, Objective, Parameter, Request, UnitId};
use ndarray::{Array2, Axis, concatenate, s};
use std::collections::BTreeMap;

/// The neighbourhood of a layer over the same rows.
pub(super) struct Neighbourhood {
    /// Outputs of the layers below, and a 1 for the bias if the layer has one, `[rows, inputs]`.
    pub(super) inputs: Array2<f64>,
    /// Summed inputs of the layer's units `[rows, units]`.
    pub(super) sums: Array2<f64>,
    /// Errors at the summed inputs above, as they enter the mean `[rows, targets]`.
    pub(super) errors: Array2<f64>,
    /// The gradient of the mean loss by the units' outputs `[rows, units]`.
    pub(super) slopes: Array2<f64>,
    /// Number of inputs without that of the bias.
    pub(super) sources: usize,
    /// Mean norm of the units' incoming weights, without biases.
    pub(super) incoming: f64,
    /// That of their outgoing weights.
    pub(super) outgoing: f64,
}

impl Neighbourhood {
    /// The measurements that it takes.
    pub(super) fn ask(layer: &Layer, around: &Surroundings, rows: u32) -> Question {
        let bias = layer.bias.then_some(Parameter::Bias(layer.id));
        let requests = vec![
            Request::Activations(around.below.iter().map(|c| c.from).collect()),
            Request::Gradients(Objective::default(), around.above.iter().map(|c| c.to).collect()),
            Request::Parameters(around.weights().into_iter().chain(bias).collect()),
        ];
        Question::together(requests, rows)
    }

    pub(super) fn of(
        layer: &Layer,
        around: &Surroundings,
        measured: &Measured,
    ) -> Result<Self, StrategyError> {
        let (below, above) = (around.below.len(), around.above.len());
        let arrays = &measured.arrays;
        if arrays.len() != 2 * (below + above) + usize::from(layer.bias) {
            return Err(unlike(arrays, "outputs, errors and weights around a layer"));
        }
        let (outputs, rest) = arrays.split_at(below);
        let (errors, rest) = rest.split_at(above);
        let (into, rest) = rest.split_at(below);
        let (out, bias) = rest.split_at(above);
        let inputs = beside(Axis(1), outputs, "outputs below")?;
        let errors = beside(Axis(1), errors, "errors above")?;
        let (into, out) = (
            beside(Axis(1), into, "incoming weights")?,
            beside(Axis(0), out, "outgoing weights")?,
        );
        let mut sums = inputs.dot(&into.t());
        let sources = inputs.ncols();
        let inputs = match bias.first() {
            Some(bias) => {
                sums += &bias.mapv(f64::from);
                let one = Array2::ones((inputs.nrows(), 1));
                let both = concatenate(Axis(1), &[inputs.view(), one.view()]);
                both.map_err(|_| unlike(arrays, "outputs below"))?
            }
            None => inputs,
        };
        Ok(Self {
            slopes: errors.dot(&out),
            incoming: mean_norm(Axis(0), &into),
            outgoing: mean_norm(Axis(1), &out),
            inputs,
            sums,
            errors,
            sources,
        })
    }
}

/// The units whose incoming weights and biases may change: those that are not frozen.
pub(super) fn movable(view: &View<'_>, layer: &Layer, around: &Surroundings) -> Vec<UnitId> {
    let frozen = layer.lr_scale == 0.0 || around.below.iter().any(|c| c.lr_scale == 0.0);
    let outgoing = view.graph.out_of(layer.id).any(|c| c.lr_scale == 0.0);
    let units = layer.units.iter().filter(|u| u.incoming_lr_scale != 0.0);
    if frozen || outgoing {
        Vec::new()
    } else {
        units.map(|u| u.id).collect()
    }
}

/// Splits of these units along directions `[splits, inputs]`.
pub(super) fn splits(
    view: &View<'_>,
    layer: &Layer,
    around: &Surroundings,
    of: Vec<UnitId>,
    along: &Array2<f64>,
) -> Start {
    let single = along.mapv(|v| v as f32);
    let bias = match layer.bias {
        true => single.columns().into_iter().next_back().map(|c| c.to_vec()),
        false => None,
    };
    if of.is_empty() {
        return Start::Splits {
            of,
            by: BTreeMap::new(),
            bias: Vec::new(),
        };
    }
    let sources = single.ncols() - usize::from(layer.bias);
    let weights = single.slice(s![.., ..sources]).to_owned();
    let by = surroundings::incoming(view, &around.below, &weights).given;
    let bias = bias.unwrap_or_default();
    Start::Splits { of, by, bias }
}
