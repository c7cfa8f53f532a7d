//! The connections around a layer whose new units get computed weights, and quantities measured there.

use super::Start;
use super::joined::joined;
use crate::parts::answering;
use crate::strategy::{StrategyError, View};
use dentate_core::{
    Connection, Gain, Graph, Grid, Init, Layer, LayerId, Link, NewWeights, Normalisation, Parameter, Role,
};
use ndarray::{Array1, Array2, ArrayView1, Axis, s};
use rand_distr::{Distribution, StandardNormal};

/// Checks that a layer is a plain row of units, joined to its neighbours by dense connections without gains; the error states why not. `name` is that of the
/// initializer.
pub(super) fn plain(graph: &Graph, layer: &Layer, name: &str) -> Result<(), String> {
    let around = |c: &&Connection| c.from == layer.id || c.to == layer.id;
    let beside = graph.connections().filter(around);
    let dense = |c: &Connection| c.link == Link::Dense && c.gain == Gain::None;
    if layer.grid != Grid::POINT || !beside.into_iter().all(dense) {
        let layer = &layer.name;
        return Err(format!(
            "{name} starts units of plain layers without gains, and {layer} is not one"
        ));
    }
    Ok(())
}

/// Checks that a layer is not normalised: its units' outputs would depend on each other. The error states why not.
pub(super) fn unnormalised(layer: &Layer, name: &str) -> Result<(), String> {
    match layer.normalisation {
        Normalisation::None => Ok(()),
        _ => Err(format!(
            "{name} computes what a unit adds from its own weights, and {} is normalised over others",
            layer.name
        )),
    }
}

/// Connections into a layer, and out of it to the layers and heads that the experience trains.
pub(super) struct Surroundings {
    pub(super) below: Vec<Connection>,
    pub(super) above: Vec<Connection>,
}

impl Surroundings {
    pub(super) fn of(view: &View<'_>, layer: LayerId) -> Result<Self, StrategyError> {
        let below: Vec<Connection> = view.graph.into_layer(layer).cloned().collect();
        if below.is_empty() {
            return Err(StrategyError::Missing(format!("{layer} with layers below")));
        }
        let above = upward(view, layer);
        Ok(Self { below, above })
    }

    /// The weights of the connections below, then of those above.
    pub(super) fn weights(&self) -> Vec<Parameter> {
        let all = self.below.iter().chain(&self.above);
        all.map(|c| Parameter::Weight(c.id)).collect()
    }
}

/// The connections out of a layer to the layers and heads that the experience trains.
pub(super) fn upward(view: &View<'_>, layer: LayerId) -> Vec<Connection> {
    let heads = answering(view);
    let role = |id| view.graph.layer(id).map(|l| &l.role);
    let used = |c: &&Connection| matches!(role(c.to), Some(Role::Hidden)) || heads.contains(&c.to);
    view.graph.out_of(layer).filter(used).cloned().collect()
}

/// Incoming weights `[units, sources]`, the sources of all connections side by side, by connection.
pub(super) fn incoming(view: &View<'_>, below: &[Connection], all: &Array2<f32>) -> NewWeights {
    let mut weights = NewWeights::from(Init::Zero);
    let mut first = 0;
    for connection in below {
        let width = view.graph.layer(connection.from).map_or(0, Layer::features);
        let part = all.slice(s![.., first..first + width]).to_owned();
        weights.given.insert(connection.id, part);
        first += width;
    }
    weights
}

/// Outgoing weights `[targets, units]`, the targets of all connections one below the other, by connection.
pub(super) fn outgoing(view: &View<'_>, above: &[Connection], all: &Array2<f32>) -> NewWeights {
    let mut weights = NewWeights::from(Init::Zero);
    let mut first = 0;
    for connection in above {
        let width = view.graph.layer(connection.to).map_or(0, Layer::width);
        let part = all.slice(s![first..first + width, ..]).to_owned();
        weights.given.insert(connection.id, part);
        first += width;
    }
    weights
}

/// Arrays of several connections beside each other, in double precision.
pub(super) fn beside(
    axis: Axis,
    arrays: &[Array2<f32>],
    what: &'static str,
) -> Result<Array2<f64>, StrategyError> {
    Ok(joined(axis, arrays, what)?.mapv(f64::from))
}

/// New units with these incoming weights `[units, sources]` and no outgoing ones; with the network's own initialisation where any is
/// not finite, as when weights are beyond single precision.
pub(super) fn silent(view: &View<'_>, below: &[Connection], all: &Array2<f32>) -> Start {
    let incoming = if all.iter().all(|w| w.is_finite()) {
        incoming(view, below, all)
    } else {
        view.init.into()
    };
    Start::Fresh {
        incoming,
        outgoing: Init::Zero.into(),
        bias: 0.0,
    }
}

/// The mean norm of vectors that lie along `axis`; 1 where there are none or all are 0.
pub(super) fn mean_norm(axis: Axis, vectors: &Array2<f64>) -> f64 {
    let norms = vectors.axis_iter(axis).map(|v| norm(v));
    let mean = norms.sum::<f64>() / vectors.len_of(axis).max(1) as f64;
    if mean > 0.0 { mean } else { 1.0 }
}

pub(super) fn norm(vector: ArrayView1<'_, f64>) -> f64 {
    vector.dot(&vector).sqrt()
}

/// A random direction, of this norm.
pub(super) fn direction(length: usize, size: f64, random: &mut dentate_core::Random) -> Array1<f64> {
    let normal = Array1::from_shape_simple_fn(length, || -> f64 { StandardNormal.sample(random) });
    let norm = norm(normal.view()).max(f64::MIN_POSITIVE);
    normal * (size / norm)
}
